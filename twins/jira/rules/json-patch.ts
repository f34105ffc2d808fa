import { isDeepStrictEqual } from 'node:util'
import { badRequest } from '../errors.ts'
import { isObject } from './fields/values.ts'

type Container = Record<string, unknown> | unknown[]

const OPERATIONS: readonly string[] = ['add', 'remove', 'replace', 'move', 'copy', 'test']

/**
 * A JSON Patch (RFC 6902) applied to a copy. "add" to a list appends, whatever index its path names: documented of
 * plans and their teams.
 *
 * @throws 400 for what is no patch, a path that is not there, a test that fails
 */
export function patched<T extends object>(document: T, patch: unknown): T {
  if (!Array.isArray(patch)) throw badRequest('The request body must be a JSON Patch document.')
  const root = { '': structuredClone(document) as unknown }
  for (const step of patch) apply(root, step)
  return root[''] as T
}

/** What a JSON Pointer (RFC 6901) names. */
export const valueAt = (document: object, pointer: string): unknown => at({ '': document }, pointer)

function apply(root: Record<string, unknown>, step: unknown): void {
  if (!isObject(step) || typeof step.path !== 'string' || !OPERATIONS.includes(String(step.op)))
    throw badRequest('The JSON Patch document is invalid.')
  const { op, path, value } = step
  if (op === 'test') {
    if (!isDeepStrictEqual(at(root, path), value)) throw badRequest(`The test of '${path}' failed.`)
  } else if (op === 'remove') {
    take(root, path)
  } else if (op === 'replace') {
    take(root, path)
    put(root, path, value, true)
  } else {
    const moved = op === 'move' ? take(root, from(step)) : op === 'copy' ? structuredClone(at(root, from(step))) : value
    put(root, path, moved)
  }
}

function from(step: Record<string, unknown>): string {
  if (typeof step.from !== 'string') throw badRequest("A JSON Patch operation lacks 'from'.")
  return step.from
}

const missing = (path: string) => badRequest(`The path '${path}' does not exist.`)

/** The object or list that holds what a pointer names, and its name there. */
function parentOf(root: Record<string, unknown>, path: string): { parent: Container; name: string } {
  if (path !== '' && !path.startsWith('/')) throw missing(path)
  const names = path.split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  const name = names.pop() as string
  let parent: unknown = root
  for (const part of names) parent = isContainer(parent) ? (parent as Record<string, unknown>)[part] : undefined
  if (!isContainer(parent) || name === '__proto__') throw missing(path)
  return { parent, name }
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null

function at(root: Record<string, unknown>, path: string): unknown {
  const { parent, name } = parentOf(root, path)
  if (!Object.hasOwn(parent, name)) throw missing(path)
  return (parent as Record<string, unknown>)[name]
}

function take(root: Record<string, unknown>, path: string): unknown {
  const value = at(root, path)
  const { parent, name } = parentOf(root, path)
  if (Array.isArray(parent)) parent.splice(Number(name), 1)
  else delete parent[name]
  return value
}

function put(root: Record<string, unknown>, path: string, value: unknown, replacing = false): void {
  if (value === undefined) throw badRequest("A JSON Patch operation lacks 'value'.")
  const { parent, name } = parentOf(root, path)
  if (!Array.isArray(parent)) parent[name] = value
  else if (replacing) parent.splice(Number(name), 0, value)
  else parent.push(value)
}
