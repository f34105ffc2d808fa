import type { Operation } from '../../shared/kernel/contract.ts'
import type { Dialect, Problem, Refusal } from '../../shared/kernel/dialect.ts'
import { ServiceError } from '../../shared/kernel/dialect.ts'
import type { Incoming } from '../../shared/kernel/incoming.ts'
import type { Reply } from '../../shared/kernel/reply.ts'
import { HEX } from '../../shared/universe/random.ts'
import { authenticate, basicOf, bearerOf } from './authentication.ts'
import type { Caller } from './context.ts'
import { errorBody, problem, unauthenticated } from './errors.ts'
import type { tables } from './tables.ts'

/** Operations that may be used without signing in although the contract does not say so: measured on real sites. */
const OPEN: ReadonlySet<string> = new Set(['getServerInfo', 'getIssueLinkTypes', 'getFields'])

/** The newer endpoints check their bodies against the contract; the older ones forgive, or word it themselves. */
const STRICT_BODIES: ReadonlySet<string> = new Set([
  'searchAndReconsileIssuesUsingJqlPost',
  'countIssues',
  'bulkFetchIssues',
  'getBulkChangelogs',
  'submitBulkDelete',
  'submitBulkTransition',
  'linkIssues',
])

const collapse = (path: string): string => path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1')

/** The contract's path of a request: gateway prefix, version and stray slashes taken off. */
export const route = (path: string): string =>
  collapse(path)
    .replace(/^\/ex\/jira\/[^/]+(?=\/)/, '')
    .replace(/^\/rest\/api\/(?:2|latest)(?=\/|$)/, '/rest/api/3')
    .replace(/^\/rest\/agile\/latest(?=\/|$)/, '/rest/agile/1.0')
    .replace(/^\/rest\/auth\/latest(?=\/|$)/, '/rest/auth/1')

