import { actor, type SlackCall } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { announce } from '../events.ts'
import { newId, seconds } from '../ids.ts'
import { flag, list, text } from '../rules/arguments.ts'
import type { Usergroup } from '../tables.ts'
import { operations } from './define.ts'

const MAX_NAME = 255
const MAX_DESCRIPTION = 140

interface ViewOptions {
  readonly count?: boolean
  readonly users?: boolean
}

/** A user group. Every answer but list has its users. */
export function usergroupView(row: Usergroup, { count = true, users = true }: ViewOptions = {}): object {
  return {
    id: row.id,
    team_id: row.teamId,
    is_usergroup: true,
    is_subteam: true,
    name: row.name,
    description: row.description,
    handle: row.handle,
    is_external: false,
    date_create: row.created,
    date_update: row.updated,
    date_delete: row.deleted,
    auto_type: null,
    auto_provision: false,
    enterprise_subteam_id: '',
    created_by: row.createdBy,
    updated_by: row.updatedBy,
    deleted_by: row.deletedBy ?? null,
    prefs: { channels: row.channels, groups: [] },
    ...(users ? { users: row.users } : {}),
    ...(count ? { user_count: row.users.length, channel_count: row.channels.length } : {}),
  }
}

function requirePaid(call: SlackCall): void {
  if (call.caller.team.plan === 'free') throw fail('paid_teams_only')
}

function known(call: SlackCall, error = 'no_such_subteam'): Usergroup {
  const row = call.tables.usergroups.get(String((call.query as { usergroup?: string }).usergroup ?? ''))
  if (!row || row.teamId !== call.caller.team.id) throw fail(error)
  return row
}

/** A handle is unique among people, channels and groups. */
function handleFor(call: SlackCall, value: unknown, name: string, own?: string): string {
  const handle = text(value) ?? name.toLowerCase().replace(/[^a-z0-9._-]+/g, '-')
  if (!/^[\p{Ll}\p{N}._-]+$/u.test(handle)) throw fail('bad_handle')
  if (/^(here|channel|everyone|group)$/.test(handle)) throw fail('forbidden_handle')
  const { id: team } = call.caller.team
  const group = call.tables.usergroups.by('handle', [team, handle])
  const taken =
    (group && group.id !== own) ||
    call.tables.users.by('name', [team, handle]) ||
    call.tables.conversations.by('name', [team, handle])
  if (taken) throw fail('handle_already_exists')
  return handle
}

function nameFor(call: SlackCall, value: unknown, own?: string): string {
  const name = text(value)
  if (name === undefined) throw fail('missing_subteam_name')
  if (name.length > MAX_NAME) throw fail('name_too_long')
  const taken = call.tables.usergroups.by('name', [call.caller.team.id, name])
  if (taken && taken.id !== own) throw fail('name_already_exists')
  return name
}

function descriptionOf(value: unknown): string {
  const description = text(value) ?? ''
  if (description.length > MAX_DESCRIPTION) throw fail('description_too_long')
  return description
}

function channelsOf(call: SlackCall, value: unknown): string[] {
  const ids = list(value)
  if (ids.some((id) => call.tables.conversations.get(id)?.kind !== 'public')) throw fail('invalid_channel_provided')
  return ids
}

/** Saves a change and tells the workspace. */
function save(call: SlackCall, row: Usergroup, changes: Partial<Usergroup>): Usergroup {
  const stamp = { updated: seconds(call.now), updatedBy: actor(call.caller).id }
  const changed = call.tables.usergroups.replace({ ...row, ...stamp, ...changes })
  announce(call, { type: 'subteam_updated', subteam: usergroupView(changed) })
  return changed
}

export const usergroups = operations({
  'usergroups.create': (call) => {
    const { query } = call
    requirePaid(call)
    const name = nameFor(call, query.name)
    const user = actor(call.caller).id
    const now = seconds(call.now)
    const row = call.tables.usergroups.insert({
      id: newId(call.random, 'usergroup'),
      teamId: call.caller.team.id,
      name,
      handle: handleFor(call, query.handle, name),
      description: descriptionOf(query.description),
      created: now,
      updated: now,
      deleted: 0,
      createdBy: user,
      updatedBy: user,
      channels: channelsOf(call, query.channels),
      users: [],
    })
    announce(call, { type: 'subteam_created', subteam: usergroupView(row) })
    return done({ usergroup: usergroupView(row, { count: flag(query.include_count) }) })
  },

  'usergroups.update': (call) => {
    const { query } = call
    requirePaid(call)
    const row = known(call)
    const changed = save(call, row, {
      ...(text(query.name) === undefined ? {} : { name: nameFor(call, query.name, row.id) }),
      ...(text(query.handle) === undefined ? {} : { handle: handleFor(call, query.handle, row.name, row.id) }),
      ...(query.description === undefined ? {} : { description: descriptionOf(query.description) }),
      ...(query.channels === undefined ? {} : { channels: channelsOf(call, query.channels) }),
    })
    return done({ usergroup: usergroupView(changed, { count: flag(query.include_count) }) })
  },

  'usergroups.enable': (call) => {
    const { deletedBy: _, ...row } = known(call)
    const changed = save(call, row, { deleted: 0 })
    return done({ usergroup: usergroupView(changed, { count: flag(call.query.include_count) }) })
  },

  'usergroups.disable': (call) => {
    const changed = save(call, known(call), { deleted: seconds(call.now), deletedBy: actor(call.caller).id })
    return done({ usergroup: usergroupView(changed, { count: flag(call.query.include_count) }) })
  },

  'usergroups.list': (call) => {
    const { query } = call
    const isShown = (row: Usergroup) =>
      row.teamId === call.caller.team.id && (row.deleted === 0 || flag(query.include_disabled))
    const options = { count: flag(query.include_count), users: flag(query.include_users) }
    return done({
      usergroups: call.tables.usergroups
        .all()
        .filter(isShown)
        .map((row) => usergroupView(row, options)),
    })
  },

  'usergroups.users.list': (call) => done({ users: known(call).users }),

  'usergroups.users.update': (call) => {
    const row = known(call)
    const users = [...new Set(list(call.query.users))]
    if (users.length === 0) throw fail('no_users_provided')
    if (users.some((id) => !call.tables.users.has(id))) throw fail('invalid_users')
    const changed = save(call, row, { users })
    const added = users.filter((id) => !row.users.includes(id))
    const removed = row.users.filter((id) => !users.includes(id))
    announce(call, {
      type: 'subteam_members_changed',
      subteam_id: row.id,
      team_id: row.teamId,
      date_previous_update: row.updated,
      date_update: changed.updated,
      added_users: added,
      added_users_count: added.length,
      removed_users: removed,
      removed_users_count: removed.length,
    })
    for (const user of added) announce(call, { type: 'subteam_self_added', subteam_id: row.id }, { user })
    for (const user of removed) announce(call, { type: 'subteam_self_removed', subteam_id: row.id }, { user })
    return done({ usergroup: usergroupView(changed, { count: flag(call.query.include_count) }) })
  },
})
