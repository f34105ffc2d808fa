import type { Caller } from '../caller.ts'
import { fail, invalid, notFound, taken } from '../errors.ts'
import { type Recorder, record, userTarget } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import { objectIn } from '../operations/body.ts'
import type { OktaMoment } from '../operations/define.ts'
import { foldLogin, type Password, type ProfileSchema, type User, type UserStatus } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import type { OktaTables } from '../tables.ts'
import { followGroups, unassign } from './assignments.ts'
import { applyRules } from './groupRules.ts'
import { groupsOf, leave } from './membership.ts'
import { hashPassword, passwordComplaint, passwordSettings } from './password.ts'
import { compact, profileComplaints, undefinedAttributes } from './profile.ts'

/** The user a path names: by id, by login, by the part of a login before `@` when only one has it, or `me`. */
export function findUser(tables: OktaTables, name: string, caller?: Caller): User | undefined {
  if (name === 'me' && caller?.userId) return tables.users.get(caller.userId)
  const exact = tables.users.get(name) ?? tables.users.by('login', foldLogin(name))
  if (exact) return exact
  const short = tables.users.where('shortName', foldLogin(name))
  return short.length === 1 ? short[0] : undefined
}

/** The same, or 404. */
export const userOf = (call: { readonly tables: OktaTables; readonly caller: Caller }, name: string): User =>
  findUser(call.tables, name, call.caller) ?? notFound(name, 'User')

export function schemaOf(tables: OktaTables, typeId: string): ProfileSchema {
  const schema = tables.schemas.get(PREFIX.schema + typeId.slice(3))
  if (!schema) throw new Error(`User type ${typeId} has no schema`)
  return schema
}

export function defaultType(tables: OktaTables) {
  const type = tables.userTypes.all().find((candidate) => candidate.default)
  if (!type) throw new Error('The org has no default user type')
  return type
}

/** Id of the realm of those who are put in no other. */
export function defaultRealm(tables: OktaTables): string {
  const realm = tables.realms.all().find(({ data }) => data.isDefault)
  if (!realm) throw new Error('The org has no default realm')
  return realm.id
}

/**
 * Refuses a profile that its schema does not allow, with every cause at once; the summary names the first field.
 * Logins are unique over all statuses and types, without regard to case.
 */
export function checkProfile(tables: OktaTables, schema: ProfileSchema, profile: Json, self: User | undefined): void {
  const [unknown] = undefinedAttributes(schema, profile)
  if (unknown !== undefined) {
    invalid(self ? 'user' : 'newUser', [`Property name '${unknown}' is not defined in profile`])
  }
  const complaints = profileComplaints(schema, profile)
  const login = typeof profile.login === 'string' ? tables.users.by('login', foldLogin(profile.login)) : undefined
  if (login && login.id !== self?.id) complaints.push({ field: 'login', cause: taken('login') })
  for (const field of uniqueAttributes(schema)) {
    const clash = tables.users
      .all()
      .some((other) => other.id !== self?.id && sameText(other.profile[field], profile[field]))
    if (clash) complaints.push({ field, cause: taken(field) })
  }
  const [first] = complaints
  if (first)
    invalid(
      first.field,
      complaints.map(({ cause }) => cause),
    )
}

const uniqueAttributes = (schema: ProfileSchema): string[] =>
  Object.entries(schema.custom).flatMap(([name, property]) => (property.unique === 'UNIQUE_VALIDATED' ? [name] : []))

const sameText = (a: unknown, b: unknown): boolean =>
  a !== undefined && b !== undefined && b !== null && String(a).toLowerCase() === String(b).toLowerCase()

/** What a request says of credentials. */
export interface GivenCredentials {
  readonly password?: { readonly value?: string; readonly hash?: Json; readonly hook?: { readonly type?: string } }
  readonly recovery_question?: { readonly question?: string; readonly answer?: string }
  readonly provider?: { readonly type?: string; readonly name?: string }
}

export const credentialsIn = (body: Json): GivenCredentials => objectIn(body, 'credentials') as GivenCredentials

/** The password a request sets: a value (checked against the policy), an imported hash, or one a hook will know. */
export function passwordFrom(
  tables: OktaTables,
  given: GivenCredentials['password'],
  user: Pick<User, 'profile' | 'password' | 'passwordHistory'>,
  groupIds: readonly string[],
  history: boolean,
): Password | undefined {
  if (!given) return undefined
  if (given.hook) return { algorithm: 'HOOK', value: given.hook.type ?? 'default' }
  if (given.hash) return importedHash(given.hash)
  if (given.value === undefined || given.value === null) return undefined
  const complaint = passwordComplaint(passwordSettings(tables, groupIds), given.value, user, { history })
  if (complaint) invalid('password', [`password: ${complaint}`])
  return hashPassword(given.value, user.profile.login)
}

const ALGORITHMS = new Set(['BCRYPT', 'SHA-512', 'SHA-256', 'SHA-1', 'MD5', 'PBKDF2'])

function importedHash(hash: Json): Password {
  if (!ALGORITHMS.has(String(hash.algorithm))) {
    invalid('password', ['password.hash.algorithm: Invalid password hash algorithm'])
  }
  if (hash.value === undefined) invalid('password', ['password.hash.value: The field cannot be left blank'])
  return hash as unknown as Password // the members of an imported hash are the row's own
}

