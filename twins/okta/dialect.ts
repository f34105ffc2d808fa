import type { Operation } from '../../shared/kernel/contract.ts'
import type { Dialect, EarlyCall, Problem, Refusal } from '../../shared/kernel/dialect.ts'
import type { Incoming } from '../../shared/kernel/incoming.ts'
import type { Reply } from '../../shared/kernel/reply.ts'
import { authenticate, authorize, credentialOf } from './authentication.ts'
import type { Caller } from './caller.ts'
import { allowedOrigin } from './cors.ts'
import { errorReply, fail } from './errors.ts'
import { quotasOf } from './limits.ts'
import { projected } from './projection.ts'
import { errorId, requestId } from './requests.ts'
import type { tables } from './tables.ts'

type Early = EarlyCall<typeof tables, Caller>

/** How Okta speaks: SSWS, Bearer, DPoP and session credentials, its error envelope, its headers. */
export const dialect: Dialect<typeof tables, Caller> = {
  steps: ['authenticate', 'authorize', 'limit', 'parse', 'body'],

  // The Python SDK sends `//api/v1/users`, and Okta answers as if it had not. A trailing slash is as good as none.
  route: (path) => {
    const single = path.replace(/^\/+/, '/')
    return single.length > 1 ? single.replace(/\/$/, '') : single
  },

  credential: credentialOf,
  authenticate(call) {
    requestId(call.request, call)
    checkMediaTypes(call)
    return authenticate(call)
  },
  authorize,
  quotas: quotasOf,

  // Okta does not check bodies against its published contract: unknown members are ignored and each endpoint words its
  // own complaints. What it does refuse is JSON of another kind than the endpoint's, and words it does not know, in its
  // parser.
  objects: (problem: Problem, operation) =>
    problem.in === 'body' &&
    Object.keys(operation.requestBody?.content ?? {}).some((type) => type.endsWith('json')) &&
    (problem.path.length === 0
      ? problem.keyword === 'type' || (problem.keyword === 'required' && problem.actual === undefined)
      : (problem.keyword === 'type' && isMisshapen(problem)) ||
        (problem.keyword === 'enum' && isUnknownWord(problem, operation))),

  refuse,

  finish(reply, call) {
    return 'fields' in call.query ? projected(reply, (call.query as { fields?: string }).fields) : reply
  },

  headers(_reply, request, call, quotas) {
    const headers: Record<string, string | readonly string[]> = {
      'x-okta-request-id': requestId(request),
      'cache-control': 'no-cache, no-store',
      pragma: 'no-cache',
      expires: '0',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'accept-ch': 'Sec-CH-UA-Platform-Version',
      'x-xss-protection': '0',
      vary: 'Accept-Encoding',
      p3p: 'CP="HONK"',
    }
    const [quota] = quotas ?? []
    if (quota) {
      headers['x-rate-limit-limit'] = String(quota.limit)
      headers['x-rate-limit-remaining'] = String(quota.remaining)
      headers['x-rate-limit-reset'] = String(Math.ceil(quota.reset / 1000))
    }
    if (call) Object.assign(headers, allowedOrigin(call))
    return headers
  },

  json(body, request) {
    const isError = (body as { errorId?: string } | null)?.errorId === ''
    return JSON.stringify(isError ? { ...(body as object), errorId: errorId(request) } : body)
  },

  preflight: (request, allowed) => ({
    status: 200,
    headers: {
      'access-control-allow-origin': request.header('origin') ?? '*',
      'access-control-allow-methods': allowed.map((verb) => verb.toUpperCase()).join(', '),
      'access-control-allow-headers': request.header('access-control-request-headers') ?? '*',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '600',
    },
  }),
}

/** Families whose endpoints read their words in the parser; the others have complaints of their own about them. */
const TYPED = new Set([
  'Behavior',
  'CAPTCHA',
  'DeviceAssurance',
  'EventHook',
  'IdentityProvider',
  'InlineHook',
  'LogStream',
  'NetworkZone',
  'Policy',
  'PushProvider',
  'Realm',
  'Template',
  'TrustedOrigin',
  'UISchema',
])

const isUnknownWord = ({ actual }: Problem, { tags }: Operation): boolean =>
  typeof actual === 'string' && (tags ?? []).some((tag) => TYPED.has(tag))

/** A value where a list or an object belongs, or one of these in another's place; a word for a number. Null is nothing, wherever it stands. */
function isMisshapen({ actual, expected }: Problem): boolean {
  if (actual === null || actual === undefined) return false
  if (expected === 'array') return !Array.isArray(actual)
  if (expected === 'number' || expected === 'integer') return typeof actual === 'string' && Number.isNaN(Number(actual))
  if (expected === 'string') return typeof actual === 'object'
  return expected === 'object' && (typeof actual !== 'object' || Array.isArray(actual))
}

/** What the kernel found wrong, in Okta's words. */
function refuse(refusal: Refusal, request: Incoming): Reply {
  switch (refusal.kind) {
    case 'unknown-route':
      return errorReply('E0000008')
    case 'wrong-verb':
      return errorReply('E0000022')
    case 'media-type':
      return errorReply('E0000021')
    case 'malformed':
      return errorReply('E0000003')
    case 'invalid':
      return errorReply('E0000003')
    case 'too-large':
      return { status: 413 }
    case 'throttled':
      return errorReply('E0000047', '', [
        { errorSummary: 'Too many requests. Please wait for the rate limit to reset.', url: request.path },
      ])
    case 'unmodelled':
      return errorReply('E0000060', '', [`${refusal.operation.operationId} is not modelled by this twin.`])
    case 'unavailable':
      return errorReply(refusal.status === 503 ? 'E0000010' : 'E0000009', '', [], refusal.status)
    case 'crash':
      return errorReply('E0000009')
  }
}

/** Okta answers JSON, and says so before it looks at anything else. XML is for SAML metadata, HTML for sign-in. */
function checkMediaTypes({ request, operation }: Early): void {
  const accept = request.header('accept')
  if (!accept || /\*\/\*|application\/(json|\*)|text\/html/.test(accept)) return
  const offers = Object.values(operation.responses).flatMap((response) => Object.keys(response.content ?? {}))
  if (offers.length === 0 || offers.some((type) => accept.includes(type.split(';')[0] as string))) return
  if (/xml|image|text|octet|jwt|form|pkix|pem|pkcs/.test(accept)) return
  fail('E0000122')
}
