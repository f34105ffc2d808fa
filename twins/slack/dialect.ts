import type { Operation } from '../../shared/kernel/contract.ts'
import type { AnyCall, Dialect, EarlyCall, Problem, Quota, Refusal } from '../../shared/kernel/dialect.ts'
import type { Incoming } from '../../shared/kernel/incoming.ts'
import type { Reply } from '../../shared/kernel/reply.ts'
import { type Caller, missingScope } from './caller.ts'
import { fail, failure, plainText } from './errors.ts'
import { type ReadArguments, readArguments } from './rules/arguments.ts'
import { effectiveScopes } from './rules/classicScopes.ts'
import { retirement } from './rules/retired.ts'
import { permission } from './rules/scopes.ts'
import type { SlackTables, Team } from './tables.ts'

type Early = EarlyCall<SlackTables, Caller>

/** What a call's request says, read once; before the operation is known (a token in the body) nothing is kept. */
const read = new WeakMap<Incoming, ReadArguments>()

export function argumentsOf(request: Incoming, operation?: Operation): ReadArguments {
  const known = operation && read.get(request)
  if (known) return known
  const contentType = request.header('content-type') ?? ''
  const { method, search, bytes } = request
  // Lists take JSON though the catalogue says form only: the Python SDK sends it.
  const isJson = operation?.['x-slack-json'] !== false || operation.path.startsWith('/api/slackLists.')
  const found = readArguments({ method, search, contentType, bytes }, isJson)
  if (operation) read.set(request, found)
  return found
}

function tokenOf(request: Incoming): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.header('authorization') ?? '')?.[1]
  if (bearer) return bearer
  // Hooks carry their secret in the path: /services/T…/B…/<secret>
  const hook = /^\/(?:services|actions|commands|app)\/[^/]+\/[^/]+\/([^/]+)$/.exec(request.path)
  if (hook) return hook[1]
  const upload = /^\/upload\/v1\/([^/]+)$/.exec(request.path)
  if (upload) return upload[1]
  const { token } = argumentsOf(request).values
  return typeof token === 'string' && token !== '' ? token : undefined
}

const isApi = (path: string): boolean => path.startsWith('/api/')

function anonymous(call: Early): Caller {
  return { kind: 'none', team: call.tables.teams.rows().next().value as Team, scopes: [] }
}

/** The caller behind a token, or the refusal real tokens in that state get. */
export function callerOf(call: Pick<Early, 'tables' | 'open' | 'now'>, credential: string): Caller {
  const secret = call.open(credential)
  const token = secret === undefined ? undefined : call.tables.tokens.get(secret)
  if (!token) throw fail('invalid_auth')
  const app = token.appId === undefined ? undefined : call.tables.apps.get(token.appId)
  const user = token.userId === undefined ? undefined : call.tables.users.get(token.userId)
  if (token.revoked) throw fail(token.kind === 'bot' ? 'account_inactive' : 'token_revoked')
  if (user?.deleted && token.kind !== 'app') throw fail(token.kind === 'bot' ? 'account_inactive' : 'token_revoked')
  if (token.expires !== undefined && token.expires * 1000 <= call.now) throw fail('token_expired')
  const team = call.tables.teams.get(token.teamId) as Team
  return {
    kind: token.kind,
    token,
    team,
    scopes: effectiveScopes(token.scopes),
    ...(app ? { app } : {}),
    ...(user ? { user } : {}),
  }
}

/** Published tiers, calls per minute and app. `special` methods have hundreds. */
const PER_MINUTE: Readonly<Record<string, number>> = { 1: 1, 2: 20, 3: 50, 4: 100, special: 600 }
const MINUTE = 60_000

const escapeSlashes = (text: string): string =>
  text
    .replace(/\//g, '\\/')
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

const FIXED_HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'x-slack-req-id, retry-after',
  'cache-control': 'private, no-cache, no-store, must-revalidate',
  expires: 'Sat, 26 Jul 1997 05:00:00 GMT',
  pragma: 'no-cache',
  'referrer-policy': 'no-referrer',
  server: 'Apache',
  'strict-transport-security': 'max-age=31536000; includeSubDomains; preload',
  vary: 'Accept-Encoding',
  'x-content-type-options': 'nosniff',
  'x-slack-backend': 'r',
  'x-xss-protection': '0',
}

