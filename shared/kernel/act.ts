import type { z } from 'zod'

/** What a person does where a service has no API for it, with the shape of what it needs. */
export interface Act<M> {
  (moment: M, input: never): unknown
  readonly input: z.ZodObject
  /** The member of `input` that names the person who acts; absent for what only administrators do. */
  readonly who?: string
}

/**
 * An act whose input is checked before it runs.
 *
 * @example react: act('user', z.strictObject({ user: z.string(), ts: z.string() }), (moment, { user, ts }) => …)
 */
export function act<M, S extends z.ZodObject, R>(
  who: string,
  input: S,
  run: (moment: M, input: z.output<S>) => R,
): ((moment: M, input: z.input<S>) => R) & Pick<Act<M>, 'input' | 'who'> {
  const checked = (moment: M, given: z.input<S>) => run(moment, input.parse(given ?? {}))
  return Object.assign(checked, { input, ...(who in input.shape ? { who } : {}) })
}
