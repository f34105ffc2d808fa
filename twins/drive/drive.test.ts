import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { type drive_v3, drive as driveApi } from '@googleapis/drive'
import { OAuth2Client } from 'google-auth-library'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'

let world: World
let drive: drive_v3.Drive
/** Uploads take the root URL per call: the client ignores its own for media. */
let media: { rootUrl: string }

/** A client of a user, by access token. */
function clientFor(token: string): drive_v3.Drive {
  const auth = new OAuth2Client()
  auth.setCredentials({ access_token: token })
  return driveApi({ version: 'v3', auth, rootUrl: media.rootUrl })
}

/** A token of another person, by domain-wide delegation. */
async function tokenOf(email: string, scope = 'https://www.googleapis.com/auth/drive'): Promise<string> {
  const {
    client_email: iss,
    private_key: key,
    token_uri: uri,
  } = world.access.drive.serviceAccount as Record<string, string>
  const now = Math.floor(Date.now() / 1000)
  const { SignJWT, importPKCS8 } = await import('jose')
  const assertion = await new SignJWT({ scope, sub: email })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(iss as string)
    .setAudience(uri as string)
    .setIssuedAt(now)
    .setExpirationTime(now + 3600)
    .sign(await importPKCS8(key as string, 'RS256'))
  const reply = await fetch(uri as string, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
  })
  return ((await reply.json()) as { access_token: string }).access_token
}

const failure = async (promise: Promise<unknown>) => {
  const error = (await promise.then(
    () => ({ status: 0 }),
    (reason) => reason,
  )) as {
    status: number
    message: string
    response?: { data: { error: { errors: { reason: string; location?: string }[] } } }
  }
  return { status: error.status, message: error.message, ...error.response?.data?.error?.errors?.[0] }
}

beforeAll(async () => {
  world = await openWorld({ twins: ['drive'] })
  media = { rootUrl: `${world.access.drive.url}/` }
  drive = clientFor(world.access.drive.token)
})
afterAll(() => world?.close())

const FOLDER = 'application/vnd.google-apps.folder'
const folder = async (name: string, parent?: string) =>
  (await drive.files.create({ requestBody: { name, mimeType: FOLDER, ...(parent && { parents: [parent] }) } })).data
    .id as string
const text = async (name: string, body: string, parent?: string) =>
  (
    await drive.files.create(
      {
        requestBody: { name, ...(parent && { parents: [parent] }) },
        media: { mimeType: 'text/plain', body },
        fields: '*',
      },
      media,
    )
  ).data

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

describe('sharing', () => {
  it('a shared folder shows its files to another person, until it is unshared', async () => {
    const home = await folder('team')
    const file = (await text('note.txt', 'hi', home)).id as string
    const grant = await drive.permissions.create({
      fileId: home,
      requestBody: { type: 'user', role: 'reader', emailAddress: 'bea@example.com' },
    })
    expect(grant.data).toMatchObject({ kind: 'drive#permission', type: 'user', role: 'reader' })
    const bea = clientFor(await tokenOf('bea@example.com'))
    const { data } = await bea.files.get({ fileId: file, fields: 'ownedByMe,capabilities(canEdit,canDownload)' })
    expect(data).toEqual({ ownedByMe: false, capabilities: { canEdit: false, canDownload: true } })
    expect((await bea.files.list({ q: 'sharedWithMe' })).data.files?.map(({ id }) => id)).toEqual([home])
    expect(await failure(bea.files.update({ fileId: file, requestBody: { name: 'mine' } }))).toMatchObject({
      status: 403,
      reason: 'insufficientFilePermissions',
    })
    const start = (await bea.changes.getStartPageToken()).data.startPageToken as string
    await drive.permissions.delete({ fileId: home, permissionId: grant.data.id as string })
    expect(await failure(bea.files.get({ fileId: file }))).toMatchObject({ status: 404 })
    const lost = (await bea.changes.list({ pageToken: start })).data.changes
    expect(lost?.map(({ fileId, removed }) => ({ fileId, removed }))).toEqual(
      [home, file].map((fileId) => ({ fileId, removed: true })),
    )
  })

  it('passes ownership on only when told to, and the old owner stays a writer', async () => {
    const file = (await text('deed.txt', 'x')).id as string
    const body = { type: 'user', role: 'owner', emailAddress: 'cy@example.com' }
    expect(await failure(drive.permissions.create({ fileId: file, requestBody: body }))).toMatchObject({
      status: 403,
      location: 'transferOwnership',
    })
    await drive.permissions.create({ fileId: file, requestBody: body, transferOwnership: true })
    const { data } = await drive.files.get({
      fileId: file,
      fields: 'ownedByMe,owners(emailAddress),capabilities(canDelete,canEdit)',
    })
    expect(data).toEqual({
      ownedByMe: false,
      owners: [{ emailAddress: 'cy@example.com' }],
      capabilities: { canDelete: false, canEdit: true },
    })
    expect(await failure(drive.files.delete({ fileId: file }))).toMatchObject({ reason: 'insufficientFilePermissions' })
  })

  it('reads what anyone may read with an API key', async () => {
    const file = (await text('public.txt', 'open')).id as string
    const get = () =>
      fetch(`${world.access.drive.url}/drive/v3/files/${file}?alt=media&key=${world.access.drive.apiKey}`)
    expect((await get()).status).toBe(404)
    const { data } = await drive.permissions.create({ fileId: file, requestBody: { type: 'anyone', role: 'reader' } })
    expect(data).toMatchObject({ id: 'anyoneWithLink', allowFileDiscovery: false })
    expect(await (await get()).text()).toBe('open')
  })
})