/** Wording of the argument checks that the contract's types make. */
function sentenceOf({ keyword, path, expected }: Problem): string {
  const pointer = `[json-pointer:/${path.join('/')}]`
  switch (keyword) {
    case 'required':
      return `missing required field: ${path.at(-1)}${path.length > 1 ? ` ${pointer}` : ''}`
    case 'enum':
      return `must be a valid enum value ${pointer}`
    case 'maximum':
      return `must be less than ${String(expected)} ${pointer}`
    case 'minimum':
      return `must be greater than ${String(expected)} ${pointer}`
    default:
      return `must provide a ${String(expected)} ${pointer}`
  }
}

/** Methods whose own code says that an argument is absent; the rest answer `invalid_arguments`. */
const MISSING: Readonly<Record<string, string>> = {
  'assistant.search.context query': 'missing_query',
  'chat.meMessage text': 'no_text',
  'dialog.open dialog': 'missing_dialog',
  'dialog.open trigger_id': 'missing_trigger',
  'dnd.setSnooze num_minutes': 'missing_duration',
  'files.getUploadURLExternal filename': 'missing_argument',
  'files.getUploadURLExternal length': 'missing_argument',
  'search.all query': 'No query passed',
  'search.files query': 'No query passed',
  'search.messages query': 'No query passed',
  'users.setPresence presence': 'invalid_presence',
}

function invalid(operation: Operation, problems: readonly Problem[]): Reply {
  for (const problem of problems) {
    const own = problem.keyword === 'required' ? MISSING[`${operation.operationId} ${problem.path.at(-1)}`] : undefined
    if (own) return failure(own)
  }
  const messages = problems.map((problem) => `[ERROR] ${sentenceOf(problem)}`)
  return failure('invalid_arguments', { response_metadata: { messages } })
}

