import { newId } from '../ids.ts'
import type { OktaMoment } from '../operations/define.ts'
import { AS_POLICY, policyType } from '../rules/policy.ts'
import { completeSettings, defaultPasswordSettings } from '../rules/policySettings.ts'
import { addCatchAll } from '../rules/policyStore.ts'
import type { Json } from '../tables/document.ts'
import { ORG, type Policy } from '../tables/policies.ts'

const EVERYBODY_ELSE = 'The default policy applies in all situations if no other policy applies.'

interface Given {
  readonly name: string
  readonly description?: string
  readonly system?: boolean
  readonly conditions?: Json | null
  readonly settings?: Json
  readonly resourceType?: string
}

function add(moment: OktaMoment, type: string, given: Given): Policy {
  const { name, description, system = true, conditions = null, settings, resourceType } = given
  return moment.tables.policies.insert({
    id: newId(moment, policyType(type).prefix),
    owner: ORG,
    type,
    name,
    ...(description !== undefined && { description }),
    status: 'ACTIVE',
    priority: 1,
    system,
    conditions,
    ...(settings && { settings }),
    ...(resourceType && { resourceType }),
    created: moment.now,
    lastUpdated: moment.now,
  })
}

function defaultRule(
  moment: OktaMoment,
  policy: Policy,
  name: string,
  conditions: Json | null,
  actions: Json,
  system = true,
): void {
  const kind = policyType(policy.type)
  moment.tables.policyRules.insert({
    id: newId(moment, kind.rulePrefix),
    policyId: policy.id,
    type: kind.ruleType,
    name,
    status: 'ACTIVE',
    priority: 1,
    system,
    conditions,
    actions,
    created: moment.now,
    lastUpdated: moment.now,
  })
}

const ANYBODY = { people: { users: { exclude: [] } }, network: { connection: 'ANYWHERE' } }

/** Apps of Okta's own that have an access policy each. */
const OKTA_APPS = ['Okta Admin Console', 'Okta Dashboard', 'Okta Browser Plugin']

const ASSURANCE_OF_TWO = {
  verificationMethod: { factorMode: '2FA', type: 'ASSURANCE', reauthenticateIn: 'PT12H' },
}

const ACCOUNT_MANAGEMENT =
  'This policy defines how users must authenticate for authenticator enrollment, password reset, or unlock account. Password policy rules control whether to enforce this policy for password reset and unlock account.'

