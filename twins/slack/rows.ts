/** What a workspace is made of: the rows of its tables, frozen once stored. */

/** JSON an app sent and Slack keeps as it is: blocks, attachments, metadata, views. */
export type Json = Readonly<Record<string, unknown>>
/** Seconds since 1970. */
export type Seconds = number

export interface Team {
  readonly id: string
  readonly name: string
  readonly domain: string
  readonly emailDomain: string
  readonly plan: 'free' | 'pro' | 'business_plus' | 'enterprise'
  /** Present when the workspace belongs to an Enterprise Grid organisation. */
  readonly enterpriseId?: string
  readonly description?: string
  readonly discoverability?: string
  /** Administrators have a say before a channel is shared with it or by it. */
  readonly approvesInvites?: boolean
  readonly created: Seconds
}

export interface Status {
  readonly text: string
  readonly emoji: string
  readonly expiration: Seconds
}

export interface User {
  readonly id: string
  readonly teamId: string
  /** The handle: lower case, unique in the workspace. */
  readonly name: string
  readonly realName: string
  readonly displayName: string
  readonly email?: string
  readonly title: string
  readonly phone: string
  readonly tz: string
  readonly color: string
  readonly avatarHash: string
  readonly deleted: boolean
  readonly role: 'member' | 'admin' | 'owner' | 'primary_owner' | 'guest' | 'single_channel_guest'
  readonly isBot: boolean
  readonly botId?: string
  readonly appId?: string
  readonly status: Status
  readonly fields: Readonly<Record<string, { value: string; alt: string }>>
  readonly presence: 'auto' | 'away'
  readonly snoozeUntil?: Seconds
  readonly expiration?: Seconds
  readonly hasPhoto?: boolean
  readonly updated: Seconds
}

export interface Note {
  readonly value: string
  readonly creator: string
  readonly last_set: Seconds
}

export interface Conversation {
  readonly id: string
  readonly teamId: string
  readonly kind: 'public' | 'private' | 'im' | 'mpim'
  readonly name: string
  readonly creator: string
  readonly created: Seconds
  /** ms */
  readonly updated: number
  readonly isGeneral: boolean
  readonly archived: boolean
  readonly topic: Note
  readonly purpose: Note
  readonly previousNames: readonly string[]
  /** Sorted members of a direct conversation: opening it again finds it. */
  readonly pair?: string
  readonly canvasId?: string
  /** What the workspace was set up with it for; channels made through the API have none, and no tabs. */
  readonly useCase?: 'welcome' | 'random' | 'project'
  /** Workspaces it is shared with through Slack Connect. */
  readonly connectedTeams?: readonly string[]
  /** Workspaces of the organisation it is in besides its own. */
  readonly orgTeams?: readonly string[]
  /** Those of them whose people may invite others; the rest only post. */
  readonly invitingTeams?: readonly string[]
  /** What it is a copy of, kept when the connection was cut. */
  readonly original?: { readonly channel: string; readonly host: string }
  readonly prefs?: Json
  readonly retentionDays?: number
  /** The Salesforce record it is about. */
  readonly record?: { readonly id: string; readonly org: string }
  readonly excludedFromAi?: boolean
  /** Triggers of workflows shown in the channel. */
  readonly featured?: readonly string[]
}

export interface Membership {
  readonly channel: string
  readonly user: string
  readonly lastRead: string
  /** Direct conversations can be closed and stay. */
  readonly open: boolean
}

export interface Reaction {
  readonly name: string
  readonly users: readonly string[]
}

export interface ThreadSummary {
  readonly count: number
  /** In order of first reply. */
  readonly users: readonly string[]
  readonly latest: string
}

export interface Message {
  readonly channel: string
  readonly ts: string
  readonly threadTs?: string
  /** A reply shown in the channel as well. */
  readonly broadcast?: boolean
  readonly subtype?: string
  readonly user?: string
  readonly botId?: string
  readonly appId?: string
  readonly username?: string
  readonly icons?: Json
  readonly text: string
  readonly blocks?: readonly Json[]
  readonly attachments?: readonly Json[]
  readonly files?: readonly string[]
  readonly reactions: readonly Reaction[]
  readonly metadata?: Json
  /** Work objects an app unfurled. */
  readonly entities?: readonly Json[]
  readonly edited?: { readonly user: string; readonly ts: string }
  readonly clientMsgId?: string
  readonly thread?: ThreadSummary
  readonly pinnedTo?: readonly string[]
  /** Facts of system messages: topic, purpose, old_name, inviter, … */
  readonly details?: Json
  readonly stream?: {
    readonly state: 'in_progress' | 'completed'
    readonly text: string
    readonly chunks: readonly Json[]
  }
  /** The parent of replies, deleted: shown as "This message was deleted." */
  readonly tombstone?: boolean
  /** Only this person sees it, and only until it is replaced. */
  readonly ephemeralTo?: string
  /** The RTM session it was typed in, which is not sent it again. */
  readonly spokenIn?: string
  /** Users who do not follow the thread though they wrote in it. */
  readonly subscribers?: readonly string[]
}

