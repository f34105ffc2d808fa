import type { Fault } from '../universe/faults.ts'
import type { Exchange } from './exchange.ts'
import type { Reply } from './reply.ts'
import type { Compiled } from './services.ts'

/** Status of a reply that the server never sends: it closes the connection instead. */
export const DROPPED = 599

/** Seconds a planned refusal for too many requests asks to wait; `undefined` for any other fault. */
export const waitOf = (fault: Fault): number | undefined =>
  fault.kind === 'status' && fault.status === 429 ? (fault.retryAfter ?? 1) : undefined

/** What a planned fault answers instead of the operation. */
export function faultReply(compiled: Compiled, exchange: Exchange, fault: Fault): Reply {
  const { dialect } = compiled.twin
  const retryAfter = waitOf(fault)
  if (retryAfter !== undefined) {
    const reset = exchange.now + retryAfter * 1000
    return dialect.refuse(
      { kind: 'throttled', operation: compiled.operation, retryAfter, limit: 1, reset },
      exchange.request,
      exchange,
    )
  }
  const status = fault.kind === 'status' ? fault.status : DROPPED
  if (status === DROPPED) return { status }
  return dialect.refuse({ kind: 'unavailable', status }, exchange.request, exchange)
}

/** What a planned fault does to the answer of an operation that was carried out. */
export function afterFault(fault: Fault, response: Response): Response | Promise<Response> {
  if (fault.kind === 'lost-reply') return new Response(null, { status: DROPPED })
  if (fault.kind === 'slow') {
    return new Promise((resolve) => setTimeout(() => resolve(response), fault.milliseconds))
  }
  return response
}
