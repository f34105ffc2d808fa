import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { fail, notFound, requireFields } from '../errors.ts'
import { appTarget, record, userTarget } from '../events.ts'
import { page } from '../paging.ts'
import { objectBody } from '../resource.ts'
import { appOf } from '../rules/apps.ts'
import { type Given, newAssignment, unassign } from '../rules/assignments.ts'
import { userOf } from '../rules/users.ts'
import { type App, type AppUser, pairKey } from '../tables/applications.ts'
import type { User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { appUserView } from '../views/applications.ts'
import { listedUser } from '../views/users.ts'
import { objectIn, textIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

/** Who is assigned to an app, and what the app knows of them. */
export const appUsers = operations({
  listApplicationUsers(call) {
    const app = appOf(call, call.params.appId)
    const { q, expand } = call.query as Record<string, string | undefined>
    const all = call.tables.appUsers.where('app', app.id)
    const list = q ? all.filter((assignment) => called(call, assignment, q)) : all
    const options = { limit: 50, max: 500, cursor: (assignment: AppUser) => assignment.userId }
    return page(call, list, options, (assignment) => shown(call, assignment, expand))
  },

  assignUserToApplication(call) {
    const app = appOf(call, call.params.appId)
    const body = objectBody(call)
    requireFields(body, ['id'])
    return ok(appUserView(assign(call, app, userOf(call, String(body.id)), body), call))
  },

  getApplicationUser(call) {
    const app = appOf(call, call.params.appId)
    return ok(shown(call, assignmentOf(call, app, call.params.userId), call.query.expand))
  },

  /** Changes an assignment, or makes one. */
  updateApplicationUser(call) {
    const app = appOf(call, call.params.appId)
    return ok(appUserView(assign(call, app, userOf(call, call.params.userId), objectBody(call)), call))
  },

  /** A user whom a group brings in stays, as a member of the group. */
  unassignUserFromApplication(call) {
    const app = appOf(call, call.params.appId)
    const assignment = assignmentOf(call, app, call.params.userId)
    const key = pairKey(app.id, assignment.userId)
    if (assignment.groupIds.length > 0) call.tables.appUsers.patch(key, { scope: 'GROUP', lastUpdated: call.now })
    else unassign(call, assignment, call.tables.users.get(assignment.userId))
    return noContent()
  },
})

function assignmentOf(call: OktaCall, app: App, name: string): AppUser {
  const userId = call.tables.users.has(name) ? name : userOf(call, name).id
  return call.tables.appUsers.get(pairKey(app.id, userId)) ?? notFound(name, 'AppUser')
}

function assign(call: OktaCall, app: App, user: User, body: Json): AppUser {
  if (user.status === 'DEPROVISIONED' || user.status === 'SUSPENDED') fail('E0000117')
  const given: Given = { credentials: objectIn(body, 'credentials'), profile: objectIn(body, 'profile') }
  const key = pairKey(app.id, user.id)
  const known = call.tables.appUsers.get(key)
  if (!known) {
    const added = call.tables.appUsers.insert(newAssignment(call, app, user, 'USER', [], given))
    record(call, 'application.user_membership.add', [userTarget(user), appTarget(app)])
    return added
  }
  const { password, ...credentials } = given.credentials as { password?: Json }
  const value = password && textIn(password, 'value')
  const changed = call.tables.appUsers.patch(key, {
    scope: body.scope === 'GROUP' && known.groupIds.length ? 'GROUP' : body.scope === 'USER' ? 'USER' : known.scope,
    lastUpdated: call.now,
    credentials: { ...known.credentials, ...credentials },
    profile: { ...known.profile, ...given.profile },
    ...(value !== undefined && { password: value, passwordChanged: call.now }),
  })
  record(call, 'application.user_membership.update', [userTarget(user), appTarget(app)])
  return changed
}

function called(call: OktaCall, assignment: AppUser, q: string): boolean {
  const profile = call.tables.users.get(assignment.userId)?.profile
  const wanted = q.toLowerCase()
  const texts = [assignment.credentials.userName, profile?.firstName, profile?.lastName, profile?.email]
  return texts.some((text) => typeof text === 'string' && text.toLowerCase().startsWith(wanted))
}

function shown(call: OktaCall, assignment: AppUser, expand: unknown) {
  const view = appUserView(assignment, call)
  const user = expand === 'user' ? call.tables.users.get(assignment.userId) : undefined
  return user ? { ...view, _embedded: { user: listedUser(user, call) } } : view
}
