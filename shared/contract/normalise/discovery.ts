import { isObject, type Json, type JsonObject, listAt, type Members, objectAt } from '../json.ts'
import { normaliseSchema, type Reference } from './schema.ts'

const reference: Reference = (name) => `#/components/schemas/${name}`

/**
 * A Google discovery document as OpenAPI 3.1. Operation ids are the discovery ids (`drive.files.list`); custom verbs
 * stay in the path (`/v1/documents/{documentId}:batchUpdate`); upload paths lead to the same operation; parameters that
 * every method takes stand once, in `x-dtu-parameters`.
 */
export function normaliseDiscovery(document: JsonObject): JsonObject {
  const paths: Members = {}
  for (const method of methods(document)) {
    const path = `/${document.servicePath ?? ''}${method.path}`.replace(/\{\+(\w+)\}/g, '{$1}')
    paths[path] = { ...objectAt(paths, path), [String(method.httpMethod).toLowerCase()]: operation(method) }
  }
  const schemas: Members = {}
  for (const [name, schema] of Object.entries(objectAt(document, 'schemas'))) schemas[name] = discoverySchema(schema)
  return {
    openapi: '3.1.0',
    info: { title: document.title ?? '', version: `${document.version} ${document.revision}` },
    'x-dtu-parameters': Object.entries(objectAt(document, 'parameters')).map(([name, one]) => parameter(name, one)),
    paths,
    components: { schemas, securitySchemes: { Oauth2: scheme(document) } },
  }
}

function* methods(node: JsonObject): Generator<JsonObject> {
  for (const method of Object.values(objectAt(node, 'methods'))) if (isObject(method)) yield method
  for (const resource of Object.values(objectAt(node, 'resources'))) if (isObject(resource)) yield* methods(resource)
}

function operation(method: JsonObject): JsonObject {
  const id = String(method.id)
  const parameters = Object.entries(objectAt(method, 'parameters')).map(([name, one]) => parameter(name, one))
  const request = objectAt(method, 'request').$ref
  const response = objectAt(method, 'response').$ref
  const kept: Members = { operationId: id, tags: [id.split('.').slice(1, -1).join('.')] }
  if (parameters.length > 0) kept.parameters = parameters
  if (request !== undefined) {
    kept.requestBody = { content: { 'application/json': { schema: { $ref: reference(String(request)) } } } }
  }
  kept.responses =
    response === undefined
      ? { [method.supportsMediaDownload === true ? '200' : '204']: { description: '' } }
      : {
          '200': {
            description: '',
            content: { 'application/json': { schema: { $ref: reference(String(response)) } } },
          },
        }
  kept.security = listAt(method, 'scopes').map((scope) => ({ Oauth2: [scope] }))
  if (method.deprecated === true) kept.deprecated = true
  for (const fact of ['supportsMediaDownload', 'supportsSubscription']) {
    if (method[fact] === true) kept[`x-google-${fact}`] = true
  }
  const upload = method.mediaUpload
  if (isObject(upload)) {
    const protocols = Object.values(objectAt(upload, 'protocols'))
    kept['x-google-mediaUpload'] = { accept: listAt(upload, 'accept'), maxSize: upload.maxSize ?? null }
    kept['x-dtu-paths'] = protocols.map((protocol) =>
      String((protocol as JsonObject).path).replace(/\{\+(\w+)\}/g, '{$1}'),
    )
  }
  return kept
}

function parameter(name: string, raw: Json): JsonObject {
  if (!isObject(raw)) throw new Error(`parameter ${name} is not an object`)
  const kept: Members = { name, in: raw.location ?? 'query' }
  if (raw.required === true) kept.required = true
  if (raw.deprecated === true) kept.deprecated = true
  const schema = scalar(raw)
  kept.schema = raw.repeated === true ? { type: 'array', items: schema } : schema
  return kept
}

/** Discovery writes defaults and limits as text. */
function scalar(raw: JsonObject): JsonObject {
  const kept = { ...(normaliseSchema(withoutFlags(raw), reference) as JsonObject) } as Members
  for (const name of ['minimum', 'maximum'] as const) {
    if (typeof kept[name] === 'string') kept[name] = Number(kept[name])
  }
  if (typeof kept.default === 'string') kept.default = literal(kept.default, kept.type)
  return kept
}

function literal(text: string, type: Json | undefined): Json {
  if (type === 'boolean') return text === 'true'
  if (type === 'integer' || type === 'number') return Number(text)
  return text
}

function withoutFlags(raw: JsonObject): JsonObject {
  const { required: _required, deprecated: _deprecated, ...rest } = raw
  return rest
}

function discoverySchema(raw: Json): Json {
  if (!isObject(raw)) return {}
  if (typeof raw.$ref === 'string') return normaliseSchema(raw, reference)
  const kept = { ...scalar({ ...raw, properties: {}, items: {}, additionalProperties: {} }) } as Members
  if (raw.type === 'any') delete kept.type
  if (raw.deprecated === true) kept.deprecated = true
  delete kept.items
  delete kept.additionalProperties
  const needed = listAt(objectAt(raw, 'annotations'), 'required')
  if (needed.length > 0) kept['x-google-required'] = needed
  const properties: Members = {}
  for (const [name, property] of Object.entries(objectAt(raw, 'properties')))
    properties[name] = discoverySchema(property)
  if (Object.keys(properties).length > 0) kept.properties = properties
  if (raw.items !== undefined) kept.items = discoverySchema(raw.items)
  if (raw.additionalProperties !== undefined) kept.additionalProperties = discoverySchema(raw.additionalProperties)
  return kept
}

function scheme(document: JsonObject): JsonObject {
  const scopes = Object.keys(objectAt(objectAt(objectAt(document, 'auth'), 'oauth2'), 'scopes'))
  return {
    type: 'oauth2',
    flows: {
      authorizationCode: {
        authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
        tokenUrl: 'https://oauth2.googleapis.com/token',
        scopes: Object.fromEntries(scopes.map((scope) => [scope, ''])),
      },
    },
  }
}
