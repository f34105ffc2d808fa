import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { drive, failure, folder, media, text, useDrive, world } from './testing.ts'

useDrive()

describe('files', () => {
  it('creates with the four default fields, in My Drive', async () => {
    const { data } = await drive.files.create({ requestBody: { name: 'plan' } })
    expect(Object.keys(data).sort()).toEqual(['id', 'kind', 'mimeType', 'name'])
    expect(data).toMatchObject({ kind: 'drive#file', mimeType: 'application/octet-stream' })
    const { data: root } = await drive.files.get({ fileId: 'root', fields: 'id,name,capabilities/canDelete' })
    expect(root).toMatchObject({ name: 'My Drive', capabilities: { canDelete: false } })
    const { data: whole } = await drive.files.get({ fileId: data.id as string, fields: '*' })
    expect(whole).toMatchObject({
      parents: [root.id],
      ownedByMe: true,
      shared: false,
      size: '0',
      version: '1',
      spaces: ['drive'],
    })
  })

  it('keeps bytes: checksums, whole and partial downloads', async () => {
    const body = 'The quick brown fox'
    const file = await text('fox.txt', body)
    expect(file).toMatchObject({
      mimeType: 'text/plain',
      size: '19',
      md5Checksum: createHash('md5').update(body).digest('hex'),
      sha256Checksum: createHash('sha256').update(body).digest('hex'),
      fileExtension: 'txt',
      originalFilename: 'fox.txt',
    })
    const whole = await drive.files.get({ fileId: file.id as string, alt: 'media' }, { responseType: 'text' })
    expect(whole.data).toBe(body)
    const part = await world.fetch('drive', `/drive/v3/files/${file.id}?alt=media`, { headers: { range: 'bytes=4-8' } })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 4-8/19', 'quick'])
    const beyond = await world.fetch('drive', `/drive/v3/files/${file.id}?alt=media`, {
      headers: { range: 'bytes=99-' },
    })
    expect(beyond.status).toBe(416)
  })

  it('takes streams as multipart uploads and replaces content as a new revision', async () => {
    const file = await text('draft.txt', 'one')
    const { data } = await drive.files.update(
      {
        fileId: file.id as string,
        media: { mimeType: 'text/plain', body: Readable.from(['two', '!']) },
        fields: 'version,headRevisionId,md5Checksum',
      },
      media,
    )
    expect(data.md5Checksum).toBe(createHash('md5').update('two!').digest('hex'))
    const { data: list } = await drive.revisions.list({ fileId: file.id as string })
    expect(list.revisions).toHaveLength(2)
    expect(list.revisions?.[1]?.id).toBe(data.headRevisionId)
    const old = await drive.revisions.get(
      { fileId: file.id as string, revisionId: list.revisions?.[0]?.id as string, alt: 'media' },
      { responseType: 'text' },
    )
    expect(old.data).toBe('one')
  })

  it('uploads in resumable chunks, and says what it has', async () => {
    const bytes = new Uint8Array(600_000).map((_, i) => i % 251)
    const start = await world.fetch('drive', '/upload/drive/v3/files?uploadType=resumable&fields=id,size,md5Checksum', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-upload-content-type': 'application/zip',
        'x-upload-content-length': '600000',
      },
      body: JSON.stringify({ name: 'big.zip' }),
    })
    const location = start.headers.get('location') as string
    expect(location.startsWith(world.access.drive.url)).toBe(true)
    const put = (first: number, last: number, total: number | '*' = 600_000) =>
      fetch(location, {
        method: 'PUT',
        headers: { 'content-range': `bytes ${first}-${last}/${total}` },
        body: bytes.subarray(first, last + 1),
      })
    const one = await put(0, 262_143)
    expect([one.status, one.headers.get('range')]).toEqual([308, 'bytes=0-262143'])
    const probe = await fetch(location, { method: 'PUT', headers: { 'content-range': 'bytes */600000' } })
    expect([probe.status, probe.headers.get('range')]).toEqual([308, 'bytes=0-262143'])
    expect((await put(262_144, 262_200)).status).toBe(400)
    expect((await put(262_144, 524_287)).status).toBe(308)
    const last = await put(524_288, 599_999)
    expect([last.status, await last.json()]).toEqual([
      200,
      {
        id: expect.stringMatching(/^1.{32}$/),
        size: '600000',
        md5Checksum: createHash('md5').update(bytes).digest('hex'),
      },
    ])
    expect((await fetch(`${location}x`, { method: 'PUT', body: 'a' })).status).toBe(404)
  })

  it('moves by parents, refuses a second parent and a cycle', async () => {
    const [a, b] = [await folder('a'), await folder('b')]
    const inner = await folder('inner', a)
    expect(await failure(drive.files.update({ fileId: inner, addParents: b }))).toMatchObject({
      status: 403,
      reason: 'cannotAddParent',
    })
    const { data } = await drive.files.update({ fileId: inner, addParents: b, removeParents: a, fields: 'parents' })
    expect(data.parents).toEqual([b])
    const stay = { fileId: inner, addParents: b, removeParents: b, fields: 'parents' }
    expect((await drive.files.update(stay)).data.parents).toEqual([b])
    expect(await failure(drive.files.update({ fileId: b, addParents: inner, removeParents: 'root' }))).toMatchObject({
      status: 403,
    })
    expect(await failure(drive.files.update({ fileId: inner, requestBody: { parents: [a] } } as never))).toMatchObject({
      reason: 'fieldNotWritable',
    })
  })

  it('trashes whole subtrees, empties the trash, deletes for good', async () => {
    const top = await folder('old')
    const child = (await text('inside.txt', 'x', top)).id as string
    await drive.files.update({ fileId: top, requestBody: { trashed: true } })
    const { data } = await drive.files.get({ fileId: child, fields: 'trashed,explicitlyTrashed' })
    expect(data).toEqual({ trashed: true, explicitlyTrashed: false })
    const listed = await drive.files.list({ q: `'${top}' in parents` })
    expect(listed.data.files?.map(({ id }) => id)).toEqual([child])
    await drive.files.emptyTrash()
    expect(await failure(drive.files.get({ fileId: child }))).toMatchObject({
      status: 404,
      message: `File not found: ${child}.`,
      reason: 'notFound',
      location: 'fileId',
    })
    expect(await failure(drive.files.delete({ fileId: top }))).toMatchObject({ status: 404 })
  })

  it('copies under "Copy of", with a life of its own', async () => {
    const file = await text('letter.txt', 'dear')
    const { data: copy } = await drive.files.copy({
      fileId: file.id as string,
      requestBody: { name: null as never },
      fields: 'id,name,createdTime,modifiedTime,md5Checksum',
    })
    expect(copy).toMatchObject({
      name: 'Copy of letter.txt',
      md5Checksum: file.md5Checksum,
      createdTime: copy.modifiedTime,
    })
    await drive.files.delete({ fileId: file.id as string })
    expect((await drive.files.get({ fileId: copy.id as string, alt: 'media' }, { responseType: 'text' })).data).toBe(
      'dear',
    )
    expect(await failure(drive.files.copy({ fileId: await folder('nope') }))).toMatchObject({
      status: 403,
      reason: 'cannotCopyFile',
    })
  })

  it('takes ids of generateIds once', async () => {
    const { data } = await drive.files.generateIds({ count: 2 })
    const id = data.ids?.[0] as string
    await drive.files.create({ requestBody: { id, name: 'mine' } })
    expect(await failure(drive.files.create({ requestBody: { id, name: 'again' } }))).toMatchObject({
      status: 409,
      reason: 'fileIdInUse',
    })
    expect(await failure(drive.files.create({ requestBody: { id: 'made-up', name: 'no' } }))).toMatchObject({
      status: 400,
    })
  })

  it('shortcuts point at files, never at shortcuts', async () => {
    const target = await text('target.txt', 'x')
    const shortcut = {
      name: 's',
      mimeType: 'application/vnd.google-apps.shortcut',
      shortcutDetails: { targetId: target.id as string },
    }
    const { data } = await drive.files.create({ requestBody: shortcut, fields: 'id,shortcutDetails' })
    expect(data.shortcutDetails).toEqual({ targetId: target.id, targetMimeType: 'text/plain' })
    const chained = drive.files.create({
      requestBody: { ...shortcut, shortcutDetails: { targetId: data.id as string } },
    })
    expect(await failure(chained)).toMatchObject({ reason: 'shortcutTargetInvalid' })
    expect(await failure(drive.files.get({ fileId: data.id as string, alt: 'media' }))).toMatchObject({
      reason: 'fileNotDownloadable',
    })
  })
})

