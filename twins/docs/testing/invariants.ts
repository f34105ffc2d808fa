import { isDeepStrictEqual } from 'node:util'
import type { Document, DocumentTab, StructuralElement } from '../../../openapi/types/docs.ts'

/**
 * What is true of every document the service shows: indexes follow one another without gaps, paragraphs end with their
 * only newline, neighbouring runs differ, and everything referred to exists.
 *
 * @returns what is wrong; empty when nothing is
 */
export function violations({ tabs = [] }: Document): string[] {
  return tabs.flatMap((tab) => [...tabViolations(tab.documentTab ?? {}), ...violations({ tabs: tab.childTabs ?? [] })])
}

function tabViolations(tab: DocumentTab): string[] {
  const problems: string[] = []
  const references = { footnotes: new Set<string>(), objects: new Set<string>(), lists: new Set<string>() }
  const say = (problem: string) => problems.push(problem)
  const widths = new Map<string, number>([['', checkContent(tab.body?.content ?? [], 0, say, references, true)]])
  for (const segments of [tab.headers, tab.footers, tab.footnotes]) {
    for (const [id, segment] of Object.entries(segments ?? {})) {
      widths.set(id, checkContent(segment.content ?? [], 0, say, references, false))
    }
  }
  same(references.footnotes, Object.keys(tab.footnotes ?? {}), 'footnotes', say)
  same(references.objects, Object.keys(tab.inlineObjects ?? {}), 'inline objects', say)
  for (const id of references.lists) if (!tab.lists?.[id]) say(`no list ${id}`)
  for (const named of Object.values(tab.namedRanges ?? {}).flatMap(({ namedRanges }) => namedRanges ?? [])) {
    if (!named.ranges?.length) say(`named range ${named.name} is empty`)
    for (const { startIndex = 0, endIndex = 0, segmentId = '' } of named.ranges ?? []) {
      if (startIndex >= endIndex || endIndex > (widths.get(segmentId) ?? 0))
        say(`named range ${named.name} lies outside`)
    }
  }
  for (const { anchorId, ranges = [] } of Object.values(tab.commentAnchors ?? {})) {
    if (ranges.length === 0) say(`comment anchor ${anchorId} is empty`)
    for (const { startIndex = 0, endIndex = 0, segmentId = '' } of ranges) {
      if (startIndex >= endIndex || endIndex > (widths.get(segmentId) ?? 0)) say(`comment ${anchorId} lies outside`)
    }
  }
  return problems
}

type References = Record<'footnotes' | 'objects' | 'lists', Set<string>>

/** Checks elements that begin at `start` and returns the index behind them. */
function checkContent(
  content: readonly StructuralElement[],
  start: number,
  say: (problem: string) => void,
  references: References,
  body: boolean,
): number {
  let at = start
  for (const [i, element] of content.entries()) {
    if ((element.startIndex ?? 0) !== at) say(`element ${i} begins at ${element.startIndex}, not ${at}`)
    if (element.sectionBreak) {
      if (!body) say('section break outside the body')
      at += 1
    } else if (element.table) {
      if (!content[i + 1]?.paragraph) say(`no paragraph after the table at ${at}`)
      at += 1
      const { rows, columns, tableRows = [] } = element.table
      if (tableRows.length !== rows) say(`table of ${rows} rows has ${tableRows.length}`)
      for (const row of tableRows) {
        if (row.startIndex !== at) say(`row begins at ${row.startIndex}, not ${at}`)
        at += 1
        if (row.tableCells?.length !== columns) say(`row of ${columns} columns has ${row.tableCells?.length}`)
        for (const cell of row.tableCells ?? []) {
          if (cell.startIndex !== at) say(`cell begins at ${cell.startIndex}, not ${at}`)
          at = checkContent(cell.content ?? [], at + 1, say, references, false)
          if (cell.endIndex !== at) say(`cell ends at ${cell.endIndex}, not ${at}`)
        }
        if (row.endIndex !== at) say(`row ends at ${row.endIndex}, not ${at}`)
      }
      at += 1
    } else if (element.paragraph) {
      at = checkParagraph(element.paragraph, at, say, references)
    }
    if (element.endIndex !== at) say(`element ${i} ends at ${element.endIndex}, not ${at}`)
  }
  if (!content.at(-1)?.paragraph) say('the last element is no paragraph')
  if (body && !content[0]?.sectionBreak) say('the body does not begin with a section break')
  return at
}

function checkParagraph(
  paragraph: NonNullable<StructuralElement['paragraph']>,
  start: number,
  say: (problem: string) => void,
  references: References,
): number {
  let at = start
  const { elements = [], bullet } = paragraph
  if (bullet?.listId) references.lists.add(bullet.listId)
  for (const [i, element] of elements.entries()) {
    if ((element.startIndex ?? 0) !== at) say(`run begins at ${element.startIndex}, not ${at}`)
    const text = element.textRun?.content
    at += text === undefined ? 1 : text.length
    if (element.endIndex !== at) say(`run ends at ${element.endIndex}, not ${at}`)
    if (text === '') say(`empty run at ${at}`)
    if (text?.slice(0, -1).includes('\n')) say(`newline inside the run at ${at}`)
    const previous = elements[i - 1]?.textRun
    // Marks of suggestions tell runs apart, too.
    const alike = isDeepStrictEqual({ ...previous, content: '' }, { ...element.textRun, content: '' })
    if (previous && element.textRun && alike) say(`runs at ${at} are alike`)
    if (element.footnoteReference?.footnoteId) references.footnotes.add(element.footnoteReference.footnoteId)
    if (element.inlineObjectElement?.inlineObjectId) references.objects.add(element.inlineObjectElement.inlineObjectId)
  }
  if (!elements.at(-1)?.textRun?.content?.endsWith('\n')) say(`paragraph at ${start} does not end with a newline`)
  const newlines = elements.filter(({ textRun }) => textRun?.content?.includes('\n')).length
  if (newlines !== 1) say(`paragraph at ${start} has ${newlines} newlines`)
  return at
}

function same(
  found: ReadonlySet<string>,
  listed: readonly string[],
  what: string,
  say: (problem: string) => void,
): void {
  if (!isDeepStrictEqual([...found].sort(), [...listed].sort()))
    say(`${what}: ${[...found]} referred to, ${listed} there`)
}
