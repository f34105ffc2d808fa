import type { Reply } from '../../../shared/kernel/reply.ts'
import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { isAdmin, type JiraCall, reader, self, signedIn } from '../context.ts'
import { badRequest, forbidden, notFound } from '../errors.ts'
import { commentOf } from '../rules/comments.ts'
import { projectOf, visibleIssue, visibleProject } from '../rules/issues/find.ts'
import { can, canSee } from '../rules/permissions.ts'
import { worklogOf } from '../rules/worklogs.ts'
import { operations } from './define.ts'
import { writer } from './shared.ts'

/** Whose property a call means: a kind, an id, and the path its `self` links lead to. */
interface Owner {
  readonly kind: string
  readonly id: string
  readonly path: string
  /** May the caller write? Throws when not. */
  readonly mayWrite?: () => void
}

const params = (call: JiraCall) => call.params as Record<string, string>

function issueOwner(call: JiraCall): Owner {
  const issue = visibleIssue(call, params(call).issueIdOrKey as string)
  const mayWrite = () => {
    if (!can(call, call.caller.user, 'EDIT_ISSUES', projectOf(call, issue), issue))
      throw forbidden('You do not have permission to edit issues in this project.')
  }
  return { kind: 'issue', id: issue.id, path: `issue/${issue.key}/properties`, mayWrite }
}

function commentOwner(call: JiraCall): Owner {
  const id = params(call).commentId as string
  const comment = call.tables.comments.get(id)
  const issue = comment && call.tables.issues.get(comment.issueId)
  if (!issue || !canSee(call, call.caller.user, issue)) throw notFound(`Can not find a comment for the id: ${id}.`)
  commentOf(writer(call), issue, id)
  return { kind: 'comment', id, path: `comment/${id}/properties` }
}

function worklogOwner(call: JiraCall): Owner {
  const issue = visibleIssue(call, params(call).issueIdOrKey as string)
  const worklog = worklogOf(writer(call), issue, params(call).worklogId as string)
  return { kind: 'worklog', id: worklog.id, path: `issue/${issue.id}/worklog/${worklog.id}/properties` }
}

function projectOwner(call: JiraCall): Owner {
  const project = visibleProject(call, params(call).projectIdOrKey as string)
  const mayWrite = () => {
    if (!can(call, call.caller.user, 'ADMINISTER_PROJECTS', project))
      throw forbidden('You cannot edit the configuration of this project.')
  }
  return { kind: 'project', id: project.id, path: `project/${project.key}/properties`, mayWrite }
}

/** Without an account id the answer is 400, although the contract says it is optional. */
function userOwner(call: JiraCall): Owner {
  const { accountId } = call.query as { accountId?: string }
  if (!accountId) throw badRequest('The accountId query parameter must be provided.')
  if (!call.tables.users.has(accountId)) throw notFound(`The user with account ID '${accountId}' does not exist.`)
  if (signedIn(call).accountId !== accountId && !isAdmin(call, call.caller.user))
    throw forbidden('You do not have permission to access the properties of this user.')
  return { kind: 'user', id: accountId, path: 'user/properties' }
}

function issueTypeOwner(call: JiraCall): Owner {
  const id = params(call).issueTypeId as string
  if (!call.tables.issueTypes.has(id)) throw notFound(`The issue type with id '${id}' does not exist.`)
  return { kind: 'issuetype', id, path: `issuetype/${id}/properties` }
}

function dashboardItemOwner(call: JiraCall): Owner {
  const { dashboardId, itemId } = params(call) as { dashboardId: string; itemId: string }
  if (!call.tables.dashboards.has(String(dashboardId)))
    throw notFound(`The dashboard with id '${dashboardId}' does not exist.`)
  return {
    kind: 'dashboarditem',
    id: `${dashboardId}/${itemId}`,
    path: `dashboard/${dashboardId}/items/${itemId}/properties`,
  }
}

function boardOwner(call: JiraCall): Owner {
  const id = String(params(call).boardId)
  if (!call.tables.boards.has(id)) throw notFound(`Board with id ${id} does not exist.`)
  return { kind: 'board', id, path: `board/${id}/properties` }
}

function sprintOwner(call: JiraCall): Owner {
  const id = String(params(call).sprintId)
  if (!call.tables.sprints.has(id)) throw notFound(`Sprint does not exist.`)
  return { kind: 'sprint', id, path: `sprint/${id}/properties` }
}

const key = (call: JiraCall) => params(call).propertyKey as string

