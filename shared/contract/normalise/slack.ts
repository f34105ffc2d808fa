import type { Part } from '../assemble.ts'
import { isObject, type Json, type JsonObject, listAt, type Members, objectAt, pick } from '../json.ts'
import { normaliseOpenApi } from './openapi.ts'
import { upgradeSwagger } from './swagger.ts'

/** How Slack says no, always with status 200. */
const SLACK_ERROR: JsonObject = {
  type: 'object',
  required: ['ok', 'error'],
  properties: {
    ok: { const: false },
    error: { type: 'string' },
    needed: { type: 'string' },
    provided: { type: 'string' },
    warning: { type: 'string' },
    response_metadata: { type: 'object', properties: { messages: { type: 'array', items: { type: 'string' } } } },
  },
}

/** Names in the catalogue's `schema` member that stand for documents; the others stand for ids and other text. */
const DOCUMENTS = new Set([
  'criteria',
  'entity_types',
  'error',
  'modal',
  'post_file',
  'prompts',
  'publishable-view',
  'selection',
  'view',
])

const LIMITS = [
  'type',
  'enum',
  'items',
  'properties',
  'required',
  'anyOf',
  'allOf',
  'additionalProperties',
  'minimum',
  'maximum',
]
const SIZES = ['minItems', 'maxItems', 'uniqueItems', 'minLength', 'maxLength']

/**
 * The current catalogue of methods. Each is an operation named like the method, at `/api/<method>`, its arguments as
 * query parameters: Slack takes them from query, form and JSON alike.
 */
export function normaliseSlackCatalogue(document: JsonObject): JsonObject {
  const paths: Members = {}
  for (const [name, method] of Object.entries(document)) {
    if (isObject(method) && isObject(method.args)) paths[`/api/${name}`] = { post: operation(name, method) }
  }
  return slackDocument('Slack Web API', paths, {})
}

function operation(name: string, method: JsonObject): JsonObject {
  const args = objectAt(method, 'args')
  const required = listAt(args, 'required')
  const parameters = Object.entries(objectAt(args, 'properties')).map(([argument, raw]) => {
    const parameter: Members = { name: argument, in: 'query' }
    // a token goes into a header more often than into the arguments
    if (required.includes(argument) && argument !== 'token') parameter.required = true
    parameter.schema = argumentSchema(raw)
    return parameter
  })
  const errors = listAt(method, 'errors').map((one) => String(Array.isArray(one) ? one[0] : one))
  const codes = errors.length > 0 ? errors : Object.keys(objectAt(method, 'errors'))
  const kept: Members = {
    operationId: name,
    tags: [name.split('.').slice(0, -1).join('.')],
    parameters,
    responses: replies(replySchema(method.output)),
    security: security(method, 'token' in objectAt(args, 'properties'), required.includes('token')),
    'x-dtu-verbs': ['get'],
    'x-slack-json': method.json_input_supported === true,
    'x-slack-scopes': scopesOf(method),
    'x-slack-errors': codes,
  }
  if (method.deprecated === true) kept.deprecated = true
  const tier = tierOf(method.rate_limits)
  if (tier !== undefined) kept['x-slack-tier'] = tier
  return kept
}

/** Token kind → scopes of which any one is enough, in the order Slack lists them. */
function scopesOf(method: JsonObject): JsonObject {
  const kept: Members = {}
  for (const kind of ['bot', 'user', 'configuration', 'seamless_user']) {
    const scopes = listAt(method.scope, kind)
    if (scopes.length > 0) kept[kind] = scopes
  }
  return kept
}

/** One alternative per accepted scope: having any one of them is enough. */
function security(method: JsonObject, takesToken: boolean, needsToken: boolean): Json {
  const alternatives: Json[] = Object.entries(scopesOf(method)).flatMap(([kind, scopes]) =>
    (scopes as Json[]).map((scope) => ({ [kind]: [scope] })),
  )
  if (alternatives.length === 0 && takesToken) {
    if (method.user_scope_only !== true) alternatives.push({ bot: [] })
    alternatives.push({ user: [] })
  }
  if (!needsToken) alternatives.push({})
  return alternatives
}

function argumentSchema(raw: Json): JsonObject {
  if (!isObject(raw)) return {}
  const schema = cleaned(raw) as Members
  if (raw.type === undefined && typeof raw.schema === 'string' && !DOCUMENTS.has(raw.schema)) schema.type = 'string'
  const preset = raw.default
  if (preset !== undefined && preset !== null && preset !== '') schema.default = presetOf(preset, schema.type)
  const meaning = raw.subtype ?? raw.schema
  if (typeof meaning === 'string' && meaning !== '') schema['x-slack-type'] = meaning
  return schema
}

/** Defaults are often written as text. */
function presetOf(preset: Json, type: Json | undefined): Json {
  if (typeof preset !== 'string') return preset
  if (type === 'boolean') return preset === 'true'
  if (type === 'integer' || type === 'number') return Number(preset)
  return preset
}

function cleaned(raw: Json): Json {
  if (!isObject(raw)) return raw
  const kept = pick(raw, [...LIMITS, ...SIZES])
  for (const name of ['anyOf', 'allOf']) if (Array.isArray(kept[name])) kept[name] = (kept[name] as Json[]).map(cleaned)
  if (isObject(kept.items)) kept.items = cleaned(kept.items)
  if (!Array.isArray(kept.required) || kept.required.length === 0) delete kept.required
  if (isObject(kept.properties)) {
    kept.properties = Object.fromEntries(Object.entries(kept.properties).map(([name, one]) => [name, cleaned(one)]))
  }
  return kept
}

