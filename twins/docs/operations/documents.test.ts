import { type docs_v1, docs as docsClient } from '@googleapis/docs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type World } from '../../../shared/testing/world.ts'
import { acts } from '../acts.ts'

let world: World
let docs: docs_v1.Docs

beforeAll(async () => {
  world = await openWorld({ twins: ['docs'] })
  docs = docsClient({
    version: 'v1',
    rootUrl: `${world.access.docs.url}/`,
    headers: { authorization: world.access.docs.authorization },
  })
})
afterAll(() => world.close())

const create = async (title?: string) => (await docs.documents.create({ requestBody: { title } })).data
const get = async (documentId: string, more: docs_v1.Params$Resource$Documents$Get = {}) =>
  (await docs.documents.get({ documentId, ...more })).data
const update = async (
  documentId: string,
  requests: docs_v1.Schema$Request[],
  writeControl?: docs_v1.Schema$WriteControl,
) => (await docs.documents.batchUpdate({ documentId, requestBody: { requests, writeControl } })).data
const refusal = async (call: Promise<unknown>) => {
  const error = (await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )) as { response?: { status: number; data: { error: { message: string; status: string } } } }
  return { status: error?.response?.status, ...error?.response?.data.error }
}
const insertText = (index: number, text: string): docs_v1.Schema$Request => ({
  insertText: { text, location: { index } },
})

describe('documents', () => {
  test('a new document is blank, in the legacy form', async () => {
    const made = await create('Plan')
    expect(made).toMatchObject({ title: 'Plan', suggestionsViewMode: 'SUGGESTIONS_INLINE' })
    expect(made.documentId).toMatch(/^1[\w-]{43}$/)
    expect(made.revisionId).toMatch(/^A/)
    expect(made.tabs).toBeUndefined()
    expect(made.body?.content?.[0]).toEqual({
      endIndex: 1,
      sectionBreak: {
        sectionStyle: { columnSeparatorStyle: 'NONE', contentDirection: 'LEFT_TO_RIGHT', sectionType: 'CONTINUOUS' },
      },
    })
    expect(made.namedStyles?.styles?.map(({ namedStyleType }) => namedStyleType)).toEqual([
      'NORMAL_TEXT',
      'HEADING_1',
      'HEADING_2',
      'HEADING_3',
      'HEADING_4',
      'HEADING_5',
      'HEADING_6',
      'TITLE',
      'SUBTITLE', // biome-ignore format: one list
    ])
    expect(await get(made.documentId as string)).toEqual(made)
    expect((await create()).title).toBe('Untitled document')
  })

  test('edits are read back, also by tab and through a field mask', async () => {
    const { documentId } = (await create('Notes')) as { documentId: string }
    const reply = await update(documentId, [insertText(1, 'Hello\nWorld')])
    expect(reply).toMatchObject({ replies: [{}], documentId })
    const read = await get(documentId)
    expect(read.revisionId).toBe(reply.writeControl?.requiredRevisionId)
    expect(read.body?.content?.map(({ endIndex }) => endIndex)).toEqual([1, 7, 13])
    const tabs = await get(documentId, { includeTabsContent: true })
    expect(tabs.body).toBeUndefined()
    expect(tabs.tabs?.[0]).toMatchObject({ tabProperties: { tabId: 't.0', title: 'Tab 1', index: 0 } })
    const masked = await get(documentId, { fields: 'body(content(paragraph(elements(textRun(content)))))' })
    expect(masked).toEqual({
      body: {
        content: [
          {},
          { paragraph: { elements: [{ textRun: { content: 'Hello\n' } }] } },
          { paragraph: { elements: [{ textRun: { content: 'World\n' } }] } },
        ],
      },
    })
  })

  test('a batch with a bad request changes nothing', async () => {
    const { documentId, revisionId } = (await create()) as { documentId: string; revisionId: string }
    expect(await refusal(update(documentId, [insertText(1, 'a'), insertText(2, 'b'), insertText(99, 'c')]))).toEqual({
      status: 'INVALID_ARGUMENT',
      code: 400,
      message: 'Invalid requests[2].insertText: Index 99 must be less than the end index of the referenced segment, 4.',
    })
    const read = await get(documentId)
    expect(read.revisionId).toBe(revisionId)
    expect(read.body?.content?.at(-1)?.endIndex).toBe(2)
  })

  test('refusals of the parser', async () => {
    const { documentId } = (await create()) as { documentId: string }
    expect((await refusal(update(documentId, []))).message).toBe('Must specify at least one request.')
    expect((await refusal(update(documentId, [{}]))).message).toBe('Invalid requests[0]: No request set.')
    const two = { ...insertText(1, 'x'), deleteContentRange: { range: { startIndex: 1, endIndex: 2 } } }
    expect((await refusal(update(documentId, [two]))).message).toBe(
      "Invalid value at 'requests[0]' (oneof), oneof field 'request' is already set. Cannot set 'deleteContentRange'",
    )
    const unknown = [{ insertText: { text: 'x', bogus: 1 } as docs_v1.Schema$InsertTextRequest }]
    expect((await refusal(update(documentId, unknown))).message).toBe(
      `Invalid JSON payload received. Unknown name "bogus" at 'requests[0].insert_text': Cannot find field.`,
    )
    const preset = [{ createParagraphBullets: { bulletPreset: 'X', range: { startIndex: 1, endIndex: 2 } } }]
    expect((await refusal(update(documentId, preset))).message).toBe(
      `Invalid value at 'requests[0].create_paragraph_bullets.bullet_preset' (type.googleapis.com/google.apps.docs.v1.CreateParagraphBulletsRequest.BulletGlyphPreset), "X"`,
    )
    expect(await refusal(get('1nothing'))).toMatchObject({ code: 404, message: 'Requested entity was not found.' })
  })

  test('a required revision must be the latest, a target revision may be older', async () => {
    const { documentId, revisionId } = (await create()) as { documentId: string; revisionId: string }
    await update(documentId, [insertText(1, 'one two')])
    const stale = await refusal(update(documentId, [insertText(1, 'x')], { requiredRevisionId: revisionId }))
    expect(stale).toMatchObject({
      code: 400,
      message: `The required revision ID '${revisionId}' does not match the latest revision.`,
    })
    const { revisionId: seen } = await get(documentId)
    await update(documentId, [insertText(1, '>> ')])
    await update(documentId, [{ deleteContentRange: { range: { startIndex: 5, endIndex: 8 } } }], {
      targetRevisionId: seen,
    })
    const read = await get(documentId)
    expect(read.body?.content?.[1]?.paragraph?.elements?.[0]?.textRun?.content).toBe('>> one \n')
  })
})

