import { HEX } from '../../../shared/universe/random.ts'
import { actor, hasScope, isAdmin, type SlackCall, sameOrg, workspace } from '../caller.ts'
import { isMember } from '../conversations.ts'
import { argumentsOf } from '../dialect.ts'
import { done, fail } from '../errors.ts'
import { announce } from '../events.ts'
import { SLACKBOT, seconds } from '../ids.ts'
import { announcePresence } from '../rtmEvents.ts'
import { flag, json, text, whole } from '../rules/arguments.ts'
import { cursorPage } from '../rules/cursors.ts'
import { readEmoji } from '../rules/emoji.ts'
import type { User } from '../tables.ts'
import { botView, presenceOf, profileView, userView, type Viewer } from '../views/users.ts'
import { operations } from './define.ts'

const MAX_STATUS = 100

export const viewerOf = (call: SlackCall, more: Partial<Viewer> = {}): Viewer => ({
  email: hasScope(call.caller, 'users:read.email'),
  ...(call.caller.user && !call.caller.user.isBot
    ? { self: call.caller.user.id, admin: isAdmin(call.caller.user) }
    : {}),
  ...more,
})

/** People of the caller's organisation, and strangers it shares a channel with. */
const isKnownHere = (call: SlackCall, user: User): boolean =>
  user.id === SLACKBOT ||
  sameOrg(call, user.teamId, call.caller.team.id) ||
  call.tables.memberships
    .scan('user', { prefix: user.id })
    .some((row) => isMember(call, row.channel, call.caller.user?.id))

const known = (call: SlackCall, id: unknown): User => {
  const user = call.tables.users.get(String(id ?? ''))
  if (!user || !isKnownHere(call, user)) throw fail('user_not_found')
  return user
}

/** Slackbot first, then by id. */
function* directory(call: SlackCall): Generator<User> {
  const { id: teamId } = workspace(call)
  const slackbot = call.tables.users.get(SLACKBOT)
  if (slackbot) yield slackbot
  for (const user of call.tables.users.rows()) {
    if (user.id !== SLACKBOT && user.teamId === teamId) yield user
  }
}

/** `USLACKBOT` sorts before every other id of a page. */
const orderOf = (user: User): string => (user.id === SLACKBOT ? '!' : user.id)

