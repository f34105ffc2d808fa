import type { OktaCall } from '../operations/define.ts'
import { type Client, findClient } from './clients.ts'
import { readJwt, signedBy, signedWithSecret } from './jwt.ts'
import { refuse } from './oauthErrors.ts'

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** The fields of a form post. */
export type Form = Readonly<Record<string, string | undefined>>

interface Presented {
  readonly method: 'client_secret_basic' | 'client_secret_post' | 'assertion' | 'none'
  readonly clientId: string
  readonly secret?: string
  readonly assertion?: string
}

function presented(call: OktaCall, form: Form): Presented {
  const basic = /^Basic +(\S+)$/i.exec(call.request.header('authorization') ?? '')?.[1]
  if (basic !== undefined && (form.client_secret !== undefined || form.client_assertion !== undefined)) {
    refuse(
      'invalid_request',
      'Cannot supply multiple client credentials. Use one of the following: credentials in the Authorization header, credentials in the post body, or a client_assertion in the post body.',
      401,
    )
  }
  if (basic !== undefined) {
    const [id = '', ...rest] = Buffer.from(basic, 'base64').toString('utf8').split(':')
    return { method: 'client_secret_basic', clientId: decoded(id), secret: decoded(rest.join(':')) }
  }
  if (form.client_assertion !== undefined) {
    if (form.client_assertion_type !== ASSERTION_TYPE) {
      refuse('invalid_client', `The client_assertion_type is invalid. Valid value: '${ASSERTION_TYPE}'.`)
    }
    const subject = readJwt(form.client_assertion)?.claims.sub
    const clientId = form.client_id ?? (typeof subject === 'string' ? subject : undefined)
    if (clientId === undefined) refuse('invalid_client', 'The client_assertion token could not be parsed.')
    return { method: 'assertion', clientId: clientId as string, assertion: form.client_assertion }
  }
  if (form.client_id === undefined) refuse('invalid_client', 'No client credentials found.')
  const clientId = form.client_id as string
  return form.client_secret === undefined
    ? { method: 'none', clientId }
    : { method: 'client_secret_post', clientId, secret: form.client_secret }
}

/** Basic credentials are form-encoded first; plain ones are taken as they are. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'))
  } catch {
    return text
  }
}

/**
 * The client of a request to a protocol endpoint, proven by the method its app is set to.
 *
 * @throws 401 `invalid_client` in Okta's words
 */
export function authenticateClient(call: OktaCall, form: Form): Client {
  const given = presented(call, form)
  const client = findClient(call.tables, given.clientId)
  if (client?.app.status !== 'ACTIVE') return refuse('invalid_client', "Invalid value for 'client_id' parameter.")
  switch (client.authMethod) {
    case 'none':
      if (given.method === 'assertion')
        refuse('invalid_client', 'Client authentication is not allowed for this client.')
      return client
    case 'client_secret_basic':
    case 'client_secret_post':
      // Okta takes a secret in the header or the body whichever of the two is set.
      if (given.secret === undefined)
        refuse(
          'invalid_client',
          'Client authentication failed. Either the client or the client credentials are invalid.',
        )
      if (!hasSecret(call, client, given.secret as string)) {
        refuse('invalid_client', 'The client secret supplied for a confidential client is invalid.')
      }
      return client
    default:
      if (given.assertion === undefined)
        refuse(
          'invalid_client',
          'Client authentication failed. Either the client or the client credentials are invalid.',
        )
      checkAssertion(call, client, given.assertion as string)
      return client
  }
}

const secretsOf = (call: OktaCall, client: Client): string[] =>
  call.tables.clientSecrets
    .where('app', client.app.id)
    .filter((secret) => secret.status === 'ACTIVE')
    .map((secret) => secret.secret)

const hasSecret = (call: OktaCall, client: Client, secret: string): boolean => secretsOf(call, client).includes(secret)

/** RFC 7523: issuer and subject are the client, the audience is the address called, and a `jti` counts once. */
function checkAssertion(call: OktaCall, client: Client, assertion: string): void {
  const jwt = readJwt(assertion)
  if (!jwt) refuse('invalid_client', 'The client_assertion token could not be parsed.')
  const signed =
    client.authMethod === 'client_secret_jwt'
      ? secretsOf(call, client).some((secret) => signedWithSecret(jwt, secret))
      : client.jwks.some(
          (key) =>
            (jwt.header.kid === undefined || key.kid === undefined || key.kid === jwt.header.kid) && signedBy(jwt, key),
        )
  if (!signed) refuse('invalid_client', 'The client_assertion signature is invalid.')
  const { iss, sub, aud, exp, iat, jti } = jwt.claims
  if (iss !== client.id) refuse('invalid_client', "The issuer claim for client_assertion must match the 'client_id'.")
  if (sub !== client.id) refuse('invalid_client', "The subject claim for client_assertion must match the 'client_id'.")
  const seconds = Math.floor(call.now / 1000)
  if (typeof exp !== 'number') refuse('invalid_client', 'The client_assertion token must have an expiration.')
  if ((exp as number) <= seconds) refuse('invalid_client', 'The client_assertion token is expired.')
  if ((exp as number) > seconds + 3600 + 300) {
    refuse('invalid_client', 'The client_assertion token has an expiration too far into the future.')
  }
  if (typeof iat === 'number' && iat > seconds + 300)
    refuse('invalid_client', 'The client_assertion token was issued in the future.')
  if (!audiences(call).some((audience) => (Array.isArray(aud) ? aud : [aud]).includes(audience))) {
    refuse('invalid_client', 'The audience claim for client_assertion must be the endpoint invoked for the request.')
  }
  if (typeof jti === 'string') {
    if (isUsed(call, `assertion/${client.id}/${jti}`))
      refuse('invalid_client', 'The client_assertion token has already been used.')
    use(call, `assertion/${client.id}/${jti}`, (exp as number) * 1000)
  }
}

/** The endpoint itself; the issuer and the token endpoint are taken for the other endpoints too. */
function audiences(call: OktaCall): string[] {
  const path = call.request.path.replace(/^\/+/, '/')
  const root = path.replace(/\/v1\/.*$/, '')
  const issuer = root === '/oauth2' ? '' : root
  return [call.link(path), call.link(`${root}/v1/token`), call.link(issuer)]
}

export const isUsed = (call: Pick<OktaCall, 'tables' | 'now'>, id: string): boolean => {
  const used = call.tables.usedIds.get(id)
  return used !== undefined && used.expiresAt > call.now
}

export const use = (call: Pick<OktaCall, 'tables'>, id: string, expiresAt: number): void => {
  call.tables.usedIds.put({ id, expiresAt })
}
