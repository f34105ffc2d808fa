import type { Instant } from '../../../shared/universe/clock.ts'
import { defineTable } from '../../../shared/universe/table.ts'
import { documents, type Json } from './document.ts'

export type UserStatus =
  | 'STAGED'
  | 'PROVISIONED'
  | 'ACTIVE'
  | 'RECOVERY'
  | 'PASSWORD_EXPIRED'
  | 'LOCKED_OUT'
  | 'SUSPENDED'
  | 'DEPROVISIONED'

/** What is kept of a password: a digest of our own, or an imported hash until the first sign-in. */
export interface Password {
  readonly algorithm: string
  readonly value: string
  readonly salt?: string
  readonly workFactor?: number
  readonly saltOrder?: string
  readonly iterationCount?: number
  readonly keySize?: number
  readonly digestAlgorithm?: string
}

export interface User {
  readonly id: string
  readonly status: UserStatus
  readonly created: Instant
  readonly activated?: Instant
  readonly statusChanged?: Instant
  readonly lastLogin?: Instant
  readonly lastUpdated: Instant
  readonly passwordChanged?: Instant
  readonly typeId: string
  readonly realmId: string
  readonly profile: Json & { readonly login: string }
  readonly password?: Password
  /** Earlier passwords, newest first, for the policy's history. */
  readonly passwordHistory?: readonly Password[]
  readonly recoveryQuestion?: { readonly question: string; readonly answer: string }
  readonly provider: { readonly type: string; readonly name?: string }
  /** The status suspension interrupted. */
  readonly suspendedFrom?: UserStatus
  readonly failedLogins?: number
  /** Secret of the last activation link, 20 characters. */
  readonly activationToken?: string
  readonly activationExpires?: Instant
  /** Secret of the last password recovery link. */
  readonly recoveryToken?: string
  readonly recoveryExpires?: Instant
  /** Where `blocks` come from: sign-in refused from devices never seen. */
  readonly blocked?: boolean
  readonly risk?: string
  readonly classification?: { readonly type: string; readonly lastUpdated: Instant }
}

export type GroupType = 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN'

export interface Group {
  readonly id: string
  readonly type: GroupType
  readonly created: Instant
  readonly lastUpdated: Instant
  readonly lastMembershipUpdated: Instant
  readonly objectClass: readonly string[]
  readonly profile: Json & { readonly name: string }
  readonly appId?: string
}

export interface Membership {
  readonly groupId: string
  readonly userId: string
  readonly since: Instant
  /** The rules that put the user there. A member by hand has none; both kinds can meet. */
  readonly byRules: readonly string[]
  readonly byHand: boolean
}

export interface GroupRule {
  readonly id: string
  readonly name: string
  readonly status: 'ACTIVE' | 'INACTIVE' | 'INVALID'
  readonly created: Instant
  readonly lastUpdated: Instant
  readonly expression: string
  readonly expressionType: string
  readonly groupIds: readonly string[]
  readonly excludedUsers: readonly string[]
  readonly excludedGroups: readonly string[]
}

export interface GroupOwner {
  /** `groupId` and `ownerId`. */
  readonly key: string
  readonly groupId: string
  readonly ownerId: string
  readonly type: 'USER' | 'GROUP'
  readonly lastUpdated: Instant
}

export interface UserType {
  readonly id: string
  readonly name: string
  readonly displayName: string
  readonly description?: string | null
  readonly default: boolean
  readonly created: Instant
  readonly lastUpdated: Instant
  readonly createdBy: string
  readonly lastUpdatedBy: string
}

/** The profile schema of a user type, of groups, or of an app's users. */
export interface ProfileSchema {
  /** `osc…` for user types, the app's id, or `group`. */
  readonly id: string
  readonly kind: 'user' | 'group' | 'app'
  readonly name: string
  readonly title: string
  readonly description?: string | null
  readonly created: Instant
  readonly lastUpdated: Instant
  /** Base properties in their order. */
  readonly base: Readonly<Record<string, Json>>
  readonly required: readonly string[]
  readonly custom: Readonly<Record<string, Json>>
  readonly customRequired: readonly string[]
}

