import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import { page } from '../paging.ts'
import { objectBody } from '../resource.ts'
import { followGroups } from '../rules/assignments.ts'
import { applyRules } from '../rules/groupRules.ts'
import { everyone, join } from '../rules/membership.ts'
import { listOrder, queried, searched } from '../rules/userSearch.ts'
import {
  activate,
  checkProfile,
  credentialsIn,
  deactivate,
  defaultRealm,
  defaultType,
  erase,
  type GivenCredentials,
  groupIdsOf,
  moveTo,
  passwordFrom,
  schemaOf,
  storedProfile,
  userOf,
  withPassword,
} from '../rules/users.ts'
import type { Group, User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { withoutOmitted } from '../views/userOmissions.ts'
import { listedUser, userView } from '../views/users.ts'
import { objectIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

const PAGE = { limit: 200, max: 200 }

/** Users: create, read, find, change, delete. Lifecycle and credentials are in their own files. */
export const users = operations({
  listUsers(call) {
    const { search, filter, q, sortBy, sortOrder } = call.query as Record<string, string | undefined>
    if (filter && (q || search)) fail('E0000033')
    if (q && search) fail('E0000031', '', ['Invalid search query.'])
    if (!mayRead(call)) return page(call, [], PAGE, () => ({}))
    const view = (user: User) => withoutOmitted(listedUser(user, call), call.request.header('content-type'))
    if (search || sortBy) {
      const list = searched(call, search, sortBy, sortOrder)
      return page(call, list, { ...PAGE, ...listOrder(sortBy, sortOrder) }, view)
    }
    if (filter) return page(call, queried(call, filter), PAGE, view)
    const visible = call.tables.users.all().filter((user) => user.status !== 'DEPROVISIONED')
    if (!q) return page(call, visible, PAGE, view)
    const limit = Math.min(Number(call.query.limit ?? 10), 200)
    const wanted = q.toLowerCase()
    const starts = (value: unknown) => typeof value === 'string' && value.toLowerCase().startsWith(wanted)
    const hits = visible.filter(
      ({ profile }) => starts(profile.firstName) || starts(profile.lastName) || starts(profile.email),
    )
    return ok(hits.slice(0, limit).map(view))
  },

  createUser(call) {
    const body = objectBody(call)
    const user = newUser(call, body)
    const stored = call.tables.users.insert(user)
    record(call, 'user.lifecycle.create', [userTarget(stored)])
    for (const group of groupsNamed(call, body.groupIds)) join(call, group, stored)
    if (call.query.activate === false) return ok(userView(stored, call))
    const active = activate(call, stored)
    const expire = call.query.nextLogin === 'changePassword'
    return ok(
      userView(expire ? moveTo(call, active, 'PASSWORD_EXPIRED') : (call.tables.users.get(active.id) ?? active), call),
    )
  },

  getUser(call) {
    const user = userOf(call, call.params.id)
    const view = withoutOmitted(userView(user, call), call.request.header('content-type'))
    const expand = String(call.query.expand ?? '').split(',')
    const embedded = {
      ...(expand.includes('blocks') && { blocks: blocksOf(user) }),
      ...(expand.includes('classification') && { classification: classificationOf(user) }),
    }
    return ok(Object.keys(embedded).length ? { ...view, _embedded: embedded } : view, { etag: etagOf(user) })
  },

  updateUser(call) {
    const user = changeable(call)
    const body = objectBody(call)
    const type = objectIn(body, 'type').id
    if (type !== undefined && type !== user.typeId) {
      invalid('type', ['type: The type of a user can only be changed by a full update'])
    }
    const profile = body.profile === undefined ? user.profile : { ...user.profile, ...objectIn(body, 'profile') }
    return ok(userView(changed(call, user, profile, user.typeId, body), call))
  },

  replaceUser(call) {
    const user = changeable(call)
    const body = objectBody(call)
    const type = objectIn(body, 'type').id
    const typeId = type === undefined ? user.typeId : typeNamed(call, String(type))
    const profile = body.profile === undefined ? user.profile : objectIn(body, 'profile')
    return ok(userView(changed(call, user, profile, typeId, body), call))
  },

  /** Twice: the first call deactivates, the second erases. */
  deleteUser(call) {
    const user = userOf(call, call.params.id)
    if (user.status === 'DEPROVISIONED') erase(call, user)
    else deactivate(call, user)
    return noContent()
  },

  listUserBlocks(call) {
    return ok(blocksOf(userOf(call, call.params.id)))
  },
})

/** A service app with scopes but no role sees an empty list (seen in traffic). */
const mayRead = ({ caller }: OktaCall): boolean => caller.kind !== 'client' || caller.roles.length > 0

const blocksOf = (user: User) =>
  user.status === 'LOCKED_OUT'
    ? [{ type: 'DEVICE_BASED', appliesTo: 'ANY_DEVICES' }]
    : user.blocked
      ? [{ type: 'DEVICE_BASED', appliesTo: 'UNKNOWN_DEVICES' }]
      : []

const classificationOf = (user: User) => ({ type: user.classification?.type ?? 'STANDARD' })

/** Weak, as Okta's: it changes with `lastUpdated`. */
export const etagOf = (user: User): string =>
  `W/"${Buffer.from(`${user.id}${user.lastUpdated}`).toString('hex').padEnd(64, '0').slice(0, 64)}"`

/** The user to change, once `If-Match` and the status allow it. */
function changeable(call: OktaCall): User {
  const user = userOf(call, (call.params as { id: string }).id)
  const match = call.request.header('if-match')
  if (match !== undefined) {
    if (!/^(W\/)?"[^"]*"$|^\*$/.test(match)) fail('E0000242')
    if (match !== '*' && match !== etagOf(user)) fail('E0000231')
  }
  if (user.status === 'DEPROVISIONED') fail('E0000038')
  return user
}

function typeNamed(call: OktaCall, id: string): string {
  return (call.tables.userTypes.get(id) ?? invalid('type', [`type: User type ${id} does not exist`])).id
}

function groupsNamed(call: OktaCall, ids: unknown): Group[] {
  if (!Array.isArray(ids)) return []
  return ids.map((id) => {
    const group = call.tables.groups.get(String(id)) ?? notFound(String(id), 'UserGroup')
    if (group.type !== 'OKTA_GROUP') invalid('groupIds', [`groupIds: ${group.id} is not a group users can be added to`])
    return group
  })
}

/** A user as asked for, checked, STAGED. */
function newUser(call: OktaCall, body: Json): User {
  const { tables, now } = call
  const given = credentialsIn(body)
  const query = call.query as { nextLogin?: string; activate?: boolean; provider?: boolean }
  if (query.nextLogin === 'changePassword') {
    if (given.password?.value === undefined) fail('E0000124')
    if (query.activate === false) fail('E0000125')
  }
  const type = objectIn(body, 'type').id
  const typeId = type === undefined ? defaultType(tables).id : typeNamed(call, String(type))
  const profile = objectIn(body, 'profile')
  checkProfile(tables, schemaOf(tables, typeId), profile, undefined)
  const stored = storedProfile(profile)
  const groupIds = [everyone(call).id, ...groupsNamed(call, body.groupIds).map((group) => group.id)]
  const password = passwordFrom(tables, given.password, { profile: stored }, groupIds, false)
  const recovery = recoveryFrom(given)
  const realmId = body.realmId
  return {
    id: newId(call, PREFIX.user),
    status: 'STAGED',
    created: now,
    lastUpdated: now,
    typeId,
    realmId: typeof realmId === 'string' ? realmId : defaultRealm(tables),
    profile: stored,
    ...(password && { password, passwordChanged: now, statusChanged: now }),
    ...(recovery && { recoveryQuestion: recovery }),
    provider: providerFrom(given),
  }
}

/** Who brings a password from elsewhere, as a hash or by a hook, is imported. */
function providerFrom({ provider, password }: GivenCredentials): User['provider'] {
  if (!provider?.type) {
    const type = password?.hash || password?.hook ? 'IMPORT' : 'OKTA'
    return { type, name: type }
  }
  return { type: provider.type, ...((provider.name ?? provider.type) && { name: provider.name ?? provider.type }) }
}

export function recoveryFrom({ recovery_question: given }: GivenCredentials): User['recoveryQuestion'] {
  if (!given?.question) return undefined
  const { question, answer } = given
  if (!answer) invalid('recovery_question', ['recovery_question.answer: The field cannot be left blank'])
  return { question, answer: answer as string }
}

/** Stores a changed profile and credentials; a new password may move the status. */
function changed(call: OktaCall, before: User, profile: Json, typeId: string, body: Json): User {
  const { tables, now } = call
  const given = credentialsIn(body)
  checkProfile(tables, schemaOf(tables, typeId), profile, before)
  const strict = (call.query as { strict?: boolean }).strict === true
  const password = passwordFrom(tables, given.password, before, groupIdsOf(call, before), strict)
  const recovery = recoveryFrom(given)
  const moves = password && (before.status === 'PROVISIONED' || RESTORED.has(before.status))
  const user = tables.users.patch(before.id, {
    profile: storedProfile(profile),
    typeId,
    lastUpdated: now,
    ...(password && withPassword(call, before, password)),
    ...(recovery && { recoveryQuestion: recovery }),
    ...((given.provider || given.password?.hash) && { provider: providerFrom(given) }),
    ...(typeof body.realmId === 'string' && { realmId: body.realmId }),
    ...(moves && { status: 'ACTIVE' as const, statusChanged: now, failedLogins: 0 }),
  })
  record(call, 'user.account.update_profile', [userTarget(user)])
  if (password) record(call, 'user.account.update_password', [userTarget(user)])
  if (typeId !== before.typeId) record(call, 'user.account.update_user_type', [userTarget(user)])
  applyRules(call, user.id)
  followGroups(call, user)
  return tables.users.get(user.id) ?? user
}

/** A password set by an administrator ends these. */
const RESTORED = new Set(['RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT'])