export interface File {
  readonly id: string
  readonly user: string
  readonly botId?: string
  readonly name: string
  readonly title: string
  readonly size: number
  readonly created: Seconds
  readonly mode: 'hosted' | 'snippet' | 'external' | 'quip' | 'list' | 'tombstone'
  readonly mimetype: string
  readonly filetype: string
  readonly prettyType: string
  /** Where bytes may be sent, once. */
  readonly ticket?: string
  readonly uploaded: boolean
  readonly completed: boolean
  readonly processed: boolean
  readonly altText?: string
  readonly externalId?: string
  readonly externalUrl?: string
  readonly publicSecret: string
  readonly isPublicUrl: boolean
  readonly shares: readonly { readonly channel: string; readonly ts: string }[]
  /** Markdown of a canvas. */
  readonly canvas?: readonly { readonly id: string; readonly markdown: string }[]
  readonly access?: readonly { readonly id: string; readonly level: string }[]
}

export interface FileContent {
  readonly id: string
  readonly bytes: Uint8Array
}

export interface Pin {
  readonly channel: string
  readonly ts: string
  readonly user: string
  readonly created: Seconds
}

export interface Bookmark {
  readonly id: string
  readonly channel: string
  readonly title: string
  readonly link: string
  readonly emoji: string
  readonly type: string
  readonly rank: string
  readonly created: Seconds
  readonly updated: Seconds
  readonly updatedBy: string
  readonly parentId?: string
}

export interface Star {
  readonly user: string
  readonly item: string
  readonly channel?: string
  readonly ts?: string
  readonly file?: string
  readonly created: Seconds
}

export interface Usergroup {
  readonly id: string
  readonly teamId: string
  readonly name: string
  readonly handle: string
  readonly description: string
  readonly created: Seconds
  readonly updated: Seconds
  readonly deleted: Seconds
  readonly createdBy: string
  readonly updatedBy: string
  readonly deletedBy?: string
  readonly channels: readonly string[]
  readonly users: readonly string[]
}

export interface ScheduledMessage {
  readonly id: string
  readonly channel: string
  readonly postAt: Seconds
  readonly created: Seconds
  readonly secret: string
  readonly userId: string
  readonly arguments: Json
  readonly text: string
}

export interface Reminder {
  readonly id: string
  readonly creator: string
  readonly user: string
  readonly text: string
  readonly time: Seconds
  readonly recurring: boolean
  readonly recurrence?: Json
  readonly completed: Seconds
}

export interface CustomEmoji {
  readonly name: string
  readonly value: string
  readonly user: string
  readonly created: Seconds
}

export interface CallRow {
  readonly id: string
  readonly externalId: string
  readonly joinUrl: string
  readonly desktopUrl?: string
  readonly title: string
  readonly displayId?: string
  readonly createdBy: string
  readonly start: Seconds
  readonly end?: Seconds
  readonly users: readonly Json[]
  readonly channels: readonly string[]
}

export interface ListRow {
  readonly id: string
  readonly title: string
  readonly columns: readonly Json[]
  readonly todo: boolean
  readonly owner: string
  readonly access: readonly { readonly id: string; readonly level: string }[]
}

export interface ListItem {
  readonly id: string
  readonly listId: string
  /** Items stand in the order they were made. */
  readonly position: number
  readonly parentId?: string
  readonly cells: Readonly<Record<string, Json>>
  readonly created: Seconds
  readonly createdBy: string
  readonly updated: Seconds
  readonly updatedBy: string
  readonly archived: boolean
}

/** A person asks that somebody outside be invited to a channel. */
export interface ConnectRequest {
  readonly id: string
  readonly channel: string
  readonly teamId: string
  readonly requester: string
  readonly email: string
  readonly externalLimited: boolean
  readonly message?: string
  readonly status: 'pending' | 'approved' | 'denied'
  readonly created: Seconds
  readonly updated: Seconds
  readonly expires: Seconds
}

/** An export of a list, made when it was asked for. */
export interface ListExport {
  readonly id: string
  readonly listId: string
  readonly format: 'csv' | 'json'
  readonly attachments: boolean
  readonly threads: boolean
  readonly body: string
}

export interface ConnectInvite {
  readonly id: string
  readonly channel: string
  readonly hostTeam: string
  readonly inviter: string
  readonly userIds: readonly string[]
  readonly emails: readonly string[]
  readonly externalLimited: boolean
  readonly status: 'sent' | 'accepted' | 'approved' | 'declined'
  readonly acceptedBy?: string
  readonly targetTeam?: string
  readonly created: Seconds
}

/** A rule of administrators about something else: session length, role, sign-in policy, approval of an app. */
export interface AdminRule {
  readonly kind:
    | 'session'
    | 'role'
    | 'policy'
    | 'app'
    | 'appConfig'
    | 'anomaly'
    | 'default'
    | 'barrier'
    | 'access'
    | 'team'
  readonly subject: string
  /** What the rule gives the subject: a role, a policy, `approved`. */
  readonly name: string
  readonly details: Json
  readonly created: Seconds
}

/** A person signed in with a browser or an app of Slack's. */
export interface UserSession {
  readonly id: string
  readonly user: string
  readonly teamId: string
  readonly created: Seconds
  readonly device: 'desktop' | 'mobile' | 'web'
  readonly userAgent: string
  readonly ip: string
}

export interface InviteRequest {
  readonly id: string
  readonly email: string
  readonly teamId: string
  readonly requestedBy: string
  readonly channels: readonly string[]
  readonly created: Seconds
  readonly status: 'pending' | 'approved' | 'denied'
}
