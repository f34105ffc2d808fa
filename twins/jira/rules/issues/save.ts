import type { Site } from '../../context.ts'
import type { ChangeItem, Issue, User } from '../../tables.ts'
import { changesBetween, record } from '../changelog.ts'

export interface SaveOptions {
  /** `issue_event_type_name` of the webhook. */
  readonly event?: string
  readonly historyMetadata?: object
  /** Items the rows do not show: attachments, links, ranks. */
  readonly items?: readonly ChangeItem[]
}

/**
 * Writes changes to an issue: the row, one entry of history with all items, and the event. Nothing changed: nothing
 * happens, `updated` stays.
 */
export function saveIssue(
  site: Site,
  user: User | undefined,
  before: Issue,
  change: Partial<Issue>,
  options: SaveOptions = {},
): Issue {
  const next: Issue = { ...before, ...change }
  if (next.statusId !== before.statusId) {
    const category = (id: string) => site.tables.statuses.get(id)?.category
    if (category(next.statusId) !== category(before.statusId)) Object.assign(next, { statusCategoryChanged: site.now })
  }
  if (next.resolutionId !== before.resolutionId) Object.assign(next, { resolved: next.resolutionId ? site.now : null })
  const items = [...changesBetween(site, before, next), ...(options.items ?? [])]
  if (items.length === 0) return before
  const issue = site.tables.issues.replace({ ...next, updated: site.now })
  const entry = record(site, user, issue.id, items, options.historyMetadata)
  site.emit({
    type: 'jira:issue_updated',
    issueId: issue.id,
    eventType: options.event ?? eventFor(items),
    changeId: entry.id,
    accountId: user?.accountId ?? null,
  })
  return issue
}

const eventFor = (items: readonly ChangeItem[]) =>
  items.length === 1 && items[0]?.field === 'assignee' ? 'issue_assigned' : 'issue_updated'
