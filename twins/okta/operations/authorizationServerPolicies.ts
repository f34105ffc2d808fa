import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { record } from '../events.ts'
import { whole } from '../paging.ts'
import { findServer } from '../rules/authorizationServers.ts'
import { AS_POLICY } from '../rules/policy.ts'
import {
  addPolicy,
  addRule,
  findPolicy,
  findRule,
  policiesOf,
  policyTarget,
  removePolicy,
  removeRule,
  rulesOf,
  ruleTarget,
  setPolicyStatus,
  setRuleStatus,
  updatePolicy,
  updateRule,
} from '../rules/policyStore.ts'
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
const policyOf = (call: OktaCall): Policy => findPolicy(call, owner(call), (call.params as Place).policyId)

function ruleOf(call: OktaCall): { policy: Policy; rule: PolicyRule } {
  const policy = policyOf(call)
  return { policy, rule: findRule(call, policy, (call.params as Place).ruleId) }
}

const status = (call: OktaCall) => (textIn(bodyOf(call), 'status') === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE')

/** Access policies of custom authorization servers: which client gets which tokens for how long. */
export const authorizationServerPolicies = operations({
  listAuthorizationServerPolicies: (call) =>
    whole(policiesOf(call, owner(call), AS_POLICY), (policy) => policyView(call, policy)),

  createAuthorizationServerPolicy(call) {
    const policy = addPolicy(call, owner(call), { ...bodyOf(call), type: AS_POLICY }, status(call))
    record(call, 'policy.lifecycle.create', [policyTarget(policy)])
    return created(policyView(call, policy))
  },

  getAuthorizationServerPolicy: (call) => ok(policyView(call, policyOf(call))),

  replaceAuthorizationServerPolicy(call) {
    const policy = updatePolicy(call, policyOf(call), bodyOf(call))
    record(call, 'policy.lifecycle.update', [policyTarget(policy)])
    return ok(policyView(call, policy))
  },

  deleteAuthorizationServerPolicy(call) {
    const policy = policyOf(call)
    removePolicy(call, policy)
    record(call, 'policy.lifecycle.delete', [policyTarget(policy)])
    return noContent()
  },

  activateAuthorizationServerPolicy(call) {
    record(call, 'policy.lifecycle.activate', [policyTarget(setPolicyStatus(call, policyOf(call), 'ACTIVE'))])
    return noContent()
  },

  deactivateAuthorizationServerPolicy(call) {
    record(call, 'policy.lifecycle.deactivate', [policyTarget(setPolicyStatus(call, policyOf(call), 'INACTIVE'))])
    return noContent()
  },

  listAuthorizationServerPolicyRules(call) {
    const policy = policyOf(call)
    return whole(rulesOf(call, policy.id), (rule) => ruleView(call, policy, rule))
  },

  createAuthorizationServerPolicyRule(call) {
    const policy = policyOf(call)
    const rule = addRule(call, policy, bodyOf(call), status(call))
    record(call, 'policy.rule.add', [policyTarget(policy), ruleTarget(rule)])
    return created(ruleView(call, policy, rule))
  },

  getAuthorizationServerPolicyRule(call) {
    const { policy, rule } = ruleOf(call)
    return ok(ruleView(call, policy, rule))
  },

  replaceAuthorizationServerPolicyRule(call) {
    const { policy, rule } = ruleOf(call)
    const updated = updateRule(call, policy, rule, bodyOf(call))
    record(call, 'policy.rule.update', [policyTarget(policy), ruleTarget(updated)])
    return ok(ruleView(call, policy, updated))
  },

  deleteAuthorizationServerPolicyRule(call) {
    const { policy, rule } = ruleOf(call)
    removeRule(call, policy, rule)
    record(call, 'policy.rule.delete', [policyTarget(policy), ruleTarget(rule)])
    return noContent()
  },

  activateAuthorizationServerPolicyRule(call) {
    const { policy, rule } = ruleOf(call)
    record(call, 'policy.rule.activate', [policyTarget(policy), ruleTarget(setRuleStatus(call, rule, 'ACTIVE'))])
    return noContent()
  },

  deactivateAuthorizationServerPolicyRule(call) {
    const { policy, rule } = ruleOf(call)
    record(call, 'policy.rule.deactivate', [policyTarget(policy), ruleTarget(setRuleStatus(call, rule, 'INACTIVE'))])
    return noContent()
  },
})
