import { z } from 'zod'

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** What a value has to be: a scalar it equals, or conditions that all hold. */
export type Predicate = z.infer<typeof scalar> | Conditions

export interface Conditions {
  readonly eq?: z.infer<typeof scalar>
  readonly ne?: z.infer<typeof scalar>
  readonly in?: readonly z.infer<typeof scalar>[]
  readonly notIn?: readonly z.infer<typeof scalar>[]
  readonly gt?: number | string
  readonly gte?: number | string
  readonly lt?: number | string
  readonly lte?: number | string
  readonly contains?: z.infer<typeof scalar>
  readonly startsWith?: string
  readonly endsWith?: string
  readonly matches?: string
  readonly exists?: boolean
  readonly size?: number
  /** Some element of a list, or every one. */
  readonly any?: Predicate
  readonly all?: Predicate
}

export const predicate: z.ZodType<Predicate> = z.lazy(() =>
  z.union([
    scalar,
    z
      .strictObject({
        eq: scalar,
        ne: scalar,
        in: z.array(scalar),
        notIn: z.array(scalar),
        gt: z.union([z.number(), z.string()]),
        gte: z.union([z.number(), z.string()]),
        lt: z.union([z.number(), z.string()]),
        lte: z.union([z.number(), z.string()]),
        contains: scalar,
        startsWith: z.string(),
        endsWith: z.string(),
        matches: z.string(),
        exists: z.boolean(),
        size: z.int().min(0),
        any: predicate,
        all: predicate,
      })
      .partial(),
  ]),
) as z.ZodType<Predicate>

/** Conditions by path: `profile.login: x`. All hold. */
export const where = z.record(z.string().min(1), predicate)
export type Where = z.infer<typeof where>

/**
 * The value at a path: members by name, list elements by number. A dot inside a member's name is tried too, so
 * `path.userId` and keys such as `app.name` both work.
 *
 * @example valueAt({ owners: [{ emailAddress: 'a@b' }] }, 'owners.0.emailAddress') // 'a@b'
 */
export function valueAt(value: unknown, path: string): unknown {
  if (value === null || typeof value !== 'object') return undefined
  if (Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path]
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot)
    if (Object.hasOwn(value, head)) {
      const found = valueAt((value as Record<string, unknown>)[head], path.slice(dot + 1))
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** Whether an object meets all conditions. */
export function meets(value: unknown, conditions: Where): boolean {
  return Object.entries(conditions).every(([path, wanted]) => holds(valueAt(value, path), wanted))
}

/** Whether one value is as wanted. */
export function holds(value: unknown, wanted: Predicate): boolean {
  if (wanted === null || typeof wanted !== 'object') return equal(value, wanted)
  return (Object.keys(wanted) as (keyof Conditions)[]).every((name) => {
    const argument = wanted[name] as never
    return argument === undefined || TESTS[name](value, argument)
  })
}

const equal = (value: unknown, wanted: unknown) => (value === undefined ? null : value) === wanted

const compare = (value: unknown, limit: number | string, test: (order: number) => boolean) =>
  typeof value === typeof limit &&
  test((value as number) < (limit as number) ? -1 : (value as number) > (limit as number) ? 1 : 0)

const TESTS: {
  readonly [K in keyof Required<Conditions>]: (value: unknown, argument: Required<Conditions>[K]) => boolean
} = {
  eq: equal,
  ne: (value, argument) => !equal(value, argument),
  in: (value, argument) => argument.some((one) => equal(value, one)),
  notIn: (value, argument) => !argument.some((one) => equal(value, one)),
  gt: (value, argument) => compare(value, argument, (order) => order > 0),
  gte: (value, argument) => compare(value, argument, (order) => order >= 0),
  lt: (value, argument) => compare(value, argument, (order) => order < 0),
  lte: (value, argument) => compare(value, argument, (order) => order <= 0),
  contains: (value, argument) =>
    typeof value === 'string' ? value.includes(String(argument)) : Array.isArray(value) && value.includes(argument),
  startsWith: (value, argument) => typeof value === 'string' && value.startsWith(argument),
  endsWith: (value, argument) => typeof value === 'string' && value.endsWith(argument),
  matches: (value, argument) => typeof value === 'string' && new RegExp(argument, 'u').test(value),
  exists: (value, argument) => (value !== undefined && value !== null) === argument,
  size: (value, argument) => (Array.isArray(value) || typeof value === 'string') && value.length === argument,
  any: (value, argument) => Array.isArray(value) && value.some((one) => holds(one, argument)),
  all: (value, argument) => Array.isArray(value) && value.every((one) => holds(one, argument)),
}
