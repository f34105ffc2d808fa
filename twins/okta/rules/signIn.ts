import { record, userTarget } from '../events.ts'
import { sessionId } from '../ids.ts'
import type { OktaCall, OktaContext } from '../operations/define.ts'
import type { Session, User } from '../tables/directory.ts'
import { passwordMatches } from './password.ts'
import { policyFor, ruleFor, subjectOf } from './policyEvaluation.ts'
import { findUser } from './users.ts'

const DAY = 24 * 3600 * 1000

/** Statuses in which a password opens the door. */
const CAN_SIGN_IN = ['ACTIVE', 'PASSWORD_EXPIRED', 'LOCKED_OUT', 'RECOVERY']

/** How a sign-in with a password ended. */
export type PasswordOutcome =
  | { readonly kind: 'ok' | 'expired'; readonly user: User }
  | { readonly kind: 'locked'; readonly user: User; readonly shown: boolean }
  | { readonly kind: 'refused'; readonly user?: User }

/**
 * Checks a user name and password: counts failures, locks out as the password policy says, unlocks when its time has
 * passed.
 */
export function checkPassword(call: OktaCall, username: string, password: string | undefined): PasswordOutcome {
  const user = findUser(call.tables, username)
  if (!user || password === undefined || !CAN_SIGN_IN.includes(user.status) || !user.password) {
    return { kind: 'refused', ...(user && { user }) }
  }
  const { lockout = {}, age } = passwordRules(call, user)
  const subject = unlocked(call, user, lockout.autoUnlockMinutes ?? 0)
  if (subject.status === 'LOCKED_OUT')
    return { kind: 'locked', user: subject, shown: lockout.showLockoutFailures === true }
  if (!passwordMatches(subject.password as NonNullable<User['password']>, password)) {
    return failed(call, subject, lockout)
  }
  const cleared = call.tables.users.patch(subject.id, { failedLogins: 0 })
  const days = age?.maxAgeDays ?? 0
  const old = days > 0 && (cleared.passwordChanged ?? 0) + days * DAY < call.now
  return { kind: cleared.status === 'PASSWORD_EXPIRED' || old ? 'expired' : 'ok', user: cleared }
}

interface PasswordRules {
  readonly lockout?: { maxAttempts?: number; autoUnlockMinutes?: number; showLockoutFailures?: boolean }
  readonly age?: { maxAgeDays?: number }
}

/** The part of the password policy that signing in asks. */
function passwordRules(call: OktaContext, user: User): PasswordRules {
  const policy = policyFor(call, 'PASSWORD', subjectOf(call, user))
  return (policy?.settings?.password ?? {}) as PasswordRules
}

function unlocked(call: OktaCall, user: User, minutes: number): User {
  if (user.status !== 'LOCKED_OUT' || minutes === 0) return user
  if ((user.statusChanged ?? 0) + minutes * 60_000 > call.now) return user
  record(call, 'user.account.unlock', [userTarget(user)], { actor: 'system' })
  return call.tables.users.patch(user.id, { status: 'ACTIVE', failedLogins: 0, statusChanged: call.now })
}

function failed(call: OktaCall, user: User, lockout: NonNullable<PasswordRules['lockout']>): PasswordOutcome {
  const failures = (user.failedLogins ?? 0) + 1
  const max = lockout.maxAttempts ?? 10
  const locks = max > 0 && failures >= max
  const after = call.tables.users.patch(user.id, {
    failedLogins: failures,
    ...(locks && { status: 'LOCKED_OUT', statusChanged: call.now }),
  })
  if (locks) record(call, 'user.account.lock', [userTarget(after)], { reason: 'LOCKED_OUT' })
  return locks
    ? { kind: 'locked', user: after, shown: lockout.showLockoutFailures === true }
    : { kind: 'refused', user: after }
}

/** What the sign-on policy of the org says of a person. */
export interface SignOnDecision {
  readonly allowed: boolean
  readonly requireFactor: boolean
  readonly idleMinutes: number
}

export function signOnDecision(call: OktaContext, user: User): SignOnDecision {
  const subject = subjectOf(call, user)
  const policy = policyFor(call, 'OKTA_SIGN_ON', subject)
  const rule = policy && ruleFor(call, policy, subject)
  const signon = (rule?.actions.signon ?? {}) as {
    access?: string
    requireFactor?: boolean
    session?: { maxSessionIdleMinutes?: number }
  }
  return {
    allowed: signon.access !== 'DENY',
    requireFactor: signon.requireFactor === true,
    idleMinutes: signon.session?.maxSessionIdleMinutes ?? 120,
  }
}

/** Opens a session and remembers the sign-in. */
export function startSession(call: OktaContext, user: User, amr: readonly string[] = ['pwd']): Session {
  const { idleMinutes } = signOnDecision(call, user)
  const session = call.tables.sessions.insert({
    id: sessionId(call),
    userId: user.id,
    login: user.profile.login,
    createdAt: call.now,
    expiresAt: call.now + idleMinutes * 60_000,
    ...(amr.includes('pwd') && { lastPasswordVerification: call.now }),
    ...(amr.includes('mfa') && { lastFactorVerification: call.now }),
    amr,
    mfaActive: call.tables.factors.where('user', user.id).some((factor) => factor.status === 'ACTIVE'),
  })
  call.tables.users.patch(user.id, { lastLogin: call.now })
  record(call, 'user.session.start', [userTarget(user)], { actor: userTarget(user), sessionId: session.id })
  return session
}

/** Trades a one-time session token for a session; `undefined` when it is used up, old or unknown. */
export function redeemSessionToken(call: OktaContext, sealed: string): Session | undefined {
  const token = call.open(sealed)
  const row = token === undefined ? undefined : call.tables.sessionTokens.remove(token)
  const user = row && call.tables.users.get(row.userId)
  if (!row || !user || row.expiresAt <= call.now || row.appId !== undefined) return undefined
  return startSession(call, user, row.amr)
}

/** The session of a request's cookie, while it lasts. */
export function currentSession(call: OktaCall): Session | undefined {
  const session = call.caller.sessionId ? call.tables.sessions.get(call.caller.sessionId) : undefined
  return session && session.expiresAt > call.now ? session : undefined
}

export const sessionCookieFor = (call: Pick<OktaContext, 'seal'>, session: Session): string =>
  `sid=${call.seal(session.id)}; Path=/; HttpOnly; SameSite=Lax`

export const endedCookie = 'sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly'
