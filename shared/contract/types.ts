import { inOrder, isObject, type Json, type JsonObject, listAt, objectAt } from './json.ts'

const SCHEMAS = '#/components/schemas/'
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']
/** Names the printed file needs for itself. */
const RESERVED = new Set(['Operations', 'CommonQuery', 'Uint8Array'])

/**
 * TypeScript of a contract: `Operations`, which gives the parameters, query and body of each operation by its id, and
 * one type per schema. Written by hand rather than by a generator, because handlers read it: names stay the
 * contract's, recursion stays a name, unions stay unions.
 */
export function printTypes(document: JsonObject, generated: string): string {
  const schemas = objectAt(objectAt(document, 'components'), 'schemas')
  const names = typeNames(Object.keys(schemas))
  const lines = [`// ${generated}`, '', ...printOperations(document, names)]
  for (const name of Object.keys(schemas).sort(inOrder)) {
    lines.push('', ...printSchema(names.get(name) ?? name, schemas[name] as Json, names))
  }
  return `${lines.join('\n')}\n`
}

/** Type name by schema name. */
type Names = ReadonlyMap<string, string>

/** Schema name → type name: `objs_message` → `ObjsMessage`; a number tells apart what would become one. */
function typeNames(names: readonly string[]): Map<string, string> {
  const taken = new Set(RESERVED)
  const chosen = new Map<string, string>()
  for (const name of [...names].sort(inOrder)) {
    const words = name.split(/[^A-Za-z0-9$]+/).filter(Boolean)
    const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
    const base = /^[0-9]/.test(joined) ? `_${joined}` : joined
    let candidate = taken.has(base) ? `${base}Schema` : base
    for (let number = 2; taken.has(candidate); number++) candidate = `${base}${number}`
    taken.add(candidate)
    chosen.set(name, candidate)
  }
  return chosen
}

function printOperations(document: JsonObject, names: Names): string[] {
  const common = listAt(document, 'x-dtu-parameters')
  const entries: [string, string][] = []
  for (const item of Object.values(objectAt(document, 'paths'))) {
    for (const method of METHODS) {
      const operation = objectAt(item, method)
      if (typeof operation.operationId !== 'string') continue
      const parameters = listAt(operation, 'parameters')
      const params = printParameters(parameters, 'path', names)
      const own = printParameters(parameters, 'query', names)
      const query =
        common.length === 0 || operation['x-dtu-added'] === true
          ? own
          : own === '{}'
            ? 'CommonQuery'
            : `${own} & CommonQuery`
      const body = printBody(operation.requestBody, names)
      entries.push([operation.operationId, `{ params: ${params}; query: ${query}; body: ${body} }`])
    }
  }
  entries.sort(([a], [b]) => inOrder(a, b))
  const lines = [
    'export interface Operations {',
    ...entries.map(([id, type]) => `  ${JSON.stringify(id)}: ${type}`),
    '}',
  ]
  if (common.length === 0) return lines
  const shared = `export type CommonQuery = ${printParameters(common, 'query', names)}`
  return [...lines, '', '/** What every operation takes. */', shared]
}

function printParameters(parameters: readonly Json[], place: string, names: Names): string {
  const seen = new Set<string>()
  const members = parameters.flatMap((one) => {
    if (!isObject(one) || one.in !== place || seen.has(String(one.name))) return []
    seen.add(String(one.name))
    return [`${member(String(one.name), one.required === true)}: ${typeOf(one.schema ?? {}, names)}`]
  })
  return members.length === 0 ? '{}' : `{ ${members.join('; ')} }`
}

function printBody(body: Json | undefined, names: Names): string {
  if (!isObject(body)) return 'undefined'
  const types = new Set<string>()
  for (const [media, value] of Object.entries(objectAt(body, 'content'))) {
    const schema = objectAt({ value }, 'value').schema
    types.add(isJson(media) || media.includes('urlencoded') ? typeOf(schema ?? {}, names) : binary(media))
  }
  if (types.has('unknown') || types.size === 0) return 'unknown'
  if (body.required !== true) types.add('undefined')
  return [...types].join(' | ')
}

