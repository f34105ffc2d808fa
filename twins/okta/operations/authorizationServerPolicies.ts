import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { record } from '../events.ts'
import { whole } from '../paging.ts'
import { findServer } from '../rules/authorizationServers.ts'
import { AS_POLICY } from '../rules/policy.ts'
import * as store from '../rules/policyStore.ts'
import type { Policy, PolicyRule } from '../tables/policies.ts'
import { policyView, ruleView } from '../views/policies.ts'
import { bodyOf, textIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

interface Place {
  authServerId: string
  policyId: string
  ruleId: string
}

const owner = (call: OktaCall): string => findServer(call.tables, (call.params as Place).authServerId).id
const policyOf = (call: OktaCall): Policy => store.findPolicy(call, owner(call), (call.params as Place).policyId)

function ruleOf(call: OktaCall): { policy: Policy; rule: PolicyRule } {
  const policy = policyOf(call)
  return { policy, rule: store.findRule(call, policy, (call.params as Place).ruleId) }
}

const status = (call: OktaCall) => (textIn(bodyOf(call), 'status') === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE')

/** Access policies of custom authorization servers: which client gets which tokens for how long. */
export const authorizationServerPolicies = operations({
  listAuthorizationServerPolicies: (call) =>
    whole(store.policiesOf(call, owner(call), AS_POLICY), (policy) => policyView(call, policy)),

  createAuthorizationServerPolicy(call) {
    const policy = store.addPolicy(call, owner(call), { ...bodyOf(call), type: AS_POLICY }, status(call))
    record(call, 'policy.lifecycle.create', [store.policyTarget(policy)])
    return created(policyView(call, policy))
  },

  getAuthorizationServerPolicy: (call) => ok(policyView(call, policyOf(call))),

  replaceAuthorizationServerPolicy(call) {
    const policy = store.updatePolicy(call, policyOf(call), bodyOf(call))
    record(call, 'policy.lifecycle.update', [store.policyTarget(policy)])
    return ok(policyView(call, policy))
  },

  deleteAuthorizationServerPolicy(call) {
    const policy = policyOf(call)
    store.removePolicy(call, policy)
    record(call, 'policy.lifecycle.delete', [store.policyTarget(policy)])
    return noContent()
  },

  activateAuthorizationServerPolicy(call) {
    record(call, 'policy.lifecycle.activate', [
      store.policyTarget(store.setPolicyStatus(call, policyOf(call), 'ACTIVE')),
    ])
    return noContent()
  },

  deactivateAuthorizationServerPolicy(call) {
    record(call, 'policy.lifecycle.deactivate', [
      store.policyTarget(store.setPolicyStatus(call, policyOf(call), 'INACTIVE')),
    ])
    return noContent()
  },

  listAuthorizationServerPolicyRules(call) {
    const policy = policyOf(call)
    return whole(store.rulesOf(call, policy.id), (rule) => ruleView(call, policy, rule))
  },

  createAuthorizationServerPolicyRule(call) {
    const policy = policyOf(call)
    const rule = store.addRule(call, policy, bodyOf(call), status(call))
    record(call, 'policy.rule.add', [store.policyTarget(policy), store.ruleTarget(rule)])
    return created(ruleView(call, policy, rule))
  },

  getAuthorizationServerPolicyRule(call) {
    const { policy, rule } = ruleOf(call)
    return ok(ruleView(call, policy, rule))
  },

  replaceAuthorizationServerPolicyRule(call) {
    const { policy, rule } = ruleOf(call)
    const updated = store.updateRule(call, policy, rule, bodyOf(call))
    record(call, 'policy.rule.update', [store.policyTarget(policy), store.ruleTarget(updated)])
    return ok(ruleView(call, policy, updated))
  },

  deleteAuthorizationServerPolicyRule(call) {
    const { policy, rule } = ruleOf(call)
    store.removeRule(call, policy, rule)
    record(call, 'policy.rule.delete', [store.policyTarget(policy), store.ruleTarget(rule)])
    return noContent()
  },

  activateAuthorizationServerPolicyRule(call) {
    const { policy, rule } = ruleOf(call)
    record(call, 'policy.rule.activate', [
      store.policyTarget(policy),
      store.ruleTarget(store.setRuleStatus(call, rule, 'ACTIVE')),
    ])
    return noContent()
  },

  deactivateAuthorizationServerPolicyRule(call) {
    const { policy, rule } = ruleOf(call)
    record(call, 'policy.rule.deactivate', [
      store.policyTarget(policy),
      store.ruleTarget(store.setRuleStatus(call, rule, 'INACTIVE')),
    ])
    return noContent()
  },
})
