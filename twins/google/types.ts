import type { Moment } from '../../shared/kernel/twin.ts'
import type { Store } from '../../shared/universe/store.ts'
import { type TableDefinitions, type Tables, tableSet } from '../../shared/universe/table.ts'
import type { GoogleMoment } from './caller.ts'
import type { File, GoogleTables } from './tables.ts'

/**
 * What a Google type means to Drive: how an empty one begins, what a copy, an export and an import of it are. Docs and
 * Sheets register theirs, so Drive copies and converts without knowing paragraphs or cells.
 */
export interface ContentType<D extends TableDefinitions = GoogleTables> {
  readonly mimeType: string
  /** Tables of the twin that keeps the content; the functions below see these. */
  readonly tables: D
  /** Gives a file that Drive created its empty body. */
  create(moment: Moment<D>, file: File): void
  /** Gives `to` a deep copy of the body of `from`. */
  copy(moment: Moment<D>, from: File, to: File): void
  /** Removes the body; the file row is already gone. */
  remove(moment: Moment<D>, file: File): void
  /** By target type: the bytes of an export. */
  readonly export: Readonly<Record<string, (moment: Moment<D>, file: File) => Uint8Array | string>>
  /** By source type: replaces the body by what an uploaded file holds. */
  readonly import: Readonly<Record<string, (moment: Moment<D>, file: File, bytes: Uint8Array) => void>>
  /** Plain text for `fullText` searches. */
  text?(moment: Moment<D>, file: File): string
}

/** A registered type, with its functions taking any moment of a Google twin. */
export interface RegisteredType {
  readonly mimeType: string
  readonly exports: readonly string[]
  readonly imports: readonly string[]
  create(moment: GoogleMoment, file: File): void
  copy(moment: GoogleMoment, from: File, to: File): void
  remove(moment: GoogleMoment, file: File): void
  export(moment: GoogleMoment, file: File, mimeType: string): Uint8Array | string | undefined
  import(moment: GoogleMoment, file: File, mimeType: string, bytes: Uint8Array): boolean
  text(moment: GoogleMoment, file: File): string
}

const registry = new Map<string, RegisteredType>()

/** Registers a type. Called once, when the module of the twin that keeps the content is loaded. */
export function contentType<D extends TableDefinitions>(type: ContentType<D>): void {
  const open = tableSet(type.tables)
  const within = (moment: GoogleMoment): Moment<D> => sameMoment(moment, open)
  registry.set(type.mimeType, {
    mimeType: type.mimeType,
    exports: Object.keys(type.export),
    imports: Object.keys(type.import),
    create: (moment, file) => type.create(within(moment), file),
    copy: (moment, from, to) => type.copy(within(moment), from, to),
    remove: (moment, file) => type.remove(within(moment), file),
    export: (moment, file, mimeType) => type.export[mimeType]?.(within(moment), file),
    import: (moment, file, mimeType, bytes) => {
      const read = type.import[mimeType]
      read?.(within(moment), file, bytes)
      return !!read
    },
    text: (moment, file) => type.text?.(within(moment), file) ?? '',
  })
}

/** The meaning of a mime type, if one of the twins registered it. */
export const contentTypeOf = (mimeType: string): RegisteredType | undefined => registry.get(mimeType)

export const contentTypes = (): readonly RegisteredType[] => [...registry.values()]

/** The same moment of the same universe, over another twin's tables. */
function sameMoment<D extends TableDefinitions>(moment: GoogleMoment, open: (store: Store) => Tables<D>): Moment<D> {
  // A table set carries its store; its public type hides it, as handlers have no business with it.
  const { store } = moment.tables as unknown as { store: Store }
  return {
    tables: open(store),
    now: moment.now,
    random: moment.random,
    sequence: (counter, start) => moment.sequence(counter, start),
    link: (path) => moment.link(path),
    baseOf: (twin) => moment.baseOf(twin),
    seal: (secret) => moment.seal(secret),
    open: (credential) => moment.open(credential),
    emit: (event) => moment.emit(event),
    deliver: (delivery) => moment.deliver(delivery),
    schedule: (task) => moment.schedule(task),
    cancel: (key) => moment.cancel(key),
    push: (channel, message) => moment.push(channel, message),
    unmodelled: (what) => moment.unmodelled(what),
  }
}
