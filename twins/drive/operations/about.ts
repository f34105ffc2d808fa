import { ok } from '../../../shared/kernel/reply.ts'
import { isTrashed } from '../../google/access.ts'
import { callerUser } from '../../google/caller.ts'
import { DOCUMENT, PRESENTATION, SPREADSHEET } from '../../google/ids.ts'
import { notFound } from '../errors.ts'
import { EXPORT_FORMATS, IMPORT_FORMATS, QUOTA } from '../rules/formats.ts'
import { requireFields } from '../rules/lookup.ts'
import { FOLDER_COLORS } from '../rules/metadata.ts'
import { DRIVE_THEMES } from '../rules/themes.ts'
import { userView } from '../views/user.ts'
import { type DriveCall, operations } from './define.ts'

/** Bytes the caller's files take, and those of them in the trash. */
function usage(call: DriveCall): { all: number; trashed: number } {
  const own = call.tables.files.where('owner', callerUser(call).id)
  const sum = (files: typeof own) => files.reduce((total, { blob }) => total + (blob?.size ?? 0), 0)
  return { all: sum(own), trashed: sum(own.filter((file) => isTrashed(call, file))) }
}

export const about = operations({
  'drive.about.get': (call) => {
    requireFields(call)
    const { all, trashed } = usage(call)
    return ok({
      kind: 'drive#about',
      user: userView(callerUser(call), call.caller),
      storageQuota: {
        limit: String(QUOTA),
        usage: String(all),
        usageInDrive: String(all),
        usageInDriveTrash: String(trashed),
      },
      importFormats: IMPORT_FORMATS,
      exportFormats: EXPORT_FORMATS,
      // Recorded in 2026.
      maxImportSizes: {
        [DOCUMENT]: '10485760',
        [SPREADSHEET]: '104857600',
        [PRESENTATION]: '104857600',
        'application/vnd.google-apps.drawing': '2097152',
      },
      maxUploadSize: '5242880000000',
      appInstalled: true,
      folderColorPalette: FOLDER_COLORS,
      teamDriveThemes: DRIVE_THEMES,
      driveThemes: DRIVE_THEMES,
      canCreateTeamDrives: true,
      canCreateDrives: true,
    })
  },

  // Nobody installs apps in a twin: the list is empty, as in a fresh account.
  'drive.apps.list': () =>
    ok({ kind: 'drive#appList', selfLink: 'https://www.googleapis.com/drive/v3/apps', items: [], defaultAppIds: [] }),
  'drive.apps.get': (call) => {
    throw notFound('App', call.params.appId, 'appId')
  },
})