/** A multipart body reaches the handler as the twin's dialect parsed it. */
function binary(media: string): string {
  return media.startsWith('multipart/') ? 'unknown' : 'Uint8Array'
}

function isJson(media: string): boolean {
  return /[/+]json\b/.test(media)
}

function printSchema(name: string, schema: Json, names: Names): string[] {
  const note = isObject(schema) && schema.deprecated === true ? ['/** @deprecated */'] : []
  if (isObject(schema) && isPlainObject(schema)) {
    return [...note, `export interface ${name} {`, ...objectMembers(schema, names).map((line) => `  ${line}`), '}']
  }
  return [...note, `export type ${name} = ${typeOf(schema, names)}`]
}

function isPlainObject(schema: JsonObject): boolean {
  const composed = ['$ref', 'allOf', 'anyOf', 'oneOf', 'enum', 'const'].some((keyword) => schema[keyword] !== undefined)
  return !composed && !Array.isArray(schema.type) && isObject(schema.properties)
}

function typeOf(schema: Json, names: Names): string {
  if (schema === false) return 'never'
  if (!isObject(schema)) return 'unknown'
  if (typeof schema.$ref === 'string') return names.get(schema.$ref.slice(SCHEMAS.length)) ?? 'unknown'
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (Array.isArray(schema.enum)) return union(schema.enum.map((value) => JSON.stringify(value)))
  const parts: string[] = []
  for (const part of listAt(schema, 'allOf')) parts.push(typeOf(part, names))
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const options = listAt(schema, keyword).map((option) => typeOf(option, names))
    if (options.length > 0) parts.push(options.includes('unknown') ? 'unknown' : union(options))
  }
  const own = ownType(schema, names)
  if (own !== 'unknown' && !(own === EMPTY && parts.length > 0)) parts.push(own)
  const known = [...new Set(parts.filter((part) => part !== 'unknown'))]
  if (known.length === 0) return 'unknown'
  return known.length === 1 ? (known[0] as string) : known.map(grouped).join(' & ')
}

const EMPTY = '{ [key: string]: unknown }'

/** What the schema says by `type` and its companions. */
function ownType(schema: JsonObject, names: Names): string {
  const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type]
  if (types.length === 0) {
    if (isObject(schema.properties) || isObject(schema.additionalProperties)) return objectType(schema, names)
    return schema.items === undefined ? 'unknown' : arrayType(schema, names)
  }
  return union(
    types.map((type) => {
      if (type === 'object') return objectType(schema, names)
      if (type === 'array') return arrayType(schema, names)
      if (type === 'integer') return 'number'
      return typeof type === 'string' && ['string', 'number', 'boolean', 'null'].includes(type) ? type : 'unknown'
    }),
  )
}

function arrayType(schema: JsonObject, names: Names): string {
  return `${grouped(typeOf(schema.items ?? {}, names))}[]`
}

function objectType(schema: JsonObject, names: Names): string {
  const members = objectMembers(schema, names)
  return members.length === 0 ? EMPTY : `{ ${members.join('; ')} }`
}

function objectMembers(schema: JsonObject, names: Names): string[] {
  const required = listAt(schema, 'required')
  const properties = Object.entries(objectAt(schema, 'properties'))
  const members = properties.map(([name, property]) => {
    // what only the service sets is never missing in a reply and never needed in a request
    const given = required.includes(name) && !(isObject(property) && property.readOnly === true)
    return `${member(name, given)}: ${typeOf(property, names)}`
  })
  const more = schema.additionalProperties
  if (isObject(more) || more === true) {
    const type = isObject(more) ? typeOf(more, names) : 'unknown'
    members.push(`[key: string]: ${members.length === 0 ? type : 'unknown'}`)
  }
  return members
}

function member(name: string, required: boolean): string {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
  return required ? key : `${key}?`
}

function union(types: readonly string[]): string {
  const distinct = [...new Set(types)]
  if (distinct.includes('unknown')) return 'unknown'
  return distinct.length === 0
    ? 'never'
    : distinct.map((type) => (type.includes(' & ') ? `(${type})` : type)).join(' | ')
}

function grouped(type: string): string {
  return / [|&] /.test(type) ? `(${type})` : type
}
