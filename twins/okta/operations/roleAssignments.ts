import type { Operations } from '../../../openapi/types/okta.ts'
import type { Handlers } from '../../../shared/kernel/call.ts'
import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import type { Caller } from '../caller.ts'
import { blank, fail, invalid, notFound } from '../errors.ts'
import { groupTarget, record, target, userTarget } from '../events.ts'
import { PARTITION } from '../ids.ts'
import { plain } from '../links.ts'
import { objectBody } from '../resource.ts'
import { appByClient } from '../rules/apps.ts'
import { EVERYONE } from '../rules/membership.ts'
import { assign, dropAssignment, SCOPED, STANDARD_ROLES } from '../rules/roles.ts'
import { userOf } from '../rules/users.ts'
import { assignmentKey, type RoleAssignment } from '../tables/administration.ts'
import type { tables } from '../tables.ts'
import { isoTime } from '../time.ts'
import { textIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'
import { groupOf } from './groups.ts'

/** Who holds administrator roles, and which. Users, groups and OAuth clients share all of it but their names. */
interface Holder {
  readonly kind: RoleAssignment['holder']
  readonly id: string
  readonly path: string
}

type Find = (call: OktaCall) => Holder

const user: Find = (call) => {
  const { id } = userOf(call, (call.params as { userId: string }).userId)
  return { kind: 'USER', id, path: `/api/v1/users/${id}` }
}
const group: Find = (call) => {
  const { id } = groupOf(call, (call.params as { groupId: string }).groupId)
  return { kind: 'GROUP', id, path: `/api/v1/groups/${id}` }
}
const client: Find = (call) => {
  const id = appByClient(call, (call.params as { clientId: string }).clientId).clientId as string
  return { kind: 'CLIENT', id, path: `/oauth2/v1/clients/${id}` }
}

type Names = Record<'list' | 'assign' | 'get' | 'unassign', Extract<keyof Operations, string>>

/**
 * The four operations of one kind of holder.
 *
 * @param listed whose roles are listed: nobody's, when it finds nobody
 */
function family(
  find: Find,
  names: Names,
  listed: (call: OktaCall) => Holder | undefined = find,
): Handlers<Operations, typeof tables, Caller> {
  const one = (call: OktaCall) => {
    const holder = find(call)
    const { roleAssignmentId } = call.params as { roleAssignmentId: string }
    return (
      call.tables.roleAssignments.get(assignmentKey(holder.id, roleAssignmentId)) ??
      notFound(roleAssignmentId, 'RoleAssignment')
    )
  }
  return {
    [names.list]: (call: OktaCall) => {
      const holder = listed(call)
      return ok(holder ? [...heldBy(call, holder), ...inherited(call, holder)] : [])
    },
    [names.assign]: (call: OktaCall) => {
      const holder = find(call)
      return created(roleView(call, granted(call, holder), holder))
    },
    [names.get]: (call: OktaCall) => ok(roleView(call, one(call), find(call))),
    [names.unassign]: (call: OktaCall) => {
      const assignment = one(call)
      dropAssignment(call.tables, assignment)
      told(call, find(call), 'revoke', assignment)
      return noContent()
    },
  } as Handlers<Operations, typeof tables, Caller>
}

export const userRoles = family(user, {
  list: 'listAssignedRolesForUser',
  assign: 'assignRoleToUser',
  get: 'getUserAssignedRole',
  unassign: 'unassignRoleFromUser',
})

/** A group that is not there has no roles: its list is empty, where a user's would be missing (okta-sdk-dotnet). */
export const groupRoles = family(
  group,
  {
    list: 'listGroupAssignedRoles',
    assign: 'assignRoleToGroup',
    get: 'getGroupAssignedRole',
    unassign: 'unassignRoleFromGroup',
  },
  (call) => (call.tables.groups.has((call.params as { groupId: string }).groupId) ? group(call) : undefined),
)

export const clientRoles = family(client, {
  list: 'listRolesForClient',
  assign: 'assignRoleToClient',
  get: 'retrieveClientRole',
  unassign: 'deleteRoleFromClient',
})

/** Everybody with a role, by their own right or through a group. */
export const roleHolders = operations({
  listUsersWithRoleAssignments(call) {
    const [org] = call.tables.org.all()
    const holders = new Set(
      call.tables.roleAssignments.all().flatMap((assignment) => {
        if (assignment.holder === 'USER') return [assignment.holderId]
        if (assignment.holder === 'CLIENT') return []
        return call.tables.memberships.where('group', assignment.holderId).map((member) => member.userId)
      }),
    )
    const limit = Number((call.query as { limit?: number }).limit ?? 100)
    const after = (call.query as { after?: string }).after
    const ids = [...holders].sort().filter((id) => after === undefined || id > after)
    const value = ids.slice(0, limit).map((id) => ({
      id,
      orn: `orn:${PARTITION}:directory:${org?.id}:users:${id}`,
      _links: { roles: plain(call, `/api/v1/users/${id}/roles`), self: plain(call, `/api/v1/users/${id}`) },
    }))
    const next = ids.length > limit ? `/api/v1/iam/assignees/users?after=${ids[limit - 1]}&limit=${limit}` : undefined
    return ok({ value, ...(next && { _links: { next: plain(call, next) } }) })
  },

  getUserAssignedRoleGovernance(call) {
    const holder = user(call as unknown as OktaCall)
    const { roleAssignmentId } = call.params
    if (!call.tables.roleAssignments.has(assignmentKey(holder.id, roleAssignmentId)))
      notFound(roleAssignmentId, 'RoleAssignment')
    const self = `${holder.path}/roles/${roleAssignmentId}/governance`
    return ok({ grants: [], _links: { self: plain(call, self), assignee: plain(call, holder.path) } })
  },
})

const place = (type: string): number => SCOPED.indexOf(type) + 1 || SCOPED.length + 1

/** Roles that can be narrowed lead the list, in Okta's own order; the others follow as they were given. */
const heldBy = (call: OktaCall, holder: Holder) =>
  call.tables.roleAssignments
    .where('holder', holder.id)
    .sort((a, b) => place(a.type) - place(b.type))
    .map((assignment) => roleView(call, assignment, holder))

/** Roles a user has through groups. */
function inherited(call: OktaCall, holder: Holder) {
  if (holder.kind !== 'USER') return []
  return call.tables.memberships
    .where('user', holder.id)
    .flatMap(({ groupId }) =>
      call.tables.roleAssignments
        .where('holder', groupId)
        .map((assignment) =>
          roleView(call, assignment, { kind: 'GROUP', id: groupId, path: `/api/v1/groups/${groupId}` }),
        ),
    )
}

function granted(call: OktaCall, holder: Holder): RoleAssignment {
  const body = objectBody(call)
  const type = textIn(body, 'type')
  if (!type) return invalid('type', [blank('type')])
  if (holder.kind === 'GROUP') checkGroup(call, holder.id)
  if (type === 'CUSTOM') {
    const roleId = textIn(body, 'role') ?? ''
    const resourceSetId = textIn(body, 'resource-set') ?? ''
    const role =
      call.tables.customRoles.get(roleId) ??
      call.tables.customRoles.by('label', roleId) ??
      notFound(roleId, 'CustomRole')
    const set = call.tables.resourceSets.get(resourceSetId) ?? notFound(resourceSetId, 'IAMPolicy')
    const assignment = assign(call, {
      holder: holder.kind,
      holderId: holder.id,
      type,
      roleId: role.id,
      resourceSetId: set.id,
      label: role.label,
    })
    told(call, holder, 'grant', assignment)
    return assignment
  }
  if (!(type in STANDARD_ROLES)) invalid('type', [`type: '${type}' is not a role`])
  const known = call.tables.roleAssignments.where('holder', holder.id).some((assignment) => assignment.type === type)
  if (known) fail('E0000090')
  const assignment = assign(call, { holder: holder.kind, holderId: holder.id, type })
  told(call, holder, 'grant', assignment)
  return assignment
}

/** Which groups may hold roles. */
function checkGroup(call: OktaCall, id: string): void {
  const { groups, groupRules, memberships } = call.tables
  const found = groups.get(id)
  if (found?.type === 'BUILT_IN' || found?.profile.name === EVERYONE) fail('E0000211', found.profile.name)
  if (found?.type === 'APP_GROUP') fail('E0000194')
  if (groupRules.where('group', id).length > 0) fail('E0000192')
  if (memberships.count('group', id) > 5000) fail('E0000193')
}

function told(call: OktaCall, holder: Holder, what: 'grant' | 'revoke', assignment: RoleAssignment): void {
  const debugData = { privilegeGranted: assignment.label }
  if (holder.kind === 'USER') {
    const holding = call.tables.users.get(holder.id)
    if (holding) record(call, `user.account.privilege.${what}`, [userTarget(holding)], { debugData })
  } else if (holder.kind === 'GROUP') {
    const holding = call.tables.groups.get(holder.id)
    if (holding) record(call, `group.privilege.${what}`, [groupTarget(holding)], { debugData })
  } else
    record(call, `app.oauth2.client.privilege.${what}`, [target('PublicClientApp', holder.id, holder.id)], {
      debugData,
    })
}

/** A role as its holder has it. */
function roleView(call: OktaCall, assignment: RoleAssignment, holder: Holder) {
  const custom = assignment.type === 'CUSTOM'
  return {
    id: assignment.id,
    label: assignment.label,
    type: assignment.type,
    status: 'ACTIVE',
    created: isoTime(assignment.created),
    lastUpdated: isoTime(assignment.lastUpdated),
    assignmentType: holder.kind,
    ...(custom && { 'resource-set': assignment.resourceSetId, role: assignment.roleId }),
    _links: {
      assignee: plain(call, holder.path),
      ...(custom && {
        role: plain(call, `/api/v1/iam/roles/${assignment.roleId}`),
        'resource-set': plain(call, `/api/v1/iam/resource-sets/${assignment.resourceSetId}`),
        permissions: plain(call, `/api/v1/iam/roles/${assignment.roleId}/permissions`),
        member: plain(
          call,
          `/api/v1/iam/resource-sets/${assignment.resourceSetId}/bindings/${assignment.roleId}/members/${assignment.id}`,
        ),
      }),
    },
  }
}
