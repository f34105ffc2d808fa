import type { EarlyCall } from '../../shared/kernel/dialect.ts'
import type { Caller } from './caller.ts'
import type { tables } from './tables.ts'

/** CORS: the origins of the org's trusted origins are echoed, keys and discovery documents are anybody's. */
export function allowedOrigin(call: EarlyCall<typeof tables, Caller>): Record<string, string> {
  const origin = call.request.header('origin')
  if (origin === undefined) return {}
  if (/\/(keys|\.well-known\/[\w-]+)$/.test(call.request.path)) return { 'access-control-allow-origin': '*' }
  const trusted = call.tables as unknown as { trustedOrigins?: { all(): { status?: string; data: object }[] } }
  const known = trusted.trustedOrigins?.all().some((row) => {
    const { origin: named, scopes } = row.data as { origin?: string; scopes?: { type?: string }[] }
    return row.status === 'ACTIVE' && named === origin && scopes?.some((scope) => scope.type === 'CORS')
  })
  return known ? { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' } : {}
}
