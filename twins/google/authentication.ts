import type { SecurityRequirement } from '../../shared/kernel/contract.ts'
import type { AnyCall, EarlyCall } from '../../shared/kernel/dialect.ts'
import type { Incoming } from '../../shared/kernel/incoming.ts'
import type { GoogleCaller } from './caller.ts'
import type { GoogleService } from './dialect.ts'
import { errorInfo, type Fault, GoogleError } from './errors.ts'
import { decodeJwt } from './jwt.ts'
import type { GoogleTables } from './tables.ts'

const bearer = (request: Incoming): string | undefined => {
  const header = request.header('authorization')
  return header && /^Bearer /i.test(header) ? header.slice(7).trim() : undefined
}

const parameter = (request: Incoming, name: string): string | undefined =>
  request.search.includes(`${name}=`) ? (new URLSearchParams(request.search).get(name) ?? undefined) : undefined

const accessTokenOf = (request: Incoming) =>
  bearer(request) ??
  parameter(request, 'access_token') ??
  parameter(request, 'oauth_token') ??
  parameter(request, 'bearer_token')

const apiKeyOf = (request: Incoming) => parameter(request, 'key') ?? request.header('x-goog-api-key')

/** The credential that says which universe is meant: a token, an API key, or at the token endpoint what is exchanged. */
export function credentialOf(request: Incoming): string | undefined {
  return accessTokenOf(request) ?? apiKeyOf(request) ?? exchangedCredential(request)
}

function exchangedCredential(request: Incoming): string | undefined {
  if (request.method !== 'POST' || !/token$|revoke$|tokeninfo$/.test(request.path)) return undefined
  const form = new URLSearchParams(request.text || request.search)
  const assertion = form.get('assertion')
  if (assertion) {
    // A service account's e-mail carries the tag at the end of its local part.
    const issuer = decodeJwt(assertion)?.payload.iss
    return typeof issuer === 'string' ? issuer.split('@')[0] : undefined
  }
  return form.get('refresh_token') ?? form.get('code') ?? form.get('token') ?? form.get('id_token') ?? undefined
}

const ANONYMOUS: GoogleCaller = { scopes: [], clientId: '' }

/** Whether an operation is open to all: the token endpoint and its kin. */
const isOpen = (call: EarlyCall<GoogleTables, GoogleCaller>) => !call.operation.security?.length

export function authenticate(call: EarlyCall<GoogleTables, GoogleCaller>, service: GoogleService): GoogleCaller {
  const { request, tables } = call
  const token = accessTokenOf(request)
  if (token !== undefined) {
    const secret = call.open(token)
    const row = secret === undefined ? undefined : tables.accessTokens.get(secret)
    const live = row && (row.expiresAt === undefined || row.expiresAt > call.now)
    const user = live ? tables.users.get(row.userId) : undefined
    if (live && user) return { user, scopes: row.scopes, clientId: row.clientId }
    if (isOpen(call)) return ANONYMOUS
    throw new GoogleError(invalidToken(service), service.envelope)
  }
  const guest = service.guest?.(call)
  if (guest) return guest
  if (isOpen(call)) return ANONYMOUS
  const key = apiKeyOf(request)
  if (key === undefined) throw new GoogleError(missingCredential(service), service.envelope)
  const secret = call.open(key)
  if (secret === undefined || !tables.apiKeys.has(secret)) throw new GoogleError(invalidKey(service), service.envelope)
  return { scopes: [], clientId: '', apiKey: true }
}

/** Scopes: one of the operation's alternatives must be held. API keys only read. */
export function authorize(
  call: AnyCall<GoogleTables, GoogleCaller>,
  alternatives: readonly SecurityRequirement[],
  service: GoogleService,
): void {
  const { caller } = call
  if (alternatives.length === 0) return
  if (caller.apiKey) {
    if (call.request.method === 'GET' || call.request.method === 'HEAD') return
    throw new GoogleError(keyCannotWrite(service), service.envelope)
  }
  const held = alternatives.some((one) =>
    Object.values(one).every((scopes) => scopes.every((scope) => holds(caller, scope))),
  )
  if (!held) throw new GoogleError(missingScope(call.operation.operationId, service), service.envelope)
}

