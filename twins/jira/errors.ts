import { ServiceError } from '../../shared/kernel/dialect.ts'

/** Messages by field id. */
export type FieldErrors = Readonly<Record<string, string>>

/** Jira's classic error: both members are always there. */
export const errorBody = (messages: readonly string[], errors: FieldErrors = {}) => ({
  errorMessages: messages,
  errors,
})

/** A refusal with `errorMessages`: `throw refusal(404, 'Issue does not exist …')`. */
export const refusal = (status: number, ...messages: string[]): ServiceError =>
  new ServiceError({ status, body: errorBody(messages) }, messages[0])

/** A refusal keyed by field: `throw fieldErrors({ summary: 'You must specify a summary of the issue.' })`. */
export const fieldErrors = (errors: FieldErrors, status = 400): ServiceError =>
  new ServiceError({ status, body: errorBody([], errors) }, Object.values(errors)[0])

export const badRequest = (...messages: string[]) => refusal(400, ...messages)
export const forbidden = (...messages: string[]) => refusal(403, ...messages)
export const notFound = (...messages: string[]) => refusal(404, ...messages)
export const conflict = (...messages: string[]) => refusal(409, ...messages)

/** A body of the wrong shape. Without `errors`: recorded so. */
export const payloadError = (message = 'Invalid request payload. Refer to the REST API documentation and try again.') =>
  new ServiceError({ status: 400, body: { errorMessages: [message] } }, message)

export const ISSUE_NOT_FOUND = 'Issue does not exist or you do not have permission to see it.'
export const AUTHENTICATE = 'Client must be authenticated to access this resource.'

/** The answer to a call nobody signed in for: plain text, as the site sends it. */
export const unauthenticated = (realm: string): ServiceError =>
  new ServiceError(
    {
      status: 401,
      body: AUTHENTICATE,
      headers: {
        'content-type': 'text/html;charset=UTF-8',
        'www-authenticate': `OAuth realm="${encodeURIComponent(realm)}"`,
        'x-frame-options': 'SAMEORIGIN',
      },
    },
    AUTHENTICATE,
  )

/** Spring's answer, `application/problem+json`. */
export const problem = (
  status: number,
  title: string,
  detail: string,
  instance: string,
  headers: Record<string, string> = {},
) => ({
  status,
  body: { type: 'about:blank', title, status, detail, instance },
  headers: { 'content-type': 'application/problem+json;charset=UTF-8', ...headers },
})
