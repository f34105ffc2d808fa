import { BASE62 } from '../../../shared/universe/random.ts'
import { record, target, userTarget } from '../events.ts'
import type { OktaCall } from '../operations/define.ts'
import type { Session } from '../tables/directory.ts'
import type { Form } from './clientAuthentication.ts'
import { allowsRedirect, type Client, findClient, isAssigned } from './clients.ts'
import { OAuthError, oauthError } from './oauthErrors.ts'
import { grantedScopes, splitScopes } from './scopes.ts'
import { currentSession, redeemSessionToken } from './signIn.ts'
import { type Issuer, issueTokens, lifetimesFor } from './tokens.ts'

/** How the answer goes back: RFC 6749's ways, OpenID's, and Okta's message to the opening window. */
export type ResponseMode = 'query' | 'fragment' | 'form_post' | 'okta_post_message'

/** What comes of a request to authorize. */
export type Authorized =
  /** The client or its address is not to be trusted: a page, no redirect. */
  | { readonly kind: 'page'; readonly code: string; readonly description: string }
  | {
      readonly kind: 'answer'
      readonly uri: string
      readonly mode: ResponseMode
      readonly parameters: Record<string, string>
      readonly session?: Session
    }
  /** Somebody has to sign in first. */
  | { readonly kind: 'sign-in'; readonly loginHint?: string; readonly client: Client }

const CODE_LIFETIME = 300_000
const MODES: readonly string[] = ['query', 'fragment', 'form_post', 'okta_post_message']

/** Answers a request to authorize: checks the client and its address, then the request, then who is there. */
export function authorize(call: OktaCall, issuer: Issuer, sent: Form): Authorized {
  const query = pushed(call, sent)
  const client = query.client_id === undefined ? undefined : findClient(call.tables, query.client_id)
  if (client?.app.status !== 'ACTIVE') {
    return { kind: 'page', code: 'invalid_client', description: "Invalid value for 'client_id' parameter." }
  }
  const uri = query.redirect_uri
  if (uri === undefined || !allowsRedirect(client, uri)) {
    return {
      kind: 'page',
      code: 'invalid_request',
      description: `The 'redirect_uri' parameter must be a Login redirect URI in the client app settings: ${call.link(`/admin/app/oidc_client/instance/${client.app.id}#tab-general`)}`,
    }
  }
  const types = splitScopes(query.response_type)
  const mode = modeOf(query.response_mode, types)
  const state: Record<string, string> = query.state === undefined ? {} : { state: query.state }
  try {
    return proceed(call, { issuer, client, query, uri, types, mode, state })
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return {
      kind: 'answer',
      uri,
      mode,
      parameters: { ...state, error: error.code, error_description: error.description },
    }
  }
}

interface Request {
  readonly issuer: Issuer
  readonly client: Client
  readonly query: Form
  readonly uri: string
  readonly types: readonly string[]
  readonly mode: ResponseMode
  readonly state: Record<string, string>
}

/** The parameters of a pushed request take the place of those in the address. */
function pushed(call: OktaCall, query: Form): Form {
  if (query.request_uri === undefined) return query
  const row = call.tables.pushedRequests.get(query.request_uri)
  if (!row || row.expiresAt <= call.now || row.clientId !== query.client_id) return query
  return { ...(row.parameters as Form), client_id: row.clientId }
}

function modeOf(asked: string | undefined, types: readonly string[]): ResponseMode {
  if (asked !== undefined && MODES.includes(asked)) return asked as ResponseMode
  return types.some((type) => type !== 'code') ? 'fragment' : 'query'
}

