import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import type { SecurityRequirement } from '../../shared/kernel/contract.ts'
import { type AnyCall, type EarlyCall, ServiceError } from '../../shared/kernel/dialect.ts'
import type { Incoming } from '../../shared/kernel/incoming.ts'
import { ANONYMOUS, type Caller } from './caller.ts'
import { fail, notFound } from './errors.ts'
import { permits, rolesOf } from './rules/permissions.ts'
import type { AccessToken } from './tables/tokens.ts'
import type { tables } from './tables.ts'

type Early = EarlyCall<typeof tables, Caller>

/** Thirty days without use end an API token. */
const TOKEN_WINDOW = 30 * 24 * 3600 * 1000

interface Presented {
  readonly scheme: 'SSWS' | 'Bearer' | 'DPoP'
  readonly value: string
}

/**
 * The `Authorization` header, when it is one of Okta's. The scheme's case counts; after SSWS a space does not (the Python
 * SDK's generated client sends none).
 */
function presented(request: Incoming): Presented | undefined {
  const match = /^(SSWS|Bearer(?= )|DPoP(?= )) *(\S+)$/.exec(request.header('authorization')?.trim() ?? '')
  return match ? ({ scheme: match[1], value: match[2] } as Presented) : undefined
}

/** What names the universe: the API token, the `jti` of an access token, the session id. */
export function credentialOf(request: Incoming): string | undefined {
  const header = presented(request)
  if (!header) return sessionCookie(request)
  return header.scheme === 'SSWS' ? header.value : tokenId(header.value)
}

/** `AT.` and the sealed secret, without what a refresh token adds. */
export function tokenId(jwt: string): string | undefined {
  const jti = payloadOf(jwt)?.jti
  return typeof jti === 'string' ? jti.split('.').slice(0, 2).join('.') : undefined
}

export function payloadOf(jwt: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
  } catch {
    return undefined
  }
}

export function sessionCookie(request: Incoming): string | undefined {
  return /(?:^|;\s*)sid=([^;]+)/.exec(request.header('cookie') ?? '')?.[1]
}

/** The endpoints of OAuth itself know their callers by other means: client authentication, cookies, the token alone. */
const isProtocol = (operation: Early['operation']): boolean =>
  operation.tags?.some((tag) => tag === 'OrgAS' || tag === 'CustomAS') === true

/** Who calls. Operations without security requirements take anybody, and know the caller if there is one. */
export function authenticate(call: Early): Caller {
  const open = !call.operation.security?.length || isProtocol(call.operation)
  const header = presented(call.request)
  if (!header) {
    const caller = bySession(call)
    if (caller) return caller
    // Who asks for their session and has none is told so, not refused.
    if (/\/sessions\/me(\/|$)/.test(call.request.path)) return notFound('me', 'AppSession')
    return open ? ANONYMOUS : fail('E0000005')
  }
  if (open && header.scheme !== 'SSWS') return byAccessToken(call, header, false) ?? ANONYMOUS
  if (header.scheme === 'SSWS') return byApiToken(call, header.value)
  return byAccessToken(call, header, true) ?? ANONYMOUS
}

function byApiToken(call: Early, value: string): Caller {
  const secret = call.open(value)
  const token = secret === undefined ? undefined : call.tables.apiTokens.by('secret', secret)
  const owner = token && call.tables.users.get(token.userId)
  if (!token || !owner || owner.status === 'DEPROVISIONED' || token.expiresAt <= call.now) return fail('E0000011')
  // The window slides with use; once an hour is often enough, and reads stay free of writes.
  if (token.expiresAt - call.now < TOKEN_WINDOW - 3_600_000) {
    call.tables.apiTokens.patch(token.id, { expiresAt: call.now + TOKEN_WINDOW })
  }
  return { kind: 'token', userId: owner.id, tokenId: token.id, roles: rolesOf(call.tables, owner.id) }
}

function byAccessToken(call: Early, header: Presented, strict: boolean): Caller | undefined {
  const token = accessTokenOf(call, header.value)
  // Only tokens of the org's own server open its APIs; a custom server's are for others.
  const refused =
    token?.server !== 'org'
      ? 'The access token is invalid.'
      : token.revoked || token.expiresAt <= call.now
        ? 'The token has expired.'
        : token.jkt !== undefined && header.scheme !== 'DPoP'
          ? 'The access token is bound to a DPoP key.'
          : header.scheme === 'DPoP'
            ? proofProblem(call, header.value, token)
            : undefined
  if (refused !== undefined || !token) {
    if (strict) challenge(call, 401, 'invalid_token', refused ?? '')
    return undefined
  }
  const holder = token.userId ?? token.clientId
  return {
    kind: token.userId ? 'user' : 'client',
    ...(token.userId && { userId: token.userId }),
    clientId: token.clientId,
    scopes: token.scopes,
    accessToken: token.secret,
    roles: rolesOf(call.tables, holder),
  }
}

