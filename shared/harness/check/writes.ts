import type { Change } from '../../universe/store.ts'
import { differing } from './changes.ts'
import type { Write } from './facts.ts'

/** Tables that follow from changes elsewhere: counters and tasks of the universe, logs, revisions, what was looked at. */
const BOOKKEEPING =
  /^dtu\.|\.logs$|^google\.(changes|viewings|revisions)$|^docs\.revisions$|^jira\.changes$|^slack\.memberships$/

/** Members a service keeps of itself: times, counts, versions, who was here last. */
const KEPT = new RegExp(
  `(^|\\.)(${[
    '\\w+(At|Time|Date|Count|Counter|Version|Revision|RevisionId|Updated|Changed)',
    'updated|modified|version|revisionId|nextNumber|lastModifyingUserId|chance', // Jira's key counter, Drive, Sheets
    'threadTs|subscribers|replyUsers|latestReply', // a Slack message that was answered
  ].join('|')})(\\.|$)`,
)

/** What a commit wrote, as far as anybody meant it. */
export function writesOf(changes: readonly Change[]): Write[] {
  return changes.flatMap(({ table, id, before, after }): Write[] => {
    if (BOOKKEEPING.test(table)) return []
    const row = `${table} ${id}`
    if (!before || !after) return [{ row, fields: [] }]
    const fields = differing(before, after).filter((field) => !KEPT.test(field))
    return fields.length ? [{ row, fields }] : []
  })
}
