import type { DomainEvent } from '../../../shared/kernel/call.ts'
import type { Site } from '../context.ts'

/** Events that the audit log keeps: summary, category, and the type of what they are about. */
const KEPT: Readonly<Record<string, readonly [string, string, string]>> = {
  project_created: ['Project created', 'projects', 'PROJECT'],
  project_updated: ['Project updated', 'projects', 'PROJECT'],
  project_deleted: ['Project deleted', 'projects', 'PROJECT'],
  project_soft_deleted: ['Project moved to trash', 'projects', 'PROJECT'],
  project_archived: ['Project archived', 'projects', 'PROJECT'],
  project_restored_deleted: ['Project restored', 'projects', 'PROJECT'],
  permission_scheme_created: ['Permission scheme created', 'permissions', 'SCHEME'],
  user_created: ['User created', 'user management', 'USER'],
  user_deleted: ['User deleted', 'user management', 'USER'],
  board_created: ['Board created', 'boards', 'BOARD'],
  board_deleted: ['Board deleted', 'boards', 'BOARD'],
  issuetype_created: ['Issue type created', 'issue types', 'ISSUE_TYPE'],
  issuetype_deleted: ['Issue type deleted', 'issue types', 'ISSUE_TYPE'],
  'jira:issue_deleted': ['Issue deleted', 'issues', 'ISSUE'],
}

/** Writes an administrator's deed into the audit log. */
export function audit(event: DomainEvent, site: Site): void {
  const kept = KEPT[event.type]
  if (!kept) return
  const [summary, category, typeName] = kept
  const name = [event.key, event.name, event.accountId, event.boardId, event.issueTypeId, event.issueId].find(
    (value) => value !== undefined && value !== null,
  )
  site.tables.auditRecords.insert({
    id: site.sequence('jira.audit'),
    created: site.now,
    summary,
    category,
    ...(typeof event.accountId === 'string' && { authorId: event.accountId }),
    objectItem: { name: String(name ?? ''), typeName },
  })
}
