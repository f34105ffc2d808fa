import { type Eyes, SHOWN } from './eyes.ts'

interface DriveFile {
  readonly id: string
  readonly name: string
  readonly mimeType: string
  readonly modifiedTime: string
  readonly owners?: readonly { readonly displayName: string }[]
}

const DOCUMENT = 'application/vnd.google-apps.document'
const SPREADSHEET = 'application/vnd.google-apps.spreadsheet'

/** The files somebody finds in Drive, newest first. */
export const drive = async (eyes: Eyes): Promise<object[]> =>
  (await found(eyes)).map(({ owners, ...file }) => ({ ...file, owner: owners?.[0]?.displayName }))

/** The newest documents, as text with the index at which each paragraph begins. */
export async function docs(eyes: Eyes): Promise<object[]> {
  const files = (await found(eyes)).filter(({ mimeType }) => mimeType === DOCUMENT)
  return Promise.all(
    files.slice(0, OPENED).map(async ({ id, name }) => {
      const { body } = (await eyes.get('docs', `/v1/documents/${id}`)) as { body?: { content?: readonly Paragraph[] } }
      const paragraphs = (body?.content ?? []).flatMap(({ startIndex, paragraph }) =>
        paragraph
          ? [{ index: startIndex, text: paragraph.elements.map(({ textRun }) => textRun?.content ?? '').join('') }]
          : [],
      )
      return { document: name, documentId: id, paragraphs }
    }),
  )
}

/** The newest spreadsheets: the first cells of their first sheet, as they are shown. */
export async function sheets(eyes: Eyes): Promise<object[]> {
  const files = (await found(eyes)).filter(({ mimeType }) => mimeType === SPREADSHEET)
  return Promise.all(
    files.slice(0, OPENED).map(async ({ id, name }) => {
      const { values } = (await eyes.get('sheets', `/v4/spreadsheets/${id}/values/A1:J30`)) as { values?: unknown[][] }
      return { spreadsheet: name, spreadsheetId: id, cells: values ?? [] }
    }),
  )
}

/** Files that are opened to be read. */
const OPENED = 3

interface Paragraph {
  readonly startIndex?: number
  readonly paragraph?: { readonly elements: readonly { readonly textRun?: { readonly content: string } }[] }
}

async function found(eyes: Eyes): Promise<readonly DriveFile[]> {
  const fields = encodeURIComponent('files(id,name,mimeType,modifiedTime,owners(displayName))')
  const order = encodeURIComponent('modifiedTime desc')
  const query = encodeURIComponent('trashed = false')
  const { files } = (await eyes.get(
    'drive',
    `/drive/v3/files?pageSize=${SHOWN}&orderBy=${order}&fields=${fields}&q=${query}`,
  )) as { files: readonly DriveFile[] }
  return files
}
