import { ServiceError } from '../../shared/kernel/dialect.ts'
import type { Reply } from '../../shared/kernel/reply.ts'

/** Which of Google's two error bodies a service speaks: Drive the older one, Docs and Sheets the newer. */
export type Envelope = 'legacy' | 'canonical'

/** google.rpc.Code names by HTTP status, as the canonical envelope spells them. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  409: 'ABORTED',
  412: 'FAILED_PRECONDITION',
  413: 'INVALID_ARGUMENT',
  416: 'OUT_OF_RANGE',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** What went wrong, before it takes the shape of an envelope. */
export interface Fault {
  readonly code: number
  readonly message: string
  /** google.rpc.Code name; by default the usual one of the HTTP status. */
  readonly status?: string
  /** `errors[0].reason` of the legacy envelope. */
  readonly reason?: string
  /** `errors[0].message` where it differs from the message. */
  readonly shortMessage?: string
  readonly domain?: string
  readonly location?: string
  readonly locationType?: string
  /** google.rpc.Status details: ErrorInfo, BadRequest. */
  readonly details?: readonly object[]
  readonly headers?: Readonly<Record<string, string>>
}

/** A refusal that can still be rendered in either envelope: `$.xgafv` lets the caller choose. */
export class GoogleError extends ServiceError {
  readonly fault: Fault
  constructor(fault: Fault, envelope: Envelope) {
    super(faultReply(fault, envelope), fault.message)
    this.fault = fault
  }
}

/** The reply of a fault in the given envelope. */
export function faultReply(fault: Fault, envelope: Envelope): Reply {
  const body = envelope === 'legacy' ? legacyBody(fault) : canonicalBody(fault)
  return { status: fault.code, body, headers: fault.headers }
}

function legacyBody({
  code,
  message,
  shortMessage,
  domain = 'global',
  reason,
  location,
  locationType,
  status,
  details,
}: Fault) {
  const place = location === undefined ? {} : { locationType: locationType ?? 'parameter', location }
  return {
    error: {
      code,
      message,
      errors: [{ message: shortMessage ?? message, domain, reason: reason ?? 'badRequest', ...place }],
      ...(status && { status }),
      ...(details && { details }),
    },
  }
}

function canonicalBody({ code, message, status = STATUS_NAMES[code] ?? 'UNKNOWN', details }: Fault) {
  return { error: { code, message, status, ...(details && { details }) } }
}

/**
 * A refusal in the canonical envelope: Docs and Sheets.
 *
 * @example throw canonicalError({ code: 404, message: 'Requested entity was not found.' })
 */
export const canonicalError = (fault: Fault): GoogleError => new GoogleError(fault, 'canonical')

/**
 * A refusal in the legacy envelope: Drive.
 *
 * @example throw legacyError({ code: 404, reason: 'notFound', message: `File not found: ${id}.`, location: 'fileId' })
 */
export const legacyError = (fault: Fault): GoogleError => new GoogleError(fault, 'legacy')

/** google.rpc.ErrorInfo, the detail that client libraries read. */
export const errorInfo = (reason: string, metadata?: Readonly<Record<string, string>>) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: 'googleapis.com',
  ...(metadata && { metadata }),
})

/** google.rpc.BadRequest: one violation per broken field. */
export const badRequest = (violations: readonly { field?: string; description: string }[]) => ({
  '@type': 'type.googleapis.com/google.rpc.BadRequest',
  fieldViolations: violations,
})

/** The OAuth token endpoint's own error body (RFC 6749). */
export const oauthError = (status: number, error: string, description: string): ServiceError =>
  new ServiceError({ status, body: { error, error_description: description } }, `${error}: ${description}`)
