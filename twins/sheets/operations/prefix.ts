import { GoogleError } from '../../google/errors.ts'
import { canonicalError } from '../../google/index.ts'

/** A refusal that says which part of a batch it concerns; other errors pass as they are. */
export function prefixed(error: unknown, prefix: string): unknown {
  if (!(error instanceof GoogleError) || error.fault.code !== 400) return error
  return canonicalError({ ...error.fault, message: `${prefix}${error.fault.message}` })
}
