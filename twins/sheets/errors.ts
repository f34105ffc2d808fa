import type { GoogleError } from '../google/errors.ts'
import { canonicalError } from '../google/index.ts'

/** Refusals of the Sheets API, worded as it words them. */

/** 400 INVALID_ARGUMENT. */
export const invalid = (message: string): GoogleError => canonicalError({ code: 400, message })

export const notFound = () => canonicalError({ code: 404, message: 'Requested entity was not found.' })

export const forbidden = () => canonicalError({ code: 403, message: 'The caller does not have permission' })

/** A file that is no spreadsheet: an uploaded workbook, for example. */
export const notSupported = () =>
  canonicalError({
    code: 400,
    status: 'FAILED_PRECONDITION',
    message: 'This operation is not supported for this document',
  })

export const unparsable = (range: string) => invalid(`Unable to parse range: ${range}`)

export const protectedCell = () =>
  invalid(
    'You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.',
  )

export const noSheet = (sheetId: number) => invalid(`No sheet with id: ${sheetId}`)
export const noGrid = (sheetId: number) => invalid(`No grid with id: ${sheetId}`)

export const duplicateTitle = (title: string) =>
  invalid(`A sheet with the name "${title}" already exists. Please enter another name.`)

export const tooManyCells = () =>
  invalid('This action would increase the number of cells in the workbook above the limit of 10000000 cells.')
