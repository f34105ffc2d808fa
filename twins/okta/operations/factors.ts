import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { blank, fail, invalid, notFound, requireFields } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { hinted } from '../links.ts'
import { objectBody } from '../resource.ts'
import { activateFactor, checkProof, enrol, isFactorType, isPhoneNumber, SENT, sendCode } from '../rules/factors.ts'
import { QUESTIONS } from '../rules/securityQuestions.ts'
import { userOf } from '../rules/users.ts'
import type { Factor, FactorTransaction, User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { factorView } from '../views/factors.ts'
import { bodyOf, objectIn, textIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

const MINUTE = 60_000
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What can be enrolled: type, provider, and the fields its profile cannot be without. */
const CATALOG: readonly (readonly [factorType: string, provider: string, needed?: string])[] = [
  ['question', 'OKTA', 'question'],
  ['sms', 'OKTA', 'phoneNumber'],
  ['call', 'OKTA', 'phoneNumber'],
  ['email', 'OKTA', 'email'],
  ['push', 'OKTA'],
  ['token:software:totp', 'OKTA'],
  ['token:software:totp', 'GOOGLE'],
  ['webauthn', 'FIDO'],
]

const PROVIDERS = new Set(['OKTA', 'GOOGLE', 'FIDO', 'DUO', 'RSA', 'SYMANTEC', 'YUBICO', 'CUSTOM'])

/** Second factors of a user: enrolment, activation, verification. */
export const factors = operations({
  listFactors(call) {
    const user = userOf(call, call.params.userId)
    // Active ones first, as the console has them.
    const enrolled = call.tables.factors.where('user', user.id).sort((a, b) => a.status.localeCompare(b.status))
    return ok(enrolled.map((factor) => factorView(factor, call)))
  },

  enrollFactor(call) {
    const user = userOf(call, call.params.userId)
    const body = objectBody(call)
    requireFields(body, ['factorType', 'provider'])
    const factorType = String(body.factorType)
    if (!isFactorType(factorType)) invalid('factorType', ['factorType: The field has an invalid value'])
    if (!PROVIDERS.has(String(body.provider))) invalid('factorEnrollRequest', ['Invalid Provider.'])
    const profile = checkedProfile(user, factorType, objectIn(body, 'profile'))
    replaceEarlier(call, user, factorType, String(body.provider), profile)
    const factor = enrol(call, user, {
      factorType,
      provider: String(body.provider),
      profile: shownProfile(user, factorType, profile),
      active: factorType === 'question' || (call.query.activate === true && SENT.has(factorType)),
      ...(factorType === 'question' && { secret: String(profile.answer) }),
      ...(factorType === 'token:software:totp' && { secret: call.random.text(16, BASE32) }),
    })
    return ok(factorView(factor, call))
  },

  listSupportedFactors(call) {
    const user = userOf(call, call.params.userId)
    const enrolled = call.tables.factors.where('user', user.id)
    const enroll = hinted(call, `/api/v1/users/${user.id}/factors`, 'POST')
    return ok(
      CATALOG.map(([factorType, provider]) => ({
        factorType,
        provider,
        vendorName: provider,
        _links: {
          enroll,
          ...(factorType === 'question' && {
            questions: hinted(call, `/api/v1/users/${user.id}/factors/questions`, 'GET'),
          }),
        },
        status:
          enrolled.find((one) => one.factorType === factorType && one.provider === provider)?.status ?? 'NOT_SETUP',
        enrollment: 'OPTIONAL',
      })),
    )
  },

  listSupportedSecurityQuestions(call) {
    userOf(call, call.params.userId)
    return ok(QUESTIONS)
  },

  getFactor(call) {
    return ok(factorView(factorOf(call).factor, call))
  },

  /** Another question or answer for a security question. */
  replaceFactor(call) {
    const { user, factor } = factorOf(call as unknown as OktaCall)
    if (factor.factorType !== 'question') fail('E0000060')
    const profile = checkedProfile(user, 'question', objectIn(bodyOf(call), 'profile'))
    const changed = call.tables.factors.patch(factor.id, {
      profile: shownProfile(user, 'question', profile),
      secret: String(profile.answer),
      lastUpdated: call.now,
    })
    return ok(factorView(changed, call))
  },

  unenrollFactor(call) {
    const { user, factor } = factorOf(call)
    call.tables.factors.remove(factor.id)
    record(call, 'user.mfa.factor.deactivate', [userTarget(user)], { debugData: { factor: factor.factorType } })
    return noContent()
  },

  activateFactor(call) {
    const { user, factor } = factorOf(call)
    if (factor.status !== 'PENDING_ACTIVATION') fail('E0000107')
    if (factor.factorType !== 'push' && factor.factorType !== 'webauthn') checkProof(call, factor, bodyOf(call))
    return ok(factorView(activateFactor(call, user, call.tables.factors.get(factor.id) ?? factor), call))
  },

  resendEnrollFactor(call) {
    const { factor } = factorOf(call)
    if (!SENT.has(factor.factorType)) fail('E0000060')
    return ok(factorView(sendCode(call, factor), call))
  },

  /** Without a code one is sent; a push waits for the phone. */
  verifyFactor(call) {
    const { factor } = factorOf(call)
    if (factor.status !== 'ACTIVE') fail('E0000107')
    const body = bodyOf(call)
    if (factor.factorType === 'push') return pushed(call, factor)
    if (SENT.has(factor.factorType) && body.passCode === undefined) {
      sendCode(call, factor)
      const path = `/api/v1/users/${factor.userId}/factors/${factor.id}/verify`
      return ok({
        factorResult: 'CHALLENGE',
        _links: {
          verify: hinted(call, path, 'POST'),
          factor: hinted(call, path.replace(/\/verify$/, ''), 'GET', 'DELETE'),
        },
      })
    }
    checkProof(call, factor, body)
    return ok({ factorResult: 'SUCCESS' })
  },

  getFactorTransactionStatus(call) {
    const { factor } = factorOf(call)
    const id = call.params.transactionId
    const transaction = call.tables.factorTransactions.get(id)
    if (transaction?.factorId !== factor.id) return notFound(id, 'FactorTransaction')
    const late = transaction.result === 'WAITING' && transaction.expiresAt <= call.now
    return ok(transactionView(call, factor, late ? { ...transaction, result: 'TIMEOUT' } : transaction))
  },
})

function factorOf(call: OktaCall): { user: User; factor: Factor } {
  const { userId, factorId } = call.params as { userId: string; factorId: string }
  const user = userOf(call, userId)
  const factor = call.tables.factors.get(factorId)
  return factor?.userId === user.id ? { user, factor } : notFound(factorId, 'UserFactor')
}

function checkedProfile(user: User, factorType: string, given: Json): Json {
  if (factorType === 'question') {
    const question = textIn(given, 'question')
    const answer = textIn(given, 'answer')
    if (!question) invalid('question', [blank('question')])
    if (!answer || answer.length < 4)
      invalid('answer', ['The security question answer must be at least 4 characters in length'])
    if (answer && question?.toLowerCase().includes(answer.toLowerCase())) {
      invalid('answer', ['The security question answer must not be part of the question'])
    }
  }
  if (factorType === 'sms' || factorType === 'call') {
    if (!isPhoneNumber(given.phoneNumber)) invalid('factorEnrollRequest', ['Invalid Phone Number.'])
  }
  if (factorType === 'email') return { email: given.email ?? user.profile.email }
  return given
}

const shownProfile = (user: User, factorType: string, profile: Json): Json => {
  if (factorType === 'question') {
    const { answer, ...shown } = profile
    return shown
  }
  if (factorType === 'token:software:totp' || factorType === 'push') return { credentialId: user.profile.login }
  return profile
}

/** One factor of a kind; a phone number can be replaced when asked to, a pending enrolment always. */
function replaceEarlier(call: OktaCall, user: User, factorType: string, provider: string, profile: Json): void {
  const earlier = call.tables.factors
    .where('user', user.id)
    .find((one) => one.factorType === factorType && one.provider === provider)
  if (!earlier) return
  if (earlier.status === 'ACTIVE') {
    const update = (call.query as { updatePhone?: boolean }).updatePhone === true
    if (!update) {
      const phone = factorType === 'sms' || factorType === 'call'
      const other = phone && earlier.profile.phoneNumber !== profile.phoneNumber
      invalid('factorEnrollRequest', [
        other ? 'There is an existing verified phone number.' : 'A factor of this type is already set up.',
      ])
    }
  }
  call.tables.factors.remove(earlier.id)
}

function pushed(call: OktaCall, factor: Factor) {
  const transaction = call.tables.factorTransactions.insert({
    id: `v2mst.${call.random.text(22, BASE32)}`,
    factorId: factor.id,
    userId: factor.userId,
    result: 'WAITING',
    expiresAt: call.now + 5 * MINUTE,
  })
  return created(transactionView(call, factor, transaction))
}

function transactionView(call: OktaCall, factor: Factor, transaction: FactorTransaction) {
  const path = `/api/v1/users/${factor.userId}/factors/${factor.id}/transactions/${transaction.id}`
  if (transaction.result !== 'WAITING') return { factorResult: transaction.result }
  return {
    factorResult: 'WAITING',
    expiresAt: isoTime(transaction.expiresAt),
    profile: factor.profile,
    _links: { poll: hinted(call, path, 'GET'), cancel: hinted(call, path, 'DELETE') },
  }
}
