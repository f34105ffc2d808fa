import { authOperations, metadataOperations } from '../../google/index.ts'
import { batchUpdate } from './batch-update.ts'
import { developerMetadata } from './developer-metadata.ts'
import { exports } from './export.ts'
import { spreadsheets } from './spreadsheets.ts'
import { values } from './values.ts'

export const operations = [
  spreadsheets,
  values,
  batchUpdate,
  developerMetadata,
  exports,
  authOperations,
  metadataOperations,
]
