import { ok } from '../../../shared/kernel/reply.ts'
import { nextChange } from '../../google/files.ts'
import type { Change } from '../../google/tables.ts'
import { timestamp } from '../../google/time.ts'
import { notFound } from '../errors.ts'
import { changeNumber, changesFrom, subjectOf } from '../rules/changelog.ts'
import { v2FileView } from '../views/v2.ts'
import { type DriveCall, operations } from './define.ts'

/** The change log of v2: the same changes, counted by `id`, under older names. */

const SELF = 'https://www.googleapis.com/drive/v2/changes'

const v2ChangeView = (call: DriveCall, change: Change) => ({
  kind: 'drive#change',
  id: String(change.order),
  selfLink: `${SELF}/${change.order}`,
  deleted: change.removed,
  modificationDate: timestamp(change.time),
  ...subjectOf(call, change, (file) => v2FileView(call, file)),
})

export const v2Changes = operations({
  'drive.v2.changes.getStartPageToken': (call) =>
    ok({ kind: 'drive#startPageToken', startPageToken: String(nextChange(call)) }),

  'drive.v2.changes.list': (call) => {
    const { pageToken, startChangeId = '1', maxResults = 100, includeDeleted, ...filter } = call.query
    const { found, next } = changesFrom(call, changeNumber(pageToken ?? startChangeId), maxResults, {
      ...filter,
      ...(includeDeleted !== undefined && { includeRemoved: includeDeleted }),
    })
    const following = nextChange(call)
    return ok({
      kind: 'drive#changeList',
      selfLink: SELF,
      ...(next === undefined ? { newStartPageToken: String(following) } : { nextPageToken: String(next) }),
      largestChangeId: String(following - 1),
      items: found.map((change) => v2ChangeView(call, change)),
    })
  },

  'drive.v2.changes.get': (call) => {
    const { changeId } = call.params
    const from = changeNumber(changeId)
    const [change] = changesFrom(call, from, 1, { includeItemsFromAllDrives: true }).found
    if (change?.order !== from) throw notFound('Change', changeId, 'changeId')
    return ok(v2ChangeView(call, change))
  },
})
