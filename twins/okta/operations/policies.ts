import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound } from '../errors.ts'
import { record } from '../events.ts'
import { newId } from '../ids.ts'
import { pageOf } from '../paging.ts'
import { ORG, ORG_POLICY_TYPES, policyType } from '../rules/policy.ts'
import { applicationsUsing, simulate } from '../rules/policyEvaluation.ts'
import * as store from '../rules/policyStore.ts'
import type { Policy } from '../tables/policies.ts'
import { appView } from '../views/applications.ts'
import { policyView, ruleView } from '../views/policies.ts'
import { bodyOf } from './body.ts'
import { type OktaCall, operations } from './define.ts'

const shown = (call: OktaCall, policy: Policy) => ok(policyView(call, policy))

/** `expand=rules` puts the rules inside, as policies of the org are often read. */
const expanded = (call: OktaCall, policy: Policy, expand: string | undefined, inList = false) => {
  const view = policyView(call, policy, inList)
  if (expand !== 'rules') return view
  const rules = store.rulesOf(call, policy.id).map((rule) => ruleView(call, policy, rule))
  return { ...view, _embedded: { ...view._embedded, rules } }
}

/** Policies of the org: sign-on, passwords, enrollment, apps. Those of authorization servers are elsewhere. */
export const policies = operations({
  listPolicies(call) {
    const { type, status, q, expand, resourceId } = call.query
    if (!ORG_POLICY_TYPES.includes(type)) fail('E0000028')
    const apps = resourceId ? applicationPolicies(call, resourceId) : undefined
    const list = store
      .policiesOf(call, ORG, type)
      .filter(
        (policy) =>
          (status === undefined || policy.status === status) &&
          (q === undefined || policy.name.toLowerCase().includes(q.toLowerCase())) &&
          (apps === undefined || apps.includes(policy.id)),
      )
    const { headers } = pageOf(call, [], { limit: 20, selfOnly: true })
    return ok(
      list.map((policy) => expanded(call, policy, expand, true)),
      headers,
    )
  },

  createPolicy(call) {
    const policy = store.addPolicy(call, ORG, bodyOf(call), call.query.activate === false ? 'INACTIVE' : 'ACTIVE')
    record(call, 'policy.lifecycle.create', [store.policyTarget(policy)])
    return shown(call, policy)
  },

  getPolicy(call) {
    return ok(expanded(call, store.findPolicy(call, ORG, call.params.policyId), call.query.expand))
  },

  replacePolicy(call) {
    const policy = store.updatePolicy(call, store.findPolicy(call, ORG, call.params.policyId), bodyOf(call))
    record(call, 'policy.lifecycle.update', [store.policyTarget(policy)])
    return shown(call, policy)
  },

  deletePolicy(call) {
    const policy = store.findPolicy(call, ORG, call.params.policyId)
    store.removePolicy(call, policy)
    const fallback = store.policiesOf(call, ORG, policy.type).find((other) => other.system)
    for (const app of applicationsUsing(call.tables, policy.id)) {
      call.tables.apps.patch(
        app.id,
        policy.type === 'ACCESS_POLICY' ? { accessPolicyId: fallback?.id } : { enrollmentPolicyId: fallback?.id },
      )
    }
    record(call, 'policy.lifecycle.delete', [store.policyTarget(policy)])
    return noContent()
  },

  activatePolicy(call) {
    const policy = store.setPolicyStatus(call, store.findPolicy(call, ORG, call.params.policyId), 'ACTIVE')
    record(call, 'policy.lifecycle.activate', [store.policyTarget(policy)])
    return noContent()
  },

  deactivatePolicy(call) {
    const policy = store.setPolicyStatus(call, store.findPolicy(call, ORG, call.params.policyId), 'INACTIVE')
    record(call, 'policy.lifecycle.deactivate', [store.policyTarget(policy)])
    return noContent()
  },

  /** Only policies of apps can be cloned; a clone has no times of its own. */
  clonePolicy(call) {
    const policy = store.findPolicy(call, ORG, call.params.policyId)
    const clone = call.tables.policies.insert({
      ...policy,
      id: newId(call, policyType(policy.type).prefix),
      name: `[cloned] ${policy.name}`,
      system: false,
      created: null,
      lastUpdated: null,
    })
    for (const rule of store.rulesOf(call, policy.id)) {
      call.tables.policyRules.insert({
        ...rule,
        id: newId(call, policyType(policy.type).rulePrefix),
        policyId: clone.id,
      })
    }
    record(call, 'policy.lifecycle.create', [store.policyTarget(clone)])
    return shown(call, clone)
  },

  listPolicyApps(call) {
    const policy = store.findPolicy(call, ORG, call.params.policyId)
    return ok(applicationsUsing(call.tables, policy.id).map((app) => appView(app, call)))
  },

  listPolicyMappings(call) {
    const policy = store.findPolicy(call, ORG, call.params.policyId)
    return ok(applicationsUsing(call.tables, policy.id).map((app) => mappingView(call, policy.id, app.id)))
  },

  mapResourceToPolicy(call) {
    store.findPolicy(call, ORG, call.params.policyId)
    return invalid('mapping', ['Policy mappings are no longer supported on this endpoint.'])
  },

  getPolicyMapping(call) {
    const policy = store.findPolicy(call, ORG, call.params.policyId)
    const app = applicationsUsing(call.tables, policy.id).find((one) => one.id === call.params.mappingId)
    if (!app) return notFound(call.params.mappingId, 'PolicyMapping')
    return ok(mappingView(call, policy.id, app.id))
  },

  deletePolicyResourceMapping(call) {
    const policy = store.findPolicy(call, ORG, call.params.policyId)
    const app = applicationsUsing(call.tables, policy.id).find((one) => one.id === call.params.mappingId)
    if (!app) return notFound(call.params.mappingId, 'PolicyMapping')
    const fallback = store.policiesOf(call, ORG, policy.type).find((other) => other.system)
    call.tables.apps.patch(app.id, { accessPolicyId: fallback?.id })
    return noContent()
  },

  createPolicySimulation(call) {
    const requests = call.body as unknown
    if (!Array.isArray(requests)) return fail('E0000003')
    const expanded = call.query.expand?.toUpperCase().includes('EVALUATED') === true
    return ok({ evaluation: requests.flatMap((request) => simulate(call, request, expanded)) })
  },

  listPolicyRules(call) {
    const policy = store.findPolicy(call, ORG, call.params.policyId)
    return ok(store.rulesOf(call, policy.id).map((rule) => ruleView(call, policy, rule)))
  },

  createPolicyRule(call) {
    const policy = store.findPolicy(call, ORG, call.params.policyId)
    const rule = store.addRule(call, policy, bodyOf(call), call.query.activate === false ? 'INACTIVE' : 'ACTIVE')
    record(call, 'policy.rule.add', [store.policyTarget(policy), store.ruleTarget(rule)])
    return ok(ruleView(call, policy, rule))
  },

  getPolicyRule(call) {
    const policy = store.findPolicy(call, ORG, call.params.policyId)
    return ok(ruleView(call, policy, store.findRule(call, policy, call.params.ruleId)))
  },

  replacePolicyRule(call) {
    const policy = store.findPolicy(call, ORG, call.params.policyId)
    const rule = store.updateRule(call, policy, store.findRule(call, policy, call.params.ruleId), bodyOf(call))
    record(call, 'policy.rule.update', [store.policyTarget(policy), store.ruleTarget(rule)])
    return ok(ruleView(call, policy, rule))
  },

  deletePolicyRule(call) {
    const policy = store.findPolicy(call, ORG, call.params.policyId)
    const rule = store.findRule(call, policy, call.params.ruleId)
    store.removeRule(call, policy, rule)
    record(call, 'policy.rule.delete', [store.policyTarget(policy), store.ruleTarget(rule)])
    return noContent()
  },

  activatePolicyRule(call) {
    const policy = store.findPolicy(call, ORG, call.params.policyId)
    const rule = store.setRuleStatus(call, store.findRule(call, policy, call.params.ruleId), 'ACTIVE')
    record(call, 'policy.rule.activate', [store.policyTarget(policy), store.ruleTarget(rule)])
    return noContent()
  },

  deactivatePolicyRule(call) {
    const policy = store.findPolicy(call, ORG, call.params.policyId)
    const rule = store.setRuleStatus(call, store.findRule(call, policy, call.params.ruleId), 'INACTIVE')
    record(call, 'policy.rule.deactivate', [store.policyTarget(policy), store.ruleTarget(rule)])
    return noContent()
  },
})

/** The policies an app is under. */
function applicationPolicies(call: OktaCall, appId: string): string[] {
  const app = call.tables.apps.get(appId) ?? notFound(appId, 'AppInstance')
  return [app.accessPolicyId, app.enrollmentPolicyId].filter((id) => id !== undefined)
}

const mappingView = (call: OktaCall, policyId: string, appId: string) => ({
  id: appId,
  _links: {
    self: { href: call.link(`/api/v1/policies/${policyId}/mappings/${appId}`), hints: { allow: ['GET', 'DELETE'] } },
    application: { href: call.link(`/api/v1/apps/${appId}`), hints: { allow: ['GET'] } },
    policy: { href: call.link(`/api/v1/policies/${policyId}`), hints: { allow: ['GET', 'PUT'] } },
  },
})