function proceed(call: OktaCall, request: Request): Authorized {
  const { client, query, issuer, types, mode, uri } = request
  checkRequest(request)
  const scopes = grantedScopes(call, issuer, client, splitScopes(query.scope), 'authorization_code')
  const session = sessionFor(call, query)
  if (!session) {
    if (query.prompt === 'none') {
      oauthError('login_required', 'The client specified not to prompt, but the user is not logged in.')
    }
    return { kind: 'sign-in', client, ...(query.login_hint && { loginHint: query.login_hint }) }
  }
  const user = call.tables.users.get(session.userId)
  if (!user || !isAssigned(call.tables, client, user.id)) {
    return oauthError('access_denied', 'User is not assigned to the client application.')
  }
  const flow = types.includes('code') ? 'authorization_code' : 'implicit'
  const lifetimes = lifetimesFor(call, issuer, client, flow, user, scopes)
  const authorization = {
    clientId: client.id,
    server: issuer.id,
    scopes,
    userId: user.id,
    sessionId: session.id,
    authTime: session.lastPasswordVerification ?? session.createdAt,
    amr: session.amr,
    ...(query.nonce !== undefined && { nonce: query.nonce }),
  }
  const parameters: Record<string, string> = { ...request.state }
  if (types.includes('code')) {
    const code = call.random.text(34, BASE62)
    call.tables.authorizationCodes.insert({
      ...authorization,
      code,
      redirectUri: uri,
      ...(query.code_challenge !== undefined && { challenge: query.code_challenge }),
      expiresAt: call.now + CODE_LIFETIME,
    })
    parameters.code = call.seal(code)
    const event = issuer.server ? 'app.oauth2.as.authorize.code' : 'app.oauth2.authorize.code'
    record(call, event, [target('PublicClientApp', client.app.id, client.app.label)], { actor: userTarget(user) })
  }
  if (types.some((type) => type !== 'code')) {
    const idTokenOnly = !types.includes('token')
    const tokens = issueTokens(call, {
      issuer,
      client,
      authorization: types.includes('id_token')
        ? authorization
        : { ...authorization, scopes: scopes.filter((scope) => scope !== 'openid') },
      lifetimes,
      idTokenOnly,
      ...(parameters.code !== undefined && { code: parameters.code }),
    })
    if (tokens.access_token) {
      Object.assign(parameters, {
        access_token: tokens.access_token,
        token_type: tokens.token_type,
        expires_in: String(tokens.expires_in),
      })
    }
    if (tokens.id_token) parameters.id_token = tokens.id_token
    parameters.scope = scopes.join(' ')
  }
  record(call, 'user.authentication.sso', [target('AppInstance', client.app.id, client.app.label), userTarget(user)], {
    actor: userTarget(user),
  })
  return { kind: 'answer', uri, mode, parameters, session }
}

/** What a request must have, in the order Okta looks. */
function checkRequest({ client, query, types }: Request): void {
  if (types.length === 0)
    oauthError('invalid_request', "The authentication request has an invalid 'response_type' parameter.")
  if (!types.every((type) => client.responseTypes.includes(type))) {
    oauthError(
      'unsupported_response_type',
      `The response type is not supported by the authorization server. Configured response types: [${client.responseTypes.join(', ')}]`,
    )
  }
  if (!query.state) oauthError('invalid_request', "The authentication request has an invalid 'state' parameter.")
  if (query.response_mode !== undefined && !MODES.includes(query.response_mode)) {
    oauthError('invalid_request', "The authentication request has an invalid 'response_mode' parameter.")
  }
  if (types.some((type) => type !== 'code') && query.response_mode === 'query') {
    oauthError('invalid_request', "The 'response_mode' value 'query' is not valid for implicit or hybrid flows.")
  }
  if (types.includes('id_token') && !query.nonce) {
    oauthError('invalid_request', "The 'nonce' parameter must be provided when the response type contains 'id_token'.")
  }
  if (query.code_challenge !== undefined && (query.code_challenge_method ?? 'plain') !== 'S256') {
    oauthError('invalid_request', "The 'code_challenge_method' is not supported. Supported methods: [S256]")
  }
  const open =
    client.applicationType === 'browser' || client.applicationType === 'native' || client.authMethod === 'none'
  if (types.includes('code') && query.code_challenge === undefined && (client.pkceRequired || open)) {
    oauthError('invalid_request', 'PKCE code challenge is required by the application.')
  }
}

/** A one-time session token signs in silently; `prompt=login` and `max_age` ask for a fresh sign-in. */
function sessionFor(call: OktaCall, query: Form): Session | undefined {
  if (query.sessionToken !== undefined) return redeemSessionToken(call, query.sessionToken)
  const session = currentSession(call)
  if (!session) return undefined
  const since = session.lastPasswordVerification ?? session.createdAt
  // Who comes from the sign-in page with `prompt=login` has just signed in.
  if (query.prompt?.split(' ').includes('login') && call.now - since > 5000) return undefined
  if (query.max_age !== undefined && call.now - since > Number(query.max_age) * 1000 && call.now - since > 5000)
    return undefined
  return session
}
