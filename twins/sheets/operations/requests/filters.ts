import { invalid } from '../../errors.ts'
import type { Filter, FilterView, GridRange, SortSpec } from '../../model.ts'
import { locate } from '../../resolve.ts'
import { masked, updateMask } from '../../rules/mask.ts'
import { areaOf } from '../../rules/ranges.ts'
import type { Workbook } from '../../workbook.ts'
import { requests } from './define.ts'
import { closedRange, findObject } from './ranges.ts'
import { sortArea } from './rows.ts'
import { sheetOf } from './sheets.ts'

/** An empty list is none to a protocol buffer: pygsheets reads a filter back without the ones it sent. */
const withoutEmptyLists = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => !Array.isArray(member) || member.length > 0)) as T

/** Criteria are kept in both of their spellings, a map and a list. */
function bothSpellings<F extends Filter>(given: F): F {
  const filter = withoutEmptyLists(given)
  if (filter.filterSpecs) {
    const criteria = Object.fromEntries(
      filter.filterSpecs.flatMap(({ columnIndex = 0, filterCriteria }) =>
        filterCriteria ? [[columnIndex, filterCriteria]] : [],
      ),
    )
    return Object.keys(criteria).length > 0 ? { ...filter, criteria } : filter
  }
  if (!filter.criteria) return filter
  const filterSpecs = Object.entries(filter.criteria).map(([column, filterCriteria]) => ({
    ...(column !== '0' && { columnIndex: Number(column) }),
    filterCriteria,
  }))
  return { ...filter, filterSpecs }
}

function viewOf(book: Workbook, id: number | undefined) {
  const found = findObject(book, 'filterViews', (item) => item.filterViewId === id)
  if (!found) throw invalid(`No filter view with id: ${id}`)
  return found
}

function freshTitle(book: Workbook): string {
  for (let number = 1; ; number++) {
    const title = `Filter ${number}`
    if (!findObject(book, 'filterViews', (item) => item.title === title)) return title
  }
}

function assertViewTitle(book: Workbook, title: string, except?: number): void {
  if (title === '') throw invalid('A filter view must have a title.')
  if (findObject(book, 'filterViews', (item) => item.title === title && item.filterViewId !== except))
    throw invalid(`A filter view with the name "${title}" already exists.`)
}

export const filterRequests = requests({
  setBasicFilter: ({ book }, { filter = {} }) => {
    const { sheet, range } = closedRange(book, filter.range as GridRange)
    sheet.row.basicFilter = bothSpellings({ ...(filter as Filter), range })
    if (filter.sortSpecs?.length) {
      const area = areaOf(range, sheet.rowCount, sheet.columnCount)
      sortArea(book, sheet, { ...area, top: area.top + 1 }, filter.sortSpecs as SortSpec[])
    }
    book.changed()
    return undefined
  },

  clearBasicFilter: ({ book }, { sheetId }) => {
    delete sheetOf(book, sheetId).row.basicFilter
    book.changed()
    return undefined
  },

  addFilterView: ({ book }, { filter }) => {
    const given = (filter ?? {}) as Partial<FilterView>
    const named =
      given.namedRangeId === undefined
        ? undefined
        : book.namedRanges.find(({ namedRangeId }) => namedRangeId === given.namedRangeId)
    const { sheet, range } = closedRange(book, named?.range ?? given.range)
    if (given.title !== undefined) assertViewTitle(book, given.title)
    if (
      given.filterViewId !== undefined &&
      findObject(book, 'filterViews', (item) => item.filterViewId === given.filterViewId)
    )
      throw invalid(`A filter view with id ${given.filterViewId} already exists.`)
    const view = bothSpellings({
      ...given,
      filterViewId: given.filterViewId ?? book.newId(() => false),
      title: given.title ?? freshTitle(book),
      range,
    })
    sheet.row.filterViews = [...sheet.row.filterViews, view]
    book.changed()
    return { filter: view }
  },

  duplicateFilterView: ({ book }, { filterId }) => {
    const { sheet, item } = viewOf(book, filterId)
    let title = `Copy of ${item.title}`
    for (let number = 1; findObject(book, 'filterViews', (other) => other.title === title); number++)
      title = `Copy of ${item.title} ${number}`
    const view = { ...item, filterViewId: book.newId(() => false), title }
    sheet.row.filterViews = [...sheet.row.filterViews, view]
    book.changed()
    return { filter: view }
  },

  updateFilterView: ({ book }, { filter, fields }) => {
    const { sheet, item } = viewOf(book, filter?.filterViewId)
    const names = ['title', 'range', 'namedRangeId', 'tableId', 'sortSpecs', 'criteria', 'filterSpecs', 'filterViewId']
    const mask = updateMask(fields)
    // One spelling of the criteria written, the other follows.
    const { criteria, filterSpecs, ...rest } = { ...masked(item, filter, mask, names), filterViewId: item.filterViewId }
    const chosen = mask.has('criteria') && !mask.has('filterSpecs') ? { criteria } : { filterSpecs }
    const after = bothSpellings({ ...rest, ...chosen } as FilterView)
    assertViewTitle(book, after.title ?? '', item.filterViewId)
    if (after.range) locate(book, after.range)
    sheet.row.filterViews = sheet.row.filterViews.map((other) => (other === item ? after : other))
    book.changed()
    return undefined
  },

  deleteFilterView: ({ book }, { filterId }) => {
    const { sheet, item } = viewOf(book, filterId)
    sheet.row.filterViews = sheet.row.filterViews.filter((other) => other !== item)
    book.changed()
    return undefined
  },
})
