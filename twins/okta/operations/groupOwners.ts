import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { invalid, notFound, requireFields } from '../errors.ts'
import { groupTarget, record } from '../events.ts'
import { objectBody } from '../resource.ts'
import type { GroupOwner } from '../tables/directory.ts'
import { type OktaCall, operations } from './define.ts'
import { groupOf } from './groups.ts'

/** Owners of groups: users, or other groups. */
export const groupOwners = operations({
  listGroupOwners(call) {
    const group = groupOf(call, call.params.groupId)
    const limit = Number((call.query as { limit?: number }).limit ?? 1000)
    const owners = call.tables.groupOwners.where('group', group.id).slice(0, limit)
    return ok(owners.map((owner) => ({ ...ownerView(call, owner), lastUpdated: listedTime(owner.lastUpdated) })))
  },

  assignGroupOwner(call) {
    const group = groupOf(call, call.params.groupId)
    const body = objectBody(call)
    requireFields(body, ['id', 'type'])
    const ownerId = String(body.id)
    const type = body.type === 'GROUP' ? 'GROUP' : 'USER'
    if (type === 'GROUP') groupOf(call, ownerId)
    else if (!call.tables.users.has(ownerId)) notFound(ownerId, 'User')
    const key = `${group.id}/${ownerId}`
    if (call.tables.groupOwners.has(key)) invalid('owner', ['Provided owner is already assigned to this group'])
    const owner = call.tables.groupOwners.insert({ key, groupId: group.id, ownerId, type, lastUpdated: call.now })
    record(call, 'group.owner.add', [groupTarget(group)])
    return created(ownerView(call, owner))
  },

  deleteGroupOwner(call) {
    const group = groupOf(call, call.params.groupId)
    const { ownerId } = call.params
    if (!call.tables.groupOwners.remove(`${group.id}/${ownerId}`)) notFound(ownerId, 'LinkedObject')
    record(call, 'group.owner.remove', [groupTarget(group)])
    return noContent()
  },
})

function ownerView(call: OktaCall, owner: GroupOwner) {
  const user = call.tables.users.get(owner.ownerId)
  const name = user
    ? `${user.profile.firstName ?? ''} ${user.profile.lastName ?? ''}`.trim()
    : call.tables.groups.get(owner.ownerId)?.profile.name
  return {
    id: owner.ownerId,
    type: owner.type,
    resolved: true,
    originId: null,
    originType: 'OKTA_DIRECTORY',
    displayName: name,
    lastUpdated: javaTime(owner.lastUpdated),
  }
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Wed Mar 04 10:08:01 UTC 2026`: no ISO time, seen in the reply of an assignment. */
function javaTime(instant: number): string {
  const date = new Date(instant)
  const day = String(date.getUTCDate()).padStart(2, '0')
  const time = date.toISOString().slice(11, 19)
  return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${day} ${time} UTC ${date.getUTCFullYear()}`
}

/** `2026-03-04 10:08:01.0`: the list shows the same time in yet another way. */
const listedTime = (instant: number): string => `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')}.0`
