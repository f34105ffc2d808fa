import type { Request } from '../../../../openapi/types/sheets.ts'
import type { SheetsCall } from '../../access.ts'
import type { Workbook } from '../../workbook.ts'

/** What a request of batchUpdate works on. */
export interface RequestContext {
  readonly call: SheetsCall
  readonly book: Workbook
}

/** Behaviour by kind of request. The reply is what stands under the kind's name; most kinds reply nothing. */
export type RequestHandlers = {
  readonly [K in keyof Request]?: (context: RequestContext, request: NonNullable<Request[K]>) => object | undefined
}

/** Keeps the kinds' types while a file of them is written as one literal. */
export const requests = <H extends RequestHandlers>(handlers: H): H => handlers
