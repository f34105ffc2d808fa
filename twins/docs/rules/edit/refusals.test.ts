import { expect, test } from 'vitest'
import type { Request } from '../../../../openapi/types/docs.ts'
import { bold, edit, insert, range, remove } from '../../testing/editing.ts'

const TABLE: Request = { insertTable: { rows: 2, columns: 2, location: { index: 1 } } }
const at = (rowIndex: number, columnIndex: number, index = 2) => ({
  tableStartLocation: { index },
  rowIndex,
  columnIndex,
})
const BOUNDS =
  'The insertion index must be inside the bounds of an existing paragraph. You can still create new paragraphs by inserting newlines.'
const CANNOT = 'Invalid deletion range. Cannot delete the requested range.'
const NO_FIELDS = "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
const style = (fields: string, textStyle: object = {}): Request => ({
  updateTextStyle: { range: range(1, 2), textStyle, fields },
})

/** Requests before the refused one, the refused one, and what is said of it. */
const REFUSALS: readonly (readonly [string, readonly Request[], Request, string])[] = [
  ['insertion at the section break', [], insert(0, 'x'), BOUNDS],
  ['insertion at the end', [], insert(2, 'x'), 'Index 2 must be less than the end index of the referenced segment, 2.'],
  ['insertion before the beginning', [], insert(-1, 'x'), 'Index -1 must be greater than or equal to 0.'],
  ['insertion at a table', [TABLE], insert(2, 'x'), BOUNDS],
  ['insertion at a row', [TABLE], insert(3, 'x'), BOUNDS],
  ['insertion at a cell', [TABLE], insert(4, 'x'), BOUNDS],
  ['insertion nowhere', [], { insertText: { text: 'x' } }, 'The insertion location must be specified.'],
  ['insertion into no segment', [], insert(0, 'x', 'kix.no'), 'Segment with ID kix.no was not found.'],
  ['insertion into no tab', [], { insertText: { text: 'x', location: { index: 1, tabId: 't.no' } } }, 'A tab with ID t.no does not exist.'],
  ['insertion of nothing', [], insert(1, ''), 'Insert text requests must specify text to insert.'],
  ['deletion of nothing', [], remove(1, 1), 'The range should not be empty.'],
  ['deletion backwards', [insert(1, 'ab')], remove(2, 1), 'Invalid range: end index cannot be less than start index'],
  ['deletion of the last newline', [], remove(1, 2), 'The range cannot include the newline character at the end of the segment.'],
  ['deletion without a range', [], { deleteContentRange: { range: {} } }, 'Invalid range: must contain a start and end index'],
  ['deletion of the first section break', [], remove(0, 1), 'Cannot operate on the first section break in the document.'],
  ['deletion past the end', [], remove(1, 9), 'Index 9 must be less than the end index of the referenced segment, 2.'],
  ['deletion of the newline before a table', [TABLE], remove(1, 2), CANNOT],
  ['deletion of part of a table', [TABLE], remove(3, 5), CANNOT],
  ['deletion across cells', [TABLE], remove(5, 8), CANNOT],
  ['deletion of the newline of a cell', [TABLE], remove(5, 6), CANNOT],
  ['style without fields', [], style(''), NO_FIELDS],
  ['style with an unknown field', [], style('bogus'), 'Invalid field: bogus'],
  ['font size of nothing', [], style('fontSize', { fontSize: { unit: 'PT' } }), 'The font size must be greater than zero.'],
  ['link to nothing', [], style('link', { link: {} }), 'Links must include at least one type.'],
  ['link to no heading', [], style('link', { link: { headingId: 'h.x' } }), 'The heading with ID h.x does not exist.'],
  ['style past the end', [], bold(1, 9, true), 'Index 9 must be less than the end index of the referenced segment, 2.'],
  ['unknown paragraph field', [], { updateParagraphStyle: { range: range(1, 2), fields: 'bogus_mask_field_xyz' } }, 'Invalid field: bogus_mask_field_xyz'],
  ['bullets without a preset', [], { createParagraphBullets: { range: range(1, 2) } }, 'The bullet preset must be specified.'],
  ['table without rows', [], { insertTable: { columns: 1, location: { index: 1 } } }, 'The number of rows must be greater than or equal to 1.'],
  ['no table there', [TABLE], { insertTableRow: { tableCellLocation: at(0, 0, 5) } }, 'The provided table start location is invalid.'],
  ['no such row', [TABLE], { deleteTableRow: { tableCellLocation: at(2, 0) } }, 'Invalid row index: 2. The row index must be within the bounds of the table.'],
  ['merge outside', [TABLE], { mergeTableCells: { tableRange: { tableCellLocation: at(0, 0), rowSpan: 1, columnSpan: 99 } } }, 'The table range extends outside the bounds of the table.'],
  ['merge of no rows', [TABLE], { mergeTableCells: { tableRange: { tableCellLocation: at(0, 0), columnSpan: 1 } } }, 'The rowSpan must be strictly positive, was: 0'],
  ['too many pinned rows', [TABLE], { pinTableHeaderRows: { tableStartLocation: { index: 2 }, pinnedHeaderRowsCount: 3 } }, 'The number of pinned header rows must not exceed the number of rows.'],
  ['narrow column', [TABLE], { updateTableColumnProperties: { tableStartLocation: { index: 2 }, tableColumnProperties: { width: { magnitude: 4, unit: 'PT' } }, fields: 'width' } }, 'The width of a column must be at least 5 points.'],
  ['image of another scheme', [], { insertInlineImage: { uri: 'file:///x.png', location: { index: 1 } } }, 'There was a problem retrieving the image. The provided image should be publicly accessible, within size limit, and in supported formats.'],
  ['page break in a table', [TABLE], { insertPageBreak: { location: { index: 5 } } }, 'Page breaks cannot be inserted inside a table.'],
  ['section break in a segment', [], { insertSectionBreak: { sectionType: 'CONTINUOUS', location: { index: 0, segmentId: 'kix.1' } } }, 'Section breaks can only be inserted inside the document body.'],
  ['footnote in a header', [{ createHeader: { type: 'DEFAULT' } }], { createFootnote: { location: { index: 0, segmentId: 'kix.1' } } }, 'Footnotes can only be inserted inside the document body.'],
  ['header that is not there', [], { deleteHeader: { headerId: 'kix.9' } }, 'The header with ID kix.9 was not found.'],
  ['named range without a name', [], { createNamedRange: { range: range(1, 2) } }, 'The name must be between 1 and 256 UTF-16 code units long.'],
  ['named range not named', [], { deleteNamedRange: {} }, 'ID or name for named range must be set'],
  ['named range that is not there', [], { deleteNamedRange: { namedRangeId: 'kix.9' } }, 'The named range with ID kix.9 was not found.'],
  ['search for nothing', [], { replaceAllText: { containsText: {}, replaceText: 'x' } }, 'The text to search for must not be empty.'],
  ['person without an address', [], { insertPerson: { location: { index: 1 } } }, 'The email address of the person must be valid.'],
  ['tab that names its id', [], { addDocumentTab: { tabProperties: { tabId: 't.x' } } }, 'Tab ID should not be specified in the properties when adding a tab.'],
  ['tab with a title in use', [], { addDocumentTab: { tabProperties: { title: 'Tab 1' } } }, 'Tab title must be unique'],
  ['tab with a word for an icon', [], { addDocumentTab: { tabProperties: { iconEmoji: 'ab' } } }, 'The icon emoji must be a single valid emoji.'],
  ['the last tab', [], { deleteTab: { tabId: 't.0' } }, 'The last tab of a document cannot be deleted.'],
  ['read-only document style', [], { updateDocumentStyle: { documentStyle: {}, fields: 'defaultHeaderId' } }, 'Invalid field: defaultHeaderId is read-only.'],
  ['named style without its type', [], { updateNamedStyle: { namedStyle: { namedStyleType: 'TITLE' }, fields: 'textStyle.bold' } }, 'The named style type must be specified in the fields.'],
] // biome-ignore format: a table

test.each(REFUSALS)('%s', (_, before, refused, message) => {
  const kind = Object.keys(refused)[0]
  expect(() => edit([...before, refused])).toThrow(`Invalid requests[${before.length}].${kind}: ${message}`)
})
