import { jsonpath } from 'json-p3'
import { canonical, isObject, type Json, type JsonObject, listAt, type Members } from './json.ts'
import { InputError } from './read.ts'

type Location = (string | number)[]

/**
 * Applies an OpenAPI Overlay 1.0 document. Every action must say why (`description`) and must find something: an action
 * without a target in the document is a correction of something that is no longer wrong.
 *
 * Objects are merged member by member; lists are extended by what they do not hold yet; anything else is replaced. To
 * replace a list, remove it first.
 *
 * @throws {InputError} naming the action that does not apply
 * @see https://spec.openapis.org/overlay/v1.0.0.html
 */
export function applyOverlay(document: JsonObject, overlay: JsonObject, name = 'overlay'): JsonObject {
  if (!/^1\.\d/.test(String(overlay.overlay))) throw new InputError(`${name}: not an OpenAPI Overlay 1.0 document`)
  const changed = structuredClone(document) as Members
  listAt(overlay, 'actions').forEach((action, index) => {
    const place = `${name}: action ${index + 1}`
    if (!isObject(action) || typeof action.target !== 'string') throw new InputError(`${place} has no target`)
    if (typeof action.description !== 'string') throw new InputError(`${place} (${action.target}) gives no reason`)
    const locations = find(changed, action.target, place)
    if (locations.length === 0) throw new InputError(`${place}: nothing in the contract matches ${action.target}`)
    if (action.remove === true) for (const location of locations.toReversed()) remove(changed, location, place)
    else if (action.update === undefined)
      throw new InputError(`${place} (${action.target}) neither updates nor removes`)
    else for (const location of locations) update(changed, location, action.update, place)
  })
  return changed
}

function find(document: JsonObject, target: string, place: string): Location[] {
  try {
    return jsonpath.query(target, document as never).nodes.map((node) => [...node.location])
  } catch (error) {
    throw new InputError(`${place}: ${error instanceof Error ? error.message : error} in ${target}`)
  }
}

function update(document: Members, location: Location, change: Json, place: string): void {
  const last = location.at(-1)
  if (last === undefined) {
    Object.assign(document, merge(document, change))
    return
  }
  const holder = at(document, location.slice(0, -1)) as Record<string | number, Json>
  const current = holder[last] as Json
  if (!isObject(current) && !Array.isArray(current)) {
    throw new InputError(`${place}: the target is a plain value; select the object that holds it`)
  }
  holder[last] = merge(current, Array.isArray(current) && !Array.isArray(change) ? [change] : change)
}

function merge(current: Json | undefined, change: Json): Json {
  if (Array.isArray(current) && Array.isArray(change)) {
    const held = new Set(current.map(canonical))
    return [...current, ...change.filter((item) => !held.has(canonical(item)))]
  }
  if (!isObject(current) || !isObject(change)) return structuredClone(change) as Json
  const merged: Members = { ...current }
  for (const [name, value] of Object.entries(change)) merged[name] = merge(merged[name], value)
  return merged
}

function remove(document: Members, location: Location, place: string): void {
  const last = location.at(-1)
  if (last === undefined) throw new InputError(`${place}: the document itself cannot be removed`)
  const holder = at(document, location.slice(0, -1))
  if (Array.isArray(holder)) (holder as Json[]).splice(Number(last), 1)
  else delete (holder as Members)[last]
}

function at(document: Json, location: Location): Json {
  let current: Json = document
  for (const step of location) current = (current as Record<string | number, Json>)[step] as Json
  return current
}