describe('comments', () => {
  it('are resolved by a reply, never by an update', async () => {
    const fileId = (await text('c.txt', 'x')).id as string
    expect(await failure(drive.comments.create({ fileId, requestBody: { content: 'a' } }))).toMatchObject({
      status: 400,
      reason: 'required',
    })
    const { data: comment } = await drive.comments.create({ fileId, requestBody: { content: 'a <b>' }, fields: '*' })
    expect(comment).toMatchObject({ htmlContent: 'a &lt;b&gt;', deleted: false, replies: [], author: { me: true } })
    expect(comment.resolved).toBeUndefined()
    const commentId = comment.id as string
    await drive.comments.update({
      fileId,
      commentId,
      requestBody: { content: 'a', resolved: true },
      fields: 'id',
    } as never)
    const resolved = async () => (await drive.comments.get({ fileId, commentId, fields: 'resolved' })).data.resolved
    expect(await resolved()).toBeUndefined()
    await drive.replies.create({ fileId, commentId, requestBody: { action: 'resolve' }, fields: 'id,action' })
    expect(await resolved()).toBe(true)
    await drive.replies.create({ fileId, commentId, requestBody: { action: 'reopen', content: 'no' }, fields: 'id' })
    expect(await resolved()).toBe(false)
    await drive.comments.delete({ fileId, commentId })
    expect((await drive.comments.list({ fileId, fields: 'comments(id)' })).data.comments).toEqual([])
    const { data: deleted } = await drive.comments.list({ fileId, fields: '*', includeDeleted: true })
    expect(deleted.comments?.[0]).toMatchObject({ id: commentId, deleted: true })
    expect(deleted.comments?.[0]?.content).toBeUndefined()
  })
})

describe('changes and push', () => {
  it('tell each file once, and removals', async () => {
    const start = (await drive.changes.getStartPageToken()).data.startPageToken as string
    const a = (await text('a.txt', 'x')).id as string
    const b = (await text('b.txt', 'x')).id as string
    await drive.files.update({ fileId: a, requestBody: { name: 'a2.txt' } })
    await drive.files.delete({ fileId: b })
    const { data } = await drive.changes.list({ pageToken: start })
    expect(data.changes?.map(({ fileId, removed, file }) => [fileId, removed, file?.name])).toEqual([
      [a, false, 'a2.txt'],
      [b, true, undefined],
    ])
    const again = await drive.changes.list({ pageToken: data.newStartPageToken as string })
    expect(again.data).toEqual({ kind: 'drive#changeList', newStartPageToken: data.newStartPageToken, changes: [] })
  })
})

describe('shared drives', () => {
  it('hide their items from who does not ask for them', async () => {
    const { data: created } = await drive.drives.create({ requestId: 'r1', requestBody: { name: 'Team' } })
    expect(created).toEqual({ kind: 'drive#drive', id: expect.stringMatching(/^0A.{11}Uk9PVA$/), name: 'Team' })
    const driveId = created.id as string
    const supportsAllDrives = true
    const item = await drive.files.create({
      requestBody: { name: 'shared.txt', parents: [driveId] },
      supportsAllDrives,
      fields: '*',
    })
    expect(item.data).toMatchObject({ driveId, teamDriveId: driveId, parents: [driveId] })
    expect(item.data.owners).toBeUndefined()
    const fileId = item.data.id as string
    expect(await failure(drive.files.get({ fileId }))).toMatchObject({ status: 404 })
    expect((await drive.files.get({ fileId, supportsAllDrives })).data.id).toBe(fileId)
    expect(await failure(drive.files.list({ corpora: 'drive', driveId }))).toMatchObject({ status: 403 })
    const listed = await drive.files.list({
      corpora: 'drive',
      driveId,
      includeItemsFromAllDrives: true,
      supportsAllDrives,
    })
    expect(listed.data.files?.map(({ id }) => id)).toEqual([fileId])
    expect(await failure(drive.drives.delete({ driveId }))).toMatchObject({ status: 403 })
    await drive.files.delete({ fileId, supportsAllDrives })
    await drive.drives.delete({ driveId })
    expect(await failure(drive.drives.get({ driveId }))).toMatchObject({ status: 404 })
  })
})

describe('approvals and access proposals', () => {
  it('approve when all reviewers do', async () => {
    const fileId = (await text('contract.txt', 'x')).id as string
    const base = `/drive/v3/files/${fileId}/approvals`
    const post = async (path: string, body: object) =>
      (
        await world.fetch('drive', base + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json()
    const started = (await post(':start', { reviewerEmails: [world.access.drive.user as string] })) as {
      approvalId: string
    }
    expect(started).toMatchObject({ status: 'IN_PROGRESS', reviewerResponses: [{ response: 'NO_RESPONSE' }] })
    expect(await post(`/${started.approvalId}:approve`, {})).toMatchObject({ status: 'APPROVED' })
    expect(await post(`/${started.approvalId}:approve`, {})).toMatchObject({ error: { code: 400 } })
  })
})

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
