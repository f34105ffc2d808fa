import type { SlackCall } from '../../caller.ts'
import { isAdmin } from '../../caller.ts'
import { done, fail } from '../../errors.ts'
import { announce } from '../../events.ts'
import { newId, seconds } from '../../ids.ts'
import { limit, list, text } from '../../rules/arguments.ts'
import { offsetPage } from '../../rules/cursors.ts'
import type { AdminRule, InviteRequest, Team, User, Usergroup } from '../../tables.ts'
import { operations } from '../define.ts'
import { administrator, orgChannel, orgTeam, orgTeams, putRules as put } from './gate.ts'

const MAX_EMOJI_NAME = 100

function people(call: SlackCall, key: 'admin_ids' | 'owner_ids', test: (user: User) => boolean) {
  administrator(call)
  const team = orgTeam(call)
  const { limit: size, cursor } = call.query as { limit?: number; cursor?: string }
  const ids = call.tables.users
    .all()
    .filter((user) => user.teamId === team.id && test(user))
    .map((user) => user.id)
  const page = offsetPage(ids, limit(size, 100, 1000), cursor)
  return done({ [key]: page.items, response_metadata: { next_cursor: page.next } })
}

function primaryOwner(call: SlackCall, team: Team): object {
  const owner = call.tables.users.rows().find((user) => user.teamId === team.id && user.role === 'primary_owner')
  return owner ? { primary_owner: { user_id: owner.id, email: owner.email ?? '' } } : {}
}

function setTeam(call: SlackCall, changes: Partial<Team>) {
  administrator(call)
  call.tables.teams.replace({ ...orgTeam(call), ...changes })
  return done()
}

/** Admin methods name user groups and channels by `usergroup_id` and `channel_ids`. */
function usergroup(call: SlackCall): Usergroup {
  administrator(call)
  const row = call.tables.usergroups.get(String((call.query as { usergroup_id?: string }).usergroup_id))
  if (!row) throw fail('usergroup_not_found')
  return row
}

