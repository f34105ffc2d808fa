import type { Json } from '../tables/document.ts'
import { ORG } from '../tables/policies.ts'

/** What sets one type of policy apart. */
export interface PolicyType {
  readonly prefix: '00p' | 'rst'
  readonly rulePrefix: '0pr' | 'rul'
  /** `type` of its rules, as shown. */
  readonly ruleType: string
  /** The rule that comes with each policy and cannot be removed, for types that have one. */
  readonly catchAll?: { readonly name: string; readonly priority: number; readonly actions: Json }
  /** Completes the conditions of a rule as the service stores them. */
  conditions(given: Conditions): Json
  actions?(given: Json): Json
}

type Conditions = Readonly<Record<string, Json | undefined>>

const ANYWHERE = { connection: 'ANYWHERE' }

/** Members in this order, without those that have no value. */
function compact(members: Record<string, unknown>): Json {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

/** `people` always names the excluded users, even when it names nobody. */
function people(given: Json | undefined): Json {
  const users = (given?.users ?? {}) as Json
  const groups = given?.groups as Json | undefined
  return compact({
    users: compact({ include: users.include, exclude: users.exclude ?? [] }),
    groups: groups && compact({ include: groups.include, exclude: groups.exclude }),
  })
}

const includeExclude = (given: Json | undefined) => ({
  include: given?.include ?? [],
  exclude: given?.exclude ?? [],
})

/** Platforms: the type leads, and an absent OS expression stays absent. */
function platform(given: Json | undefined): Json | undefined {
  if (!given || (given.include === undefined && given.exclude === undefined)) return undefined
  const each = (list: unknown) =>
    ((list ?? []) as Json[]).map(({ type, os, ...rest }) =>
      compact({ type, os: os && withoutNulls(os as Json), ...rest }),
    )
  return { include: each(given.include), exclude: each(given.exclude) }
}

function withoutNulls(value: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
}

const CONSTRAINT = ['knowledge', 'possession']

/** How an app asks to be signed in to: chains of methods, or an assurance with its constraints. */
function verificationMethod(given: Json | undefined): Json {
  const { type = 'ASSURANCE', factorMode = '2FA', reauthenticateIn, inactivityPeriod } = given ?? {}
  if (type === 'AUTH_METHOD_CHAIN') return compact({ type, chains: given?.chains, reauthenticateIn })
  if (type === 'AUTH_METHOD_CHAIN_ID' || type === 'ID_PROOFING') return given as Json
  const constraints = (given?.constraints as Json[] | undefined)?.map((constraint) =>
    compact(Object.fromEntries(CONSTRAINT.map((name) => [name, constraint[name]]))),
  )
  return compact({ factorMode, type, reauthenticateIn: reauthenticateIn ?? 'PT12H', inactivityPeriod, constraints })
}

/** What people are asked who register themselves. */
const REGISTRATION: Json = {
  profileAttributes: [
    { name: 'email', label: 'Email', required: true },
    { name: 'firstName', label: 'First name', required: true },
    { name: 'lastName', label: 'Last name', required: true },
  ],
  enrollAuthenticatorTypes: ['password'],
}

/** A replaced rule asks for nothing that was not named: terraform-provider-okta reads back what it left out. */
const profileEnrollment = (given: Json | undefined): Json => ({
  access: 'ALLOW',
  preRegistrationInlineHooks: null,
  profileAttributes: [],
  targetGroupIds: null,
  unknownUserAction: 'DENY',
  activationRequirements: { emailVerification: true },
  progressiveProfilingAction: 'DISABLED',
  ...given,
})

const KEEP_ME_SIGNED_IN = { postAuth: 'NOT_ALLOWED' }

const SIGN_ON_SESSION = { usePersistentCookie: false, maxSessionIdleMinutes: 120, maxSessionLifetimeMinutes: 1440 }

const CATCH_ALL_PRIORITY = 99

/** The policy types of an org, and that of authorization servers. */
export const POLICY_TYPES: Readonly<Record<string, PolicyType>> = {
  OKTA_SIGN_ON: {
    prefix: '00p',
    rulePrefix: '0pr',
    ruleType: 'SIGN_ON',
    conditions: (given) =>
      compact({
        people: people(given.people),
        network: given.network ?? ANYWHERE,
        authContext: given.authContext ?? { authType: 'ANY' },
        // A rule that names an identity provider comes back without risk: recorded both ways.
        risk: given.risk ?? (given.identityProvider ? undefined : { behaviors: [] }),
        riskScore: given.riskScore ?? (given.identityProvider ? undefined : { level: 'ANY' }),
        identityProvider: given.identityProvider ?? { provider: 'ANY' },
      }),
    actions(given) {
      const signon = (given.signon ?? {}) as Json
      return {
        signon: compact({
          access: signon.access ?? 'ALLOW',
          requireFactor: signon.requireFactor ?? false,
          primaryFactor: signon.primaryFactor ?? 'PASSWORD_IDP_ANY_FACTOR',
          factorPromptMode: signon.factorPromptMode,
          factorLifetime: signon.factorLifetime,
          rememberDeviceByDefault: signon.rememberDeviceByDefault ?? false,
          session: { ...SIGN_ON_SESSION, ...(signon.session as Json | undefined) },
          // A chain of factors, where the rule asks for more than one.
          challenge: signon.challenge,
        }),
      }
    },
  },
  PASSWORD: {
    prefix: '00p',
    rulePrefix: '0pr',
    ruleType: 'PASSWORD',
    conditions: (given) => ({ people: people(given.people), network: given.network ?? ANYWHERE }),
    actions(given) {
      const reset = given.selfServicePasswordReset as Json | undefined
      return {
        passwordChange: given.passwordChange ?? { access: 'DENY' },
        selfServicePasswordReset: reset ?? { access: 'DENY' },
        selfServiceUnlock: given.selfServiceUnlock ?? { access: 'DENY' },
      }
    },
  },
  MFA_ENROLL: {
    prefix: '00p',
    rulePrefix: '0pr',
    ruleType: 'MFA_ENROLL',
    conditions: (given) =>
      compact({ people: people(given.people), network: given.network ?? ANYWHERE, app: given.app }),
    actions: (given) => ({ enroll: given.enroll ?? { self: 'CHALLENGE' } }),
  },
  IDP_DISCOVERY: {
    prefix: '00p',
    rulePrefix: '0pr',
    ruleType: 'IDP_DISCOVERY',
    conditions: (given) =>
      compact({
        network: given.network ?? ANYWHERE,
        platform: platform(given.platform),
        userIdentifier: given.userIdentifier ?? { patterns: [] },
        app: includeExclude(given.app),
      }),
    actions(given) {
      const idp = (given.idp ?? {}) as Json
      const criteria = (idp.matchCriteria as Json[] | undefined)?.map((match) => ({
        propertyName: 'name',
        ...match,
      }))
      return {
        idp: compact({
          providers: idp.providers ?? [],
          matchCriteria: criteria,
          idpSelectionType: idp.idpSelectionType ?? 'SPECIFIC',
        }),
      }
    },
  },
  ACCESS_POLICY: {
    prefix: 'rst',
    rulePrefix: 'rul',
    ruleType: 'ACCESS_POLICY',
    catchAll: {
      name: 'Catch-all Rule',
      priority: CATCH_ALL_PRIORITY,
      actions: {
        appSignOn: {
          access: 'ALLOW',
          verificationMethod: {
            factorMode: '2FA',
            type: 'ASSURANCE',
            reauthenticateIn: 'PT12H',
            constraints: [{ possession: { required: true, deviceBound: 'REQUIRED' } }],
          },
          keepMeSignedIn: KEEP_ME_SIGNED_IN,
        },
      },
    },
    conditions: (given) =>
      compact({
        people: people(given.people),
        network: given.network ?? ANYWHERE,
        device: given.device,
        platform: platform(given.platform),
        // Clients that name a platform, even an empty one, get no risk level they did not ask for.
        riskScore: given.riskScore ?? (given.platform ? undefined : { level: 'ANY' }),
        elCondition: given.elCondition,
        userType: includeExclude(given.userType),
      }),
    actions(given) {
      const signOn = (given.appSignOn ?? {}) as Json
      return {
        appSignOn: {
          access: signOn.access ?? 'ALLOW',
          verificationMethod: verificationMethod(signOn.verificationMethod as Json | undefined),
          keepMeSignedIn: signOn.keepMeSignedIn ?? KEEP_ME_SIGNED_IN,
        },
      }
    },
  },
  PROFILE_ENROLLMENT: {
    prefix: 'rst',
    rulePrefix: 'rul',
    ruleType: 'PROFILE_ENROLLMENT',
    catchAll: {
      name: 'Catch-all Rule',
      priority: CATCH_ALL_PRIORITY,
      actions: { profileEnrollment: profileEnrollment(REGISTRATION) },
    },
    conditions: (given) => compact({ people: people(given.people), ...given }),
    actions: (given) => ({ profileEnrollment: profileEnrollment(given.profileEnrollment as Json | undefined) }),
  },
  POST_AUTH_SESSION: {
    prefix: 'rst',
    rulePrefix: 'rul',
    ruleType: 'POST_AUTH_SESSION',
    catchAll: {
      name: 'Catch-all Rule',
      priority: CATCH_ALL_PRIORITY,
      actions: { postAuthSession: { failureActions: [] } },
    },
    conditions: (given) => compact({ people: people(given.people) }),
  },
  SESSION_VIOLATION_DETECTION: {
    prefix: 'rst',
    rulePrefix: 'rul',
    ruleType: 'SESSION_VIOLATION_DETECTION',
    catchAll: {
      name: 'Catch-all Rule',
      priority: CATCH_ALL_PRIORITY,
      actions: { sessionViolationDetection: { policyEvaluation: { enabled: false } } },
    },
    conditions: (given) =>
      compact({ network: given.network ?? ANYWHERE, riskScore: given.riskScore ?? { minRiskLevel: 'LOW' } }),
  },
  ENTITY_RISK: {
    prefix: 'rst',
    rulePrefix: 'rul',
    ruleType: 'ENTITY_RISK',
    catchAll: { name: 'Catch-all Rule', priority: CATCH_ALL_PRIORITY, actions: { entityRisk: { actions: [] } } },
    conditions: (given) =>
      compact({
        people: people(given.people),
        riskDetectionTypes: given.riskDetectionTypes ?? { include: [], exclude: [] },
        entityRisk: given.entityRisk ?? { level: 'ANY' },
      }),
  },
  DEVICE_SIGNAL_COLLECTION: {
    prefix: 'rst',
    rulePrefix: 'rul',
    ruleType: 'DEVICE_SIGNAL_COLLECTION',
    conditions: (given) => compact({ platform: platform(given.platform), ...given }),
  },
  CLIENT_UPDATE: {
    prefix: 'rst',
    rulePrefix: 'rul',
    ruleType: 'CLIENT_UPDATE',
    conditions: (given) => compact({ ...given }),
  },
  IDENTITY_CLAIM_SOURCING: {
    prefix: 'rst',
    rulePrefix: 'rul',
    ruleType: 'IDENTITY_CLAIM_SOURCING',
    conditions: (given) => compact({ ...given }),
  },
  OAUTH_AUTHORIZATION_POLICY: {
    prefix: '00p',
    rulePrefix: '0pr',
    ruleType: 'RESOURCE_ACCESS',
    conditions: (given) =>
      compact({
        people: people(given.people),
        grantTypes: sortedInclude(given.grantTypes),
        scopes: compact({ include: given.scopes?.include ?? [] }),
      }),
    actions(given) {
      const token = (given.token ?? {}) as Json
      return {
        token: compact({
          accessTokenLifetimeMinutes: token.accessTokenLifetimeMinutes ?? 60,
          refreshTokenLifetimeMinutes: token.refreshTokenLifetimeMinutes ?? 0,
          refreshTokenWindowMinutes: token.refreshTokenWindowMinutes ?? 10080,
          inlineHook: token.inlineHook,
        }),
      }
    },
  },
}

function sortedInclude(given: Json | undefined): Json {
  return { include: [...((given?.include ?? []) as string[])].sort() }
}

export const AS_POLICY = 'OAUTH_AUTHORIZATION_POLICY'

/** What `GET /policies?type=` takes. */
export const ORG_POLICY_TYPES = Object.keys(POLICY_TYPES).filter((type) => type !== AS_POLICY)

export const policyType = (type: string): PolicyType => POLICY_TYPES[type] as PolicyType

/** Types whose policies are told apart by the groups of people they are for, and are tried in order of priority. */
const RANKED = ['OKTA_SIGN_ON', 'PASSWORD', 'MFA_ENROLL', 'IDP_DISCOVERY', AS_POLICY]

export const isRanked = (type: string): boolean => RANKED.includes(type)

/** Members ordered by priority; the system's own are last whatever their number. */
export function inOrder<T extends { priority: number; system: boolean }>(members: Iterable<T>): T[] {
  return [...members].sort((a, b) => Number(a.system) - Number(b.system) || a.priority - b.priority)
}

/**
 * Where a newcomer goes and who makes room: priorities of its peers after it was put at `wanted` (last when left out).
 * The system's own member stays behind everyone else.
 *
 * @example rank([{id: 'a', priority: 1, system: false}], 'b', 1) // Map { 'b' → 1, 'a' → 2 }
 */
export function rank(
  peers: readonly { id: string; priority: number; system: boolean }[],
  id: string,
  wanted: number | undefined,
): Map<string, number> {
  const others = inOrder(peers.filter((peer) => peer.id !== id))
  const fixed = others.filter((peer) => peer.system)
  const free = others.filter((peer) => !peer.system)
  const place = wanted === undefined ? free.length : Math.min(Math.max(wanted, 1) - 1, free.length)
  const ids = [...free.slice(0, place).map((peer) => peer.id), id, ...free.slice(place).map((peer) => peer.id)]
  return new Map([...ids, ...fixed.map((peer) => peer.id)].map((member, position) => [member, position + 1]))
}

export { ORG }
