import { BTree, diffTrees } from './btree.ts'
import { encodeKey, indexEntry, type Key } from './key.ts'
import { definitions, type Row, type TableDefinition, type TableOptions, UniqueViolation } from './table.ts'

/** One row changed: `before` is absent for an insert, `after` for a removal. */
export interface Change {
  readonly table: string
  readonly id: string
  readonly before?: Row
  readonly after?: Row
}

interface TableState {
  /** The store that may change these trees in place; any other copies them first. */
  readonly owner: object
  readonly rows: BTree<string, Row>
  /** Index key → primary key, in the order of the definition's indexes. */
  readonly indexes: readonly BTree<string, string>[]
}

/** Compares keys as plain strings: sorted-btree's default comparison also handles mixed types and is slower. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const NOBODY = {}
const EMPTY: TableState = { owner: NOBODY, rows: new BTree<string, Row>(undefined, compare), indexes: [] }

// biome-ignore lint/suspicious/noExplicitAny: the store treats rows as opaque; tables give them their types
type AnyTable = TableDefinition<any, any>

/**
 * The rows of one universe: copy-on-write B+trees, so that a fork shares everything and copies what it changes.
 *
 * Every write is journalled; a transaction that fails is undone by replaying its journal backwards, and the ledger
 * keeps the journals of the last calls, which is what time travel replays.
 */
export class Store {
  #states: (TableState | undefined)[]
  #ownsStates = false
  #owner: object = {}
  #journal: Change[] | undefined

  constructor(states: (TableState | undefined)[] = []) {
    this.#states = states
  }

