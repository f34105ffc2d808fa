import { type Mask, MaskSyntax, parseMask } from '../../google/fields.ts'
import { invalid } from '../errors.ts'
import { withColorStyles } from './color.ts'

/** The field mask of an update; an empty one is refused. */
export function updateMask(fields: string | undefined): Mask {
  if (fields === undefined || fields.trim() === '')
    throw invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
  try {
    return parseMask(fields)
  } catch (error) {
    if (error instanceof MaskSyntax) throw invalid(`Invalid field mask: ${fields}`)
    throw error
  }
}

type Fields = Readonly<Record<string, unknown>>
const asFields = (value: unknown): Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {}

/** Both spellings of a colour are one field. */
function spellings(name: string): string[] {
  if (/[cC]olorStyle$/.test(name)) return [name, name.slice(0, -5)]
  return /(?:^c|C)olor$/.test(name) ? [name, `${name}Style`] : [name]
}

/** Sets what the mask names to what `source` has, or clears it. `names` are the fields that exist at the root. */
export function masked<T extends object>(
  target: T,
  source: object | undefined,
  mask: Mask,
  names?: readonly string[],
): T {
  for (const name of mask.keys())
    if (name !== '*' && names && !names.includes(name)) throw invalid(`Invalid field: ${name}`)
  return merge(target as Fields, withColorStyles(asFields(source)), mask) as T
}

function merge(target: Fields, source: Fields, mask: Mask): Fields {
  if (mask.has('*')) return source
  const result: Record<string, unknown> = { ...target }
  for (const [name, below] of mask) {
    for (const spelling of spellings(name)) {
      const value =
        below && spelling === name
          ? merge(asFields(target[spelling]), asFields(source[spelling]), below)
          : source[spelling]
      if (value === undefined || (below && Object.keys(asFields(value)).length === 0)) delete result[spelling]
      else result[spelling] = value
    }
  }
  return result
}

/** Whether a mask reaches a path. */
export function reaches(mask: Mask | undefined, ...path: readonly string[]): boolean {
  let at = mask
  for (const name of path) {
    if (!at || at.has('*')) return true
    if (!at.has(name)) return false
    at = at.get(name)
  }
  return true
}