/** Holding `drive` is holding what it contains; the scope of the retired feeds still opens spreadsheets (gspread). */
function holds({ scopes }: GoogleCaller, scope: string): boolean {
  if (scope.startsWith(SHEETS) && scopes.includes(FEEDS)) return true
  return scopes.includes(scope) || (scope.startsWith(`${DRIVE}.`) && NARROWER.has(scope) && scopes.includes(DRIVE))
}
const SHEETS = 'https://www.googleapis.com/auth/spreadsheets'
const FEEDS = 'https://spreadsheets.google.com/feeds'
const DRIVE = 'https://www.googleapis.com/auth/drive'
const NARROWER = new Set(
  ['readonly', 'file', 'metadata', 'metadata.readonly', 'photos.readonly'].map((part) => `${DRIVE}.${part}`),
)

const SIGN_IN = 'See https://developers.google.com/identity/sign-in/web/devconsole-project.'
const EXPECTED = `Expected OAuth 2 access token, login cookie or other valid authentication credential. ${SIGN_IN}`
const REALM = 'Bearer realm="https://accounts.google.com/"'

function missingCredential({ envelope, name }: GoogleService): Fault {
  if (envelope === 'legacy') {
    const message =
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API."
    return { code: 403, reason: 'forbidden', message, status: 'PERMISSION_DENIED' }
  }
  return {
    code: 401,
    message: `Request is missing required authentication credential. ${EXPECTED}`,
    details: [errorInfo('CREDENTIALS_MISSING', { service: `${name}.googleapis.com` })],
    headers: { 'www-authenticate': REALM },
  }
}

function invalidToken({ envelope, name }: GoogleService): Fault {
  const headers = { 'www-authenticate': `${REALM}, error="invalid_token"` }
  const message = `Request had invalid authentication credentials. ${EXPECTED}`
  if (envelope === 'legacy') {
    return {
      code: 401,
      message,
      shortMessage: 'Invalid Credentials',
      reason: 'authError',
      location: 'Authorization',
      locationType: 'header',
      status: 'UNAUTHENTICATED',
      headers,
    }
  }
  const details = [errorInfo('ACCESS_TOKEN_TYPE_UNSUPPORTED', { service: `${name}.googleapis.com` })]
  return { code: 401, message, details, headers }
}

function invalidKey({ name }: GoogleService): Fault {
  return {
    code: 400,
    reason: 'badRequest',
    status: 'INVALID_ARGUMENT',
    message: 'API key not valid. Please pass a valid API key.',
    details: [errorInfo('API_KEY_INVALID', { service: `${name}.googleapis.com` })],
  }
}

function keyCannotWrite({ name }: GoogleService): Fault {
  return {
    code: 401,
    reason: 'required',
    message:
      'API keys are not supported by this API. Expected OAuth2 access token or other authentication credentials that assert a principal. See https://cloud.google.com/docs/authentication',
    shortMessage: 'Login Required.',
    location: 'Authorization',
    locationType: 'header',
    status: 'UNAUTHENTICATED',
    details: [errorInfo('CREDENTIALS_MISSING', { service: `${name}.googleapis.com` })],
    headers: { 'www-authenticate': REALM },
  }
}

function missingScope(operationId: string, { name, protoPackage }: GoogleService): Fault {
  return {
    code: 403,
    reason: 'insufficientPermissions',
    message: 'Request had insufficient authentication scopes.',
    shortMessage: 'Insufficient Permission',
    status: 'PERMISSION_DENIED',
    details: [
      errorInfo('ACCESS_TOKEN_SCOPE_INSUFFICIENT', {
        service: `${name}.googleapis.com`,
        method: `${protoPackage}.${operationId}`,
      }),
    ],
    headers: { 'www-authenticate': `${REALM}, error="insufficient_scope"` },
  }
}
