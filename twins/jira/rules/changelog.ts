import { nextId, type Site } from '../context.ts'
import type { ChangeItem, Issue, User } from '../tables.ts'
import { allFields } from './fields/registry.ts'
import type { Field } from './fields/types.ts'

/** Fields whose history is one item per added or removed row. */
const ONE_ITEM_EACH: ReadonlySet<string> = new Set(['fixVersions', 'versions', 'components'])
/** Fields that show in the history by other means, or not at all. */
const SKIPPED: ReadonlySet<string> = new Set([
  'status',
  'parent',
  'timetracking',
  'updated',
  'created',
  'statuscategorychangedate',
  'resolutiondate',
  'issuekey',
  'timespent',
  'timeestimate',
  'timeoriginalestimate',
  'project',
])

const same = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b)

/** What changed between two states of an issue, as its history words it. */
export function changesBetween(site: Site, before: Issue, after: Issue): ChangeItem[] {
  const items: ChangeItem[] = []
  for (const field of allFields(site)) {
    if (SKIPPED.has(field.id) || !field.kind.history) continue
    const [old, now] = [field.get(before), field.get(after)]
    if (!same(old, now)) items.push(...fieldItems(site, field, old, now))
  }
  return [...items, ...statusItem(site, before, after), ...timeItems(before, after), ...placeItems(site, before, after)]
}

function fieldItems(site: Site, field: Field, old: unknown, now: unknown): ChangeItem[] {
  const { history } = field.kind
  if (!history) return []
  if (ONE_ITEM_EACH.has(field.id)) {
    const [had, has] = [(old ?? []) as string[], (now ?? []) as string[]]
    const one = (id: string) => history([id], site)
    return [
      ...had.filter((id) => !has.includes(id)).map((id) => item(field, one(id), NOTHING)),
      ...has.filter((id) => !had.includes(id)).map((id) => item(field, NOTHING, one(id))),
    ]
  }
  const [from, to] = [history(old ?? null, site), history(now ?? null, site)]
  const made = item(field, from, to)
  if (field.schema?.type !== 'user') return [made]
  return [{ ...made, tmpFromAccountId: from.id, tmpToAccountId: to.id }]
}

const NOTHING = { id: null, text: null }

const item = (
  field: Pick<Field, 'id' | 'name' | 'historyName' | 'custom'>,
  from: { id: string | null; text: string | null },
  to: { id: string | null; text: string | null },
): ChangeItem => ({
  field: field.custom ? field.name : (field.historyName ?? field.id),
  fieldtype: field.custom ? 'custom' : 'jira',
  fieldId: field.id,
  from: from.id,
  fromString: from.text,
  to: to.id,
  toString: to.text,
})

const plain = (
  field: string,
  fieldId: string,
  from: [string | null, string | null],
  to: [string | null, string | null],
): ChangeItem => ({
  field,
  fieldtype: 'jira',
  fieldId,
  from: from[0],
  fromString: from[1],
  to: to[0],
  toString: to[1],
})

function statusItem(site: Site, before: Issue, after: Issue): ChangeItem[] {
  if (before.statusId === after.statusId) return []
  const name = (id: string) => site.tables.statuses.get(id)?.name ?? null
  return [plain('status', 'status', [before.statusId, name(before.statusId)], [after.statusId, name(after.statusId)])]
}

function timeItems(before: Issue, after: Issue): ChangeItem[] {
  const rows = [
    ['timespent', before.timeSpent, after.timeSpent],
    ['timeoriginalestimate', before.originalEstimate, after.originalEstimate],
    ['timeestimate', before.remainingEstimate, after.remainingEstimate],
  ] as const
  const text = (seconds: number | null) => (seconds === null ? null : String(seconds))
  return rows
    .filter(([, old, now]) => old !== now)
    .map(([id, old, now]) => plain(id, id, [text(old), text(old)], [text(now), text(now)]))
}

function placeItems(site: Site, before: Issue, after: Issue): ChangeItem[] {
  const items: ChangeItem[] = []
  if (before.projectId !== after.projectId) {
    const name = (id: string) => site.tables.projects.get(id)?.name ?? null
    items.push(
      plain('project', 'project', [before.projectId, name(before.projectId)], [after.projectId, name(after.projectId)]),
    )
  }
  if (before.key !== after.key) items.push(plain('Key', 'issuekey', [null, before.key], [null, after.key]))
  if (before.parentId !== after.parentId) {
    const key = (id: string | null) => (id ? (site.tables.issues.get(id)?.key ?? null) : null)
    items.push(
      plain(
        'IssueParentAssociation',
        'parent',
        [before.parentId, key(before.parentId)],
        [after.parentId, key(after.parentId)],
      ),
    )
  }
  return items
}

/** Writes one entry of an issue's history. */
export function record(
  site: Site,
  user: User | undefined,
  issueId: string,
  items: readonly ChangeItem[],
  historyMetadata?: object,
) {
  return site.tables.changes.insert({
    id: nextId(site, 'change'),
    issueId,
    authorId: user?.accountId ?? null,
    created: site.now,
    items,
    ...(historyMetadata && { historyMetadata }),
  })
}
