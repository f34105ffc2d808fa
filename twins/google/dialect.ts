import { mediaTypeOf, parseForm, parseJson } from '../../shared/kernel/body.ts'
import type { Contract, Operation, Schema } from '../../shared/kernel/contract.ts'
import type { AnyCall, Dialect, EarlyCall } from '../../shared/kernel/dialect.ts'
import type { Incoming } from '../../shared/kernel/incoming.ts'
import type { Reply } from '../../shared/kernel/reply.ts'
import type { TableDefinitions } from '../../shared/universe/table.ts'
import { authenticate, authorize, credentialOf } from './authentication.ts'
import { batchOf } from './batch.ts'
import type { GoogleCaller } from './caller.ts'
import { badRequest, type Envelope, type Fault, faultReply, GoogleError } from './errors.ts'
import { type Mask, MaskSyntax, parseMask, prune, type Resolve, unknownPath } from './fields.ts'
import { unknownParameters } from './parameters.ts'
import { readBody } from './protojson.ts'
import { refusalReply } from './refusals.ts'
import type { GoogleTables } from './tables.ts'

/** How one Google API differs from the others. */
export interface GoogleService {
  /** `docs`, `drive`, `sheets`: `docs.googleapis.com` in texts. */
  readonly name: string
  /** Name in texts: `Google Docs API`. */
  readonly title: string
  readonly envelope: Envelope
  readonly contract: () => Contract
  /** Proto package of its types, for error texts: `google.apps.docs.v1`. */
  readonly protoPackage: string
  /** Whether unknown query parameters and body fields are refused; Drive ignores both. */
  readonly unknownNames: 'refuse' | 'ignore'
  /** The proto field an operation's body is bound to, for error texts: `data` of values.update. */
  readonly bodyField?: (operation: Operation) => string | undefined
  /** Full name of a type in error texts, where `<package>.<schema>` is not it. */
  readonly typeName?: (schema: string | undefined, field: string) => string | undefined
  /** The mask applied when the caller asks for no fields. */
  readonly defaultFields?: (operation: Operation) => string | undefined
  /** Headers of every reply. */
  readonly headers: Readonly<Record<string, string>>
  readonly bodyLimit?: (operation: Operation) => number
  /** Operations that read the body's bytes themselves. */
  readonly readsBytes?: (request: Incoming) => boolean
  /** Who calls without a token, where an address alone is enough. */
  readonly guest?: (call: EarlyCall<GoogleTables, GoogleCaller>) => GoogleCaller | undefined
  readonly quotas?: Dialect<GoogleTables, GoogleCaller>['quotas']
  /** Last touch before the field mask, with the call. */
  readonly finish?: (reply: Reply, call: AnyCall<GoogleTables, GoogleCaller>) => Reply
}

/**
 * The dialect of a Google API: OAuth tokens and API keys, system parameters (`fields`, `alt`, `prettyPrint`, `callback`,
 * `$.xgafv`), protocol-buffer JSON and the two error envelopes.
 */
