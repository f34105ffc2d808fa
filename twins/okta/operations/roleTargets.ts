import type { Operations } from '../../../openapi/types/okta.ts'
import type { Handlers } from '../../../shared/kernel/call.ts'
import { noContent, ok } from '../../../shared/kernel/reply.ts'
import type { Caller } from '../caller.ts'
import { fail, invalid, notFound } from '../errors.ts'
import { PARTITION } from '../ids.ts'
import { plain } from '../links.ts'
import { page } from '../paging.ts'
import { CATALOGUE_APPS } from '../rules/appCatalogue.ts'
import { appByClient, appOf } from '../rules/apps.ts'
import { userOf } from '../rules/users.ts'
import { assignmentKey, type RoleAssignment, type RoleTarget } from '../tables/administration.ts'
import type { tables } from '../tables.ts'
import { isoTime } from '../time.ts'
import { groupView } from '../views/groups.ts'
import { type OktaCall, operations } from './define.ts'
import { groupOf } from './groups.ts'

/** What scoped roles are narrowed to: groups, apps by name, or single apps. The first target ends "all". */
const HOLDERS = {
  user: (call: OktaCall) => userOf(call, (call.params as { userId: string }).userId).id,
  group: (call: OktaCall) => groupOf(call, (call.params as { groupId: string }).groupId).id,
  client: (call: OktaCall) => appByClient(call, (call.params as { clientId: string }).clientId).clientId as string,
}

const GROUP_ROLES = new Set(['USER_ADMIN', 'HELP_DESK_ADMIN', 'GROUP_MEMBERSHIP_ADMIN'])

type Id = Extract<keyof Operations, string>
type Names = Record<
  'listApps' | 'addApp' | 'removeApp' | 'addInstance' | 'removeInstance' | 'listGroups' | 'addGroup' | 'removeGroup',
  Id
>

function family(holder: keyof typeof HOLDERS, names: Names): Handlers<Operations, typeof tables, Caller> {
  const role = (call: OktaCall) => assignmentOf(call, HOLDERS[holder](call))
  const params = (call: OktaCall) =>
    call.params as { appName: string; appId: string; targetGroupId?: string; groupId: string }
  const group = (call: OktaCall) => groupOf(call, params(call).targetGroupId ?? params(call).groupId)
  return {
    [names.listApps]: (call: OktaCall) => {
      const targets = targetsOf(call, role(call), 'APP')
      return page(call, targets, { limit: 20, max: 200, cursor: (aim) => aim.key }, (aim) => appTargetView(call, aim))
    },
    [names.addApp]: (call: OktaCall) => {
      const assignment = appRole(role(call))
      const { appName } = params(call)
      for (const aim of targetsOf(call, assignment, 'APP'))
        if (aim.target === appName) call.tables.roleTargets.remove(aim.key)
      put(call, assignment, { kind: 'APP', target: appName })
      return noContent()
    },
    [names.removeApp]: (call: OktaCall) => {
      const assignment = appRole(role(call))
      return drop(
        call,
        assignment,
        (aim) => aim.target === params(call).appName && aim.appId === undefined,
        params(call).appName,
      )
    },
    [names.addInstance]: (call: OktaCall) => {
      const assignment = appRole(role(call))
      const app = appOf(call, params(call).appId)
      // One instance under a name takes the place of the whole name.
      for (const aim of targetsOf(call, assignment, 'APP')) {
        if (aim.target === app.name && aim.appId === undefined) call.tables.roleTargets.remove(aim.key)
      }
      put(call, assignment, { kind: 'APP', target: app.name, appId: app.id })
      return noContent()
    },
    [names.removeInstance]: (call: OktaCall) => {
      const { appId } = params(call)
      return drop(call, appRole(role(call)), (aim) => aim.appId === appId, appId)
    },
    [names.listGroups]: (call: OktaCall) => {
      const groups = targetsOf(call, role(call), 'GROUP').flatMap((aim) => call.tables.groups.get(aim.target) ?? [])
      return page(call, groups, { limit: 20, max: 200 }, (target) => groupView(target, call))
    },
    [names.addGroup]: (call: OktaCall) => {
      const assignment = groupRole(role(call))
      put(call, assignment, { kind: 'GROUP', target: group(call).id })
      return noContent()
    },
    [names.removeGroup]: (call: OktaCall) => {
      const { id } = group(call)
      return drop(call, groupRole(role(call)), (aim) => aim.target === id, id)
    },
  } as Handlers<Operations, typeof tables, Caller>
}

