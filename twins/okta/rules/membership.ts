import { groupTarget, type Recorder, record, userTarget } from '../events.ts'
import type { Group, Membership, User } from '../tables/directory.ts'
import { membershipKey } from '../tables/directory.ts'
import { followGroups } from './assignments.ts'
import { rolesOf } from './permissions.ts'

/** The built-in group of everybody. */
export const EVERYONE = 'Everyone'

/** The built-in group of whoever has a role. */
export const ADMINISTRATORS = 'Okta Administrators'

/** Everybody but the deactivated is in Everyone, which therefore holds no rows. */
export const isEveryone = (group: Group): boolean => group.type === 'BUILT_IN' && group.profile.name === EVERYONE

/** Nor does the group of administrators: being one makes a member. */
const isAdministrators = (group: Group): boolean => group.type === 'BUILT_IN' && group.profile.name === ADMINISTRATORS

export function everyone(call: Pick<Recorder, 'tables'>): Group {
  const group = call.tables.groups.where('name', EVERYONE.toLowerCase()).find(isEveryone)
  if (!group) throw new Error('The org has no group Everyone')
  return group
}

/** The groups of a user, Everyone included, Okta Administrators not (recorded), in order of their ids. */
export function groupsOf(call: Pick<Recorder, 'tables'>, user: User): Group[] {
  if (user.status === 'DEPROVISIONED') return []
  const ids = call.tables.memberships.where('user', user.id).map((membership) => membership.groupId)
  const groups = ids.flatMap((id) => call.tables.groups.get(id) ?? [])
  return [everyone(call), ...groups].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Members of a group in order of their ids. */
export function membersOf(call: Pick<Recorder, 'tables'>, group: Group): User[] {
  if (group.type === 'BUILT_IN') return call.tables.users.all().filter((user) => isMember(call, group, user))
  return call.tables.memberships
    .where('group', group.id)
    .flatMap((member) => call.tables.users.get(member.userId) ?? [])
}

export function isMember(call: Pick<Recorder, 'tables'>, group: Group, user: User): boolean {
  if (isEveryone(group)) return user.status !== 'DEPROVISIONED'
  if (isAdministrators(group)) return rolesOf(call.tables, user.id).length > 0
  return call.tables.memberships.has(membershipKey(group.id, user.id))
}

/** Puts a user into a group: by hand, or by a rule. Doing so twice changes nothing. */
export function join(call: Recorder, group: Group, user: User, rule?: string): void {
  if (isEveryone(group)) return
  const { memberships } = call.tables
  const known = memberships.get(membershipKey(group.id, user.id))
  const next: Membership = {
    groupId: group.id,
    userId: user.id,
    since: known?.since ?? call.now,
    byHand: known?.byHand || rule === undefined,
    byRules: rule === undefined ? (known?.byRules ?? []) : [...new Set([...(known?.byRules ?? []), rule])],
  }
  memberships.put(next)
  if (known) return
  call.tables.groups.patch(group.id, { lastMembershipUpdated: call.now })
  record(call, 'group.user_membership.add', [userTarget(user), groupTarget(group)], rule ? { actor: 'system' } : {})
  followGroups(call, user)
}

/** Takes a user out of a group, whoever put them in. */
export function leave(call: Recorder, group: Group, user: User, byRule = false): void {
  const removed = call.tables.memberships.remove(membershipKey(group.id, user.id))
  if (!removed) return
  call.tables.groups.patch(group.id, { lastMembershipUpdated: call.now })
  record(
    call,
    'group.user_membership.remove',
    [userTarget(user), groupTarget(group)],
    byRule ? { actor: 'system' } : {},
  )
  followGroups(call, user)
}
