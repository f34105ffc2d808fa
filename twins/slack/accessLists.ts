import type { SlackCall, SlackMoment } from './caller.ts'
import { fail } from './errors.ts'
import { list } from './rules/arguments.ts'
import type { AccessList, App, Team } from './tables.ts'

/**
 * Who may use an app, a function, a trigger: one kind of list for all of them. Methods differ in which entities they take
 * and in which of several words they refuse, so the words come from the method's own catalogue of errors.
 */

export type Entities = Pick<AccessList, 'users' | 'usergroups' | 'channels' | 'teams' | 'orgs'>
type EntityKind = keyof Entities

const NONE: Entities = { users: [], usergroups: [], channels: [], teams: [], orgs: [] }
const KINDS = Object.keys(NONE) as readonly EntityKind[]
const MAX_ENTITIES = 100

/** The first of these codes that the method documents; the last one otherwise. */
export function refusal(call: SlackCall, ...codes: readonly string[]) {
  const own = (call.operation['x-slack-errors'] as readonly string[] | undefined) ?? []
  return fail(codes.find((code) => own.includes(code)) ?? (codes.at(-1) as string))
}

const EXISTS: Readonly<Record<EntityKind, (moment: SlackMoment, id: string) => boolean>> = {
  users: ({ tables }, id) => tables.users.has(id),
  usergroups: ({ tables }, id) => tables.usergroups.has(id),
  channels: ({ tables }, id) => tables.conversations.has(id),
  teams: ({ tables }, id) => tables.teams.has(id),
  orgs: ({ tables }, id) => tables.teams.rows().some((team) => team.enterpriseId === id),
}

const NOT_FOUND: Readonly<Record<EntityKind, string>> = {
  users: 'user_not_found',
  usergroups: 'usergroup_not_found',
  channels: 'channel_not_found',
  teams: 'team_not_found',
  orgs: 'org_not_found',
}

/** `user_ids`, `channel_ids`, … of a call, each known. */
function entitiesOf(call: SlackCall): Entities {
  const query = call.query as Readonly<Record<string, unknown>>
  const given = (kind: EntityKind) => [...new Set(list(query[`${kind.slice(0, -1)}_ids`]))]
  const entities = Object.fromEntries(KINDS.map((kind) => [kind, given(kind)])) as unknown as Entities
  for (const kind of KINDS) {
    if (entities[kind].some((id) => !EXISTS[kind](call, id)))
      throw refusal(call, NOT_FOUND[kind], 'invalid_named_entities', 'user_not_found')
  }
  if (count(entities) > MAX_ENTITIES) throw refusal(call, 'too_many_named_entities', 'invalid_arguments')
  return entities
}

const count = (entities: Entities): number => KINDS.reduce((sum, kind) => sum + entities[kind].length, 0)

/** The list of a resource; `type` when nobody has set one. */
export const accessOf = (moment: SlackMoment, resource: string, type: string): AccessList =>
  moment.tables.accessLists.get(resource) ?? { resource, type, ...NONE }

/** Sets the type; a list of names needs at least one. */
export function setAccess(call: SlackCall, resource: string, type: string): AccessList {
  const entities = entitiesOf(call)
  const isNamed = type.startsWith('named_entities')
  if (isNamed && count(entities) === 0)
    throw refusal(call, 'named_entities_cannot_be_empty', 'invalid_named_entities', 'no_valid_named_entities')
  if (!isNamed && count(entities) > 0)
    throw refusal(call, 'visibility_is_not_named_entities', 'invalid_permission_type', 'invalid_arguments')
  return call.tables.accessLists.put({ resource, type, ...entities })
}

function named(call: SlackCall, resource: string, type: string): AccessList {
  const row = accessOf(call, resource, type)
  if (row.type !== 'named_entities') throw refusal(call, 'invalid_permission_type')
  return row
}

const merged = (
  row: AccessList,
  change: (ids: readonly string[], kind: EntityKind) => readonly string[],
): AccessList => ({
  ...row,
  ...(Object.fromEntries(KINDS.map((kind) => [kind, change(row[kind], kind)])) as unknown as Entities),
})

export function addAccess(call: SlackCall, resource: string, type: string): AccessList {
  const row = named(call, resource, type)
  const added = entitiesOf(call)
  if (count(added) === 0) throw refusal(call, 'no_valid_named_entities', 'invalid_arguments')
  return call.tables.accessLists.put(merged(row, (ids, kind) => [...new Set([...ids, ...added[kind]])]))
}

export function removeAccess(call: SlackCall, resource: string, type: string): AccessList {
  const row = named(call, resource, type)
  const gone = entitiesOf(call)
  const left = merged(row, (ids, kind) => ids.filter((id) => !gone[kind].includes(id)))
  if (count(left) === 0) throw refusal(call, 'named_entities_cannot_be_empty', 'no_valid_named_entities')
  return call.tables.accessLists.put(left)
}

/** Whether a person is let through. */
export function allows(moment: SlackMoment, row: AccessList, userId: string, app?: App): boolean {
  if (row.type === 'everyone') return true
  if (row.type === 'app_collaborators') return app?.collaborators?.includes(userId) ?? false
  if (row.type !== 'named_entities') return false
  const user = moment.tables.users.get(userId)
  const team = moment.tables.teams.get(user?.teamId ?? '') as Team
  return (
    row.users.includes(userId) ||
    row.channels.some((channel) => moment.tables.memberships.has(`${channel}:${userId}`)) ||
    row.usergroups.some((group) => moment.tables.usergroups.get(group)?.users.includes(userId)) ||
    row.teams.includes(team.id) ||
    (team.enterpriseId !== undefined && row.orgs.includes(team.enterpriseId))
  )
}

/** `permission_type` with whoever is named, as triggers and apps show it. */
export function accessView(row: AccessList, app?: App): object {
  const people = row.type === 'app_collaborators' ? (app?.collaborators ?? []) : row.users
  const ids = { ...row, users: people }
  return {
    permission_type: row.type,
    ...Object.fromEntries(
      KINDS.flatMap((kind) => (ids[kind].length > 0 ? [[`${kind.slice(0, -1)}_ids`, ids[kind]]] : [])),
    ),
  }
}