test('people suggest edits in the editor, and decide on them', async () => {
  const { documentId } = (await create('Draft')) as { documentId: string }
  await update(documentId, [insertText(1, 'Hello world')])
  const { multiverse, universe } = world
  const act = (name: keyof typeof acts, input: object) =>
    multiverse.act(universe, multiverse.app('docs').twin, name, (moment) =>
      acts[name](moment as never, { documentId, ...input } as never),
    ) as { suggestionId: string }
  const { suggestionId } = act('suggestInsertion', { index: 7, text: 'new ' })
  const inline = await get(documentId)
  expect(inline.body?.content?.[1]?.paragraph?.elements?.[1]?.textRun).toEqual({
    content: 'new ',
    textStyle: {},
    suggestedInsertionIds: [suggestionId],
  })
  const before = await get(documentId, { suggestionsViewMode: 'PREVIEW_WITHOUT_SUGGESTIONS' })
  expect(before.body?.content?.at(-1)?.endIndex).toBe(13)
  act('acceptSuggestion', { suggestionId })
  const after = await get(documentId)
  expect(after.body?.content?.[1]?.paragraph?.elements?.map(({ textRun }) => textRun?.content)).toEqual([
    'Hello new world\n',
  ])
  expect(() => act('acceptSuggestion', { suggestionId })).toThrow('does not exist')
})

test('programs suggest edits, too', async () => {
  const { documentId } = (await create('Draft')) as { documentId: string }
  await update(documentId, [insertText(1, 'Hello world')])
  const batch = async (requests: object[], writeMode?: string) => {
    const response = await world.fetch('docs', `/v1/documents/${documentId}:batchUpdate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ requests, writeControl: { writeMode } }),
    })
    return (await response.json()) as {
      suggestionResponses?: Record<string, string[]>[]
      error?: { code: number; message: string }
    }
  }
  const style = { range: { startIndex: 1, endIndex: 6 }, textStyle: { bold: true }, fields: 'bold' }
  const { suggestionResponses = [] } = await batch([insertText(12, '!'), { updateTextStyle: style }], 'SUGGEST')
  const [inserted, styled] = suggestionResponses.map(({ createdSuggestionIds }) => createdSuggestionIds?.[0] as string)
  const runs = async () =>
    (await get(documentId)).body?.content?.[1]?.paragraph?.elements?.map(({ textRun }) => [
      textRun?.content,
      textRun?.textStyle?.bold,
    ])
  expect(await runs()).toEqual([
    ['Hello', undefined],
    [' world', undefined],
    ['!', undefined],
    ['\n', undefined],
  ])
  const decided = await batch([
    { acceptSuggestion: { suggestionId: styled } },
    { rejectSuggestion: { suggestionId: inserted } },
  ])
  expect(decided.suggestionResponses).toEqual([
    { acceptedSuggestionIds: [styled] },
    { rejectedSuggestionIds: [inserted] },
  ])
  expect(await runs()).toEqual([
    ['Hello', true],
    [' world\n', undefined],
  ])
  const gone = await batch([{ acceptSuggestion: { suggestionId: styled } }])
  expect(gone.error).toMatchObject({ code: 404, message: `Suggestion with ID ${styled} does not exist.` })
  const tab = await batch([{ addDocumentTab: {} }], 'SUGGEST')
  expect(tab.error?.message).toBe(
    'Invalid requests[0].addDocumentTab: Request does not support application as suggestion.',
  )
})
