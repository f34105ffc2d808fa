import { ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { oneTimeToken } from '../ids.ts'
import { followGroups } from '../rules/assignments.ts'
import { activate, deactivate, endSessions, moveTo, requireStatus, userOf } from '../rules/users.ts'
import type { User } from '../tables/directory.ts'
import { type OktaCall, operations } from './define.ts'

const DAY = 24 * 3600 * 1000

/** Transitions of a user's status. Which are possible is the user's `_links`. */
export const userLifecycle = operations({
  activateUser(call) {
    const user = userOf(call, call.params.id)
    if (user.status === 'ACTIVE') fail('E0000016')
    if (user.status !== 'STAGED' && user.status !== 'DEPROVISIONED') requireStatus(user, ['PROVISIONED'])
    const active = user.status === 'PROVISIONED' ? user : activate(call, user)
    return ok(call.query.sendEmail === false ? activationLink(call, active) : {})
  },

  /** A new link for somebody who has not used the first; the old one dies. */
  reactivateUser(call) {
    const user = userOf(call, call.params.id)
    requireStatus(user, ['PROVISIONED', 'RECOVERY'])
    record(call, 'user.lifecycle.reactivate', [userTarget(user)])
    return ok(call.query.sendEmail === true ? {} : activationLink(call, user))
  },

  deactivateUser(call) {
    deactivate(call, userOf(call, call.params.id))
    return ok({})
  },

  suspendUser(call) {
    const user = userOf(call, call.params.id)
    if (user.status !== 'ACTIVE' && user.status !== 'PROVISIONED') {
      invalid('Cannot suspend a user that is not active')
    }
    const suspended = moveTo(call, user, 'SUSPENDED', { suspendedFrom: user.status })
    endSessions(call, suspended, true)
    record(call, 'user.lifecycle.suspend', [userTarget(suspended)])
    return ok({})
  },

  unsuspendUser(call) {
    const user = userOf(call, call.params.id)
    if (user.status !== 'SUSPENDED') invalid('Cannot unsuspend a user that is not suspended')
    moveTo(call, user, user.suspendedFrom ?? 'ACTIVE')
    record(call, 'user.lifecycle.unsuspend', [userTarget(user)])
    return ok({})
  },

  unlockUser(call) {
    const user = userOf(call, call.params.id)
    if (user.status === 'LOCKED_OUT') moveTo(call, user, 'ACTIVE', { failedLogins: 0, blocked: false })
    else if (user.blocked) call.tables.users.patch(user.id, { blocked: false, lastUpdated: call.now })
    else fail('E0000032', '', ['The user is not locked out.'])
    record(call, 'user.account.unlock_by_admin', [userTarget(user)])
    return ok({})
  },

  resetFactors(call) {
    const user = userOf(call, call.params.id)
    for (const factor of call.tables.factors.where('user', user.id)) call.tables.factors.remove(factor.id)
    record(call, 'user.mfa.factor.reset_all', [userTarget(user)])
    followGroups(call, user)
    return ok({})
  },
})

function activationLink(call: OktaCall, user: User) {
  const activationToken = oneTimeToken(call)
  call.tables.users.patch(user.id, { activationToken, activationExpires: call.now + 7 * DAY })
  return { activationUrl: call.link(`/tokens/${activationToken}/verify`), activationToken }
}
