import type { Instant } from '../../../shared/universe/clock.ts'
import { defineTable } from '../../../shared/universe/table.ts'

export interface IssueType {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly hierarchyLevel: number
  readonly avatarId: number
  /** Set for a type of a team-managed project. */
  readonly projectId?: string
  readonly entityId?: string
}

export type StatusCategoryName = 'TODO' | 'IN_PROGRESS' | 'DONE'

export interface Status {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly category: StatusCategoryName
  readonly icon: string
  readonly projectId?: string
}

export interface Priority {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly statusColor: string
  readonly icon: string
  readonly sequence: number
  readonly isDefault: boolean
}

export interface Resolution {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly sequence: number
  readonly isDefault: boolean
}

export interface CustomField {
  readonly id: string
  readonly number: number
  readonly name: string
  readonly untranslatedName?: string
  readonly description: string
  /** Key of the type: `com.atlassian.jira.plugin.system.customfieldtypes:select`. */
  readonly type: string
  readonly searcherKey?: string
  /** Came with Jira: neither changed nor deleted. */
  readonly locked: boolean
  readonly trashed?: { readonly at: Instant; readonly by: string }
  readonly projectId?: string
}

export interface FieldContext {
  readonly id: string
  readonly fieldId: string
  readonly name: string
  readonly description: string
  /** Empty: all projects. */
  readonly projectIds: readonly string[]
  /** Empty: all types. */
  readonly issueTypeIds: readonly string[]
  readonly defaultValue?: object
}

export interface FieldOption {
  readonly id: string
  readonly fieldId: string
  readonly contextId: string
  readonly value: string
  readonly disabled: boolean
  readonly parentId?: string
  readonly position: number
}

export interface ScreenTab {
  readonly id: number
  readonly name: string
  readonly fields: readonly string[]
}

export interface Screen {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly tabs: readonly ScreenTab[]
}

export interface ScreenScheme {
  readonly id: number
  readonly name: string
  readonly description: string
  /** default, create, edit, view → screen id. */
  readonly screens: Readonly<Record<string, number>>
}

/** A scheme that maps issue types (or `default`) to something else's id. */
export interface MappingScheme {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly mappings: Readonly<Record<string, string>>
}

export interface IssueTypeScheme {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly defaultIssueTypeId?: string
  readonly isDefault: boolean
  readonly issueTypeIds: readonly string[]
}

export interface WorkflowTransition {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly type: 'INITIAL' | 'GLOBAL' | 'DIRECTED'
  readonly from: readonly string[]
  readonly to: string
  readonly screenId?: number
  readonly conditions?: readonly WorkflowRule[]
  readonly validators?: readonly WorkflowRule[]
  readonly actions?: readonly WorkflowRule[]
  readonly properties?: Readonly<Record<string, string>>
}

export interface WorkflowRule {
  readonly id?: string
  readonly ruleKey: string
  readonly parameters?: Readonly<Record<string, string>>
}

export interface Workflow {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly statusIds: readonly string[]
  readonly transitions: readonly WorkflowTransition[]
  readonly version: { readonly number: number; readonly id: string }
  readonly created: Instant
  readonly updated: Instant
  readonly isDefault: boolean
  readonly projectId?: string
  /** Who wrote this version, if the API was used. */
  readonly authorId?: string
}

export interface WorkflowScheme {
  readonly id: number
  readonly name: string
  /** Counts changes by the newer API. Absent: 1. */
  readonly version?: number
  readonly description: string
  readonly defaultWorkflow: string
  readonly mappings: Readonly<Record<string, string>>
  readonly draft?: {
    readonly name: string
    readonly description: string
    readonly defaultWorkflow: string
    readonly mappings: Readonly<Record<string, string>>
    readonly modified: Instant
    readonly by: string
  }
}

export interface FieldConfigurationItem {
  readonly id: string
  readonly description?: string
  readonly isHidden?: boolean
  readonly isRequired?: boolean
  readonly renderer?: string
}

export interface FieldConfiguration {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly isDefault: boolean
  readonly items: Readonly<Record<string, FieldConfigurationItem>>
}

/** What a field scheme says about one of its fields. */
export interface SchemeField {
  /** Ids of the work types it is for. Empty: all. */
  readonly workTypes: readonly string[]
  readonly description?: string
  readonly isRequired?: boolean
  /** Work type id → what differs there. */
  readonly perType: Readonly<Record<string, { readonly description?: string; readonly isRequired?: boolean }>>
}

