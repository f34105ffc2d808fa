import { content, type Reply, redirect } from '../../../shared/kernel/reply.ts'
import { record, target, userTarget } from '../events.ts'
import { isUserAssigned } from '../rules/clients.ts'
import { assertionFor } from '../rules/samlAssertion.ts'
import { readSamlRequest, type SamlRequest } from '../rules/samlRequest.ts'
import { currentSession } from '../rules/signIn.ts'
import type { App } from '../tables/applications.ts'
import type { Session, User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { answerPage, messagePage, signInPage } from '../views/pages.ts'
import { formOf } from './authorize.ts'
import { type OktaCall, operations } from './define.ts'

const HTML = 'text/html;charset=utf-8'

const refused = (status: number, title: string, text: string): Reply => ({
  ...content(messagePage(title, text), HTML),
  status,
})

/** What a browser finds at an app's addresses: SAML sign-on, and the links of the dashboard. */
export const appSignOn = operations({
  signOnWithSaml: (call) => samlSignOn(call, 'redirect'),
  signOnWithSamlPost: (call) => samlSignOn(call, 'post'),

  /** A tile of the dashboard. */
  openApp(call) {
    const app = call.tables.apps.get(call.params.appId)
    const to = app?.status === 'ACTIVE' && app.name === call.params.appName ? placeOf(call, app) : undefined
    if (!app || to === undefined) return refused(404, 'Page not found', 'There is no app here to be opened.')
    if (!currentSession(call)) return signInFirst(call, app, call.request.path)
    return redirect(to)
  },
})

/** Where an app begins for somebody who is signed in. */
function placeOf(call: OktaCall, app: App): string | undefined {
  if (app.signOnMode === 'SAML_2_0') return call.link(samlPath(app))
  const { app: own, signOn, oauthClient } = app.settings as { app?: Json; signOn?: Json; oauthClient?: Json }
  const places = [own?.url, own?.initiateLoginURI, own?.siteURL, signOn?.loginUrl, oauthClient?.initiate_login_uri]
  return places.find((place): place is string => typeof place === 'string' && place !== '')
}

const samlPath = (app: App): string => `/app/${app.name}/${app.externalKey}/sso/saml`

/** Answers an app's request, or begins without one: an assertion that posts itself to the app. */
function samlSignOn(call: OktaCall, binding: 'redirect' | 'post'): Reply {
  const { appName, externalKey } = call.params as { appName: string; externalKey: string }
  const app = call.tables.apps.where('name', appName).find((one) => one.externalKey === externalKey)
  if (app?.signOnMode !== 'SAML_2_0') return refused(404, 'Page not found', 'There is no SAML app at this address.')
  if (app.status !== 'ACTIVE') return refused(403, 'Access forbidden', 'This app is not active.')
  const { SAMLRequest, RelayState } = formOf(call)
  const request = SAMLRequest === undefined ? undefined : readSamlRequest(SAMLRequest, binding)
  if (SAMLRequest !== undefined && !request) return refused(400, 'Bad request', 'The SAML request cannot be read.')
  const session = currentSession(call)
  const user = session && call.tables.users.get(session.userId)
  if (!session || !user) return signInFirst(call, app, returnPath(app, request, RelayState))
  return signedOn(call, app, user, session, { request, relayState: RelayState })
}

interface Asked {
  readonly request?: SamlRequest
  readonly relayState?: string
}

/** The page that carries somebody's assertion to the app. */
export function signedOn(call: OktaCall, app: App, user: User, session: Session, asked: Asked = {}): Reply {
  if (!isUserAssigned(call.tables, app, user.id))
    return refused(403, 'Access forbidden', 'You do not have permission to access this app.')
  const { signOn } = app.settings as { signOn?: Json }
  if ((signOn?.assertionEncryption as Json | undefined)?.enabled === true)
    return refused(501, 'Not available', 'Encrypted assertions are not made here.')
  const assertion = assertionFor(call, app, user, session, asked.request)
  if (!assertion) return refused(400, 'Bad request', 'This app has no address that takes assertions.')
  const relayState = asked.relayState ?? signOn?.defaultRelayState
  record(call, 'user.authentication.sso', [target('AppInstance', app.id, app.label), userTarget(user)], {
    actor: userTarget(user),
  })
  const fields = {
    SAMLResponse: assertion.response,
    ...(typeof relayState === 'string' && { RelayState: relayState }),
  }
  return content(answerPage('form_post', assertion.acs, fields), HTML)
}

/** The same request as an address, to come back to. */
function returnPath(app: App, request: SamlRequest | undefined, relayState: string | undefined): string {
  const query = new URLSearchParams({
    ...(request && { SAMLRequest: request.deflated }),
    ...(relayState !== undefined && { RelayState: relayState }),
  })
  return query.size > 0 ? `${samlPath(app)}?${query}` : samlPath(app)
}

const signInFirst = (call: OktaCall, app: App, from: string): Reply =>
  content(
    signInPage({ action: call.link(`/login/login.htm?fromURI=${encodeURIComponent(from)}`), app: app.label }),
    HTML,
  )
