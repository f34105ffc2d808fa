import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, reader, requireAdmin, signedIn } from '../context.ts'
import { badRequest, forbidden, notFound } from '../errors.ts'
import { expandOf, idsOf, pageBean, window } from '../paging.ts'
import { allFields } from '../rules/fields/registry.ts'
import { lookUpProject, visibleIssue } from '../rules/issues/find.ts'
import { can, canGlobally } from '../rules/permissions.ts'
import type { Issue, Project, User } from '../tables.ts'
import { fullUser, groupView, listedUser, userAvatars } from '../views/people.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

/** A user by account id. User names have been refused since 2019. */
function userNamed(
  call: JiraCall,
  { accountId, username, key }: { accountId?: string; username?: string; key?: string },
): User {
  if (username !== undefined || key !== undefined) {
    throw badRequest(
      "The 'accountId' query parameter must be provided. Query parameters username and key are not supported.",
    )
  }
  if (!accountId) throw badRequest('The accountId query parameter must be provided.')
  const user = call.tables.users.get(accountId)
  if (!user) throw notFound('Specified user does not exist or you do not have required permissions')
  return user
}

/** Whether a search finds a user: a word of the name, or the e-mail, begins with it. */
export function matchesUser(user: User, query: string): boolean {
  const wanted = query.trim().toLowerCase()
  const name = user.displayName.toLowerCase()
  return (
    name.startsWith(wanted) ||
    name.split(/\s+/).some((word) => word.startsWith(wanted)) ||
    !!user.email?.toLowerCase().startsWith(wanted)
  )
}

const page = (call: JiraCall, users: readonly User[], cap = 1000) => {
  const { startAt, maxResults } = window(call.query as object, 50, cap)
  return ok(users.slice(startAt, startAt + maxResults).map((user) => listedUser(reader(call), user)))
}

const people = (call: JiraCall) =>
  call.tables.users.all().filter((user) => user.active && user.accountType === 'atlassian')

/** Users by `query` and `accountId`, both of which may be missing where `required` is not set. */
function searched(call: JiraCall, users: readonly User[], required: boolean): User[] {
  const { query, accountId, username, property } = call.query as Record<string, string | undefined>
  if (username !== undefined) throw badRequest("The query parameter 'username' is not supported in GDPR strict mode.")
  if (query !== undefined && accountId !== undefined)
    throw badRequest("The query parameters 'query' and 'accountId' are mutually exclusive.")
  if (accountId !== undefined) return users.filter((user) => user.accountId === accountId)
  if (query !== undefined) return users.filter((user) => matchesUser(user, query))
  if (required && property === undefined) throw badRequest('The username or property query parameter must be provided.')
  return [...users]
}

/** The project, and the issue, a permission is asked in. */
function placeOf(call: JiraCall): { project: Project; issue?: Issue } | undefined {
  const { issueKey, issueId, project, projectKey } = call.query as Record<string, string | undefined>
  const name = issueKey ?? issueId
  if (name !== undefined) {
    const issue = visibleIssue(call, name)
    const at = call.tables.projects.get(issue.projectId)
    return at && { project: at, issue }
  }
  const key = project ?? projectKey
  if (key === undefined) return undefined
  const at = lookUpProject(call, key)
  if (!at) throw notFound(`No project could be found with key '${key}'.`)
  return { project: at }
}

const withPermission = (
  call: JiraCall,
  users: readonly User[],
  permission: string,
  place: { project: Project; issue?: Issue },
) => users.filter((user) => can(call, user, permission, place.project, place.issue))

const DEFAULT_COLUMNS = [
  'issuetype',
  'issuekey',
  'summary',
  'assignee',
  'reporter',
  'priority',
  'status',
  'resolution',
  'created',
  'updated',
  'duedate',
]

/** Columns of the issue navigator with their names. */
export const columnItems = (call: JiraCall, ids: readonly string[]) =>
  ids.map((id) => ({ label: allFields(call).find((field) => field.id === id)?.name ?? id, value: id }))

