import type { Schema } from '../../shared/kernel/contract.ts'
import type { Resolve } from './fields.ts'

/**
 * Reads a JSON body as Google's front end reads it into a protocol buffer: null is unset, snake_case names are
 * accepted, numbers come as text and text as numbers where the field is one, a lone value stands for a list of one.
 */

export interface Violation {
  /** The field's path in proto spelling; absent for the body itself. */
  readonly field?: string
  readonly description: string
}

export interface ReadOptions {
  readonly resolve: Resolve
  /** Refuse names the schema does not have (Docs, Sheets) or drop them silently (Drive). */
  readonly unknownNames: 'refuse' | 'ignore'
  /** The proto field the body is bound to: `data`, `document`. Absent: the whole request. */
  readonly root?: string
  /** Full name of a message or enum type for error texts, from the schema's own name or the field's. */
  readonly typeName: (schema: string | undefined, field: string) => string
}

interface Place {
  readonly path: string
  /** The last name, as sent. */
  readonly name: string
  /** The path of what contains it. */
  readonly within: string
}

/** The body as the handler shall see it, and what the service would complain of. */
export function readBody(
  body: unknown,
  schema: Schema | undefined,
  options: ReadOptions,
): { value: unknown; violations: Violation[] } {
  const reader = new Reader(options)
  const at = { path: options.root ?? '', name: '', within: '' }
  if (Array.isArray(body)) reader.unknownName({ ...at, path: '' }, 'Root element must be a message.')
  else if (typeof body !== 'object') reader.invalid(at, schema, body)
  else return { value: reader.read(body ?? {}, schema, at), violations: reader.violations }
  return { value: undefined, violations: reader.violations }
}

class Reader {
  readonly violations: Violation[] = []
  readonly #options: ReadOptions

  constructor(options: ReadOptions) {
    this.#options = options
  }

  read(value: unknown, schema: Schema | undefined, at: Place): unknown {
    const type = this.#options.resolve(schema)
    if (typeof type !== 'object' || type.type === undefined) return value
    if (type.type === 'array') return this.#list(value, type.items as Schema | undefined, at)
    if (Array.isArray(value)) return this.unknownName(at, 'Proto field is not repeating, cannot start list.')
    if (type.type === 'object') {
      if (typeof value !== 'object') return this.invalid(at, schema, value)
      return this.#message(value as Record<string, unknown>, type, at)
    }
    if (typeof value === 'object') return this.unknownName(at, 'Starting an object on a scalar field')
    const read = scalar(value, type)
    return read === undefined ? this.invalid(at, schema, value) : read
  }

  /** A list among the elements joins the list it is in, as pygsheets sends its requests; a list of lists is not one. */
  #list(value: unknown, items: Schema | undefined, at: Place): unknown {
    if (!Array.isArray(value)) return [this.#element(value, items, at)]
    const elements = this.#isList(items) ? value : value.flat(Number.POSITIVE_INFINITY)
    return elements.map((element, i) => this.#element(element, items, { ...at, path: `${at.path}[${i}]` }))
  }

  #isList(schema: Schema | undefined): boolean {
    const type = this.#options.resolve(schema)
    return typeof type === 'object' && (type.type === 'array' || type.type === undefined)
  }

  /** A list inside a list is a google.protobuf.ListValue: cells of a row. */
  #element(value: unknown, items: Schema | undefined, at: Place): unknown {
    // node-google-spreadsheet sends nulls among the requests of a batch, and Google passes over them.
    if (value === null) return null
    const type = this.#options.resolve(items)
    if (typeof type === 'object' && type.type === 'array' && !Array.isArray(value)) {
      this.#violate(
        at.path,
        `Invalid value at '${at.path}' (type.googleapis.com/google.protobuf.ListValue), ${JSON.stringify(value)}`,
      )
      return undefined
    }
    return this.read(value, items, at)
  }

  #message(value: Record<string, unknown>, type: Exclude<Schema, boolean>, at: Place): unknown {
    const properties = type.properties as Readonly<Record<string, Schema>> | undefined
    const map = type.additionalProperties as Schema | undefined
    if (!properties && map === undefined) return value
    const result: Record<string, unknown> = {}
    for (const [sent, member] of Object.entries(value)) {
      const name = properties && !(sent in properties) ? camelCase(sent) : sent
      const schema = properties && Object.hasOwn(properties, name) ? properties[name] : map
      const path = at.path ? `${at.path}.${snakeCase(sent)}` : snakeCase(sent)
      const place = { path, name: sent, within: at.path }
      if (schema === undefined) {
        if (this.#options.unknownNames === 'refuse') this.unknownName(place, 'Cannot find field.')
      } else if (member === null && properties) {
        const declared = this.#options.resolve(schema)
        if (typeof declared === 'object' && declared.type === undefined) result[name] = null
      } else if (member === null) result[name] = null
      else result[name] = this.read(member, schema, place)
    }
    return result
  }

  unknownName({ within, name }: Place, why: string): undefined {
    const where = within ? ` at '${within}'` : ''
    this.#violate(within, `Invalid JSON payload received. Unknown name ${JSON.stringify(name)}${where}: ${why}`)
  }

  invalid({ path, name }: Place, schema: Schema | undefined, value: unknown): undefined {
    const shown = typeof value === 'object' ? '' : `, ${JSON.stringify(value)}`
    this.#violate(path, `Invalid value at '${path}' (${this.#typeOf(schema, name)})${shown}`)
  }

  #typeOf(schema: Schema | undefined, field: string): string {
    const type = this.#options.resolve(schema)
    if (typeof type === 'object' && type.type !== 'object' && !type.enum) return primitive(type)
    const name =
      typeof schema === 'object' && typeof schema.$ref === 'string' ? schema.$ref.split('/').pop() : undefined
    return `type.googleapis.com/${this.#options.typeName(name, field)}`
  }

  #violate(field: string, description: string): void {
    this.violations.push(field ? { field, description } : { description })
  }
}

function primitive(type: Exclude<Schema, boolean>): string {
  if (type.type === 'boolean') return 'TYPE_BOOL'
  if (type.type === 'integer') return type.format === 'uint32' ? 'TYPE_UINT32' : 'TYPE_INT32'
  if (type.type === 'number') return type.format === 'float' ? 'TYPE_FLOAT' : 'TYPE_DOUBLE'
  if (type.format === 'int64') return 'TYPE_INT64'
  if (type.format === 'uint64') return 'TYPE_UINT64'
  return type.format === 'byte' ? 'TYPE_BYTES' : 'TYPE_STRING'
}

/** A scalar as its field takes it, or `undefined` when it does not. */
function scalar(value: unknown, type: Exclude<Schema, boolean>): unknown {
  const choices = type.enum as readonly string[] | undefined
  if (choices) return typeof value === 'number' ? choices[value] : choices.includes(value as string) ? value : undefined
  switch (type.type) {
    case 'string':
      if (typeof value === 'string') return type.format === 'int64' && !/^-?\d+$/.test(value) ? undefined : value
      return typeof value === 'number' && /^u?int64$/.test(String(type.format)) ? String(value) : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined
    case 'integer': {
      const number = numeric(value)
      return number !== undefined && Number.isInteger(number) ? number : undefined
    }
    case 'number':
      return numeric(value)
    default:
      return value
  }
}

function numeric(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isNaN(number) ? undefined : number
}

export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
