import { appTarget, groupTarget, type Recorder, record } from '../events.ts'
import { type AppGroup, pairKey } from '../tables/applications.ts'
import { followGroups } from './assignments.ts'
import { membersOf } from './membership.ts'

/** Ends the assignment of a group to an app; who was in the app only through it goes too. */
export function unassignGroup(call: Recorder, assignment: AppGroup): void {
  const { tables } = call
  tables.appGroups.remove(pairKey(assignment.appId, assignment.groupId))
  const group = tables.groups.get(assignment.groupId)
  const app = tables.apps.get(assignment.appId)
  if (!group || !app) return
  record(call, 'group.application_assignment.remove', [groupTarget(group), appTarget(app)])
  for (const member of membersOf(call, group)) followGroups(call, member)
}
