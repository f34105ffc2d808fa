/** Any JSON value, as a document holds it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [member: string]: Json
}

/** An object under construction. */
export type Members = Record<string, Json>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The member as an object; an empty one when it is missing or something else. */
export function objectAt(value: unknown, name: string): JsonObject {
  const member = isObject(value) ? value[name] : undefined
  return isObject(member) ? member : {}
}

/** The member as a list; an empty one when it is missing or something else. */
export function listAt(value: unknown, name: string): readonly Json[] {
  const member = isObject(value) ? value[name] : undefined
  return Array.isArray(member) ? member : []
}

/** Code-unit order: the same on every machine, whatever its locale. */
export function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** JSON text with members sorted: equal values have equal texts. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const members = Object.keys(value).sort(inOrder)
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name] as Json)}`).join(',')}}`
}

/** Copies the members that are present, in the order asked for. */
export function pick(from: JsonObject, names: readonly string[]): Members {
  const picked: Members = {}
  for (const name of names) {
    const value = from[name]
    if (value !== undefined) picked[name] = value
  }
  return picked
}
