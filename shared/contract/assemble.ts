import { canonical, isObject, type Json, type JsonObject, type Members, objectAt } from './json.ts'
import { InputError } from './read.ts'

/** A normalised document and the word that tells its names from another's. */
export interface Part {
  readonly name: string
  readonly word: string
  readonly document: JsonObject
}

const SCHEMAS = '#/components/schemas/'

/**
 * Documents side by side. Equal schemas of one name become one; where they differ, the later document's schema gets its
 * word in front (`OAuthClient`), and so does every shared schema that leads to it. An operation id that is taken gets
 * the word after its verb (`getAgileIssue`).
 */
export function union(parts: readonly Part[]): JsonObject {
  const [first] = parts
  if (!first) throw new Error('no documents to assemble')
  if (parts.length === 1) return first.document
  const paths: Members = {}
  const schemas: Members = {}
  const schemes: Members = {}
  const ids = new Set<string>()
  for (const part of parts) {
    const own = objectAt(objectAt(part.document, 'components'), 'schemas')
    const names = clashes(own, schemas)
    const rename = (name: string) => (names.has(name) ? part.word + name : name)
    for (const [name, schema] of Object.entries(own)) schemas[rename(name)] ??= renamed(schema, rename)
    for (const [name, scheme] of Object.entries(objectAt(objectAt(part.document, 'components'), 'securitySchemes'))) {
      schemes[name] = mergeScheme(schemes[name], scheme)
    }
    for (const [path, item] of Object.entries(objectAt(part.document, 'paths'))) {
      const operations: Members = isObject(paths[path]) ? { ...paths[path] } : {}
      for (const [method, operation] of Object.entries(item as JsonObject)) {
        if (operations[method] !== undefined) throw new Error(`two documents describe ${method} ${path}`)
        const id = String((operation as JsonObject).operationId)
        const free = ids.has(id) ? withWord(id, part.word) : id
        ids.add(free)
        operations[method] = { ...(renamed(operation, rename) as JsonObject), operationId: free }
      }
      paths[path] = operations
    }
  }
  return { ...first.document, paths, components: { schemas, securitySchemes: schemes } }
}

/** `getIssue` of the agile document → `getAgileIssue`. */
function withWord(id: string, word: string): string {
  return id.replace(/^[a-z]*/, (verb) => verb + word)
}

/** Names that both sides use for different things, directly or through what they refer to. */
function clashes(own: JsonObject, taken: JsonObject): ReadonlySet<string> {
  const shared = Object.keys(own).filter((name) => name in taken)
  const found = new Set(shared.filter((name) => canonical(own[name] as Json) !== canonical(taken[name] as Json)))
  for (let grown = true; grown; ) {
    grown = false
    for (const name of shared) {
      if (!found.has(name) && references(own[name] as Json).some((target) => found.has(target))) {
        found.add(name)
        grown = true
      }
    }
  }
  return found
}

/** Scopes of one scheme are spread over the documents. */
function mergeScheme(known: Json | undefined, scheme: Json): Json {
  if (!isObject(known) || !isObject(scheme) || scheme.type !== 'oauth2') return known ?? scheme
  const flows: Members = { ...objectAt(known, 'flows') }
  for (const [name, flow] of Object.entries(objectAt(scheme, 'flows'))) {
    const before = objectAt(flows, name)
    flows[name] = {
      ...(flow as JsonObject),
      ...before,
      scopes: { ...objectAt(before, 'scopes'), ...objectAt(flow, 'scopes') },
    }
  }
  return { ...known, flows }
}

/** Names of the schemas a value refers to, discriminator mappings included. */
export function references(value: Json): string[] {
  const found: string[] = []
  eachReference(value, (name) => found.push(name))
  return found
}

function eachReference(value: Json, visit: (name: string) => void): void {
  if (typeof value === 'string') {
    if (value.startsWith(SCHEMAS)) visit(value.slice(SCHEMAS.length))
  } else if (Array.isArray(value)) {
    for (const item of value) eachReference(item, visit)
  } else if (isObject(value)) {
    for (const member of Object.values(value)) eachReference(member, visit)
  }
}

function renamed(value: Json, rename: (name: string) => string): Json {
  if (typeof value === 'string')
    return value.startsWith(SCHEMAS) ? SCHEMAS + rename(value.slice(SCHEMAS.length)) : value
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, renamed(member, rename)]))
}

/** The document without schemas that no operation leads to. */
export function pruned(document: JsonObject): JsonObject {
  const components = objectAt(document, 'components')
  const schemas = objectAt(components, 'schemas')
  const reached = new Set<string>()
  const queue = references(document.paths ?? {})
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (reached.has(name)) continue
    const schema = schemas[name]
    if (schema === undefined) throw new InputError(`the contract refers to a schema it does not have: ${name}`)
    reached.add(name)
    queue.push(...references(schema))
  }
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => reached.has(name)))
  return { ...document, components: { ...components, schemas: kept } }
}