export function googleDialect<D extends TableDefinitions>(service: GoogleService): Dialect<D, GoogleCaller> {
  const masks = new MaskCache(service)
  const resolve = resolver(service.contract)
  const fail = (fault: Fault): never => {
    throw new GoogleError(fault, service.envelope)
  }
  const dialect: Dialect<GoogleTables, GoogleCaller> = {
    steps: ['authenticate', 'authorize', 'limit', 'parse', 'parameters', 'body'],
    bodyLimit: service.bodyLimit,
    // A trailing slash, also before a verb, is tolerated: clients send `/spreadsheets/ID/:batchUpdate`.
    route: (path) => (path.length > 1 && path.includes('/', 1) ? path.replace(/\/+(?=:[^/]*$|$)/, '') || '/' : path),
    credential: credentialOf,
    authenticate: (call) => authenticate(call, service),
    authorize: (call, alternatives) => authorize(call, alternatives, service),
    quotas: service.quotas,
    parse: (call) => (service.readsBytes?.(call.request) ? undefined : parse(call)),
    arguments(call) {
      const query = plainQuery(call)
      if (service.unknownNames === 'refuse' && !call.operation['x-dtu-added']) {
        const fault = unknownParameters(call.operation, query)
        if (fault) fail(fault)
      }
      checkMask(masks, call.operation, query, service)
      if (call.body === undefined || call.operation['x-dtu-added']) return { query }
      const { value, violations } = readBody(call.body, bodySchema(call.operation), {
        resolve,
        unknownNames: service.unknownNames,
        root: service.bodyField?.(call.operation),
        typeName: (schema, field) =>
          service.typeName?.(schema, field) ?? `${service.protoPackage}.${schema ?? pascalCase(field)}`,
      })
      if (violations.length) {
        const message = violations.map(({ description }) => description).join('\n')
        fail({ code: 400, message, reason: 'badRequest', details: [badRequest(violations)] })
      }
      return { query, body: value }
    },
    // Bodies are checked as they are read; only parameters are left.
    objects: (problem) => problem.in !== 'body',
    refuse: (refusal, request, call) => inChosenEnvelope(refusalReply(refusal, request, call, service), request),
    finish(reply, call) {
      const served = service.finish?.(reply, call) ?? reply
      if (served.status >= 400) return inChosenEnvelope(served, call.request)
      if (!isJson(served)) return served
      const mask = masks.of(call.operation, call.query.fields)
      return mask ? { ...served, body: prune(served.body, mask) } : served
    },
    headers: (reply, request) => headersOf(reply, request, service),
    json: jsonText,
    jsonType: 'application/json; charset=UTF-8',
    batch: batchOf(service.envelope),
    preflight,
  }
  // The dialect touches the shared tables only, which every Google twin's set includes.
  return dialect as unknown as Dialect<D, GoogleCaller>
}

const bodySchema = (operation: Operation): Schema | undefined =>
  operation.requestBody?.content['application/json']?.schema

const isJson = (reply: Reply): boolean =>
  reply.body !== null && typeof reply.body === 'object' && !(reply.body instanceof Uint8Array)

const pascalCase = (name: string) => name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())

function resolver(contract: () => Contract): Resolve {
  return (schema) => {
    let at = schema
    while (typeof at === 'object' && typeof at.$ref === 'string') {
      at = contract().document.components?.schemas?.[at.$ref.slice('#/components/schemas/'.length)]
    }
    return at
  }
}

/** JSON and forms; bodies of operations without one are ignored. */
function parse(call: EarlyCall<GoogleTables, GoogleCaller>): unknown {
  const { request, operation } = call
  if (!operation.requestBody || request.bytes.length === 0) return undefined
  if (mediaTypeOf(request) === 'application/x-www-form-urlencoded' && operation['x-dtu-added'])
    return parseForm(request.text)
  return parseJson(request.text)
}

/** Query values without the `1` and `0` that Google takes for booleans; empty paging tokens count as absent. */
function plainQuery(call: EarlyCall<GoogleTables, GoogleCaller>): Record<string, unknown> {
  const query: Record<string, unknown> = { ...call.query }
  for (const { name, in: place, schema } of call.operation.parameters ?? []) {
    if (place !== 'query' || !(name in query)) continue
    const type = typeof schema === 'object' ? schema.type : undefined
    const value = query[name]
    if (type === 'boolean' && typeof value === 'string') {
      if (/^(1|true|)$/i.test(value)) query[name] = true
      else if (/^(0|false)$/i.test(value)) query[name] = false
    } else if (value === '') delete query[name]
  }
  return query
}

/** Compiled masks: the same few are asked for again and again. */
class MaskCache {
  readonly #service: GoogleService
  readonly #masks = new Map<string, Mask>()

  constructor(service: GoogleService) {
    this.#service = service
  }

  of(operation: Operation, fields: unknown): Mask | undefined {
    const text = typeof fields === 'string' && fields.trim() !== '' ? fields : this.#service.defaultFields?.(operation)
    return text === undefined ? undefined : this.parsed(text)
  }

