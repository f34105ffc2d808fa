import { content, type Reply, redirect } from '../../../shared/kernel/reply.ts'
import { record, userTarget } from '../events.ts'
import { findServer } from '../rules/authorizationServers.ts'
import { type Authorized, authorize } from '../rules/authorize.ts'
import type { Form } from '../rules/clientAuthentication.ts'
import { findClient } from '../rules/clients.ts'
import { readJwt, signedBy } from '../rules/jwt.ts'
import {
  checkPassword,
  currentSession,
  endedCookie,
  redeemSessionToken,
  sessionCookieFor,
  startSession,
} from '../rules/signIn.ts'
import { issuerOf } from '../rules/tokens.ts'
import { jwk } from '../views/authorizationServers.ts'
import { answerPage, deviceActivationPage, errorPage, messagePage, signInPage } from '../views/pages.ts'
import { type OktaCall, operations } from './define.ts'

const HTML = 'text/html;charset=utf-8'

/** Parameters from the address, or from the posted form; of JSON that comes in a form's place, what is a text. */
export const formOf = (call: { readonly query: unknown; readonly body: unknown }): Form => {
  const posted = Object.entries(typeof call.body === 'object' && call.body !== null ? call.body : {})
  return { ...(call.query as Form), ...Object.fromEntries(posted.filter(([, value]) => typeof value === 'string')) }
}

const serverOf = (call: OktaCall) => {
  const id = (call.params as { authorizationServerId?: string }).authorizationServerId
  return issuerOf(call, id === undefined ? undefined : findServer(call.tables, id))
}

function answered(call: OktaCall): Reply {
  const form = formOf(call)
  const result = authorize(call, serverOf(call), form)
  switch (result.kind) {
    case 'page':
      return { ...content(errorPage(result.code, result.description), HTML), status: 400 }
    case 'sign-in':
      return content(
        signInPage({
          action: call.link(`/login/login.htm?fromURI=${encodeURIComponent(returnPath(call, form))}`),
          app: result.client.app.label,
          ...(result.loginHint && { username: result.loginHint }),
        }),
        HTML,
      )
    case 'answer':
      return delivered(call, result)
  }
}

/** This request again, once somebody has signed in. */
function returnPath(call: OktaCall, form: Form): string {
  const query = new URLSearchParams(
    Object.entries(form).filter((field): field is [string, string] => field[1] !== undefined),
  )
  query.delete('sessionToken')
  return `${call.request.path.replace(/^\/+/, '/')}?${query}`
}

function delivered(call: OktaCall, { uri, mode, parameters, session }: Extract<Authorized, { kind: 'answer' }>): Reply {
  const headers: Record<string, string> = session ? { 'set-cookie': sessionCookieFor(call, session) } : {}
  if (mode === 'form_post' || mode === 'okta_post_message')
    return content(answerPage(mode, uri, parameters), HTML, headers)
  const fields = new URLSearchParams(parameters).toString()
  const joint = mode === 'fragment' ? '#' : uri.includes('?') ? '&' : '?'
  return redirect(uri + joint + fields, 302, headers)
}

/** Ends the session of the browser and sends it where the app says people go then. */
function loggedOut(call: OktaCall): Reply {
  const { id_token_hint: hint, post_logout_redirect_uri: uri, state, client_id: named } = formOf(call)
  const jwt = hint === undefined ? undefined : readJwt(hint)
  if (hint !== undefined && !(jwt && isOurs(call, jwt))) {
    return { ...content(errorPage('invalid_request', "The 'id_token_hint' parameter is invalid."), HTML), status: 400 }
  }
  const clientId = jwt ? String(jwt.claims.aud) : named
  const client = clientId === undefined ? undefined : findClient(call.tables, clientId)
  if (uri !== undefined && !client?.postLogoutUris.includes(uri)) {
    return {
      ...content(
        errorPage(
          'invalid_request',
          "The 'post_logout_redirect_uri' parameter must be a Logout redirect URI in the client app settings.",
        ),
        HTML,
      ),
      status: 400,
    }
  }
  endSession(call)
  const headers = { 'set-cookie': endedCookie }
  if (uri === undefined) return redirect(call.link('/login/login.htm'), 302, headers)
  const joint = uri.includes('?') ? '&' : '?'
  return redirect(state === undefined ? uri : `${uri}${joint}state=${encodeURIComponent(state)}`, 302, headers)
}

/** Whether an id token was signed by this org. */
export const isOurs = (call: OktaCall, jwt: NonNullable<ReturnType<typeof readJwt>>): boolean => {
  const key = call.tables.serverKeys.get(jwt.header.kid ?? '')
  return key !== undefined && signedBy(jwt, jwk(key))
}

