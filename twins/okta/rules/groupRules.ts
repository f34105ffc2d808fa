import type { Recorder } from '../events.ts'
import { record, target } from '../events.ts'
import type { Group, GroupRule, User } from '../tables/directory.ts'
import { membershipKey } from '../tables/directory.ts'
import { type Expression, ExpressionError, holds, parseExpression, type Scope } from './expression.ts'
import { groupsOf, join, leave } from './membership.ts'

/** Rules that feed each other through `isMemberOf…` settle within this many rounds, or are cut off. */
const ROUNDS = 5

/** An expression, or nothing when it does not parse: stored rules have been checked. */
function parsed(source: string): Expression | undefined {
  try {
    return parseExpression(source)
  } catch (error) {
    if (error instanceof ExpressionError) return undefined
    throw error
  }
}

/** What an expression may ask of a user. */
export function userScope(call: Pick<Recorder, 'tables' | 'now'>, user: User): Scope {
  return {
    names: { user: { ...user.profile, id: user.id, status: user.status } },
    groups: groupsOf(call, user).map((group) => ({ id: group.id, name: group.profile.name })),
    now: call.now,
    internal: { id: user.id, status: user.status },
  }
}

function applies(call: Pick<Recorder, 'tables' | 'now'>, rule: GroupRule, user: User): boolean {
  if (user.status === 'DEPROVISIONED' || rule.excludedUsers.includes(user.id)) return false
  const expression = parsed(rule.expression)
  return expression !== undefined && holds(expression, userScope(call, user))
}

/**
 * Applies every active rule to a user, after a change of profile, status or membership: joins the groups of rules that
 * hold, leaves those that only rules no longer holding had given.
 */
export function applyRules(call: Recorder, userId: string): void {
  const active = call.tables.groupRules.all().filter((rule) => rule.status === 'ACTIVE')
  if (active.length === 0) return
  for (let round = 0, changed = true; changed && round < ROUNDS; round++) {
    const user = call.tables.users.get(userId)
    if (!user || user.status === 'DEPROVISIONED') return
    changed = active.map((rule) => applyRule(call, rule, user)).some(Boolean)
  }
}

function applyRule(call: Recorder, rule: GroupRule, user: User): boolean {
  const wanted = applies(call, rule, user)
  let changed = false
  for (const groupId of rule.groupIds) {
    const group = call.tables.groups.get(groupId)
    if (!group) continue
    const given = call.tables.memberships.get(membershipKey(groupId, user.id))?.byRules.includes(rule.id) ?? false
    if (wanted === given) continue
    if (wanted) join(call, group, user, rule.id)
    else withdraw(call, group, user, rule.id)
    changed = true
  }
  return changed
}

/** Takes back what one rule gave; who is also there by hand or by another rule stays. */
function withdraw(call: Recorder, group: Group, user: User, ruleId: string): void {
  const key = membershipKey(group.id, user.id)
  const membership = call.tables.memberships.get(key)
  if (!membership) return
  const byRules = membership.byRules.filter((id) => id !== ruleId)
  if (byRules.length > 0 || membership.byHand) call.tables.memberships.patch(key, { byRules })
  else leave(call, group, user, true)
}

/** Applies a rule to everybody: it was activated. */
export function applyToAll(call: Recorder, rule: GroupRule): void {
  record(call, 'group.user_membership.rule.trigger', [ruleTarget(rule)], { actor: 'system' })
  for (const user of call.tables.users.all()) {
    if (applyRule(call, rule, user)) applyRules(call, user.id)
  }
}

/** Lets go of a rule's members: they stay as if put there by hand, or leave. */
export function releaseMembers(call: Recorder, rule: GroupRule, remove: boolean): void {
  for (const groupId of rule.groupIds) {
    const group = call.tables.groups.get(groupId)
    if (!group) continue
    for (const membership of call.tables.memberships.where('group', groupId)) {
      if (!membership.byRules.includes(rule.id)) continue
      const user = call.tables.users.get(membership.userId)
      if (remove && user) withdraw(call, group, user, rule.id)
      else {
        const byRules = membership.byRules.filter((id) => id !== rule.id)
        call.tables.memberships.patch(membershipKey(groupId, membership.userId), { byRules, byHand: true })
      }
    }
  }
}

/** Somebody was taken out by hand: the rules that had put them there will not do so again. */
export function excludeFromRules(call: Recorder, ruleIds: readonly string[], user: User): void {
  for (const id of ruleIds) {
    const rule = call.tables.groupRules.get(id)
    if (!rule || rule.excludedUsers.includes(user.id)) continue
    call.tables.groupRules.patch(id, { excludedUsers: [...rule.excludedUsers, user.id] })
    record(call, 'group.user_membership.rule.add_exclusion', [ruleTarget(rule)])
  }
}

/** A group went: rules that fed it are broken for good. */
export function invalidateRules(call: Recorder, groupId: string): void {
  for (const rule of call.tables.groupRules.where('group', groupId)) {
    call.tables.groupRules.patch(rule.id, { status: 'INVALID', lastUpdated: call.now })
    record(call, 'group.user_membership.rule.invalidate', [ruleTarget(rule)], { actor: 'system' })
  }
}

export const ruleTarget = (rule: GroupRule) => target('Rule', rule.id, rule.name)
