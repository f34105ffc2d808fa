import type { Dimension, DimensionRange, GridRange } from '../model.ts'
import type { Area } from './address.ts'
import type { MapSpan } from './formula/rewrite.ts'

/** The rectangle a wire range means on a sheet of the given size. */
export function areaOf(range: GridRange, rows: number, columns: number): Area {
  return {
    top: range.startRowIndex ?? 0,
    left: range.startColumnIndex ?? 0,
    bottom: Math.min(range.endRowIndex ?? rows, rows),
    right: Math.min(range.endColumnIndex ?? columns, columns),
  }
}

const KEYS = {
  ROWS: ['startRowIndex', 'endRowIndex'],
  COLUMNS: ['startColumnIndex', 'endColumnIndex'],
} as const

/** A range after rows or columns were inserted, deleted or moved; open ends stay open, `undefined`: it is gone. */
export function mapRange(range: GridRange, dimension: Dimension, map: MapSpan): GridRange | undefined {
  const [startKey, endKey] = KEYS[dimension]
  const start = range[startKey]
  const end = range[endKey]
  if (start === undefined && end === undefined) return range
  const span = map(start ?? 0, end ?? Number.MAX_SAFE_INTEGER)
  if (!span) return undefined
  return {
    ...range,
    ...(start !== undefined && { [startKey]: span[0] }),
    ...(end !== undefined && { [endKey]: span[1] }),
  }
}

/** As {@link mapRange}, for a run of rows or columns. */
export function mapDimensionRange<R extends DimensionRange>(
  range: R,
  dimension: Dimension,
  map: MapSpan,
): R | undefined {
  if (range.dimension !== dimension) return range
  const span = map(range.startIndex ?? 0, range.endIndex ?? Number.MAX_SAFE_INTEGER)
  return span && { ...range, startIndex: span[0], endIndex: span[1] }
}

/** Maps a list and drops what is gone. */
export const mapRanges = (ranges: readonly GridRange[], dimension: Dimension, map: MapSpan): GridRange[] =>
  ranges.flatMap((range) => mapRange(range, dimension, map) ?? [])

/** The same range as the wire prints it: an absent sheet is sheet 0. */
export const normalRange = ({ sheetId, ...range }: GridRange): GridRange => (sheetId ? { sheetId, ...range } : range)
