import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { BASE62 } from '../../../shared/universe/random.ts'
import { invalid, notFound, requireFields } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { newId } from '../ids.ts'
import { hinted } from '../links.ts'
import { objectBody } from '../resource.ts'
import { enrol, isPhoneNumber } from '../rules/factors.ts'
import { userOf } from '../rules/users.ts'
import type { Factor, User } from '../tables/directory.ts'
import type { Document } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { objectIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

/** Authenticators and the factors they show as; `tac` is the temporary access code. */
const KEYS: Readonly<Record<string, string>> = {
  phone: 'sms',
  phone_number: 'sms',
  okta_email: 'email',
  security_question: 'question',
  okta_verify: 'push',
  webauthn: 'webauthn',
  tac: 'web',
}
const DAY = 24 * 60

/** A user's factors by their authenticators, and the YubiKeys an administrator uploaded. */
export const enrollments = operations({
  listAuthenticatorEnrollments(call) {
    const user = userOf(call, call.params.userId)
    return ok(call.tables.factors.where('user', user.id).map((factor) => enrollmentView(call, factor)))
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
      ttl?: number
    }
    const tac = call.random.text(16, BASE62)
    const expiresAt = isoTime(call.now + ttl * 60_000)
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
      data: { serial: body.serialNumber },
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

function enrollmentView(call: OktaCall, factor: Factor) {
  const key = Object.keys(KEYS).find((name) => KEYS[name] === factor.factorType) ?? factor.factorType
  const authenticator = call.tables.authenticators.all().find((row) => KEYS[String(row.data.key)] === factor.factorType)
  const path = `/api/v1/users/${factor.userId}/authenticator-enrollments/${factor.id}`
  return {
    id: factor.id,
    type: factor.factorType === 'web' ? 'tac' : factor.factorType,
    key: authenticator?.data.key ?? key,
    name: authenticator?.data.name ?? key,
    status: factor.status,
    created: isoTime(factor.created),
    lastUpdated: isoTime(factor.lastUpdated),
    ...(factor.factorType !== 'question' && { profile: factor.profile }),
    _links: {
      self: hinted(call, path, 'GET', 'DELETE'),
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
