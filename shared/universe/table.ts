import { encodeKey, type Key, prefixRange } from './key.ts'
import type { Store } from './store.ts'

/** What a table holds: plain data, frozen when it enters the table. */
export type Row = object

/** Index functions of a table; `undefined` leaves the row out of that index. */
export interface TableOptions<R extends Row> {
  /** The primary key. */
  key: (row: R) => string
  /** At most one row per key; a second one throws {@link UniqueViolation}. */
  unique?: Record<string, (row: R) => Key | undefined>
  /** Ordered, any number of rows per key. */
  index?: Record<string, (row: R) => Key | undefined>
  /** Ordered, any number of keys per row. */
  many?: Record<string, (row: R) => readonly Key[]>
}

/** A table's declaration, shared by every universe. Made by {@link defineTable}. */
export interface TableDefinition<R extends Row = Row, O extends TableOptions<R> = TableOptions<R>> {
  readonly name: string
  /** Position in a store's list of tables. */
  readonly ordinal: number
  readonly key: (row: R) => string
  readonly indexes: readonly IndexDefinition<R>[]
  readonly indexByName: ReadonlyMap<string, number>
  /** Carries the option type to {@link Table}; never set. */
  readonly options?: O
}

export interface IndexDefinition<R extends Row = Row> {
  readonly name: string
  readonly unique: boolean
  readonly keys: (row: R) => readonly Key[]
}

/** Every table of the process, in order of definition; a store finds its state by ordinal. */
export const definitions: TableDefinition[] = []

/**
 * Declares a table. `name` is `<twin>.<table>` and unique in the process.
 *
 * @example
 * const users = defineTable<User>()('okta.users', {
 *   key: (user) => user.id,
 *   unique: { login: (user) => user.profile.login.toLowerCase() },
 *   index: { status: (user) => [user.status, user.created] },
 * })
 */
export function defineTable<R extends Row>() {
  return <const O extends TableOptions<R>>(name: string, options: O): TableDefinition<R, O> => {
    if (definitions.some((other) => other.name === name)) throw new Error(`Table ${name} is defined twice`)
    const one =
      (of: (row: R) => Key | undefined) =>
      (row: R): readonly Key[] => {
        const key = of(row)
        return key === undefined ? [] : [key]
      }
    const indexes: IndexDefinition<R>[] = [
      ...Object.entries(options.unique ?? {}).map(([name, of]) => ({ name, unique: true, keys: one(of) })),
      ...Object.entries(options.index ?? {}).map(([name, of]) => ({ name, unique: false, keys: one(of) })),
      ...Object.entries(options.many ?? {}).map(([name, keys]) => ({ name, unique: false, keys })),
    ]
    const definition: TableDefinition<R, O> = {
      name,
      ordinal: definitions.length,
      key: options.key,
      indexes,
      indexByName: new Map(indexes.map((index, position) => [index.name, position])),
    }
    definitions.push(definition as unknown as TableDefinition) // variance: the list only reads names and ordinals
    return definition
  }
}

/** A second row for a unique key. Handlers check first, so reaching a client it is a bug (500). */
export class UniqueViolation extends Error {
  constructor(table: string, index: string, key: string) {
    super(`${table}: ${index} ${JSON.stringify(key)} is taken`)
  }
}

type UniqueName<O> = O extends { unique: infer U } ? Extract<keyof U, string> : never
type IndexName<O> =
  | UniqueName<O>
  | (O extends { index: infer I } ? Extract<keyof I, string> : never)
  | (O extends { many: infer M } ? Extract<keyof M, string> : never)

/** Which part of an index to walk. Bounds name index keys (for the primary order: primary keys). */
export interface Range {
  /** Only keys that begin with these parts (and, for a non-unique index, keys equal to them). */
  prefix?: Key
  /** Inclusive lower bound. */
  from?: Key
  /** Exclusive lower bound: a cursor. To resume after one row of a non-unique index, end it with the row's id. */
  after?: Key
  /** Exclusive upper bound. */
  before?: Key
  reverse?: boolean
}

/** One universe's rows of one table. Cheap to make: hold it no longer than a call. */
export class Table<R extends Row, O extends TableOptions<R> = TableOptions<R>> {
  readonly #store: Store
  readonly #definition: TableDefinition<R, O>

  constructor(store: Store, definition: TableDefinition<R, O>) {
    this.#store = store
    this.#definition = definition
  }

  get size(): number {
    return this.#store.read(this.#definition).rows.size
  }

  get(id: string): R | undefined {
    return this.#store.read(this.#definition).rows.get(id) as R | undefined
  }

  has(id: string): boolean {
    return this.#store.read(this.#definition).rows.has(id)
  }

