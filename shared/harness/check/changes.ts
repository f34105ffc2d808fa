import type { Facts } from './facts.ts'

/** Members that change with any write: they never count as a change of their own. */
const VOLATILE =
  /(^|\.)(created|updated|lastUpdated|lastMembershipUpdated|statusChanged|statuscategorychangedate|lastLogin|modifiedTime|version|etag|revisionId|headRevisionId|viewedByMeTime|_links)(\.|$)/

export const isVolatile = (path: string) => VOLATILE.test(path)

/** Whether a named path is the field, or holds it. */
export const covers = (path: string, field: string) => field === path || field.startsWith(`${path}.`)

export interface RowChange {
  readonly id: string
  readonly kind: string
  readonly before: object | undefined
  readonly after: object | undefined
  /** Paths of scalar members that differ. */
  readonly fields: readonly string[]
}

/** A row's id, by the names services give it. */
export function identity(row: object): string {
  const { id, documentId, uuid, accountId } = row as Record<string, unknown>
  return String(id ?? documentId ?? uuid ?? accountId ?? JSON.stringify(row))
}

/** Evidence for a row. */
export const rowRef = (kind: string, row: object) => `D ${kind} ${identity(row)}`

/** Logs the services keep of themselves: they follow from changes elsewhere. */
export const JOURNALS: ReadonlySet<string> = new Set(['okta.logs', 'drive.changes'])

/** What a trajectory changed in one kind. */
export function changesOf(kind: string, facts: Facts): RowChange[] {
  const index = (list: readonly object[]) => new Map(list.map((row) => [identity(row), row]))
  const before = index(facts.before(kind))
  const after = index(facts.after(kind))
  const changes: RowChange[] = []
  for (const [id, row] of after) {
    const old = before.get(id)
    const fields = old ? differing(old, row) : []
    if (!old || fields.some((field) => !isVolatile(field))) changes.push({ id, kind, before: old, after: row, fields })
  }
  for (const [id, row] of before)
    if (!after.has(id)) changes.push({ id, kind, before: row, after: undefined, fields: [] })
  return changes
}

/** Paths of the scalar members in which two values differ. */
export function differing(a: unknown, b: unknown, path = ''): string[] {
  if (a === b) return []
  const both = a !== null && b !== null && typeof a === 'object' && typeof b === 'object'
  if (!both) return [path]
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].flatMap((name) =>
    differing(
      (a as Record<string, unknown>)[name],
      (b as Record<string, unknown>)[name],
      path ? `${path}.${name}` : name,
    ),
  )
}