const methodName = (request: Incoming): string => request.path.replace(/^\/api\//, '')

/** How Slack speaks: HTTP 200 with `ok`, arguments from anywhere, tokens with scopes, warnings about charsets. */
export const dialect: Dialect<SlackTables, Caller> = {
  steps: ['authenticate', 'authorize', 'limit', 'parse', 'parameters'],
  bodyLimit: (operation) => (operation.operationId === 'upload' ? 1024 : 16) * 1024 * 1024,
  route: (path) => (path.length > 1 ? path.replace(/\/+$/, '') : path),

  credential: tokenOf,

  authenticate(call) {
    const { operation, request } = call
    if (!isApi(request.path)) return anonymous(call)
    if (operation['x-slack-retired']) throw retirement(operation.operationId)
    const { refusal } = argumentsOf(request, operation)
    if (refusal) throw fail(refusal)
    const credential = tokenOf(request)
    const open = (operation.security ?? []).some((requirement) => Object.keys(requirement).length === 0)
    if (credential === undefined) {
      if (open || operation.operationId === 'api.test') return anonymous(call)
      throw fail('not_authed')
    }
    if (open && !credential.startsWith('xox') && !credential.startsWith('xapp')) return anonymous(call)
    return callerOf(call, credential)
  },

  authorize(call, alternatives) {
    const { caller, operation, request } = call
    if (!isApi(request.path)) return
    const { verdict, accepted } = permission(operation.operationId, alternatives, caller.kind, caller.scopes)
    if (verdict === 'missing_scope') throw missingScope(caller, accepted)
    if (verdict === 'wrong_kind' && operation.operationId !== 'api.test') throw fail('not_allowed_token_type')
  },

  quotas(call) {
    const { operation, caller } = call
    const limit = PER_MINUTE[String(operation['x-slack-tier'])]
    if (!caller || limit === undefined) return []
    const who = caller.app?.id ?? caller.user?.id ?? 'anonymous'
    const quotas: Quota[] = [{ key: `${operation.operationId}:${caller.team.id}:${who}`, limit, window: MINUTE }]
    const { channel } = argumentsOf(call.request, operation).values
    if (operation.operationId === 'chat.postMessage' && channel) {
      quotas.push({ key: `post:${caller.team.id}:${who}:${String(channel)}`, limit: 60, window: MINUTE })
    }
    const isHistory = /^conversations\.(history|replies)$/.test(operation.operationId)
    if (isHistory && caller.app?.distribution === 'unlisted') return [{ ...(quotas[0] as Quota), limit: 1 }]
    return quotas
  },

  parse: () => undefined,

  arguments(call) {
    const { token: _, ...values } = argumentsOf(call.request, call.operation).values
    return { query: values }
  },

  // Types are forgiven: "true", 1 and true mean the same, and structured values come as JSON or as text.
  objects: (problem, operation) =>
    problem.in === 'query' &&
    (problem.keyword === 'required' ||
      (problem.keyword === 'enum' &&
        typeof problem.actual === 'string' &&
        problem.actual !== '' &&
        isApi(operation.path) &&
        !FORGIVING.has(operation.operationId))),

  refuse(refusal: Refusal, request: Incoming): Reply {
    switch (refusal.kind) {
      case 'unknown-route':
      case 'wrong-verb':
        return isApi(request.path)
          ? failure('unknown_method', { req_method: methodName(request) })
          : plainText(
              refusal.kind === 'wrong-verb' ? 405 : 404,
              refusal.kind === 'wrong-verb' ? 'method_not_allowed' : 'no_service',
            )
      case 'invalid':
        return invalid(refusal.operation, refusal.problems)
      case 'throttled':
        return { ...failure('ratelimited'), status: 429, headers: { 'retry-after': String(refusal.retryAfter) } }
      case 'unavailable':
        return { ...failure('service_unavailable'), status: refusal.status }
      case 'malformed':
      case 'media-type':
        return failure('invalid_form_data')
      case 'too-large':
        return failure('invalid_arguments')
      case 'unmodelled':
        return { ...failure('method_not_modelled', { req_method: refusal.operation.operationId }), status: 501 }
      case 'crash':
        return { ...failure('internal_error'), status: 500 }
    }
  },

  finish(reply: Reply, call: AnyCall<SlackTables, Caller>): Reply {
    const { warnings } = argumentsOf(call.request, call.operation)
    if (warnings.length === 0 || typeof reply.body !== 'object' || !isApi(call.request.path)) return reply
    return { ...reply, body: withWarnings(reply.body as object, warnings) }
  },

  headers(reply, request, call) {
    const { error } = (reply.body ?? {}) as { error?: unknown }
    const accepted =
      call?.caller && isApi(request.path)
        ? permission(call.operation.operationId, call.operation.security ?? [], call.caller.kind, call.caller.scopes)
            .accepted
        : []
    return {
      ...FIXED_HEADERS,
      'x-slack-req-id': requestId(reply, request),
      ...(call?.caller?.token ? { 'x-oauth-scopes': call.caller.token.scopes.join(',') } : {}),
      ...(accepted.length > 0 ? { 'x-accepted-oauth-scopes': accepted.join(',') } : {}),
      ...(typeof error === 'string' ? { 'x-slack-failure': error } : {}),
    }
  },

  json: (body, request) => {
    const pretty = /(^|&)pretty=(1|true)(&|$)/.test(request.search)
    return escapeSlashes(JSON.stringify(body, undefined, pretty ? 4 : undefined))
  },
  jsonType: 'application/json; charset=utf-8',
}

/** Methods that answer a wrong choice with a code of their own. */
const FORGIVING: ReadonlySet<string> = new Set([
  'agents.sessions.setStatus',
  'users.setPresence',
  'chat.unfurl',
  'conversations.list',
  'files.list',
])

/** Adds warnings in both places: a comma-joined string and a list. */
export function withWarnings(body: object, warnings: readonly string[]): object {
  const {
    response_metadata: metadata,
    warning,
    ...rest
  } = body as {
    response_metadata?: { warnings?: readonly string[] }
    warning?: string
  }
  const all = [...(warning ? warning.split(',') : []), ...warnings]
  const { warnings: known = [], ...other } = metadata ?? {}
  return {
    ...rest,
    warning: all.join(','),
    response_metadata: { ...other, warnings: [...new Set([...known, ...all])] },
  }
}

/** A number for support requests. Not drawn from the universe: it must not disturb what a call does. */
function requestId(reply: Reply, request: Incoming): string {
  let hash = 0x811c9dc5
  for (const text of [request.path, request.search, String(reply.status)]) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  }
  return Array.from({ length: 4 }, (_, i) =>
    (Math.imul(hash + i, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0'),
  ).join('')
}
