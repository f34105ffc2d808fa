import type { Instant } from '../../shared/universe/clock.ts'
import { defineTable } from '../../shared/universe/table.ts'

/**
 * The file store that Docs, Drive and Sheets share. Bodies of documents and grids of spreadsheets live in the tables
 * of their own twins, keyed by file id; everything a file has whatever its type is here.
 */

/** A Google account: a person of a Workspace domain, an outside account, or a service account. */
export interface User {
  /** The permission id, the same on every file. */
  readonly id: string
  /** The numeric subject (`sub`) of tokens. */
  readonly subject: string
  readonly email: string
  readonly displayName: string
  readonly photoLink?: string
  readonly kind: 'user' | 'serviceAccount'
  /** Workspace domain; absent for outside accounts. */
  readonly domain?: string
  /** Administrates the domain: may ask for `useDomainAdminAccess`. */
  readonly admin?: boolean
  /** The My Drive root folder. */
  readonly rootId: string
}

/** A Google Group, as sharing knows it. */
export interface Group {
  readonly id: string
  readonly email: string
  readonly displayName: string
  readonly members: readonly string[]
}

export interface AccessToken {
  readonly secret: string
  readonly userId: string
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Absent: never. */
  readonly expiresAt?: Instant
}

export interface RefreshToken {
  readonly secret: string
  readonly userId: string
  readonly clientId: string
  readonly scopes: readonly string[]
}

/** An authorization code, waiting to be exchanged once. */
export interface AuthorizationCode extends RefreshToken {
  readonly redirectUri: string
  readonly codeChallenge?: string
  readonly codeChallengeMethod?: string
  readonly expiresAt: Instant
}

/** A service account's key; the RSA pair is one of the committed test keys. */
export interface ServiceAccountKey {
  readonly id: string
  readonly userId: string
  /** Local part of `client_email` before the universe's tag is appended. */
  readonly localPart: string
  readonly signingKey: number
}

export interface OauthClient {
  readonly id: string
  readonly secret: string
  readonly redirectUris: readonly string[]
}

export interface ApiKey {
  readonly secret: string
}

/** What the service account keys, API keys and clients belong to. One row. */
export interface Project {
  readonly id: string
  readonly number: string
}

export type Role = 'owner' | 'organizer' | 'fileOrganizer' | 'writer' | 'commenter' | 'reader'

export interface ContentRestriction {
  readonly readOnly: boolean
  readonly reason?: string
  readonly ownerRestricted?: boolean
  readonly restrictedBy?: string
  readonly restrictedAt?: Instant
}

export interface File {
  readonly id: string
  readonly name: string
  readonly mimeType: string
  readonly description?: string
  /** Exactly one parent; none for roots and for files whose parent is gone. */
  readonly parentId?: string
  /** The owner's user id; shared-drive items have none. */
  readonly ownerId?: string
  readonly driveId?: string
  readonly space: 'drive' | 'appDataFolder'
  /** The OAuth client that made it: `isAppAuthorized`, and what a `drive.file` token may see. */
  readonly clientId?: string
  readonly createdTime: Instant
  readonly modifiedTime: Instant
  readonly lastModifyingUserId?: string
  readonly version: number
  /** Only where the user trashed it; descendants are trashed with it. */
  readonly trashed?: { readonly at: Instant; readonly by: string }
  readonly properties?: Readonly<Record<string, string>>
  /** By OAuth client id. */
  readonly appProperties?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** The head revision's bytes; absent for Google's own types. */
  readonly blob?: BlobReference
  readonly headRevisionId?: string
  readonly originalFilename?: string
  readonly folderColorRgb?: string
  readonly writersCanShare?: boolean
  readonly copyRequiresWriterPermission?: boolean
  readonly downloadRestrictions?: object
  readonly inheritedPermissionsDisabled?: boolean
  readonly contentRestrictions?: readonly ContentRestriction[]
  readonly indexableText?: string
  readonly thumbnail?: { readonly image: string; readonly mimeType: string }
  readonly shortcut?: { readonly targetId: string; readonly targetMimeType: string }
  readonly imageMediaMetadata?: object
  readonly labels?: Readonly<Record<string, Readonly<Record<string, object>>>>
}

export interface BlobReference {
  readonly sha256: string
  readonly sha1: string
  readonly md5: string
  readonly size: number
}

/** Bytes, stored once whatever the number of files and revisions that hold them. */
export interface StoredBlob {
  readonly sha256: string
  readonly bytes: Uint8Array
}

/** What one person has with one file. */
export interface Viewing {
  readonly fileId: string
  readonly userId: string
  readonly starred?: boolean
  readonly viewedByMeTime?: Instant
  readonly modifiedByMeTime?: Instant
  readonly sharedWithMeTime?: Instant
  readonly sharingUserId?: string
}

/** A grant on a file, or membership of a shared drive (`fileId` is the drive's id). */
export interface Permission {
  readonly fileId: string
  readonly id: string
  readonly type: 'user' | 'group' | 'domain' | 'anyone'
  readonly role: Role
  /** Lower case, for `user` and `group`. */
  readonly email?: string
  readonly domain?: string
  readonly allowFileDiscovery?: boolean
  readonly expirationTime?: Instant
  readonly pendingOwner?: boolean
  readonly view?: string
}

