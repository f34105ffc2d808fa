import { isObject, type Json, type JsonObject, listAt, type Members } from '../json.ts'

/** Keywords whose value is copied as it stands. Everything not named here or below is prose, or means nothing to us. */
const FACTS = [
  'type',
  'format',
  'enum',
  'const',
  'default',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'required',
  'readOnly',
  'writeOnly',
  'deprecated',
] as const

/** Vendor members of schemas that carry behaviour. */
const VENDOR = [
  'x-okta-lifecycle',
  'x-okta-extensible',
  'x-okta-allow-null-property-value-for-updates',
  'x-okta-defined-as',
  'x-google-required',
]

const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const
const MAPS = ['properties', 'patternProperties'] as const

/** Turns an upstream reference into ours: `#/definitions/user` → `#/components/schemas/user`. */
export type Reference = (upstream: string) => string

/**
 * A schema of OpenAPI 2, 3.0 or 3.1 as JSON Schema 2020-12 without prose: `nullable` becomes a type, boolean exclusive
 * limits become numbers, references point at `#/components/schemas`.
 */
export function normaliseSchema(raw: Json | undefined, reference: Reference): Json {
  if (!isObject(raw)) return typeof raw === 'boolean' ? raw : {}
  const schema: Members = {}
  if (typeof raw.$ref === 'string') {
    schema.$ref = reference(raw.$ref)
    for (const name of ['readOnly', 'writeOnly', 'deprecated'] as const) {
      if (raw[name] === true) schema[name] = true
    }
    return raw.nullable === true ? nullable(schema) : schema
  }
  for (const name of FACTS) {
    const value = raw[name]
    if (value !== undefined && value !== false) schema[name] = value
  }
  if (raw.default === false) schema.default = false
  dropProse(schema)
  for (const name of VENDOR) {
    const value = raw[name]
    if (value !== undefined) schema[name] = name === 'x-okta-lifecycle' ? lifecycle(value) : value
  }
  tidyRequired(schema)
  exclusive(schema, raw)
  for (const name of LISTS) {
    const list = listAt(raw, name)
    if (list.length > 0) schema[name] = list.map((item) => normaliseSchema(item, reference))
  }
  for (const name of MAPS) {
    const map = raw[name]
    if (isObject(map)) {
      const properties: Members = {}
      for (const [property, value] of Object.entries(map)) properties[property] = normaliseSchema(value, reference)
      if (Object.keys(properties).length > 0) schema[name] = properties
    }
  }
  if (raw.not !== undefined) schema.not = normaliseSchema(raw.not, reference)
  if (raw.items !== undefined) normaliseItems(schema, raw.items, reference)
  if (raw.additionalProperties !== undefined) {
    schema.additionalProperties = normaliseSchema(raw.additionalProperties, reference)
  }
  if (isObject(raw.discriminator)) schema.discriminator = discriminator(raw.discriminator, reference)
  return raw.nullable === true ? nullable(schema) : schema
}

/** Slack's archived document lists alternatives as a tuple of items; no service means positions by it. */
function normaliseItems(schema: Members, items: Json, reference: Reference): void {
  if (!Array.isArray(items)) {
    schema.items = normaliseSchema(items, reference)
    return
  }
  const alternatives = items.map((item) => normaliseSchema(item, reference))
  if (schema.type === 'array') schema.items = { anyOf: alternatives }
  else schema.anyOf = alternatives
}

/** OpenAPI 3.0 has `exclusiveMinimum: true` beside `minimum`; 2020-12 has the limit itself. */
function exclusive(schema: Members, raw: JsonObject): void {
  for (const [flag, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof raw[flag] !== 'boolean') continue
    delete schema[flag]
    const value = raw[limit]
    if (raw[flag] === true && value !== undefined) {
      schema[flag] = value
      delete schema[limit]
    }
  }
}

/** Sentences where a fact belongs: `format: ISO 8601 compliant timestamp`, a number whose default is explained. */
function dropProse(schema: Members): void {
  if (typeof schema.format === 'string' && schema.format.includes(' ')) delete schema.format
  const wordless = schema.type === 'integer' || schema.type === 'number' || schema.type === 'boolean'
  if (wordless && typeof schema.default === 'string' && schema.default.includes(' ')) delete schema.default
}

/** `required` holds names; documents carry a boolean, an empty list or a sentence there. */
function tidyRequired(schema: Members): void {
  if (schema.required === undefined) return
  const names = Array.isArray(schema.required) ? schema.required.filter((name) => !String(name).includes(' ')) : []
  if (names.length > 0) schema.required = names
  else delete schema.required
}

function nullable(schema: Members): Json {
  if (typeof schema.type === 'string') {
    schema.type = [schema.type, 'null']
    if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum = [...schema.enum, null]
    return schema
  }
  if (Array.isArray(schema.type) || Object.keys(schema).length === 0) return schema
  return { anyOf: [schema, { type: 'null' }] }
}

function discriminator(raw: JsonObject, reference: Reference): Json {
  const kept: Members = {}
  if (raw.propertyName !== undefined) kept.propertyName = raw.propertyName
  if (isObject(raw.mapping)) {
    const mapping: Members = {}
    for (const [value, target] of Object.entries(raw.mapping)) {
      if (typeof target === 'string')
        mapping[value] = reference(target.includes('/') ? target : `#/components/schemas/${target}`)
    }
    kept.mapping = mapping
  }
  return kept
}

/** Okta's lifecycle: the stage, and the SKUs that have the feature. */
export function lifecycle(raw: Json): Json {
  if (!isObject(raw)) return raw
  const kept: Members = {}
  for (const name of ['lifecycle', 'isGenerallyAvailable', 'SKUs'] as const) {
    const value = raw[name]
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) kept[name] = value
  }
  return kept
}

/**
 * A child that extends the union it is itself an option of (`allOf: [Key]`, where `Key` is `oneOf: [EcKey, RsaKey]`) would
 * be checked for ever: such a child takes over what its parent says beside the union.
 */
export function untied(schemas: JsonObject): JsonObject {
  const result: Members = {}
  for (const [name, schema] of Object.entries(schemas)) {
    if (!isObject(schema) || !Array.isArray(schema.allOf)) {
      result[name] = schema
      continue
    }
    const allOf = schema.allOf.map((part: Json) => {
      const parent =
        isObject(part) && typeof part.$ref === 'string' ? schemas[part.$ref.split('/').at(-1) ?? ''] : undefined
      if (!isObject(parent)) return part
      const options = [...listAt(parent, 'oneOf'), ...listAt(parent, 'anyOf')]
      if (!options.some((option) => isObject(option) && option.$ref === `#/components/schemas/${name}`)) return part
      const { oneOf: _oneOf, anyOf: _anyOf, discriminator: _discriminator, ...rest } = parent
      return rest
    })
    result[name] = { ...schema, allOf }
  }
  return result
}
