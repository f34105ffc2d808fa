import type { OktaContext } from '../operations/define.ts'
import type { App } from '../tables/applications.ts'
import type { User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { ORG, type Policy, type PolicyRule } from '../tables/policies.ts'
import type { OktaTables } from '../tables.ts'
import { EVERYONE, groupsOf } from './membership.ts'
import { AS_POLICY, inOrder } from './policy.ts'
import { policiesOf, rulesOf } from './policyStore.ts'

type Context = Pick<OktaContext, 'tables' | 'now' | 'random' | 'sequence'>

export const applicationsUsing = (tables: OktaTables, policyId: string): App[] => [
  ...tables.apps.where('accessPolicy', policyId),
  ...tables.apps.all().filter((app) => app.enrollmentPolicyId === policyId),
]

/** Who a policy is asked about. */
export interface Subject {
  readonly userId?: string
  readonly groupIds: readonly string[]
}

/** A person with the groups they are in. */
export const subjectOf = (context: Pick<OktaContext, 'tables'>, user: User | undefined): Subject =>
  user ? { userId: user.id, groupIds: groupsOf(context, user).map((group) => group.id) } : { groupIds: [] }

interface Include {
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
}

/** Whether a `people` condition holds. Naming nobody means everybody; `EVERYONE` is legal for the group of all. */
export function matchesPeople(people: Json | undefined, subject: Subject): boolean {
  const { users, groups } = (people ?? {}) as { users?: Include; groups?: Include }
  const { userId, groupIds } = subject
  if (userId !== undefined && users?.exclude?.includes(userId)) return false
  if (groups?.exclude?.some((id) => groupIds.includes(id))) return false
  const named = [...(users?.include ?? []), ...(groups?.include ?? [])]
  if (named.length === 0) return true
  if (userId === undefined) return false
  return (
    users?.include?.includes(userId) === true ||
    groups?.include?.some((id) => id === 'EVERYONE' || groupIds.includes(id)) === true
  )
}

/** The first active policy of a type that is for this person. */
export function policyFor(context: Context, type: string, subject: Subject): Policy | undefined {
  return policiesOf(context, ORG, type).find(
    (policy) => policy.status === 'ACTIVE' && matchesPeople(policy.conditions?.people as Json | undefined, subject),
  )
}

/** The first active rule of a policy that is for this person. */
export function ruleFor(context: Context, policy: Policy, subject: Subject): PolicyRule | undefined {
  return rulesOf(context, policy.id).find(
    (rule) => rule.status === 'ACTIVE' && matchesPeople(rule.conditions?.people as Json | undefined, subject),
  )
}

/** What a token request asks of the policies of an authorization server. */
export interface TokenRequest {
  readonly clientId: string
  readonly grantType: string
  readonly subject: Subject
  readonly scopes: readonly string[]
}

export type TokenDecision =
  | {
      readonly ok: true
      readonly accessMinutes: number
      readonly refreshMinutes: number
      readonly windowMinutes: number
      readonly hookId?: string
    }
  | { readonly ok: false; readonly reason: 'no-rule' | 'scopes' }

/** What asks no scope of a rule: they say who is asking, not for what. */
const FREE_SCOPES = ['openid', 'offline_access']

/**
 * Which rule of a custom authorization server answers a token request: policies by priority whose clients match, then
 * their rules by grant type, people and scopes. No rule refuses; rules whose scopes do not cover the request refuse
 * differently.
 */
export function decideToken(
  policies: Iterable<Policy>,
  rules: (policyId: string) => readonly PolicyRule[],
  request: TokenRequest,
): TokenDecision {
  let scopesRefused = false
  for (const policy of inOrder(policies)) {
    if (policy.type !== AS_POLICY || policy.status !== 'ACTIVE') continue
    const clients = ((policy.conditions?.clients ?? {}) as Include).include ?? []
    if (!clients.includes('ALL_CLIENTS') && !clients.includes(request.clientId)) continue
    for (const rule of rules(policy.id)) {
      if (rule.status !== 'ACTIVE') continue
      const { grantTypes, people, scopes } = (rule.conditions ?? {}) as {
        grantTypes?: Include
        people?: Json
        scopes?: Include
      }
      if (!grantTypes?.include?.includes(request.grantType)) continue
      // Client credentials have no person: the condition on people does not apply.
      if (request.grantType !== 'client_credentials' && !matchesPeople(people, request.subject)) continue
      const allowed = scopes?.include ?? []
      if (
        !allowed.includes('*') &&
        !request.scopes.every((scope) => allowed.includes(scope) || FREE_SCOPES.includes(scope))
      ) {
        scopesRefused = true
        continue
      }
      const token = (rule.actions.token ?? {}) as Record<string, number | Json>
      const hook = token.inlineHook as Json | undefined
      return {
        ok: true,
        accessMinutes: token.accessTokenLifetimeMinutes as number,
        refreshMinutes: token.refreshTokenLifetimeMinutes as number,
        windowMinutes: token.refreshTokenWindowMinutes as number,
        ...(typeof hook?.id === 'string' && { hookId: hook.id }),
      }
    }
  }
  return { ok: false, reason: scopesRefused ? 'scopes' : 'no-rule' }
}

/** What `POST /policies/simulate` finds, one evaluation per type of policy asked for. */
export function simulate(context: Context, request: Json, expanded: boolean) {
  const types = (request.policyTypes ?? ['OKTA_SIGN_ON', 'MFA_ENROLL', 'ACCESS_POLICY']) as string[]
  const policyContext = (request.policyContext ?? {}) as { user?: { id?: string }; groups?: { ids?: string[] } }
  const own = subjectOf(context, context.tables.users.get(policyContext.user?.id ?? ''))
  // Whoever it would be, they are somebody, and in the group of all.
  const everyone = context.tables.groups
    .all()
    .filter((group) => group.type === 'BUILT_IN' && group.profile.name === EVERYONE)
  const subject: Subject = {
    userId: own.userId ?? 'anybody',
    groupIds: [...(policyContext.groups?.ids ?? own.groupIds), ...everyone.map(({ id }) => id)],
  }
  const app = context.tables.apps.get((request.appInstance as string | undefined) ?? '')
  return types.map((policyType) => {
    const policy =
      policyType === 'ACCESS_POLICY' && app?.accessPolicyId
        ? context.tables.policies.get(app.accessPolicyId)
        : policyFor(context, policyType, subject)
    const rule = policy && ruleFor(context, policy, subject)
    const named = (one: { id: string; name: string | null }, status: string) => ({
      id: one.id,
      name: one.name,
      status,
      conditions: [],
    })
    const evaluated = policy && {
      ...named(policy, 'MATCH'),
      rules: rulesOf(context, policy.id).map((one) => named(one, one.id === rule?.id ? 'MATCH' : 'NOT_MATCH')),
    }
    const found = policy && { ...named(policy, 'MATCH'), rules: rule ? [named(rule, 'MATCH')] : [] }
    return {
      status: null,
      policyType,
      result: { policies: found ? [found] : [] },
      undefined: { policies: [] },
      evaluated: { policies: evaluated && expanded ? [evaluated] : [] },
    }
  })
}
