import type { Instant } from '../../../shared/universe/clock.ts'
import { defineTable } from '../../../shared/universe/table.ts'
import type { AdfDocument } from '../rules/adf/types.ts'

/** A work item. Ids of other rows are kept, never their names. */
export interface Issue {
  readonly id: string
  readonly projectId: string
  /** The part of the key after the dash; never used twice in a project. */
  readonly number: number
  readonly key: string
  /** Keys the issue had before it was moved. */
  readonly formerKeys: readonly string[]
  readonly typeId: string
  readonly statusId: string
  readonly summary: string
  readonly description: AdfDocument | null
  readonly environment: AdfDocument | null
  readonly priorityId: string | null
  readonly resolutionId: string | null
  readonly resolved: Instant | null
  readonly assigneeId: string | null
  readonly reporterId: string | null
  readonly creatorId: string | null
  readonly labels: readonly string[]
  readonly componentIds: readonly string[]
  readonly fixVersionIds: readonly string[]
  readonly affectedVersionIds: readonly string[]
  /** yyyy-MM-dd */
  readonly dueDate: string | null
  readonly parentId: string | null
  readonly securityId: string | null
  /** Seconds. */
  readonly originalEstimate: number | null
  readonly remainingEstimate: number | null
  readonly timeSpent: number | null
  readonly created: Instant
  readonly updated: Instant
  readonly statusCategoryChanged: Instant
  readonly rank: string
  readonly watchers: readonly string[]
  readonly voters: readonly string[]
  readonly archived?: { readonly at: Instant; readonly by: string | null }
  /** Values of custom fields in stored form, by field id. */
  readonly custom: Readonly<Record<string, unknown>>
}

export interface Visibility {
  readonly type: 'group' | 'role'
  /** Group id or role name. */
  readonly identifier: string
  readonly value: string
}

export interface Comment {
  readonly id: string
  readonly issueId: string
  readonly authorId: string | null
  readonly updateAuthorId: string | null
  readonly body: AdfDocument
  readonly created: Instant
  readonly updated: Instant
  readonly visibility?: Visibility
  readonly parentId?: string
  readonly jsdPublic: boolean
}

export interface Worklog {
  readonly id: string
  readonly issueId: string
  readonly authorId: string | null
  readonly updateAuthorId: string | null
  readonly comment: AdfDocument | null
  readonly created: Instant
  readonly updated: Instant
  readonly started: Instant
  readonly seconds: number
  readonly visibility?: Visibility
}

export interface DeletedWorklog {
  readonly id: string
  readonly at: Instant
}

export interface Attachment {
  readonly id: string
  readonly issueId: string
  readonly filename: string
  readonly authorId: string | null
  readonly created: Instant
  readonly mimeType: string
  readonly bytes: Uint8Array
  /** Name of the file in the media service. */
  readonly mediaId: string
}

/** `sourceId` is the issue that does what the outward description says ("blocks"). */
export interface IssueLink {
  readonly id: string
  readonly typeId: string
  readonly sourceId: string
  readonly targetId: string
}

export interface IssueLinkType {
  readonly id: string
  readonly name: string
  readonly inward: string
  readonly outward: string
}

export interface RemoteLink {
  readonly id: string
  readonly issueId: string
  readonly globalId?: string
  readonly application?: object
  readonly relationship?: string
  readonly object: object
}

export interface ChangeItem {
  readonly field: string
  readonly fieldtype: 'jira' | 'custom'
  readonly fieldId: string
  readonly from: string | null
  readonly fromString: string | null
  readonly to: string | null
  readonly toString: string | null
  readonly tmpFromAccountId?: string | null
  readonly tmpToAccountId?: string | null
}

/** One entry of an issue's history: what one write changed. */
export interface Change {
  readonly id: string
  readonly issueId: string
  readonly authorId: string | null
  readonly created: Instant
  readonly items: readonly ChangeItem[]
  readonly historyMetadata?: object
}

/** When a user last opened an issue. */
export interface IssueView {
  readonly accountId: string
  readonly issueId: string
  readonly at: Instant
}

export const issues = defineTable<Issue>()('jira.issues', {
  key: (issue) => issue.id,
  unique: { key: (issue) => issue.key },
  index: {
    project: (issue) => [issue.projectId, issue.number],
    parent: (issue) => issue.parentId ?? undefined,
    rank: (issue) => issue.rank,
  },
  many: { formerKey: (issue) => issue.formerKeys },
})

export const comments = defineTable<Comment>()('jira.comments', {
  key: (comment) => comment.id,
  index: { issue: (comment) => [comment.issueId, comment.created] },
})

export const worklogs = defineTable<Worklog>()('jira.worklogs', {
  key: (worklog) => worklog.id,
  index: { issue: (worklog) => [worklog.issueId, worklog.created], updated: (worklog) => worklog.updated },
})

export const deletedWorklogs = defineTable<DeletedWorklog>()('jira.deletedWorklogs', {
  key: (worklog) => worklog.id,
  index: { at: (worklog) => worklog.at },
})

export const attachments = defineTable<Attachment>()('jira.attachments', {
  key: (attachment) => attachment.id,
  index: { issue: (attachment) => attachment.issueId },
})

export const issueLinks = defineTable<IssueLink>()('jira.issueLinks', {
  key: (link) => link.id,
  many: { issue: (link) => [link.sourceId, link.targetId] },
  index: { type: (link) => link.typeId },
})

export const issueLinkTypes = defineTable<IssueLinkType>()('jira.issueLinkTypes', {
  key: (type) => type.id,
  unique: { name: (type) => type.name.toLowerCase() },
})

export const remoteLinks = defineTable<RemoteLink>()('jira.remoteLinks', {
  key: (link) => link.id,
  index: { issue: (link) => link.issueId },
})

export const changes = defineTable<Change>()('jira.changes', {
  key: (change) => change.id,
  index: { issue: (change) => [change.issueId, change.created] },
})

export const issueViews = defineTable<IssueView>()('jira.issueViews', {
  key: (view) => `${view.accountId}/${view.issueId}`,
  index: { user: (view) => [view.accountId, view.at] },
})
