import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Store } from './store.ts'
import { defineTable, Table, UniqueViolation } from './table.ts'

interface Item {
  readonly id: string
  readonly label: string
  readonly group: string
  readonly rank: number
  readonly tags: readonly string[]
}

const items = defineTable<Item>()('test.items', {
  key: (item) => item.id,
  unique: { label: (item) => (item.label === '' ? undefined : item.label) },
  index: { group: (item) => [item.group, item.rank] },
  many: { tag: (item) => item.tags },
})

const tableOf = (store: Store) => new Table(store, items)

/** What a table should be: a map, cloned whole at each fork. */
type Model = Map<string, Item>

const item = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  label: fc.constantFrom('', 'x', 'y', 'z', 'w'),
  group: fc.constantFrom('g', 'g1', 'h'),
  rank: fc.nat(1000),
  tags: fc.uniqueArray(fc.constantFrom('p', 'q', 'r')),
})

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), item }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), id: fc.constantFrom('a', 'b', 'c', 'd') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fork' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail' as const), items: fc.array(item, { maxLength: 4 }) }) },
)

function expectSame(store: Store, model: Model): void {
  const table = tableOf(store)
  const sorted = [...model.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  expect(table.all()).toEqual(sorted)
  expect(table.size).toBe(model.size)
  const byGroup = sorted.toSorted((a, b) => (a.group === b.group ? a.rank - b.rank : a.group < b.group ? -1 : 1))
  expect([...table.scan('group')]).toEqual(byGroup)
  expect([...table.scan('group', { reverse: true })]).toEqual(byGroup.toReversed().sort(byGroupDescending))
  expect(table.where('group', 'g')).toEqual(byGroup.filter(({ group }) => group === 'g'))
  for (const label of ['x', 'y', 'z', 'w']) {
    expect(table.by('label', label)).toEqual(sorted.find((row) => row.label === label))
  }
  for (const tag of ['p', 'q', 'r']) {
    expect(table.where('tag', tag)).toEqual(sorted.filter((row) => row.tags.includes(tag)))
  }
}

const byGroupDescending = (a: Item, b: Item) =>
  a.group !== b.group ? (a.group < b.group ? 1 : -1) : a.rank !== b.rank ? b.rank - a.rank : a.id < b.id ? 1 : -1

describe('Store', () => {
  it('behaves as a plain map that is cloned at each fork', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(10), step), { maxLength: 60 }), (steps) => {
        const worlds: { store: Store; model: Model }[] = [{ store: new Store(), model: new Map() }]
        for (const [pick, action] of steps) {
          const world = worlds[pick % worlds.length] as (typeof worlds)[number]
          const { store, model } = world
          const put = (row: Item) => {
            const taken = row.label !== '' && [...model.values()].some((o) => o.label === row.label && o.id !== row.id)
            if (taken) expect(() => tableOf(store).put(row)).toThrow(UniqueViolation)
            else tableOf(store).put(row)
            return taken
          }
          if (action.do === 'put') {
            if (!put(structuredClone(action.item))) model.set(action.item.id, action.item)
          } else if (action.do === 'remove') {
            tableOf(store).remove(action.id)
            model.delete(action.id)
          } else if (action.do === 'fork') {
            worlds.push({ store: store.fork(), model: new Map(model) })
          } else {
            const failure = new Error('undo me')
            expect(() =>
              store.transaction(() => {
                for (const row of action.items) {
                  try {
                    tableOf(store).put(structuredClone(row))
                  } catch (error) {
                    if (!(error instanceof UniqueViolation)) throw error
                  }
                }
                tableOf(store).remove('a')
                throw failure
              }),
            ).toThrow(failure)
          }
        }
        for (const { store, model } of worlds) expectSame(store, model)
      }),
      { numRuns: 300 },
    )
  })

  it('reports exactly the rows that differ between two forks', () => {
    const base = new Store()
    for (let i = 0; i < 500; i++) tableOf(base).insert({ id: `i${i}`, label: '', group: 'g', rank: i, tags: [] })
    const fork = base.fork()
    tableOf(fork).patch('i7', { rank: 1000 })
    tableOf(fork).remove('i9')
    tableOf(fork).insert({ id: 'new', label: 'n', group: 'h', rank: 0, tags: ['p'] })
    const changes = fork.diff(base)
    expect(changes.map(({ id, before, after }) => [id, before !== undefined, after !== undefined]).sort()).toEqual([
      ['i7', true, true],
      ['i9', true, false],
      ['new', false, true],
    ])
    expect(base.diff(base.fork())).toEqual([])
    fork.revert(changes)
    expect(fork.diff(base)).toEqual([])
  })

  it('freezes rows, also those passed in by a handler', () => {
    const row = { id: 'a', label: '', group: 'g', rank: 1, tags: ['p'] }
    tableOf(new Store()).insert(row)
    expect(() => row.tags.push('q')).toThrow(TypeError)
  })

  it('walks ranges from cursors in both directions', () => {
    const table = tableOf(new Store())
    for (let i = 0; i < 30; i++)
      table.insert({ id: `i${String(i).padStart(2, '0')}`, label: '', group: 'g', rank: i, tags: [] })
    const ranks = (iterator: Iterable<Item>) => [...iterator].map(({ rank }) => rank)
    expect(ranks(table.scan('group', { prefix: 'g', after: ['g', 9, 'i09'] }).take(3))).toEqual([10, 11, 12])
    expect(ranks(table.scan('group', { prefix: 'g', before: ['g', 9], reverse: true }).take(3))).toEqual([8, 7, 6])
    expect(ranks(table.scan('group', { from: ['g', 28] }))).toEqual([28, 29])
    expect(ranks(table.rows({ after: 'i27' }))).toEqual([28, 29])
    expect(table.scan('group', { prefix: 'nothing' }).toArray()).toEqual([])
  })
})
