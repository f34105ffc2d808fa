import { type Mask, MaskSyntax, parseMask } from '../../../google/fields.ts'
import { docsContract } from '../../contract.ts'
import { refuse } from '../model/refused.ts'

/** Field masks of update requests: which members of a style a request sets, and which it resets. */

type Properties = Readonly<Record<string, { readonly $ref?: string }>>

/** The members a schema of the contract declares. */
const propertiesOf = (schema: string | undefined): Properties | undefined => {
  const found = schema && docsContract().document.components?.schemas?.[schema]
  return typeof found === 'object' ? (found.properties as Properties | undefined) : undefined
}

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** A mask over the members of a style; `*` is spelled out. */
export type FieldMask = ReadonlyMap<string, Mask | undefined>

/**
 * Reads `fields` against the schema it is about. Members may be written `fontSize` or `font_size`.
 *
 * @throws when no field is named, or one that the schema does not have
 */
export function fieldMask(fields: string | undefined, schema: string): FieldMask {
  if (!fields?.trim()) throw refuse("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
  const properties = propertiesOf(schema) ?? {}
  let parsed: Mask
  try {
    parsed = parseMask(fields)
  } catch (error) {
    if (error instanceof MaskSyntax) throw refuse(`Invalid field: ${fields}`)
    throw error
  }
  const mask = new Map<string, Mask | undefined>()
  for (const [name, below] of parsed) {
    if (name === '*') for (const property of Object.keys(properties)) mask.set(property, undefined)
    else {
      const property = camel(name)
      const type = properties[property]
      if (!type) throw refuse(`Invalid field: ${name}`)
      assertKnown(below, type.$ref?.split('/').at(-1), name)
      mask.set(property, below)
    }
  }
  return mask
}

function assertKnown(mask: Mask | undefined, schema: string | undefined, path: string): void {
  const properties = propertiesOf(schema)
  if (!mask || !properties) return
  for (const [name, below] of mask) {
    if (name === '*') continue
    const type = properties[camel(name)]
    if (!type) throw refuse(`Invalid field: ${path}.${name}`)
    assertKnown(below, type.$ref?.split('/').at(-1), `${path}.${name}`)
  }
}

/** The style with the masked members taken from `given`; a member `given` lacks is reset, so it is inherited again. */
export function applyMask<S extends object>(old: S, given: object | undefined, mask: FieldMask): S {
  const result = { ...old } as Record<string, unknown>
  const values = (given ?? {}) as Record<string, unknown>
  for (const [name, below] of mask) {
    const value = below ? nested(result[name], values[name], below) : values[name]
    if (value === undefined || value === null) delete result[name]
    else result[name] = value
  }
  return result as S
}

function nested(old: unknown, given: unknown, mask: Mask): unknown {
  if (mask.has('*')) return given
  const members = new Map([...mask].map(([name, below]) => [camel(name), below]))
  return applyMask((old ?? {}) as object, (given ?? {}) as object, members)
}