/** How Jira Cloud speaks: order of checks, error bodies, headers. */
export const dialect: Dialect<typeof tables, Caller> = {
  steps: ['authenticate', 'parse', 'authorize', 'parameters', 'body', 'limit'],
  bodyLimit: (operation) => (operation.operationId === 'addAttachment' ? 100 : 20) * 1024 * 1024,
  route,

  credential: (request) => basicOf(request)?.token ?? bearerOf(request),
  authenticate,
  authorize(call, alternatives) {
    if (call.caller.user) return checkScopes(call, alternatives)
    const open = alternatives.some((alternative) => Object.keys(alternative).length === 0)
    if (open || alternatives.length === 0 || OPEN.has(call.operation.operationId)) return
    throw unauthenticated(call.link(''))
  },

  quotas(call) {
    const { method } = call.operation
    const [limit, window] =
      call.operation.operationId.startsWith('search') && method === 'post' ? [200, 1000] : [350, 1000]
    return [{ key: `${method} ${call.operation.path}`, limit, window }]
  },

  arguments: (call) => ({ query: joined(call.request.search, call.query as Record<string, unknown>) }),

  objects: minds,
  refuse,

  jsonType: 'application/json;charset=UTF-8',
  headers(_reply, request, call) {
    const trace = traceOf(request, call?.now ?? 0)
    return {
      server: 'AtlassianEdge',
      'x-arequestid': trace,
      'atl-traceid': trace,
      'atl-request-id': trace.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
      'cache-control': 'no-cache, no-store, no-transform',
      'x-content-type-options': 'nosniff',
      'x-xss-protection': '1; mode=block',
      'strict-transport-security': 'max-age=63072000; includeSubDomains; preload',
      vary: 'Accept-Encoding',
      'timing-allow-origin': '*',
      ...(call?.caller?.user && { 'x-aaccountid': encodeURIComponent(call.caller.user.accountId) }),
      ...(call?.caller?.failed && { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' }),
    }
  },
}

/** Repeated strings are joined by commas, `permissions=A&permissions=B`; of repeated numbers the first wins (measured). */
function joined(search: string, query: Record<string, unknown>): Record<string, unknown> {
  if (search === '') return query
  const sent = new URLSearchParams(search)
  const more = Object.entries(query).filter(
    ([name, value]) => typeof value === 'string' && sent.getAll(name).length > 1,
  )
  return more.length === 0
    ? query
    : { ...query, ...Object.fromEntries(more.map(([name]) => [name, sent.getAll(name).join(',')])) }
}

/** Scopes of an OAuth token: classic or granular names, any alternative of the contract. */
function checkScopes(
  call: { caller: Caller },
  alternatives: readonly Readonly<Record<string, readonly string[]>>[],
): void {
  const { token } = call.caller
  if (token?.kind !== 'access' || !token.scopes) return
  const wanted = alternatives.map((alternative) => alternative.OAuth2).filter((scopes) => scopes !== undefined)
  if (wanted.length === 0 || wanted.some((scopes) => scopes.every((scope) => token.scopes?.includes(scope)))) return
  throw new ServiceError(
    {
      status: 401,
      body: { code: 401, message: 'Unauthorized; scope does not match' },
      headers: { 'content-type': 'application/json' },
    },
    'scope does not match',
  )
}

function minds(found: Problem, operation: Operation): boolean {
  if (found.actual instanceof Uint8Array) return false // Plain text and images stay bytes.
  // The Agile contract calls some plain words objects.
  if (found.in === 'query' || found.in === 'path') return found.keyword === 'type' && found.expected !== 'object'
  if (found.path.length === 0 && (found.keyword === 'type' || found.keyword === 'required')) {
    return found.expected !== 'body' ? found.keyword === 'type' : true
  }
  if (isMisshapen(found)) return true
  // A member that is null counts as left out (pycontribs/jira links issues with `comment: null`).
  return found.actual !== null && STRICT_BODIES.has(operation.operationId)
}

/**
 * What Jackson cannot read, anywhere: another value in a list's place, a list or an object in a string's, nothing or
 * another value in that of a list's element.
 */
function isMisshapen({ keyword, expected, actual, path }: Problem): boolean {
  if (keyword !== 'type') return false
  const composite = typeof actual === 'object' && actual !== null
  const element = typeof path.at(-1) === 'number'
  if (expected === 'array') return actual !== null && !Array.isArray(actual)
  if (expected === 'string') return composite || (element && actual === null)
  return expected === 'object' && element && !composite
}

function refuse(refusal: Refusal, request: Incoming): Reply {
  const instance = request.path
  switch (refusal.kind) {
    case 'unknown-route':
      return unknownRoute(request)
    case 'wrong-verb':
      return problem(405, 'Method Not Allowed', `Method '${request.method}' is not supported.`, instance, {
        allow: refusal.allowed.join(', '),
      })
    case 'media-type':
      return problem(
        415,
        'Unsupported Media Type',
        `Content-Type '${refusal.received ?? 'null'}' is not supported.`,
        instance,
        {
          accept: Object.keys(refusal.operation.requestBody?.content ?? {}).join(', '),
        },
      )
    case 'malformed':
      return {
        status: 400,
        body: { errorMessages: ['There was an error parsing JSON. Check that your request body is valid.'] },
      }
    case 'too-large':
      return { status: 413, body: errorBody(['The request entity is too large.']) }
    case 'invalid':
      return invalid(refusal.problems[0] as Problem, request)
    case 'throttled':
      return {
        status: 429,
        body: errorBody(['Rate limit exceeded.']),
        headers: {
          'retry-after': String(refusal.retryAfter),
          'x-ratelimit-limit': String(refusal.limit),
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': new Date(refusal.reset).toISOString().replace(/:\d\d\.\d+Z$/, 'Z'),
          'ratelimit-reason': 'jira-burst-based',
        },
      }
    case 'unavailable':
      return {
        status: refusal.status,
        body: errorBody([refusal.detail ?? 'Service Unavailable']),
        headers: { 'retry-after': '5' },
      }
    case 'unmodelled':
      return { status: 501, body: errorBody([`${refusal.operation.operationId} is not modelled by this twin.`]) }
    case 'crash':
      return { status: 500, body: errorBody(['Internal server error']) }
  }
}

function invalid(found: Problem, request: Incoming): Reply {
  if (found.in !== 'body') {
    const name = found.path[0] ?? ''
    const detail = `Failed to convert '${name}' with value: '${String(found.actual)}'`
    return problem(400, 'Bad Request', detail, request.path)
  }
  const message =
    found.expected === 'body'
      ? 'No content to map to Object due to end of input'
      : 'Invalid request payload. Refer to the REST API documentation and try again.'
  return { status: 400, body: { errorMessages: [message] } }
}

/** Service Management is installed, but nobody here holds one of its licences. */
const NO_AGENT = {
  errorMessage: 'You do not have access to Jira Service Management.',
  i18nErrorMessage: { i18nKey: 'sd.agent.servicedesk.error.no.access', parameters: [] },
}

/** Known resources answer in Spring's form; the gateway in its own; the rest of the site is pages. */
function unknownRoute(request: Incoming): Reply {
  const { path, method } = request
  if (/\/rest\/(api|agile|software)\//.test(path)) {
    return problem(404, 'Not Found', `No endpoint ${method} ${path}.`, path)
  }
  if (path.startsWith('/rest/servicedeskapi/')) return { status: 403, body: NO_AGENT }
  if (method === 'HEAD' || method === 'GET') {
    const page = pageRedirect(path, request)
    if (page) return page
  }
  return {
    status: 404,
    body: {
      timestamp: '1970-01-01T00:00:00.000Z',
      status: 404,
      error: 'Not Found',
      message: 'No message available',
      path,
    },
    headers: { 'content-type': 'application/json' },
  }
}

/** The pages a browser is sent through to sign in. */
function pageRedirect(path: string, request: Incoming): Reply | undefined {
  const to = {
    '/': '/login.jsp',
    '/login.jsp': `${request.base}/login?application=jira`,
    '/login': 'https://id.atlassian.com/login',
  }[path]
  if (!to) return undefined
  const type = { '/': 'text/html;charset=UTF-8', '/login.jsp': 'text/html' }[path] ?? 'text/plain; charset=utf-8'
  return { status: 302, headers: { location: to, 'content-type': type } }
}

/** A trace id: the same for the same request at the same time. */
function traceOf(request: Incoming, now: number): string {
  let state = (now ^ 0x9e3779b9) >>> 0
  let trace = ''
  const text = `${request.method}${request.path}${request.search}`
  for (let i = 0; i < 32; i++) {
    state = (Math.imul(state ^ (text.charCodeAt(i % text.length) + i), 0x85ebca6b) + 0xc2b2ae35) >>> 0
    trace += HEX[state >>> 28]
  }
  return trace
}
