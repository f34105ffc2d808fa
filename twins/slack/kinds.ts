import type { SlackMoment } from './caller.ts'
import { membersOf } from './conversations.ts'
import { usergroupView } from './operations/usergroups.ts'
import { conversationView } from './views/conversations.ts'
import { fileView } from './views/files.ts'
import { messageView } from './views/messages.ts'
import { viewView } from './views/modals.ts'
import { userView } from './views/users.ts'

/**
 * What a workspace holds, as its API shows it but from nobody's point of view: for checks and the inspector. Messages
 * name their channel, channels their members.
 */
export const kinds = {
  users: (moment: SlackMoment) =>
    moment.tables.users.all().map((row) => userView(row, { email: true, admin: true }, moment.now)),

  conversations: (moment: SlackMoment) =>
    moment.tables.conversations.all().map((row) => ({
      ...conversationView(moment, row, undefined, { numMembers: true }),
      members: membersOf(moment, row.id),
    })),

  messages: (moment: SlackMoment) =>
    moment.tables.messages
      .all()
      .filter((row) => row.ephemeralTo === undefined)
      .map((row) => ({
        id: `${row.channel}:${row.ts}`,
        channel: row.channel,
        ...messageView(moment, row, { metadata: true }),
        channel_name: moment.tables.conversations.get(row.channel)?.name,
      })),

  ephemerals: (moment: SlackMoment) =>
    moment.tables.messages
      .all()
      .filter((row) => row.ephemeralTo !== undefined)
      .map((row) => ({ ...messageView(moment, row), channel: row.channel, user_seeing: row.ephemeralTo })),

  files: (moment: SlackMoment) =>
    moment.tables.files
      .all()
      .filter((row) => row.completed)
      .map((row) => fileView(moment, row)),

  usergroups: (moment: SlackMoment) => moment.tables.usergroups.all().map((row) => usergroupView(row)),
  views: (moment: SlackMoment) =>
    moment.tables.views
      .all()
      .filter((row) => !row.closed)
      .map((row) => viewView(moment, row)),
  scheduled_messages: (moment: SlackMoment) => moment.tables.scheduled.all(),
  reminders: (moment: SlackMoment) => moment.tables.reminders.all(),
  interactions: (moment: SlackMoment) => moment.tables.interactions.all(),
}
