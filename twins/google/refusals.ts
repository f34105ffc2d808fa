import type { EarlyCall, Refusal } from '../../shared/kernel/dialect.ts'
import type { Incoming } from '../../shared/kernel/incoming.ts'
import type { Reply } from '../../shared/kernel/reply.ts'
import type { GoogleCaller } from './caller.ts'
import type { GoogleService } from './dialect.ts'
import { errorInfo, type Fault, faultReply } from './errors.ts'
import { malformedFault, parameterFault } from './parameters.ts'
import type { GoogleTables } from './tables.ts'

/** What the kernel refuses, in Google's words. */
export function refusalReply(
  refusal: Refusal,
  request: Incoming,
  call: EarlyCall<GoogleTables, GoogleCaller> | undefined,
  service: GoogleService,
): Reply {
  const { envelope } = service
  const answer = (fault: Fault) => faultReply(fault, envelope)
  switch (refusal.kind) {
    case 'unknown-route':
    case 'wrong-verb':
      return notFoundPage(request.path)
    case 'unmodelled':
      return answer({
        code: 501,
        reason: 'notImplemented',
        message: 'Operation is not implemented, or supported, or enabled.',
        status: 'UNIMPLEMENTED',
      })
    case 'media-type':
      return answer({
        code: 400,
        reason: 'badContent',
        message: `Unsupported content with type: ${refusal.received ?? ''}`,
      })
    case 'malformed':
      return answer(malformedFault(refusal.detail, request.text, envelope))
    case 'too-large':
      return answer({ code: 413, reason: 'uploadTooLarge', message: 'Request Too Large' })
    case 'invalid':
      return answer(parameterFault(refusal.problems, refusal.operation, envelope, service.protoPackage))
    case 'throttled':
      return answer(envelope === 'legacy' ? LEGACY_RATE : quotaFault(call, service))
    case 'unavailable':
      return answer(unavailable(refusal.status))
    case 'crash':
      return answer({
        code: 500,
        reason: 'internalError',
        message: envelope === 'legacy' ? 'Internal Error' : 'Internal error encountered.',
      })
  }
}

const LEGACY_RATE: Fault = {
  code: 403,
  domain: 'usageLimits',
  reason: 'userRateLimitExceeded',
  message: 'User Rate Limit Exceeded. Rate of requests for user exceed configured project quota.',
}

function quotaFault(call: EarlyCall<GoogleTables, GoogleCaller> | undefined, { name }: GoogleService): Fault {
  const write = call && call.request.method !== 'GET'
  const [kind, metric, limit] = write
    ? ['Write', 'write_requests', 'WriteRequestsPerMinutePerUser']
    : ['Read', 'read_requests', 'ReadRequestsPerMinutePerUser']
  const number = call?.tables.projects.all()[0]?.number ?? '0'
  const host = `${name}.googleapis.com`
  return {
    code: 429,
    reason: 'rateLimitExceeded',
    message: `Quota exceeded for quota metric '${kind} requests' and limit '${kind} requests per minute per user' of service '${host}' for consumer 'project_number:${number}'.`,
    details: [
      errorInfo('RATE_LIMIT_EXCEEDED', {
        service: host,
        consumer: `projects/${number}`,
        quota_limit: limit as string,
        quota_metric: `${host}/${metric}`,
      }),
    ],
  }
}

function unavailable(code: number): Fault {
  if (code === 503) return { code, reason: 'backendError', message: 'The service is currently unavailable.' }
  if (code >= 500)
    return { code, reason: code === 500 ? 'internalError' : 'backendError', message: 'Internal error encountered.' }
  return { code, reason: 'backendError', message: 'Backend Error' }
}

/** What Google's front end answers for a path it does not know: HTML, not JSON. */
function notFoundPage(path: string): Reply {
  const shown = path.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const body = `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error 404 (Not Found)!!1</title>
  <p><b>404.</b> <ins>That’s an error.</ins>
  <p>The requested URL <code>${shown}</code> was not found on this server.  <ins>That’s all we know.</ins>
`
  return { status: 404, body, headers: { 'content-type': 'text/html; charset=UTF-8' } }
}
