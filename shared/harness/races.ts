import type { Universe } from '../universe/universe.ts'
import type { Script } from './actor/script.ts'
import { operationName } from './facts.ts'
import type { Race } from './plan.ts'

/** How long a held call waits for another, ms of wall time. Only calls wait that had another at their heels before. */
const HOLD = 250

/** Sets the order in which calls and people get their turn: handlers are atomic, so nothing else can race. */
export function raceThrough(universe: Universe, script: Script, races: readonly Race[]): void {
  if (races.length === 0) return
  const count = counter()
  universe.gate = (twin, operation) => {
    const [call, nth] = count(twin, operation)
    const here = races.filter((race) => race.call === call && race.nth === nth)
    for (const { step } of here) if (step !== undefined) script.playNow(step)
    return here.some(({ step }) => step === undefined) ? nextCall(universe) : undefined
  }
}

/** Resolves after the next call of the universe was carried out, or when none comes. */
function nextCall(universe: Universe): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(limit)
      stop()
      resolve()
    }
    const limit = setTimeout(done, HOLD)
    const stop = universe.ledger.listen(({ kind }) => {
      if (kind === 'call') setImmediate(done) // after its reply
    })
  })
}

/** How long each call of one run waits to see which come together, ms of wall time: enough on a busy machine. */
const MOMENT = 25

/** Calls that another one could overtake, as `call#nth`: the system had sent it before this one was answered. */
export class Overlaps {
  readonly calls = new Set<string>()

  /** Lets every call wait a moment and sees whether others come meanwhile. */
  watch(universe: Universe): void {
    const count = counter()
    let arrived = 0
    universe.gate = (twin, operation) => {
      const [call, nth] = count(twin, operation)
      const mine = ++arrived
      return new Promise((resolve) =>
        setTimeout(() => {
          if (arrived > mine) this.calls.add(`${call}#${nth}`)
          resolve()
        }, MOMENT),
      )
    }
  }
}

/** Counts calls by operation: which this one is. */
function counter() {
  const seen = new Map<string, number>()
  return (twin: string, operation: string): readonly [call: string, nth: number] => {
    const call = operationName({ twin, operation })
    const nth = (seen.get(call) ?? 0) + 1
    seen.set(call, nth)
    return [call, nth]
  }
}
