import type { Request } from '../../../openapi/types/sheets.ts'
import { ok } from '../../../shared/kernel/reply.ts'
import { canonicalError } from '../../google/index.ts'
import { change } from '../access.ts'
import { invalid } from '../errors.ts'
import { resolveRange } from '../resolve.ts'
import { spreadsheetView } from '../views/spreadsheet.ts'
import { operations } from './define.ts'
import { prefixed } from './prefix.ts'
import type { RequestContext } from './requests/define.ts'
import { requestHandlers } from './requests/index.ts'

type Run = (context: RequestContext, request: unknown) => object | undefined

function run(context: RequestContext, request: Request, index: number): object {
  const kinds = Object.keys(request) as (keyof Request)[]
  const [kind] = kinds
  if (!kind || kinds.length > 1) throw invalid(`Invalid requests[${index}]: exactly one kind of request must be set.`)
  const handler = requestHandlers[kind] as Run | undefined // the handler of a kind takes the body of that kind
  if (!handler) {
    context.call.unmodelled(`batchUpdate ${kind}`)
    throw canonicalError({ code: 501, message: `Invalid requests[${index}].${kind}: this twin does not model it.` })
  }
  try {
    const reply = handler(context, request[kind])
    return reply ? { [kind]: reply } : {}
  } catch (error) {
    throw prefixed(error, `Invalid requests[${index}].${kind}: `)
  }
}

export const batchUpdate = operations({
  'sheets.spreadsheets.batchUpdate': (call) => {
    const { params, body = {} } = call
    return ok(
      change(call, params.spreadsheetId, (book) => {
        const { includeSpreadsheetInResponse, responseRanges, responseIncludeGridData } = body
        // A null in the list counts as nothing: node-google-spreadsheet sends one for each cell without changes.
        const requests = (body.requests ?? []).filter((request) => request !== null && request !== undefined)
        if (requests.length === 0) throw invalid('Must specify at least one request.')
        const replies = requests.map((request, index) => run({ call, book }, request, index))
        const ranges = responseRanges?.map((range) => resolveRange(book, range))
        return {
          spreadsheetId: book.id,
          replies,
          ...(includeSpreadsheetInResponse && {
            updatedSpreadsheet: spreadsheetView(call, book, { ranges, gridData: responseIncludeGridData }),
          }),
        }
      }),
    )
  },
})
