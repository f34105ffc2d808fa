import { isObject, type Json, type JsonObject, listAt, type Members, objectAt, pick } from '../json.ts'
import { lifecycle, normaliseSchema, type Reference, untied } from './schema.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']

/** Vendor members of operations that say something about behaviour. */
const VENDOR = [
  'x-okta-iam-permissions',
  'x-okta-iam-admin-roles',
  'x-okta-no-scope-required',
  'x-okta-operationId',
  'x-atlassian-connect-scope',
  'x-experimental',
]

/**
 * An OpenAPI 3.0 or 3.1 document without prose, as 3.1: component parameters, headers, responses and request bodies are
 * put where they are used; path-wide parameters are given to each operation; only schemas stay references.
 */
export function normaliseOpenApi(document: JsonObject): JsonObject {
  const reference: Reference = (upstream) => upstream
  const paths: Members = {}
  for (const [path, item] of Object.entries(objectAt(document, 'paths'))) {
    if (!isObject(item)) continue
    const operations: Members = {}
    for (const method of METHODS) {
      const operation = item[method]
      if (isObject(operation)) operations[method] = normaliseOperation(operation, item, document, reference)
    }
    paths[path] = operations
  }
  const components = objectAt(document, 'components')
  const schemas: Members = {}
  for (const [name, schema] of Object.entries(objectAt(components, 'schemas'))) {
    schemas[name] = normaliseSchema(schema, reference)
  }
  const info = objectAt(document, 'info')
  return {
    openapi: '3.1.0',
    info: { title: info.title ?? '', version: info.version ?? '' },
    paths,
    components: { schemas: untied(schemas), securitySchemes: securitySchemes(objectAt(components, 'securitySchemes')) },
  }
}

function normaliseOperation(raw: JsonObject, item: JsonObject, document: JsonObject, reference: Reference): JsonObject {
  const operation: Members = pick(raw, ['operationId', 'tags', 'deprecated'])
  if (operation.deprecated === false) delete operation.deprecated
  const parameters = mergeParameters([...listAt(item, 'parameters'), ...listAt(raw, 'parameters')], document)
  if (parameters.length > 0) operation.parameters = parameters.map((one) => normaliseParameter(one, reference))
  const body = resolve(raw.requestBody, document)
  if (isObject(body)) {
    operation.requestBody = {
      ...(body.required === true ? { required: true } : {}),
      content: normaliseContent(objectAt(body, 'content'), reference),
    }
  }
  operation.responses = normaliseResponses(objectAt(raw, 'responses'), document, reference)
  const security = alternatives(raw, document)
  if (security) operation.security = security
  const stage = raw['x-okta-lifecycle'] ?? item['x-okta-lifecycle']
  if (stage !== undefined) operation['x-okta-lifecycle'] = lifecycle(stage)
  return { ...operation, ...pick(raw, VENDOR) }
}

/** A later parameter of the same name and place replaces an earlier one: the operation's wins over the path's. */
function mergeParameters(parameters: readonly Json[], document: JsonObject): JsonObject[] {
  const merged = new Map<string, JsonObject>()
  for (const one of parameters) {
    const parameter = resolve(one, document)
    if (isObject(parameter)) merged.set(`${parameter.in} ${parameter.name}`, parameter)
  }
  return [...merged.values()]
}

function normaliseParameter(raw: JsonObject, reference: Reference): JsonObject {
  const parameter: Members = pick(raw, ['name', 'in'])
  if (raw.required === true || raw.in === 'path') parameter.required = true
  Object.assign(parameter, pick(raw, ['style', 'explode', 'allowReserved']))
  if (raw.deprecated === true) parameter.deprecated = true
  const content = Object.entries(objectAt(raw, 'content'))[0]
  if (content) {
    // a parameter that carries a document: JSON text in a query
    parameter.content = { [content[0]]: { schema: normaliseSchema(objectAt(content[1], 'schema'), reference) } }
  } else {
    parameter.schema = normaliseSchema(raw.schema ?? {}, reference)
  }
  return parameter
}

