import './content-type.ts'
import type { Operations } from '../../openapi/types/sheets.ts'
import { defineTwin } from '../../shared/kernel/twin.ts'
import { addPeople, type GoogleCaller, googleAccess, googleDefaults, pushChanges, signIn } from '../google/index.ts'
import { sheetsContract } from './contract.ts'
import { dialect } from './dialect.ts'
import { kinds } from './kinds.ts'
import { operations } from './operations/index.ts'
import { type SheetsTables, tables } from './tables.ts'

/** Google Sheets v4. */
export const sheets = defineTwin<Operations, SheetsTables, GoogleCaller>({
  name: 'sheets',
  contract: sheetsContract,
  dialect,
  tables,
  operations,
  defaults: googleDefaults,
  seed: (moment, people) => addPeople(moment, people),
  react: pushChanges,
  access: (moment, url) => googleAccess(moment, 'sheets', url),
  kinds,
  signIn,
})
