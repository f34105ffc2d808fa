import { accepted, noContent, ok } from '../../../shared/kernel/reply.ts'
import { blank, invalid, notFound, taken } from '../errors.ts'
import { record } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import { page } from '../paging.ts'
import { objectBody } from '../resource.ts'
import { ExpressionError, parseExpression } from '../rules/expression.ts'
import { applyToAll, releaseMembers, ruleTarget } from '../rules/groupRules.ts'
import type { GroupRule } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { groupRuleView } from '../views/groups.ts'
import { objectIn, textIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

/** Rules that put users into groups by their profile. */
export const groupRules = operations({
  listGroupRules(call) {
    const { search, expand } = call.query as Record<string, string | undefined>
    const all = call.tables.groupRules.all()
    const list = search ? all.filter((rule) => rule.name.toLowerCase().includes(search.toLowerCase())) : all
    return page(call, list, { limit: 50, max: 200 }, (rule) => expanded(call, rule, expand))
  },

  /** Always INACTIVE, whatever is sent. */
  createGroupRule(call) {
    const rule = call.tables.groupRules.insert({
      id: newId(call, PREFIX.groupRule),
      status: 'INACTIVE',
      created: call.now,
      lastUpdated: call.now,
      ...checked(call, objectBody(call), undefined),
    })
    record(call, 'group.user_membership.rule.create', [ruleTarget(rule)])
    return ok(groupRuleView(rule))
  },

  getGroupRule(call) {
    return ok(expanded(call, ruleOf(call), call.query.expand))
  },

  replaceGroupRule(call) {
    const before = ruleOf(call)
    if (before.status !== 'INACTIVE') {
      invalid('groupRule', ['Group rule must be deactivated before it can be updated'])
    }
    const changes = checked(call, objectBody(call), before)
    if (!sameGroups(changes.groupIds, before.groupIds)) {
      invalid('actions', ["The action's groups of a group rule cannot be changed"])
    }
    const rule = call.tables.groupRules.patch(before.id, { ...changes, lastUpdated: call.now })
    record(call, 'group.user_membership.rule.update', [ruleTarget(rule)])
    return ok(groupRuleView(rule))
  },

  deleteGroupRule(call) {
    const rule = ruleOf(call)
    if (rule.status === 'ACTIVE') invalid('groupRule', ['Group rule must be deactivated before it can be deleted'])
    releaseMembers(call, rule, (call.query as { removeUsers?: boolean }).removeUsers === true)
    call.tables.groupRules.remove(rule.id)
    record(call, 'group.user_membership.rule.delete', [ruleTarget(rule)])
    return accepted({})
  },

  activateGroupRule(call) {
    const before = ruleOf(call)
    if (before.status === 'INVALID') invalid('groupRule', ['The rule refers to a group that no longer exists'])
    const rule = call.tables.groupRules.patch(before.id, { status: 'ACTIVE', lastUpdated: call.now })
    if (before.status !== 'ACTIVE') applyToAll(call, rule)
    return noContent()
  },

  deactivateGroupRule(call) {
    const before = ruleOf(call)
    if (before.status === 'ACTIVE') {
      const rule = call.tables.groupRules.patch(before.id, { status: 'INACTIVE', lastUpdated: call.now })
      record(call, 'group.user_membership.rule.deactivated', [ruleTarget(rule)])
    }
    return noContent()
  },
})

function ruleOf(call: OktaCall): GroupRule {
  const { groupRuleId } = call.params as { groupRuleId: string }
  return call.tables.groupRules.get(groupRuleId) ?? notFound(groupRuleId, 'GroupMembershipRule')
}

const sameGroups = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((id) => b.includes(id))

type Changes = Omit<GroupRule, 'id' | 'status' | 'created' | 'lastUpdated'>

/** What a rule says, once its name is free, its expression parses and its groups are there. */
function checked(call: OktaCall, body: Json, self: GroupRule | undefined): Changes {
  const name = textIn(body, 'name') ?? ''
  if (name === '' || name.length > 50) {
    invalid('name', [name === '' ? blank('name') : 'name: String is too long. Expected 1..50 characters'])
  }
  const clash = call.tables.groupRules.by('name', name)
  if (clash && clash.id !== self?.id) invalid('name', [taken('name')])
  const conditions = objectIn(body, 'conditions')
  const given = objectIn(conditions, 'expression')
  const expression = textIn(given, 'value') ?? ''
  try {
    parseExpression(expression)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    invalid('validateRule', [`Invalid expression: ${error.message}`])
  }
  const groupIds = (objectIn(objectIn(body, 'actions'), 'assignUserToGroups').groupIds ?? []) as string[]
  if (groupIds.length === 0) invalid('actions', [blank('groupIds')])
  for (const id of groupIds) {
    const group = call.tables.groups.get(String(id))
    if (!group) invalid('actions', [`groupIds: Group ${id} does not exist`])
    else if (group.type !== 'OKTA_GROUP') invalid('actions', [`groupIds: Group ${id} is not an Okta group`])
  }
  const people = objectIn(conditions, 'people')
  return {
    name,
    expression,
    expressionType: textIn(given, 'type') ?? 'urn:okta:expression:1.0',
    groupIds,
    excludedUsers: (objectIn(people, 'users').exclude ?? []) as string[],
    excludedGroups: (objectIn(people, 'groups').exclude ?? []) as string[],
  }
}

function expanded(call: OktaCall, rule: GroupRule, expand: unknown) {
  const view = groupRuleView(rule)
  if (expand !== 'groupIdToGroupNameMap') return view
  const names = rule.groupIds.map((id) => [id, call.tables.groups.get(id)?.profile.name ?? null])
  return { ...view, _embedded: { groupIdToGroupNameMap: Object.fromEntries(names) } }
}
