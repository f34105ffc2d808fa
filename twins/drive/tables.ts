import type { Instant } from '../../shared/universe/clock.ts'
import { defineTable } from '../../shared/universe/table.ts'
import { googleTables } from '../google/tables.ts'

export interface SharedDrive {
  readonly id: string
  readonly name: string
  readonly createdTime: Instant
  /** The caller's key for an idempotent creation. */
  readonly requestId?: string
  readonly hiddenBy: readonly string[]
  readonly themeId: string
  readonly colorRgb: string
  readonly backgroundImageLink: string
  readonly restrictions: Readonly<Record<string, unknown>>
}

/** A resumable upload in progress. */
export interface UploadSession {
  readonly id: string
  /** Chunks may come without a token: the address is the credential, and acts for whoever opened the session. */
  readonly userId: string
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Absent: creates a file. */
  readonly fileId?: string
  readonly version: 'v2' | 'v3'
  readonly metadata: Readonly<Record<string, unknown>>
  readonly contentType?: string
  readonly total?: number
  readonly received: Uint8Array
  readonly startedAt: Instant
  /** The finished file: a repeated last chunk or probe is answered with it. */
  readonly resultId?: string
}

/** An id handed out by generateIds, usable once. */
export interface GeneratedId {
  readonly id: string
  readonly space: string
}

export interface Approval {
  readonly fileId: string
  readonly id: string
  readonly initiatorId: string
  readonly status: 'IN_PROGRESS' | 'APPROVED' | 'CANCELLED' | 'DECLINED'
  readonly createTime: Instant
  readonly modifyTime: Instant
  readonly completeTime?: Instant
  readonly dueTime?: Instant
  readonly reviewers: readonly { readonly userId: string; readonly response: 'NO_RESPONSE' | 'APPROVED' | 'DECLINED' }[]
}

/** Somebody without access asked for it. People ask in the browser: a fixture or an act adds the row. */
export interface AccessProposal {
  readonly fileId: string
  readonly id: string
  readonly requesterEmail: string
  readonly recipientEmail: string
  readonly role: string
  readonly message?: string
  readonly createTime: Instant
}

/** A label of the Drive Labels catalogue: field id → its kind. */
export interface Label {
  readonly id: string
  readonly revisionId: string
  readonly title: string
  readonly fields: Readonly<
    Record<string, { readonly title: string; readonly type: 'text' | 'integer' | 'dateString' | 'user' | 'selection' }>
  >
}

/** A long-running download. */
export interface Operation {
  readonly name: string
  readonly fileId: string
  readonly mimeType: string
  readonly revisionId?: string
}

const perFile = (row: { fileId: string; id: string }) => `${row.fileId}/${row.id}`

export const tables = {
  ...googleTables,
  drives: defineTable<SharedDrive>()('drive.drives', {
    key: (drive) => drive.id,
    index: { name: (drive) => drive.name, request: (drive) => drive.requestId },
  }),
  uploads: defineTable<UploadSession>()('drive.uploads', { key: (upload) => upload.id }),
  generatedIds: defineTable<GeneratedId>()('drive.generatedIds', { key: (generated) => generated.id }),
  approvals: defineTable<Approval>()('drive.approvals', { key: perFile, index: { file: (row) => row.fileId } }),
  accessProposals: defineTable<AccessProposal>()('drive.accessProposals', {
    key: perFile,
    index: { file: (row) => row.fileId },
  }),
  labels: defineTable<Label>()('drive.labels', { key: (label) => label.id }),
  operations: defineTable<Operation>()('drive.operations', { key: (operation) => operation.name }),
}

export type DriveTables = typeof tables