/** Moves a user to a status, with the times that go with it. */
export function moveTo(call: Recorder, user: User, status: UserStatus, changes: Partial<User> = {}): User {
  return call.tables.users.patch(user.id, {
    status,
    statusChanged: call.now,
    lastUpdated: call.now,
    ...changes,
  })
}

/** STAGED or DEPROVISIONED → ACTIVE when there is a password or another place that has it, else PROVISIONED. */
export function activate(call: Recorder, user: User): User {
  const ready = user.password !== undefined || user.provider.type === 'FEDERATION' || user.provider.type === 'SOCIAL'
  const moved = moveTo(call, user, ready ? 'ACTIVE' : 'PROVISIONED', { activated: call.now })
  record(call, 'user.lifecycle.activate', [userTarget(moved)])
  followGroups(call, moved)
  applyRules(call, moved.id)
  return moved
}

/** Deactivation takes everything a user had: assignments, memberships, sessions, tokens, factors, roles, the password. */
export function deactivate(call: Recorder, user: User): User {
  if (user.status === 'DEPROVISIONED') return user
  const { tables } = call
  for (const assignment of tables.appUsers.where('user', user.id)) unassign(call, assignment, user)
  for (const membership of tables.memberships.where('user', user.id)) {
    const group = tables.groups.get(membership.groupId)
    if (group) leave(call, group, user, true)
  }
  endSessions(call, user, true)
  for (const factor of tables.factors.where('user', user.id)) tables.factors.remove(factor.id)
  for (const role of tables.roleAssignments.where('holder', user.id)) {
    tables.roleAssignments.remove(role.key)
    for (const aim of tables.roleTargets.where('assignment', role.key)) tables.roleTargets.remove(aim.key)
  }
  const { password, activationToken, recoveryToken, suspendedFrom, failedLogins, ...kept } =
    tables.users.get(user.id) ?? user
  const moved = tables.users.replace({
    ...kept,
    status: 'DEPROVISIONED',
    statusChanged: call.now,
    lastUpdated: call.now,
  })
  record(call, 'user.lifecycle.deactivate', [userTarget(moved)])
  return moved
}

/** Removes a deactivated user for good; the login is free again. */
export function erase(call: Recorder, user: User): void {
  const { tables } = call
  record(call, 'user.lifecycle.delete.initiated', [userTarget(user)])
  for (const value of [
    ...tables.linkedValues.where('user', user.id),
    ...tables.linkedValues.where('primaryUser', user.id),
  ]) {
    tables.linkedValues.remove(`${value.name}/${value.associatedId}`)
  }
  for (const owner of tables.groupOwners.where('owner', user.id)) tables.groupOwners.remove(owner.key)
  for (const token of tables.apiTokens.where('user', user.id)) tables.apiTokens.remove(token.id)
  tables.users.remove(user.id)
  record(call, 'user.lifecycle.delete.completed', [userTarget(user)])
}

/** Ends the sessions of a user, and the OAuth tokens when asked. */
export function endSessions(call: Recorder, user: User, oauthTokens: boolean): void {
  const { tables } = call
  for (const session of tables.sessions.where('user', user.id)) tables.sessions.remove(session.id)
  if (!oauthTokens) return
  for (const token of tables.accessTokens.where('user', user.id))
    tables.accessTokens.patch(token.secret, { revoked: true })
  for (const token of tables.refreshTokens.where('user', user.id)) tables.refreshTokens.remove(token.id)
}

/** Stores a new password, the old one going into the history. */
export function withPassword(call: Pick<Recorder, 'now'>, user: User, password: Password): Partial<User> {
  const passwordHistory = [...(user.password ? [user.password] : []), ...(user.passwordHistory ?? [])].slice(0, 24)
  return { password, passwordHistory, passwordChanged: call.now, lastUpdated: call.now }
}

export const groupIdsOf = (call: Pick<Recorder, 'tables'>, user: User): string[] =>
  groupsOf(call, user).map((group) => group.id)

/** A stored profile: what was given, without attributes that hold nothing. */
export const storedProfile = (profile: Json): User['profile'] => compact(profile) as User['profile']

/** Someone the org comes with: active, of the default type, with a password. Writes no event. */
export function settle(moment: OktaMoment, profile: User['profile'], password: string): User {
  const { tables, now } = moment
  return tables.users.insert({
    id: newId(moment, PREFIX.user),
    status: 'ACTIVE',
    created: now,
    activated: now,
    statusChanged: now,
    lastUpdated: now,
    passwordChanged: now,
    typeId: defaultType(tables).id,
    realmId: defaultRealm(tables),
    profile,
    password: hashPassword(password, profile.login),
    provider: { type: 'OKTA', name: 'OKTA' },
  })
}

/** Refuses what only some statuses allow. */
export function requireStatus(
  user: User,
  allowed: readonly UserStatus[],
  code: 'E0000038' | 'E0000035' | 'E0000036' | 'E0000034' = 'E0000038',
): void {
  if (!allowed.includes(user.status)) fail(code)
}
