import { content, type Reply } from '../../../shared/kernel/reply.ts'
import { BASE62 } from '../../../shared/universe/random.ts'
import { accessTokenOf } from '../authentication.ts'
import type { Form } from '../rules/clientAuthentication.ts'
import { type Client, isUserAssigned } from '../rules/clients.ts'
import { EXCHANGE_GRANT, requireGrantType } from '../rules/grants.ts'
import { readJwt } from '../rules/jwt.ts'
import { oauthError } from '../rules/oauthErrors.ts'
import { sessionCookieFor, startSession } from '../rules/signIn.ts'
import type { App } from '../tables/applications.ts'
import type { User } from '../tables/directory.ts'
import { messagePage } from '../views/pages.ts'
import { signedOn } from './appSignOn.ts'
import { isOurs } from './authorize.ts'
import { type OktaCall, operations } from './define.ts'

const WEB_SSO = 'urn:okta:oauth:token-type:web_sso_token'
const AUDIENCE = 'urn:okta:apps:'
const SCOPE = 'okta.apps.sso'

/** Seconds a web SSO token lasts. */
const LIFETIME = 300

/** Whether a token request wants to open another app in a browser, as okta-aws-cli does. */
export const asksForWebSso = ({ grant_type, requested_token_type }: Form): boolean =>
  grant_type === EXCHANGE_GRANT && requested_token_type === WEB_SSO

/**
 * Trades what a native client holds of somebody, an access token and an id token, for a token that opens one app.
 *
 * @throws OAuthError when a token is not good, or the app trusts neither the client nor the person
 */
export function webSsoToken(call: OktaCall, client: Client, form: Form) {
  requireGrantType(client, EXCHANGE_GRANT)
  const user = holderOf(call, client, form)
  const app = audienceOf(call, client, form)
  if (!isUserAssigned(call.tables, app, user.id))
    oauthError('access_denied', 'User is not assigned to the client application.')
  const token = call.random.text(40, BASE62)
  const expiresAt = call.now + LIFETIME * 1000
  call.tables.sessionTokens.insert({ token, userId: user.id, amr: ['pwd'], expiresAt, appId: app.id })
  return { token_type: 'N_A', expires_in: LIFETIME, access_token: call.seal(token), issued_token_type: WEB_SSO }
}

/** The person that both tokens are about. */
function holderOf(call: OktaCall, client: Client, form: Form): User {
  const actor = form.actor_token === undefined ? undefined : accessTokenOf(call, form.actor_token)
  if (actor?.server !== 'org' || actor.revoked || actor.expiresAt <= call.now || actor.clientId !== client.id)
    return oauthError('invalid_grant', "The 'actor_token' is invalid.")
  if (!actor.scopes.includes(SCOPE)) oauthError('invalid_scope', `The 'actor_token' must have the '${SCOPE}' scope.`)
  const subject = form.subject_token === undefined ? undefined : readJwt(form.subject_token)
  const user = actor.userId === undefined ? undefined : call.tables.users.get(actor.userId)
  if (!user || !subject || subject.claims.aud !== client.id || subject.claims.sub !== user.id || !isOurs(call, subject))
    return oauthError('invalid_grant', "The 'subject_token' is invalid.")
  return user
}

/** The app a request names. It must trust the client: by a setting of its own (Amazon's), or as an app it lets in. */
function audienceOf(call: OktaCall, client: Client, form: Form): App {
  const id = form.audience?.startsWith(AUDIENCE) ? form.audience.slice(AUDIENCE.length) : undefined
  const app = id === undefined ? undefined : call.tables.apps.get(id)
  if (app?.status !== 'ACTIVE' || app.signOnMode !== 'SAML_2_0')
    return oauthError('invalid_request', "The 'audience' is invalid.")
  const own = app.settings.app as { webSSOAllowedClient?: unknown } | undefined
  const trusted = call.tables.interclientTrust
    .where('parent', app.id)
    .some(({ data }) => data.allowed === client.app.id)
  return trusted || own?.webSSOAllowedClient === client.id
    ? app
    : oauthError('access_denied', 'The target app does not allow web SSO from this client.')
}

/** Where a browser redeems a web SSO token: it opens a session and signs on at the app. */
export const webSso = operations({
  signOnWithToken(call): Reply {
    const token = call.query.token === undefined ? undefined : call.open(call.query.token)
    const known = token === undefined ? undefined : call.tables.sessionTokens.get(token)
    const app = known?.appId === undefined ? undefined : call.tables.apps.get(known.appId)
    const user = known && call.tables.users.get(known.userId)
    if (!known || !app || !user || known.expiresAt <= call.now) {
      const text = 'The token is invalid or has expired.'
      return { ...content(messagePage('Access forbidden', text), 'text/html;charset=utf-8'), status: 403 }
    }
    call.tables.sessionTokens.remove(known.token)
    const session = startSession(call, user, known.amr)
    const reply = signedOn(call, app, user, session)
    return { ...reply, headers: { ...reply.headers, 'set-cookie': sessionCookieFor(call, session) } }
  },
})
