import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound, requireFields, taken } from '../errors.ts'
import { groupTarget, record } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import { plain } from '../links.ts'
import { page } from '../paging.ts'
import { objectBody } from '../resource.ts'
import { unassignGroup } from '../rules/appGroups.ts'
import { applyRules, excludeFromRules, invalidateRules } from '../rules/groupRules.ts'
import { groupOrder, groupsFiltered, groupsSearched } from '../rules/groupSearch.ts'
import { groupsOf, join, leave, membersOf } from '../rules/membership.ts'
import { compact, profileComplaints, undefinedAttributes } from '../rules/profile.ts'
import { userOf } from '../rules/users.ts'
import { type Group, membershipKey } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import type { OktaTables } from '../tables.ts'
import { appView } from '../views/applications.ts'
import { groupView } from '../views/groups.ts'
import { listedUser } from '../views/users.ts'
import { objectIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

const PAGE = { limit: 10_000, max: 10_000 }

/** Groups and their members. */
export const groups = operations({
  listGroups(call) {
    const { search, filter, q, sortBy, sortOrder, expand } = call.query as Record<string, string | undefined>
    if (call.caller.kind === 'client' && call.caller.roles.length === 0) return page(call, [], PAGE, () => ({}))
    const view = (group: Group) => expanded(call, group, expand)
    const filtered = () => (filter ? groupsFiltered(call, filter) : call.tables.groups.all())
    if (q) {
      const limit = Math.min(Number(call.query.limit ?? 300), 10_000)
      const wanted = q.toLowerCase()
      const hits = filtered().filter((group) => group.profile.name.toLowerCase().startsWith(wanted))
      return ok(hits.slice(0, limit).map(view))
    }
    if (search) {
      const list = groupsSearched(call, search, sortBy, sortOrder)
      return page(call, list, { ...PAGE, ...groupOrder(sortBy, sortOrder) }, view)
    }
    return page(call, filtered(), PAGE, view)
  },

  addGroup(call) {
    const body = objectBody(call)
    const profile = checkedProfile(call.tables, objectIn(body, 'profile'), undefined)
    const group = call.tables.groups.insert({
      id: newId(call, PREFIX.group),
      type: 'OKTA_GROUP',
      created: call.now,
      lastUpdated: call.now,
      lastMembershipUpdated: call.now,
      objectClass: ['okta:user_group'],
      profile,
    })
    record(call, 'group.lifecycle.create', [groupTarget(group)])
    return ok(groupView(group, call))
  },

  getGroup(call) {
    return ok(groupView(groupOf(call, call.params.groupId), call))
  },

  /** Replaces the whole profile. */
  replaceGroup(call) {
    const group = changeable(groupOf(call, call.params.groupId))
    const profile = checkedProfile(call.tables, objectIn(objectBody(call), 'profile'), group)
    const changed = call.tables.groups.patch(group.id, { profile, lastUpdated: call.now })
    record(call, 'group.profile.update', [groupTarget(changed)])
    return ok(groupView(changed, call))
  },

  deleteGroup(call) {
    const group = changeable(groupOf(call, call.params.groupId))
    const { tables } = call
    for (const assignment of tables.appGroups.where('group', group.id)) unassignGroup(call, assignment)
    for (const member of membersOf(call, group)) leave(call, group, member, true)
    for (const owner of [
      ...tables.groupOwners.where('group', group.id),
      ...tables.groupOwners.where('owner', group.id),
    ]) {
      tables.groupOwners.remove(owner.key)
    }
    for (const role of tables.roleAssignments.where('holder', group.id)) tables.roleAssignments.remove(role.key)
    for (const aim of tables.roleTargets.where('target', group.id)) tables.roleTargets.remove(aim.key)
    tables.groups.remove(group.id)
    invalidateRules(call, group.id)
    record(call, 'group.lifecycle.delete', [groupTarget(group)])
    return noContent()
  },

  listGroupUsers(call) {
    const group = groupOf(call, call.params.groupId)
    return page(call, membersOf(call, group), { limit: 1000, max: 1000 }, (user) => listedUser(user, call))
  },

  assignUserToGroup(call) {
    const group = changeable(groupOf(call, call.params.groupId))
    const user = userOf(call, call.params.userId)
    join(call, group, user)
    applyRules(call, user.id)
    return noContent()
  },

  unassignUserFromGroup(call) {
    const group = changeable(groupOf(call, call.params.groupId))
    const user = userOf(call, call.params.userId)
    const rules = call.tables.memberships.get(membershipKey(group.id, user.id))?.byRules ?? []
    leave(call, group, user)
    excludeFromRules(call, rules, user)
    applyRules(call, user.id)
    return noContent()
  },

  listAssignedApplicationsForGroup(call) {
    const group = groupOf(call, call.params.groupId)
    const apps = call.tables.appGroups
      .where('group', group.id)
      .flatMap(({ appId }) => call.tables.apps.get(appId) ?? [])
    return page(call, apps, { limit: 20, max: 200 }, (app) => appView(app, call))
  },

  listUserGroups(call) {
    const user = userOf(call, call.params.id)
    return page(call, groupsOf(call, user), { limit: 200 }, (group) => groupView(group, call))
  },
})

/** The group a path names. */
export const groupOf = (call: { readonly tables: OktaTables }, id: string): Group =>
  call.tables.groups.get(id) ?? notFound(id, 'UserGroup')

/** Built-in groups and those of apps cannot be changed through the API. */
function changeable(group: Group): Group {
  if (group.type === 'BUILT_IN') fail('E0000006')
  if (group.type === 'APP_GROUP') invalid('group', ['Only groups of type OKTA_GROUP can be changed'])
  return group
}

/** A group's profile, complete and checked against the group schema; names are unique without regard to case. */
function checkedProfile(tables: OktaTables, given: Json, self: Group | undefined): Group['profile'] {
  requireFields(given, ['name'])
  const schema = tables.schemas.get('group')
  if (!schema) throw new Error('The org has no group schema')
  const [unknown] = undefinedAttributes(schema, given)
  if (unknown !== undefined) invalid('profile', [`Property name '${unknown}' is not defined in profile`])
  const complaints = profileComplaints(schema, given)
  const clash = tables.groups.where('name', String(given.name).toLowerCase()).some((group) => group.id !== self?.id)
  if (clash) complaints.push({ field: 'name', cause: taken('name') })
  const [first] = complaints
  if (first)
    invalid(
      first.field,
      complaints.map(({ cause }) => cause),
    )
  return { ...compact(given), name: String(given.name), description: given.description ?? null }
}

/** `expand=stats` and `expand=app`. */
function expanded(call: OktaCall, group: Group, expand: string | undefined) {
  const view = groupView(group, call)
  if (!expand) return view
  const wanted = expand.split(',')
  const { tables } = call
  const roles = tables.roleAssignments.where('holder', group.id)
  const embedded = {
    ...(wanted.includes('stats') && {
      stats: {
        usersCount: membersOf(call, group).length,
        appsCount: tables.appGroups.count('group', group.id),
        groupPushMappingsCount: tables.groupPushMappings.all().filter(({ data }) => data.sourceGroupId === group.id)
          .length,
        hasAdminPrivilege: roles.length > 0,
        _links: {
          self: plain(call, `/api/v1/groups?filter=${encodeURIComponent(`id eq "${group.id}"`)}&expand=stats`),
        },
      },
    }),
    ...(wanted.includes('app') &&
      group.appId !== undefined &&
      tables.apps.has(group.appId) && {
        app: appView(tables.apps.get(group.appId) as NonNullable<ReturnType<typeof tables.apps.get>>, call),
      }),
  }
  return Object.keys(embedded).length ? { ...view, _embedded: embedded } : view
}
