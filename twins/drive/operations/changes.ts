import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { nextChange } from '../../google/files.ts'
import { changeNumber, changesFrom, changeView } from '../rules/changelog.ts'
import { openChannel, stopChannel } from '../rules/channels.ts'
import { fileOf, sharedDriveOf } from '../rules/lookup.ts'
import { operations } from './define.ts'

export const changes = operations({
  'drive.changes.getStartPageToken': (call) => {
    const driveId = call.query.driveId ?? call.query.teamDriveId
    if (driveId !== undefined) sharedDriveOf(call, driveId)
    return ok({ kind: 'drive#startPageToken', startPageToken: String(nextChange(call)) })
  },

  'drive.changes.list': (call) => {
    const { query } = call
    const { found, next } = changesFrom(call, changeNumber(query.pageToken), query.pageSize ?? 100, query)
    return ok({
      kind: 'drive#changeList',
      ...(next === undefined ? { newStartPageToken: String(nextChange(call)) } : { nextPageToken: String(next) }),
      changes: found.map((change) => changeView(call, change, query)),
    })
  },

  'drive.changes.watch': (call) => {
    changeNumber(call.query.pageToken)
    return ok(openChannel(call, call.body ?? {}, { path: '/drive/v3/changes', driveId: call.query.driveId }))
  },

  'drive.files.watch': (call) => {
    const { file } = fileOf(call, call.params.fileId)
    return ok(openChannel(call, call.body ?? {}, { path: `/drive/v3/files/${file.id}`, fileId: file.id }))
  },

  'drive.channels.stop': (call) => {
    stopChannel(call, call.body ?? {})
    return noContent()
  },
})
