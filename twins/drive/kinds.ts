import type { Moment } from '../../shared/kernel/twin.ts'
import { grantsOn, isTrashed } from '../google/access.ts'
import { timestamp } from '../google/time.ts'
import type { DriveTables } from './tables.ts'

type DriveMoment = Moment<DriveTables>

const emailOf = ({ tables }: DriveMoment, id: string | undefined) =>
  id === undefined ? undefined : tables.users.get(id)?.email

/** Rows as people think of them, for checks and the inspector. */
export const kinds: Readonly<Record<string, (moment: DriveMoment) => readonly object[]>> = {
  files: (moment) =>
    moment.tables.files.all().map((file) => ({
      id: file.id,
      name: file.name,
      mimeType: file.mimeType,
      parents: file.parentId ? [file.parentId] : [],
      owner: emailOf(moment, file.ownerId),
      ...(file.driveId && { driveId: file.driveId }),
      trashed: isTrashed(moment, file),
      createdTime: timestamp(file.createdTime),
      modifiedTime: timestamp(file.modifiedTime),
      ...(file.blob && { size: String(file.blob.size), md5Checksum: file.blob.md5 }),
      permissions: grantsOn(moment, file).map(({ id, type, role, email, domain, inherited }) => ({
        id,
        type,
        role,
        emailAddress: email,
        domain,
        inherited,
      })),
    })),
  comments: (moment) =>
    moment.tables.comments.all().map(({ authorId, ...comment }) => ({ ...comment, author: emailOf(moment, authorId) })),
  drives: (moment) => moment.tables.drives.all(),
  changes: (moment) => [...moment.tables.changes.scan('order')],
  channels: (moment) => moment.tables.channels.all(),
  users: (moment) => moment.tables.users.all(),
}
