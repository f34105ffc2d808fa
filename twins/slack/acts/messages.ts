import { z } from 'zod'
import { isAdmin, type SlackMoment } from '../caller.ts'
import { isMember } from '../conversations.ts'
import { fail } from '../errors.ts'
import { announce } from '../events.ts'
import { newBlockId } from '../ids.ts'
import { joinChannel, leaveChannel } from '../membership.ts'
import { announceMentions, erase, messageAt, post, revise, stamp } from '../messages.ts'
import { emojiText, readEmoji } from '../rules/emoji.ts'
import { storedText } from '../rules/mrkdwn.ts'
import { richText } from '../rules/richText.ts'
import type { Message, User } from '../tables.ts'
import { messageView } from '../views/messages.ts'
import { act, channel, ownPlace, person, place, user } from './people.ts'

const ts = z.string()

/** Names typed by people: `@boris` and `#general` become mentions, as the composer makes them. */
const typed = (moment: SlackMoment, who: User, text: string): string =>
  storedText(text, {
    name: (sign, word) => {
      const { users, conversations, usergroups } = moment.tables
      if (sign === '#') {
        const found = conversations.by('name', [who.teamId, word])
        return found ? `<#${found.id}>` : undefined
      }
      if (/^(here|channel|everyone)$/.test(word)) return `<!${word}>`
      const found = users.by('name', [who.teamId, word])
      if (found) return `<@${found.id}>`
      const group = usergroups.by('handle', [who.teamId, word])
      return group ? `<!subteam^${group.id}|@${group.handle}>` : undefined
    },
  })

function ownMessage(moment: SlackMoment, who: User, where: string, at: string): Message {
  const row = messageAt(moment, ownPlace(moment, who, where).id, at)
  if (!row) throw fail('message_not_found')
  return row
}

function setReaction(moment: SlackMoment, who: User, row: Message, name: string, add: boolean): void {
  const emoji = readEmoji(name, (custom) => moment.tables.emoji.has(custom))
  if (!emoji) throw fail('invalid_name')
  const reaction = emojiText(emoji)
  const has = row.reactions.some((one) => one.name === reaction && one.users.includes(who.id))
  if (has === add) throw fail(add ? 'already_reacted' : 'no_reaction')
  const others = row.reactions.map((one) =>
    one.name === reaction
      ? { ...one, users: add ? [...one.users, who.id] : one.users.filter((id) => id !== who.id) }
      : one,
  )
  const isNew = add && !row.reactions.some((one) => one.name === reaction)
  const reactions = [...others, ...(isNew ? [{ name: reaction, users: [who.id] }] : [])].filter(
    (one) => one.users.length > 0,
  )
  moment.tables.messages.replace({ ...row, reactions })
  const item = { type: 'message', channel: row.channel, ts: row.ts }
  const event = { type: add ? 'reaction_added' : 'reaction_removed', user: who.id, reaction, item }
  announce(moment, { ...event, ...(row.user ? { item_user: row.user } : {}) }, { channel: row.channel })
}

const reaction = z.strictObject({ user, channel, ts, name: z.string() })

/** What people write and how they react. */
export const messageActs = {
  postMessage: act(
    z.strictObject({ user, channel, text: z.string(), thread_ts: ts.optional(), broadcast: z.boolean().optional() }),
    (moment, input) => {
      const who = person(moment, input.user)
      const where = ownPlace(moment, who, input.channel)
      const text = typed(moment, who, input.text)
      const row = post(moment, where, {
        user: who.id,
        clientMsgId: moment.random.uuid(),
        text,
        blocks: [richText(text, newBlockId(moment.random))],
        ...(input.thread_ts ? { threadTs: input.thread_ts } : {}),
        ...(input.broadcast ? { broadcast: true } : {}),
      })
      return { ok: true, channel: where.id, ts: row.ts, message: messageView(moment, row) }
    },
  ),

  editMessage: act(z.strictObject({ user, channel, ts, text: z.string() }), (moment, input) => {
    const who = person(moment, input.user)
    const row = ownMessage(moment, who, input.channel, input.ts)
    if (row.user !== who.id) throw fail('cant_update_message')
    const where = ownPlace(moment, who, input.channel)
    const text = typed(moment, who, input.text)
    const edited = { user: who.id, ts: stamp(moment, where.id).replace(/\d{6}$/, '000000') }
    const changed = revise(moment, where, row, { text, blocks: [richText(text, newBlockId(moment.random))], edited })
    announceMentions(moment, where, changed)
    return { ok: true, channel: where.id, ts: row.ts }
  }),

  deleteMessage: act(z.strictObject({ user, channel, ts }), (moment, input) => {
    const who = person(moment, input.user)
    const row = ownMessage(moment, who, input.channel, input.ts)
    if (row.user !== who.id && !isAdmin(who)) throw fail('cant_delete_message')
    erase(moment, ownPlace(moment, who, input.channel), row)
    return { ok: true }
  }),

  react: act(reaction, (moment, input) => {
    const who = person(moment, input.user)
    setReaction(moment, who, ownMessage(moment, who, input.channel, input.ts), input.name, true)
    return { ok: true }
  }),

  unreact: act(reaction, (moment, input) => {
    const who = person(moment, input.user)
    setReaction(moment, who, ownMessage(moment, who, input.channel, input.ts), input.name, false)
    return { ok: true }
  }),

  joinChannel: act(z.strictObject({ user, channel }), (moment, input) => {
    const who = person(moment, input.user)
    const where = place(moment, who, input.channel)
    if (!isMember(moment, where.id, who.id)) joinChannel(moment, where, who)
    return { ok: true, channel: where.id }
  }),

  leaveChannel: act(z.strictObject({ user, channel }), (moment, input) => {
    const who = person(moment, input.user)
    const where = ownPlace(moment, who, input.channel)
    if (where.isGeneral) throw fail('cant_leave_general')
    leaveChannel(moment, where, who)
    return { ok: true }
  }),

  /** Invites a person, or an app by its handle. */
  invite: act(z.strictObject({ user, channel, who: user }), (moment, input) => {
    const inviter = person(moment, input.user)
    const where = ownPlace(moment, inviter, input.channel)
    const invited = person(moment, input.who)
    if (isMember(moment, where.id, invited.id)) throw fail('already_in_channel')
    joinChannel(moment, where, invited, inviter)
    return { ok: true }
  }),
}