describe('files.list', () => {
  it('searches by name, type, folder, time and properties', async () => {
    const home = await folder('search')
    const names = async (q: string) =>
      (await drive.files.list({ q: `'${home}' in parents and (${q})`, orderBy: 'name' })).data.files?.map(
        ({ name }) => name,
      )
    await text('HelloWorld', 'apples and pears', home)
    await text("Valentine's Day", 'roses', home)
    const tagged = await drive.files.create({
      requestBody: { name: 'Tagged \\ one', parents: [home], properties: { colour: 'red' }, mimeType: 'image/png' },
    })
    expect(await names("name contains 'Hello'")).toEqual(['HelloWorld'])
    expect(await names("name contains 'World'")).toEqual([])
    expect(await names("name = 'Valentine\\'s Day'")).toEqual(["Valentine's Day"])
    expect(await names("name = 'Tagged \\\\ one'")).toEqual(['Tagged \\ one'])
    expect(await names("mimeType contains 'image/'")).toEqual(['Tagged \\ one'])
    expect(await names("properties has { key='colour' and value='red' }")).toEqual(['Tagged \\ one'])
    expect(await names("not mimeType = 'text/plain'")).toEqual(['Tagged \\ one'])
    expect(await names("modifiedTime > '2001-01-01T00:00:00' and 'me' in owners")).toHaveLength(3)
    await drive.files.update({
      fileId: tagged.data.id as string,
      requestBody: { properties: { colour: null } },
    } as never)
    expect(await names("properties has { key='colour' and value='red' }")).toEqual([])
    const { data } = await drive.files.list({ q: `'${home}' in parents and fullText contains '"apples and"'` })
    expect(data.files?.map(({ name }) => name)).toEqual(['HelloWorld'])
  })

  it('refuses what is no query, sort or token', async () => {
    expect(await failure(drive.files.list({ q: "name ~ 'x'" }))).toMatchObject({
      status: 400,
      reason: 'invalid',
      location: 'q',
      message: 'Invalid Value',
    })
    expect(await failure(drive.files.list({ orderBy: 'colour' }))).toMatchObject({ status: 400, location: 'orderBy' })
    expect(await failure(drive.files.list({ pageToken: 'x' }))).toMatchObject({ status: 400, location: 'pageToken' })
    expect(await failure(drive.files.list({ pageSize: 1001 }))).toMatchObject({
      message: "Invalid value '1001'. Values must be within the range: [1, 1000]",
    })
    expect(await failure(drive.files.list({ q: "fullText contains 'a'", orderBy: 'name' }))).toMatchObject({
      status: 400,
      location: 'orderBy',
    })
    expect(await failure(drive.files.list({ fields: 'files(nope)' }))).toMatchObject({
      status: 400,
      message: 'Invalid field selection nope',
    })
  })

  it('pages stably while files are added', async () => {
    const home = await folder('pages')
    for (const name of ['c', 'a', 'e']) await text(name, name, home)
    const q = `'${home}' in parents`
    const first = await drive.files.list({ q, orderBy: 'name', pageSize: 2 })
    expect(first.data.files?.map(({ name }) => name)).toEqual(['a', 'c'])
    for (const name of ['b', 'd']) await text(name, name, home)
    const second = await drive.files.list({
      q,
      orderBy: 'name',
      pageSize: 2,
      pageToken: first.data.nextPageToken as string,
    })
    expect(second.data.files?.map(({ name }) => name)).toEqual(['d', 'e'])
    expect(second.data.nextPageToken).toBeUndefined()
    expect(await failure(drive.files.list({ q, pageToken: first.data.nextPageToken as string }))).toMatchObject({
      location: 'pageToken',
    })
  })
})
