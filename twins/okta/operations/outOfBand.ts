import { ok, type Reply } from '../../../shared/kernel/reply.ts'
import { BASE62 } from '../../../shared/universe/random.ts'
import { authenticateClient, type Form } from '../rules/clientAuthentication.ts'
import { type Client, isAssigned } from '../rules/clients.ts'
import { CIBA_GRANT, MFA_OOB, MFA_OTP, OOB, requireGrantType } from '../rules/grants.ts'
import { refuse, replying } from '../rules/oauthErrors.ts'
import { grantedScopes, splitScopes } from '../rules/scopes.ts'
import type { User } from '../tables/directory.ts'
import type { AuthenticationRequest } from '../tables/oauth.ts'
import { formOf } from './authorize.ts'
import { type OktaCall, operations } from './define.ts'
import { issuerIn } from './token.ts'

const LIFETIME = 300
const CHANNELS = ['push', 'sms', 'voice']

/** Who asks, and for whom: the client must be allowed the grant, the person assigned to its app. */
function asked(call: OktaCall, grantTypes: readonly string[]): { form: Form; client: Client } {
  const form = formOf(call)
  const client = authenticateClient(call, form)
  replying(() => requireGrantType(client, ...grantTypes))
  const channel = form.channel_hint
  if (channel !== undefined && !CHANNELS.includes(channel)) {
    refuse('invalid_request', `\`${channel}\` isn't supported as a \`channel_hint\`. Try again with another value.`)
  }
  return { form, client }
}

function assigned(call: OktaCall, client: Client, user: User | undefined): User {
  if (!user) return refuse('invalid_request', "The 'login_hint' is invalid.")
  if (!isAssigned(call.tables, client, user.id)) refuse('access_denied', "User isn't assigned to the client app.")
  return user
}

const hinted = (call: OktaCall, { login_hint: hint = '' }: Form): User | undefined =>
  call.tables.users.by('login', hint.toLowerCase())

function begin(
  call: OktaCall,
  kind: AuthenticationRequest['kind'],
  client: Client,
  user: User,
  form: Form,
  scopes: readonly string[] = [],
): string {
  return call.tables.authenticationRequests.insert({
    id: call.random.text(32, BASE62),
    kind,
    clientId: client.id,
    server: issuerIn(call).id,
    scopes,
    userId: user.id,
    amr: ['mfa'],
    status: 'PENDING',
    expiresAt: call.now + LIFETIME * 1000,
    ...(form.channel_hint && { channel: form.channel_hint }),
  }).id
}

const answer = (code: string, { channel_hint: channel = 'push' }: Form) => ({
  oob_code: code,
  channel,
  binding_method: 'none',
  expires_in: LIFETIME,
  interval: 5,
})

/** CIBA: an app asks that somebody approves on their own device. */
function backchannel(call: OktaCall): Reply {
  const { form, client } = asked(call, [CIBA_GRANT])
  const user = assigned(call, client, hinted(call, form))
  const scopes = replying(() => grantedScopes(call, issuerIn(call), client, splitScopes(form.scope), 'ciba'))
  const id = begin(call, 'ciba', client, user, form, scopes)
  return ok({ auth_req_id: id, expires_in: LIFETIME, interval: 5 })
}

/** A first factor on another channel. */
function firstFactor(call: OktaCall): Reply {
  const { form, client } = asked(call, [OOB])
  const user = assigned(call, client, hinted(call, form))
  return ok(answer(begin(call, 'oob', client, user, form), form))
}

/** A second factor, after the token endpoint asked for one. */
function secondFactor(call: OktaCall): Reply {
  const { form, client } = asked(call, [MFA_OOB, MFA_OTP])
  const started = call.tables.authenticationRequests.get(form.mfa_token ?? '')
  if (started?.clientId !== client.id || started.status !== 'PENDING' || started.expiresAt <= call.now) {
    refuse(
      'access_denied',
      `\`${form.mfa_token ?? ''}\` has expired. Use a new \`oob_code\` or \`mfa_token\` and try again.`,
    )
  }
  const user = assigned(call, client, call.tables.users.get(started?.userId ?? ''))
  return ok({ challenge_type: MFA_OOB, ...answer(begin(call, 'mfa', client, user, form), form) })
}

/** Authentication that goes on elsewhere: backchannel requests, first and second factors out of band. */
export const outOfBand = operations({
  bcAuthorize: backchannel,
  bcAuthorizeCustomAS: backchannel,
  'oob-authenticate': firstFactor,
  'oob-authenticate-custom-as': firstFactor,
  'primary-authenticate': firstFactor,
  'primary-authenticate-custom-as': firstFactor,
  challenge: secondFactor,
  'challenge-custom-as': secondFactor,
})
