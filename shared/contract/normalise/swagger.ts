import { isObject, type Json, type JsonObject, listAt, type Members, objectAt, pick } from '../json.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']
const SCHEMA = ['type', 'format', 'items', 'enum', 'default', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum']
const LIMITS = ['minItems', 'maxItems', 'uniqueItems', 'multipleOf', 'exclusiveMinimum', 'exclusiveMaximum']

/** An OpenAPI 2 ("Swagger") document as OpenAPI 3.0, prose and all: the normaliser of 3.x takes it from there. */
export function upgradeSwagger(document: JsonObject): JsonObject {
  const base = typeof document.basePath === 'string' ? document.basePath.replace(/\/$/, '') : ''
  const paths: Members = {}
  for (const [path, item] of Object.entries(objectAt(document, 'paths'))) {
    if (!isObject(item)) continue
    const upgraded: Members = {}
    const shared = listAt(item, 'parameters').map((one) => named(one, document))
    for (const method of METHODS) {
      const operation = item[method]
      if (isObject(operation)) upgraded[method] = upgradeOperation(operation, shared, document)
    }
    paths[base + path] = upgraded
  }
  return relocate({
    openapi: '3.0.3',
    info: document.info ?? {},
    ...(document.security === undefined ? {} : { security: document.security }),
    paths,
    components: {
      schemas: document.definitions ?? {},
      securitySchemes: Object.fromEntries(
        Object.entries(objectAt(document, 'securityDefinitions')).map(([name, one]) => [name, upgradeScheme(one)]),
      ),
    },
  }) as JsonObject
}

function upgradeOperation(raw: JsonObject, shared: readonly JsonObject[], document: JsonObject): JsonObject {
  const { parameters: _parameters, responses: _responses, consumes: _consumes, produces: _produces, ...rest } = raw
  const own = listAt(raw, 'parameters').map((one) => named(one, document))
  const all = [...shared.filter((one) => !own.some((other) => other.name === one.name && other.in === one.in)), ...own]
  const consumes = mediaTypes(raw.consumes ?? document.consumes)
  const produces = mediaTypes(raw.produces ?? document.produces)
  const operation: Members = { ...rest }
  operation.parameters = all.filter((one) => one.in !== 'body' && one.in !== 'formData').map(upgradeParameter)
  const body = all.find((one) => one.in === 'body')
  const fields = all.filter((one) => one.in === 'formData')
  if (body) operation.requestBody = content(body.required === true, consumes, body.schema ?? {})
  else if (fields.length > 0) operation.requestBody = form(fields, consumes)
  const responses: Members = {}
  for (const [status, response] of Object.entries(objectAt(raw, 'responses'))) {
    const one = isObject(response) && typeof response.$ref === 'string' ? named(response, document) : response
    if (!isObject(one)) continue
    const headers = Object.entries(objectAt(one, 'headers')).map(([name, header]) => [name, { schema: header }])
    responses[status] = {
      headers: Object.fromEntries(headers),
      ...(one.schema === undefined
        ? {}
        : { content: Object.fromEntries(produces.map((type) => [type, { schema: one.schema as Json }])) }),
    }
  }
  operation.responses = responses
  return operation
}

function mediaTypes(raw: Json | undefined): string[] {
  const types = Array.isArray(raw) ? raw.filter((one) => typeof one === 'string') : []
  return types.length > 0 ? types : ['application/json']
}

function content(required: boolean, types: readonly string[], schema: Json): JsonObject {
  return { required, content: Object.fromEntries(types.map((type) => [type, { schema }])) }
}

function form(fields: readonly JsonObject[], consumes: readonly string[]): JsonObject {
  const hasFile = fields.some((field) => field.type === 'file')
  const types = consumes.filter((type) => type !== 'application/json')
  const required = fields.filter((field) => field.required === true).map((field) => String(field.name))
  const properties = Object.fromEntries(fields.map((field) => [String(field.name), parameterSchema(field)]))
  const schema: Members = { type: 'object', properties }
  if (required.length > 0) schema.required = required
  const fallback = hasFile ? 'multipart/form-data' : 'application/x-www-form-urlencoded'
  return content(required.length > 0, types.length > 0 ? types : [fallback], schema)
}

function upgradeParameter(raw: JsonObject): JsonObject {
  const parameter: Members = { ...pick(raw, ['name', 'in', 'required', 'deprecated']), schema: parameterSchema(raw) }
  if (raw.type !== 'array') return parameter
  const query = raw.in === 'query' || raw.in === 'cookie'
  switch (raw.collectionFormat ?? 'csv') {
    case 'multi':
      return { ...parameter, style: 'form', explode: true }
    case 'ssv':
      return { ...parameter, style: 'spaceDelimited', explode: false }
    case 'pipes':
      return { ...parameter, style: 'pipeDelimited', explode: false }
    default:
      return { ...parameter, style: query ? 'form' : 'simple', explode: false }
  }
}

function parameterSchema(raw: JsonObject): JsonObject {
  if (raw.type === 'file') return { type: 'string', format: 'binary' }
  return pick(raw, [...SCHEMA, ...LIMITS])
}

function upgradeScheme(raw: Json): Json {
  if (!isObject(raw)) return raw
  if (raw.type === 'basic') return { type: 'http', scheme: 'basic' }
  if (raw.type !== 'oauth2') return raw
  const flows: Record<string, string> = { application: 'clientCredentials', accessCode: 'authorizationCode' }
  const flow = flows[String(raw.flow)] ?? String(raw.flow)
  return { type: 'oauth2', flows: { [flow]: pick(raw, ['authorizationUrl', 'tokenUrl', 'scopes']) } }
}

/** A parameter or response given by reference: `#/parameters/limit`. */
function named(raw: Json, document: JsonObject): JsonObject {
  if (!isObject(raw)) return {}
  if (typeof raw.$ref !== 'string') return raw
  const [, section = '', name = ''] = raw.$ref.split('/')
  const target = objectAt(document, section)[name]
  if (!isObject(target)) throw new Error(`reference leads nowhere: ${raw.$ref}`)
  return target
}

/** Schema references move from `#/definitions` to `#/components/schemas`. */
function relocate(value: Json): Json {
  if (Array.isArray(value)) return value.map(relocate)
  if (!isObject(value)) return value
  const moved: Members = {}
  for (const [name, member] of Object.entries(value)) {
    moved[name] =
      name === '$ref' && typeof member === 'string'
        ? member.replace('#/definitions/', '#/components/schemas/')
        : relocate(member)
  }
  return moved
}
