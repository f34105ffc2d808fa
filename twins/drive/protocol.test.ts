import { createServer } from 'node:http'
import { OAuth2Client } from 'google-auth-library'
import { describe, expect, it } from 'vitest'
import { clientFor, drive, failure, text, tokenOf, useDrive, world } from './testing.ts'

useDrive()

describe('credentials and parameters', () => {
  it('about asks for fields', async () => {
    expect(await failure(drive.about.get({}))).toMatchObject({ status: 400, reason: 'required', location: 'fields' })
    const { data } = await drive.about.get({ fields: 'user(emailAddress,me),storageQuota/limit,maxUploadSize' })
    expect(data).toEqual({
      user: { emailAddress: 'admin@example.com', me: true },
      storageQuota: { limit: expect.any(String) },
      maxUploadSize: '5242880000000',
    })
  })

  it('refuses unknown tokens and missing scopes as Google does', async () => {
    expect(await failure(clientFor('ya29.nobody').files.list())).toMatchObject({
      status: 401,
      reason: 'authError',
      location: 'Authorization',
    })
    const narrow = clientFor(
      await tokenOf('admin@example.com', 'https://www.googleapis.com/auth/drive.metadata.readonly'),
    )
    expect(await failure(narrow.files.create({ requestBody: { name: 'x' } }))).toMatchObject({
      status: 403,
      reason: 'insufficientPermissions',
    })
    const anonymous = await fetch(`${world.access.drive.url}/drive/v3/files`)
    expect(anonymous.status).toBe(403)
  })

  it('shows drive.file tokens only their own files', async () => {
    const other = (await text('other.txt', 'x')).id as string
    const token = await tokenOf('admin@example.com', 'https://www.googleapis.com/auth/drive.file')
    const app = clientFor(token)
    expect(await failure(app.files.get({ fileId: other }))).toMatchObject({ status: 404 })
    const { data } = await app.files.create({ requestBody: { name: 'own' } })
    expect((await app.files.list()).data.files?.map(({ id }) => id)).toEqual([data.id])
  })

  it('gives metadata-server tokens and service-account identities', async () => {
    const flavor = { 'metadata-flavor': 'Google' }
    const base = `${world.access.drive.url}/computeMetadata/v1/instance/service-accounts/default`
    const email = await (await fetch(`${base}/email`, { headers: flavor })).text()
    const token = (await (await fetch(`${base}/token`, { headers: flavor })).json()) as { access_token: string }
    expect((await fetch(`${base}/token`)).status).toBe(403)
    const { data } = await clientFor(token.access_token).about.get({ fields: 'user(emailAddress,displayName)' })
    expect(data.user).toEqual({ emailAddress: email, displayName: email })
  })

  it('exchanges refresh tokens and codes', async () => {
    const { url, oauthClient } = world.access.drive as unknown as { url: string; oauthClient: Record<string, string> }
    const { clientId, clientSecret, refreshToken } = oauthClient
    const client = new OAuth2Client({ clientId, clientSecret, endpoints: { oauth2TokenUrl: `${url}/token` } })
    client.setCredentials({ refresh_token: refreshToken })
    const { token } = await client.getAccessToken()
    expect((await clientFor(token as string).files.list({ pageSize: 1 })).status).toBe(200)
    const consent = await fetch(
      `${url}/o/oauth2/v2/auth?client_id=${clientId}&redirect_uri=http://localhost:1/cb&scope=openid&state=s`,
      { redirect: 'manual' },
    )
    const code = new URL(consent.headers.get('location') as string).searchParams.get('code') as string
    const exchanged = await client.getToken({ code, redirect_uri: 'http://localhost:1/cb' })
    expect(exchanged.tokens).toMatchObject({
      token_type: 'Bearer',
      id_token: expect.any(String),
      refresh_token: expect.any(String),
    })
    expect(await failure(client.getToken({ code, redirect_uri: 'http://localhost:1/cb' }))).toMatchObject({
      status: 400,
    })
  })
})

