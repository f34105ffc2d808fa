import { appTarget, groupTarget, type Recorder, record } from '../events.ts'
import { type AppGroup, pairKey } from '../tables/applications.ts'
import { followGroups } from './assignments.ts'
import { membersOf } from './membership.ts'

/** Ends the assignment of a group to an app; who was in the app only through it goes too. */
export function unassignGroup(call: Recorder, assignment: AppGroup): void {
  const { tables } = call
  tables.appGroups.remove(pairKey(assignment.appId, assignment.groupId))
  renumber(call, assignment.appId)
  const group = tables.groups.get(assignment.groupId)
  const app = tables.apps.get(assignment.appId)
  if (!group || !app) return
  record(call, 'group.application_assignment.remove', [groupTarget(group), appTarget(app)])
  for (const member of membersOf(call, group)) followGroups(call, member)
}

/** Priorities of an app's groups are 0, 1, 2 … without gaps. */
export function renumber(call: Pick<Recorder, 'tables'>, appId: string): void {
  call.tables.appGroups.where('app', appId).forEach((assignment, priority) => {
    if (assignment.priority !== priority) call.tables.appGroups.patch(pairKey(appId, assignment.groupId), { priority })
  })
}