/** `columns` of a JSON or form body; a bare list is refused. */
export function columnsOf(call: JiraCall): string[] {
  if (Array.isArray(call.body))
    throw badRequest('Invalid request payload. Refer to the REST API documentation and try again.')
  const columns = idsOf(bodyOf(call).columns)
  const unknown = columns.find((id) => !allFields(call).some((field) => field.id === id))
  if (unknown) throw badRequest(`The column '${unknown}' does not exist.`)
  return columns
}

export const standardColumns = (call: JiraCall): readonly string[] =>
  (call.tables.settings.get('columns')?.value as string[] | undefined) ?? DEFAULT_COLUMNS

export const users = operations({
  getUser: (call) => ok(fullUser(reader(call), userNamed(call, call.query), expandOf(call.query.expand))),
  bulkGetUsers(call) {
    const ids = idsOf(call.query.accountId)
    if (ids.length === 0) throw badRequest('The accountId query parameter must be provided.')
    const rows = ids.map((id) => call.tables.users.get(id)).filter((user) => user !== undefined)
    return ok(pageBean(call, rows, (user) => listedUser(reader(call), user), 10, 200))
  },
  bulkGetUsersMigration(call) {
    if (!call.query.username && !call.query.key) throw badRequest('Either username or key must be provided.')
    return ok([])
  },
  getAllUsers: (call) => page(call, call.tables.users.all()),
  getAllUsersDefault: (call) => page(call, call.tables.users.all()),
  /** Only apps may read e-mail addresses this way: others get 400, not 403 (seen live). */
  getUserEmail() {
    throw badRequest('This operation is only available to apps.')
  },
  getUserEmailBulk() {
    throw badRequest('This operation is only available to apps.')
  },
  getUserGroups(call) {
    const user = userNamed(call, call.query)
    return ok(call.tables.groups.where('member', user.accountId).map((group) => groupView(reader(call), group)))
  },
  createUser(call) {
    requireAdmin(call)
    const { emailAddress, displayName } = bodyOf(call) as { emailAddress?: string; displayName?: string }
    if (!emailAddress || !/^\S+@\S+$/.test(emailAddress)) throw badRequest('The email address is invalid.')
    if (call.tables.users.by('email', emailAddress.toLowerCase()))
      throw badRequest('A user with that email address already exists.')
    const user = call.tables.users.insert({
      accountId: `712020:${call.random.uuid()}`,
      accountType: 'atlassian',
      email: emailAddress,
      displayName: displayName ?? (emailAddress.split('@')[0] as string),
      active: true,
      timeZone: 'Etc/UTC',
      locale: 'en_US',
    })
    for (const name of ['jira-software-users', 'jira-users']) {
      const group = call.tables.groups.by('name', name)
      if (group) call.tables.groups.replace({ ...group, members: [...group.members, user.accountId] })
    }
    call.emit({ type: 'user_created', accountId: user.accountId })
    return created(fullUser(reader(call), user))
  },
  removeUser(call) {
    requireAdmin(call)
    const user = userNamed(call, call.query)
    for (const group of call.tables.groups.where('member', user.accountId)) {
      call.tables.groups.replace({ ...group, members: group.members.filter((id) => id !== user.accountId) })
    }
    call.tables.users.patch(user.accountId, { active: false })
    call.emit({ type: 'user_deleted', accountId: user.accountId })
    return noContent()
  },
  getUserDefaultColumns(call) {
    const me = signedIn(call)
    const user = call.query.accountId === undefined ? me : userNamed(call, { accountId: call.query.accountId })
    if (user.accountId !== me.accountId) requireAdmin(call)
    return ok(columnItems(call, user.columns ?? standardColumns(call)))
  },
  setUserColumns(call) {
    const { accountId } = call.query.accountId ? userNamed(call, { accountId: call.query.accountId }) : signedIn(call)
    call.tables.users.patch(accountId, { columns: columnsOf(call) })
    return { status: 200 }
  },
  resetUserColumns(call) {
    const { columns: _, ...user } = call.query.accountId
      ? userNamed(call, { accountId: call.query.accountId })
      : signedIn(call)
    call.tables.users.replace(user)
    return noContent()
  },

  findUsers: (call) =>
    page(
      call,
      searched(
        call,
        call.tables.users.all().filter((user) => user.active),
        true,
      ),
    ),
  findUsersByQuery(call) {
    const rows = userQuery(call)
    return ok(pageBean(call, rows, (user) => listedUser(reader(call), user), 100, 1000))
  },
  findUserKeysByQuery(call) {
    const rows = userQuery(call)
    return ok(pageBean(call, rows, (user) => ({ accountId: user.accountId }), 100, 1000))
  },
  findAssignableUsers(call) {
    const place = placeOf(call)
    if (!place) throw badRequest('No project, issue key or issue ID was provided')
    return page(call, withPermission(call, searched(call, people(call), false), 'ASSIGNABLE_USER', place))
  },
  findBulkAssignableUsers(call) {
    const projects = idsOf(call.query.projectKeys).map((key) => lookUpProject(call, key))
    if (projects.length === 0) throw badRequest('The projectKeys query parameter must be provided.')
    if (projects.includes(undefined)) throw notFound('No project could be found with the given keys.')
    const rows = searched(call, people(call), false).filter((user) =>
      (projects as Project[]).every((project) => can(call, user, 'ASSIGNABLE_USER', project)),
    )
    return page(call, rows)
  },
  findUsersWithBrowsePermission(call) {
    const { query, accountId } = call.query
    if (query === undefined && accountId === undefined)
      throw badRequest('The query or accountId query parameter must be provided.')
    const place = placeOf(call)
    const rows = searched(call, people(call), true)
    return page(call, place ? withPermission(call, rows, 'BROWSE_PROJECTS', place) : rows)
  },
  findUsersWithAllPermissions(call) {
    const permissions = idsOf(call.query.permissions)
    if (permissions.length === 0) throw badRequest('The permissions query parameter must be provided.')
    const place = placeOf(call)
    const rows = searched(call, people(call), false)
    return page(
      call,
      rows.filter((user) =>
        permissions.every((key) =>
          place ? can(call, user, key, place.project, place.issue) : canGlobally(call, user, key),
        ),
      ),
    )
  },
  findUsersForPicker(call) {
    const { query, maxResults = 50, showAvatar = false } = call.query
    const excluded = idsOf([call.query.exclude, call.query.excludeAccountIds].flat())
    const rows = people(call).filter((user) => matchesUser(user, query ?? '') && !excluded.includes(user.accountId))
    const shown = rows.slice(0, maxResults)
    return ok({
      users: shown.map((user) => pickedUser(user, query ?? '', showAvatar)),
      total: rows.length,
      header: `Showing ${shown.length} of ${rows.length} matching users`,
    })
  },
  findUsersAndGroups(call) {
    const { query = '', maxResults = 50, showAvatar = false } = call.query
    const users = people(call).filter((user) => matchesUser(user, query))
    const groups = call.tables.groups.all().filter((group) => group.name.toLowerCase().includes(query.toLowerCase()))
    return ok({
      users: {
        users: users.slice(0, maxResults).map((user) => pickedUser(user, query, showAvatar)),
        total: users.length,
        header: `Showing ${Math.min(maxResults, users.length)} of ${users.length} matching users`,
      },
      groups: {
        header: `Showing ${Math.min(maxResults, groups.length)} of ${groups.length} matching groups`,
        total: groups.length,
        groups: groups.slice(0, maxResults).map((group) => ({
          name: group.name,
          html: emphasised(group.name, query),
          labels: [],
          groupId: group.groupId,
        })),
      },
    })
  },
})

