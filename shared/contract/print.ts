import { inOrder, isObject, type Json, type JsonObject, objectAt } from './json.ts'

/** The order in which readers expect members; the others follow by name. */
const ORDER = [
  'x-dtu-generated', 'openapi', 'info', 'title', 'version', 'x-dtu-parameters', 'paths', 'components', 'securitySchemes', 'schemas',
  'operationId', 'tags', 'deprecated', 'name', 'in', 'style', 'explode', 'schema', 'parameters', 'requestBody', 'responses',
  'security', '$ref', 'type', 'format', 'const', 'enum', 'required', 'description', 'headers', 'content',
] // biome-ignore format: a list
const RANK = new Map(ORDER.map((name, index) => [name, index]))
/** Members whose own members are names, not keywords. */
const NAMED = new Set([
  'properties',
  'patternProperties',
  'schemas',
  'paths',
  'responses',
  'headers',
  'content',
  'mapping',
  'scopes',
  'securitySchemes',
  'flows',
])
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']

function byRank(a: string, b: string): number {
  return (RANK.get(a) ?? ORDER.length) - (RANK.get(b) ?? ORDER.length) || inOrder(a, b)
}

/** A value with its members in a fixed order, whatever order they arrived in. */
export function sorted(value: Json, named = false): Json {
  if (Array.isArray(value)) return value.map((item) => sorted(item))
  if (!isObject(value)) return value
  const names = Object.keys(value).sort(named ? inOrder : byRank)
  return Object.fromEntries(names.map((name) => [name, sorted(value[name] as Json, !named && NAMED.has(name))]))
}

/** JSON for reading and for diffs: one line per operation, schema and head member, in a fixed order. */
export function printDocument(document: JsonObject, generated: string): string {
  const { paths = {}, components, ...head } = document
  const lines = [`{\n"x-dtu-generated": ${JSON.stringify(generated)}`]
  for (const [name, value] of members(sorted(head))) lines.push(`${JSON.stringify(name)}: ${JSON.stringify(value)}`)
  const items = Object.entries(paths as JsonObject)
    .sort(([a], [b]) => inOrder(a, b))
    .map(([path, item]) => {
      const operations = METHODS.flatMap((method) => {
        const operation = objectAt(paths, path)[method]
        return operation === undefined ? [] : [`${JSON.stringify(method)}: ${JSON.stringify(sorted(operation))}`]
      })
      return isObject(item) ? `${JSON.stringify(path)}: {\n${operations.join(',\n')}\n}` : ''
    })
  lines.push(`"paths": {\n${items.join(',\n')}\n}`)
  const sections = members(sorted(components ?? {})).map(([section, value]) => {
    const entries = members(value).map(([name, one]) => `${JSON.stringify(name)}: ${JSON.stringify(one)}`)
    return `${JSON.stringify(section)}: {\n${entries.join(',\n')}\n}`
  })
  lines.push(`"components": {\n${sections.join(',\n')}\n}`)
  return `${lines.join(',\n')}\n}\n`
}

function members(value: Json): [string, Json][] {
  return isObject(value) ? Object.entries(value) : []
}
