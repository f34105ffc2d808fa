import { z } from 'zod'
import { where } from '../predicate.ts'
import type { Facts, Verdict } from './facts.ts'

/** A verb of the check language: the shape of what stands behind it, and how that is judged. */
export interface Verb<S extends z.ZodType = z.ZodType> {
  readonly schema: S
  judge(spec: z.output<S>, facts: Facts): Verdict
}

/** @example verb(z.strictObject({ max: z.int() }), ({ max }, { calls }) => …) */
export const verb = <S extends z.ZodType>(schema: S, judge: Verb<S>['judge']): Verb<S> => ({ schema, judge })

export const kind = z.string().regex(/^[a-z]+\.[A-Za-z_]+$/, 'a kind is twin.name, e.g. okta.user')
export const operation = z.string().regex(/^[a-z]+\..+$/, 'an operation is twin.operationId, e.g. okta.createUser')
export const operations = z.union([operation, z.array(operation).min(1)])

export const count = z.union([z.int().min(0), z.strictObject({ min: z.int().min(0), max: z.int().min(0) }).partial()])
export type Count = z.output<typeof count>

export const AT_LEAST_ONE: Count = { min: 1 }

export function countHolds(actual: number, wanted: Count): boolean {
  if (typeof wanted === 'number') return actual === wanted
  return actual >= (wanted.min ?? 0) && actual <= (wanted.max ?? Number.POSITIVE_INFINITY)
}

/** `3`, `at least 1`, `at most 2`, `1 to 2`. */
export function countText(wanted: Count): string {
  if (typeof wanted === 'number') return String(wanted)
  const { min, max } = wanted
  if (max === undefined) return `at least ${min ?? 0}`
  return min ? `${min} to ${max}` : `at most ${max}`
}

/** Rows of a kind. */
export const rowsShape = { kind, where: where.optional() }