  /** A store with the same rows. Constant time: both sides give up ownership and copy what they write from now on. */
  fork(): Store {
    this.#owner = {}
    this.#ownsStates = false
    return new Store(this.#states)
  }

  /** Takes over the rows of another store: restoring a snapshot. */
  adopt(other: Store): void {
    const copy = other.fork()
    this.#states = copy.#states
    this.#owner = {}
    this.#ownsStates = false
  }

  read(definition: AnyTable): TableState {
    return this.#states[definition.ordinal] ?? EMPTY
  }

  /** Runs `work` atomically: its changes are returned, or undone when it throws. */
  transaction<T>(work: () => T): { result: T; changes: readonly Change[] } {
    if (this.#journal) throw new Error('Transactions do not nest')
    const journal: Change[] = []
    this.#journal = journal
    try {
      return { result: work(), changes: journal }
    } catch (error) {
      this.#journal = undefined
      this.revert(journal)
      throw error
    } finally {
      this.#journal = undefined
    }
  }

  /** Undoes changes, newest first. */
  revert(changes: readonly Change[]): void {
    for (let i = changes.length - 1; i >= 0; i--) {
      const { table, id, before, after } = changes[i] as Change
      this.#apply(definitionOf(table), id, after, before)
    }
  }

  /** Applies changes in order: recovery from a log. */
  replay(changes: readonly Change[]): void {
    for (const { table, id, before, after } of changes) this.#apply(definitionOf(table), id, before, after)
  }

  put<R extends Row, O extends TableOptions<R>>(
    definition: TableDefinition<R, O>,
    row: R,
    mode: 'insert' | 'replace' | 'put',
  ): R {
    const id = definition.key(row)
    const before = this.read(definition).rows.get(id) as R | undefined
    if (mode === 'insert' && before) throw new UniqueViolation(definition.name, 'key', id)
    if (mode === 'replace' && !before) throw new Error(`${definition.name}: no row ${id}`)
    if (before === row) return row
    this.#apply(definition, id, before, deepFreeze(row))
    return row
  }

  delete<R extends Row, O extends TableOptions<R>>(definition: TableDefinition<R, O>, id: string): R | undefined {
    const before = this.read(definition).rows.get(id) as R | undefined
    if (before) this.#apply(definition, id, before, undefined)
    return before
  }

  /** Rows that differ from `base`, table by table in key order; shared subtrees are skipped. */
  diff(base: Store): Change[] {
    const changes: Change[] = []
    for (const { name, ordinal } of definitions) {
      const now = this.#states[ordinal] ?? EMPTY
      const then = base.#states[ordinal] ?? EMPTY
      if (now === then) continue
      diffTrees(
        now.rows,
        then.rows,
        (id, after) => void changes.push({ table: name, id, after }),
        (id, before) => void changes.push({ table: name, id, before }),
        (id, after, before) => void changes.push({ table: name, id, before, after }),
      )
    }
    return changes
  }

  #apply(definition: AnyTable, id: string, before: Row | undefined, after: Row | undefined): void {
    const state = this.#writable(definition)
    for (let i = 0; i < definition.indexes.length; i++) {
      const index = definition.indexes[i] as AnyTable['indexes'][number]
      const tree = state.indexes[i] as BTree<string, string>
      const old = before ? index.keys(before) : NO_KEYS
      const now = after ? index.keys(after) : NO_KEYS
      if (sameKeys(old, now)) continue
      for (const key of old) tree.delete(index.unique ? encodeKey(key) : indexEntry(key, id))
      for (const key of now) {
        const encoded = index.unique ? encodeKey(key) : indexEntry(key, id)
        if (!tree.setIfNotPresent(encoded, id) && index.unique) {
          this.#undoIndexes(definition, state, id, before, after, i, now.indexOf(key))
          throw new UniqueViolation(definition.name, index.name, encoded)
        }
      }
    }
    if (after) state.rows.set(id, after)
    else state.rows.delete(id)
    this.#journal?.push({ table: definition.name, id, before, after } as Change)
  }

  /** A unique violation found half-way through the indexes: put back what was already changed. */
  #undoIndexes(
    definition: AnyTable,
    state: TableState,
    id: string,
    before: Row | undefined,
    after: Row | undefined,
    failedIndex: number,
    failedKey: number,
  ): void {
    for (let i = 0; i <= failedIndex; i++) {
      const index = definition.indexes[i] as AnyTable['indexes'][number]
      const tree = state.indexes[i] as BTree<string, string>
      const entry = (key: Key) => (index.unique ? encodeKey(key) : indexEntry(key, id))
      const added = after ? index.keys(after) : NO_KEYS
      for (const key of i === failedIndex ? added.slice(0, failedKey) : added) tree.delete(entry(key))
      for (const key of before ? index.keys(before) : NO_KEYS) tree.set(entry(key), id)
    }
  }

  #writable(definition: AnyTable): TableState {
    const state = this.#states[definition.ordinal]
    if (state?.owner === this.#owner) return state
    if (!this.#ownsStates) {
      this.#states = this.#states.slice()
      this.#ownsStates = true
    }
    const own: TableState = state
      ? { owner: this.#owner, rows: state.rows.clone(), indexes: state.indexes.map((tree) => tree.clone()) }
      : {
          owner: this.#owner,
          rows: new BTree<string, Row>(undefined, compare),
          indexes: definition.indexes.map(() => new BTree<string, string>(undefined, compare)),
        }
    this.#states[definition.ordinal] = own
    return own
  }
}

const NO_KEYS: readonly Key[] = []

function sameKeys(a: readonly Key[], b: readonly Key[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) {
    const left = a[i] as Key
    const right = b[i] as Key
    if (left !== right && encodeKey(left) !== encodeKey(right)) return false
  }
  return true
}

const byName = new Map<string, AnyTable>()

/** The definition of a table by its full name, for journals read back from disk or over the control API. */
export function definitionOf(name: string): AnyTable {
  let definition = byName.get(name)
  if (!definition) {
    definition = definitions.find((candidate) => candidate.name === name)
    if (!definition) throw new Error(`No table ${name}`)
    byName.set(name, definition)
  }
  return definition
}

/** Freezes a row and what it holds. Parts shared with the row it replaces are frozen already and skipped. */
export function deepFreeze<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) deepFreeze(part)
  return value
}