export interface LinkedObjectDefinition {
  readonly primary: {
    readonly name: string
    readonly title: string
    readonly description: string
    readonly type: string
  }
  readonly associated: {
    readonly name: string
    readonly title: string
    readonly description: string
    readonly type: string
  }
}

export interface LinkedObjectValue {
  readonly name: string
  readonly associatedId: string
  readonly primaryId: string
}

export interface Factor {
  readonly id: string
  readonly userId: string
  readonly factorType: string
  readonly provider: string
  readonly vendorName: string
  readonly status: string
  readonly created: Instant
  readonly lastUpdated: Instant
  readonly profile: Json
  /** Security question's answer, TOTP shared secret. */
  readonly secret?: string
  /** The code last sent by text message, call or mail. */
  readonly passCode?: string
  readonly passCodeExpires?: Instant
  /** The last TOTP step that was used. */
  readonly lastStep?: number
  readonly failures?: number
}

export interface FactorTransaction {
  readonly id: string
  readonly factorId: string
  readonly userId: string
  readonly result: 'WAITING' | 'SUCCESS' | 'REJECTED' | 'TIMEOUT'
  readonly expiresAt: Instant
}

export interface Session {
  readonly id: string
  readonly userId: string
  readonly login: string
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly lastPasswordVerification?: Instant
  readonly lastFactorVerification?: Instant
  readonly amr: readonly string[]
  readonly mfaActive: boolean
}

export const directory = {
  users: defineTable<User>()('okta.users', {
    key: (user) => user.id,
    unique: { login: (user) => foldLogin(user.profile.login) },
    index: {
      shortName: (user) => foldLogin(user.profile.login).split('@')[0] as string,
      type: (user) => user.typeId,
      activationToken: (user) => user.activationToken,
      recoveryToken: (user) => user.recoveryToken,
    },
  }),
  groups: defineTable<Group>()('okta.groups', {
    key: (group) => group.id,
    index: { name: (group) => group.profile.name.toLowerCase(), app: (group) => group.appId },
  }),
  memberships: defineTable<Membership>()('okta.memberships', {
    key: (membership) => membershipKey(membership.groupId, membership.userId),
    index: {
      group: (membership) => membership.groupId,
      user: (membership) => membership.userId,
    },
  }),
  groupRules: defineTable<GroupRule>()('okta.groupRules', {
    key: (rule) => rule.id,
    unique: { name: (rule) => rule.name },
    many: { group: (rule) => rule.groupIds },
  }),
  groupOwners: defineTable<GroupOwner>()('okta.groupOwners', {
    key: (owner) => owner.key,
    index: { group: (owner) => owner.groupId, owner: (owner) => owner.ownerId },
  }),
  userTypes: defineTable<UserType>()('okta.userTypes', {
    key: (type) => type.id,
    unique: { name: (type) => type.name.toLowerCase() },
  }),
  schemas: defineTable<ProfileSchema>()('okta.schemas', { key: (schema) => schema.id }),
  linkedObjects: defineTable<LinkedObjectDefinition>()('okta.linkedObjects', {
    key: (definition) => definition.primary.name,
    unique: { associated: (definition) => definition.associated.name },
  }),
  linkedValues: defineTable<LinkedObjectValue>()('okta.linkedValues', {
    key: (value) => `${value.name}/${value.associatedId}`,
    index: {
      primary: (value) => [value.name, value.primaryId],
      name: (value) => value.name,
      user: (value) => value.associatedId,
      primaryUser: (value) => value.primaryId,
    },
  }),
  factors: defineTable<Factor>()('okta.factors', {
    key: (factor) => factor.id,
    index: { user: (factor) => factor.userId },
  }),
  factorTransactions: defineTable<FactorTransaction>()('okta.factorTransactions', {
    key: (transaction) => transaction.id,
  }),
  sessions: defineTable<Session>()('okta.sessions', {
    key: (session) => session.id,
    index: { user: (session) => session.userId },
  }),
  profileMappings: documents('profileMappings'),
  /** YubiKeys uploaded for enrolment. */
  yubikeys: documents('yubikeys'),
}

/** Logins are unique without regard to case. */
export const foldLogin = (login: string): string => login.toLowerCase()

export const membershipKey = (groupId: string, userId: string): string => `${groupId}/${userId}`
