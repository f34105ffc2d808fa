import { createRequire } from 'node:module'
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import type { Contract, Operation, Schema } from './contract.ts'
import type { Problem } from './dialect.ts'

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
      validate = this.#engine().compile(asRequest(schema, 'contract') as object)
      this.#compiled.set(key, validate)
    }
    return validate
  }

  #engine(): Ajv2020 {
    if (!this.#ajv) {
      const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js')
      this.#ajv = new Ajv2020({
        strict: false,
        allErrors: true,
        verbose: true,
        validateFormats: false,
        inlineRefs: false,
        addUsedSchema: false,
      })
      const schemas = this.#contract.document.components?.schemas ?? {}
      this.#ajv.addSchema({ $id: 'contract', components: { schemas: schemasAsRequest(schemas) } })
    }
    return this.#ajv
  }
}

const schemasAsRequest = (schemas: Readonly<Record<string, Schema>>) =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, asRequest(schema, '')]))

/** Rewrites a schema for requests; `document` is put before local references. */
function asRequest(schema: unknown, document: string): unknown {
  if (Array.isArray(schema)) return schema.map((item) => asRequest(item, document))
  if (schema === null || typeof schema !== 'object') return schema
  const source = schema as Record<string, unknown>
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(source)) {
    if (key === '$ref' && typeof value === 'string') result.$ref = document + value
    else if (key === 'discriminator' || key === 'default' || key === 'example') continue
    else if (key === 'enum' || key === 'const') result[key] = value
    else if (key === 'properties' || key === 'patternProperties') {
      // Their members are names, not keywords: Okta has properties called `default` and even `$ref`.
      const members = Object.entries(value as Record<string, unknown>)
      result[key] = Object.fromEntries(members.map(([name, member]) => [name, asRequest(member, document)]))
    } else if (key === 'oneOf' && Array.isArray(value)) result.anyOf = asRequest(value, document)
    else if (key === 'required' && Array.isArray(value)) {
      const properties = (source.properties ?? {}) as Record<string, { readOnly?: boolean } | undefined>
      const needed = value.filter((name) => properties[name]?.readOnly !== true)
      if (needed.length) result.required = needed
    } else result[key] = asRequest(value, document)
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
