import { BASE64URL } from '../../../shared/universe/random.ts'
import { fail } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import type { OktaCall } from '../operations/define.ts'
import type { Factor, User } from '../tables/directory.ts'
import type { AuthnTransaction } from '../tables/oauth.ts'
import { signOnDecision } from './signIn.ts'

/** States of an authentication transaction, by the operations each allows. */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  MFA_REQUIRED: ['verify', 'cancel'],
  MFA_CHALLENGE: ['verify', 'resend', 'previous', 'cancel'],
  MFA_ENROLL: ['enroll', 'skip', 'cancel'],
  MFA_ENROLL_ACTIVATE: ['activate', 'resend', 'previous', 'cancel'],
  PASSWORD_WARN: ['changePassword', 'skip', 'cancel'],
  PASSWORD_EXPIRED: ['changePassword', 'cancel'],
  PASSWORD_RESET: ['resetPassword', 'cancel'],
  RECOVERY: ['answer', 'cancel'],
  RECOVERY_CHALLENGE: ['recover', 'resend', 'cancel'],
  LOCKED_OUT: ['unlock', 'cancel'],
}

/** Five minutes from each step to the next. */
export const STATE_LIFETIME = 300_000

/** Opens a transaction, or moves one on. */
export function moveTransaction(
  call: OktaCall,
  user: User,
  status: string,
  changes: Partial<AuthnTransaction> = {},
  before?: AuthnTransaction,
): AuthnTransaction {
  return call.tables.authnTransactions.put({
    amr: ['pwd'],
    ...before,
    ...changes,
    stateToken: before?.stateToken ?? `00${call.random.text(40, BASE64URL)}`,
    userId: user.id,
    status,
    ...(before && before.status !== status && { before: before.status }),
    expiresAt: call.now + STATE_LIFETIME,
  })
}

/**
 * The transaction a state token names, when the step is one its state allows.
 *
 * @throws E0000011 for a token that is unknown or too old, E0000079 for a step out of turn
 */
export function transactionFor(
  call: OktaCall,
  sealed: unknown,
  step?: string,
): { transaction: AuthnTransaction; user: User } {
  const token = typeof sealed === 'string' ? call.open(sealed) : undefined
  const transaction = token === undefined ? undefined : call.tables.authnTransactions.get(token)
  const user = transaction && call.tables.users.get(transaction.userId)
  if (!transaction || !user || transaction.expiresAt <= call.now) return fail('E0000011')
  if (step !== undefined && !ALLOWED[transaction.status]?.includes(step)) {
    fail('E0000079', '', ['This operation is not allowed in the current authentication state.'])
  }
  return { transaction, user }
}

export const activeFactors = (call: OktaCall, user: User): Factor[] =>
  call.tables.factors.where('user', user.id).filter((factor) => factor.status === 'ACTIVE')

/** What follows a good password: a second factor when the policy wants one, else success. */
export function nextStatus(call: OktaCall, user: User): 'SUCCESS' | 'MFA_REQUIRED' | 'MFA_ENROLL' {
  if (!signOnDecision(call, user).requireFactor) return 'SUCCESS'
  return activeFactors(call, user).length > 0 ? 'MFA_REQUIRED' : 'MFA_ENROLL'
}

/** Ends a transaction with a one-time token that opens a session. */
export function succeed(
  call: OktaCall,
  user: User,
  amr: readonly string[],
  before?: AuthnTransaction,
): { token: string; expiresAt: number } {
  if (before) call.tables.authnTransactions.remove(before.stateToken)
  const token = `20111${call.random.text(40, BASE64URL)}`
  const expiresAt = call.now + STATE_LIFETIME
  call.tables.sessionTokens.insert({ token, userId: user.id, amr, expiresAt })
  if (amr.length > 1) record(call, 'user.authentication.auth_via_mfa', [userTarget(user)], { actor: userTarget(user) })
  return { token: call.seal(token), expiresAt }
}
