import { hinted, type Linker } from '../links.ts'
import type { OktaContext } from '../operations/define.ts'
import type { Factor, User } from '../tables/directory.ts'
import type { AuthnTransaction } from '../tables/oauth.ts'
import { isoTime } from '../time.ts'
import { factorView } from './factors.ts'

const post = (call: Linker, path: string) => hinted(call, `/api/v1/authn${path}`, 'POST')

export function authnUser(user: User) {
  const { login, firstName, lastName, locale, timezone } = user.profile
  return {
    id: user.id,
    ...(user.passwordChanged !== undefined && { passwordChanged: isoTime(user.passwordChanged) }),
    profile: { login, firstName, lastName, locale: locale ?? 'en_US', timeZone: timezone ?? 'America/Los_Angeles' },
  }
}

export const successView = (call: Linker, user: User, token: string, expiresAt: number, relayState?: string) => ({
  expiresAt: isoTime(expiresAt),
  status: 'SUCCESS',
  ...(relayState !== undefined && { relayState }),
  sessionToken: token,
  _embedded: { user: authnUser(user) },
  _links: { cancel: post(call, '/cancel') },
})

/** A factor inside a transaction: reached by the Authn API, not by the user's own address. */
export function authnFactor(call: Linker, factor: Factor) {
  const { id, factorType, provider, vendorName, profile } = factorView(factor, call) as unknown as Record<
    string,
    unknown
  >
  const { _embedded: activation } = factorView(factor, call) as { _embedded?: object }
  return {
    id,
    factorType,
    provider,
    vendorName,
    ...(profile ? { profile } : {}),
    ...(activation && { _embedded: activation }),
    _links: { verify: post(call, `/factors/${factor.id}/verify`) },
  }
}

export interface Shown {
  readonly factors?: readonly Factor[]
  readonly factor?: Factor
  readonly policy?: object
  readonly question?: string
}

/** What comes next in each state: name of the step and its address. */
function nextLink(transaction: AuthnTransaction): [name: string, path: string] | undefined {
  const { status, factorId } = transaction
  switch (status) {
    case 'PASSWORD_EXPIRED':
    case 'PASSWORD_WARN':
      return ['changePassword', '/credentials/change_password']
    case 'PASSWORD_RESET':
      return ['resetPassword', '/credentials/reset_password']
    case 'MFA_CHALLENGE':
      return ['verify', `/factors/${factorId}/verify`]
    case 'MFA_ENROLL_ACTIVATE':
      return ['activate', `/factors/${factorId}/lifecycle/activate`]
    case 'RECOVERY':
      return ['answer', '/recovery/answer']
    case 'RECOVERY_CHALLENGE':
      return ['verify', `/recovery/factors/${transaction.factorId ?? 'SMS'}/verify`]
    case 'LOCKED_OUT':
      return ['unlock', '/recovery/unlock']
    default:
      return undefined
  }
}

export function transactionView(
  call: Linker & Pick<OktaContext, 'seal'>,
  transaction: AuthnTransaction,
  user: User,
  shown: Shown = {},
) {
  const next = nextLink(transaction)
  const { status, factorId, factorResult, relayState, recoveryType } = transaction
  const factor = shown.factor
  return {
    stateToken: call.seal(transaction.stateToken),
    ...(status === 'MFA_CHALLENGE' && factor?.factorType === 'push' && { factorResult: factorResult ?? 'WAITING' }),
    expiresAt: isoTime(transaction.expiresAt),
    status,
    ...(recoveryType && { recoveryType }),
    ...(relayState !== undefined && { relayState }),
    _embedded: {
      user:
        shown.question === undefined
          ? authnUser(user)
          : { ...authnUser(user), recovery_question: { question: shown.question } },
      ...(shown.factors && { factors: shown.factors.map((one) => authnFactor(call, one)) }),
      ...(factor && { factor: authnFactor(call, factor) }),
      ...(shown.policy && { policy: shown.policy }),
    },
    _links: {
      ...(next && { next: { name: next[0], ...post(call, next[1]) } }),
      ...((status === 'MFA_CHALLENGE' || status === 'MFA_ENROLL_ACTIVATE') && { prev: post(call, '/previous') }),
      ...(status === 'PASSWORD_WARN' && { skip: post(call, '/skip') }),
      ...((status === 'MFA_CHALLENGE' &&
        factorId && {
          resend: [{ name: factor?.factorType, ...post(call, `/factors/${factorId}/verify/resend`) }],
        }) ||
        {}),
      cancel: post(call, '/cancel'),
    },
  }
}