/** Which fields projects have: the successor of field configurations. */
export interface FieldScheme {
  readonly id: number
  readonly name: string
  readonly description: string
  /** Holds every field, and belongs to every project that was given no other. */
  readonly isDefault: boolean
  readonly fields: Readonly<Record<string, SchemeField>>
}

export interface Grant {
  readonly id: number
  readonly permission: string
  readonly holder: { readonly type: string; readonly parameter?: string; readonly value?: string }
}

export interface PermissionScheme {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly grants: readonly Grant[]
}

export interface Notification {
  readonly id: number
  readonly eventId: number
  readonly notificationType: string
  readonly parameter?: string
}

export interface NotificationScheme {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly notifications: readonly Notification[]
}

export interface SecurityMember {
  readonly id: string
  readonly holder: { readonly type: string; readonly parameter?: string; readonly value?: string }
}

export interface SecurityLevel {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly isDefault: boolean
  readonly members: readonly SecurityMember[]
}

export interface SecurityScheme {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly levels: readonly SecurityLevel[]
}

export interface PriorityScheme {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly isDefault: boolean
  readonly defaultPriorityId?: string
  readonly priorityIds: readonly string[]
}

export interface Avatar {
  readonly id: string
  readonly type: 'project' | 'issuetype' | 'priority'
  readonly owner: string
  readonly mimeType: string
  readonly bytes: Uint8Array
}

const byId = { key: (row: { readonly id: string | number }) => String(row.id) }

export const issueTypes = defineTable<IssueType>()('jira.issueTypes', {
  ...byId,
  index: { project: (type) => type.projectId },
})
export const statuses = defineTable<Status>()('jira.statuses', { ...byId, index: { project: (s) => s.projectId } })
export const priorities = defineTable<Priority>()('jira.priorities', { ...byId, index: { order: (p) => p.sequence } })
export const resolutions = defineTable<Resolution>()('jira.resolutions', {
  ...byId,
  index: { order: (r) => r.sequence },
})
export const customFields = defineTable<CustomField>()('jira.customFields', {
  ...byId,
  index: { number: (f) => f.number },
})
export const fieldContexts = defineTable<FieldContext>()('jira.fieldContexts', {
  ...byId,
  index: { field: (c) => c.fieldId },
})
export const fieldOptions = defineTable<FieldOption>()('jira.fieldOptions', {
  ...byId,
  index: { context: (option) => [option.contextId, option.position], field: (option) => option.fieldId },
})
export const screens = defineTable<Screen>()('jira.screens', byId)
export const screenSchemes = defineTable<ScreenScheme>()('jira.screenSchemes', byId)
export const issueTypeScreenSchemes = defineTable<MappingScheme>()('jira.issueTypeScreenSchemes', byId)
export const issueTypeSchemes = defineTable<IssueTypeScheme>()('jira.issueTypeSchemes', byId)
export const workflows = defineTable<Workflow>()('jira.workflows', { ...byId, index: { name: (w) => w.name } })
/** Workflows as they were before each change. */
export const workflowVersions = defineTable<Workflow>()('jira.workflowVersions', {
  key: (workflow) => `${workflow.id}/${workflow.version.number}`,
  index: { workflow: (workflow) => [workflow.id, workflow.version.number] },
})
export const workflowSchemes = defineTable<WorkflowScheme>()('jira.workflowSchemes', byId)
export const fieldConfigurations = defineTable<FieldConfiguration>()('jira.fieldConfigurations', byId)
export const fieldConfigurationSchemes = defineTable<MappingScheme>()('jira.fieldConfigurationSchemes', byId)
export const fieldSchemes = defineTable<FieldScheme>()('jira.fieldSchemes', byId)
export const permissionSchemes = defineTable<PermissionScheme>()('jira.permissionSchemes', byId)
export const notificationSchemes = defineTable<NotificationScheme>()('jira.notificationSchemes', byId)
export const securitySchemes = defineTable<SecurityScheme>()('jira.securitySchemes', byId)
export const prioritySchemes = defineTable<PriorityScheme>()('jira.prioritySchemes', byId)
export const avatars = defineTable<Avatar>()('jira.avatars', { ...byId, index: { owner: (a) => [a.type, a.owner] } })
