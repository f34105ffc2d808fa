import { blank, fail, invalid, notFound } from '../errors.ts'
import { target } from '../events.ts'
import { newId } from '../ids.ts'
import { objectIn, textIn } from '../operations/body.ts'
import type { OktaContext } from '../operations/define.ts'
import type { Json } from '../tables/document.ts'
import type { Policy, PolicyRule } from '../tables/policies.ts'
import { inOrder, isRanked, POLICY_TYPES, policyType, rank } from './policy.ts'
import { completeSettings } from './policySettings.ts'

type Context = Pick<OktaContext, 'tables' | 'now' | 'random' | 'sequence'>

/** The policies of one type in the order they are tried; those of apps, of which each app has its own, by age. */
export function policiesOf(context: Context, owner: string, type: string): Policy[] {
  const policies = context.tables.policies.where('type', [owner, type])
  return isRanked(type) ? inOrder(policies) : policies
}

export const rulesOf = (context: Context, policyId: string): PolicyRule[] =>
  inOrder(context.tables.policyRules.where('policy', policyId))

export function findPolicy(context: Context, owner: string, id: string): Policy {
  const policy = context.tables.policies.get(id)
  return policy && policy.owner === owner ? policy : notFound(id, 'Policy')
}

export function findRule(context: Context, policy: Policy, id: string): PolicyRule {
  const rule = context.tables.policyRules.get(id)
  return rule && rule.policyId === policy.id ? rule : notFound(id, 'PolicyRule')
}

/** Adds a policy behind its peers, or where it asked to be, with the catch-all rule its type demands. */
export function addPolicy(context: Context, owner: string, given: Json, status: Policy['status'] = 'ACTIVE'): Policy {
  const type = textIn(given, 'type') ?? ''
  if (!POLICY_TYPES[type]) fail('E0000003')
  const name = requireName(given)
  const peers = policiesOf(context, owner, type)
  const kind = policyType(type)
  if (isRanked(type) && peers.some((peer) => peer.name === name)) {
    invalid('name', ['name: Policy name already in use'])
  }
  const id = newId(context, kind.prefix)
  const policy = context.tables.policies.insert({
    id,
    owner,
    type,
    name,
    ...(textIn(given, 'description') !== undefined && { description: textIn(given, 'description') as string }),
    status,
    priority: 1,
    system: false,
    conditions: policyConditions(context, type, given),
    ...withSettings(context, type, given),
    created: context.now,
    lastUpdated: context.now,
  })
  if (kind.catchAll) addCatchAll(context, policy)
  return isRanked(type) ? placePolicy(context, policy, priorityIn(given)) : policy
}

/** The system's own rule of a policy: everyone whom no other rule caught. */
export function addCatchAll(context: Context, policy: Policy, actions?: Json): void {
  const kind = policyType(policy.type)
  if (!kind.catchAll) return
  context.tables.policyRules.insert({
    id: newId(context, kind.rulePrefix),
    policyId: policy.id,
    type: kind.ruleType,
    name: kind.catchAll.name,
    status: 'ACTIVE',
    priority: kind.catchAll.priority,
    system: true,
    conditions: null,
    actions: actions ?? kind.catchAll.actions,
    created: policy.created,
    lastUpdated: policy.lastUpdated,
  })
}

export function updatePolicy(context: Context, policy: Policy, given: Json): Policy {
  const name = requireName(given)
  const type = textIn(given, 'type')
  if (type !== undefined && type !== policy.type) invalid('type', ['type: The policy type cannot be changed'])
  const peers = policiesOf(context, policy.owner, policy.type)
  if (isRanked(policy.type) && peers.some((peer) => peer.id !== policy.id && peer.name === name)) {
    invalid('name', ['name: Policy name already in use'])
  }
  const { description: _, settings: __, ...rest } = policy
  const description = textIn(given, 'description')
  const updated = context.tables.policies.replace({
    ...rest,
    name: policy.system ? policy.name : name,
    ...(description !== undefined && { description }),
    ...(policy.system && policy.description !== undefined && { description: policy.description }),
    conditions: policy.system ? policy.conditions : policyConditions(context, policy.type, given),
    ...withSettings(context, policy.type, given.settings ? given : { settings: policy.settings }),
    lastUpdated: context.now,
  })
  const wanted = priorityIn(given)
  if (policy.system || !isRanked(policy.type) || wanted === undefined || wanted === policy.priority) return updated
  return placePolicy(context, updated, wanted)
}

