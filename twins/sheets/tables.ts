import type { Instant } from '../../shared/universe/clock.ts'
import { defineTable } from '../../shared/universe/table.ts'
import { googleTables } from '../google/index.ts'
import type {
  BandedRange,
  CellRow,
  ConditionalFormatRule,
  DeveloperMetadata,
  DimensionGroup,
  DimensionProperties,
  EmbeddedObject,
  Filter,
  FilterView,
  GridRange,
  NamedRange,
  ProtectedRange,
  SheetProperties,
  SheetTable,
  SpreadsheetProperties,
} from './model.ts'

/** A spreadsheet, keyed by the id of its Drive file. Every write replaces its row, so a row stands for one state. */
export interface SpreadsheetRow {
  readonly id: string
  readonly properties: Omit<SpreadsheetProperties, 'title'>
  readonly namedRanges: readonly NamedRange[]
  readonly developerMetadata: readonly DeveloperMetadata[]
  /** Instant of the last change: what NOW() shows until the next one. */
  readonly changedAt: Instant
  /** Seed of RAND() until the next change. */
  readonly chance: number
}

export interface SheetRow {
  readonly spreadsheetId: string
  readonly properties: SheetProperties
  readonly merges: readonly GridRange[]
  readonly conditionalFormats: readonly ConditionalFormatRule[]
  readonly filterViews: readonly FilterView[]
  readonly protectedRanges: readonly ProtectedRange[]
  readonly basicFilter?: Filter
  readonly charts: readonly EmbeddedObject[]
  readonly slicers: readonly EmbeddedObject[]
  readonly bandedRanges: readonly BandedRange[]
  readonly tables: readonly SheetTable[]
  readonly rowGroups: readonly DimensionGroup[]
  readonly columnGroups: readonly DimensionGroup[]
  /** Sparse, by index. */
  readonly rows: Readonly<Record<number, DimensionProperties>>
  readonly columns: Readonly<Record<number, DimensionProperties>>
}

/**
 * Cells of a run of rows. Writing one cell replaces one chunk of {@link CHUNK_ROWS} pointers, however large the sheet;
 * a fork shares all of them.
 */
export interface ChunkRow {
  readonly spreadsheetId: string
  readonly sheetId: number
  readonly index: number
  readonly rows: readonly (CellRow | null)[]
}

export const CHUNK_ROWS = 64

const spreadsheets = defineTable<SpreadsheetRow>()('sheets.spreadsheets', { key: ({ id }) => id })

export const sheetKey = (spreadsheetId: string, sheetId: number) => `${spreadsheetId}/${sheetId}`
const sheets = defineTable<SheetRow>()('sheets.sheets', {
  key: ({ spreadsheetId, properties }) => sheetKey(spreadsheetId, properties.sheetId),
  index: { spreadsheet: ({ spreadsheetId, properties }) => [spreadsheetId, properties.index] },
})

const chunks = defineTable<ChunkRow>()('sheets.chunks', {
  key: ({ spreadsheetId, sheetId, index }) => `${sheetKey(spreadsheetId, sheetId)}/${index}`,
  index: { sheet: ({ spreadsheetId, sheetId, index }) => [sheetKey(spreadsheetId, sheetId), index] },
})

export const tables = { ...googleTables, spreadsheets, sheets, chunks }
export type SheetsTables = typeof tables