export const users = operations({
  'users.list': (call) => {
    const { query } = call
    const size = whole(query.limit)
    if (size !== undefined && (Number.isNaN(size) || size < 0 || size > 1000)) throw fail('invalid_limit')
    const page = cursorPage('user', directory(call), orderOf, size || Number.POSITIVE_INFINITY, query.cursor)
    const viewer = viewerOf(call, {
      locale: flag(query.include_locale),
      presence: flag((query as { presence?: unknown }).presence),
    })
    return done({
      members: page.items.map((user) => userView(user, { ...viewer, fields: user.id === SLACKBOT }, call.now)),
      cache_ts: seconds(call.now),
      ...(size === undefined ? {} : { response_metadata: { next_cursor: page.next } }),
    })
  },

  'users.info': (call) => {
    const user = known(call, call.query.user)
    return done({ user: userView(user, viewerOf(call, { locale: flag(call.query.include_locale) }), call.now) })
  },

  'users.lookupByEmail': (call) => {
    const user = call.tables.users.by('email', String(call.query.email).toLowerCase())
    if (!user || user.deleted || user.teamId !== call.caller.team.id) throw fail('users_not_found')
    return done({ user: userView(user, viewerOf(call, { email: true }), call.now) })
  },

  'users.getPresence': (call) => {
    const id = text(call.query.user) ?? actor(call.caller).id
    const user = known(call, id)
    const presence = presenceOf(user)
    if (user.id !== call.caller.user?.id) return done({ presence })
    const isAway = user.presence === 'away'
    const here = {
      online: true,
      auto_away: false,
      manual_away: isAway,
      connection_count: 1,
      last_activity: seconds(call.now),
    }
    return done({ presence, ...here })
  },

  'users.setPresence': (call) => {
    const { presence } = call.query
    if (presence !== 'auto' && presence !== 'away') throw fail('invalid_presence')
    announcePresence(call, call.tables.users.replace({ ...actor(call.caller), presence }))
    return done()
  },

  'users.setActive': () => done(),

  'users.profile.get': (call) => {
    const user = known(call, text(call.query.user) ?? actor(call.caller).id)
    return done({ profile: profileView(user, viewerOf(call, { fields: true })) })
  },

  'users.profile.set': (call) => {
    const { query } = call
    const me = actor(call.caller)
    const user = text(query.user) === undefined ? me : known(call, query.user)
    if (user.id !== me.id && !isAdmin(me)) throw fail('not_admin')
    if (user.id !== me.id && isAdmin(user) && me.role === 'admin') throw fail('cannot_update_admin_user')
    const changes = profileChanges(query)
    const changed = changeProfile(call, user, changes)
    return done({
      username: changed.name,
      profile: profileView(changed, viewerOf(call, { email: true, fields: true })),
    })
  },

  'users.setPhoto': (call) => {
    const image = argumentsOf(call.request, call.operation).files.get('image')
    if (!image) throw fail('no_image_uploaded')
    if (!/^image\//.test(image.type) && !/\.(png|jpe?g|gif)$/i.test(image.name)) throw fail('bad_image')
    const avatarHash = call.random.text(12, HEX)
    const user = call.tables.users.replace({
      ...actor(call.caller),
      hasPhoto: true,
      avatarHash,
      updated: seconds(call.now),
    })
    return done({ profile: profileView(user, viewerOf(call)) })
  },

  'users.deletePhoto': (call) => {
    call.tables.users.replace({ ...actor(call.caller), hasPhoto: false, updated: seconds(call.now) })
    return done()
  },

  'users.identity': (call) => {
    const user = actor(call.caller)
    const { team, scopes } = call.caller
    const view = profileView(user, { email: true }) as Record<string, unknown>
    const avatar = Object.fromEntries(Object.entries(view).filter(([name]) => /^image_\d+$/.test(name)))
    return done({
      user: {
        name: user.realName,
        id: user.id,
        ...(scopes.includes('identity.email') ? { email: user.email } : {}),
        ...(scopes.includes('identity.avatar') ? avatar : {}),
      },
      team: {
        id: team.id,
        ...(scopes.includes('identity.team') ? { name: team.name, domain: team.domain } : {}),
      },
    })
  },

  'bots.info': (call) => {
    const id = text(call.query.bot)
    const bot = id === undefined ? undefined : botView(call, id)
    if (!bot) throw fail('bot_not_found')
    return done({ bot })
  },
})

/** Changes from `profile` (JSON) or from `name` and `value`. */
function profileChanges(query: { profile?: unknown; name?: unknown; value?: unknown }): Record<string, unknown> {
  if (text(query.name) !== undefined) return { [String(query.name)]: query.value ?? '' }
  const profile = json(query.profile)
  if (typeof profile !== 'object' || profile === null || Array.isArray(profile)) throw fail('invalid_profile')
  return profile as Record<string, unknown>
}

/** Applies profile fields; a status with an expiration clears itself when the clock gets there. */
export function changeProfile(call: SlackCall, user: User, changes: Record<string, unknown>): User {
  const value = (name: string, otherwise: string) => (name in changes ? String(changes[name] ?? '') : otherwise)
  const emoji = value('status_emoji', user.status.emoji)
  const statusText = value('status_text', user.status.text)
  if ([...statusText].length > MAX_STATUS) throw fail('too_long')
  if (emoji !== '' && !readEmoji(emoji, (name) => call.tables.emoji.has(name)))
    throw fail('profile_status_set_failed_not_valid_emoji')
  const status = {
    text: statusText,
    emoji: statusText !== '' && emoji === '' ? ':speech_balloon:' : emoji,
    expiration: 'status_expiration' in changes ? (whole(changes.status_expiration) ?? 0) : user.status.expiration,
  }
  const email = text(changes.email)
  const taken = email === undefined ? undefined : call.tables.users.by('email', email.toLowerCase())
  if (taken && taken.id !== user.id) throw fail('email_taken')
  const names = 'first_name' in changes || 'last_name' in changes
  const [first = '', ...rest] = user.realName.split(' ')
  const joined = `${value('first_name', first)} ${value('last_name', rest.join(' '))}`.trim()
  const changed = call.tables.users.replace({
    ...user,
    title: value('title', user.title),
    phone: value('phone', user.phone),
    displayName: value('display_name', user.displayName),
    realName: names ? joined : value('real_name', user.realName),
    ...(email === undefined ? {} : { email }),
    fields: { ...user.fields, ...((changes.fields as User['fields'] | undefined) ?? {}) },
    status,
    updated: seconds(call.now),
  })
  if (status.expiration > 0) {
    call.schedule({
      kind: 'clearStatus',
      at: status.expiration * 1000,
      key: `status:${user.id}`,
      payload: { user: user.id },
    })
  }
  announceUser(call, user, changed)
  return changed
}

/** `user_change`, and what exactly changed. */
function announceUser(call: SlackCall, before: User, after: User): void {
  const view = userView(after, { email: true }, call.now)
  const event = { user: view, cache_ts: seconds(call.now) }
  announce(call, { type: 'user_change', ...event })
  announce(call, { type: 'user_profile_changed', ...event })
  if (JSON.stringify(before.status) !== JSON.stringify(after.status))
    announce(call, { type: 'user_status_changed', ...event })
}
