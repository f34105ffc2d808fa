import type { Json, Seconds } from './rows.ts'

/** What apps are and do: their tokens, sockets, views, functions, workflows, and who may use them. */

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

/** An item of an app's datastore. */
export interface DatastoreRecord {
  readonly key: string
  readonly store: string
  readonly id: string
  readonly item: Json
}
