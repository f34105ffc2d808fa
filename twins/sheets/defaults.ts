import type { Random } from '../../shared/universe/random.ts'
import type { GoogleMoment } from '../google/caller.ts'
import type { Color, ColorStyle, SheetProperties, SpreadsheetProperties, TextFormat } from './model.ts'
import type { SheetRow, SpreadsheetRow } from './tables.ts'

/** What a new spreadsheet contains. */

const rgb = (red?: number, green?: number, blue?: number): ColorStyle => ({
  rgbColor: {
    ...(red !== undefined && { red }),
    ...(green !== undefined && { green }),
    ...(blue !== undefined && { blue }),
  },
})
export const WHITE: Color = { red: 1, green: 1, blue: 1 }

const LINK_COLOR: Color = { red: 0.06666667, green: 0.33333334, blue: 0.8 }
/** How text with a link looks. */
export const LINK_LOOK: TextFormat = {
  foregroundColor: LINK_COLOR,
  underline: true,
  foregroundColorStyle: { rgbColor: LINK_COLOR },
}

const THEME = {
  primaryFontFamily: 'Arial',
  themeColors: [
    { colorType: 'TEXT', color: rgb() },
    { colorType: 'BACKGROUND', color: rgb(1, 1, 1) },
    { colorType: 'ACCENT1', color: rgb(0.25882354, 0.52156866, 0.95686275) },
    { colorType: 'ACCENT2', color: rgb(0.91764706, 0.2627451, 0.20784314) },
    { colorType: 'ACCENT3', color: rgb(0.9843137, 0.7372549, 0.015686275) },
    { colorType: 'ACCENT4', color: rgb(0.20392157, 0.65882355, 0.3254902) },
    { colorType: 'ACCENT5', color: rgb(1, 0.42745098, 0.003921569) },
    { colorType: 'ACCENT6', color: rgb(0.27450982, 0.7411765, 0.7764706) },
    { colorType: 'LINK', color: rgb(0.06666667, 0.33333334, 0.8) },
  ],
}

export const DEFAULT_PROPERTIES: Omit<SpreadsheetProperties, 'title'> = {
  locale: 'en_US',
  autoRecalc: 'ON_CHANGE',
  timeZone: 'Etc/GMT',
  defaultFormat: {
    backgroundColor: WHITE,
    padding: { top: 2, right: 3, bottom: 2, left: 3 },
    verticalAlignment: 'BOTTOM',
    wrapStrategy: 'OVERFLOW_CELL',
    textFormat: {
      foregroundColor: {},
      fontFamily: 'arial,sans,sans-serif',
      fontSize: 10,
      bold: false,
      italic: false,
      strikethrough: false,
      underline: false,
      foregroundColorStyle: { rgbColor: {} },
    },
    backgroundColorStyle: { rgbColor: WHITE },
  },
  spreadsheetTheme: THEME,
}

export const DEFAULT_TITLE = 'Untitled spreadsheet'
export const DEFAULT_ROWS = 1000
export const DEFAULT_COLUMNS = 26

export function newSpreadsheetRow(moment: Pick<GoogleMoment, 'now'> & { random: Random }, id: string): SpreadsheetRow {
  return {
    id,
    properties: DEFAULT_PROPERTIES,
    namedRanges: [],
    developerMetadata: [],
    changedAt: moment.now,
    chance: moment.random.integer(2 ** 32),
  }
}

export const newSheetRow = (spreadsheetId: string, properties: SheetProperties): SheetRow => ({
  spreadsheetId,
  properties,
  merges: [],
  conditionalFormats: [],
  filterViews: [],
  protectedRanges: [],
  charts: [],
  slicers: [],
  bandedRanges: [],
  tables: [],
  rowGroups: [],
  columnGroups: [],
  rows: {},
  columns: {},
})

export const firstSheet = (spreadsheetId: string): SheetRow =>
  newSheetRow(spreadsheetId, {
    sheetId: 0,
    title: 'Sheet1',
    index: 0,
    sheetType: 'GRID',
    gridProperties: { rowCount: DEFAULT_ROWS, columnCount: DEFAULT_COLUMNS },
  })
