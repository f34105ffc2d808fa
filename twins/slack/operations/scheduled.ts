import { actor, type Caller, type SlackMoment } from '../caller.ts'
import { conversation } from '../conversations.ts'
import { callerOf } from '../dialect.ts'
import { done, fail } from '../errors.ts'
import { newId, seconds } from '../ids.ts'
import { limit, text, whole } from '../rules/arguments.ts'
import { readContent } from '../rules/content.ts'
import { cursorPage } from '../rules/cursors.ts'
import type { Json, ScheduledMessage } from '../tables.ts'
import { authorOf, destination, mentionFinder, postContent, requirePosting, warned } from './chat.ts'
import { operations } from './define.ts'

const DAY = 86_400
const FURTHEST = 120 * DAY
const WINDOW = 300
const PER_WINDOW = 30
/** A message this close to its time can no longer be taken back. */
const POINT_OF_NO_RETURN = 60

export const scheduled = operations({
  'chat.scheduleMessage': (call) => {
    const { query, tables } = call
    const channel = destination(call, call.caller, query.channel)
    requirePosting(call, call.caller, channel)
    const content = readContent(query, call, mentionFinder(call, call.caller))
    const now = seconds(call.now)
    const at = whole(query.post_at)
    if (at === undefined || Number.isNaN(at)) throw fail('invalid_time')
    if (at <= now) throw fail('time_in_past')
    if (at > now + FURTHEST) throw fail('time_too_far')
    const start = at - (at % WINDOW)
    const crowd = [
      ...tables.scheduled.scan('channel', { from: [channel.id, start], before: [channel.id, start + WINDOW] }),
    ]
    if (crowd.length >= PER_WINDOW) throw fail('restricted_too_many')
    const id = newId(call.random, 'scheduledMessage')
    const secret = call.caller.token?.secret ?? ''
    const args = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as Json
    tables.scheduled.insert({
      id,
      channel: channel.id,
      postAt: at,
      created: now,
      secret,
      userId: actor(call.caller).id,
      arguments: args,
      text: content.text,
    })
    call.schedule({ kind: 'postScheduled', at: at * 1000, key: id, payload: { id } })
    const author = authorOf(call.caller, query)
    const message = {
      ...(author.user ? { user: author.user } : {}),
      type: 'delayed_message',
      ...(author.botId ? { bot_id: author.botId } : {}),
      ...(author.appId ? { app_id: author.appId } : {}),
      text: content.text,
      team: call.caller.team.id,
      ...(content.blocks ? { blocks: content.blocks } : {}),
      ...(content.attachments ? { attachments: content.attachments } : {}),
    }
    return done(warned({ scheduled_message_id: id, channel: channel.id, post_at: at, message }, content.warnings))
  },

  'chat.scheduledMessages.list': (call) => {
    const { query, tables } = call
    const secret = call.caller.token?.secret ?? ''
    const channel = text(query.channel)
    if (channel !== undefined && !tables.conversations.has(channel)) throw fail('invalid_channel')
    const oldest = Number(query.oldest ?? 0)
    const latest = Number(query.latest ?? Number.POSITIVE_INFINITY)
    const mine = tables.scheduled
      .scan('time', { prefix: secret })
      .filter(
        (row) => (channel === undefined || row.channel === channel) && row.postAt >= oldest && row.postAt <= latest,
      )
    const key = (row: ScheduledMessage) => `${String(row.postAt).padStart(12, '0')}${row.id}`
    const page = cursorPage('id', mine, key, limit(query.limit, 100, 1000), query.cursor)
    const list = page.items.map(({ id, channel: where, postAt, created, text: said }) => ({
      id,
      channel_id: where,
      post_at: postAt,
      date_created: created,
      text: said,
    }))
    return done({ scheduled_messages: list, response_metadata: { next_cursor: page.next } })
  },

  'chat.deleteScheduledMessage': (call) => {
    const { query, tables } = call
    const channel = conversation(call, query.channel)
    const row = tables.scheduled.get(String(query.scheduled_message_id))
    const isMine = row && row.channel === channel.id && row.secret === call.caller.token?.secret
    if (!isMine || row.postAt - seconds(call.now) < POINT_OF_NO_RETURN) throw fail('invalid_scheduled_message_id')
    tables.scheduled.remove(row.id)
    call.cancel(row.id)
    return done()
  },
})

/** Job: the time of a scheduled message has come. Whoever scheduled it must still be allowed to post. */
export function postScheduled(moment: SlackMoment, { id }: { id: string }): void {
  const row = moment.tables.scheduled.remove(id)
  const token = row && moment.tables.tokens.get(row.secret)
  const channel = row && moment.tables.conversations.get(row.channel)
  if (!row || !token || token.revoked || !channel || channel.archived) return
  const caller: Caller = callerOf({ tables: moment.tables, now: moment.now, open: (secret) => secret }, row.secret)
  const content = readContent(row.arguments, moment, mentionFinder(moment, caller))
  postContent(moment, caller, channel, row.arguments, content)
}
