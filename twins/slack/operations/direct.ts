import type { SlackCall } from '../caller.ts'
import { actor } from '../caller.ts'
import { conversation, isDirect, membership, openDirect } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { announce } from '../events.ts'
import { flag, list, text } from '../rules/arguments.ts'
import type { Conversation, User } from '../tables.ts'
import { conversationView } from '../views/conversations.ts'
import { operations } from './define.ts'

const MAX_OTHERS = 8

/** The people a `users` argument names, the caller first. */
function people(call: SlackCall, ids: readonly string[]): User[] {
  const me = actor(call.caller)
  if (ids.length === 0) throw fail('users_list_not_supplied')
  if (ids.length > MAX_OTHERS) throw fail('too_many_users')
  const others = ids
    .filter((id) => id !== me.id)
    .map((id) => {
      const user = call.tables.users.get(id)
      if (!user) throw fail('user_not_found')
      if (user.deleted) throw fail('user_disabled')
      if (user.isBot && me.isBot) throw fail('cannot_dm_bot')
      return user
    })
  return [me, ...others]
}

function answer(call: SlackCall, channel: Conversation, wasOpen: boolean, whole: boolean) {
  const user = actor(call.caller)
  const view = whole ? conversationView(call, channel, user, { readState: true, latest: true }) : { id: channel.id }
  return done({ ...(wasOpen ? { no_op: true, already_open: true } : {}), channel: view })
}

export const direct = operations({
  'conversations.open': (call) => {
    const { query, tables } = call
    const me = actor(call.caller)
    const id = text(query.channel)
    const whole = flag(query.return_im)
    if (id !== undefined) {
      const channel = conversation(call, id)
      if (!isDirect(channel)) throw fail('method_not_supported_for_channel_type')
      const mine = membership(call, channel.id, me.id)
      if (mine) tables.memberships.put({ ...mine, open: true })
      return answer(call, channel, mine?.open ?? false, whole)
    }
    const users = people(call, list(query.users))
    if (flag(query.prevent_creation)) {
      const known = tables.conversations.by('pair', [...new Set(users.map((user) => user.id))].sort().join('+'))
      if (!known) throw fail('channel_not_found')
      return answer(call, known, true, whole)
    }
    const { channel, isNew } = openDirect(call, users)
    const mine = membership(call, channel.id, me.id)
    const wasOpen = !isNew && (mine?.open ?? false)
    if (mine && !mine.open) tables.memberships.put({ ...mine, open: true })
    if (isNew && channel.kind === 'im') {
      announce(
        call,
        {
          type: 'im_created',
          user: me.id,
          channel: { id: channel.id, is_im: true, user: users[1]?.id ?? me.id, created: channel.created },
        },
        { user: me.id },
      )
    }
    if (!wasOpen && channel.kind === 'im')
      announce(call, { type: 'im_open', user: me.id, channel: channel.id }, { user: me.id })
    return answer(call, channel, wasOpen, whole)
  },

  'conversations.close': (call) => {
    const channel = conversation(call, call.query.channel, 'write')
    if (!isDirect(channel)) throw fail('method_not_supported_for_channel_type')
    const me = actor(call.caller)
    const mine = membership(call, channel.id, me.id)
    if (!mine?.open) return done({ no_op: true, already_closed: true })
    call.tables.memberships.put({ ...mine, open: false })
    if (channel.kind === 'im') announce(call, { type: 'im_close', user: me.id, channel: channel.id }, { user: me.id })
    return done()
  },
})
