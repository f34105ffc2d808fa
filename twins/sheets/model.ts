import type { Area } from './rules/address.ts'

/** Channels from 0 to 1; one that is absent is 0. */
export interface Color {
  readonly red?: number
  readonly green?: number
  readonly blue?: number
  readonly alpha?: number
}

export interface ColorStyle {
  readonly rgbColor?: Color
  readonly themeColor?: string
}

export interface NumberFormat {
  readonly type:
    | 'TEXT'
    | 'NUMBER'
    | 'PERCENT'
    | 'CURRENCY'
    | 'DATE'
    | 'TIME'
    | 'DATE_TIME'
    | 'SCIENTIFIC'
    | (string & {})
  readonly pattern?: string
}

export interface TextFormat {
  readonly foregroundColor?: Color
  readonly foregroundColorStyle?: ColorStyle
  readonly fontFamily?: string
  readonly fontSize?: number
  readonly bold?: boolean
  readonly italic?: boolean
  readonly strikethrough?: boolean
  readonly underline?: boolean
  readonly link?: { readonly uri?: string }
}

/** A cell's look, as the API spells it. */
export interface CellFormat {
  readonly numberFormat?: NumberFormat
  readonly backgroundColor?: Color
  readonly backgroundColorStyle?: ColorStyle
  readonly borders?: Readonly<Record<string, unknown>>
  readonly padding?: Readonly<Record<string, number>>
  readonly horizontalAlignment?: string
  readonly verticalAlignment?: string
  readonly wrapStrategy?: string
  readonly textDirection?: string
  readonly textFormat?: TextFormat
  readonly hyperlinkDisplayType?: string
  readonly textRotation?: Readonly<Record<string, unknown>>
}

export interface ErrorValue {
  readonly type: string
  readonly message?: string
}

export interface ExtendedValue {
  readonly numberValue?: number
  readonly stringValue?: string
  readonly boolValue?: boolean
  readonly formulaValue?: string
  readonly errorValue?: ErrorValue
}

/** What is stored of a cell: the writable part of the API's CellData. Results of formulas are never stored. */
export interface Cell {
  readonly userEnteredValue?: ExtendedValue
  readonly userEnteredFormat?: CellFormat
  readonly note?: string
  readonly textFormatRuns?: readonly { readonly startIndex?: number; readonly format?: TextFormat }[]
  readonly chipRuns?: readonly object[]
  readonly dataValidation?: DataValidationRule
  readonly pivotTable?: PivotTable
  readonly dataSourceTable?: object
}

export type CellRow = readonly (Cell | null)[]

export interface BooleanCondition {
  readonly type: string
  readonly values?: readonly { readonly userEnteredValue?: string; readonly relativeDate?: string }[]
}

export interface DataValidationRule {
  readonly condition: BooleanCondition
  readonly inputMessage?: string
  readonly strict?: boolean
  readonly showCustomUi?: boolean
}

export interface PivotGroup {
  readonly sourceColumnOffset?: number
  readonly showTotals?: boolean
  readonly sortOrder?: string
  readonly label?: string
}

export interface PivotTable {
  readonly source?: GridRange
  readonly rows?: readonly PivotGroup[]
  readonly columns?: readonly PivotGroup[]
  readonly values?: readonly {
    readonly sourceColumnOffset?: number
    readonly summarizeFunction?: string
    readonly name?: string
    readonly formula?: string
  }[]
  readonly valueLayout?: string
  readonly filterSpecs?: readonly object[]
}

/** A range on the wire: absent ends are open, an absent sheet is sheet 0. */
export interface GridRange {
  readonly sheetId?: number
  readonly startRowIndex?: number
  readonly endRowIndex?: number
  readonly startColumnIndex?: number
  readonly endColumnIndex?: number
}

export interface DimensionRange {
  readonly sheetId?: number
  readonly dimension?: string
  readonly startIndex?: number
  readonly endIndex?: number
}

export type Dimension = 'ROWS' | 'COLUMNS'

/** The API's name for a rectangle of a sheet. Sheet 0 and nothing else is left out. */
export function gridRange(sheetId: number, area: Area): GridRange {
  return {
    ...(sheetId ? { sheetId } : {}),
    startRowIndex: area.top,
    endRowIndex: area.bottom,
    startColumnIndex: area.left,
    endColumnIndex: area.right,
  }
}

