import { cellRequests } from './cells.ts'
import type { RequestHandlers } from './define.ts'
import { dimensionRequests } from './dimensions.ts'
import { sheetRequests } from './sheets.ts'

/** Every kind of request that batchUpdate knows. */
export const requestHandlers: RequestHandlers = {
  ...sheetRequests,
  ...cellRequests,
  ...dimensionRequests,
}
