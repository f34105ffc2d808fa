import { fail } from '../errors.ts'
import type { Json } from '../tables/document.ts'

/** What a client sent, as plain data: for families that keep members under their wire names. */
export const bodyOf = (call: { readonly body?: unknown }): Json => (call.body ?? {}) as Json

/** A member that is an object, or an empty one. */
export const objectIn = (body: Json, name: string): Json => (body[name] ?? {}) as Json

export const textIn = (body: Json, name: string): string | undefined => {
  const value = body[name]
  return typeof value === 'string' ? value : undefined
}

/** The members named, in that order, of those that are there. */
export function pick(body: Json, ...names: string[]): Json {
  return Object.fromEntries(names.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]))
}

/** Everything but the members named. */
export function omit(body: Json, ...names: string[]): Json {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)))
}

/** A status that is none does not parse. */
export const statusIn = ({ status }: Json): string =>
  status === 'ACTIVE' || status === 'INACTIVE' ? status : fail('E0000003')
