import type { Operations } from '../../../openapi/types/sheets.ts'
import { handlersOf } from '../../../shared/kernel/twin.ts'
import type { GoogleCaller } from '../../google/index.ts'
import type { SheetsTables } from '../tables.ts'

export const operations = handlersOf<Operations, SheetsTables, GoogleCaller>()
