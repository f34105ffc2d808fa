import { viewingOf } from '../../google/files.ts'
import { FOLDER } from '../../google/ids.ts'
import type { File } from '../../google/tables.ts'
import { invalidValue } from '../errors.ts'
import type { DriveCall } from '../operations/define.ts'
import type { SortKey } from './paging.ts'

/** `orderBy` of files.list: `folder,modifiedTime desc,name`. */

interface Key {
  readonly of: (call: DriveCall, file: File) => SortKey
  readonly compare: (a: SortKey, b: SortKey) => number
}

const plain = (a: SortKey, b: SortKey) => (a < b ? -1 : a > b ? 1 : 0)
// One locale for every machine: names sort as an English-speaking account sees them.
const collator = new Intl.Collator('en', { sensitivity: 'base' })
const natural = new Intl.Collator('en', { sensitivity: 'base', numeric: true })

const viewing = (call: DriveCall, file: File) =>
  call.caller.user ? viewingOf(call, file.id, call.caller.user.id) : undefined
const number = (of: Key['of']): Key => ({ of, compare: plain })

const KEYS: Readonly<Record<string, Key>> = {
  createdTime: number((_, file) => file.createdTime),
  folder: number((_, file) => (file.mimeType === FOLDER ? 0 : 1)),
  modifiedByMeTime: number((call, file) => viewing(call, file)?.modifiedByMeTime ?? 0),
  modifiedTime: number((_, file) => file.modifiedTime),
  name: { of: (_, file) => file.name, compare: (a, b) => collator.compare(String(a), String(b)) || plain(a, b) },
  name_natural: { of: (_, file) => file.name, compare: (a, b) => natural.compare(String(a), String(b)) || plain(a, b) },
  quotaBytesUsed: number((_, file) => file.blob?.size ?? 0),
  recency: number((call, file) => Math.max(file.modifiedTime, viewing(call, file)?.viewedByMeTime ?? 0)),
  sharedWithMeTime: number((call, file) => viewing(call, file)?.sharedWithMeTime ?? 0),
  starred: number((call, file) => (viewing(call, file)?.starred ? 0 : 1)),
  viewedByMeTime: number((call, file) => viewing(call, file)?.viewedByMeTime ?? 0),
}

export interface Order {
  readonly keysOf: (file: File) => readonly SortKey[]
  readonly compare: (a: readonly SortKey[], b: readonly SortKey[]) => number
}

/** Without an order Drive answers the latest changed first (recorded). */
const DEFAULT = 'modifiedTime desc'

/**
 * Compiles an order; the file id comes last, so that it is total.
 *
 * @throws 400 `Invalid Value` for an unknown key
 */
export function orderOf(call: DriveCall, orderBy: string = DEFAULT): Order {
  const keys = orderBy.split(',').map((part) => {
    const [name = '', direction, more] = part.trim().split(/\s+/)
    const key = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined
    if (!key || more !== undefined || (direction !== undefined && !/^(asc|desc)$/i.test(direction)))
      throw invalidValue('orderBy')
    return { ...key, sign: direction?.toLowerCase() === 'desc' ? -1 : 1 }
  })
  return {
    keysOf: (file) => [...keys.map((key) => key.of(call, file)), file.id],
    compare(a, b) {
      for (let i = 0; i < keys.length; i++) {
        const { compare, sign } = keys[i] as (typeof keys)[number]
        const result = compare(a[i] as SortKey, b[i] as SortKey)
        if (result !== 0) return result * sign
      }
      return plain(a.at(-1) as SortKey, b.at(-1) as SortKey)
    },
  }
}