function endSession(call: OktaCall): void {
  const session = currentSession(call)
  if (!session) return
  call.tables.sessions.remove(session.id)
  const user = call.tables.users.get(session.userId)
  if (user) record(call, 'user.session.end', [userTarget(user)], { sessionId: session.id })
}

/** An address below this org: where a browser may be sent after signing in. */
function within(call: OktaCall, uri: string | undefined): string {
  const root = call.link('')
  if (uri?.startsWith('/') && !uri.startsWith('//')) return call.link(uri)
  return uri?.startsWith(`${root}/`) ? uri : call.link('/app/UserHome')
}

/** Signing in with a browser, on the org's server and custom ones. */
export const authorizeOperations = operations({
  authorize: answered,
  authorizeWithPost: answered,
  authorizeCustomAS: answered,
  authorizeCustomASWithPost: answered,
  logout: loggedOut,
  logoutWithPost: loggedOut,
  logoutCustomAS: loggedOut,
  logoutCustomASWithPost: loggedOut,

  /** Where social providers send people back to: no provider of a twin ever does. */
  authorizeCallback: (call) => ({
    ...content(errorPage('invalid_request', call.query.error ?? 'The state of the request is unknown.'), HTML),
    status: 400,
  }),

  signInPage(call) {
    const { fromURI } = call.query
    if (currentSession(call)) return redirect(within(call, fromURI))
    const action = call.link(`/login/login.htm${fromURI ? `?fromURI=${encodeURIComponent(fromURI)}` : ''}`)
    return content(signInPage({ action }), HTML)
  },

  signInWithForm(call) {
    const { username = '', password, fromURI } = formOf(call)
    const outcome = checkPassword(call, username, password)
    if (outcome.kind !== 'ok') {
      const action = call.link(`/login/login.htm${fromURI ? `?fromURI=${encodeURIComponent(fromURI)}` : ''}`)
      const error = outcome.kind === 'expired' ? 'Your password has expired.' : 'Unable to sign in'
      return { ...content(signInPage({ action, username, error }), HTML), status: 401 }
    }
    const session = startSession(call, outcome.user)
    return redirect(within(call, fromURI), 302, { 'set-cookie': sessionCookieFor(call, session) })
  },

  signOut(call) {
    endSession(call)
    return redirect(within(call, call.query.fromURI ?? '/login/login.htm'), 302, { 'set-cookie': endedCookie })
  },

  /** Trades a session token for the cookie of a session, and goes on to an address of the org or a trusted one. */
  sessionCookieRedirect(call) {
    const { token, redirectUrl = '/' } = call.query
    const session = token === undefined ? undefined : redeemSessionToken(call, token)
    const trusted = call.tables.trustedOrigins
      .all()
      .some(
        (origin) =>
          origin.status === 'ACTIVE' &&
          (origin.data.scopes as { type: string }[]).some((scope) => scope.type === 'REDIRECT') &&
          redirectUrl.startsWith(String(origin.data.origin)),
      )
    const allowed = trusted || redirectUrl.startsWith(call.link('')) || redirectUrl.startsWith('/')
    if (!allowed)
      return { ...content(errorPage('invalid_request', 'The redirect URL is not trusted.'), HTML), status: 400 }
    const to = trusted ? redirectUrl : within(call, redirectUrl)
    return redirect(to, 302, session ? { 'set-cookie': sessionCookieFor(call, session) } : {})
  },

  activateDevicePage(call) {
    const signedIn = currentSession(call) !== undefined
    return content(
      deviceActivationPage({
        action: call.link('/activate'),
        signedIn,
        ...(call.query.user_code && { code: call.query.user_code }),
      }),
      HTML,
    )
  },

  activateDeviceWithForm(call) {
    const { user_code: code = '', username = '', password, decision } = formOf(call)
    const held = currentSession(call)
    const outcome = held ? undefined : checkPassword(call, username, password)
    const session = held ?? (outcome?.kind === 'ok' ? startSession(call, outcome.user) : undefined)
    const again = (message: string) => ({
      ...content(
        deviceActivationPage({ action: call.link('/activate'), code, signedIn: session !== undefined, message }),
        HTML,
      ),
      status: 400,
    })
    if (!session) return again('Unable to sign in')
    const device = call.tables.deviceCodes.by('user', code.trim().toUpperCase())
    if (device?.status !== 'PENDING' || device.expiresAt <= call.now) return again('Invalid code. Try again.')
    call.tables.deviceCodes.patch(device.deviceCode, {
      status: decision === 'deny' ? 'DENIED' : 'APPROVED',
      userId: session.userId,
      sessionId: session.id,
      authTime: session.createdAt,
      amr: session.amr,
    })
    const text = decision === 'deny' ? 'Access was denied.' : 'Follow the instructions on your device for next steps.'
    return content(messagePage(decision === 'deny' ? 'Device not activated' : 'Device activated', text), HTML, {
      'set-cookie': sessionCookieFor(call, session),
    })
  },
})