/** `is assignee of PROJ`, `is watcher of (…)`: the structured user query; else words. */
function userQuery(call: JiraCall): User[] {
  const { query } = call.query as { query?: string }
  if (!query) throw badRequest('The query parameter must be provided.')
  const match = /^is\s+(assignee|reporter|watcher|voter|commenter)\s+of\s+\(?([^)]+)\)?$/i.exec(query.trim())
  if (!match) throw badRequest(`Invalid query: ${query}`)
  const names = idsOf(match[2])
  const issues = call.tables.issues
    .all()
    .filter((issue) => names.includes(issue.key) || names.includes(issue.key.replace(/-\d+$/, '')))
  const of: Record<string, (issue: Issue) => readonly (string | null)[]> = {
    assignee: (issue) => [issue.assigneeId],
    reporter: (issue) => [issue.reporterId],
    watcher: (issue) => issue.watchers,
    voter: (issue) => issue.voters,
    commenter: (issue) => call.tables.comments.where('issue', issue.id).map((comment) => comment.authorId),
  }
  const ids = new Set(issues.flatMap((issue) => of[(match[1] as string).toLowerCase()]?.(issue) ?? []))
  return call.tables.users.all().filter((user) => ids.has(user.accountId))
}

export const emphasised = (text: string, part: string): string => {
  const at = part === '' ? -1 : text.toLowerCase().indexOf(part.toLowerCase())
  return at < 0 ? text : `${text.slice(0, at)}<b>${text.slice(at, at + part.length)}</b>${text.slice(at + part.length)}`
}