export interface Revision {
  readonly fileId: string
  readonly id: string
  readonly order: number
  readonly mimeType: string
  readonly modifiedTime: Instant
  readonly userId?: string
  readonly blob?: BlobReference
  readonly originalFilename?: string
  readonly keepForever?: boolean
  readonly published?: boolean
  readonly publishAuto?: boolean
  readonly publishedOutsideDomain?: boolean
}

/** The latest change of a file (or, with `userId`, one person's loss of access to it). */
export interface Change {
  readonly id: string
  readonly order: number
  readonly kind: 'file' | 'drive'
  readonly fileId: string
  readonly time: Instant
  readonly removed: boolean
  /** Who hears of it; absent: whoever can see the file. */
  readonly audience?: readonly string[]
  /** For push notifications: what changed, as X-Goog-Changed words it. */
  readonly aspects: readonly string[]
}

export interface Reply {
  readonly id: string
  readonly authorId: string
  readonly createdTime: Instant
  readonly modifiedTime: Instant
  readonly content?: string
  readonly action?: 'resolve' | 'reopen'
  readonly deleted: boolean
  readonly assignee?: string
}

export interface Comment {
  readonly fileId: string
  readonly id: string
  readonly order: number
  readonly authorId: string
  readonly createdTime: Instant
  readonly modifiedTime: Instant
  readonly content: string
  readonly anchor?: string
  readonly quotedFileContent?: { readonly mimeType?: string; readonly value?: string }
  /** Absent until someone resolved or reopened it. */
  readonly resolved?: boolean
  readonly deleted: boolean
  readonly replies: readonly Reply[]
  readonly assignee?: string
}

/** A push channel: `files.watch` or `changes.watch`. */
export interface Channel {
  readonly id: string
  readonly resourceId: string
  readonly resourceUri: string
  readonly address: string
  readonly token?: string
  readonly expiration: Instant
  readonly userId: string
  readonly clientId: string
  /** The watched file; absent: the user's change log. */
  readonly fileId?: string
  readonly driveId?: string
  readonly number: number
}

const perFile = (row: { fileId: string; id: string }) => `${row.fileId}/${row.id}`

export const googleTables = {
  users: defineTable<User>()('google.users', {
    key: (user) => user.id,
    unique: { email: (user) => user.email, root: (user) => user.rootId, subject: (user) => user.subject },
  }),
  groups: defineTable<Group>()('google.groups', {
    key: (group) => group.id,
    unique: { email: (group) => group.email },
  }),
  projects: defineTable<Project>()('google.projects', { key: (project) => project.id }),
  accessTokens: defineTable<AccessToken>()('google.accessTokens', {
    key: (token) => token.secret,
    index: { user: (token) => token.userId },
  }),
  refreshTokens: defineTable<RefreshToken>()('google.refreshTokens', {
    key: (token) => token.secret,
    index: { user: (token) => token.userId },
  }),
  authorizationCodes: defineTable<AuthorizationCode>()('google.authorizationCodes', { key: (code) => code.secret }),
  serviceAccountKeys: defineTable<ServiceAccountKey>()('google.serviceAccountKeys', {
    key: (key) => key.id,
    index: { user: (key) => key.userId, localPart: (key) => key.localPart },
  }),
  oauthClients: defineTable<OauthClient>()('google.oauthClients', { key: (client) => client.id }),
  apiKeys: defineTable<ApiKey>()('google.apiKeys', { key: (key) => key.secret }),
  files: defineTable<File>()('google.files', {
    key: (file) => file.id,
    index: {
      parent: (file) => file.parentId,
      drive: (file) => file.driveId,
      owner: (file) => file.ownerId,
      modified: (file) => file.modifiedTime,
    },
  }),
  blobs: defineTable<StoredBlob>()('google.blobs', { key: (blob) => blob.sha256 }),
  viewings: defineTable<Viewing>()('google.viewings', {
    key: (viewing) => `${viewing.fileId}/${viewing.userId}`,
    index: { file: (viewing) => viewing.fileId },
  }),
  permissions: defineTable<Permission>()('google.permissions', {
    key: perFile,
    index: { file: (permission) => permission.fileId, email: (permission) => permission.email },
  }),
  revisions: defineTable<Revision>()('google.revisions', {
    key: perFile,
    index: { file: (revision) => [revision.fileId, revision.order] },
  }),
  changes: defineTable<Change>()('google.changes', {
    key: (change) => change.id,
    unique: { order: (change) => change.order },
  }),
  comments: defineTable<Comment>()('google.comments', {
    key: perFile,
    index: { file: (comment) => [comment.fileId, comment.order] },
  }),
  channels: defineTable<Channel>()('google.channels', {
    key: (channel) => channel.id,
    index: { resource: (channel) => channel.resourceId },
  }),
}

export type GoogleTables = typeof googleTables
