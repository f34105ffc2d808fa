import type { Operations } from '../../../openapi/types/docs.ts'
import { handlersOf } from '../../../shared/kernel/twin.ts'
import type { GoogleCaller } from '../../google/index.ts'
import type { DocsTables } from '../tables.ts'

export const operations = handlersOf<Operations, DocsTables, GoogleCaller>()
