import type { Instant } from '../../../shared/universe/clock.ts'
import { defineTable } from '../../../shared/universe/table.ts'

export interface User {
  readonly accountId: string
  readonly accountType: 'atlassian' | 'app' | 'customer'
  readonly email?: string
  readonly displayName: string
  readonly active: boolean
  readonly timeZone: string
  readonly locale: string
  /** Columns of the user's issue navigator, once chosen. */
  readonly columns?: readonly string[]
}

/** An API token, or an OAuth access or refresh token. */
export interface Token {
  readonly secret: string
  readonly kind: 'api' | 'access' | 'refresh' | 'code'
  readonly accountId: string
  readonly scopes?: readonly string[]
  readonly clientId?: string
  readonly redirectUri?: string
  readonly expires?: Instant
}

/** An OAuth 2.0 (3LO) app. */
export interface OAuthApp {
  readonly clientId: string
  readonly secret: string
  readonly name: string
  readonly redirectUris: readonly string[]
}

export interface Group {
  readonly groupId: string
  readonly name: string
  readonly members: readonly string[]
}

export interface ProjectRole {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly defaultUsers: readonly string[]
  readonly defaultGroups: readonly string[]
}

/** A member of a project role. */
export interface RoleActor {
  readonly id: number
  readonly projectId: string
  readonly roleId: number
  readonly type: 'user' | 'group'
  /** Account id or group id. */
  readonly holder: string
}

export const users = defineTable<User>()('jira.users', {
  key: (user) => user.accountId,
  unique: { email: (user) => user.email?.toLowerCase() },
})

export const tokens = defineTable<Token>()('jira.tokens', {
  key: (token) => token.secret,
  index: { owner: (token) => token.accountId },
})

export const oauthApps = defineTable<OAuthApp>()('jira.oauthApps', { key: (app) => app.clientId })

export const groups = defineTable<Group>()('jira.groups', {
  key: (group) => group.groupId,
  unique: { name: (group) => group.name.toLowerCase() },
  many: { member: (group) => group.members },
})

export const roles = defineTable<ProjectRole>()('jira.roles', { key: (role) => String(role.id) })

export const roleActors = defineTable<RoleActor>()('jira.roleActors', {
  key: (actor) => String(actor.id),
  index: { role: (actor) => [actor.projectId, actor.roleId], holder: (actor) => actor.holder },
})
