import { describe, expect, it } from 'vitest'
import { Clock } from './clock.ts'
import { Random } from './random.ts'
import { Store } from './store.ts'
import { systemTables } from './system.ts'
import { Table } from './table.ts'
import { Universe } from './universe.ts'

const counters = (universe: Universe) => new Table(universe.store, systemTables.counters)

/** A commit as the kernel makes one: rows changed in a transaction, recorded in the ledger. */
function commit(universe: Universe, name: string, value: number): void {
  const random = universe.random.state
  const { changes } = universe.store.transaction(() => {
    universe.random.number()
    counters(universe).put({ name, value })
  })
  universe.ledger.append({
    at: universe.clock.tick(),
    kind: 'call',
    twin: 'test',
    operation: 'put',
    method: 'PUT',
    path: `/${name}`,
    request: undefined,
    status: 200,
    response: '',
    caller: undefined,
    changes,
    events: [],
    unmodelled: [],
    throttled: false,
    fault: undefined,
    crash: undefined,
    random,
  })
}

const world = () =>
  new Universe('w', new Store(), { clock: new Clock({ mode: 'stepped', at: 1000, step: 10 }) }).begin()

describe('Universe', () => {
  it('forks into a world of its own, chance and time included', () => {
    const parent = world()
    commit(parent, 'a', 1)
    const child = parent.fork('child')
    expect(child.random.number()).toBe(parent.random.number())
    commit(child, 'a', 2)
    commit(parent, 'b', 3)
    expect(counters(parent).get('a')?.value).toBe(1)
    expect(counters(child).get('a')?.value).toBe(2)
    expect(counters(child).has('b')).toBe(false)
    expect(child.clock.now()).toBe(1020)
  })

  it('returns to its beginning and to snapshots', () => {
    const universe = world()
    commit(universe, 'a', 1)
    universe.snapshot('one')
    const next = universe.random.number()
    commit(universe, 'a', 2)
    expect(universe.restore('one')).toBe(true)
    expect(counters(universe).get('a')?.value).toBe(1)
    expect(universe.random.number()).toBe(next)
    commit(universe, 'a', 3)
    expect(universe.restore('one')).toBe(true)
    expect(counters(universe).get('a')?.value).toBe(1)
    universe.reset()
    expect(universe.diff()).toEqual([])
    expect(universe.restore('none')).toBe(false)
  })

  it('travels back to just after any call the ledger still holds', () => {
    const universe = world()
    for (let i = 1; i <= 5; i++) commit(universe, 'a', i)
    for (let seq = 0; seq <= 5; seq++) {
      const past = universe.at(seq, `past-${seq}`)
      expect(counters(past).get('a')?.value).toBe(seq === 0 ? undefined : seq)
      const replayed = new Random(universe.seed)
      for (let i = 0; i < seq; i++) replayed.number()
      expect(past.random.number()).toBe(replayed.number())
    }
    expect(() => universe.at(6, 'future')).toThrow(RangeError)
  })

  it('cannot travel past what the ledger dropped', () => {
    const universe = new Universe('w', new Store(), { ledgerCapacity: 3 }).begin()
    for (let i = 1; i <= 10; i++) commit(universe, 'a', i)
    expect([...universe.ledger.entries()].map(({ seq }) => seq)).toEqual([8, 9, 10])
    expect(counters(universe.at(7, 'p')).get('a')?.value).toBe(7)
    expect(() => universe.at(6, 'q')).toThrow(/holds 8…10/)
  })

  it('opens its own credentials and literal ones, and none of another universe', () => {
    const a = world()
    const b = new Universe('other', new Store())
    const isTag = (tag: string) => tag === a.tag || tag === b.tag
    expect(a.open(a.seal('secret'), isTag)).toBe('secret')
    expect(b.open(a.seal('secret'), isTag)).toBeUndefined()
    expect(b.open('chosen-by-a-fixture', isTag)).toBe('chosen-by-a-fixture')
  })
})

describe('Random', () => {
  it('gives the same numbers for the same seed and spreads them', () => {
    const first = new Random(7)
    const second = new Random(7)
    const numbers = Array.from({ length: 1000 }, () => first.number())
    expect(Array.from({ length: 1000 }, () => second.number())).toEqual(numbers)
    const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length
    expect(mean).toBeGreaterThan(0.45)
    expect(mean).toBeLessThan(0.55)
    expect(new Random(8).number()).not.toBe(new Random(7).number())
    expect(first.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
