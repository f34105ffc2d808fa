import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { BASE62 } from '../../../shared/universe/random.ts'
import { fail, invalid, notFound, requireFields } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { newId } from '../ids.ts'
import { hinted } from '../links.ts'
import { objectBody } from '../resource.ts'
import { KINDS } from '../rules/authenticators.ts'
import { enrol, isPhoneNumber } from '../rules/factors.ts'
import { userOf } from '../rules/users.ts'
import type { Factor, User } from '../tables/directory.ts'
import type { Document } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { objectIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

/** Which authenticator the factors of a kind belong to; a provider of its own tells more. */
const AUTHENTICATORS: Readonly<Record<string, string>> = {
  sms: 'phone_number',
  call: 'phone_number',
  email: 'okta_email',
  question: 'security_question',
  push: 'okta_verify',
  signed_nonce: 'okta_verify',
  'token:software:totp': 'okta_verify',
  'GOOGLE token:software:totp': 'google_otp',
  webauthn: 'webauthn',
  'token:hardware': 'yubikey_token',
  'RSA token': 'rsa_token',
  'SYMANTEC token': 'symantec_vip',
  'DUO web': 'duo',
  web: 'tac',
}
const authenticatorOf = ({ provider, factorType }: Factor): string =>
  AUTHENTICATORS[`${provider} ${factorType}`] ?? AUTHENTICATORS[factorType] ?? factorType

const DAY = 24 * 60

/** A user's factors by their authenticators, and the YubiKeys an administrator uploaded. */
export const enrollments = operations({
  listAuthenticatorEnrollments(call) {
    const user = userOf(call, call.params.userId)
    const factors = call.tables.factors.where('user', user.id).map((factor) => enrollmentView(call, factor))
    return ok(user.password ? [passwordView(call, user), ...factors] : factors)
  },

  createAuthenticatorEnrollment(call) {
    const user = userOf(call, call.params.userId)
    const body = objectBody(call)
    requireFields(body, ['authenticatorId'])
    const key = keyOf(call, String(body.authenticatorId))
    if (key !== 'phone' && key !== 'phone_number') {
      invalid('authenticatorId', ['authenticatorId: Only phone authenticators can be enrolled for a user'])
    }
    const phoneNumber = objectIn(body, 'profile').phoneNumber
    if (!isPhoneNumber(phoneNumber)) invalid('profile', ['Invalid Phone Number.'])
    const profile = { phoneNumber }
    return ok(enrollmentView(call, enrol(call, user, { factorType: 'sms', provider: 'OKTA', profile, active: true })))
  },

  /** A temporary access code: shown once, good for a while. */
  createTacAuthenticatorEnrollment(call) {
    const user = userOf(call, call.params.userId)
    const { multiUse = false, ttl = DAY } = objectIn(objectBody(call), 'profile') as {
      multiUse?: boolean
      ttl?: number | string
    }
    const tac = call.random.text(16, BASE62)
    const minutes = Number(ttl)
    if (Number.isNaN(minutes)) fail('E0000003')
    const expiresAt = isoTime(call.now + minutes * 60_000)
    const factor = enrol(call, user, {
      factorType: 'web',
      provider: 'OKTA',
      profile: { multiUse, expiresAt },
      secret: tac,
      active: true,
    })
    const view = enrollmentView(call, factor)
    return ok({ ...view, profile: { ...factor.profile, tac } })
  },

  getAuthenticatorEnrollment(call) {
    const user = userOf(call, call.params.userId)
    if (user.password && call.params.enrollmentId === passwordId(user)) return ok(passwordView(call, user))
    return ok(enrollmentView(call, enrollmentOf(call).factor))
  },

  deleteAuthenticatorEnrollment(call) {
    const { user, factor } = enrollmentOf(call)
    call.tables.factors.remove(factor.id)
    record(call, 'user.mfa.factor.deactivate', [userTarget(user)])
    return noContent()
  },

  listYubikeyOtpTokens(call) {
    return ok(call.tables.yubikeys.all().map((row) => yubikeyView(call, row)))
  },

  uploadYubikeyOtpTokenSeed(call) {
    const body = objectBody(call)
    requireFields(body, ['serialNumber', 'publicId', 'privateId', 'aesKey'])
    const row = call.tables.yubikeys.insert({
      id: newId(call, 'ykk'),
      status: 'UNASSIGNED',
      created: call.now,
      lastUpdated: call.now,
      data: { serial: String(body.serialNumber).padStart(12, '0') },
    })
    return ok(yubikeyView(call, row))
  },

  getYubikeyOtpTokenById(call) {
    const id = call.params.tokenId
    return ok(yubikeyView(call, call.tables.yubikeys.get(id) ?? notFound(id, 'YubikeyToken')))
  },
})

function keyOf(call: OktaCall, authenticatorId: string): string {
  const row = call.tables.authenticators.get(authenticatorId) ?? notFound(authenticatorId, 'AuthenticatorEntity')
  return String(row.data.key)
}

function enrollmentOf(call: OktaCall): { user: User; factor: Factor } {
  const { userId, enrollmentId } = call.params as { userId: string; enrollmentId: string }
  const user = userOf(call, userId)
  const factor = call.tables.factors.get(enrollmentId)
  return factor?.userId === user.id ? { user, factor } : notFound(enrollmentId, 'AuthenticatorEnrollment')
}

const enrollmentView = (call: OktaCall, factor: Factor) => ({
  ...described(call, factor.userId, factor.id, authenticatorOf(factor)),
  status: factor.status,
  created: isoTime(factor.created),
  lastUpdated: isoTime(factor.lastUpdated),
  ...(factor.factorType !== 'question' && { profile: factor.profile }),
})

/** A password is an enrollment too, though no factor. */
const passwordId = (user: User): string => `lae${user.id.slice(3)}`
const passwordView = (call: OktaCall, user: User) => ({
  ...described(call, user.id, passwordId(user), 'okta_password'),
  status: 'ACTIVE',
  created: isoTime(user.created),
  lastUpdated: isoTime(user.passwordChanged ?? user.created),
})

/** What any enrollment says of itself by its authenticator's key. */
function described(call: OktaCall, userId: string, id: string, key: string) {
  const authenticator = call.tables.authenticators.all().find((row) => row.data.key === key)
  return {
    id,
    type: KINDS[key]?.type ?? key,
    key,
    name: authenticator?.data.name ?? key,
    nickname: null,
    _links: {
      self: hinted(call, `/api/v1/users/${userId}/authenticator-enrollments/${id}`, 'GET', 'DELETE'),
      user: hinted(call, `/api/v1/users/${userId}`, 'GET'),
      ...(authenticator && { authenticator: hinted(call, `/api/v1/authenticators/${authenticator.id}`, 'GET') }),
    },
  }
}

const yubikeyView = (call: OktaCall, row: Document) => ({
  id: row.id,
  created: isoTime(row.created),
  lastVerified: null,
  lastUpdated: isoTime(row.lastUpdated),
  status: row.status,
  profile: { serial: row.data.serial },
  _links: { self: hinted(call, `/api/v1/org/factors/yubikey_token/tokens/${row.id}`, 'GET') },
})
