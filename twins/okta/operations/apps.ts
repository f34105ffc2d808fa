import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound } from '../errors.ts'
import { appTarget, record, target } from '../events.ts'
import { page } from '../paging.ts'
import { objectBody } from '../resource.ts'
import { removeApp } from '../rules/appRemoval.ts'
import { appsFiltered } from '../rules/appSearch.ts'
import { appOf, createApp, ownApp, replaceApp } from '../rules/apps.ts'
import type { App } from '../tables/applications.ts'
import { pairKey } from '../tables/applications.ts'
import { appUserView, appView, logoPath } from '../views/applications.ts'
import { type OktaCall, operations } from './define.ts'

/** Applications: create, read, find, change, remove, activate and deactivate. */
export const apps = operations({
  listApplications(call) {
    const { q, filter, expand } = call.query as Record<string, string | undefined>
    const options = { limit: 20, max: 200, accepts: (cursor: string) => /^0oa\w{17}$/.test(cursor) }
    if (call.caller.kind === 'client' && call.caller.roles.length === 0) return page(call, [], options, () => ({}))
    let list: Iterable<App> = filter ? appsFiltered(call, filter) : call.tables.apps.all()
    if (q) {
      const wanted = q.toLowerCase()
      const starts = (text: string) => text.toLowerCase().startsWith(wanted)
      list = Iterator.from(list).filter((app) => starts(app.name) || starts(app.label))
    }
    const user = expand?.startsWith('user/') ? expand.slice('user/'.length) : undefined
    return page(call, list, options, (app) => withUser(call, app, user))
  },

  createApplication(call) {
    const { app, secret } = createApp(call, objectBody(call), call.query.activate !== false)
    return ok(appView(app, call, secret))
  },

  getApplication(call) {
    const expand = String(call.query.expand ?? '')
    return ok(
      withUser(
        call,
        appOf(call, call.params.appId),
        expand.startsWith('user/') ? expand.slice('user/'.length) : undefined,
      ),
    )
  },

  /** The reply shows the client secret once more, as only a create does beside it. */
  replaceApplication(call) {
    const { app, secret } = replaceApp(call, appOf(call, call.params.appId), objectBody(call))
    return ok(appView(app, call, secret))
  },

  deleteApplication(call) {
    const app = ownApp(appOf(call, call.params.appId))
    if (app.status === 'ACTIVE') fail('E0000056', '', ['The application must be deactivated before deletion.'])
    removeApp(call, app)
    return noContent()
  },

  activateApplication(call) {
    return moved(call, ownApp(appOf(call, call.params.appId)), 'ACTIVE', 'application.lifecycle.activate')
  },

  deactivateApplication(call) {
    return moved(call, ownApp(appOf(call, call.params.appId)), 'INACTIVE', 'application.lifecycle.deactivate')
  },

  assignApplicationPolicy(call) {
    const app = appOf(call, call.params.appId)
    const policy = call.tables.policies.get(call.params.policyId) ?? notFound(call.params.policyId, 'Policy')
    if (app.builtIn) {
      invalid('Policy', [`This policy belongs to "${app.label}", and re-assignment of this policy is not allowed`])
    }
    const enrollment = policy.type === 'PROFILE_ENROLLMENT'
    if (!enrollment && policy.type !== 'ACCESS_POLICY')
      invalid('policyId', ['Policies of this type cannot be assigned to apps'])
    call.tables.apps.patch(app.id, enrollment ? { enrollmentPolicyId: policy.id } : { accessPolicyId: policy.id })
    record(call, 'application.policy.sign_on.update', [appTarget(app), target('PolicyEntity', policy.id, policy.name)])
    return noContent()
  },

  uploadApplicationLogo(call) {
    const app = appOf(call, call.params.appId)
    if (call.request.bytes.length === 0) fail('E0000003')
    call.tables.apps.patch(app.id, { logo: true, lastUpdated: call.now })
    return created(undefined, { location: call.link(logoPath(app)) })
  },
})

/** With the assignment of one user, as `expand=user/{id}` asks for it. */
function withUser(call: OktaCall, app: App, userId: string | undefined) {
  const view = appView(app, call)
  if (userId === undefined) return view
  const assignment = call.tables.appUsers.get(pairKey(app.id, userId))
  return assignment ? { ...view, _embedded: { user: appUserView(assignment, call) } } : view
}

function moved(call: OktaCall, app: App, status: App['status'], event: string) {
  const changed = call.tables.apps.patch(app.id, { status, lastUpdated: call.now })
  record(call, event, [appTarget(changed)])
  return ok({})
}
