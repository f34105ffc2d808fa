import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { nextChange } from '../../google/files.ts'
import { changeNumber, changeView, concerns } from '../rules/changelog.ts'
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
    const size = query.pageSize ?? 100
    const found = []
    let next: number | undefined
    for (const change of call.tables.changes.scan('order', { from: changeNumber(query.pageToken) })) {
      if (!concerns(call, change, query)) continue
      if (found.length === size) {
        next = change.order
        break
      }
      found.push(changeView(call, change, query))
    }
    return ok({
      kind: 'drive#changeList',
      ...(next === undefined ? { newStartPageToken: String(nextChange(call)) } : { nextPageToken: String(next) }),
      changes: found,
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
