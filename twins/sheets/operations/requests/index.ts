import { blockRequests } from './blocks.ts'
import { cellRequests } from './cells.ts'
import { commentRequests } from './comments.ts'
import type { RequestHandlers } from './define.ts'
import { dimensionRequests } from './dimensions.ts'
import { filterRequests } from './filters.ts'
import { findReplaceRequests } from './find-replace.ts'
import { metadataRequests } from './metadata.ts'
import { objectRequests } from './objects.ts'
import { rangeRequests } from './ranges.ts'
import { rowRequests } from './rows.ts'
import { sheetRequests } from './sheets.ts'

/** Every kind of request that batchUpdate knows. */
export const requestHandlers: RequestHandlers = {
  ...sheetRequests,
  ...cellRequests,
  ...blockRequests,
  ...dimensionRequests,
  ...rowRequests,
  ...findReplaceRequests,
  ...rangeRequests,
  ...filterRequests,
  ...objectRequests,
  ...metadataRequests,
  ...commentRequests,
}
