import { callerUser } from '../../../google/index.ts'
import { mayEdit } from '../../access.ts'
import { invalid, protectedCell } from '../../errors.ts'
import type {
  BandedRange,
  BooleanCondition,
  ConditionalFormatRule,
  GridRange,
  NamedRange,
  ProtectedRange,
} from '../../model.ts'
import { locate } from '../../resolve.ts'
import { isRangeName } from '../../rules/a1.ts'
import { overlaps } from '../../rules/address.ts'
import { withColorStyles } from '../../rules/color.ts'
import { rewriteTokens } from '../../rules/formula/rewrite.ts'
import { masked, updateMask } from '../../rules/mask.ts'
import { areaOf, normalRange } from '../../rules/ranges.ts'
import { rewriteFormulas } from '../../rules/structure.ts'
import { protectedRangeView } from '../../views/spreadsheet.ts'
import type { Sheet, Workbook } from '../../workbook.ts'
import { assertCondition } from './cells.ts'
import { requests } from './define.ts'
import { sheetOf } from './sheets.ts'

function assertRangeName(book: Workbook, name: string, except?: string): void {
  if (!isRangeName(name))
    throw invalid(
      'The name you entered is invalid. Named ranges can only contain letters, numbers and underscores, may not begin with a number or the words "true" or "false", and may not be in A1 or R1C1 notation.',
    )
  const lower = name.toLowerCase()
  if (book.namedRanges.some((other) => other.namedRangeId !== except && other.name.toLowerCase() === lower))
    throw invalid(`A named range with name '${name}' already exists.`)
}

const namedOf = (book: Workbook, id: string | undefined): NamedRange => {
  const found = book.namedRanges.find(({ namedRangeId }) => namedRangeId === id)
  if (!found) throw invalid(`No named range with id: ${id}`)
  return found
}

/** The object of a list on any sheet that has an id, with its sheet. */
export function findObject<
  K extends 'protectedRanges' | 'bandedRanges' | 'filterViews' | 'charts' | 'slicers' | 'tables',
>(
  book: Workbook,
  list: K,
  is: (item: Sheet['row'][K][number]) => boolean,
): { sheet: Sheet; item: Sheet['row'][K][number] } | undefined {
  for (const sheet of book.sheets) {
    const item = (sheet.row[list] as readonly Sheet['row'][K][number][]).find(is)
    if (item) return { sheet, item }
  }
  return undefined
}

function protectionOf(book: Workbook, id: number | undefined) {
  const found = findObject(book, 'protectedRanges', (item) => item.protectedRangeId === id)
  if (!found) throw invalid(`No protected range with id: ${id}`)
  return found
}

function bandingOf(book: Workbook, id: number | undefined) {
  const found = findObject(book, 'bandedRanges', (item) => item.bandedRangeId === id)
  if (!found) throw invalid(`No banded range with id: ${id}`)
  return found
}

const withoutEmpty = <T extends object>(value: T): T =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([, member]) => member !== '' && member !== undefined && member !== null && member !== false,
    ),
  ) as T

function assertRule(rule: ConditionalFormatRule): void {
  if (!rule.ranges?.length) throw invalid('rule.ranges must not be empty.')
  if (rule.booleanRule) assertCondition(rule.booleanRule.condition as BooleanCondition)
  else if (!rule.gradientRule) throw invalid('rule must have a booleanRule or a gradientRule.')
}

const ruleView = (rule: ConditionalFormatRule) => ({ ...rule, ranges: rule.ranges.map(normalRange) })
const indexed = (index: number) => (index > 0 ? index : undefined)

/** The rule of an index; formats are stored with both spellings of their colours. */
function ruleAt(sheet: Sheet, index: number): ConditionalFormatRule {
  const rule = sheet.row.conditionalFormats[index]
  if (!rule) throw invalid(`No conditional format on sheet: ${sheet.id} at index: ${index}`)
  return rule
}

function assertNoBanding(sheet: Sheet, range: GridRange, except?: number): void {
  const area = areaOf(range, sheet.rowCount, sheet.columnCount)
  if (
    sheet.row.bandedRanges.some(
      (other) =>
        other.bandedRangeId !== except && overlaps(areaOf(other.range, sheet.rowCount, sheet.columnCount), area),
    )
  )
    throw invalid(
      'You cannot add alternating background colors to a range that already has alternating background colors.',
    )
}

