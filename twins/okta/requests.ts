import { createHash } from 'node:crypto'
import type { Incoming } from '../../shared/kernel/incoming.ts'
import { HEX, type Random } from '../../shared/universe/random.ts'

const ids = new WeakMap<Incoming, string>()

/** The id of a request: 32 hexadecimal digits, the log's `transaction.id` and the header `X-Okta-Request-Id`. */
export function requestId(request: Incoming, source?: { readonly random: Random; readonly now: number }): string {
  // Drawn even when known: a call that runs again after an inline hook must meet the same chance.
  const seed = source ? `${source.random.text(16, HEX)}${source.now}` : ''
  const known = ids.get(request)
  if (known) return known
  const id = createHash('sha256').update(`${seed}${request.method} ${request.path}`).digest('hex').slice(0, 32)
  ids.set(request, id)
  return id
}

/** The `errorId` of a refusal: `oae` and 22 characters. */
export const errorId = (request: Incoming): string =>
  `oae${createHash('sha256').update(requestId(request)).digest('base64url').slice(0, 22)}`
