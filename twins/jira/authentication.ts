import { type EarlyCall, ServiceError } from '../../shared/kernel/dialect.ts'
import type { Incoming } from '../../shared/kernel/incoming.ts'
import type { Caller } from './context.ts'
import { AUTHENTICATE } from './errors.ts'
import type { tables } from './tables.ts'

/** User and token of a Basic credential. */
export function basicOf(request: Incoming): { user: string; token: string } | undefined {
  const match = /^basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(request.header('authorization') ?? '')
  if (!match) return undefined
  const text = Buffer.from(match[1] as string, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { user: text.slice(0, colon), token: text.slice(colon + 1) }
}

/** The token of a Bearer credential. Only `Bearer x` with one blank is read; other spellings are anonymous (measured). */
export const bearerOf = (request: Incoming): string | undefined =>
  /^Bearer (\S+)$/.exec(request.header('authorization') ?? '')?.[1]

const ANONYMOUS: Caller = { failed: false }

/**
 * Who calls. A wrong Basic pair is anonymous, and the headers say so; a Bearer that is no token is refused at once:
 * 403 in the words of Connect when it cannot be read, 401 when it has the form of a JWT.
 */
export function authenticate(call: EarlyCall<typeof tables, Caller>): Caller {
  const { request } = call
  const bearer = bearerOf(request)
  if (bearer !== undefined) return byBearer(call, bearer)
  const basic = basicOf(request)
  if (!basic) return ANONYMOUS
  const secret = call.open(basic.token)
  const token = secret === undefined ? undefined : call.tables.tokens.get(secret)
  const user = token && call.tables.users.get(token.accountId)
  if (!user?.active || token?.kind !== 'api' || user.email?.toLowerCase() !== basic.user.toLowerCase()) {
    return { failed: basic.user !== '' }
  }
  return { user, token, failed: false }
}

function byBearer(call: EarlyCall<typeof tables, Caller>, bearer: string): Caller {
  const gateway = call.request.path.startsWith('/ex/jira/')
  const secret = call.open(bearer)
  const token = secret === undefined ? undefined : call.tables.tokens.get(secret)
  const user = token && call.tables.users.get(token.accountId)
  const alive = token?.kind === 'access' && (token.expires === undefined || token.expires > call.now)
  if (user?.active && alive) return { user, token, failed: false }
  const json = { 'content-type': 'application/json' }
  if (gateway || /^\/(oauth\/token\/accessible-resources|me)$/.test(call.request.path)) {
    throw new ServiceError({ status: 401, body: { code: 401, message: 'Unauthorized' }, headers: json })
  }
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(bearer)) {
    throw new ServiceError({ status: 401, body: AUTHENTICATE, headers: { 'content-type': 'text/html' } })
  }
  throw new ServiceError({
    status: 403,
    body: '{"error": "Failed to parse Connect Session Auth Token"}',
    headers: json,
  })
}
