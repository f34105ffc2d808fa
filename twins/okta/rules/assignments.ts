import { appTarget, type Recorder, record, userTarget } from '../events.ts'
import { type App, type AppUser, pairKey } from '../tables/applications.ts'
import type { User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { assignmentProfile, assignmentStatus, userNameFor } from './appProfile.ts'

/** What an administrator says of a direct assignment. */
export interface Given {
  readonly credentials?: Json
  readonly profile?: Json
}

/** A new assignment of a user to an app, not yet stored. */
export function newAssignment(
  call: Pick<Recorder, 'tables' | 'now'>,
  app: App,
  user: User,
  scope: AppUser['scope'],
  groupIds: readonly string[],
  given: Given = {},
): AppUser {
  const { password, ...credentials } = (given.credentials ?? {}) as { password?: { value?: string } }
  return {
    appId: app.id,
    userId: user.id,
    scope,
    groupIds,
    status: assignmentStatus(app),
    created: call.now,
    lastUpdated: call.now,
    statusChanged: call.now,
    ...(password?.value !== undefined && { password: password.value, passwordChanged: call.now }),
    credentials: { userName: userNameFor(app, user), ...credentials },
    profile: { ...assignmentProfile(call, app, user), ...given.profile },
  }
}

/** After a change of groups: group assignments of the user follow, direct ones stay what they are. */
export function followGroups(call: Recorder, user: User): void {
  const { tables } = call
  const groupIds = new Set(tables.memberships.where('user', user.id).map((membership) => membership.groupId))
  const granted = new Map<string, string[]>()
  const every = tables.groups.where('name', 'everyone').find((group) => group.type === 'BUILT_IN')
  if (every && user.status !== 'DEPROVISIONED') groupIds.add(every.id)
  for (const groupId of groupIds) {
    for (const assignment of tables.appGroups.where('group', groupId)) {
      granted.set(assignment.appId, [...(granted.get(assignment.appId) ?? []), groupId])
    }
  }
  for (const own of tables.appUsers.where('user', user.id)) {
    const groups = granted.get(own.appId) ?? []
    granted.delete(own.appId)
    if (groups.length === own.groupIds.length && groups.every((id) => own.groupIds.includes(id))) continue
    if (groups.length === 0 && own.scope === 'GROUP') unassign(call, own, user)
    else tables.appUsers.patch(pairKey(own.appId, user.id), { groupIds: groups })
  }
  for (const [appId, groups] of granted) {
    const app = tables.apps.get(appId)
    if (!app) continue
    tables.appUsers.insert(newAssignment(call, app, user, 'GROUP', groups))
    record(call, 'application.user_membership.add', [userTarget(user), appTarget(app)])
  }
}

/** Ends an assignment. */
export function unassign(call: Recorder, assignment: AppUser, user: User | undefined): void {
  call.tables.appUsers.remove(pairKey(assignment.appId, assignment.userId))
  const app = call.tables.apps.get(assignment.appId)
  if (app && user) record(call, 'application.user_membership.remove', [userTarget(user), appTarget(app)])
}
