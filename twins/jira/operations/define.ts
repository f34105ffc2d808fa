import type { Operations } from '../../../openapi/types/jira.ts'
import { handlersOf } from '../../../shared/kernel/twin.ts'
import type { Caller } from '../context.ts'
import type { tables } from '../tables.ts'

/** Types the handlers of this twin: operation ids, parameters and bodies are the contract's. */
export const operations = handlersOf<Operations, typeof tables, Caller>()
