import type { Twin } from '../../kernel/twin.ts'
import type { Multiverse } from '../../server/multiverse.ts'
import type { Universe } from '../../universe/universe.ts'
import { ScenarioError } from '../scenario.ts'

type Act = NonNullable<Twin['acts']>[string]

/** The twin, and its act, that `twin.action` names. */
export function actNamed(multiverse: Multiverse, name: string): { twin: Twin; action: string; run: Act } {
  const dot = name.indexOf('.')
  const { twin } = multiverse.app(name.slice(0, dot))
  const action = name.slice(dot + 1)
  const run = twin.acts?.[action]
  if (!run) throw new ScenarioError([`no act ${name}`])
  return { twin, action, run }
}

/** A person acts: it stands in the ledger. */
export function perform(multiverse: Multiverse, universe: Universe, name: string, input: unknown): unknown {
  const { twin, action, run } = actNamed(multiverse, name)
  return multiverse.act(universe, twin, action, (moment) => run(moment, input as never))
}
