import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { atLeast, grantsOn } from '../../google/access.ts'
import { insufficientFilePermissions, permissionNotFound } from '../errors.ts'
import { fileOf, type OpenFile } from '../rules/lookup.ts'
import { pageByOrder } from '../rules/paging.ts'
import { grant, regrant, revoke } from '../rules/sharing.ts'
import { grantOf, permissionView } from '../views/permission.ts'
import { type DriveCall, operations } from './define.ts'

/** `me` and the ids of anyone permissions have more than one spelling. */
function permissionOf(call: DriveCall, { file }: OpenFile, id: string) {
  const spelled = id === 'me' ? (call.caller.user?.id ?? id) : id
  const found = grantOf(call, file, spelled) ?? (id === 'anyone' ? grantOf(call, file, 'anyoneWithLink') : undefined)
  if (!found) throw permissionNotFound(id)
  return found
}

/** Permissions are shown to who may edit; others see their own. */
function maySeePermissions({ role }: OpenFile): boolean {
  return atLeast(role, 'writer')
}

export const permissions = operations({
  'drive.permissions.list': (call) => {
    const open = fileOf(call, call.params.fileId)
    if (!maySeePermissions(open)) throw insufficientFilePermissions()
    const { pageSize, pageToken } = call.query
    // Without a page size only shared drives are cut, into pages of a hundred.
    const size = pageSize ?? (open.file.driveId ? 100 : Number.MAX_SAFE_INTEGER)
    const all = grantsOn(call, open.file).map((one, order) => ({ one, order }))
    const { items, nextPageToken } = pageByOrder(all, size, pageToken, open.file.id)
    return ok({
      kind: 'drive#permissionList',
      permissions: items.map(({ one }) => permissionView(call, open.file, one)),
      ...(nextPageToken && { nextPageToken }),
    })
  },

  'drive.permissions.get': (call) => {
    const open = fileOf(call, call.params.fileId)
    const permission = permissionOf(call, open, call.params.permissionId)
    if (!maySeePermissions(open) && permission.id !== call.caller.user?.id) throw insufficientFilePermissions()
    return ok(permissionView(call, open.file, permission))
  },

  'drive.permissions.create': (call) => {
    const open = fileOf(call, call.params.fileId)
    const created = grant(call, open, call.body ?? {}, call.query)
    return ok(permissionView(call, open.file, created))
  },

  'drive.permissions.update': (call) => {
    const open = fileOf(call, call.params.fileId)
    const before = permissionOf(call, open, call.params.permissionId)
    return ok(permissionView(call, open.file, regrant(call, open, before, call.body ?? {}, call.query)))
  },

  'drive.permissions.delete': (call) => {
    const open = fileOf(call, call.params.fileId)
    revoke(call, open, permissionOf(call, open, call.params.permissionId))
    return noContent()
  },
})
