import { defineTable } from '../../shared/universe/table.ts'
import type {
  AccessList,
  Activity,
  App,
  AppFunction,
  AppRequest,
  AssistantThread,
  Connection,
  DatastoreRecord,
  Execution,
  ExternalToken,
  Interaction,
  OAuthCode,
  Presentation,
  ResponseUrl,
  RtmSession,
  Ticket,
  Token,
  Trigger,
  UserConnection,
  View,
  Webhook,
  Workflow,
  WorkflowTrigger,
} from './appRows.ts'
import type {
  AdminRule,
  Bookmark,
  CallRow,
  ConnectInvite,
  ConnectRequest,
  Conversation,
  CustomEmoji,
  File,
  FileContent,
  InviteRequest,
  ListExport,
  ListItem,
  ListRow,
  Membership,
  Message,
  Pin,
  Reminder,
  ScheduledMessage,
  Star,
  Team,
  User,
  Usergroup,
  UserSession,
} from './rows.ts'

export type * from './appRows.ts'
export type * from './rows.ts'

/** The tables of a workspace, with the indexes its methods read by. */
export const tables = {
  teams: defineTable<Team>()('slack.teams', { key: (row) => row.id }),
  users: defineTable<User>()('slack.users', {
    key: (row) => row.id,
    unique: { email: (row) => row.email?.toLowerCase(), name: (row) => [row.teamId, row.name] },
    index: { bot: (row) => row.botId },
  }),
  apps: defineTable<App>()('slack.apps', {
    key: (row) => row.id,
    unique: { client: (row) => row.clientId },
    index: { bot: (row) => row.botId },
  }),
  tokens: defineTable<Token>()('slack.tokens', {
    key: (row) => row.secret,
    unique: { refresh: (row) => row.refresh },
    index: { owner: (row) => [row.appId ?? '', row.kind, row.userId ?? ''] },
  }),
  codes: defineTable<OAuthCode>()('slack.codes', { key: (row) => row.secret }),
  conversations: defineTable<Conversation>()('slack.conversations', {
    key: (row) => row.id,
    unique: {
      name: (row) => (row.kind === 'im' || row.kind === 'mpim' ? undefined : [row.teamId, row.name]),
      pair: (row) => row.pair,
    },
  }),
  memberships: defineTable<Membership>()('slack.memberships', {
    key: (row) => `${row.channel}:${row.user}`,
    index: { channel: (row) => [row.channel, row.user], user: (row) => [row.user, row.channel] },
  }),
  messages: defineTable<Message>()('slack.messages', {
    key: (row) => `${row.channel}:${row.ts}`,
    index: {
      /** Everything a channel ever held: the next timestamp comes after the last of it. */
      channel: (row) => [row.channel, row.ts],
      /** What history shows: parents and broadcasts. */
      history: (row) =>
        row.ephemeralTo === undefined && (row.threadTs === undefined || row.threadTs === row.ts || row.broadcast)
          ? [row.channel, row.ts]
          : undefined,
      /** Replies of a thread, without its parent. */
      thread: (row) =>
        row.threadTs !== undefined && row.threadTs !== row.ts && row.ephemeralTo === undefined
          ? [row.channel, row.threadTs, row.ts]
          : undefined,
      stream: (row) => (row.stream?.state === 'in_progress' ? [row.channel, row.ts] : undefined),
    },
    many: {
      reactedBy: (row) =>
        [...new Set(row.reactions.flatMap((reaction) => reaction.users))].map((user) => [user, row.ts, row.channel]),
    },
  }),
  files: defineTable<File>()('slack.files', {
    key: (row) => row.id,
    unique: { ticket: (row) => row.ticket, external: (row) => row.externalId },
    index: { created: (row) => [row.created, row.id] },
  }),
  contents: defineTable<FileContent>()('slack.contents', { key: (row) => row.id }),
  pins: defineTable<Pin>()('slack.pins', {
    key: (row) => `${row.channel}:${row.ts}`,
    index: { channel: (row) => [row.channel, row.created, row.ts] },
  }),
  bookmarks: defineTable<Bookmark>()('slack.bookmarks', {
    key: (row) => row.id,
    index: { channel: (row) => [row.channel, row.rank] },
  }),
  stars: defineTable<Star>()('slack.stars', {
    key: (row) => `${row.user}:${row.item}`,
    index: { user: (row) => [row.user, row.created] },
  }),
  usergroups: defineTable<Usergroup>()('slack.usergroups', {
    key: (row) => row.id,
    unique: { handle: (row) => [row.teamId, row.handle], name: (row) => [row.teamId, row.name] },
  }),
  scheduled: defineTable<ScheduledMessage>()('slack.scheduled', {
    key: (row) => row.id,
    index: { time: (row) => [row.secret, row.postAt, row.id], channel: (row) => [row.channel, row.postAt] },
  }),
  reminders: defineTable<Reminder>()('slack.reminders', {
    key: (row) => row.id,
    index: { user: (row) => [row.user, row.time] },
  }),
  views: defineTable<View>()('slack.views', {
    key: (row) => row.id,
    unique: { external: (row) => (row.externalId && !row.closed ? [row.appId, row.externalId] : undefined) },
    index: {
      root: (row) => row.rootId,
      open: (row) => (row.closed || row.type === 'home' ? undefined : [row.user, row.appId]),
      home: (row) => (row.type === 'home' ? [row.appId, row.user] : undefined),
    },
  }),
  triggers: defineTable<Trigger>()('slack.triggers', { key: (row) => row.id }),
  responseUrls: defineTable<ResponseUrl>()('slack.responseUrls', { key: (row) => row.secret }),
  webhooks: defineTable<Webhook>()('slack.webhooks', { key: (row) => row.secret }),
  tickets: defineTable<Ticket>()('slack.tickets', { key: (row) => row.secret }),
  connections: defineTable<Connection>()('slack.connections', {
    key: (row) => row.id,
    index: { app: (row) => [row.appId, row.opened] },
  }),
  rtmSessions: defineTable<RtmSession>()('slack.rtmSessions', { key: (row) => row.id }),
  interactions: defineTable<Interaction>()('slack.interactions', {
    key: (row) => row.id,
    index: { user: (row) => [row.user, row.at] },
  }),
  emoji: defineTable<CustomEmoji>()('slack.emoji', { key: (row) => row.name }),
  calls: defineTable<CallRow>()('slack.calls', { key: (row) => row.id, unique: { external: (row) => row.externalId } }),
  lists: defineTable<ListRow>()('slack.lists', { key: (row) => row.id }),
  listItems: defineTable<ListItem>()('slack.listItems', {
    key: (row) => row.id,
    index: { list: (row) => [row.listId, row.position] },
  }),
  records: defineTable<DatastoreRecord>()('slack.records', {
    key: (row) => row.key,
    index: { store: (row) => [row.store, row.id] },
  }),
  executions: defineTable<Execution>()('slack.executions', { key: (row) => row.id }),
  assistantThreads: defineTable<AssistantThread>()('slack.assistantThreads', {
    key: (row) => `${row.channel}:${row.ts}`,
  }),
  connectInvites: defineTable<ConnectInvite>()('slack.connectInvites', {
    key: (row) => row.id,
    index: { host: (row) => [row.hostTeam, row.created] },
  }),
  userSessions: defineTable<UserSession>()('slack.userSessions', {
    key: (row) => row.id,
    index: { user: (row) => [row.user, row.created], created: (row) => [row.created, row.id] },
  }),
  adminRules: defineTable<AdminRule>()('slack.adminRules', {
    key: (row) => `${row.kind}:${row.name}:${row.subject}`,
    index: { kind: (row) => [row.kind, row.name, row.subject] },
  }),
  functions: defineTable<AppFunction>()('slack.functions', {
    key: (row) => row.id,
    unique: { callback: (row) => [row.appId, row.callbackId] },
  }),
  workflows: defineTable<Workflow>()('slack.workflows', {
    key: (row) => row.id,
    unique: { callback: (row) => [row.appId, row.callbackId] },
  }),
  workflowTriggers: defineTable<WorkflowTrigger>()('slack.workflowTriggers', {
    key: (row) => row.id,
    index: { workflow: (row) => [row.workflowId, row.id] },
  }),
  accessLists: defineTable<AccessList>()('slack.accessLists', { key: (row) => row.resource }),
  activities: defineTable<Activity>()('slack.activities', {
    key: (row) => String(row.id).padStart(12, '0'),
    index: { app: (row) => [row.appId, row.created, row.id] },
  }),
  externalTokens: defineTable<ExternalToken>()('slack.externalTokens', { key: (row) => row.id }),
  presentations: defineTable<Presentation>()('slack.presentations', {
    key: (row) => row.trigger,
    index: { user: (row) => [row.user, row.trigger] },
  }),
  userConnections: defineTable<UserConnection>()('slack.userConnections', {
    key: (row) => `${row.appId}:${row.user}`,
  }),
  connectRequests: defineTable<ConnectRequest>()('slack.connectRequests', {
    key: (row) => row.id,
    index: { created: (row) => [row.created, row.id] },
  }),
  appRequests: defineTable<AppRequest>()('slack.appRequests', {
    key: (row) => row.id,
    index: { status: (row) => [row.status, row.created] },
  }),
  listExports: defineTable<ListExport>()('slack.listExports', { key: (row) => row.id }),
  inviteRequests: defineTable<InviteRequest>()('slack.inviteRequests', {
    key: (row) => row.id,
    index: { status: (row) => [row.status, row.created] },
  }),
}

export type SlackTables = typeof tables
