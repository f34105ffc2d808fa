import { blank } from '../errors.ts'
import type { ProfileSchema } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'

/** What an attribute may be. */
interface Property extends Json {
  readonly type?: string
  readonly items?: { readonly type?: string; readonly enum?: readonly unknown[] }
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly enum?: readonly unknown[]
  readonly required?: boolean
  readonly minimum?: number
  readonly maximum?: number
}

export interface Complaint {
  readonly field: string
  readonly cause: string
}

const isBlank = (value: unknown): boolean => value === undefined || value === null || value === ''

const EMAIL = /^[^\s@<>(),;:"[\]\\]+@[^\s@.<>(),;:"[\]\\]+(\.[^\s@.<>(),;:"[\]\\]+)+$/

/**
 * Checks a profile against its schema: everything that is wrong at once, in the schema's order, as Okta reports it.
 * Null for an attribute nobody defined is let pass (seen in traffic).
 */
export function profileComplaints(schema: ProfileSchema, profile: Json): Complaint[] {
  const required = new Set([...schema.required, ...schema.customRequired])
  const properties: Record<string, Property> = { ...schema.base, ...schema.custom }
  const complaints: Complaint[] = []
  for (const [name, property] of Object.entries(properties)) {
    const value = profile[name]
    if (isBlank(value)) {
      if (required.has(name)) complaints.push({ field: name, cause: blank(name) })
      continue
    }
    const cause = valueComplaint(schema, name, property, value)
    if (cause) complaints.push({ field: name, cause })
  }
  return complaints
}

/** Attributes with a value that the schema does not know. */
export const undefinedAttributes = (schema: ProfileSchema, profile: Json): string[] =>
  Object.keys(profile).filter((name) => !isBlank(profile[name]) && !(name in schema.base) && !(name in schema.custom))

function valueComplaint(schema: ProfileSchema, name: string, property: Property, value: unknown): string | undefined {
  const wrong = typeComplaint(name, property, value)
  if (wrong) return wrong
  if (typeof value === 'number') return numberComplaint(name, property, value)
  if (typeof value !== 'string') return undefined
  if (/[\u{10000}-\u{10ffff}]/u.test(value)) return `${name}: The field contains unsupported characters`
  if (schema.kind === 'user' && name === 'login' && property.pattern === undefined && !EMAIL.test(value)) {
    return 'login: Username must be in the form of an email address'
  }
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = property
  if (value.length < minLength || value.length > maxLength) {
    return Number.isFinite(maxLength)
      ? `${name}: String is too ${value.length < minLength ? 'short' : 'long'}. Expected ${minLength}..${maxLength} characters`
      : `${name}: String is too short. Minimum ${minLength} characters`
  }
  if (property.format === 'email' && !EMAIL.test(value)) return `${name}: Does not match required pattern`
  if (property.pattern !== undefined && !patternMatches(property.pattern, value)) {
    return `${name}: Does not match required pattern`
  }
  if (property.enum && !property.enum.includes(value)) return `${name}: Not one of the allowed values`
  return undefined
}

function typeComplaint(name: string, { type = 'string', items }: Property, value: unknown): string | undefined {
  const wrong = (wanted: string) => `${name}: The value is not of type ${wanted}`
  if (type === 'array') {
    if (!Array.isArray(value)) return wrong('array')
    const of = items?.type ?? 'string'
    if (!value.every((item) => isOf(of, item))) return wrong(`array of ${of}`)
    if (items?.enum && !value.every((item) => items.enum?.includes(item)))
      return `${name}: Not one of the allowed values`
    return undefined
  }
  return isOf(type, value) ? undefined : wrong(type)
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'object') return typeof value === 'object'
  return typeof value === type
}

function numberComplaint(name: string, property: Property, value: number): string | undefined {
  if (property.minimum !== undefined && value < property.minimum)
    return `${name}: Below the minimum of ${property.minimum}`
  if (property.maximum !== undefined && value > property.maximum)
    return `${name}: Above the maximum of ${property.maximum}`
  return property.enum && !property.enum.includes(value) ? `${name}: Not one of the allowed values` : undefined
}

function patternMatches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value)
  } catch {
    return true
  }
}

/** Without attributes that hold nothing: Okta drops them. */
export const compact = (profile: Json): Json =>
  Object.fromEntries(Object.entries(profile).filter(([, value]) => !isBlank(value)))
