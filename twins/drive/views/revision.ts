import { isEditorType } from '../../google/ids.ts'
import type { Revision } from '../../google/tables.ts'
import { timestamp } from '../../google/time.ts'
import type { DriveCall } from '../operations/define.ts'
import { exportLinks } from './links.ts'
import { userOf } from './user.ts'

/** drive#revision. */
export const revisionView = (call: DriveCall, revision: Revision) => ({
  kind: 'drive#revision',
  id: revision.id,
  mimeType: revision.mimeType,
  modifiedTime: timestamp(revision.modifiedTime),
  ...(revision.userId && { lastModifyingUser: userOf(call, revision.userId) }),
  ...(isEditorType(revision.mimeType)
    ? {
        published: revision.published ?? false,
        ...(revision.published && {
          publishAuto: revision.publishAuto ?? false,
          publishedOutsideDomain: revision.publishedOutsideDomain ?? false,
        }),
        exportLinks: exportLinks(call, revision.fileId, revision.mimeType, revision.id),
      }
    : { published: revision.published ?? false, keepForever: revision.keepForever ?? false }),
  ...(revision.blob && {
    md5Checksum: revision.blob.md5,
    size: String(revision.blob.size),
    originalFilename: revision.originalFilename,
  }),
})
