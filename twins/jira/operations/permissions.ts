import { ServiceError } from '../../../shared/kernel/dialect.ts'
import { ok } from '../../../shared/kernel/reply.ts'
import { isAdmin, type JiraCall } from '../context.ts'
import { badRequest, errorBody, forbidden, notFound } from '../errors.ts'
import { idsOf } from '../paging.ts'
import { lookUp, lookUpProject, projectOf } from '../rules/issues/find.ts'
import {
  can,
  canBrowse,
  canGlobally,
  canSee,
  PERMISSIONS,
  type PermissionInfo,
  permissionInfo,
} from '../rules/permissions.ts'
import type { Issue, Project } from '../tables.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

function known(keys: readonly string[]): PermissionInfo[] {
  const unknown = keys.filter((key) => !permissionInfo(key))
  if (unknown.length > 0) {
    throw new ServiceError({
      status: 400,
      body: errorBody([], Object.fromEntries(unknown.map((key) => [key, 'Unrecognized permission']))),
    })
  }
  return keys.map((key) => permissionInfo(key) as PermissionInfo)
}

/** Where the caller's permissions are asked: a project, an issue, or anywhere. */
function placeOf(call: JiraCall): { project: Project; issue?: Issue } | undefined {
  const { projectKey, projectId, issueKey, issueId } = call.query as Record<string, string | undefined>
  const { user } = call.caller
  const name = issueKey ?? issueId
  if (name !== undefined) {
    const issue = lookUp(call, name)
    if (!issue || !canSee(call, user, issue))
      throw notFound('Issue does not exist or you do not have permission to see it.')
    return { project: projectOf(call, issue), issue }
  }
  const key = projectKey ?? projectId
  if (key === undefined) return undefined
  const project = lookUpProject(call, key)
  if (!project || !canBrowse(call, user, project))
    throw notFound(
      projectKey !== undefined
        ? 'Could not find project with provided key.'
        : 'Could not find project with provided id.',
    )
  return { project }
}

export const permissions = operations({
  getMyPermissions(call) {
    const keys = idsOf(call.query.permissions)
    if (keys.length === 0) throw badRequest("The 'permissions' query parameter is required.")
    const infos = known(keys)
    const place = placeOf(call)
    const { user } = call.caller
    // Without a place a project permission counts when it is held anywhere.
    const has = ({ key, type }: PermissionInfo) => {
      if (type === 'GLOBAL') return canGlobally(call, user, key)
      if (place) return can(call, user, key, place.project, place.issue)
      return call.tables.projects.all().some((project) => !project.deleted && can(call, user, key, project))
    }
    const entry = (info: PermissionInfo) => ({
      id: String(PERMISSIONS.indexOf(info)),
      ...info,
      havePermission: has(info),
    })
    return ok({ permissions: Object.fromEntries(infos.map((info) => [info.key, entry(info)])) })
  },
  getAllPermissions: () => ok({ permissions: Object.fromEntries(PERMISSIONS.map((info) => [info.key, info])) }),
  getBulkPermissions(call) {
    const body = bodyOf(call) as {
      accountId?: string
      globalPermissions?: string[] | null
      projectPermissions?: { permissions: string[]; projects?: number[]; issues?: number[] }[] | null
    }
    const { accountId } = body
    const [globalPermissions, projectPermissions] = [body.globalPermissions ?? [], body.projectPermissions ?? []]
    if (accountId !== undefined && accountId !== call.caller.user?.accountId && !isAdmin(call, call.caller.user))
      throw forbidden('You do not have permission to check the permissions of other users.')
    const user = accountId === undefined ? call.caller.user : call.tables.users.get(accountId)
    known([...globalPermissions, ...projectPermissions.flatMap((row) => row.permissions)])
    return ok({
      projectPermissions: projectPermissions.flatMap(({ permissions: keys, projects = [], issues = [] }) =>
        keys.map((permission) => ({
          permission,
          issues: issues.filter((id) => {
            const issue = call.tables.issues.get(String(id))
            return issue && can(call, user, permission, projectOf(call, issue), issue)
          }),
          projects: projects.filter((id) => {
            const project = call.tables.projects.get(String(id))
            return project && can(call, user, permission, project)
          }),
        })),
      ),
      globalPermissions: globalPermissions.filter((key) => canGlobally(call, user, key)),
    })
  },
  getPermittedProjects(call) {
    const keys = idsOf(bodyOf(call).permissions)
    if (keys.length === 0) throw badRequest('At least one permission must be provided.')
    known(keys)
    const rows = call.tables.projects
      .all()
      .filter((project) => !project.deleted && keys.every((key) => can(call, call.caller.user, key, project)))
    return ok({ projects: rows.map(({ id, key }) => ({ id: Number(id), key })) })
  },
})
