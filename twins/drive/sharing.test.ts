import { describe, expect, it } from 'vitest'
import { clientFor, drive, failure, folder, text, tokenOf, useDrive, world } from './testing.ts'

useDrive()

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
    const [owner] = (await drive.permissions.list({ fileId: file })).data.permissions ?? []
    expect(await failure(drive.permissions.delete({ fileId: file, permissionId: owner?.id as string }))).toMatchObject({
      status: 403,
      message: 'The owner of a file cannot be removed.',
    })
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
    expect((await drive.files.get({ fileId, alt: 'media' })).status).toBe(200)
    expect(await failure(drive.files.list({ corpora: 'drive', driveId }))).toMatchObject({ status: 403 })
    const listed = await drive.files.list({
      corpora: 'drive',
      driveId,
      includeItemsFromAllDrives: true,
      supportsAllDrives,
    })
    expect(listed.data.files?.map(({ id }) => id)).toEqual([fileId])
    const log = { pageToken: '1', includeItemsFromAllDrives: true, supportsAllDrives, restrictToMyDrive: true }
    const idsOf = async (more: object) =>
      (await drive.changes.list({ ...log, ...more })).data.changes?.map(({ fileId: id }) => id)
    expect(await idsOf({ driveId })).toContain(fileId)
    expect(await idsOf({})).not.toContain(fileId)
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
