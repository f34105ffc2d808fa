import { createRequire } from 'node:module'
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import type { Contract, Operation, Schema } from '../kernel/contract.ts'
import { readPattern } from '../kernel/pattern.ts'

// loaded on the first check: it is large
const require = createRequire(import.meta.url)

/** Where a reply does not fit the contract. */
export interface Mismatch {
  /** JSON pointer into the reply's body; empty for the whole reply. */
  readonly at: string
  /** The schema keyword that refused, or `status`. */
  readonly keyword: string
  readonly message: string
}

const compiled = new WeakMap<Contract, Replies>()

/**
 * Where a reply does not fit the contract's response schema: empty when it does. Formats are not checked, and members
 * the schema does not name are welcome, since services add them without telling. A status the contract does not list is a
 * mismatch for a success; refusals, redirections and partial content are hardly ever listed and let through.
 *
 * @example matches(contract, 'getUser', 200, body) // [{ at: '/profile/login', keyword: 'type', message: 'must be string' }]
 * @throws when the contract has no such operation
 */
export function matches(contract: Contract, operationId: string, status: number, body: unknown): Mismatch[] {
  const operation = contract.operations.get(operationId)
  if (!operation) throw new Error(`${contract.name} has no operation ${operationId}`)
  let replies = compiled.get(contract)
  if (!replies) {
    replies = new Replies(contract)
    compiled.set(contract, replies)
  }
  return replies.check(operation, status, body)
}

class Replies {
  readonly #contract: Contract
  readonly #validators = new Map<string, ValidateFunction>()
  #ajv: Ajv2020 | undefined

  constructor(contract: Contract) {
    this.#contract = contract
  }

  check(operation: Operation, status: number, body: unknown): Mismatch[] {
    const key = responseKey(operation, status)
    if (key === undefined) {
      // refusals, redirections and parts of a body are HTTP's business
      if (status >= 300 || status === 206) return []
      return [{ at: '', keyword: 'status', message: `${operation.operationId} does not answer ${status}` }]
    }
    const schema = jsonSchema(operation, key)
    // an empty body where the contract has one is judged by HTTP, not by the schema: HEAD, 304, 204
    if (schema === undefined || body === undefined) return []
    const validate = this.#validator(`${operation.operationId} ${key}`, schema)
    if (validate(body)) return []
    return distinct(validate.errors ?? [])
  }

  #validator(key: string, schema: Schema): ValidateFunction {
    let validate = this.#validators.get(key)
    if (!validate) {
      validate = this.#engine().compile(asReply(schema) as object)
      this.#validators.set(key, validate)
    }
    return validate
  }

  #engine(): Ajv2020 {
    if (!this.#ajv) {
      const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js')
      this.#ajv = new Ajv2020({
        strict: false,
        allErrors: true,
        validateSchema: false,
        validateFormats: false,
        code: { regExp: readPattern },
        logger: false,
      })
      for (const [name, schema] of Object.entries(this.#contract.document.components?.schemas ?? {})) {
        this.#ajv.addSchema(asReply(schema) as object, `contract:${name}`)
      }
    }
    return this.#ajv
  }
}

/** `200`, then `2XX`, then `default`. */
function responseKey(operation: Operation, status: number): string | undefined {
  return [String(status), `${Math.floor(status / 100)}XX`, 'default'].find((key) => key in operation.responses)
}

function jsonSchema(operation: Operation, key: string): Schema | undefined {
  const content = Object.entries(operation.responses[key]?.content ?? {})
  return content.find(([type]) => /[/+]json\b/.test(type) || type === '*/*')?.[1].schema
}

const SCHEMAS = '#/components/schemas/'

/**
 * A schema as a reply is read: closed objects are opened, what only a request carries is not required, alternatives may
 * overlap, as the published ones do.
 */
function asReply(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(asReply)
  if (typeof schema !== 'object' || schema === null) return schema
  const kept: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === '$ref') kept.$ref = `contract:${encodeURIComponent(String(value).slice(SCHEMAS.length))}`
    else if (keyword === 'additionalProperties' && value === false) continue
    else if (keyword === 'oneOf') kept.anyOf = asReply(value)
    else if (keyword === 'enum' || keyword === 'const' || keyword === 'default') kept[keyword] = value
    else if (keyword === 'properties') kept.properties = eachProperty(value as object, needed(schema))
    else if (keyword === 'required') kept.required = needed(schema)
    else if (keyword !== 'discriminator') kept[keyword] = asReply(value)
  }
  return kept
}

/** Services write `null` for what is absent far more often than their contracts admit (seen in every Okta resource). */
function eachProperty(properties: object, required: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const schema = asReply(property)
      return [name, required.includes(name) ? schema : { anyOf: [schema, { type: 'null' }] }]
    }),
  )
}

function needed(schema: object): string[] {
  const { properties = {}, required = [] } = schema as {
    properties?: Record<string, { writeOnly?: boolean }>
    required?: readonly string[]
  }
  return required.filter((name) => properties[name]?.writeOnly !== true)
}

/** One line per place and keyword; a failed alternative repeats its branches' complaints. */
function distinct(errors: readonly ErrorObject[]): Mismatch[] {
  const found = new Map<string, Mismatch>()
  for (const error of errors) {
    // said by every optional property that is neither null nor right; what it is instead is the news
    if (error.keyword === 'anyOf' || error.params.type === 'null') continue
    const mismatch = { at: error.instancePath, keyword: error.keyword, message: error.message ?? error.keyword }
    found.set(`${mismatch.at} ${mismatch.message}`, mismatch)
  }
  if (found.size > 0) return [...found.values()]
  const [first] = errors
  return [{ at: first?.instancePath ?? '', keyword: 'anyOf', message: 'fits none of the alternatives' }]
}