/** A range with every end said. */
export function closedRange(book: Workbook, range: GridRange | undefined): { sheet: Sheet; range: GridRange } {
  const { sheet, area } = locate(book, range)
  return {
    sheet,
    range: normalRange({
      sheetId: sheet.id,
      startRowIndex: area.top,
      endRowIndex: area.bottom,
      startColumnIndex: area.left,
      endColumnIndex: area.right,
    }),
  }
}

export const rangeRequests = requests({
  addNamedRange: ({ book }, { namedRange }) => {
    const name = namedRange?.name ?? ''
    assertRangeName(book, name)
    const { range } = closedRange(book, namedRange?.range)
    if (
      namedRange?.namedRangeId !== undefined &&
      book.namedRanges.some((other) => other.namedRangeId === namedRange.namedRangeId)
    )
      throw invalid(`A named range with id '${namedRange.namedRangeId}' already exists.`)
    const added: NamedRange = { namedRangeId: namedRange?.namedRangeId ?? String(book.newId(() => false)), name, range }
    book.namedRanges = [...book.namedRanges, added]
    book.changed()
    return { namedRange: added }
  },

  updateNamedRange: ({ book }, { namedRange, fields }) => {
    const before = namedOf(book, namedRange?.namedRangeId)
    const after = masked(before, namedRange, updateMask(fields), ['name', 'range', 'namedRangeId'])
    assertRangeName(book, after.name ?? '', before.namedRangeId)
    const { range } = closedRange(book, after.range)
    if (after.name !== before.name) {
      rewriteFormulas(book, (formula) =>
        rewriteTokens(formula, book.properties.locale, ({ kind, text }) =>
          kind === 'name' && text.toLowerCase() === before.name.toLowerCase() ? after.name : undefined,
        ),
      )
    }
    book.namedRanges = book.namedRanges.map((other) =>
      other === before ? { ...after, namedRangeId: before.namedRangeId, range } : other,
    )
    book.changed()
    return undefined
  },

  deleteNamedRange: ({ book }, { namedRangeId }) => {
    const named = namedOf(book, namedRangeId)
    book.namedRanges = book.namedRanges.filter((other) => other !== named)
    book.changed()
    return undefined
  },

  addProtectedRange: ({ call, book }, { protectedRange }) => {
    const { protectedRangeId, range, editors, requestingUserCanEdit: _can, ...given } = protectedRange ?? {}
    const { sheet } = locate(
      book,
      (given.namedRangeId === undefined ? range : namedOf(book, given.namedRangeId).range) as GridRange,
    )
    if (
      protectedRangeId !== undefined &&
      findObject(book, 'protectedRanges', (item) => item.protectedRangeId === protectedRangeId)
    )
      throw invalid(`A protected range with id ${protectedRangeId} already exists.`)
    const sent = withoutEmpty(editors ?? {}) as NonNullable<ProtectedRange['editors']>
    const lists = Object.fromEntries(
      Object.entries(sent).filter(([, value]) => !Array.isArray(value) || value.length > 0),
    ) as typeof sent
    const { email } = callerUser(call)
    const protection: ProtectedRange = {
      protectedRangeId:
        protectedRangeId ??
        book.newId((id) => findObject(book, 'protectedRanges', (item) => item.protectedRangeId === id) !== undefined),
      ...(range && { range: normalRange(range as GridRange) }),
      ...withoutEmpty(given as Omit<ProtectedRange, 'protectedRangeId' | 'range' | 'editors'>),
      // Whoever protects a range can always edit it.
      ...(!given.warningOnly && { editors: { ...lists, users: [...new Set([...(lists.users ?? []), email])] } }),
    }
    sheet.row.protectedRanges = [...sheet.row.protectedRanges, protection]
    book.changed()
    return {
      protectedRange: { ...protectedRangeView(call, book, protection), ...(!given.warningOnly && { editors: lists }) },
    }
  },

  updateProtectedRange: ({ call, book }, { protectedRange, fields }) => {
    const { sheet, item } = protectionOf(book, protectedRange?.protectedRangeId)
    if (!mayEdit(call, book, item)) throw protectedCell()
    const names = [
      'range',
      'namedRangeId',
      'tableId',
      'description',
      'warningOnly',
      'unprotectedRanges',
      'editors',
      'requestingUserCanEdit',
      'protectedRangeId',
    ]
    const after = withoutEmpty({
      ...masked(item, protectedRange, updateMask(fields), names),
      protectedRangeId: item.protectedRangeId,
    })
    if (after.range) locate(book, after.range)
    sheet.row.protectedRanges = sheet.row.protectedRanges.map((other) => (other === item ? after : other))
    book.changed()
    return undefined
  },

  deleteProtectedRange: ({ call, book }, { protectedRangeId }) => {
    const { sheet, item } = protectionOf(book, protectedRangeId)
    if (!mayEdit(call, book, item)) throw protectedCell()
    sheet.row.protectedRanges = sheet.row.protectedRanges.filter((other) => other !== item)
    book.changed()
    return undefined
  },

  addConditionalFormatRule: ({ book }, { rule, index = 0 }) => {
    const added = withColorStyles((rule ?? {}) as ConditionalFormatRule)
    assertRule(added)
    const { sheet } = locate(book, added.ranges[0])
    for (const range of added.ranges)
      if (locate(book, range).sheet !== sheet) throw invalid('All ranges of a rule must be on the same sheet.')
    const rules = sheet.row.conditionalFormats
    if (index < 0 || index > rules.length) throw invalid(`index[${index}] is out of bounds.`)
    sheet.row.conditionalFormats = [...rules.slice(0, index), added, ...rules.slice(index)]
    book.changed()
    return undefined
  },

  updateConditionalFormatRule: ({ book }, { index = 0, sheetId, newIndex, rule }) => {
    const target = rule?.ranges?.[0]?.sheetId ?? sheetId
    const sheet = sheetOf(book, target)
    const oldRule = ruleAt(sheet, index)
    const rest = sheet.row.conditionalFormats.filter((_, at) => at !== index)
    if (rule) {
      const newRule = withColorStyles(rule as ConditionalFormatRule)
      assertRule(newRule)
      sheet.row.conditionalFormats = sheet.row.conditionalFormats.map((other, at) => (at === index ? newRule : other))
      book.changed()
      return withoutEmpty({
        oldRule: ruleView(oldRule),
        oldIndex: indexed(index),
        newRule: ruleView(newRule),
        newIndex: indexed(index),
      })
    }
    const to = newIndex ?? 0
    if (to < 0 || to > rest.length) throw invalid(`newIndex[${to}] is out of bounds.`)
    sheet.row.conditionalFormats = [...rest.slice(0, to), oldRule, ...rest.slice(to)]
    book.changed()
    return withoutEmpty({
      oldRule: ruleView(oldRule),
      oldIndex: indexed(index),
      newRule: ruleView(oldRule),
      newIndex: indexed(to),
    })
  },

  deleteConditionalFormatRule: ({ book }, { index = 0, sheetId }) => {
    const sheet = sheetOf(book, sheetId)
    const rule = ruleAt(sheet, index)
    sheet.row.conditionalFormats = sheet.row.conditionalFormats.filter((_, at) => at !== index)
    book.changed()
    return { rule: ruleView(rule) }
  },

  addBanding: ({ book }, { bandedRange }) => {
    const { sheet, range } = closedRange(book, bandedRange?.range)
    assertNoBanding(sheet, range)
    const given = withColorStyles((bandedRange ?? {}) as Partial<BandedRange>)
    if (!given.rowProperties && !given.columnProperties)
      throw invalid('Must specify rowProperties or columnProperties.')
    if (
      given.bandedRangeId !== undefined &&
      findObject(book, 'bandedRanges', (item) => item.bandedRangeId === given.bandedRangeId)
    )
      throw invalid(`A banded range with id ${given.bandedRangeId} already exists.`)
    const added: BandedRange = { ...given, bandedRangeId: given.bandedRangeId ?? book.newId(() => false), range }
    sheet.row.bandedRanges = [...sheet.row.bandedRanges, added]
    book.changed()
    return { bandedRange: added }
  },

  updateBanding: ({ book }, { bandedRange, fields }) => {
    const { sheet, item } = bandingOf(book, bandedRange?.bandedRangeId)
    const after = {
      ...masked(item, bandedRange, updateMask(fields), [
        'range',
        'rowProperties',
        'columnProperties',
        'bandedRangeId',
        'bandedRangeReference',
      ]),
      bandedRangeId: item.bandedRangeId,
    }
    assertNoBanding(sheet, after.range, item.bandedRangeId)
    sheet.row.bandedRanges = sheet.row.bandedRanges.map((other) => (other === item ? after : other))
    book.changed()
    return undefined
  },

  deleteBanding: ({ book }, { bandedRangeId }) => {
    const { sheet, item } = bandingOf(book, bandedRangeId)
    sheet.row.bandedRanges = sheet.row.bandedRanges.filter((other) => other !== item)
    book.changed()
    return undefined
  },
})
