import type { DataFilter, DeveloperMetadata as WireMetadata } from '../../../../openapi/types/sheets.ts'
import { invalid } from '../../errors.ts'
import type { DeveloperMetadata } from '../../model.ts'
import { locateDimension } from '../../resolve.ts'
import { masked, reaches, updateMask } from '../../rules/mask.ts'
import { metadataView } from '../../views/spreadsheet.ts'
import type { Workbook } from '../../workbook.ts'
import { lookUp } from '../data-filter.ts'
import { requests } from './define.ts'
import { sheetOf } from './sheets.ts'

/** A location with its type, which the API derives. */
function locationOf(book: Workbook, given: WireMetadata['location']): DeveloperMetadata['location'] {
  if (given?.spreadsheet) return { locationType: 'SPREADSHEET', spreadsheet: true }
  if (given?.dimensionRange) {
    const { sheet, dimension, start, end } = locateDimension(book, given.dimensionRange)
    if (end - start !== 1) throw invalid('dimensionRange must represent a single row or column.')
    const range = { ...(sheet.id && { sheetId: sheet.id }), dimension, startIndex: start, endIndex: end }
    return { locationType: dimension === 'ROWS' ? 'ROW' : 'COLUMN', dimensionRange: range }
  }
  if (given?.sheetId !== undefined) return { locationType: 'SHEET', sheetId: sheetOf(book, given.sheetId).id }
  throw invalid('Must specify a location for developer metadata.')
}

function selected(book: Workbook, filters: readonly DataFilter[] = []): DeveloperMetadata[] {
  const lookups = filters.flatMap(({ developerMetadataLookup }) => developerMetadataLookup ?? [])
  if (lookups.length === 0) throw invalid('Must specify a developer metadata lookup.')
  return [...new Set(lookups.flatMap((lookup) => lookUp(book, lookup)))]
}

export const metadataRequests = requests({
  createDeveloperMetadata: ({ book }, { developerMetadata: given = {} }) => {
    if (!given.metadataKey) throw invalid('metadataKey must be specified.')
    if (given.visibility !== 'DOCUMENT' && given.visibility !== 'PROJECT')
      throw invalid('visibility must be specified.')
    if (
      given.metadataId !== undefined &&
      book.developerMetadata.some(({ metadataId }) => metadataId === given.metadataId)
    )
      throw invalid(`Developer metadata with id ${given.metadataId} already exists.`)
    const { metadataKey, metadataValue, visibility } = given
    const created: DeveloperMetadata = {
      metadataId:
        given.metadataId ?? book.newId((id) => book.developerMetadata.some(({ metadataId }) => metadataId === id)),
      metadataKey,
      ...(metadataValue !== undefined && { metadataValue }),
      location: locationOf(book, given.location),
      visibility,
    }
    book.developerMetadata = [...book.developerMetadata, created]
    book.changed()
    return { developerMetadata: metadataView(created) }
  },

  updateDeveloperMetadata: ({ book }, { dataFilters, developerMetadata, fields }) => {
    const mask = updateMask(fields)
    const targets = new Set(selected(book, dataFilters))
    const updated: DeveloperMetadata[] = []
    book.developerMetadata = book.developerMetadata.map((metadata) => {
      if (!targets.has(metadata)) return metadata
      const next = {
        ...masked(metadata, developerMetadata, mask, [
          'metadataKey',
          'metadataValue',
          'location',
          'visibility',
          'metadataId',
        ]),
        metadataId: metadata.metadataId,
      }
      const after = reaches(mask, 'location')
        ? { ...next, location: locationOf(book, developerMetadata?.location) }
        : next
      updated.push(after)
      return after
    })
    book.changed()
    return updated.length > 0 ? { developerMetadata: updated.map(metadataView) } : {}
  },

  deleteDeveloperMetadata: ({ book }, { dataFilter }) => {
    const targets = new Set(selected(book, dataFilter ? [dataFilter] : []))
    book.developerMetadata = book.developerMetadata.filter((metadata) => !targets.has(metadata))
    book.changed()
    return targets.size > 0 ? { deletedDeveloperMetadata: [...targets].map(metadataView) } : {}
  },
})
