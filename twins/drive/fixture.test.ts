import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'

let world: World

beforeAll(async () => {
  world = await openWorld({ twins: ['drive', 'docs', 'sheets'], fixture: 'acme' })
})
afterAll(() => world?.close())

const json = async <T>(path: string) => (await (await world.fetch('drive', path)).json()) as T

it('the sample company has its tree, seen by who it is shared with', async () => {
  const about = await json<{ user: { displayName: string } }>('/drive/v3/about?fields=user')
  expect(about.user.displayName).toBe('Ada Byrne')
  const { files } = await json<{ files: { name: string; shared: boolean; ownedByMe: boolean }[] }>(
    `/drive/v3/files?q=${encodeURIComponent("name = 'Budget 2026' or name = 'On-call rota'")}&fields=files(name,shared,ownedByMe)`,
  )
  expect(files).toEqual([{ name: 'Budget 2026', shared: true, ownedByMe: false }])
  const drives = await json<{ drives: { name: string }[] }>('/drive/v3/drives')
  expect(drives.drives.map(({ name }) => name)).toEqual(['Sales'])
})

it('its documents and spreadsheets have content', async () => {
  const search = (q: string) => json<{ files: { id: string }[] }>(`/drive/v3/files?q=${encodeURIComponent(q)}`)
  const [budget] = (await search("name = 'Budget 2026'")).files
  const csv = await (await world.fetch('drive', `/drive/v3/files/${budget?.id}/export?mimeType=text/csv`)).text()
  expect(csv.split('\r\n')[1]).toBe('Engineering,120000,125000,130000,130000,505000')
  const found = await search("fullText contains 'coyotes'")
  expect(found.files).toHaveLength(1)
  const text = await (
    await world.fetch('drive', `/drive/v3/files/${found.files[0]?.id}/export?mimeType=text/plain`)
  ).text()
  expect(text).toContain('Tell the coyotes')
})

it('an edit through Docs reaches the change log and the watch channel of Drive', async () => {
  const post = (twin: 'docs' | 'drive', path: string, body: object) =>
    world.fetch(twin, path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const { documentId } = (await (await post('docs', '/v1/documents', { title: 'Watched' })).json()) as {
    documentId: string
  }
  const states: unknown[] = []
  const server = createServer((request, response) => {
    states.push([request.headers['x-goog-resource-state'], request.headers['x-goog-changed']])
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as { port: number }).port}/`
  await post('drive', `/drive/v3/files/${documentId}/watch`, { id: 'doc-channel', type: 'web_hook', address })
  const before = await json<{ version: string }>(`/drive/v3/files/${documentId}?fields=version`)
  await post('docs', `/v1/documents/${documentId}:batchUpdate`, {
    requests: [{ insertText: { text: 'hello', location: { index: 1 } } }],
  })
  const after = await json<{ version: string }>(`/drive/v3/files/${documentId}?fields=version`)
  expect(Number(after.version)).toBeGreaterThan(Number(before.version))
  await expect
    .poll(() => states)
    .toEqual([
      ['sync', undefined],
      ['update', 'content'],
    ])
  server.close()
})