export function removePolicy(context: Context, policy: Policy): void {
  if (policy.system) fail('E0000001', 'system', ['You cannot delete the default policy.'])
  for (const rule of rulesOf(context, policy.id)) context.tables.policyRules.remove(rule.id)
  context.tables.policies.remove(policy.id)
  if (isRanked(policy.type)) closeGaps(context, policiesOf(context, policy.owner, policy.type), 'policies')
}

export function setPolicyStatus(context: Context, policy: Policy, status: Policy['status']): Policy {
  if (policy.system && status === 'INACTIVE') fail('E0000001', 'system', ['You cannot deactivate the default policy.'])
  return context.tables.policies.patch(policy.id, { status, lastUpdated: context.now })
}

/** Adds a rule; its conditions and actions are completed as the type demands. */
export function addRule(
  context: Context,
  policy: Policy,
  given: Json,
  status: PolicyRule['status'] = 'ACTIVE',
): PolicyRule {
  const name = requireName(given)
  const kind = policyType(policy.type)
  const peers = rulesOf(context, policy.id)
  if (peers.some((peer) => peer.name === name)) {
    invalid('name', ['name: Rule name already exists in this policy'])
  }
  const conditions = kind.conditions(objectIn(given, 'conditions') as Readonly<Record<string, Json>>)
  checkReferences(context, conditions)
  const actions = objectIn(given, 'actions')
  const rule = context.tables.policyRules.insert({
    id: newId(context, kind.rulePrefix),
    policyId: policy.id,
    type: kind.ruleType,
    name,
    status,
    priority: 1,
    system: false,
    conditions,
    actions: kind.actions?.(actions) ?? actions,
    created: context.now,
    lastUpdated: context.now,
  })
  return placeRule(context, policy, rule, priorityIn(given))
}

export function updateRule(context: Context, policy: Policy, rule: PolicyRule, given: Json): PolicyRule {
  const name = requireName(given)
  const kind = policyType(policy.type)
  if (rulesOf(context, policy.id).some((peer) => peer.id !== rule.id && peer.name === name)) {
    invalid('name', ['name: Rule name already exists in this policy'])
  }
  const actions = objectIn(given, 'actions')
  const conditions = rule.system
    ? rule.conditions
    : kind.conditions(objectIn(given, 'conditions') as Readonly<Record<string, Json>>)
  checkReferences(context, conditions)
  const updated = context.tables.policyRules.replace({
    ...rule,
    name: rule.system ? rule.name : name,
    conditions,
    actions: kind.actions?.(actions) ?? actions,
    lastUpdated: context.now,
  })
  const wanted = priorityIn(given)
  if (rule.system) return updated
  if (kind.catchAll) {
    const holders = rulesOf(context, policy.id).filter((peer) => !peer.system)
    return moveRule(context, updated, holders, wanted)
  }
  return wanted === undefined || wanted === rule.priority ? updated : placeRule(context, policy, updated, wanted)
}

export function removeRule(context: Context, policy: Policy, rule: PolicyRule): void {
  if (rule.system) fail('E0000001', 'system', ['You cannot delete the default rule.'])
  context.tables.policyRules.remove(rule.id)
  closeGaps(context, rulesOf(context, policy.id), 'policyRules')
}

export function setRuleStatus(context: Context, rule: PolicyRule, status: PolicyRule['status']): PolicyRule {
  if (rule.system && status === 'INACTIVE') fail('E0000001', 'system', ['You cannot deactivate the default rule.'])
  return context.tables.policyRules.patch(rule.id, { status, lastUpdated: context.now })
}

/** The number a policy or rule asks for; `null` asks for none. */
const priorityIn = (given: Json): number | undefined =>
  typeof given.priority === 'number' ? given.priority : undefined

function requireName(given: Json): string {
  const name = textIn(given, 'name')
  if (!name) invalid('name', [blank('name')])
  return name as string
}