function emojiName(value: unknown): string {
  const name = String(value ?? '').replace(/^:|:$/g, '')
  if (name.length > MAX_EMOJI_NAME || !/^[a-z0-9_'-]+$/.test(name)) throw fail('error_bad_name_i18n')
  return name
}

function resolve(call: SlackCall, status: 'approved' | 'denied') {
  administrator(call)
  const row = call.tables.inviteRequests.get(String((call.query as { invite_request_id?: string }).invite_request_id))
  if (!row) throw fail('invite_request_not_found')
  if (row.status !== 'pending') throw fail('invite_request_already_resolved')
  call.tables.inviteRequests.replace({ ...row, status })
  return done()
}

const requestView = (row: InviteRequest) => ({
  id: row.id,
  email: row.email,
  date_created: row.created,
  requester_ids: [row.requestedBy],
  channel_ids: row.channels,
  invite_type: 'full_member',
  real_name: '',
  date_expire: 0,
  team: { id: row.teamId },
})

function requests(call: SlackCall, status: InviteRequest['status'], key: string) {
  administrator(call)
  const { limit: size, cursor } = call.query as { limit?: number; cursor?: string }
  const page = offsetPage(call.tables.inviteRequests.where('status', status), limit(size, 100, 1000), cursor)
  return done({ [key]: page.items.map(requestView), response_metadata: { next_cursor: page.next } })
}

/** Information barriers: groups that may not talk to each other. */
function barriers(call: SlackCall): AdminRule[] {
  administrator(call)
  return call.tables.adminRules.where('kind', ['barrier', 'barrier'])
}

function saveBarrier(call: SlackCall, id: string): AdminRule {
  administrator(call)
  const {
    primary_usergroup_id: primary,
    barriered_from_usergroup_ids: others,
    restricted_subjects: subjects,
  } = call.query as Record<string, unknown>
  const groups = [String(primary), ...list(others)]
  if (groups.some((group) => !call.tables.usergroups.has(group))) throw fail('usergroup_not_found')
  const details = { primary, others: list(others), subjects: list(subjects) }
  return call.tables.adminRules.put({
    kind: 'barrier',
    name: 'barrier',
    subject: id,
    details,
    created: seconds(call.now),
  })
}

const barrierView = ({ subject, details, created }: AdminRule) => ({
  id: subject,
  primary_usergroup: { id: details.primary },
  barriered_from_usergroups: (details.others as readonly string[]).map((id) => ({ id })),
  restricted_subjects: details.subjects,
  date_update: created,
})

export const adminOrg = operations({
  'admin.teams.list': (call) => {
    administrator(call)
    const rows = orgTeams(call).map((team) => ({
      id: team.id,
      name: team.name,
      discoverability: team.discoverability ?? 'open',
      team_url: `https://${team.domain}.slack.com/`,
      ...primaryOwner(call, team),
    }))
    const page = offsetPage(rows, limit(call.query.limit, 100, 1000), call.query.cursor)
    return done({ teams: page.items, response_metadata: { next_cursor: page.next } })
  },
  'admin.teams.create': (call) => {
    administrator(call)
    const { query, caller } = call
    const domain = String(query.team_domain)
    if (call.tables.teams.all().some((team) => team.domain === domain)) throw fail('team_domain_taken')
    const team = call.tables.teams.insert({
      id: newId(call.random, 'team'),
      name: String(query.team_name),
      domain,
      emailDomain: '',
      plan: 'enterprise',
      created: seconds(call.now),
      ...(caller.team.enterpriseId ? { enterpriseId: caller.team.enterpriseId } : {}),
      ...(text(query.team_description) ? { description: String(query.team_description) } : {}),
    })
    return done({ team: team.id })
  },
  'admin.teams.admins.list': (call) => people(call, 'admin_ids', isAdmin),
  'admin.teams.owners.list': (call) => people(call, 'owner_ids', (user) => user.role.endsWith('owner')),
  'admin.teams.settings.info': (call) => {
    administrator(call)
    const team = orgTeam(call)
    const general = call.tables.conversations.by('name', [team.id, 'general'])
    const defaults = call.tables.adminRules.where('kind', ['default', team.id]).map((row) => row.subject)
    return done({
      team: {
        id: team.id,
        name: team.name,
        domain: team.domain,
        email_domain: team.emailDomain,
        icon: { image_default: true },
        enterprise_id: team.enterpriseId,
        description: team.description ?? '',
        default_channels: defaults.length > 0 ? defaults : general ? [general.id] : [],
      },
    })
  },
  'admin.teams.settings.setName': (call) => setTeam(call, { name: String(call.query.name) }),
  'admin.teams.settings.setDescription': (call) => setTeam(call, { description: String(call.query.description) }),
  'admin.teams.settings.setDiscoverability': (call) => {
    const value = String(call.query.discoverability)
    if (!['open', 'closed', 'invite_only', 'unlisted'].includes(value)) throw fail('invalid_arguments')
    return setTeam(call, { discoverability: value })
  },

  'admin.teams.settings.setDefaultChannels': (call) => {
    administrator(call)
    const team = orgTeam(call)
    const ids = list(call.query.channel_ids).map((id) => orgChannel(call, id).id)
    for (const row of call.tables.adminRules.where('kind', ['default', team.id]))
      call.tables.adminRules.remove(`default:${team.id}:${row.subject}`)
    put(call, 'default', team.id, ids, {})
    return done()
  },
  'admin.teams.settings.setIcon': (call) => {
    administrator(call)
    orgTeam(call)
    if (!URL.canParse(String(call.query.image_url))) throw fail('invalid_image_url')
    return done()
  },

  'admin.barriers.create': (call) => done({ barrier: barrierView(saveBarrier(call, newId(call.random, 'usergroup'))) }),
  'admin.barriers.update': (call) => {
    const known = barriers(call).find((row) => row.subject === call.query.barrier_id)
    if (!known) throw fail('barrier_not_found')
    return done({ barrier: barrierView(saveBarrier(call, known.subject)) })
  },
  'admin.barriers.delete': (call) => {
    administrator(call)
    if (!call.tables.adminRules.remove(`barrier:barrier:${String(call.query.barrier_id)}`))
      throw fail('barrier_not_found')
    return done()
  },
  'admin.barriers.list': (call) => {
    const page = offsetPage(barriers(call), limit(call.query.limit, 100, 1000), call.query.cursor)
    return done({ barriers: page.items.map(barrierView), response_metadata: { next_cursor: page.next } })
  },

  'admin.conversations.restrictAccess.addGroup': (call) => {
    administrator(call)
    const channel = orgChannel(call)
    const group = String(call.query.group_id)
    if (!call.tables.usergroups.has(group)) throw fail('group_not_found')
    put(call, 'access', channel.id, [group], {})
    return done()
  },
  'admin.conversations.restrictAccess.listGroups': (call) => {
    administrator(call)
    return done({
      group_ids: call.tables.adminRules.where('kind', ['access', orgChannel(call).id]).map((row) => row.subject),
    })
  },
  'admin.conversations.restrictAccess.removeGroup': (call) => {
    administrator(call)
    if (!call.tables.adminRules.remove(`access:${orgChannel(call).id}:${String(call.query.group_id)}`))
      throw fail('group_not_found')
    return done()
  },

  'admin.usergroups.addTeams': (call) => {
    const row = usergroup(call)
    const ids = list(call.query.team_ids)
    if (ids.some((id) => !orgTeams(call).some((team) => team.id === id))) throw fail('team_not_found')
    put(call, 'team', row.id, ids, {})
    return done()
  },
  'admin.usergroups.removeTeams': (call) => {
    const row = usergroup(call)
    for (const id of list(call.query.team_ids)) call.tables.adminRules.remove(`team:${row.id}:${id}`)
    return done()
  },

  'admin.emoji.list': (call) => {
    administrator(call)
    const rows = call.tables.emoji.all()
    const page = offsetPage(rows, limit(call.query.limit, 100, 1000), call.query.cursor)
    const view = (row: (typeof rows)[number]) => ({ url: row.value, date_created: row.created, uploaded_by: row.user })
    return done({
      emoji: Object.fromEntries(page.items.map((row) => [row.name, view(row)])),
      response_metadata: { next_cursor: page.next },
    })
  },
  'admin.emoji.add': (call) => {
    const user = administrator(call)
    const name = emojiName(call.query.name)
    if (call.tables.emoji.has(name)) throw fail('error_name_taken')
    const value = text((call.query as { url?: string }).url)
    if (value === undefined) throw fail('no_image_uploaded')
    call.tables.emoji.insert({ name, value, user: user.id, created: seconds(call.now) })
    announce(call, { type: 'emoji_changed', subtype: 'add', name, value })
    return done()
  },
  'admin.emoji.addAlias': (call) => {
    const user = administrator(call)
    const name = emojiName(call.query.name)
    if (call.tables.emoji.has(name)) throw fail('error_name_taken')
    const value = `alias:${emojiName(call.query.alias_for)}`
    call.tables.emoji.insert({ name, value, user: user.id, created: seconds(call.now) })
    announce(call, { type: 'emoji_changed', subtype: 'add', name, value })
    return done()
  },
  'admin.emoji.remove': (call) => {
    administrator(call)
    const name = emojiName(call.query.name)
    if (!call.tables.emoji.remove(name)) throw fail('emoji_not_found')
    announce(call, { type: 'emoji_changed', subtype: 'remove', names: [name] })
    return done()
  },
  'admin.emoji.rename': (call) => {
    administrator(call)
    const name = emojiName(call.query.new_name)
    if (call.tables.emoji.has(name)) throw fail('error_name_taken')
    const row = call.tables.emoji.remove(emojiName(call.query.name))
    if (!row) throw fail('emoji_not_found')
    call.tables.emoji.insert({ ...row, name })
    announce(call, { type: 'emoji_changed', subtype: 'rename', old_name: row.name, new_name: name, value: row.value })
    return done()
  },

  'admin.inviteRequests.list': (call) => requests(call, 'pending', 'invite_requests'),
  'admin.inviteRequests.approved.list': (call) => requests(call, 'approved', 'approved_requests'),
  'admin.inviteRequests.denied.list': (call) => requests(call, 'denied', 'denied_requests'),
  'admin.inviteRequests.approve': (call) => resolve(call, 'approved'),
  'admin.inviteRequests.deny': (call) => resolve(call, 'denied'),

  'admin.usergroups.addChannels': (call) => {
    const row = usergroup(call)
    const added = list(call.query.channel_ids).map((id) => orgChannel(call, id).id)
    call.tables.usergroups.replace({ ...row, channels: [...new Set([...row.channels, ...added])] })
    return done()
  },
  'admin.usergroups.removeChannels': (call) => {
    const row = usergroup(call)
    const gone = list(call.query.channel_ids)
    call.tables.usergroups.replace({ ...row, channels: row.channels.filter((id) => !gone.includes(id)) })
    return done()
  },
  'admin.usergroups.listChannels': (call) => {
    const { channels } = usergroup(call)
    const view = (id: string) => ({ id, name: orgChannel(call, id).name, team_id: orgChannel(call, id).teamId })
    return done({ channels: channels.map(view) })
  },

  'admin.roles.addAssignments': (call) => {
    administrator(call)
    const entities = list(call.query.entity_ids)
    for (const user of list(call.query.user_ids)) {
      if (!call.tables.users.has(user)) throw fail('user_not_found')
      put(
        call,
        'role',
        String(call.query.role_id),
        entities.map((entity) => `${user}@${entity}`),
        {},
      )
    }
    return done({ rejected_users: [], rejected_entities: [] })
  },
  'admin.roles.listAssignments': (call) => {
    administrator(call)
    const { query } = call
    const roles = list(query.role_ids)
    const rows = call.tables.adminRules
      .where('kind', 'role')
      .filter((row) => roles.length === 0 || roles.includes(row.name))
    if (query.sort_dir === 'desc') rows.reverse()
    const page = offsetPage(rows, limit(query.limit, 50, 1000), query.cursor)
    const view = (row: AdminRule) => {
      const [user, entity] = row.subject.split('@')
      return { role_id: row.name, entity_id: entity, user_id: user, date_create: row.created }
    }
    return done({ role_assignments: page.items.map(view), response_metadata: { next_cursor: page.next } })
  },
  'admin.roles.removeAssignments': (call) => {
    administrator(call)
    for (const user of list(call.query.user_ids)) {
      for (const entity of list(call.query.entity_ids)) {
        call.tables.adminRules.remove(`role:${String(call.query.role_id)}:${user}@${entity}`)
      }
    }
    return done()
  },

  'admin.auth.policy.assignEntities': (call) => {
    administrator(call)
    const ids = list(call.query.entity_ids)
    if (ids.some((id) => !call.tables.users.has(id))) throw fail('user_not_found')
    const name = String(call.query.policy_name)
    put(call, 'policy', name, ids, { entity_type: call.query.entity_type })
    return done({ entity_total_count: call.tables.adminRules.count('kind', ['policy', name]) })
  },
  'admin.auth.policy.getEntities': (call) => {
    administrator(call)
    const rows = call.tables.adminRules.where('kind', ['policy', String(call.query.policy_name)])
    const page = offsetPage(rows, limit(call.query.limit, 100, 1000), call.query.cursor)
    const view = (row: AdminRule) => ({
      entity_id: row.subject,
      entity_type: row.details.entity_type,
      date_added: row.created,
    })
    return done({
      entities: page.items.map(view),
      entity_total_count: rows.length,
      response_metadata: { next_cursor: page.next },
    })
  },
  'admin.auth.policy.removeEntities': (call) => {
    administrator(call)
    const name = String(call.query.policy_name)
    for (const id of list(call.query.entity_ids)) call.tables.adminRules.remove(`policy:${name}:${id}`)
    return done({ entity_total_count: call.tables.adminRules.count('kind', ['policy', name]) })
  },
})
