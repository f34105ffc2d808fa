import type { Filter, FilterCriteria, GridRange } from '../model.ts'
import type { SheetRow } from '../tables.ts'
import type { Calculation } from './calculation.ts'
import { holds } from './condition.ts'
import { CellError, textOf } from './formula/values.ts'
import { display } from './number-format.ts'
import { areaOf } from './ranges.ts'

/** Criteria by sheet column, whichever of the two spellings a filter uses. */
export function criteriaOf({ criteria, filterSpecs }: Filter): [column: number, criteria: FilterCriteria][] {
  if (filterSpecs)
    return filterSpecs.flatMap(({ columnIndex = 0, filterCriteria }) =>
      filterCriteria ? [[columnIndex, filterCriteria] as [number, FilterCriteria]] : [],
    )
  return Object.entries(criteria ?? {}).map(([column, value]) => [Number(column), value])
}

/** Rows that the basic filter hides. The first row of its range is the heading. */
export function hiddenByFilter(
  { basicFilter, properties }: Pick<SheetRow, 'basicFilter' | 'properties'>,
  values: Calculation,
): Set<number> {
  const hidden = new Set<number>()
  const criteria = basicFilter ? criteriaOf(basicFilter) : []
  if (!basicFilter || criteria.length === 0) return hidden
  const { sheetId, gridProperties } = properties
  const area = areaOf(
    (basicFilter.range ?? {}) as GridRange,
    gridProperties?.rowCount ?? 0,
    gridProperties?.columnCount ?? 0,
  )
  for (let row = area.top + 1; row < area.bottom; row++) {
    if (criteria.some(([column, one]) => !passes(one, sheetId, row, column, values))) hidden.add(row)
  }
  return hidden
}

function passes(
  { hiddenValues, condition }: FilterCriteria,
  sheetId: number,
  row: number,
  column: number,
  values: Calculation,
): boolean {
  if (hiddenValues?.length) {
    const { value } = values.result(sheetId, row, column)
    const shown =
      value instanceof CellError ? value.code : display(value, values.format(sheetId, row, column), values.locale)
    if (hiddenValues.includes(shown) || (shown === '' && hiddenValues.includes(textOf(null)))) return false
  }
  return !condition || holds(condition, { sheetId, row, column, values })
}