export const userTargets = {
  ...family('user', {
    listApps: 'listApplicationTargetsForApplicationAdministratorRoleForUser',
    addApp: 'assignAppTargetToAdminRoleForUser',
    removeApp: 'unassignAppTargetFromAppAdminRoleForUser',
    addInstance: 'assignAppInstanceTargetToAppAdminRoleForUser',
    removeInstance: 'unassignAppInstanceTargetFromAdminRoleForUser',
    listGroups: 'listGroupTargetsForRole',
    addGroup: 'assignGroupTargetToUserRole',
    removeGroup: 'unassignGroupTargetFromUserAdminRole',
  }),
  ...operations({
    /** Back to all apps. The contract says 200; okta-sdk-dotnet's live suite has 204. */
    assignAllAppsAsTargetToRoleForUser(call) {
      const assignment = assignmentOf(call as unknown as OktaCall, userOf(call, call.params.userId).id)
      for (const aim of targetsOf(call, assignment, 'APP')) call.tables.roleTargets.remove(aim.key)
      return noContent()
    },

    getRoleTargetsByUserIdAndRoleId(call) {
      const assignment = assignmentOf(
        call as unknown as OktaCall,
        userOf(call, call.params.userId).id,
        call.params.roleIdOrEncodedRoleId,
      )
      const [org] = call.tables.org.all()
      const aims = call.tables.roleTargets.where('assignment', assignment.key)
      return ok(
        aims.map((aim) => ({
          assignmentType: 'USER',
          expiration: null,
          orn:
            aim.kind === 'GROUP'
              ? `orn:${PARTITION}:directory:${org?.id}:groups:${aim.target}`
              : `orn:${PARTITION}:idp:${org?.id}:apps:${aim.target}${aim.appId ? `:${aim.appId}` : ''}`,
          _links: {
            self: plain(
              call,
              aim.kind === 'GROUP' ? `/api/v1/groups/${aim.target}` : `/api/v1/apps/${aim.appId ?? ''}`,
            ),
          },
        })),
      )
    },
  }),
}

export const groupTargets = family('group', {
  listApps: 'listApplicationTargetsForApplicationAdministratorRoleForGroup',
  addApp: 'assignAppTargetToAdminRoleForGroup',
  removeApp: 'unassignAppTargetToAdminRoleForGroup',
  addInstance: 'assignAppInstanceTargetToAppAdminRoleForGroup',
  removeInstance: 'unassignAppInstanceTargetToAppAdminRoleForGroup',
  listGroups: 'listGroupTargetsForGroupRole',
  addGroup: 'assignGroupTargetToGroupAdminRole',
  removeGroup: 'unassignGroupTargetFromGroupAdminRole',
})

export const clientTargets = family('client', {
  listApps: 'listAppTargetRoleToClient',
  addApp: 'assignAppTargetRoleToClient',
  removeApp: 'removeAppTargetRoleFromClient',
  addInstance: 'assignAppTargetInstanceRoleForClient',
  removeInstance: 'removeAppTargetInstanceRoleForClient',
  listGroups: 'listGroupTargetRoleForClient',
  addGroup: 'assignGroupTargetRoleForClient',
  removeGroup: 'removeGroupTargetRoleFromClient',
})

function assignmentOf(call: OktaCall, holderId: string, named?: string): RoleAssignment {
  const id = named ?? (call.params as { roleAssignmentId: string }).roleAssignmentId
  return call.tables.roleAssignments.get(assignmentKey(holderId, id)) ?? notFound(id, 'RoleAssignment')
}

function appRole(assignment: RoleAssignment): RoleAssignment {
  if (assignment.type !== 'APP_ADMIN') fail('E0000091')
  return assignment
}

function groupRole(assignment: RoleAssignment): RoleAssignment {
  if (!GROUP_ROLES.has(assignment.type)) fail('E0000091')
  return assignment
}

const targetsOf = (
  call: Pick<OktaCall, 'tables'>,
  assignment: RoleAssignment,
  kind: RoleTarget['kind'],
): RoleTarget[] => call.tables.roleTargets.where('assignment', assignment.key).filter((aim) => aim.kind === kind)

function put(call: OktaCall, assignment: RoleAssignment, aim: Pick<RoleTarget, 'kind' | 'target' | 'appId'>): void {
  const key = `${assignment.key}/${aim.target}/${aim.appId ?? ''}`
  call.tables.roleTargets.put({ key, assignment: assignment.key, since: call.now, ...aim })
}

/** A role narrowed to nothing would be one over everything: the last target stays until the role goes. */
function drop(call: OktaCall, assignment: RoleAssignment, is: (aim: RoleTarget) => boolean, name: string) {
  const aims = call.tables.roleTargets.where('assignment', assignment.key)
  const aim = aims.find(is) ?? notFound(name, 'RoleTarget')
  if (aims.length === 1)
    invalid('roleTarget', ['The last target of a role cannot be removed. Remove the role instead.'])
  call.tables.roleTargets.remove(aim.key)
  return noContent()
}

/** What the catalogue shows of an integration without a picture of its own. */
const LOGO = {
  name: 'medium',
  href: 'https://ok14static.oktacdn.com/assets/img/logos/default.png',
  type: 'image/png',
}

/** `acme_desk` → `Acme Desk` */
const titled = (name: string): string =>
  name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')

function appTargetView(call: OktaCall, aim: RoleTarget) {
  const app = aim.appId === undefined ? undefined : call.tables.apps.get(aim.appId)
  if (!app) {
    return {
      name: aim.target,
      displayName: titled(aim.target),
      description: '',
      status: 'ACTIVE',
      lastUpdated: isoTime(aim.since),
      category: '',
      verificationStatus: 'OKTA_VERIFIED',
      website: '',
      signOnModes: CATALOGUE_APPS[aim.target]?.modes ?? ['BROWSER_PLUGIN'],
      features: ['DEFAULT_PUSH_STATUS_TO_PUSH'],
      _links: { logo: [LOGO], self: plain(call, `/api/v1/catalog/apps/${aim.target}`) },
    }
  }
  return { name: app.label, status: app.status, id: app.id, _links: { self: plain(call, `/api/v1/apps/${app.id}`) } }
}
