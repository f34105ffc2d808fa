import type { Request, StructuralElement } from '../../../openapi/types/docs.ts'
import { applyBatch, type BatchResult } from '../rules/edit/batch.ts'
import type { Edit, Surroundings } from '../rules/edit/draft.ts'
import { freshDocument } from '../rules/model/fresh.ts'
import type { DocumentModel } from '../rules/model/types.ts'
import { documentView } from '../views/document.ts'

/** A world around a document under test: ids count up, and a comment goes by its anchor. */
export function surroundings(): Surroundings {
  let n = 0
  const next = () => String(++n)
  return {
    id: () => `kix.${next()}`,
    headingId: () => `h.${next()}`,
    tabId: () => `t.${next()}`,
    suggestionId: () => `suggest.${next()}`,
    linkedFile: (uri) => (uri.startsWith('https://docs.google.com/') ? { title: 'Linked', uri } : undefined),
    personName: (email) => (email === 'ada@example.com' ? 'Ada' : undefined),
    imageUri: () => 'https://lh7-rt.googleusercontent.com/docsz/1',
    comments: {
      insert: ({ anchor, quote }) => ({ anchorId: anchor, plainTextQuote: quote }),
      reply: (_, post) => post,
      edit: () => undefined,
      remove: (anchor) => anchor,
      removeReply: () => undefined,
    },
  }
}

export const edit = (
  requests: readonly Request[],
  document: DocumentModel = freshDocument(),
  collaborators?: readonly Edit[],
): BatchResult => applyBatch(document, requests, surroundings(), { collaborators })

export const view = (document: DocumentModel, includeTabsContent = false) =>
  documentView({
    documentId: 'd',
    title: 'T',
    model: document,
    revisionId: 'r',
    mode: 'SUGGESTIONS_INLINE',
    includeTabsContent,
    withComments: true,
  })

/** The body after some requests to a fresh document, as the API shows it. */
export const bodyAfter = (...requests: Request[]): StructuralElement[] =>
  view(edit(requests).document).body?.content ?? []

/** One line per element: `[1,7) Hello\n`, `[2,14) table 2x2`. */
export function outline(content: readonly StructuralElement[]): string[] {
  return content.flatMap((element): string[] => {
    const range = `[${element.startIndex ?? 0},${element.endIndex})`
    if (element.sectionBreak) return [`${range} section`]
    if (element.table) {
      const cells = element.table.tableRows?.flatMap((row) => row.tableCells ?? []) ?? []
      return [
        `${range} table ${element.table.rows}x${element.table.columns}`,
        ...cells.flatMap((cell) => outline(cell.content ?? [])),
      ]
    }
    return (element.paragraph?.elements ?? []).map((inline) => {
      const { startIndex, endIndex, textRun, ...other } = inline
      return `[${startIndex ?? 0},${endIndex}) ${textRun ? JSON.stringify(textRun.content).slice(1, -1) : Object.keys(other)[0]}`
    })
  })
}

export const insert = (index: number, text: string, segmentId?: string): Request => ({
  insertText: { text, location: { index, ...(segmentId && { segmentId }) } },
})
export const range = (startIndex: number, endIndex: number) => ({ startIndex, endIndex })
export const remove = (startIndex: number, endIndex: number): Request => ({
  deleteContentRange: { range: range(startIndex, endIndex) },
})
export const bold = (startIndex: number, endIndex: number, value?: boolean): Request => ({
  updateTextStyle: {
    range: range(startIndex, endIndex),
    textStyle: value === undefined ? {} : { bold: value },
    fields: 'bold',
  },
})
