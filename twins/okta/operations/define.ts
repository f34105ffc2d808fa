import type { Operations } from '../../../openapi/types/okta.ts'
import type { Call, OperationShape } from '../../../shared/kernel/call.ts'
import { handlersOf, type Moment } from '../../../shared/kernel/twin.ts'
import type { Caller } from '../caller.ts'
import type { tables } from '../tables.ts'

/** Types the handlers of this twin: `export const groups = operations({ getGroup(call) { … } })`. */
export const operations = handlersOf<Operations, typeof tables, Caller>()

/** A call of any operation of this twin, for what several handlers share. */
export type OktaCall<Op extends OperationShape = OperationShape> = Call<Op, typeof tables, Caller>

/** Seeding, jobs and reactions: a call without a caller. */
export type OktaMoment = Moment<typeof tables>

/** What a call and a moment have in common. */
export type OktaContext = Pick<OktaCall, 'tables' | 'now' | 'random' | 'sequence' | 'link' | 'emit' | 'seal' | 'open'>