/** The stored token behind a JWT of this universe. */
export function accessTokenOf(call: Pick<Early, 'open' | 'tables'>, jwt: string): AccessToken | undefined {
  const id = tokenId(jwt)
  const secret = id?.startsWith('AT.') ? call.open(id.slice(3)) : undefined
  return secret === undefined ? undefined : call.tables.accessTokens.get(secret)
}

function bySession(call: Early): Caller | undefined {
  const cookie = sessionCookie(call.request)
  const id = cookie === undefined ? undefined : call.open(cookie)
  const session = id === undefined ? undefined : call.tables.sessions.get(id)
  if (!session || session.expiresAt <= call.now) return undefined
  return { kind: 'session', userId: session.userId, sessionId: session.id, roles: rolesOf(call.tables, session.userId) }
}

/** Checks a DPoP proof (RFC 9449): its signature, key, method, address, age and token hash. */
function proofProblem(call: Early, accessToken: string, token: AccessToken): string | undefined {
  const proof = call.request.header('dpop')
  if (proof === undefined) return 'The DPoP proof JWT header is missing.'
  const [head, , signature] = proof.split('.')
  const claims = payloadOf(proof)
  let header: { jwk?: JsonWebKey; alg?: string; typ?: string }
  try {
    header = JSON.parse(Buffer.from(head ?? '', 'base64url').toString())
  } catch {
    return 'The DPoP proof JWT is malformed.'
  }
  if (!claims || !header.jwk || signature === undefined) return 'The DPoP proof JWT is malformed.'
  if (thumbprint(header.jwk) !== token.jkt) return 'The DPoP proof key does not match the access token.'
  if (!verifies(proof, header.jwk, header.alg)) return "The DPoP proof JWT's signature is invalid."
  if (claims.htm !== call.request.method) return "The 'htm' claim of the DPoP proof JWT does not match the request."
  const path = String(claims.htu).split('?')[0] as string
  if (!path.endsWith(call.request.path.replace(/^\/+/, '/'))) {
    return "The 'htu' claim of the DPoP proof JWT does not match the request."
  }
  const hash = createHash('sha256').update(accessToken).digest('base64url')
  if (claims.ath !== hash) return "The 'ath' claim of the DPoP proof JWT is invalid."
  return undefined
}

/** RFC 7638 thumbprint of a public key. */
export function thumbprint(jwk: JsonWebKey): string {
  const members =
    jwk.kty === 'EC' ? ['crv', 'kty', 'x', 'y'] : jwk.kty === 'OKP' ? ['crv', 'kty', 'x'] : ['e', 'kty', 'n']
  const canonical = JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]])))
  return createHash('sha256').update(canonical).digest('base64url')
}

/** Whether a JWT was signed by the holder of a public key. */
export function verifies(jwt: string, jwk: JsonWebKey, alg = 'RS256'): boolean {
  const [head, body, signature] = jwt.split('.')
  const digest = `sha${alg.slice(2)}`
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const bytes = Buffer.from(signature ?? '', 'base64url')
    const options = alg.startsWith('ES')
      ? { key, dsaEncoding: 'ieee-p1363' as const }
      : alg.startsWith('PS')
        ? { key, padding: 6, saltLength: -1 }
        : { key }
    return verify(digest, Buffer.from(`${head}.${body}`), options, bytes)
  } catch {
    return false
  }
}

/**
 * Whether the caller may use the operation. Access tokens need one of the contract's scopes; then, like API tokens and
 * sessions, the administrator roles decide.
 */
export function authorize(call: AnyCall<typeof tables, Caller>, alternatives: readonly SecurityRequirement[]): void {
  const { caller } = call
  if (alternatives.length === 0 || caller.kind === 'anonymous' || isProtocol(call.operation)) return
  if (caller.scopes) {
    const needed = alternatives.flatMap((alternative) => alternative.oauth2 ?? [])
    const held = caller.scopes
    const enough =
      needed.length === 0 ||
      needed.some((scope) => held.includes(scope) || held.includes(scope.replace(/\.read$/, '.manage')))
    if (!enough) {
      challenge(
        call,
        403,
        'insufficient_scope',
        'The access token provided does not contain the required scopes.',
        needed,
      )
    }
  }
  if (!permits(call)) fail('E0000006')
}

/** A refusal of an access token: no body, all of it in `WWW-Authenticate`, from which the Go SDK makes its error. */
function challenge(
  call: Pick<Early, 'link' | 'request'>,
  status: number,
  error: string,
  description: string,
  scopes: readonly string[] = [],
): never {
  const parts = [
    `authorization_uri="${call.link('/oauth2/v1/authorize')}"`,
    `realm="${call.link('')}"`,
    `scope="${scopes.join(' ')}"`,
    `error="${error}"`,
    `error_description="${description}"`,
    `resource="${call.request.path}"`,
  ]
  throw new ServiceError({ status, headers: { 'www-authenticate': `Bearer ${parts.join(', ')}` } })
}
