import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { notFound } from '../errors.ts'
import { appTarget, groupTarget, record } from '../events.ts'
import { page } from '../paging.ts'
import { unassignGroup } from '../rules/appGroups.ts'
import { appOf } from '../rules/apps.ts'
import { followGroups } from '../rules/assignments.ts'
import { membersOf } from '../rules/membership.ts'
import { type App, type AppGroup, pairKey } from '../tables/applications.ts'
import type { Group } from '../tables/directory.ts'
import { appGroupView } from '../views/applications.ts'
import { groupView } from '../views/groups.ts'
import { bodyOf, objectIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'
import { groupOf } from './groups.ts'

/** Which groups an app's users come from, in order of priority. */
export const appGroups = operations({
  listApplicationGroupAssignments(call) {
    const app = appOf(call, call.params.appId)
    const { q, expand } = call.query as Record<string, string | undefined>
    const all = call.tables.appGroups.where('app', app.id)
    const named = (assignment: AppGroup) => call.tables.groups.get(assignment.groupId)?.profile.name.toLowerCase()
    const list = q ? all.filter((assignment) => named(assignment)?.startsWith(q.toLowerCase())) : all
    const place = (assignment: AppGroup) => String(assignment.priority).padStart(5, '0')
    const options = { limit: 20, max: 200, cursor: place }
    return page(call, list, options, (assignment) => shown(call, assignment, expand))
  },

  getApplicationGroupAssignment(call) {
    const app = appOf(call, call.params.appId)
    return ok(shown(call, assignmentOf(call, app, call.params.groupId), call.query.expand))
  },

  /** Without a priority a group goes last; with one it keeps that number, and who has it moves on. */
  assignGroupToApplication(call) {
    const app = appOf(call, call.params.appId)
    const group = groupOf(call, call.params.groupId)
    const body = bodyOf(call)
    const assignment = put(call, app, group, body.priority as number | undefined, objectIn(body, 'profile'))
    record(call, 'group.application_assignment.add', [groupTarget(group), appTarget(app)])
    for (const member of membersOf(call, group)) followGroups(call, member)
    return ok(appGroupView(assignment, call))
  },

  /** JSON Patch of profile members and priority. */
  updateGroupAssignmentToApplication(call) {
    const app = appOf(call, call.params.appId)
    const before = assignmentOf(call, app, call.params.groupId)
    const patches = call.body as unknown as { op: string; path: string; value?: unknown }[]
    let { priority } = before
    const profile = { ...before.profile }
    for (const { op, path, value } of Array.isArray(patches) ? patches : []) {
      const [, area, name] = path.split('/')
      if (area === 'priority') priority = Number(value)
      else if (area === 'profile' && name) {
        if (op === 'remove') delete profile[name]
        else profile[name] = value
      }
    }
    const group = groupOf(call, before.groupId)
    return ok(appGroupView(put(call, app, group, priority, profile), call))
  },

  unassignApplicationFromGroup(call) {
    const app = appOf(call, call.params.appId)
    unassignGroup(call, assignmentOf(call, app, call.params.groupId))
    return noContent()
  },
})

const assignmentOf = (call: OktaCall, app: App, groupId: string): AppGroup =>
  call.tables.appGroups.get(pairKey(app.id, groupId)) ?? notFound(groupId, 'GroupAppAssignment')

function put(
  call: OktaCall,
  app: App,
  group: Group,
  priority: number | undefined,
  profile: AppGroup['profile'],
): AppGroup {
  const { appGroups } = call.tables
  const key = pairKey(app.id, group.id)
  const known = appGroups.get(key)
  const others = appGroups.where('app', app.id).filter((assignment) => assignment.groupId !== group.id)
  const last = others.reduce((highest, other) => Math.max(highest, other.priority), -1)
  const place = priority ?? known?.priority ?? last + 1
  let clash = place
  for (const other of others) {
    if (other.priority !== clash) continue
    clash += 1
    appGroups.patch(pairKey(app.id, other.groupId), { priority: clash })
  }
  return appGroups.put({ appId: app.id, groupId: group.id, priority: place, profile, lastUpdated: call.now })
}

function shown(call: OktaCall, assignment: AppGroup, expand: unknown) {
  const view = appGroupView(assignment, call)
  const group = String(expand ?? '').includes('group') ? call.tables.groups.get(assignment.groupId) : undefined
  return group ? { ...view, _embedded: { group: groupView(group, call) } } : view
}
