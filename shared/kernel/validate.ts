import { createRequire } from 'node:module'
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import type { Contract, Operation, Schema } from './contract.ts'
import type { Problem } from './dialect.ts'
import { readPattern } from './pattern.ts'

// Loaded on the first check, not at start-up: it is the largest module of the kernel.
const require = createRequire(import.meta.url)

/**
 * Checks of a contract's requests, compiled from its JSON Schemas on first use.
 *
 * The schemas are read as a request sees them: what is `readOnly` is not required, and `oneOf` accepts more than one
 * match, since the published contracts' alternatives overlap.
 */
export class RequestChecks {
  readonly #contract: Contract
  readonly #compiled = new Map<string, ValidateFunction>()
  readonly #known = new Set<string>()
  #ajv: Ajv2020 | undefined

  constructor(contract: Contract) {
    this.#contract = contract
  }

  /** Problems of a parsed body under one media type of the contract. */
  body(operation: Operation, mediaType: string, body: unknown): Problem[] {
    const schema = operation.requestBody?.content[mediaType]?.schema
    if (schema === undefined) return []
    const validate = this.#validator(`${operation.operationId} ${mediaType}`, schema)
    return validate(body) ? [] : (validate.errors ?? []).map((error) => problem('body', error))
  }

  /** Problems of coerced parameters of one place. */
  parameters(operation: Operation, place: 'path' | 'query', values: object): Problem[] {
    const parameters = operation.parameters?.filter((parameter) => parameter.in === place)
    if (!parameters?.length) return []
    const validate = this.#validator(`${operation.operationId} ${place}`, {
      type: 'object',
      properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema ?? true])),
      required: parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name),
    })
    return validate(values) ? [] : (validate.errors ?? []).map((error) => problem(place, error))
  }

  #validator(key: string, schema: Schema): ValidateFunction {
    let validate = this.#compiled.get(key)
    if (!validate) {
      this.#ajv ??= engine()
      validate = this.#ajv.compile(this.#request(schema) as object)
      this.#compiled.set(key, validate)
    }
    return validate
  }

  /** A schema as a request sees it; those it refers to are made known on the way, the contract's others never. */
  #request(schema: Schema): unknown {
    return asRequest(schema, (reference) => {
      const name = reference.slice(reference.lastIndexOf('/') + 1)
      const key = `contract:${name}`
      if (!this.#known.has(key)) {
        this.#known.add(key)
        this.#ajv?.addSchema(this.#request(this.#contract.document.components?.schemas?.[name] ?? true) as object, key)
      }
      return key
    })
  }
}

/** The contracts are ours, so they are not themselves checked: compiling the meta-schema costs more than their schemas. */
function engine(): Ajv2020 {
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js')
  return new Ajv2020({
    strict: false,
    allErrors: true,
    verbose: true,
    validateSchema: false,
    validateFormats: false,
    code: { regExp: readPattern },
    inlineRefs: false,
    addUsedSchema: false,
  })
}

/** Rewrites a schema for requests; `resolved` gives the name by which a reference is known. */
function asRequest(schema: unknown, resolved: (reference: string) => string): unknown {
  if (Array.isArray(schema)) return schema.map((item) => asRequest(item, resolved))
  if (schema === null || typeof schema !== 'object') return schema
  const source = schema as Record<string, unknown>
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(source)) {
    if (key === '$ref' && typeof value === 'string') result.$ref = resolved(value)
    else if (key === 'discriminator' || key === 'default' || key === 'example') continue
    else if (key === 'enum' || key === 'const') result[key] = value
    else if (key === 'properties' || key === 'patternProperties') {
      // Their members are names, not keywords: Okta has properties called `default` and even `$ref`.
      const members = Object.entries(value as Record<string, unknown>)
      result[key] = Object.fromEntries(members.map(([name, member]) => [name, asRequest(member, resolved)]))
    } else if (key === 'oneOf' && Array.isArray(value)) result.anyOf = asRequest(value, resolved)
    else if (key === 'required' && Array.isArray(value)) {
      const properties = (source.properties ?? {}) as Record<string, { readOnly?: boolean } | undefined>
      const needed = value.filter((name) => properties[name]?.readOnly !== true)
      if (needed.length) result.required = needed
    } else result[key] = asRequest(value, resolved)
  }
  return result
}

function problem(place: Problem['in'], error: ErrorObject): Problem {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  const { keyword, params } = error
  const named = params.missingProperty ?? params.additionalProperty ?? params.propertyName
  return {
    in: place,
    path: named === undefined ? path : [...path, named],
    keyword,
    expected: params.allowedValues ?? params.limit ?? params.pattern ?? params.type ?? params.format ?? error.schema,
    actual: named === undefined ? error.data : undefined,
    schema: error.parentSchema,
  }
}
