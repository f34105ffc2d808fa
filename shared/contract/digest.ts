import { createHash } from 'node:crypto'
import { references } from './assemble.ts'
import { canonical, inOrder, type Json, type JsonObject, objectAt } from './json.ts'
import { operationsOf, type Placed } from './operations.ts'

/** What an operation says, in parts that can be compared one by one: its place, its members, every schema it leads to. */
export type Slice = Readonly<Record<string, string>>

/**
 * The part of a document that an operation depends on: part name → text. Members are `at`, `parameters`,
 * `responses 200`, …; schemas are `schema User`.
 */
export function sliceOf(document: JsonObject, { method, path, operation }: Placed): Slice {
  const slice: Record<string, string> = { at: `${method} ${path}` }
  for (const [name, value] of Object.entries(operation)) {
    if (name === 'operationId') continue
    if (name === 'responses') {
      for (const [status, response] of Object.entries(objectAt(operation, name))) {
        slice[`responses ${status}`] = canonical(response)
      }
    } else slice[name] = canonical(value as Json)
  }
  const schemas = objectAt(objectAt(document, 'components'), 'schemas')
  const queue = references(operation)
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const schema = schemas[name]
    if (slice[`schema ${name}`] !== undefined || schema === undefined) continue
    slice[`schema ${name}`] = canonical(schema)
    queue.push(...references(schema))
  }
  return slice
}

/** sha256 of a slice: the same for the same operation, however its document is ordered and whatever stands beside it. */
export function digestOf(slice: Slice): string {
  const hash = createHash('sha256')
  for (const part of Object.keys(slice).sort(inOrder)) hash.update(`${part}\0${slice[part]}\0`)
  return hash.digest('hex')
}

/** Digest of every operation of a document, by id. */
export function digests(document: JsonObject): Map<string, string> {
  const found = new Map<string, string>()
  for (const placed of operationsOf(document).values()) found.set(placed.id, digestOf(sliceOf(document, placed)))
  return found
}
