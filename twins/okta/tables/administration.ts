import type { Instant } from '../../../shared/universe/clock.ts'
import { defineTable } from '../../../shared/universe/table.ts'
import { documents, type Json } from './document.ts'

export interface Org {
  readonly id: string
  readonly subdomain: string
  readonly companyName: string
  readonly status: string
  readonly created: Instant
  readonly lastUpdated: Instant
  readonly expiresAt?: Instant
  /** Address, phone, website and the like, under wire names. */
  readonly contact: Json
  /** Settings objects under names of ours: `preferences`, `support`, `communication`, `security`, … */
  readonly settings: Json
  readonly adminUserId: string
  /** `spr…`, the creator of what came with the org. */
  readonly systemPrincipal: string
}

export interface ApiToken {
  readonly id: string
  readonly name: string
  readonly userId: string
  readonly clientName: string
  /** The stored secret; the wire has it sealed. */
  readonly secret: string
  readonly created: Instant
  readonly lastUpdated: Instant
  readonly expiresAt: Instant
  readonly tokenWindow: string
  readonly network: Json
}

/** An administrator role held by a user, a group or an OAuth client. */
export interface RoleAssignment {
  /** Holder and assignment id: scoped standard roles have the same id on every holder. */
  readonly key: string
  readonly id: string
  readonly holderId: string
  readonly holder: 'USER' | 'GROUP' | 'CLIENT'
  readonly type: string
  readonly label: string
  readonly created: Instant
  readonly lastUpdated: Instant
  /** Custom role and the resource set it is bound to. */
  readonly roleId?: string
  readonly resourceSetId?: string
}

export interface RoleTarget {
  /** Assignment key and target. */
  readonly key: string
  readonly assignment: string
  readonly kind: 'GROUP' | 'APP'
  /** Group id, or app name. */
  readonly target: string
  /** One instance of the app. */
  readonly appId?: string
  readonly since: Instant
}

export interface CustomRole {
  readonly id: string
  readonly label: string
  readonly description: string
  readonly created: Instant
  readonly lastUpdated: Instant
}

export interface RolePermission {
  readonly roleId: string
  readonly label: string
  readonly conditions?: Json | null
  readonly created: Instant
  readonly lastUpdated: Instant
}

export interface ResourceSet {
  readonly id: string
  readonly label: string
  readonly description: string
  readonly created: Instant
  readonly lastUpdated: Instant
}

export interface ResourceSetResource {
  readonly id: string
  readonly resourceSetId: string
  readonly orn?: string
  /** Path below the org's URL. */
  readonly path: string
  readonly conditions?: Json
  readonly created: Instant
  readonly lastUpdated: Instant
}

export interface BindingMember {
  readonly id: string
  readonly resourceSetId: string
  readonly roleId: string
  /** Path below the org's URL: `/api/v1/users/…`. */
  readonly path: string
  readonly created: Instant
  readonly lastUpdated: Instant
}

/** One entry of the system log, in the order it was kept. */
export interface LogEntry {
  /** Ascends: number of the entry, padded. */
  readonly id: string
  readonly uuid: string
  readonly published: Instant
  readonly eventType: string
  /** The event as `/logs` shows it, without links. */
  readonly event: Json
}

export const administration = {
  org: defineTable<Org>()('okta.org', { key: (org) => org.id }),
  apiTokens: defineTable<ApiToken>()('okta.apiTokens', {
    key: (token) => token.id,
    unique: { secret: (token) => token.secret },
    index: { user: (token) => token.userId },
  }),
  roleAssignments: defineTable<RoleAssignment>()('okta.roleAssignments', {
    key: (assignment) => assignment.key,
    index: {
      holder: (assignment) => assignment.holderId,
      role: (assignment) => assignment.roleId,
      resourceSet: (assignment) => assignment.resourceSetId,
    },
  }),
  roleTargets: defineTable<RoleTarget>()('okta.roleTargets', {
    key: (target) => target.key,
    index: { assignment: (target) => target.assignment, target: (target) => target.target },
  }),
  customRoles: defineTable<CustomRole>()('okta.customRoles', {
    key: (role) => role.id,
    unique: { label: (role) => role.label },
  }),
  rolePermissions: defineTable<RolePermission>()('okta.rolePermissions', {
    key: (permission) => `${permission.roleId}/${permission.label}`,
    index: { role: (permission) => permission.roleId },
  }),
  resourceSets: defineTable<ResourceSet>()('okta.resourceSets', {
    key: (set) => set.id,
    unique: { label: (set) => set.label },
  }),
  resourceSetResources: defineTable<ResourceSetResource>()('okta.resourceSetResources', {
    key: (resource) => resource.id,
    index: { set: (resource) => resource.resourceSetId },
  }),
  bindingMembers: defineTable<BindingMember>()('okta.bindingMembers', {
    key: (member) => member.id,
    index: {
      set: (member) => member.resourceSetId,
      binding: (member) => [member.resourceSetId, member.roleId],
      role: (member) => member.roleId,
    },
  }),
  logs: defineTable<LogEntry>()('okta.logs', { key: (entry) => entry.id }),
  /** Notification settings of a role or user, where they differ from the default: `parent` is the role or user. */
  subscriptions: documents('subscriptions'),
}

export const assignmentKey = (holderId: string, id: string): string => `${holderId}/${id}`
