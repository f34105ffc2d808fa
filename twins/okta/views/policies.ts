import { hinted, type Linker } from '../links.ts'
import { AS_POLICY } from '../rules/policy.ts'
import { ORG, type Policy, type PolicyRule } from '../tables/policies.ts'
import { isoTime } from '../time.ts'

/** Where a policy lives: below the org, or below its authorization server. */
export const policyPath = (policy: Pick<Policy, 'id' | 'owner'>): string =>
  policy.owner === ORG
    ? `/api/v1/policies/${policy.id}`
    : `/api/v1/authorizationServers/${policy.owner}/policies/${policy.id}`

const time = (instant: number | null) => (instant === null ? null : isoTime(instant))

/** @param inList lists tell what an access policy protects; a policy alone does not */
export function policyView(call: Linker, policy: Policy, inList = false) {
  return {
    id: policy.id,
    status: policy.status,
    name: policy.name,
    ...(policy.description !== undefined && { description: policy.description }),
    priority: policy.priority,
    system: policy.system,
    conditions: policy.conditions,
    created: time(policy.created),
    lastUpdated: time(policy.lastUpdated),
    ...(policy.settings && { settings: policy.settings }),
    _links: policyLinks(call, policy),
    ...(inList && policy.resourceType && { _embedded: { resourceType: policy.resourceType } }),
    type: policy.type,
  }
}

/** Links tell what may be done: system policies cannot be removed, account management is not to be replaced either. */
function policyLinks(call: Linker, policy: Policy) {
  const path = policyPath(policy)
  const ofServer = policy.type === AS_POLICY
  const fixed = policy.system || policy.resourceType === 'END_USER_ACCOUNT_MANAGEMENT'
  const self = policy.system
    ? hinted(call, path, 'GET', 'PUT')
    : fixed
      ? hinted(call, path, 'GET')
      : hinted(call, path, 'GET', 'PUT', 'DELETE')
  const rules = ofServer ? hinted(call, `${path}/rules`, 'GET') : hinted(call, `${path}/rules`, 'GET', 'POST')
  if (fixed) return { self, rules }
  return {
    ...(policy.status === 'INACTIVE' && { activate: hinted(call, `${path}/lifecycle/activate`, 'POST') }),
    ...(!ofServer && { mappings: hinted(call, `${path}/mappings`, 'GET', 'POST') }),
    self,
    rules,
    ...(policy.status === 'ACTIVE' && { deactivate: hinted(call, `${path}/lifecycle/deactivate`, 'POST') }),
  }
}

export function ruleView(call: Linker, policy: Policy, rule: PolicyRule) {
  const path = `${policyPath(policy)}/rules/${rule.id}`
  return {
    id: rule.id,
    status: rule.status,
    name: rule.name,
    priority: rule.priority,
    created: time(rule.created),
    lastUpdated: time(rule.lastUpdated),
    system: rule.system,
    conditions: rule.conditions,
    actions: rule.actions,
    _links: rule.system
      ? { self: hinted(call, path, 'GET', 'PUT') }
      : {
          ...(rule.status === 'INACTIVE' && { activate: hinted(call, `${path}/lifecycle/activate`, 'POST') }),
          self: hinted(call, path, 'GET', 'PUT', 'DELETE'),
          ...(rule.status === 'ACTIVE' && { deactivate: hinted(call, `${path}/lifecycle/deactivate`, 'POST') }),
        },
    type: rule.type,
  }
}