function normaliseContent(content: JsonObject, reference: Reference): JsonObject {
  const kept: Members = {}
  for (const [type, media] of Object.entries(content)) {
    const schema = isObject(media) ? media.schema : undefined
    const entry: Members = schema === undefined ? {} : { schema: normaliseSchema(schema, reference) }
    const encoding = objectAt(media, 'encoding')
    if (Object.keys(encoding).length > 0) {
      entry.encoding = Object.fromEntries(
        Object.entries(encoding).map(([name, one]) => [
          name,
          isObject(one) ? pick(one, ['contentType', 'style', 'explode']) : {},
        ]),
      )
    }
    kept[type] = entry
  }
  return kept
}

function normaliseResponses(responses: JsonObject, document: JsonObject, reference: Reference): JsonObject {
  const kept: Members = {}
  for (const [status, one] of Object.entries(responses)) {
    const response = resolve(one, document)
    if (!isObject(response)) continue
    // a description is required by OpenAPI, and prose
    const entry: Members = { description: '' }
    const headers: Members = {}
    for (const [name, header] of Object.entries(objectAt(response, 'headers'))) {
      headers[name] = { schema: normaliseSchema(objectAt(resolve(header, document), 'schema'), reference) }
    }
    if (Object.keys(headers).length > 0) entry.headers = headers
    const content = normaliseContent(objectAt(response, 'content'), reference)
    if (Object.keys(content).length > 0) entry.content = content
    kept[status] = entry
  }
  return kept
}

/**
 * Atlassian lists classic and granular scopes beside the standard member, which has the classic ones alone: each set is
 * an alternative.
 */
function alternatives(raw: JsonObject, document: JsonObject): readonly Json[] | undefined {
  const standard = raw.security ?? document.security
  if (!Array.isArray(standard)) return undefined
  const sets = listAt(raw, 'x-atlassian-oauth2-scopes')
  if (sets.length === 0) return standard
  const kept = standard.filter((one) => !(isObject(one) && 'OAuth2' in one))
  const anonymous = kept.filter((one) => isObject(one) && Object.keys(one).length === 0)
  const named = kept.filter((one) => !anonymous.includes(one))
  const scopes = sets.map((one) => ({ [String((one as JsonObject).scheme)]: listAt(one, 'scopes') }))
  return [...named, ...scopes, ...anonymous]
}

/** Schemes without prose; scope names stay, their texts do not. */
export function securitySchemes(schemes: JsonObject): JsonObject {
  const kept: Members = {}
  for (const [name, scheme] of Object.entries(schemes)) {
    if (!isObject(scheme)) continue
    const entry: Members = pick(scheme, ['type', 'in', 'name', 'scheme', 'bearerFormat', 'openIdConnectUrl'])
    const flows: Members = {}
    for (const [flow, value] of Object.entries(objectAt(scheme, 'flows'))) {
      const scopes = Object.keys(objectAt(value, 'scopes'))
      flows[flow] = {
        ...pick(value as JsonObject, ['authorizationUrl', 'tokenUrl', 'refreshUrl']),
        scopes: Object.fromEntries(scopes.map((scope) => [scope, ''])),
      }
    }
    if (Object.keys(flows).length > 0) entry.flows = flows
    kept[name] = entry
  }
  return kept
}

/** Follows references inside the document: `#/components/parameters/limit`. */
function resolve(value: Json | undefined, document: JsonObject): Json | undefined {
  let current = value
  for (let hops = 0; hops < 16 && isObject(current) && typeof current.$ref === 'string'; hops++) {
    current = pointed(current.$ref, document)
  }
  return current
}

function pointed(reference: string, document: JsonObject): Json {
  let current: Json | undefined = document
  for (const step of reference.replace(/^#\//, '').split('/')) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    current = isObject(current) ? current[name] : undefined
  }
  if (current === undefined) throw new Error(`reference leads nowhere: ${reference}`)
  return current
}