/** Policies that are told apart by people keep their condition; those of apps have none. */
function policyConditions(context: Context, type: string, given: Json): Json | null {
  const conditions = given.conditions as Json | null | undefined
  if (type === 'PASSWORD') {
    const { people, authProvider = { provider: 'OKTA' } } = (conditions ?? {}) as Record<string, unknown>
    const named = { ...(people !== undefined && { people }), authProvider }
    checkReferences(context, named)
    return named
  }
  if (conditions) checkReferences(context, conditions)
  return conditions ?? null
}

/** Groups, users and zones that conditions name must exist. */
function checkReferences(context: Context, conditions: Json | null): void {
  const people = (conditions?.people ?? {}) as Readonly<Record<string, Json>>
  const missing: string[] = []
  for (const id of named(people.groups)) if (!context.tables.groups.has(id)) missing.push(`Invalid group: ${id}`)
  if (missing.length > 0) invalid('conditions.people.groups', missing)
}

function named(list: Json | undefined): string[] {
  const ids = [...((list?.include ?? []) as string[]), ...((list?.exclude ?? []) as string[])]
  return ids.filter((id) => id.startsWith('00g'))
}

function withSettings(context: Context, type: string, given: Json): { settings?: Json } {
  const settings = completeSettings(context.tables, type, given.settings as Json | undefined)
  return settings ? { settings } : {}
}

function placePolicy(context: Context, policy: Policy, wanted: number | undefined): Policy {
  const peers = policiesOf(context, policy.owner, policy.type)
  for (const [id, priority] of rank(peers, policy.id, wanted)) {
    if (context.tables.policies.get(id)?.priority !== priority) context.tables.policies.patch(id, { priority })
  }
  return context.tables.policies.get(policy.id) as Policy
}

/**
 * Gives a rule its place. Where rules are ranked the others make room; rules of apps keep the number they ask for, zero
 * included, and push on whoever holds it.
 */
function placeRule(context: Context, policy: Policy, rule: PolicyRule, wanted: number | undefined): PolicyRule {
  const peers = rulesOf(context, policy.id)
  if (policyType(policy.type).catchAll) {
    const others = peers.filter((peer) => peer.id !== rule.id && !peer.system)
    return moveRule(context, rule, others, wanted)
  }
  for (const [id, priority] of rank(peers, rule.id, wanted)) {
    if (context.tables.policyRules.get(id)?.priority !== priority) context.tables.policyRules.patch(id, { priority })
  }
  return context.tables.policyRules.get(rule.id) as PolicyRule
}

/**
 * Puts a rule at a number, behind all holders of one when it asks for none; holders of that number and the ones behind
 * it, without a gap, each move one on.
 *
 * @param holders who holds a number. A rule that is replaced still holds its old one, so it pushes others on even when
 *   it stays where it was (recorded: replacing rule 1 of 1, 2, 3 by itself leaves 1, 3, 4), and the only rule of a
 *   policy counts up when it is replaced without a number (recorded: to 10, by terraform-provider-okta)
 */
function moveRule(
  context: Context,
  rule: PolicyRule,
  holders: readonly PolicyRule[],
  wanted: number | undefined,
): PolicyRule {
  const priority = wanted ?? holders.reduce((highest, { priority }) => Math.max(highest, priority), -1) + 1
  let taken = priority
  for (const holder of holders) {
    if (holder.priority !== taken) continue
    taken += 1
    context.tables.policyRules.patch(holder.id, { priority: taken })
  }
  return context.tables.policyRules.patch(rule.id, { priority })
}

function closeGaps(
  context: Context,
  members: readonly { id: string; priority: number }[],
  table: 'policies' | 'policyRules',
) {
  members.forEach((member, position) => {
    if (table === 'policies') context.tables.policies.patch(member.id, { priority: position + 1 })
    else if (member.priority !== 99 && member.priority > position + 1) {
      context.tables.policyRules.patch(member.id, { priority: position + 1 })
    }
  })
}

/** What a call created or changed, as the system log names it. */
export const policyTarget = (policy: Policy) => target('PolicyEntity', policy.id, policy.name)
export const ruleTarget = (rule: PolicyRule) => target('PolicyRule', rule.id, rule.name)
