import { createHash } from 'node:crypto'
import type { OktaContext } from '../operations/define.ts'

const DAY = 24 * 3600 * 1000

type Context = Pick<OktaContext, 'tables' | 'now'>

const nonceOf = (context: Context, day: number): string =>
  createHash('sha256').update(`${context.tables.org.all()[0]?.id}/dpop/${day}`).digest('base64url').slice(0, 32)

/** The nonce this server asks proofs to carry. It changes daily and stays good for about a day after. */
export const dpopNonce = (context: Context): string => nonceOf(context, Math.floor(context.now / DAY))

export const isDpopNonce = (context: Context, nonce: string): boolean => {
  const today = Math.floor(context.now / DAY)
  return nonce === nonceOf(context, today) || nonce === nonceOf(context, today - 1)
}