function keys(call: JiraCall, owner: Owner): Reply {
  const link = (name: string) => {
    const suffix = owner.kind === 'user' ? `?accountId=${owner.id}` : ''
    if (owner.kind === 'board' || owner.kind === 'sprint') return call.link(`/rest/agile/1.0/${owner.path}/${name}`)
    return self(reader(call), `${owner.path}/${encodeURIComponent(name)}${suffix}`)
  }
  const rows = call.tables.properties.where('entity', [owner.kind, owner.id])
  return ok({ keys: rows.map((row) => ({ self: link(row.key), key: row.key })) })
}

function get(call: JiraCall, owner: Owner): Reply {
  const row = call.tables.properties.get(`${owner.kind}/${owner.id}/${key(call)}`)
  if (!row) throw notFound(`The property with key '${key(call)}' does not exist.`)
  return ok({ key: row.key, value: row.value })
}

function set(call: JiraCall, owner: Owner): Reply {
  owner.mayWrite?.()
  if (call.body === undefined) throw badRequest('The property value cannot be empty.')
  if (key(call).length > 255) throw badRequest('The key of the property cannot be longer than 255 characters.')
  if (JSON.stringify(call.body).length > 32_768)
    throw badRequest('The value of the property cannot be longer than 32768 characters.')
  const existed = call.tables.properties.has(`${owner.kind}/${owner.id}/${key(call)}`)
  call.tables.properties.put({ kind: owner.kind, entityId: owner.id, key: key(call), value: call.body })
  call.emit({ type: `${owner.kind}_property_set`, kind: owner.kind, entityId: owner.id, key: key(call) })
  return existed ? { status: 200 } : created()
}

function remove(call: JiraCall, owner: Owner): Reply {
  owner.mayWrite?.()
  if (!call.tables.properties.remove(`${owner.kind}/${owner.id}/${key(call)}`))
    throw notFound(`The property with key '${key(call)}' does not exist.`)
  call.emit({ type: `${owner.kind}_property_deleted`, kind: owner.kind, entityId: owner.id, key: key(call) })
  return noContent()
}

/** Entity properties: any JSON under a key. 201 the first time, 200 after; values are replaced, never merged. */
export const properties = operations({
  getIssuePropertyKeys: (call) => keys(call, issueOwner(call)),
  getIssueProperty: (call) => get(call, issueOwner(call)),
  setIssueProperty: (call) => set(call, issueOwner(call)),
  deleteIssueProperty: (call) => remove(call, issueOwner(call)),
  getCommentPropertyKeys: (call) => keys(call, commentOwner(call)),
  getCommentProperty: (call) => get(call, commentOwner(call)),
  setCommentProperty: (call) => set(call, commentOwner(call)),
  deleteCommentProperty: (call) => remove(call, commentOwner(call)),
  getWorklogPropertyKeys: (call) => keys(call, worklogOwner(call)),
  getWorklogProperty: (call) => get(call, worklogOwner(call)),
  setWorklogProperty: (call) => set(call, worklogOwner(call)),
  deleteWorklogProperty: (call) => remove(call, worklogOwner(call)),
  getProjectPropertyKeys: (call) => keys(call, projectOwner(call)),
  getProjectProperty: (call) => get(call, projectOwner(call)),
  setProjectProperty: (call) => set(call, projectOwner(call)),
  deleteProjectProperty: (call) => remove(call, projectOwner(call)),
  getUserPropertyKeys: (call) => keys(call, userOwner(call)),
  getUserProperty: (call) => get(call, userOwner(call)),
  setUserProperty: (call) => set(call, userOwner(call)),
  deleteUserProperty: (call) => remove(call, userOwner(call)),
  getIssueTypePropertyKeys: (call) => keys(call, issueTypeOwner(call)),
  getIssueTypeProperty: (call) => get(call, issueTypeOwner(call)),
  setIssueTypeProperty: (call) => set(call, issueTypeOwner(call)),
  deleteIssueTypeProperty: (call) => remove(call, issueTypeOwner(call)),
  getDashboardItemPropertyKeys: (call) => keys(call, dashboardItemOwner(call)),
  getDashboardItemProperty: (call) => get(call, dashboardItemOwner(call)),
  setDashboardItemProperty: (call) => set(call, dashboardItemOwner(call)),
  deleteDashboardItemProperty: (call) => remove(call, dashboardItemOwner(call)),
  getBoardPropertyKeys: (call) => keys(call, boardOwner(call)),
  getBoardProperty: (call) => get(call, boardOwner(call)),
  setBoardProperty: (call) => set(call, boardOwner(call)),
  deleteBoardProperty: (call) => remove(call, boardOwner(call)),
  getPropertiesKeys: (call) => keys(call, sprintOwner(call)),
  getProperty: (call) => get(call, sprintOwner(call)),
  setProperty: (call) => set(call, sprintOwner(call)),
  deleteProperty: (call) => remove(call, sprintOwner(call)),
})