  /** The row a unique index names. */
  by(index: UniqueName<O>, key: Key): R | undefined {
    const state = this.#store.read(this.#definition)
    const id = state.indexes[this.#position(index)]?.get(encodeKey(key))
    return id === undefined ? undefined : (state.rows.get(id) as R)
  }

  /** All rows in primary-key order. */
  all(): R[] {
    return this.#store.read(this.#definition).rows.valuesArray() as R[]
  }

  /** Rows in primary-key order, as a lazy iterator. */
  *rows(range: Omit<Range, 'prefix'> = {}): IteratorObject<R, undefined> {
    for (const [, row] of walk(this.#store.read(this.#definition).rows, range)) yield row as R
  }

  /** Rows in the order of an index, as a lazy iterator; `.take(n)` stops early. Do not write to the table meanwhile. */
  *scan(index: IndexName<O>, range: Range = {}): IteratorObject<R, undefined> {
    const state = this.#store.read(this.#definition)
    const tree = state.indexes[this.#position(index)]
    if (tree) for (const [, id] of walk(tree, range)) yield state.rows.get(id) as R
  }

  /** Rows whose index key is, or begins with, `key`, in index order. */
  where(index: IndexName<O>, key: Key): R[] {
    const position = this.#position(index)
    if (this.#definition.indexes[position]?.unique) {
      const row = this.by(index as UniqueName<O>, key)
      return row ? [row, ...this.scan(index, { prefix: key })] : [...this.scan(index, { prefix: key })]
    }
    return [...this.scan(index, { prefix: key })]
  }

  count(index: IndexName<O>, key: Key): number {
    const tree = this.#store.read(this.#definition).indexes[this.#position(index)]
    let count = 0
    if (tree) for (const _ of walk(tree, { prefix: key })) count++
    return count
  }

  insert(row: R): R {
    return this.#store.put(this.#definition, row, 'insert')
  }

  replace(row: R): R {
    return this.#store.put(this.#definition, row, 'replace')
  }

  /** Insert or replace. */
  put(row: R): R {
    return this.#store.put(this.#definition, row, 'put')
  }

  /** Replaces the row by itself with some fields changed. Throws when there is none. */
  patch(id: string, changes: Partial<R>): R {
    const row = this.get(id)
    if (!row) throw new Error(`${this.#definition.name}: no row ${id}`)
    return this.replace({ ...row, ...changes })
  }

  /** Removes a row, if it is there, and returns it. */
  remove(id: string): R | undefined {
    return this.#store.delete(this.#definition, id)
  }

  #position(index: string): number {
    const position = this.#definition.indexByName.get(index)
    if (position === undefined) throw new Error(`${this.#definition.name} has no index ${index}`)
    return position
  }
}

interface Tree<V> {
  entries(low?: string, reused?: [string, V]): IterableIterator<[string, V]>
  entriesReversed(high?: string, reused?: [string, V], skipHighest?: boolean): IterableIterator<[string, V]>
}

function* walk<V>(tree: Tree<V>, range: Range): Generator<[string, V]> {
  let low = ''
  let high: string | undefined
  if (range.prefix !== undefined) ({ low, high } = prefixRange(range.prefix))
  if (range.from !== undefined) low = max(low, encodeKey(range.from))
  if (range.after !== undefined) low = max(low, `${encodeKey(range.after)}\u0000`)
  if (range.before !== undefined)
    high = high === undefined ? encodeKey(range.before) : min(high, encodeKey(range.before))
  if (range.reverse) {
    for (const entry of tree.entriesReversed(high, undefined, true)) {
      if (entry[0] < low) return
      yield entry
    }
  } else {
    for (const entry of tree.entries(low)) {
      if (high !== undefined && entry[0] >= high) return
      yield entry
    }
  }
}

const max = (a: string, b: string) => (a > b ? a : b)
const min = (a: string, b: string) => (a < b ? a : b)

/** Table declarations of one twin, by the name handlers use. */
// biome-ignore lint/suspicious/noExplicitAny: a record of tables of unrelated row types has no narrower bound
export type TableDefinitions = Record<string, TableDefinition<any, any>>

/** The tables of a twin in one universe: `tables.users.get(id)`. */
export type Tables<D extends TableDefinitions> = {
  readonly [K in keyof D]: D[K] extends TableDefinition<infer R, infer O>
    ? O extends TableOptions<R>
      ? Table<R, O>
      : never
    : never
}

/**
 * Makes the class whose instances give a store's tables by name. The tables are getters on the prototype, so an
 * instance costs one pointer and thousands of universes stay small.
 */
export function tableSet<D extends TableDefinitions>(definitions: D): (store: Store) => Tables<D> {
  class TableSet {
    readonly store: Store
    constructor(store: Store) {
      this.store = store
    }
  }
  for (const [name, definition] of Object.entries(definitions)) {
    Object.defineProperty(TableSet.prototype, name, {
      enumerable: true,
      get(this: TableSet) {
        return new Table(this.store, definition)
      },
    })
  }
  return (store) => new TableSet(store) as unknown as Tables<D> // getters defined above, by name
}
