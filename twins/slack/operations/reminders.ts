import { actor, type SlackCall, type SlackMoment } from '../caller.ts'
import { openDirect } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { newId, SLACKBOT, seconds } from '../ids.ts'
import { post, slackbotMessage } from '../messages.ts'
import { text } from '../rules/arguments.ts'
import { reminderTime } from '../rules/reminderTime.ts'
import { timeZone } from '../rules/timeZones.ts'
import type { Reminder } from '../tables.ts'
import { operations } from './define.ts'

const WEEK = 7 * 86_400

const reminderView = (row: Reminder) => ({
  id: row.id,
  creator: row.creator,
  user: row.user,
  text: row.text,
  recurring: row.recurring,
  ...(row.recurring ? { recurrence: row.recurrence } : { time: row.time, complete_ts: row.completed }),
})

function own(call: SlackCall): Reminder {
  const row = call.tables.reminders.get(String((call.query as { reminder?: string }).reminder ?? ''))
  const me = actor(call.caller).id
  if (!row || (row.user !== me && row.creator !== me)) throw fail('not_found')
  return row
}

export const reminders = operations({
  'reminders.add': (call) => {
    const { query, tables } = call
    const me = actor(call.caller)
    const user = text(query.user) === undefined ? me : tables.users.get(String(query.user))
    if (!user) throw fail('user_not_found')
    if (user.id === SLACKBOT) throw fail('cannot_add_slackbot')
    if (user.isBot) throw fail('cannot_add_bot')
    if (user.id !== me.id) throw fail('cannot_add_others')
    const due = reminderTime(String(query.time), seconds(call.now), timeZone(me.tz, call.now).offset)
    if (!due) throw fail('cannot_parse')
    const row = tables.reminders.insert({
      id: newId(call.random, 'reminder'),
      creator: me.id,
      user: user.id,
      text: String(query.text),
      completed: 0,
      ...due,
      ...(due.recurring ? { recurrence: { frequency: 'weekly' } } : {}),
    })
    call.schedule({ kind: 'remind', at: due.time * 1000, key: row.id, payload: { id: row.id } })
    return done({ reminder: reminderView(row) })
  },

  'reminders.complete': (call) => {
    const row = own(call)
    if (row.recurring) throw fail('cannot_complete_recurring')
    if (row.user !== actor(call.caller).id) throw fail('cannot_complete_others')
    call.tables.reminders.replace({ ...row, completed: seconds(call.now) })
    call.cancel(row.id)
    return done()
  },

  'reminders.delete': (call) => {
    const { id } = own(call)
    call.tables.reminders.remove(id)
    call.cancel(id)
    return done()
  },

  'reminders.info': (call) => done({ reminder: reminderView(own(call)) }),

  'reminders.list': (call) =>
    done({ reminders: call.tables.reminders.where('user', actor(call.caller).id).map(reminderView) }),
})

/** Job: Slackbot reminds. A recurring reminder comes back a week later. */
export function remind(moment: SlackMoment, { id }: { id: string }): void {
  const row = moment.tables.reminders.get(id)
  const user = row && moment.tables.users.get(row.user)
  const slackbot = moment.tables.users.get(SLACKBOT)
  if (!row || !user || !slackbot || row.completed > 0) return
  post(moment, openDirect(moment, [user, slackbot]).channel, slackbotMessage(moment, `Reminder: ${row.text}.`))
  if (!row.recurring) return
  const next = moment.tables.reminders.replace({ ...row, time: row.time + WEEK })
  moment.schedule({ kind: 'remind', at: next.time * 1000, key: id, payload: { id } })
}
