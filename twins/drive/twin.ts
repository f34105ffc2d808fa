import '../docs/content-type.ts'
import '../sheets/content-type.ts'
import type { Operations } from '../../openapi/types/drive.ts'
import { defineTwin } from '../../shared/kernel/twin.ts'
import type { GoogleCaller } from '../google/caller.ts'
import { googleAccess, googleDefaults, signIn } from '../google/defaults.ts'
import { pushChanges } from '../google/push.ts'
import { driveContract } from './contract.ts'
import { dialect } from './dialect.ts'
import { driveFixture, seedDrive } from './fixture.ts'
import { kinds } from './kinds.ts'
import { handlers } from './operations/index.ts'
import { type DriveTables, tables } from './tables.ts'

/** Google Drive: files, folders, sharing, uploads, changes. The store is shared with Docs and Sheets. */
export const drive = defineTwin<Operations, DriveTables, GoogleCaller>({
  name: 'drive',
  contract: driveContract,
  dialect,
  tables,
  operations: handlers,
  defaults: googleDefaults,
  fixture: driveFixture,
  seed: seedDrive,
  react: pushChanges,
  access: (moment, url) => googleAccess(moment, 'drive', url),
  kinds,
  signIn,
})
