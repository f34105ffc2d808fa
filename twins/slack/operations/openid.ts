import { createSign } from 'node:crypto'
import { ok } from '../../../shared/kernel/reply.ts'
import { signingKey } from '../../../shared/universe/keys.ts'
import type { SlackCall } from '../caller.ts'
import { actor } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { seconds } from '../ids.ts'
import { newToken } from '../install.ts'
import type { Team, User } from '../tables.ts'
import { profileView } from '../views/users.ts'
import { operations } from './define.ts'
import { authorize, client, spendCode } from './oauth.ts'

const ISSUER = 'https://slack.com'
const KEY = 40

/** Claims of a person, as userInfo and id tokens have them. */
function claims(call: SlackCall, user: User): Record<string, unknown> {
  const team = call.tables.teams.get(user.teamId) as Team
  const [given = '', ...family] = user.realName.split(' ')
  const profile = profileView(user, { email: true }) as Record<string, unknown>
  return {
    sub: user.id,
    'https://slack.com/user_id': user.id,
    'https://slack.com/team_id': team.id,
    email: user.email,
    email_verified: user.email !== undefined,
    date_email_verified: user.updated,
    name: user.realName,
    picture: profile.image_512,
    given_name: given,
    family_name: family.join(' '),
    locale: 'en-US',
    'https://slack.com/team_name': team.name,
    'https://slack.com/team_domain': team.domain,
    'https://slack.com/team_image_default': true,
    'https://slack.com/user_image_512': profile.image_512,
  }
}

function signed(payload: object): string {
  const key = signingKey(KEY)
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${encode({ alg: 'RS256', typ: 'JWT', kid: key.kid })}.${encode(payload)}`
  return `${body}.${createSign('RSA-SHA256').update(body).sign(key.privateKey, 'base64url')}`
}

export const openid = operations({
  openidAuthorize: (call) =>
    authorize(call, call.query, {
      scopes: [],
      userScopes: (call.query.scope ?? '').split(/[\s,]+/).filter(Boolean),
      openid: true,
      ...(call.query.nonce ? { nonce: call.query.nonce } : {}),
    }),

  'openid.connect.token': (call) => {
    const app = client(call)
    const code = spendCode(call, app)
    if (!code.openid) throw fail('invalid_code')
    const user = call.tables.users.get(code.userId) as User
    const token = newToken(call, 'user', {
      teamId: user.teamId,
      appId: app.id,
      userId: user.id,
      scopes: code.userScopes,
    })
    const iat = seconds(call.now)
    const idToken = signed({
      iss: ISSUER,
      aud: app.clientId,
      exp: iat + 300,
      iat,
      ...(code.nonce ? { nonce: code.nonce } : {}),
      ...claims(call, user),
    })
    return done({ access_token: call.seal(token.secret), token_type: 'Bearer', id_token: idToken, state: '' })
  },

  'openid.connect.userInfo': (call) => done(claims(call, actor(call.caller))),

  openidConfiguration: (call) =>
    ok({
      issuer: ISSUER,
      authorization_endpoint: call.link('/openid/connect/authorize'),
      token_endpoint: call.link('/api/openid.connect.token'),
      userinfo_endpoint: call.link('/api/openid.connect.userInfo'),
      jwks_uri: call.link('/openid/connect/keys'),
      scopes_supported: ['openid', 'profile', 'email'],
      response_types_supported: ['code'],
      response_modes_supported: ['form_post'],
      grant_types_supported: ['authorization_code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      claims_supported: ['sub', 'auth_time', 'iss'],
      claims_parameter_supported: false,
      request_parameter_supported: false,
      request_uri_parameter_supported: true,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    }),

  openidKeys: () => {
    const key = signingKey(KEY)
    return ok({ keys: [{ ...key.publicJwk, kid: key.kid, use: 'sig', alg: 'RS256' }] })
  },
})