describe('v2', () => {
  it('reads and writes the same files under older names', async () => {
    const insert = await world.fetch('drive', '/drive/v2/files', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'old style', mimeType: 'text/plain' }),
    })
    const file = (await insert.json()) as { id: string; etag: string }
    expect(file).toMatchObject({
      kind: 'drive#file',
      title: 'old style',
      labels: { trashed: false },
      userPermission: { role: 'owner' },
      editable: true,
    })
    const path = `/drive/v2/files/${file.id}`
    expect((await world.fetch('drive', path, { headers: { 'if-none-match': file.etag } })).status).toBe(304)
    const stale = await world.fetch('drive', path, { method: 'DELETE', headers: { 'if-match': '"x"' } })
    expect(stale.status).toBe(412)
    const found = await world.fetch('drive', `/drive/v2/files?q=${encodeURIComponent("title = 'old style'")}`)
    expect((await found.json()) as object).toMatchObject({ items: [{ id: file.id }] })
    expect((await world.fetch('drive', path, { method: 'DELETE' })).status).toBe(204)
  })

  const json = async <T>(path: string, body?: object) =>
    (await (
      await world.fetch('drive', `/drive/v2/${path}`, {
        ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
    ).json()) as T

  it('lists the space it is asked for', async () => {
    const title = 'settings'
    const { id } = await json<{ id: string }>('files', { title, parents: [{ id: 'appDataFolder' }] })
    const listed = await json<{ items: { id: string }[] }>('files?spaces=appDataFolder')
    expect(listed.items.map((file) => file.id)).toEqual([id])
    expect(await json(`files?q=title='${title}'`)).toMatchObject({ items: [] })
  })

  it('tells of changes, page by page and one by one', async () => {
    const { startPageToken } = await json<{ startPageToken: string }>('changes/startPageToken')
    const titles = ['first', 'second']
    for (const title of titles) await json('files', { title })
    type Page = { items: { id: string; file: { title: string } }[]; nextPageToken: string; newStartPageToken: string }
    const first = await json<Page>(`changes?pageToken=${startPageToken}&maxResults=1`)
    const second = await json<Page>(`changes?pageToken=${first.nextPageToken}`)
    expect([...first.items, ...second.items].map(({ file }) => file.title)).toEqual(titles)
    const [change] = second.items
    expect(second.newStartPageToken).toBe(String(Number(change?.id) + 1))
    expect(await json(`changes/${change?.id}`)).toEqual(change)
    expect(await json('changes/999999')).toMatchObject({ error: { code: 404 } })
  })
})

describe('batch', () => {
  it('answers each call on its own, in order', async () => {
    const file = (await text('b.txt', 'x')).id as string
    const part = (id: string, request: string) =>
      `--b\r\nContent-Type: application/http\r\nContent-ID: <${id}>\r\n\r\n${request}\r\n`
    const body = `${part('one', `GET /drive/v3/files/${file}?fields=name HTTP/1.1\r\n\r\n`)}${part('two', 'GET /drive/v3/files/nope\r\n\r\n')}${part(
      'three',
      `PATCH /drive/v3/files/${file}?fields=name\r\nContent-Type: application/json\r\n\r\n{"name":"c.txt"}`,
    )}--b--`
    const reply = await world.fetch('drive', '/batch/drive/v3', {
      method: 'POST',
      headers: { 'content-type': 'multipart/mixed; boundary=b' },
      body,
    })
    const answer = await reply.text()
    expect(reply.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=/)
    expect([...answer.matchAll(/Content-ID: (.*)\r\n\r\n(.*)\r\n/g)].map((match) => [match[1], match[2]])).toEqual([
      ['<response-one>', 'HTTP/1.1 200 OK'],
      ['<response-two>', 'HTTP/1.1 404 Not Found'],
      ['<response-three>', 'HTTP/1.1 200 OK'],
    ])
    expect(answer).toContain('"name": "c.txt"')
    const many = Array.from({ length: 101 }, (_, i) => part(String(i), 'GET /drive/v3/about?fields=kind')).join('')
    const refused = await world.fetch('drive', '/batch', {
      method: 'POST',
      headers: { 'content-type': 'multipart/mixed; boundary=b' },
      body: `${many}--b--`,
    })
    expect(refused.status).toBe(400)
  })
})

describe('push', () => {
  it('tells a channel sync first, then changes, until it is stopped', async () => {
    const heard: Record<string, string | string[] | undefined>[] = []
    const server = createServer((request, response) => {
      heard.push(request.headers)
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = `http://127.0.0.1:${(server.address() as { port: number }).port}/hook`
    const pageToken = (await drive.changes.getStartPageToken()).data.startPageToken as string
    const { data: channel } = await drive.changes.watch({
      pageToken,
      requestBody: { id: 'ch-1', type: 'web_hook', address, token: 'secret' },
    })
    expect(channel).toMatchObject({ kind: 'api#channel', id: 'ch-1', token: 'secret', resourceId: expect.any(String) })
    expect(
      await failure(drive.changes.watch({ pageToken, requestBody: { id: 'ch-1', type: 'web_hook', address } })),
    ).toMatchObject({ reason: 'channelIdNotUnique' })
    await text('watched.txt', 'x')
    await expect.poll(() => heard.length).toBeGreaterThanOrEqual(2)
    expect(heard[0]).toMatchObject({
      'x-goog-channel-id': 'ch-1',
      'x-goog-resource-state': 'sync',
      'x-goog-message-number': '1',
      'x-goog-channel-token': 'secret',
    })
    expect(heard[1]).toMatchObject({ 'x-goog-resource-state': 'change' })
    await drive.channels.stop({ requestBody: { id: 'ch-1', resourceId: channel.resourceId } })
    expect(
      await failure(drive.channels.stop({ requestBody: { id: 'ch-1', resourceId: channel.resourceId } })),
    ).toMatchObject({ status: 404 })
    server.close()
  })
})
