import type { SlackMoment } from './caller.ts'
import { conversationView } from './views/conversations.ts'
import { messageView } from './views/messages.ts'
import { userView } from './views/users.ts'

/** Rows as the Web API shows them, for checks and the inspector. A message also says which channel it is in. */
export const kinds = {
  messages: (moment: SlackMoment) =>
    moment.tables.messages.all().map((row) => ({
      id: `${row.channel}:${row.ts}`,
      channel: row.channel,
      ...messageView(moment, row),
    })),
  conversations: (moment: SlackMoment) =>
    moment.tables.conversations.all().map((row) => conversationView(moment, row, undefined, { numMembers: true })),
  users: (moment: SlackMoment) =>
    moment.tables.users.all().map((row) => userView(row, { email: true, admin: true }, moment.now)),
}
