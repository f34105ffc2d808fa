import { ok } from '../../../shared/kernel/reply.ts'
import { canonicalError } from '../../google/index.ts'
import { change, openBook } from '../access.ts'
import { invalid } from '../errors.ts'
import { rangeName } from '../rules/a1.ts'
import { metadataView } from '../views/spreadsheet.ts'
import { valueRangeView } from '../views/values.ts'
import { lookUp, rangesOf } from './data-filter.ts'
import { operations } from './define.ts'
import { within } from './values.ts'
import { clearValues, inputOption, totalsView, writeRange, writtenView } from './writing.ts'

/** Operations that address cells and metadata by data filter. */
export const developerMetadata = operations({
  'sheets.spreadsheets.developerMetadata.get': (call) => {
    const { params } = call
    const book = openBook(call, params.spreadsheetId, 'reader')
    const found = book.developerMetadata.find(({ metadataId }) => metadataId === params.metadataId)
    if (!found) throw canonicalError({ code: 404, message: `No developer metadata with id: ${params.metadataId}` })
    return ok(metadataView(found))
  },

  'sheets.spreadsheets.developerMetadata.search': (call) => {
    const { params, body = {} } = call
    const book = openBook(call, params.spreadsheetId, 'reader')
    const filters = body.dataFilters ?? []
    if (filters.length === 0) throw invalid('Must specify at least one data filter.')
    const matched = book.developerMetadata.flatMap((metadata) => {
      const dataFilters = filters.filter(
        ({ developerMetadataLookup }) =>
          developerMetadataLookup && lookUp(book, developerMetadataLookup).includes(metadata),
      )
      return dataFilters.length > 0 ? [{ developerMetadata: metadataView(metadata), dataFilters }] : []
    })
    return ok(matched.length > 0 ? { matchedDeveloperMetadata: matched } : {})
  },

  'sheets.spreadsheets.values.batchGetByDataFilter': (call) => {
    const { params, body = {} } = call
    const book = openBook(call, params.spreadsheetId, 'reader')
    const valueRanges = (body.dataFilters ?? []).flatMap((filter) =>
      rangesOf(book, filter).map(({ sheet, area }) => ({
        valueRange: valueRangeView(book, sheet, area, body),
        dataFilters: [filter],
      })),
    )
    return ok({ spreadsheetId: book.id, ...(valueRanges.length > 0 && { valueRanges }) })
  },

  'sheets.spreadsheets.values.batchUpdateByDataFilter': (call) => {
    const { params, body = {} } = call
    const valueInputOption = inputOption(body.valueInputOption)
    return ok(
      change(call, params.spreadsheetId, (book) => {
        const written = (body.data ?? []).flatMap(({ dataFilter = {}, majorDimension, values }, index) =>
          within(index, () =>
            rangesOf(book, dataFilter).map((place) => ({
              dataFilter,
              ...writeRange(
                call,
                book,
                rangeName(place.sheet.title, place.area),
                place,
                values,
                majorDimension,
                valueInputOption,
              ),
            })),
          ),
        )
        const responses = written.map(({ dataFilter, ...one }) => {
          const { spreadsheetId: _id, ...view } = writtenView(book, one, { ...body, valueInputOption })
          return { ...view, dataFilter }
        })
        return { spreadsheetId: book.id, ...totalsView(written), ...(responses.length > 0 && { responses }) }
      }),
    )
  },

  'sheets.spreadsheets.values.batchClearByDataFilter': (call) => {
    const { params, body = {} } = call
    return ok(
      change(call, params.spreadsheetId, (book) => {
        const clearedRanges = (body.dataFilters ?? []).flatMap((filter) =>
          rangesOf(book, filter).map((place) => clearValues(call, book, place)),
        )
        return { spreadsheetId: book.id, ...(clearedRanges.length > 0 && { clearedRanges }) }
      }),
    )
  },
})
