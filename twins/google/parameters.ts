import type { Operation } from '../../shared/kernel/contract.ts'
import type { Problem } from '../../shared/kernel/dialect.ts'
import { badRequest, type Envelope, type Fault } from './errors.ts'
import { snakeCase } from './protojson.ts'

/** Query parameters every Google API takes. */
const SYSTEM_PARAMETERS = new Set([
  '$.xgafv', 'access_token', 'alt', '$alt', 'bearer_token', 'callback', '$callback', 'fields', '$fields', 'key', '$key', 'oauth_token', 'pp',
  'prettyPrint', '$prettyPrint', 'quotaUser', '$userProject', 'uploadType', 'upload_protocol', 'userIp', 'userProject', '$httpMethod', '$httpHeaders', '$req', '$ct', '$unique',
]) // biome-ignore format: one list

/** The refusal of query parameters that the operation does not have, as Docs and Sheets word it. */
export function unknownParameters(operation: Operation, query: Record<string, unknown>): Fault | undefined {
  const known = new Set(operation.parameters?.filter(({ in: place }) => place === 'query').map(({ name }) => name))
  const violations = Object.keys(query)
    .filter((name) => !SYSTEM_PARAMETERS.has(name) && !known.has(name) && !known.has(camel(name)))
    .map((name) => ({
      description: `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`,
    }))
  if (violations.length === 0) return undefined
  return {
    code: 400,
    message: violations.map(({ description }) => description).join('\n'),
    details: [badRequest(violations)],
  }
}

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** The refusal of a bad parameter. */
export function parameterFault(
  problems: readonly Problem[],
  operation: Operation,
  envelope: Envelope,
  protoPackage: string,
): Fault {
  return envelope === 'legacy' ? legacyFault(problems[0] as Problem, operation) : canonicalFault(problems, protoPackage)
}

function canonicalFault(problems: readonly Problem[], protoPackage: string): Fault {
  const violations = problems.map(({ path, keyword, actual, schema }) => {
    const name = String(path[0] ?? '')
    const field = snakeCase(name)
    if (keyword === 'required') return { field, description: `Missing required field: ${field}` }
    const type = (schema as { type?: string; enum?: unknown } | undefined) ?? {}
    const typeName = type.enum
      ? `type.googleapis.com/${protoPackage}.${name[0]?.toUpperCase()}${name.slice(1)}`
      : ({ boolean: 'TYPE_BOOL', integer: 'TYPE_INT32', number: 'TYPE_DOUBLE' }[type.type ?? ''] ?? 'TYPE_STRING')
    return { field, description: `Invalid value at '${field}' (${typeName}), ${JSON.stringify(actual)}` }
  })
  return {
    code: 400,
    message: violations.map(({ description }) => description).join('\n'),
    details: [badRequest(violations)],
  }
}

function legacyFault({ path, keyword, actual, schema }: Problem, operation: Operation): Fault {
  const location = String(path[0] ?? '')
  if (keyword === 'required')
    return { code: 400, reason: 'required', message: `Required parameter: ${location}`, location }
  const declared = operation.parameters?.find(({ name }) => name === location)?.schema ?? schema
  const {
    type,
    minimum,
    maximum,
    enum: choices,
  } = declared as { type?: string; minimum?: number; maximum?: number; enum?: unknown[] }
  const invalid = (message: string): Fault => ({ code: 400, reason: 'invalidParameter', message, location })
  if (keyword === 'minimum' || keyword === 'maximum') {
    return invalid(`Invalid value '${actual}'. Values must be within the range: [${minimum}, ${maximum}]`)
  }
  if (choices) return invalid(`Invalid string value: '${actual}'. Allowed values: [${choices.join(', ')}]`)
  return invalid(`Invalid ${type} value: '${actual}'.`)
}

/** The refusal of JSON that does not parse, with the place as the front end points at it. */
export function malformedFault(detail: string, text: string, envelope: Envelope): Fault {
  if (envelope === 'legacy') return { code: 400, reason: 'parseError', message: 'Parse Error' }
  const position = Number(/position (\d+)/.exec(detail)?.[1] ?? text.length)
  const from = Math.max(0, position - 20)
  const excerpt = text.slice(from, position + 20).replaceAll('\n', ' ')
  const why = position >= text.length ? 'Unexpected end of string. Expected a value.' : 'Expected a value.'
  return { code: 400, message: `Invalid JSON payload received. ${why}\n${excerpt}\n${' '.repeat(position - from)}^` }
}
