import type { Recorder } from '../events.ts'
import { pairKey } from '../tables/applications.ts'
import type { User } from '../tables/directory.ts'
import type { Document } from '../tables/document.ts'
import { newAssignment, unassign } from './assignments.ts'
import { isMember, join, leave, membersOf } from './membership.ts'

/** Who holds an app or a group. */
export function holdersOf(call: Recorder, resourceId: string): User[] {
  const group = call.tables.groups.get(resourceId)
  if (group) return membersOf(call, group)
  return call.tables.appUsers.where('app', resourceId).flatMap(({ userId }) => call.tables.users.get(userId) ?? [])
}

/** Gives somebody an app or puts them into a group; who has it keeps it. */
export function giveAccess(call: Recorder, resourceId: string, user: User): void {
  const { apps, appUsers, groups } = call.tables
  const app = apps.get(resourceId)
  if (app && !appUsers.has(pairKey(app.id, user.id))) appUsers.insert(newAssignment(call, app, user, 'USER', []))
  const group = groups.get(resourceId)
  if (group && !isMember(call, group, user)) join(call, group, user)
}

/** Takes an app or a group away. An app that a group gives stays: it goes with the group. */
export function takeAccess(call: Recorder, resourceId: string, user: User): 'SUCCESS' | 'MANUAL' {
  const group = call.tables.groups.get(resourceId)
  if (group) leave(call, group, user)
  const assignment = call.tables.appUsers.get(pairKey(resourceId, user.id))
  if (assignment?.scope === 'GROUP') return 'MANUAL'
  if (assignment) unassign(call, assignment, user)
  return 'SUCCESS'
}

/** Grants of Governance in force: not ended, not expired. */
export function activeGrants(call: Pick<Recorder, 'tables' | 'now'>, userId: string, appId?: string): Document[] {
  return call.tables.governanceGrants
    .all()
    .filter((grant) => grant.data.userId === userId && (appId === undefined || grant.data.appId === appId))
    .filter((grant) => grantStatus(call, grant) === 'ACTIVE')
}

export function grantStatus(call: Pick<Recorder, 'now'>, { status, data }: Document): string {
  const { expirationDate } = (data.scheduleSettings ?? {}) as { expirationDate?: string }
  const over = expirationDate !== undefined && Date.parse(expirationDate) <= call.now
  return status === 'ACTIVE' && over ? 'EXPIRED' : String(status)
}
