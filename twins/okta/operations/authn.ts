import { ok, type Reply } from '../../../shared/kernel/reply.ts'
import { BASE64URL } from '../../../shared/universe/random.ts'
import { ANONYMOUS } from '../caller.ts'
import { errorReply, fail, notFound, requireFields } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { hinted } from '../links.ts'
import { objectBody } from '../resource.ts'
import { activeFactors, moveTransaction, nextStatus, succeed, transactionFor } from '../rules/authn.ts'
import { activateFactor, checkProof, enrol, isFactorType, SENT, sendCode } from '../rules/factors.ts'
import { hashPassword, passwordComplaint, passwordMatches, passwordSettings } from '../rules/password.ts'
import { checkPassword, signOnDecision } from '../rules/signIn.ts'
import { activate, findUser, groupIdsOf, moveTo, withPassword } from '../rules/users.ts'
import type { Factor, User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import type { AuthnTransaction } from '../tables/oauth.ts'
import { isoTime } from '../time.ts'
import { type Shown, successView, transactionView } from '../views/authn.ts'
import { bodyOf } from './body.ts'
import { type OktaCall, operations } from './define.ts'

const REFUSED = errorReply('E0000004')

/** A transaction with what its state shows. */
function shown(call: OktaCall, transaction: AuthnTransaction, user: User): Reply {
  const factor = transaction.factorId === undefined ? undefined : call.tables.factors.get(transaction.factorId)
  const settings = passwordSettings(call.tables, groupIdsOf(call, user))
  const parts: Record<string, Shown> = {
    MFA_REQUIRED: {
      factors: activeFactors(call, user),
      policy: { allowRememberDevice: false, rememberDeviceLifetimeInMinutes: 0, rememberDeviceByDefault: false },
    },
    MFA_CHALLENGE: factor ? { factor } : {},
    MFA_ENROLL: { factors: [] },
    MFA_ENROLL_ACTIVATE: factor ? { factor } : {},
    PASSWORD_EXPIRED: { policy: { complexity: settings.complexity } },
    PASSWORD_WARN: { policy: { expiration: { passwordExpireDays: 0 }, complexity: settings.complexity } },
    PASSWORD_RESET: { policy: { complexity: settings.complexity } },
    RECOVERY: user.recoveryQuestion ? { question: user.recoveryQuestion.question } : {},
  }
  return ok(transactionView(call, transaction, user, parts[transaction.status]))
}

/** Goes on after a good password, or a good factor. */
function proceed(
  call: OktaCall,
  user: User,
  amr: readonly string[],
  before?: AuthnTransaction,
  relayState?: string,
): Reply {
  const status = amr.length > 1 ? 'SUCCESS' : nextStatus(call, user)
  if (status !== 'SUCCESS')
    return shown(
      call,
      moveTransaction(call, user, status, { amr, ...(relayState !== undefined && { relayState }) }, before),
      user,
    )
  const { token, expiresAt } = succeed(call, user, amr, before)
  return ok(successView(call, user, token, expiresAt, relayState ?? before?.relayState))
}

/** Failed sign-ins are answered, not thrown: they count towards the lockout. */
function primary(call: OktaCall, body: Json): Reply {
  const { username, password } = body as { username?: string; password?: string }
  const relayState = typeof body.relayState === 'string' ? body.relayState : undefined
  const outcome = checkPassword(call, username ?? '', password)
  const user = outcome.user
  const failed = (reason: string): Reply => {
    const details = { result: 'FAILURE' as const, reason, ...(user && { actor: userTarget(user) }) }
    record(call, 'user.session.start', user ? [userTarget(user)] : [], details)
    return REFUSED
  }
  if (!user || outcome.kind === 'refused') return failed('INVALID_CREDENTIALS')
  if (outcome.kind === 'locked') {
    if (!outcome.shown) return failed('LOCKED_OUT')
    return ok({
      status: 'LOCKED_OUT',
      _links: { next: { name: 'unlock', ...hinted(call, '/api/v1/authn/recovery/unlock', 'POST') } },
    })
  }
  if (user.status === 'RECOVERY') return failed('INVALID_CREDENTIALS')
  if (!signOnDecision(call, user).allowed) return failed('POLICY_DENIED')
  if (outcome.kind === 'expired') {
    return shown(
      call,
      moveTransaction(call, user, 'PASSWORD_EXPIRED', { ...(relayState !== undefined && { relayState }) }),
      user,
    )
  }
  return proceed(call, user, ['pwd'], undefined, relayState)
}

/** The link of an activation mail: who has no password yet sets one. */
function byActivation(call: OktaCall, token: string): Reply {
  const [user] = call.tables.users.where('activationToken', call.open(token) ?? token)
  if (!user || (user.activationExpires !== undefined && user.activationExpires <= call.now)) return REFUSED
  const { activationToken: _, ...rest } = user
  const used = call.tables.users.replace(rest)
  if (!used.password) return shown(call, moveTransaction(call, used, 'PASSWORD_RESET', { amr: [] }), used)
  return proceed(call, used.status === 'ACTIVE' ? used : activate(call, used), ['pwd'])
}

/** Sets a new password that the policy allows. */
function setPassword(call: OktaCall, user: User, value: unknown): User {
  if (typeof value !== 'string' || value === '') fail('E0000014', '', ['newPassword: The field cannot be left blank'])
  const complaint = passwordComplaint(passwordSettings(call.tables, groupIdsOf(call, user)), value as string, user, {
    history: true,
  })
  if (complaint) fail('E0000080', '', [complaint])
  const changes = withPassword(call, user, hashPassword(value as string, user.profile.login))
  const moved =
    user.status === 'ACTIVE'
      ? call.tables.users.patch(user.id, changes)
      : moveTo(call, user, 'ACTIVE', { activated: user.activated ?? call.now, ...changes })
  record(call, 'user.account.update_password', [userTarget(moved)], { actor: userTarget(moved) })
  return moved
}

function factorOf(call: OktaCall, user: User): Factor {
  const { factorId } = call.params as { factorId: string }
  const factor = call.tables.factors.get(factorId)
  return factor?.userId === user.id ? factor : notFound(factorId, 'UserFactor')
}

/** Whether the caller is an application the org trusts: one that calls with an administrator's API token. */
const trusted = (call: OktaCall): boolean => call.caller !== ANONYMOUS && call.caller.kind === 'token'

/** Starts the recovery of a password or a lockout. Strangers learn nothing of who exists. */
function recover(call: OktaCall, recoveryType: 'PASSWORD' | 'UNLOCK'): Reply {
  const body = objectBody(call as { body: unknown })
  requireFields(body, ['username'])
  const { username, factorType, relayState } = body as { username: string; factorType?: string; relayState?: string }
  const user = findUser(call.tables, username)
  const relay = relayState === undefined ? {} : { relayState }
  const known =
    user && ['ACTIVE', 'LOCKED_OUT', 'PASSWORD_EXPIRED', 'RECOVERY'].includes(user.status) ? user : undefined
  if (trusted(call) && factorType === undefined) {
    if (!known) return errorReply('E0000095')
    const transaction = moveTransaction(call, known, 'RECOVERY', { recoveryType, amr: [], ...relay })
    call.tables.authnTransactions.patch(transaction.stateToken, { passCode: transaction.stateToken })
    return ok({
      expiresAt: isoTime(transaction.expiresAt),
      status: 'RECOVERY',
      ...relay,
      recoveryToken: call.seal(transaction.stateToken),
      recoveryType,
      _embedded: { user: { ...userSummary(known) } },
      _links: {
        next: { name: 'recovery', ...hinted(call, '/api/v1/authn/recovery/token', 'POST') },
        cancel: hinted(call, '/api/v1/authn/cancel', 'POST'),
      },
    })
  }
  const channel = factorType ?? 'EMAIL'
  if (known) {
    const passCode = call.random.text(6, '0123456789')
    const transaction = moveTransaction(call, known, 'RECOVERY_CHALLENGE', {
      recoveryType,
      factorId: channel,
      passCode,
      amr: [],
      ...relay,
    })
    if (channel !== 'EMAIL') return shown(call, transaction, known)
    record(call, 'user.account.reset_password', [userTarget(known)], { actor: 'system' })
  }
  return ok({ status: 'RECOVERY_CHALLENGE', factorResult: 'WAITING', ...relay, factorType: channel, recoveryType })
}

const userSummary = (user: User) => ({
  id: user.id,
  passwordChanged: user.passwordChanged === undefined ? null : isoTime(user.passwordChanged),
  profile: {
    login: user.profile.login,
    firstName: user.profile.firstName,
    lastName: user.profile.lastName,
    locale: user.profile.locale ?? 'en_US',
    timeZone: user.profile.timezone ?? 'America/Los_Angeles',
  },
  ...(user.recoveryQuestion && { recovery_question: { question: user.recoveryQuestion.question } }),
})

/** After the person has proven themselves: a new password, or an open lock. */
function recovered(call: OktaCall, user: User, transaction: AuthnTransaction): Reply {
  if (transaction.recoveryType !== 'UNLOCK')
    return shown(call, moveTransaction(call, user, 'PASSWORD_RESET', {}, transaction), user)
  call.tables.authnTransactions.remove(transaction.stateToken)
  if (user.status === 'LOCKED_OUT') moveTo(call, user, 'ACTIVE', { failedLogins: 0 })
  record(call, 'user.account.unlock', [userTarget(user)], { actor: userTarget(user) })
  return ok({
    status: 'SUCCESS',
    recoveryType: 'UNLOCK',
    _links: { next: { name: 'login', href: call.link('/login/login.htm') } },
  })
}

/** Sends what a second factor needs: a code, or a question to the phone. */
function challenged(call: OktaCall, user: User, factor: Factor, transaction: AuthnTransaction): Reply {
  if (SENT.has(factor.factorType)) sendCode(call, factor)
  const waits = factor.factorType === 'push'
  if (waits && transaction.status === 'MFA_CHALLENGE') return pollPush(call, user, factor, transaction)
  if (waits) {
    const id = call.random.text(20, BASE64URL)
    call.tables.factorTransactions.insert({
      id,
      factorId: factor.id,
      userId: user.id,
      result: 'WAITING',
      expiresAt: call.now + 300_000,
    })
    return shown(
      call,
      moveTransaction(
        call,
        user,
        'MFA_CHALLENGE',
        { factorId: factor.id, factorResult: 'WAITING', passCode: id },
        transaction,
      ),
      user,
    )
  }
  return shown(call, moveTransaction(call, user, 'MFA_CHALLENGE', { factorId: factor.id }, transaction), user)
}

function pollPush(call: OktaCall, user: User, factor: Factor, transaction: AuthnTransaction): Reply {
  const push = call.tables.factorTransactions.get(transaction.passCode ?? '')
  const factorResult =
    push && push.result === 'WAITING' && push.expiresAt <= call.now ? 'TIMEOUT' : (push?.result ?? 'WAITING')
  if (factorResult === 'SUCCESS') return proceed(call, user, [...transaction.amr, 'mfa'], transaction)
  return shown(
    call,
    moveTransaction(call, user, 'MFA_CHALLENGE', { factorId: factor.id, factorResult }, transaction),
    user,
  )
}

/** The Authentication API: sign-in, second factors and recovery, one state after another. */
export const authn = operations({
  authenticate(call) {
    const body = bodyOf(call)
    if (body.stateToken !== undefined) {
      const { transaction, user } = transactionFor(call, body.stateToken)
      return shown(call, moveTransaction(call, user, transaction.status, {}, transaction), user)
    }
    if (typeof body.token === 'string') return byActivation(call, body.token)
    if (Object.keys(body).length === 0) return fail('E0000003')
    return primary(call, body)
  },

  authnChangePassword(call) {
    const { stateToken, oldPassword, newPassword } = objectBody(call as { body: unknown })
    const { transaction, user } = transactionFor(call, stateToken, 'changePassword')
    if (!user.password || !passwordMatches(user.password, String(oldPassword ?? ''))) {
      return errorReply('E0000014', '', ['oldPassword: The credentials provided were incorrect.'])
    }
    return proceed(call, setPassword(call, user, newPassword), ['pwd'], transaction)
  },

  authnResetPassword(call) {
    const { stateToken, newPassword } = objectBody(call as { body: unknown })
    const { transaction, user } = transactionFor(call, stateToken, 'resetPassword')
    return proceed(call, setPassword(call, user, newPassword), ['pwd'], transaction)
  },

  authnForgotPassword: (call) => recover(call, 'PASSWORD'),
  authnUnlockAccount: (call) => recover(call, 'UNLOCK'),

  /** The token of a recovery mail, or the one a trusted application was given. */
  authnVerifyRecoveryToken(call) {
    const { recoveryToken } = objectBody(call as { body: unknown }) as { recoveryToken?: string }
    const secret = recoveryToken === undefined ? undefined : (call.open(recoveryToken) ?? recoveryToken)
    const started = secret === undefined ? undefined : call.tables.authnTransactions.get(secret)
    const [mailed] = secret === undefined ? [] : call.tables.users.where('recoveryToken', secret)
    const user = started ? call.tables.users.get(started.userId) : mailed
    if (!user || (started && started.expiresAt <= call.now)) return errorReply('E0000105')
    if (mailed && mailed.recoveryExpires !== undefined && mailed.recoveryExpires <= call.now)
      return errorReply('E0000105')
    const recoveryType = started?.recoveryType ?? 'PASSWORD'
    const status = user.recoveryQuestion ? 'RECOVERY' : 'PASSWORD_RESET'
    return shown(call, moveTransaction(call, user, status, { recoveryType, amr: [] }, started), user)
  },

  authnAnswerRecoveryQuestion(call) {
    const { stateToken, answer } = objectBody(call as { body: unknown })
    const { transaction, user } = transactionFor(call, stateToken, 'answer')
    const right =
      user.recoveryQuestion?.answer.trim().toLowerCase() ===
      String(answer ?? '')
        .trim()
        .toLowerCase()
    if (!right) return errorReply('E0000087', '', ['The recovery question answer did not match our records.'])
    return recovered(call, user, transaction)
  },

  authnVerifyRecoveryFactor(call) {
    const { stateToken, passCode } = objectBody(call as { body: unknown })
    const { transaction, user } = transactionFor(call, stateToken, 'recover')
    if (passCode !== transaction.passCode) {
      return errorReply('E0000068', '', ["Your passcode doesn't match our records. Please try again."])
    }
    if (user.recoveryQuestion && transaction.recoveryType === 'PASSWORD') {
      return shown(call, moveTransaction(call, user, 'RECOVERY', {}, transaction), user)
    }
    return recovered(call, user, transaction)
  },

  authnResendRecoveryFactor(call) {
    const { transaction, user } = transactionFor(call, bodyOf(call).stateToken, 'resend')
    const passCode = call.random.text(6, '0123456789')
    return shown(call, moveTransaction(call, user, transaction.status, { passCode }, transaction), user)
  },

  authnEnrollFactor(call) {
    const body = objectBody(call as { body: unknown })
    const { transaction, user } = transactionFor(call, body.stateToken, 'enroll')
    const {
      factorType = '',
      provider = 'OKTA',
      profile = {},
    } = body as { factorType?: string; provider?: string; profile?: Json }
    if (!isFactorType(factorType))
      return errorReply('E0000001', 'factorType', ['factorType: The field has an invalid value'])
    const active = factorType === 'question'
    const secret = active
      ? String(profile.answer)
      : factorType === 'token:software:totp'
        ? call.random.text(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')
        : undefined
    const { answer: _, ...kept } = profile
    const factor = enrol(call, user, {
      factorType,
      provider,
      profile: kept,
      active,
      ...(secret !== undefined && { secret }),
    })
    if (active) return proceed(call, user, [...transaction.amr, 'mfa'], transaction)
    return shown(call, moveTransaction(call, user, 'MFA_ENROLL_ACTIVATE', { factorId: factor.id }, transaction), user)
  },

  authnActivateFactor(call) {
    const body = objectBody(call as { body: unknown })
    const { transaction, user } = transactionFor(call, body.stateToken, 'activate')
    const factor = factorOf(call, user)
    if (factor.factorType !== 'push') checkProof(call, factor, body)
    activateFactor(call, user, call.tables.factors.get(factor.id) ?? factor)
    return proceed(call, user, [...transaction.amr, 'mfa'], transaction)
  },

  authnPollFactorActivation(call) {
    const { transaction, user } = transactionFor(call, bodyOf(call).stateToken, 'activate')
    const factor = factorOf(call, user)
    if (factor.status === 'ACTIVE') return proceed(call, user, [...transaction.amr, 'mfa'], transaction)
    return shown(
      call,
      moveTransaction(call, user, 'MFA_ENROLL_ACTIVATE', { factorResult: 'WAITING' }, transaction),
      user,
    )
  },

  authnResendFactorActivation(call) {
    const { transaction, user } = transactionFor(call, bodyOf(call).stateToken, 'resend')
    sendCode(call, factorOf(call, user))
    return shown(call, moveTransaction(call, user, transaction.status, {}, transaction), user)
  },

  /** Without a code one is sent; with one it is checked. A push is asked again until it is answered. */
  authnVerifyFactor(call) {
    const body = objectBody(call as { body: unknown })
    const { transaction, user } = transactionFor(call, body.stateToken, 'verify')
    const factor = factorOf(call, user)
    if (factor.status !== 'ACTIVE')
      return errorReply('E0000079', '', ['This operation is not allowed in the current authentication state.'])
    const given = body.passCode ?? body.answer
    if (given === undefined && factor.factorType !== 'question') return challenged(call, user, factor, transaction)
    checkProof(call, factor, body)
    return proceed(call, user, [...transaction.amr, 'mfa'], transaction)
  },

  authnResendFactor(call) {
    const { transaction, user } = transactionFor(call, bodyOf(call).stateToken, 'resend')
    const factor = factorOf(call, user)
    if (SENT.has(factor.factorType)) sendCode(call, factor)
    return shown(call, moveTransaction(call, user, transaction.status, {}, transaction), user)
  },

  authnPrevious(call) {
    const { transaction, user } = transactionFor(call, bodyOf(call).stateToken, 'previous')
    const { factorId: _, factorResult: __, ...rest } = transaction
    return shown(call, moveTransaction(call, user, transaction.before ?? 'MFA_REQUIRED', {}, rest), user)
  },

  authnSkip(call) {
    const { transaction, user } = transactionFor(call, bodyOf(call).stateToken, 'skip')
    const { token, expiresAt } = succeed(call, user, transaction.amr, transaction)
    return ok(successView(call, user, token, expiresAt, transaction.relayState))
  },

  authnCancel(call) {
    const { transaction } = transactionFor(call, bodyOf(call).stateToken)
    call.tables.authnTransactions.remove(transaction.stateToken)
    return ok(transaction.relayState === undefined ? {} : { relayState: transaction.relayState })
  },
})
