import type { Schema } from '../../shared/kernel/contract.ts'

/**
 * Google's partial responses: `fields=kind,files(id,owners/emailAddress)`.
 *
 * A mask is a tree; `undefined` below a name keeps everything there, `*` stands for any name.
 */
export type Mask = ReadonlyMap<string, Mask | undefined>

/** A mask that does not parse. */
export class MaskSyntax extends Error {}

/**
 * Parses a mask: commas, `/` or `.` for depth, parentheses for groups, `*`. Blanks are ignored.
 *
 * @example parseMask('a/b,c(d,e/f)') // a→b, c→(d, e→f)
 */
export function parseMask(text: string): Mask {
  let at = 0
  const skipBlanks = () => {
    while (/\s/.test(text[at] ?? '')) at++
  }
  const fail = (): never => {
    throw new MaskSyntax(text)
  }
  const list = (closing: boolean): Mask => {
    const mask = new Map<string, Mask | undefined>()
    for (;;) {
      path(mask)
      skipBlanks()
      if (text[at] === ',') at++
      else if (at < text.length && !(closing && text[at] === ')')) fail()
      else return mask
    }
  }
  const path = (into: Map<string, Mask | undefined>): void => {
    skipBlanks()
    const start = at
    while (at < text.length && !/[,/.()\s]/.test(text[at] as string)) at++
    const name = text.slice(start, at)
    if (name === '') fail()
    skipBlanks()
    if (text[at] === '/' || text[at] === '.') {
      at++
      const below = new Map<string, Mask | undefined>()
      path(below)
      add(into, name, below)
    } else if (text[at] === '(') {
      at++
      const below = list(true)
      if (text[at++] !== ')') fail()
      add(into, name, below)
    } else add(into, name, undefined)
  }
  const mask = list(false)
  return at < text.length ? fail() : mask
}

/** Adds a path to a mask: the union of both. */
function add(into: Map<string, Mask | undefined>, name: string, below: Mask | undefined): void {
  const known = into.get(name)
  if (!into.has(name)) into.set(name, below)
  else if (known && below)
    for (const [inner, deeper] of below) add(known as Map<string, Mask | undefined>, inner, deeper)
  else into.set(name, undefined)
}

/** Keeps what a mask names. A list keeps its length: elements that lose everything stay as `{}`. */
export function prune(value: unknown, mask: Mask | undefined): unknown {
  if (!mask || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((element) => prune(element, mask))
  const kept: Record<string, unknown> = {}
  const any = mask.has('*')
  for (const name of Object.keys(value)) {
    if (!any && !mask.has(name)) continue
    // Read only what is kept: views compute costly members when they are read.
    const member = (value as Record<string, unknown>)[name]
    const below = mask.has(name) ? mask.get(name) : mask.get('*')
    // A path into a scalar names nothing there.
    if (below && !any && (member === null || typeof member !== 'object')) continue
    kept[name] = prune(member, below)
  }
  return kept
}

/** Follows a `$ref` of the contract. */
export type Resolve = (schema: Schema | undefined) => Schema | undefined

/**
 * The first path of a mask that a response schema does not have, or `undefined` when all exist. Schemas without
 * declared properties (maps, free objects) have any name.
 */
export function unknownPath(mask: Mask, schema: Schema | undefined, resolve: Resolve): readonly string[] | undefined {
  const at = elementOf(schema, resolve)
  if (typeof at !== 'object') return undefined
  const properties = at.properties as Readonly<Record<string, Schema>> | undefined
  const map = at.additionalProperties as Schema | undefined
  for (const [name, below] of mask) {
    if (!properties) {
      // A scalar has no members; a map or an undeclared object has any.
      if (at.type !== undefined && at.type !== 'object') return [name]
      if (below && map && typeof map === 'object') {
        const inner = unknownPath(below, map, resolve)
        if (inner) return [name, ...inner]
      }
      continue
    }
    const member = name === '*' ? undefined : properties[name]
    if (name !== '*' && member === undefined) return [name]
    if (!below) continue
    // Below a wildcard a name is good when some member has it.
    const candidates = name === '*' ? Object.values(properties) : [member as Schema]
    const failures = candidates.map((candidate) => unknownPath(below, candidate, resolve))
    const failure = failures.every(Boolean) ? failures[0] : undefined
    if (failure) return [name, ...failure]
  }
  return undefined
}

function elementOf(schema: Schema | undefined, resolve: Resolve): Schema | undefined {
  const at = resolve(schema)
  return typeof at === 'object' && at.items !== undefined ? elementOf(at.items as Schema, resolve) : at
}
