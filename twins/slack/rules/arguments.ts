import { Buffer } from 'node:buffer'
import { MalformedBody, parseMultipart } from '../../../shared/kernel/body.ts'
import { fail } from '../errors.ts'

/** The arguments of a call, merged from query, form, JSON or multipart; values as they came. */
export type Arguments = Record<string, unknown>

export interface ReadArguments {
  readonly values: Arguments
  /** `missing_charset`, `superfluous_charset`. */
  readonly warnings: readonly string[]
  /** A refusal of the body itself, answered before the token is looked at. */
  readonly refusal?: string
  /** Uploaded parts of a multipart body, which no text argument can hold. */
  readonly files: ReadonlyMap<string, { readonly name: string; readonly type: string; readonly bytes: Uint8Array }>
}

interface RawRequest {
  readonly method: string
  readonly search: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

const NO_FILES: ReadArguments['files'] = new Map()

/**
 * Reads a Web API call's arguments.
 *
 * A JSON body is read only by methods that accept JSON; for the others its arguments look missing. JSON without a
 * charset and a form with one succeed with opposite warnings. A later source wins: query, then body.
 */
export function readArguments(request: RawRequest, acceptsJson: boolean): ReadArguments {
  const values: Arguments = Object.fromEntries(new URLSearchParams(request.search))
  const [type = '', ...parameters] = request.contentType.split(';').map((part) => part.trim().toLowerCase())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  const none = { values, warnings: [], files: NO_FILES }
  if (request.method === 'GET' || request.method === 'HEAD') return none
  switch (type) {
    case 'application/json':
      return readJson(request.bytes, values, acceptsJson, charset ? [] : ['missing_charset'])
    case 'application/x-www-form-urlencoded': {
      const warnings = charset ? ['superfluous_charset'] : []
      const form = new URLSearchParams(Buffer.from(request.bytes).toString('utf8'))
      for (const [name, value] of form) {
        // PHP-style `request[timeout]=180` (recorded on rtm.connect)
        if (/\[.*\]$/.test(name)) return { values, warnings, files: NO_FILES, refusal: 'invalid_array_arg' }
        values[name] = value
      }
      return { values, warnings, files: NO_FILES }
    }
    case 'multipart/form-data':
      return readMultipart(request, values)
    case '':
      return none
    default:
      return request.bytes.length === 0 ? none : { ...none, refusal: 'invalid_post_type' }
  }
}

function readJson(bytes: Uint8Array, values: Arguments, accepted: boolean, warnings: string[]): ReadArguments {
  const read = { values, warnings, files: NO_FILES }
  const text = Buffer.from(bytes).toString('utf8')
  if (text.trim() === '') return read
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return { ...read, refusal: 'invalid_json' }
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { ...read, refusal: 'json_not_object' }
  if (accepted) {
    const { token: _, ...rest } = body as Arguments // a token inside JSON is not looked at
    Object.assign(values, rest)
  }
  return read
}

function readMultipart(request: RawRequest, values: Arguments): ReadArguments {
  const files = new Map<string, { name: string; type: string; bytes: Uint8Array }>()
  try {
    for (const part of parseMultipart(request.bytes, request.contentType)) {
      if (part.name === undefined) continue
      if (part.filename === undefined) values[part.name] = Buffer.from(part.bytes).toString('utf8')
      else files.set(part.name, { name: part.filename, type: part.type, bytes: part.bytes })
    }
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error
    return { values, warnings: [], files, refusal: 'invalid_form_data' }
  }
  return { values, warnings: [], files }
}

/** true, "true", 1, "1": yes. Anything else: no. */
export const flag = (value: unknown, otherwise = false): boolean =>
  value === undefined || value === null || value === ''
    ? otherwise
    : value === true || value === 1 || /^(true|1)$/i.test(String(value))

/** Text of an argument; absent, null and '' are `undefined`. */
export const text = (value: unknown): string | undefined =>
  value === undefined || value === null || value === '' ? undefined : String(value)

/** A list argument: `U1,U2`, `["U1","U2"]` (the node SDK) or a real array. */
export function list(value: unknown): string[] {
  if (value === undefined || value === null || value === '') return []
  if (Array.isArray(value)) return value.map(String)
  const source = String(value).trim()
  if (source.startsWith('[')) {
    const parsed = json(source)
    if (Array.isArray(parsed)) return parsed.map(String)
  }
  return source
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

const UNPARSABLE = Symbol('unparsable')

function tryJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return UNPARSABLE
  }
}

/** A structured argument: JSON text, or the value itself in a JSON body. `undefined` when absent or not JSON. */
export function json(value: unknown): unknown {
  const parsed = tryJson(value)
  return parsed === UNPARSABLE || parsed === null || value === '' ? undefined : parsed
}

/** Like {@link json}, and refuses text that is not JSON with `error`. */
export function strictJson(value: unknown, error: string): unknown {
  if (value === undefined || value === null || value === '') return undefined
  const parsed = tryJson(value)
  if (parsed === UNPARSABLE) throw fail(error)
  return parsed ?? undefined
}

/** A whole number. `undefined` when absent; NaN when it is no number. */
export function whole(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return Number.isInteger(Number(value)) ? Number(value) : Number.NaN
}

/** A `limit` argument between 1 and `max`; 0 and absence give `otherwise`. */
export function limit(value: unknown, otherwise: number, max: number, error = 'invalid_limit'): number {
  const number = whole(value)
  if (number === undefined || number === 0) return otherwise
  if (Number.isNaN(number) || number < 0 || number > max) throw fail(error)
  return number
}
