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

export interface App {
  readonly id: string
  readonly name: string
  readonly clientId: string
  readonly clientSecret: string
  readonly signingSecret: string
  readonly verificationToken: string
  readonly botId?: string
  readonly botUserId?: string
  readonly scopes: { readonly bot: readonly string[]; readonly user: readonly string[] }
  readonly events: { readonly bot: readonly string[]; readonly user: readonly string[] }
  readonly requestUrl?: string
  readonly requestUrlVerified?: boolean
  readonly interactivityUrl?: string
  readonly optionsUrl?: string
  readonly socketMode: boolean
  readonly commands: readonly {
    readonly command: string
    readonly url?: string
    readonly description: string
    readonly escape?: boolean
  }[]
  readonly shortcuts: readonly {
    readonly type: 'global' | 'message'
    readonly name: string
    readonly callbackId: string
  }[]
  readonly unfurlDomains: readonly string[]
  readonly redirectUrls: readonly string[]
  readonly homeTab: boolean
  readonly messagesTab: boolean
  readonly tokenRotation: boolean
  readonly distribution: 'internal' | 'marketplace' | 'unlisted'
  readonly manifest: Json
  /** Who may change it: whoever made it from a manifest. */
  readonly collaborators?: readonly string[]
  /** The app whose configuration token made it. */
  readonly managedBy?: string
  readonly icon?: string
  readonly mcpServers?: readonly McpServer[]
  readonly installed: boolean
  readonly updated: Seconds
}

/** A server of tools that an app offers to agents. */
export interface McpServer {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly authType: string
}

export type TokenKind = 'bot' | 'user' | 'app' | 'configuration' | 'workflow'

export interface Token {
  readonly secret: string
  readonly kind: TokenKind
  readonly teamId: string
  readonly appId?: string
  readonly userId?: string
  readonly botId?: string
  readonly scopes: readonly string[]
  readonly expires?: Seconds
  readonly revoked?: boolean
  /** The refresh token that replaces it. */
  readonly refresh?: string
}