  parsed(text: string): Mask {
    let mask = this.#masks.get(text)
    if (!mask) {
      mask = parseMask(text)
      if (this.#masks.size > 1000) this.#masks.clear()
      this.#masks.set(text, mask)
    }
    return mask
  }
}

/** Refuses a mask that does not parse or names what the response does not have, before anything happens. */
function checkMask(
  masks: MaskCache,
  operation: Operation,
  query: Record<string, unknown>,
  service: GoogleService,
): void {
  const { fields } = query
  if (typeof fields !== 'string' || fields.trim() === '' || operation['x-dtu-added']) return
  let missing: readonly string[] | undefined
  try {
    const schema = operation.responses['200']?.content?.['application/json']?.schema
    missing = unknownPath(masks.parsed(fields), schema, resolver(service.contract))
  } catch (error) {
    if (!(error instanceof MaskSyntax)) throw error
    missing = [fields]
  }
  if (missing) throw new GoogleError(maskFault(missing, service.envelope), service.envelope)
}

function maskFault(path: readonly string[], envelope: Envelope): Fault {
  if (envelope === 'legacy') {
    const message = `Invalid field selection ${path.at(-1)}`
    return { code: 400, reason: 'invalidParameter', message, location: 'fields' }
  }
  const field = path.join('.')
  const description = `Error expanding 'fields' parameter. Cannot find matching fields for path '${field}'.`
  return {
    code: 400,
    message: 'Request contains an invalid argument.',
    details: [badRequest([{ field, description }])],
  }
}

/** `$.xgafv=1` asks for the legacy error envelope, `2` for the canonical one. */
function inChosenEnvelope(reply: Reply, request: Incoming): Reply {
  const choice = /(?:^|&)(?:\$|%24)\.xgafv=([12])/.exec(request.search)?.[1]
  const error = (reply.body as { error?: ErrorBody } | undefined)?.error
  if (!choice || !error || typeof error !== 'object') return reply
  const { code, message, status, details, errors } = error
  const fault: Fault = { code, message, details, ...errors?.[0], ...(choice === '2' && status && { status }) }
  return { ...faultReply({ ...fault, message }, choice === '1' ? 'legacy' : 'canonical'), headers: reply.headers }
}

interface ErrorBody {
  code: number
  message: string
  status?: string
  details?: readonly object[]
  errors?: readonly { reason: string; domain: string; location?: string; locationType?: string }[]
}

/** Pretty by default: two blanks, a newline at the end. `callback` wraps it as JSONP. */
function jsonText(body: unknown, request: Incoming): string {
  const compact = request.search.includes('prettyPrint') && /(?:^|&)prettyPrint=(false|0)/i.test(request.search)
  const text = compact ? JSON.stringify(body) : `${JSON.stringify(body, null, 2)}\n`
  const callback = callbackOf(request)
  return callback ? `// API callback\n${callback}(${text.trimEnd()});` : text
}

const callbackOf = (request: Incoming): string | undefined =>
  request.search.includes('callback=') ? /(?:^|&)callback=([\w.$]+)/.exec(request.search)?.[1] : undefined

function headersOf(
  reply: Reply,
  request: Incoming,
  service: GoogleService,
): Record<string, string | readonly string[]> {
  const origin = request.header('origin')
  return {
    ...service.headers,
    ...(callbackOf(request) && isJson(reply) && { 'content-type': 'text/javascript; charset=UTF-8' }),
    ...(origin && { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }),
  }
}

/** CORS: any origin, any header that was asked for. */
function preflight(request: Incoming, allowed: readonly string[]): Reply {
  const verbs = allowed.map((verb) => verb.toUpperCase()).join(',')
  return {
    status: 200,
    headers: {
      'access-control-allow-origin': request.header('origin') ?? '*',
      'access-control-allow-methods': verbs,
      'access-control-allow-headers': request.header('access-control-request-headers') ?? '',
      'access-control-max-age': '3600',
    },
  }
}
