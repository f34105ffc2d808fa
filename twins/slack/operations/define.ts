import type { Operations } from '../../../openapi/types/slack.ts'
import { handlersOf } from '../../../shared/kernel/twin.ts'
import type { Caller } from '../caller.ts'
import type { tables } from '../tables.ts'

/** Handlers of Web API methods. All arguments are in `call.query`, wherever they came from. */
export const operations = handlersOf<Operations, typeof tables, Caller>()