const pickedUser = (user: User, query: string, showAvatar: boolean) => ({
  accountId: user.accountId,
  accountType: user.accountType,
  html: emphasised(user.displayName, query),
  displayName: user.displayName,
  ...(showAvatar && { avatarUrl: userAvatars(user)['24x24'] }),
})

/** Groups are named by id or by name. */
function groupNamed(call: JiraCall, { groupId, groupname }: { groupId?: string; groupname?: string }) {
  if (groupId === undefined && groupname === undefined)
    throw badRequest("One of 'groupname' or 'groupId' must be provided.")
  const group =
    groupId !== undefined
      ? call.tables.groups.get(groupId)
      : call.tables.groups.by('name', (groupname ?? '').toLowerCase())
  if (!group)
    throw notFound(
      groupId !== undefined
        ? `The group with id '${groupId}' does not exist.`
        : `The group named '${groupname}' does not exist.`,
    )
  return group
}

export const groups = operations({
  getGroup(call) {
    const group = groupNamed(call, call.query)
    const members = group.members.map((id) => call.tables.users.get(id)).filter((user) => user !== undefined)
    const items = expandOf(call.query.expand).some((name) => name.startsWith('users'))
      ? members.map((user) => listedUser(reader(call), user))
      : []
    return ok({
      ...groupView(reader(call), group),
      users: {
        size: members.length,
        items,
        'max-results': 50,
        'start-index': 0,
        'end-index': Math.max(0, items.length - 1),
      },
      expand: 'users',
    })
  },
  createGroup(call) {
    requireAdmin(call)
    const name = String((bodyOf(call) as { name?: unknown }).name ?? '')
    if (!name) throw badRequest('A group name must be provided.')
    if (call.tables.groups.by('name', name.toLowerCase())) throw badRequest('A group with that name already exists.')
    const group = call.tables.groups.insert({ groupId: call.random.uuid(), name, members: [] })
    return created({
      ...groupView(reader(call), group),
      users: { size: 0, items: [], 'max-results': 50, 'start-index': 0, 'end-index': 0 },
      expand: 'users',
    })
  },
  removeGroup(call) {
    requireAdmin(call)
    const group = groupNamed(call, call.query)
    if (group.name === 'site-admins') throw forbidden('You cannot delete this group.')
    call.tables.groups.remove(group.groupId)
    return { status: 200 }
  },
  bulkGetGroups(call) {
    const ids = idsOf(call.query.groupId)
    const names = call.query.groupName ?? []
    const rows = call.tables.groups
      .all()
      .filter(
        (group) =>
          (ids.length === 0 && names.length === 0) || ids.includes(group.groupId) || names.includes(group.name),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    return ok(pageBean(call, rows, ({ name, groupId }) => ({ name, groupId })))
  },
  getUsersFromGroup(call) {
    const group = groupNamed(call, call.query)
    const members = group.members
      .map((id) => call.tables.users.get(id))
      .filter((user) => user !== undefined)
      .filter((user) => user.active || call.query.includeInactiveUsers)
    return ok(pageBean(call, members, (user) => listedUser(reader(call), user), 50, 50))
  },
  addUserToGroup(call) {
    requireAdmin(call)
    const group = groupNamed(call, call.query)
    const user = userNamed(call, bodyOf(call) as { accountId?: string })
    if (group.members.includes(user.accountId))
      throw badRequest('Cannot add user. User is already a member of the group.')
    call.tables.groups.replace({ ...group, members: [...group.members, user.accountId] })
    return created({
      ...groupView(reader(call), group),
      users: { size: group.members.length + 1, items: [], 'max-results': 50, 'start-index': 0, 'end-index': 0 },
      expand: 'users',
    })
  },
  removeUserFromGroup(call) {
    requireAdmin(call)
    const group = groupNamed(call, call.query)
    const user = userNamed(call, call.query)
    call.tables.groups.replace({ ...group, members: group.members.filter((id) => id !== user.accountId) })
    return { status: 200 }
  },
  findGroups(call) {
    const { query = '', accountId, maxResults = 20, caseInsensitive } = call.query
    const excluded = [...(call.query.exclude ?? []), ...(call.query.excludeId ?? [])]
    const fold = (text: string) => (caseInsensitive ? text.toLowerCase() : text)
    const rows = call.tables.groups
      .all()
      .filter((group) => fold(group.name).includes(fold(query)))
      .filter((group) => !excluded.includes(group.groupId) && !excluded.includes(group.name))
      .filter((group) => accountId === undefined || group.members.includes(accountId))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const shown = rows.slice(0, maxResults)
    return ok({
      header: `Showing ${shown.length} of ${rows.length} matching groups`,
      total: rows.length,
      groups: shown.map((group) => ({
        name: group.name,
        html: emphasised(group.name, query),
        labels: [],
        groupId: group.groupId,
      })),
    })
  },
})

const LOCALE = 'en_US'

/** Preferences are plain text both ways. */
export const myself = operations({
  getCurrentUser: (call) => ok(fullUser(reader(call), signedIn(call), expandOf(call.query.expand))),
  getPreference(call) {
    const { accountId } = signedIn(call)
    const row = call.tables.preferences.get(`${accountId}/${call.query.key}`)
    if (!row) throw notFound(`key '${call.query.key}' not found.`)
    return { status: 200, body: row.value, headers: { 'content-type': 'application/json;charset=UTF-8' } }
  },
  setPreference(call) {
    const { accountId } = signedIn(call)
    if (!call.query.key) throw notFound('The key query parameter must be provided.')
    const value = typeof call.body === 'string' ? call.body : call.request.text
    call.tables.preferences.put({ accountId, key: call.query.key, value })
    return noContent()
  },
  removePreference(call) {
    const { accountId } = signedIn(call)
    if (!call.tables.preferences.remove(`${accountId}/${call.query.key}`))
      throw notFound(`key '${call.query.key}' not found.`)
    return noContent()
  },
  getLocale: (call) => ok({ locale: call.caller.user?.locale ?? LOCALE }),
  setLocale(call) {
    const { locale } = bodyOf(call) as { locale?: string }
    if (!locale || !/^[a-z]{2}(_[A-Z]{2})?$/.test(locale)) throw badRequest('The locale is invalid.')
    call.tables.users.patch(signedIn(call).accountId, { locale })
    return noContent()
  },
})