/** The policies of a fresh Identity Engine org, in the order recorded lists have them. */
export function policyDefaults(moment: OktaMoment, everyoneId: string): void {
  const everyone = { people: { groups: { include: [everyoneId] } } }

  const signOn = add(moment, 'OKTA_SIGN_ON', {
    name: 'Default Policy',
    description: EVERYBODY_ELSE,
    conditions: everyone,
  })
  defaultRule(
    moment,
    signOn,
    'Default Rule',
    { ...ANYBODY, authContext: { authType: 'ANY' } },
    policyType('OKTA_SIGN_ON').actions?.({}) ?? {},
  )

  const password = add(moment, 'PASSWORD', {
    name: 'Default Policy',
    description: EVERYBODY_ELSE,
    conditions: { ...everyone, authProvider: { provider: 'OKTA' } },
    settings: defaultPasswordSettings(),
  })
  defaultRule(moment, password, 'Default Rule', ANYBODY, {
    passwordChange: { access: 'ALLOW' },
    selfServicePasswordReset: {
      access: 'ALLOW',
      requirement: { primary: { methods: ['email'] }, stepUp: { required: false }, accessControl: 'LEGACY' },
    },
    selfServiceUnlock: { access: 'DENY' },
  })

  const enroll = add(moment, 'MFA_ENROLL', {
    name: 'Default Policy',
    description: EVERYBODY_ELSE,
    conditions: everyone,
    settings: completeSettings(moment.tables, 'MFA_ENROLL', {
      authenticators: [
        { key: 'okta_email', enroll: { self: 'REQUIRED' } },
        { key: 'okta_password', enroll: { self: 'REQUIRED' } },
        { key: 'okta_verify', enroll: { self: 'OPTIONAL' } },
        { key: 'security_question', enroll: { self: 'OPTIONAL' } },
        { key: 'phone_number', enroll: { self: 'OPTIONAL' } },
      ],
    }) as Json,
  })
  defaultRule(moment, enroll, 'Default Rule', ANYBODY, { enroll: { self: 'CHALLENGE' } })

  const routing = add(moment, 'IDP_DISCOVERY', {
    name: 'Idp Discovery Policy',
    description: 'The default IdP Discovery Policy',
  })
  defaultRule(
    moment,
    routing,
    'Default Rule',
    { network: { connection: 'ANYWHERE' } },
    {
      idp: { providers: [{ type: 'OKTA', name: 'OKTA' }], idpSelectionType: 'SPECIFIC' },
    },
  )

  for (const name of OKTA_APPS) {
    addCatchAll(moment, add(moment, 'ACCESS_POLICY', { name, system: false, resourceType: 'APP' }))
  }
  const twoFactors = { name: 'Any two factors', description: 'Require two factors to access.', resourceType: 'APP' }
  // Any two will do: its own rule asks for no factor in particular.
  const anyTwo = { ...ASSURANCE_OF_TWO, keepMeSignedIn: { postAuth: 'NOT_ALLOWED' } }
  addCatchAll(moment, add(moment, 'ACCESS_POLICY', twoFactors), { appSignOn: { access: 'ALLOW', ...anyTwo } })
  const account = {
    name: 'Okta Account Management Policy',
    description: ACCOUNT_MANAGEMENT,
    system: false,
    resourceType: 'END_USER_ACCOUNT_MANAGEMENT',
  }
  addCatchAll(moment, add(moment, 'ACCESS_POLICY', account))
  addCatchAll(
    moment,
    add(moment, 'ACCESS_POLICY', { name: 'Okta End User Settings', system: false, resourceType: 'APP' }),
  )

  addCatchAll(
    moment,
    add(moment, 'PROFILE_ENROLLMENT', { name: 'Default Policy', description: 'The default profile enrollment policy' }),
  )
  const postAuth = add(moment, 'POST_AUTH_SESSION', {
    name: 'Post Auth Policy',
    description: 'Enables post auth policy evaluation for the org.',
  })
  const watched = { people: { users: { exclude: [] } } }
  defaultRule(moment, postAuth, 'Post Auth Session Rule', watched, { postAuthSession: {} }, false)
  addCatchAll(moment, postAuth)
  const violation = add(moment, 'SESSION_VIOLATION_DETECTION', {
    name: 'Session Violation Detection Policy',
    description: 'Enables session violation detection policy evaluation for the org.',
  })
  const risky = { network: { connection: 'ANYWHERE' }, riskScore: { minRiskLevel: 'LOW' } }
  const evaluated = { sessionViolationDetection: { policyEvaluation: { enabled: true } } }
  defaultRule(moment, violation, 'Session Violation Rule', risky, evaluated, false)
  addCatchAll(moment, violation)
  addCatchAll(
    moment,
    add(moment, 'ENTITY_RISK', {
      name: 'Entity Risk Policy',
      description: 'Enables entity risk policy evaluation for the org.',
    }),
  )
}

/** The access policy and rule that an older developer org's `default` authorization server has: all clients, all grants, an hour. */
export function tokenPolicyDefaults(moment: OktaMoment, serverId: string): void {
  const policy = moment.tables.policies.insert({
    id: newId(moment, '00p'),
    owner: serverId,
    type: AS_POLICY,
    name: 'Default Policy',
    description: 'Default policy description',
    status: 'ACTIVE',
    priority: 1,
    system: false,
    conditions: { clients: { include: ['ALL_CLIENTS'] } },
    created: moment.now,
    lastUpdated: moment.now,
  })
  const kind = policyType(AS_POLICY)
  moment.tables.policyRules.insert({
    id: newId(moment, kind.rulePrefix),
    policyId: policy.id,
    type: kind.ruleType,
    name: 'Default Policy Rule',
    status: 'ACTIVE',
    priority: 1,
    system: false,
    conditions: kind.conditions({
      people: { groups: { include: ['EVERYONE'] } },
      grantTypes: {
        include: [
          'authorization_code',
          'client_credentials',
          'implicit',
          'interaction_code',
          'password',
          'urn:ietf:params:oauth:grant-type:device_code',
          'urn:ietf:params:oauth:grant-type:token-exchange',
          'urn:openid:params:grant-type:ciba',
        ],
      },
      scopes: { include: ['*'] },
    }),
    actions: kind.actions?.({}) ?? {},
    created: moment.now,
    lastUpdated: moment.now,
  })
}
