import { ok } from '../../../shared/kernel/reply.ts'
import { BASE62 } from '../../../shared/universe/random.ts'
import { fail, requireFields } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { oneTimeToken } from '../ids.ts'
import { objectBody } from '../resource.ts'
import { hashPassword, passwordComplaint, passwordMatches, passwordSettings } from '../rules/password.ts'
import {
  endSessions,
  type GivenCredentials,
  groupIdsOf,
  moveTo,
  requireStatus,
  userOf,
  withPassword,
} from '../rules/users.ts'
import type { Password, User, UserStatus } from '../tables/directory.ts'
import { credentialsView, userView } from '../views/users.ts'
import { objectIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'
import { recoveryFrom } from './users.ts'

const MINUTE = 60_000

/** Passwords and recovery questions, by an administrator or by knowing the old ones. */
export const userCredentials = operations({
  expirePassword(call) {
    const user = expirable(call, call.params.id)
    return ok(userView(expired(call, user), call))
  },

  expirePasswordWithTempPassword(call) {
    const user = expirable(call, call.params.id, 'RECOVERY')
    const tempPassword = `${call.random.text(11, BASE62)}9`
    const password = hashPassword(tempPassword, user.profile.login)
    expired(call, user, withPassword(call, user, password))
    if (call.query.revokeSessions === true) endSessions(call, user, true)
    return ok({ tempPassword })
  },

  /** Ends the password: only the link mailed, or given here, leads back in. */
  resetPassword(call) {
    const user = userOf(call, call.params.id)
    requireStatus(user, ['ACTIVE', 'PROVISIONED', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT'])
    const recoveryToken = recovery(call, user)
    moveTo(call, user, user.status === 'PROVISIONED' ? 'PROVISIONED' : 'RECOVERY')
    if (call.query.revokeSessions === true) endSessions(call, user, true)
    record(call, 'user.account.reset_password', [userTarget(user)])
    return ok(call.query.sendEmail === false ? { resetPasswordUrl: call.link(`/reset_password/${recoveryToken}`) } : {})
  },

  changePassword(call) {
    const user = userOf(call, call.params.userId)
    const body = objectBody(call)
    requireFields(body, ['oldPassword', 'newPassword'])
    requireStatus(user, ['STAGED', 'ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY'], 'E0000035')
    if (!user.password) fail('E0000035')
    const old = String(objectIn(body, 'oldPassword').value ?? '')
    if (!matchesPassword(user, old)) fail('E0000014', '', ['Old password is not correct'])
    const changed = call.tables.users.patch(user.id, {
      ...withPassword(call, user, acceptable(call, user, String(objectIn(body, 'newPassword').value ?? ''))),
      ...(user.status !== 'ACTIVE' && { status: 'ACTIVE', statusChanged: call.now }),
    })
    if (body.revokeSessions === true) endSessions(call, user, true)
    record(call, 'user.account.update_password', [userTarget(user)])
    return ok(credentialsView(changed))
  },

  changeRecoveryQuestion(call) {
    const user = userOf(call, call.params.userId)
    const body = objectBody(call)
    requireFields(body, ['password', 'recovery_question'])
    requireStatus(user, ['STAGED', 'ACTIVE', 'RECOVERY'], 'E0000036')
    if (!matchesPassword(user, String(objectIn(body, 'password').value ?? ''))) {
      fail('E0000014', '', ['Password is not correct'])
    }
    const recoveryQuestion = recoveryFrom(body as GivenCredentials)
    const changed = call.tables.users.patch(user.id, {
      lastUpdated: call.now,
      ...(recoveryQuestion && { recoveryQuestion }),
    })
    return ok(credentialsView(changed))
  },

  /** Starts recovery; the user keeps their status until they set a new password. */
  forgotPassword(call) {
    const user = userOf(call, call.params.userId)
    requireStatus(user, ['ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY', 'LOCKED_OUT'], 'E0000034')
    const recoveryToken = recovery(call, user)
    record(call, 'user.account.reset_password', [userTarget(user)])
    return ok(
      call.query.sendEmail === false ? { resetPasswordUrl: call.link(`/signin/reset-password/${recoveryToken}`) } : {},
    )
  },

  forgotPasswordSetNewPassword(call) {
    const user = userOf(call, call.params.userId)
    const body = objectBody(call)
    requireFields(body, ['password', 'recovery_question'])
    requireStatus(user, ['ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY', 'LOCKED_OUT'], 'E0000034')
    if (!user.recoveryQuestion) fail('E0000034')
    const answer = String(objectIn(body, 'recovery_question').answer ?? '')
    if (answer.toLowerCase() !== user.recoveryQuestion.answer.toLowerCase()) fail('E0000087')
    const password = acceptable(call, user, String(objectIn(body, 'password').value ?? ''))
    const changed = moveTo(call, user, 'ACTIVE', withPassword(call, user, password))
    record(call, 'user.account.update_password', [userTarget(user)])
    return ok(credentialsView(changed))
  },
})

const matchesPassword = (user: User, given: string): boolean =>
  user.password !== undefined && passwordMatches(user.password, given)

/** A password the user may choose, or a refusal with the policy's demands. */
function acceptable(call: OktaCall, user: User, value: string): Password {
  const settings = passwordSettings(call.tables, groupIdsOf(call, user))
  const complaint = passwordComplaint(settings, value, user, { history: true })
  if (complaint) fail('E0000014', '', [complaint])
  return hashPassword(value, user.profile.login)
}

/** Who is in RECOVERY has no password to expire, but takes a temporary one (okta-sdk-dotnet's live suite). */
function expirable(call: OktaCall, id: string, ...more: UserStatus[]): User {
  const user = userOf(call, id)
  requireStatus(user, ['ACTIVE', 'PASSWORD_EXPIRED', 'LOCKED_OUT', ...more])
  return user
}

/** The status changes, but not `statusChanged` (seen in traffic). */
function expired(call: OktaCall, user: User, changes: Partial<User> = {}): User {
  record(call, 'user.account.expire_password', [userTarget(user)])
  return call.tables.users.patch(user.id, { ...changes, status: 'PASSWORD_EXPIRED', lastUpdated: call.now })
}

function recovery(call: OktaCall, user: User): string {
  const recoveryToken = oneTimeToken(call)
  const { tokenLifetimeMinutes } = passwordSettings(call.tables, groupIdsOf(call, user))
  call.tables.users.patch(user.id, { recoveryToken, recoveryExpires: call.now + tokenLifetimeMinutes * MINUTE })
  return recoveryToken
}