function replySchema(output: Json | undefined): JsonObject {
  const schema = (isObject(output) ? cleaned(output) : {}) as Members
  const properties = isObject(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required.filter((name) => name !== 'ok') : []
  return { type: 'object', required: ['ok', ...required], properties: { ...properties, ok: { const: true } } }
}

function replies(success: Json): JsonObject {
  return {
    '200': {
      description: '',
      content: { 'application/json': { schema: { anyOf: [success, { $ref: '#/components/schemas/SlackError' }] } } },
    },
  }
}

/** Tiers 1 to 4 are published numbers; 5 stands for Slack's "special" tiers. */
function tierOf(raw: Json | undefined): number | undefined {
  if (typeof raw !== 'string') return undefined
  const numbered = /^t(?:ier)?([1-5])$/i.exec(raw)
  return numbered ? Number(numbered[1]) : 5
}

function slackDocument(title: string, paths: JsonObject, schemas: JsonObject): JsonObject {
  return {
    openapi: '3.1.0',
    info: { title, version: '' },
    paths,
    components: {
      schemas: { ...schemas, SlackError: SLACK_ERROR },
      securitySchemes: Object.fromEntries(
        ['app', 'bot', 'configuration', 'seamless_user', 'user'].map((kind) => [
          kind,
          { type: 'http', scheme: 'bearer' },
        ]),
      ),
    },
  }
}

/** The archived OpenAPI 2 document: reply schemas alone. Real replies carry members it never heard of. */
export function normaliseSlackArchive(document: JsonObject): JsonObject {
  const open = normaliseOpenApi(opened(upgradeSwagger(document)) as JsonObject)
  const paths: Members = {}
  for (const [path, item] of Object.entries(objectAt(open, 'paths'))) {
    const name = path.replace(/^\/api\//, '').replace(/^\//, '')
    const [original] = Object.values(item as JsonObject)
    const success = objectAt(
      objectAt(objectAt(objectAt(original, 'responses'), '200'), 'content'),
      'application/json',
    ).schema
    paths[`/api/${name}`] = { post: { operationId: name, responses: replies(success ?? replySchema(undefined)) } }
  }
  const schemas = objectAt(objectAt(open, 'components'), 'schemas')
  return { ...slackDocument('Slack Web API', paths, schemas), info: objectAt(open, 'info') }
}

/**
 * The archive's shapes without its promises: closed objects, id patterns, required members and smallest sizes were
 * written in 2021, and two recorded replies in five break them.
 */
const PROMISES = new Set(['additionalProperties', 'pattern', 'required', 'minItems', 'uniqueItems', 'enum'])

function opened(value: Json, named = false): Json {
  if (Array.isArray(value)) return value.map((item) => opened(item))
  if (!isObject(value)) return value
  const kept: Members = {}
  for (const [name, member] of Object.entries(value)) {
    if (named || !PROMISES.has(name) || (name === 'additionalProperties' && member !== false)) {
      kept[name] = opened(member, name === 'properties' && !named)
    }
  }
  return kept
}

/** The list of rate-limit tiers: it still names methods that the catalogue has dropped. */
export function normaliseSlackTiers(document: JsonObject): JsonObject {
  const paths: Members = {}
  for (const [name, tier] of Object.entries(document)) {
    const retired: Members = {
      operationId: name,
      tags: [name.split('.').slice(0, -1).join('.')],
      responses: replies(replySchema(undefined)),
      security: [{}],
      deprecated: true,
      'x-dtu-verbs': ['get'],
      'x-dtu-added': true,
      'x-slack-json': false,
      'x-slack-retired': true,
      'x-slack-tier': tierOf(tier) ?? 5,
    }
    paths[`/api/${name}`] = { post: retired }
  }
  return slackDocument('Slack Web API', paths, {})
}

/** The first alternative of a method's reply: the other one is Slack's error. */
function successOf(operation: JsonObject): Json | undefined {
  const ok = objectAt(objectAt(operation, 'responses'), '200')
  return listAt(objectAt(objectAt(ok, 'content'), 'application/json').schema, 'anyOf')[0]
}

/**
 * One contract of the three: the catalogue's methods with the archive's reply schemas where it has them, and every
 * method that only the list of tiers still names, as retired.
 */
export function completeSlack(parts: readonly Part[]): JsonObject {
  const paths = (name: string) => objectAt(parts.find((part) => part.name === name)?.document, 'paths')
  const archive = parts.find((part) => part.name === 'slack-archive')?.document ?? {}
  const described = paths('slack-archive')
  const merged: Members = { ...paths('slack-tiers') }
  for (const [path, item] of Object.entries(paths('slack-catalogue'))) {
    const operation = objectAt(item, 'post')
    const archived = successOf(objectAt(described[path], 'post'))
    if (archived === undefined) merged[path] = { post: operation }
    else {
      const { required } = successOf(operation) as { required: Json }
      merged[path] = { post: { ...operation, responses: replies({ allOf: [archived, { type: 'object', required }] }) } }
    }
  }
  const schemas = { ...objectAt(objectAt(archive, 'components'), 'schemas'), SlackError: SLACK_ERROR }
  return { ...slackDocument('Slack Web API', merged, schemas), info: archive.info ?? {} }
}
