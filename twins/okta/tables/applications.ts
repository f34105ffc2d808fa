import type { Instant } from '../../../shared/universe/clock.ts'
import { defineTable } from '../../../shared/universe/table.ts'
import { documents, type Json } from './document.ts'

export type SignOnMode =
  | 'AUTO_LOGIN'
  | 'BASIC_AUTH'
  | 'BOOKMARK'
  | 'BROWSER_PLUGIN'
  | 'OPENID_CONNECT'
  | 'SAML_1_1'
  | 'SAML_2_0'
  | 'SECURE_PASSWORD_STORE'
  | 'WS_FEDERATION'

export interface App {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly created: Instant
  readonly lastUpdated: Instant
  /** `null` for catalogue apps that have not chosen one. */
  readonly signOnMode: SignOnMode | null
  readonly features: readonly string[]
  readonly accessibility: Json
  readonly visibility: Json
  /** As shown, without secrets. */
  readonly credentials: Json
  readonly settings: Json
  readonly profile?: Json
  readonly licensing?: Json
  /** Made with the org: cannot be changed or removed. */
  readonly builtIn?: boolean
  /** OAuth client id: the app's own id unless chosen. */
  readonly clientId?: string
  /** Shared and SWA passwords, never shown. */
  readonly password?: string
  readonly accessPolicyId?: string
  readonly enrollmentPolicyId?: string
  /** `exk…`, the key SAML URLs and entity ids use. */
  readonly externalKey: string
  readonly kid?: string
  /** The id token settings of the console's own API. */
  readonly idToken?: Json
  readonly logo?: boolean
  readonly connection?: Json
  readonly expressConfiguration?: Json
}

export interface AppUser {
  readonly appId: string
  readonly userId: string
  readonly scope: 'USER' | 'GROUP'
  /** The groups that bring the user in. */
  readonly groupIds: readonly string[]
  readonly status: string
  readonly created: Instant
  readonly lastUpdated: Instant
  readonly statusChanged: Instant
  readonly passwordChanged?: Instant
  readonly credentials: Json
  readonly profile: Json
  readonly password?: string
}

export interface AppGroup {
  readonly appId: string
  readonly groupId: string
  readonly priority: number
  readonly profile: Json
  readonly lastUpdated: Instant
}

/** A signing key of an app or of the org. */
export interface AppKey {
  readonly kid: string
  readonly appId: string
  readonly created: Instant
  readonly lastUpdated: Instant
  readonly expiresAt: Instant
  readonly certificate: string
  /** Which key of the pool signs. */
  readonly pool: number
}

export interface ClientSecret {
  readonly id: string
  readonly appId: string
  readonly secret: string
  readonly secretHash: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly created: Instant
  readonly lastUpdated: Instant
}

export const applications = {
  apps: defineTable<App>()('okta.apps', {
    key: (app) => app.id,
    unique: { client: (app) => app.clientId },
    index: {
      name: (app) => app.name,
      label: (app) => app.label.toLowerCase(),
      accessPolicy: (app) => app.accessPolicyId,
    },
  }),
  appUsers: defineTable<AppUser>()('okta.appUsers', {
    key: (assignment) => pairKey(assignment.appId, assignment.userId),
    index: { app: (assignment) => assignment.appId, user: (assignment) => assignment.userId },
  }),
  appGroups: defineTable<AppGroup>()('okta.appGroups', {
    key: (assignment) => pairKey(assignment.appId, assignment.groupId),
    index: { app: (assignment) => [assignment.appId, assignment.priority], group: (assignment) => assignment.groupId },
  }),
  appKeys: defineTable<AppKey>()('okta.appKeys', {
    key: (key) => `${key.appId}/${key.kid}`,
    index: { app: (key) => [key.appId, key.created], kid: (key) => key.kid },
  }),
  clientSecrets: defineTable<ClientSecret>()('okta.clientSecrets', {
    key: (secret) => secret.id,
    index: { app: (secret) => secret.appId },
  }),
  /** Public keys an OAuth client registered; `parent` is the app. */
  clientKeys: documents('clientKeys'),
  appCsrs: documents('appCsrs'),
  appGrants: documents('appGrants'),
  federatedClaims: documents('federatedClaims'),
  appFeatures: documents('appFeatures'),
  crossAppConnections: documents('crossAppConnections'),
  interclientTrust: documents('interclientTrust'),
  groupPushMappings: documents('groupPushMappings'),
}

export const pairKey = (left: string, right: string): string => `${left}/${right}`
