import type { Instant } from '../../../shared/universe/clock.ts'
import { defineTable } from '../../../shared/universe/table.ts'

export interface SharePermission {
  readonly id: number
  readonly type: 'user' | 'group' | 'project' | 'projectRole' | 'global' | 'loggedin' | 'authenticated'
  readonly accountId?: string
  readonly groupId?: string
  readonly projectId?: string
  readonly roleId?: number
}

export interface Filter {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly ownerId: string
  readonly jql: string
  readonly share: readonly SharePermission[]
  readonly edit: readonly SharePermission[]
  readonly favouriteOf: readonly string[]
  readonly columns?: readonly string[]
}

export interface Gadget {
  readonly id: number
  readonly moduleKey?: string
  readonly uri?: string
  readonly color: string
  readonly title: string
  readonly position: { readonly row: number; readonly column: number }
}

export interface Dashboard {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly ownerId?: string
  readonly share: readonly SharePermission[]
  readonly edit: readonly SharePermission[]
  readonly favouriteOf: readonly string[]
  readonly gadgets: readonly Gadget[]
  readonly isSystem: boolean
}

export interface BoardColumn {
  readonly name: string
  readonly statusIds: readonly string[]
  readonly min?: number
  readonly max?: number
}

export interface Board {
  readonly id: number
  readonly name: string
  readonly type: 'scrum' | 'kanban' | 'simple'
  readonly filterId: string
  readonly projectId?: string
  readonly userId?: string
  readonly columns: readonly BoardColumn[]
  readonly subQuery?: string
  readonly estimationFieldId?: string
  readonly isPrivate: boolean
  readonly sprintsSupported: boolean
  /** Features that were switched and show in nothing else. */
  readonly features?: Readonly<Record<string, boolean>>
}

export interface Sprint {
  readonly id: number
  readonly name: string
  readonly state: 'future' | 'active' | 'closed'
  readonly boardId: number
  readonly goal?: string
  readonly startDate?: Instant
  readonly endDate?: Instant
  readonly completeDate?: Instant
  readonly created: Instant
  readonly sequence: number
}

/** How confidential data is, as the organisation's administrators define it. */
export interface ClassificationLevel {
  readonly id: string
  readonly name: string
  readonly status: 'published' | 'draft' | 'archived'
  readonly rank: number
  readonly description: string
  readonly guideline: string
  readonly color: string
}

/** A job that blacked out texts; each redaction by the id its caller gave it. */
export interface RedactionJob {
  readonly id: string
  readonly results: readonly { readonly externalId: string; readonly successful: boolean }[]
}

/** Any JSON value kept under a key of an issue, project, user, comment, board … */
export interface EntityProperty {
  readonly kind: string
  readonly entityId: string
  readonly key: string
  readonly value: unknown
}

/** A long-running job as `/task/{id}` and `/bulk/queue/{id}` show it. */
export interface AsyncTask {
  readonly id: string
  readonly kind: 'task' | 'bulk'
  readonly description: string
  readonly status: 'ENQUEUED' | 'RUNNING' | 'COMPLETE' | 'FAILED' | 'CANCEL_REQUESTED' | 'CANCELLED' | 'DEAD'
  readonly submittedBy: string
  readonly submitted: Instant
  readonly started?: Instant
  readonly finished?: Instant
  readonly updated: Instant
  readonly progress: number
  readonly message?: string
  readonly result?: unknown
  readonly total?: number
  readonly processed?: readonly string[]
  readonly failed?: Readonly<Record<string, readonly string[]>>
  readonly invalid?: number
}

export interface Webhook {
  readonly id: number
  /** Registered by an app (`/webhook`) or by an administrator (`/rest/webhooks/1.0/webhook`). */
  readonly kind: 'dynamic' | 'admin'
  readonly ownerId: string
  readonly name?: string
  readonly url: string
  readonly events: readonly string[]
  readonly jql: string
  readonly fieldIds?: readonly string[]
  readonly propertyKeys?: readonly string[]
  readonly excludeBody?: boolean
  readonly secret?: string
  readonly enabled: boolean
  readonly expires?: Instant
  readonly updated: Instant
}

export interface AuditRecord {
  readonly id: number
  readonly created: Instant
  readonly authorId?: string
  readonly summary: string
  readonly category: string
  readonly objectItem?: { readonly id?: string; readonly name: string; readonly typeName: string }
  readonly changedValues?: readonly {
    readonly fieldName: string
    readonly changedFrom?: string
    readonly changedTo?: string
  }[]
}

/** A site-wide setting: application properties, time tracking, banner, plan. */
export interface Setting {
  readonly key: string
  readonly value: unknown
}

export interface Preference {
  readonly accountId: string
  readonly key: string
  readonly value: string
}

export const filters = defineTable<Filter>()('jira.filters', {
  key: (filter) => filter.id,
  unique: { name: (filter) => [filter.ownerId, filter.name.toLowerCase()] },
})
export const dashboards = defineTable<Dashboard>()('jira.dashboards', { key: (dashboard) => dashboard.id })
export const boards = defineTable<Board>()('jira.boards', { key: (b) => String(b.id), index: { id: (b) => b.id } })
export const sprints = defineTable<Sprint>()('jira.sprints', {
  key: (sprint) => String(sprint.id),
  index: { board: (sprint) => [sprint.boardId, sprint.sequence] },
})
export const properties = defineTable<EntityProperty>()('jira.properties', {
  key: (property) => `${property.kind}/${property.entityId}/${property.key}`,
  index: { entity: (property) => [property.kind, property.entityId, property.key] },
})
export const classificationLevels = defineTable<ClassificationLevel>()('jira.classificationLevels', {
  key: (level) => level.id,
  index: { rank: (level) => level.rank },
})
export const redactionJobs = defineTable<RedactionJob>()('jira.redactionJobs', { key: (job) => job.id })
export const tasks = defineTable<AsyncTask>()('jira.tasks', { key: (task) => task.id })
export const webhooks = defineTable<Webhook>()('jira.webhooks', {
  key: (hook) => String(hook.id),
  index: { id: (h) => h.id },
})
export const auditRecords = defineTable<AuditRecord>()('jira.auditRecords', {
  key: (record) => String(record.id),
  index: { id: (record) => record.id },
})
export const settings = defineTable<Setting>()('jira.settings', { key: (setting) => setting.key })
export const preferences = defineTable<Preference>()('jira.preferences', {
  key: (preference) => `${preference.accountId}/${preference.key}`,
})
