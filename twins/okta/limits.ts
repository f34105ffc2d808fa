import type { EarlyCall, Quota } from '../../shared/kernel/dialect.ts'
import type { Caller } from './caller.ts'
import type { tables } from './tables.ts'

const MINUTE = 60_000

/** Calls a minute by path, as seen in response headers; the first match counts, and its source names the bucket. */
const RATES: readonly (readonly [RegExp, number])[] = [
  [/^\/oauth2(\/[^/]+)?\/v1\/keys$|\/\.well-known\//, 0],
  [/^\/api\/v1\/users\/[^/]+$/, 2000],
  [/^\/api\/v1\/users/, 600],
  [/^\/api\/v1\/groups\/[^/]+$/, 1000],
  [/^\/api\/v1\/groups/, 500],
  [/^\/api\/v1\/apps\/[^/]+/, 500],
  [/^\/api\/v1\/apps/, 100],
  [/^\/api\/v1\/(policies|authorizationServers|idps|eventHooks|inlineHooks)/, 1000],
  [/^\/api\/v1\/(authn|mappings|captchas|realms|behaviors)/, 500],
  [/^\/api\/v1\/(iam|org)/, 100],
  [/^\/api\/v1\/(api-tokens|logStreams)/, 300],
  [/^\/api\/v1\/logs/, 120],
  [/^\/oauth2(\/[^/]+)?\/v1\/token$/, 150],
  [/^/, 1200],
]

/** The bucket a call draws from. Keys and discovery documents have none. */
export function quotasOf({ request }: EarlyCall<typeof tables, Caller>): readonly Quota[] {
  const path = request.path.replace(/^\/+/, '/')
  const [pattern, limit] = RATES.find(([pattern]) => pattern.test(path)) as readonly [RegExp, number]
  return limit === 0 ? [] : [{ key: pattern.source, limit, window: MINUTE }]
}
