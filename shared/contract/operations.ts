import { isObject, type JsonObject, objectAt } from './json.ts'
import { InputError } from './read.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']

/** An operation of a normalised document, and where it stands. */
export interface Placed {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly operation: JsonObject
}

/** Operations of a normalised document by id. */
export function operationsOf(document: JsonObject): Map<string, Placed> {
  const found = new Map<string, Placed>()
  for (const [path, item] of Object.entries(objectAt(document, 'paths'))) {
    for (const method of METHODS) {
      const operation = objectAt({ item }, 'item')[method]
      if (!isObject(operation)) continue
      const id = String(operation.operationId)
      const other = found.get(id)
      if (other)
        throw new InputError(`two operations are called ${id}: ${other.method} ${other.path}, ${method} ${path}`)
      found.set(id, { id, method, path, operation })
    }
  }
  return found
}
