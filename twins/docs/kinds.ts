import type { DocsMoment } from './documents.ts'
import { toMarkdown } from './formats/markdown.ts'
import { toSearchText } from './formats/plain-text.ts'

/** Documents as people think of them, for checks and the inspector. */
export const kinds: Readonly<Record<string, (moment: DocsMoment) => readonly object[]>> = {
  documents: ({ tables }) =>
    tables.documents.all().map(({ id, model, revisionId }) => ({
      documentId: id,
      title: tables.files.get(id)?.name,
      revisionId,
      tabs: model.tabs.map(({ tabId, title }) => ({ tabId, title })),
      text: toSearchText(model),
      markdown: toMarkdown(model),
    })),
}
