import type { Json } from '../tables/document.ts'
import type { OktaTables } from '../tables.ts'

const COMPLEXITY = {
  minLength: 8,
  minLowerCase: 1,
  minUpperCase: 1,
  minNumber: 1,
  minSymbol: 0,
  excludeUsername: true,
  dictionary: { common: { exclude: false } },
  excludeAttributes: [],
}

const AGE = { maxAgeDays: 0, expireWarnDays: 0, minAgeMinutes: 0, historyCount: 4 }

const LOCKOUT = {
  maxAttempts: 10,
  autoUnlockMinutes: 0,
  userLockoutNotificationChannels: [],
  showLockoutFailures: false,
}

const BREACHED = { expireAfterDays: null, logoutEnabled: null, delegatedWorkflowId: null }

const RECOVERY_FACTORS = {
  recovery_question: { status: 'INACTIVE', properties: { complexity: { minLength: 4 } } },
  // Rules of password policies say how people recover: the policy's own factors are off (recorded).
  okta_email: { status: 'INACTIVE', properties: { recoveryToken: { tokenLifetimeMinutes: 60 } } },
  okta_sms: { status: 'INACTIVE' },
  okta_call: { status: 'INACTIVE' },
}

/**
 * The settings of a policy with everything the caller left out.
 *
 * @param given settings as sent; left out for the type's defaults
 * @returns `undefined` for the types that have no settings
 */
export function completeSettings(tables: OktaTables, type: string, given: Json | undefined): Json | undefined {
  if (type === 'PASSWORD') return passwordSettings(given)
  if (type === 'MFA_ENROLL') return enrollmentSettings(tables, given)
  return given
}

/** Settings of the password policy that comes with an org. */
export const defaultPasswordSettings = (): Json =>
  passwordSettings({ password: { breachedProtection: { expireAfterDays: 0, logoutEnabled: true } } })

function passwordSettings(given: Json | undefined): Json {
  const password = (given?.password ?? {}) as Record<string, Json>
  const recovery = (given?.recovery ?? {}) as Record<string, Json>
  const delegation = (given?.delegation ?? {}) as Record<string, Json>
  return {
    password: {
      complexity: { ...COMPLEXITY, ...password.complexity },
      age: { ...AGE, ...password.age },
      lockout: { ...LOCKOUT, ...password.lockout },
      breachedProtection: { ...BREACHED, ...password.breachedProtection },
    },
    recovery: { factors: { ...RECOVERY_FACTORS, ...mergeFactors(recovery.factors) } },
    delegation: { options: { skipUnlock: false, ...(delegation.options as Json | undefined) } },
  }
}

function mergeFactors(given: Json | undefined): Json {
  return Object.fromEntries(
    Object.entries(given ?? {}).map(([name, factor]) => {
      const known = RECOVERY_FACTORS[name as keyof typeof RECOVERY_FACTORS]
      return [name, { ...known, ...(factor as Json) }]
    }),
  )
}

interface Enrollment {
  readonly key: string
  readonly id?: string
  readonly enroll: Json
  readonly constraints?: Json
}

/** Policies of older orgs speak of factors, each with a consent that is nearly always none. */
function completeFactors(given: Json): Json {
  const factor = { consent: { type: 'NONE' }, enroll: { self: 'NOT_ALLOWED' } }
  return Object.fromEntries(Object.entries(given).map(([name, asked]) => [name, { ...factor, ...(asked as Json) }]))
}

/** Every authenticator of the org has a place in an enrollment policy; who is not named is not allowed. */
function enrollmentSettings(tables: OktaTables, given: Json | undefined): Json {
  if (given?.factors) return { type: 'FACTORS', ...given, factors: completeFactors(given.factors as Json) }
  const asked = (given?.authenticators ?? []) as Enrollment[]
  const known = tables.authenticators.all().map(({ id, data }) => {
    const key = data.key as string
    return key.startsWith('custom_') || key === 'external_idp' ? { key, id } : { key }
  })
  const same = (a: { key: string; id?: string }, b: { key: string; id?: string }) =>
    a.key === b.key && (a.id === undefined || b.id === undefined || a.id === b.id)
  const listed = known.map(
    (one) => asked.find((each) => same(each, one)) ?? { ...one, enroll: { self: 'NOT_ALLOWED' } },
  )
  const others = asked.filter((each) => !known.some((one) => same(each, one)))
  return { type: 'AUTHENTICATORS', authenticators: [...listed, ...others] }
}