export interface OAuthCode {
  readonly secret: string
  readonly appId: string
  readonly userId: string
  readonly scopes: readonly string[]
  readonly userScopes: readonly string[]
  readonly redirectUri?: string
  readonly challenge?: string
  readonly nonce?: string
  readonly openid?: boolean
  /** Consented to on the page for classic apps: only oauth.access takes it. */
  readonly classic?: boolean
  readonly expires: Seconds
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

export interface View {
  readonly id: string
  readonly appId: string
  readonly user: string
  readonly type: 'modal' | 'home' | 'workflow_step'
  readonly hash: string
  readonly payload: Json
  readonly state: Readonly<Record<string, Readonly<Record<string, Json>>>>
  readonly previousId?: string
  readonly rootId: string
  readonly externalId?: string
  readonly closed: boolean
}

export interface Trigger {
  readonly id: string
  readonly appId: string
  readonly user: string
  readonly expires: number
  readonly used: boolean
  /** The modal an interaction came from: only then may another be pushed. */
  readonly viewId?: string
  /** The work object whose details or comments were asked for. */
  readonly entity?: string
}

export interface ResponseUrl {
  readonly secret: string
  readonly appId: string
  readonly user: string
  readonly channel: string
  readonly ts?: string
  readonly threadTs?: string
  readonly uses: number
  readonly expires: number
}

export interface Webhook {
  readonly secret: string
  readonly appId: string
  readonly botId: string
  readonly channel: string
  readonly active: boolean
}

export interface Ticket {
  readonly secret: string
  readonly appId: string
  /** Whose Real Time Messaging session it opens; a Socket Mode connection is the app's alone. */
  readonly userId?: string
  /** RTM: changes of presence come as lists of people. */
  readonly batchPresence?: boolean
  readonly expires: number
  readonly used: boolean
}

export interface Connection {
  readonly id: string
  readonly appId: string
  readonly opened: number
}

/** An open Real Time Messaging session: one user's view of the workspace. */
export interface RtmSession {
  readonly id: string
  readonly userId: string
  readonly batchPresence: boolean
  /** People whose presence it hears of. */
  readonly presenceOf: readonly string[]
}

/** An envelope or request an app has yet to answer. */
export interface Interaction {
  readonly id: string
  readonly appId: string
  readonly type: string
  readonly user: string
  readonly payload: Json
  readonly channel?: string
  readonly viewId?: string
  readonly command?: string
  /** What the user would see when the app failed, or nothing yet. */
  readonly outcome?: string
  readonly at: number
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

export interface Execution {
  readonly id: string
  readonly appId: string
  readonly functionId: string
  readonly state: 'running' | 'completed' | 'failed'
  readonly inputs: Json
  readonly outputs?: Json
  readonly error?: string
  /** The run of a workflow it is a step of. */
  readonly run?: WorkflowRun
}

/** How far a workflow got: outputs of steps by their id. */
export interface WorkflowRun {
  readonly id: string
  readonly workflowId: string
  readonly step: number
  readonly user: string
  readonly inputs: Json
  readonly outputs: Readonly<Record<string, Json>>
}

/** A function an app offers as a step of workflows, as its manifest declares it. */
export interface AppFunction {
  readonly id: string
  readonly appId: string
  readonly callbackId: string
  readonly title: string
  readonly description: string
  readonly inputs: readonly Json[]
  readonly outputs: readonly Json[]
  readonly created: Seconds
  readonly updated: Seconds
  readonly deleted: Seconds
}

export interface WorkflowStep {
  readonly id: string
  readonly functionId: string
  readonly inputs: Json
}

export interface Workflow {
  readonly id: string
  readonly appId: string
  readonly teamId: string
  readonly callbackId: string
  readonly title: string
  readonly description: string
  readonly source: 'code' | 'workflow_builder'
  readonly inputs: readonly Json[]
  readonly steps: readonly WorkflowStep[]
  readonly published: boolean
  readonly collaborators: readonly string[]
  readonly created: Seconds
  readonly updated: Seconds
  readonly updatedBy: string
}

/** What starts a workflow: a link, an event, a time, a webhook. */
export interface WorkflowTrigger {
  readonly id: string
  readonly workflowId: string
  readonly name: string
  readonly type: string
}

/** Who may use something: `resource` is a kind and an id, as `trigger:Ft…`. */
export interface AccessList {
  readonly resource: string
  /** `everyone`, `app_collaborators`, `named_entities`, `no_one`, … */
  readonly type: string
  readonly users: readonly string[]
  readonly usergroups: readonly string[]
  readonly channels: readonly string[]
  readonly teams: readonly string[]
  readonly orgs: readonly string[]
}

/** A line of an app's activity log. */
export interface Activity {
  readonly id: number
  readonly appId: string
  readonly teamId: string
  readonly componentType: 'events_api' | 'workflows' | 'functions' | 'tables'
  readonly componentId: string
  readonly eventType: string
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
  readonly payload: Json
  readonly traceId: string
  /** µs */
  readonly created: number
}

/** A person's token of another service, kept for an app. */
export interface ExternalToken {
  readonly id: string
  readonly appId: string
  readonly userId: string
  readonly provider: string
  readonly token: string
  readonly refreshable: boolean
  readonly expires: Seconds
  readonly extras?: Json
}

/** What an app showed a person beside a work object. */
export interface Presentation {
  readonly trigger: string
  readonly appId: string
  readonly user: string
  readonly entity: string
  readonly shown: Json
}

/** Whether a person is connected to an app, as the app says. */
export interface UserConnection {
  readonly appId: string
  readonly user: string
  readonly status: 'connected' | 'disconnected'
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

/** A person asks administrators for an app. */
export interface AppRequest {
  readonly id: string
  readonly appId: string
  readonly teamId: string
  readonly user: string
  readonly message: string
  readonly created: Seconds
  readonly status: 'pending' | 'approved' | 'restricted' | 'cancelled'
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

export interface AssistantThread {
  readonly channel: string
  readonly ts: string
  readonly appId: string
  readonly user: string
  readonly title?: string
  readonly status: string
  readonly prompts: readonly Json[]
  readonly context: Json
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

/** An item of an app's datastore. */
export interface DatastoreRecord {
  readonly key: string
  readonly store: string
  readonly id: string
  readonly item: Json
}