export interface GridProperties {
  readonly rowCount: number
  readonly columnCount: number
  readonly frozenRowCount?: number
  readonly frozenColumnCount?: number
  readonly hideGridlines?: boolean
  readonly rowGroupControlAfter?: boolean
  readonly columnGroupControlAfter?: boolean
}

export interface SheetProperties {
  readonly sheetId: number
  readonly title: string
  readonly index: number
  readonly sheetType: string
  readonly gridProperties?: GridProperties
  readonly hidden?: boolean
  readonly tabColor?: Color
  readonly tabColorStyle?: ColorStyle
  readonly rightToLeft?: boolean
}

/** What a row or column has beside its cells. */
export interface DimensionProperties {
  readonly pixelSize?: number
  readonly hiddenByUser?: boolean
}

export interface DimensionGroup {
  readonly range: DimensionRange
  readonly depth: number
  readonly collapsed?: boolean
}

export interface ConditionalFormatRule {
  readonly ranges: readonly GridRange[]
  readonly booleanRule?: { readonly condition: BooleanCondition; readonly format?: CellFormat }
  readonly gradientRule?: Readonly<Record<string, InterpolationPoint>>
}

export interface InterpolationPoint {
  readonly type?: string
  readonly value?: string
  readonly color?: Color
  readonly colorStyle?: ColorStyle
}

export interface SortSpec {
  readonly dimensionIndex?: number
  readonly sortOrder?: string
  readonly [more: string]: unknown
}

export interface FilterCriteria {
  readonly hiddenValues?: readonly string[]
  readonly condition?: BooleanCondition
  readonly [more: string]: unknown
}

export interface Filter {
  readonly range?: GridRange
  readonly sortSpecs?: readonly SortSpec[]
  readonly criteria?: Readonly<Record<string, FilterCriteria>>
  readonly filterSpecs?: readonly { readonly columnIndex?: number; readonly filterCriteria?: FilterCriteria }[]
}

export interface FilterView extends Filter {
  readonly filterViewId: number
  readonly title: string
  readonly namedRangeId?: string
  readonly tableId?: string
}

export interface ProtectedRange {
  readonly protectedRangeId: number
  readonly range?: GridRange
  readonly namedRangeId?: string
  readonly tableId?: string
  readonly description?: string
  readonly warningOnly?: boolean
  readonly unprotectedRanges?: readonly GridRange[]
  readonly editors?: {
    readonly users?: readonly string[]
    readonly groups?: readonly string[]
    readonly domainUsersCanEdit?: boolean
  }
}

export interface BandedRange {
  readonly bandedRangeId: number
  readonly range: GridRange
  readonly rowProperties?: BandingProperties
  readonly columnProperties?: BandingProperties
}

export interface BandingProperties {
  readonly headerColor?: Color
  readonly headerColorStyle?: ColorStyle
  readonly firstBandColor?: Color
  readonly firstBandColorStyle?: ColorStyle
  readonly secondBandColor?: Color
  readonly secondBandColorStyle?: ColorStyle
  readonly footerColor?: Color
  readonly footerColorStyle?: ColorStyle
}

export interface NamedRange {
  readonly namedRangeId: string
  readonly name: string
  readonly range: GridRange
}

export interface TableColumn {
  readonly columnIndex?: number
  readonly columnName?: string
  readonly columnType?: string
  readonly dataValidationRule?: object
}

export interface SheetTable {
  readonly tableId: string
  readonly name: string
  readonly range: GridRange
  readonly rowsProperties?: object
  readonly columnProperties?: readonly TableColumn[]
}

export interface DeveloperMetadata {
  readonly metadataId: number
  readonly metadataKey?: string
  readonly metadataValue?: string
  readonly location: {
    readonly locationType: 'SPREADSHEET' | 'SHEET' | 'ROW' | 'COLUMN'
    readonly spreadsheet?: boolean
    readonly sheetId?: number
    readonly dimensionRange?: DimensionRange
  }
  readonly visibility: string
}

/** A chart or slicer: stored as sent. */
export interface EmbeddedObject {
  readonly chartId?: number
  readonly slicerId?: number
  readonly spec?: object
  readonly position?: object
  readonly border?: object
}

export interface SpreadsheetProperties {
  readonly title: string
  readonly locale: string
  readonly autoRecalc: string
  readonly timeZone: string
  readonly defaultFormat: CellFormat
  readonly iterativeCalculationSettings?: { readonly maxIterations?: number; readonly convergenceThreshold?: number }
  readonly spreadsheetTheme: object
  readonly importFunctionsExternalUrlAccessAllowed?: boolean
}
