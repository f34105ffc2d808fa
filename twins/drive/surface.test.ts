import { type drive_v3, drive as driveApi } from '@googleapis/drive'
import { OAuth2Client } from 'google-auth-library'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'

/** The quieter operations: each is called once through the real client and changes, or shows, what it should. */

let world: World
let drive: drive_v3.Drive
const ME = 'admin@example.com'

beforeAll(async () => {
  world = await openWorld({
    twins: ['drive', 'docs', 'sheets'],
    fixture: {
      name: 'surface',
      people: [],
      sections: {
        drive: {
          labels: [
            {
              id: 'conf',
              title: 'Confidentiality',
              fields: { level: { title: 'Level', type: 'selection' }, who: { title: 'Who', type: 'user' } },
            },
          ],
          files: [{ name: 'locked.txt', owner: ME, content: 'x' }],
          accessProposals: [
            { file: 'locked.txt', requester: 'a@example.com', role: 'reader' },
            { file: 'locked.txt', requester: 'b@example.com', role: 'writer', message: 'please' },
          ],
        },
      },
    },
  })
  const auth = new OAuth2Client()
  auth.setCredentials({ access_token: world.access.drive.token })
  drive = driveApi({ version: 'v3', auth, rootUrl: `${world.access.drive.url}/` })
})
afterAll(() => world?.close())

const make = async (name: string, mimeType = 'text/plain') =>
  (await drive.files.create({ requestBody: { name, mimeType } })).data.id as string
const upload = (fileId: string, body: string) =>
  drive.files.update(
    { fileId, media: { mimeType: 'text/plain', body }, fields: 'headRevisionId' },
    { rootUrl: `${world.access.drive.url}/` },
  )
const call = async (method: string, path: string, body?: object) => {
  const init = { method, headers: { 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }) }
  const reply = await world.fetch('drive', path, init)
  return {
    status: reply.status,
    body: (await reply.json().catch(() => undefined)) as Record<string, unknown> | undefined,
  }
}

it('shared drives are renamed, hidden, shown and listed under both names', async () => {
  const { data: made } = await drive.drives.create({
    requestId: 'one',
    requestBody: { name: 'Beta', themeId: 'bread' },
  })
  const driveId = made.id as string
  expect((await drive.drives.create({ requestId: 'one', requestBody: { name: 'Beta' } })).data.id).toBe(driveId)
  const { data: renamed } = await drive.drives.update({
    driveId,
    requestBody: { name: 'Alpha', restrictions: { driveMembersOnly: true } },
    fields: 'name,colorRgb,restrictions/driveMembersOnly',
  })
  expect(renamed).toEqual({ name: 'Alpha', colorRgb: '#ef6c00', restrictions: { driveMembersOnly: true } })
  const hidden = async () => (await drive.drives.get({ driveId, fields: 'hidden' })).data.hidden
  await drive.drives.hide({ driveId })
  expect(await hidden()).toBe(true)
  expect((await drive.drives.list({ q: 'hidden = true' })).data.drives).toHaveLength(1)
  await drive.drives.unhide({ driveId })
  expect(await hidden()).toBe(false)
  const { data: team } = await drive.teamdrives.create({ requestId: 'two', requestBody: { name: 'Old' } })
  const teamDriveId = team.id as string
  expect((await drive.teamdrives.list()).data.teamDrives?.map(({ name }) => name)).toEqual(['Alpha', 'Old'])
  await drive.teamdrives.update({ teamDriveId, requestBody: { name: 'Older' } })
  expect((await drive.teamdrives.get({ teamDriveId })).data).toEqual({
    kind: 'drive#teamDrive',
    id: teamDriveId,
    name: 'Older',
  })
  expect((await drive.teamdrives.delete({ teamDriveId })).status).toBe(204)
  expect((await drive.drives.list()).data.drives).toHaveLength(1)
})

it('permissions are listed, read, changed, and expire', async () => {
  const fileId = await make('p.txt')
  const requestBody = { type: 'user', role: 'reader', emailAddress: 'zed@example.com' }
  const { data: made } = await drive.permissions.create({ fileId, requestBody, sendNotificationEmail: false })
  const permissionId = made.id as string
  await drive.permissions.update({ fileId, permissionId, requestBody: { role: 'writer' } })
  const { data } = await drive.permissions.get({
    fileId,
    permissionId,
    fields: 'role,emailAddress,displayName,deleted,pendingOwner',
  })
  expect(data).toEqual({
    role: 'writer',
    emailAddress: 'zed@example.com',
    displayName: 'Zed',
    deleted: false,
    pendingOwner: false,
  })
  // Sharing again with less keeps the stronger role and the id.
  expect((await drive.permissions.create({ fileId, requestBody })).data).toMatchObject({
    id: permissionId,
    role: 'writer',
  })
  expect((await drive.permissions.list({ fileId })).data.permissions?.map(({ role }) => role).sort()).toEqual([
    'owner',
    'writer',
  ])
  const soon = new Date(Date.now() + 3_600_000).toISOString()
  await drive.permissions.update({ fileId, permissionId, requestBody: { role: 'reader', expirationTime: soon } })
  world.universe.clock.advance(2 * 3_600_000)
  expect((await drive.permissions.list({ fileId })).data.permissions).toHaveLength(1)
})

it('replies are edited and deleted', async () => {
  const fileId = await make('r.txt')
  const { data: comment } = await drive.comments.create({ fileId, requestBody: { content: 'q?' }, fields: 'id' })
  const commentId = comment.id as string
  const { data: reply } = await drive.replies.create({
    fileId,
    commentId,
    requestBody: { content: 'a.' },
    fields: 'id',
  })
  const replyId = reply.id as string
  await drive.replies.update({ fileId, commentId, replyId, requestBody: { content: 'b.' }, fields: 'id' })
  expect((await drive.replies.get({ fileId, commentId, replyId, fields: 'content' })).data).toEqual({ content: 'b.' })
  await drive.replies.delete({ fileId, commentId, replyId })
  expect((await drive.replies.list({ fileId, commentId, fields: 'replies' })).data.replies).toEqual([])
})

it('revisions are kept forever and deleted, the head is not', async () => {
  const fileId = await make('v.txt')
  await upload(fileId, '1')
  const { data: head } = await upload(fileId, '2')
  const { data } = await drive.revisions.list({ fileId, fields: 'revisions(id,size,keepForever)' })
  expect(data.revisions?.map(({ size }) => size)).toEqual(['0', '1', '1'])
  const revisionId = data.revisions?.[1]?.id as string
  expect(
    (await drive.revisions.update({ fileId, revisionId, requestBody: { keepForever: true }, fields: 'keepForever' }))
      .data,
  ).toEqual({ keepForever: true })
  await drive.revisions.delete({ fileId, revisionId })
  expect((await call('DELETE', `/drive/v3/files/${fileId}/revisions/${head.headRevisionId}`)).status).toBe(400)
  expect((await call('GET', `/drive/v3/files/${fileId}/revisions/${revisionId}`)).status).toBe(404)
})

describe('labels', () => {
  it('are set, searched for, shown and removed', async () => {
    const fileId = await make('l.txt')
    const modify = (modification: object) =>
      drive.files.modifyLabels({ fileId, requestBody: { labelModifications: [modification] } })
    const { data } = await modify({
      labelId: 'conf',
      fieldModifications: [{ fieldId: 'level', setSelectionValues: ['high'] }],
    })
    expect(data.modifiedLabels?.[0]?.fields?.level).toMatchObject({ valueType: 'selection', selection: ['high'] })
    expect(
      (await drive.files.list({ q: "'labels/conf' in labels and labels/conf.level = 'high'" })).data.files,
    ).toHaveLength(1)
    const shown = await drive.files.get({ fileId, includeLabels: 'conf', fields: 'labelInfo' })
    expect(shown.data.labelInfo?.labels?.[0]?.id).toBe('conf')
    expect((await drive.files.listLabels({ fileId })).data.labels).toHaveLength(1)
    await modify({ labelId: 'conf', removeLabel: true })
    expect((await drive.files.listLabels({ fileId })).data.labels).toEqual([])
  })
})

describe('approvals', () => {
  const start = async (name: string, reviewers: string[]) => {
    const path = `/drive/v3/files/${await make(name)}/approvals`
    const { body } = await call('POST', `${path}:start`, { reviewerEmails: reviewers })
    return { path, id: body?.approvalId as string }
  }

  it('are commented, handed to somebody else and declined', async () => {
    const { path, id } = await start('one.txt', ['x@example.com'])
    expect((await call('POST', `${path}/${id}:comment`, { message: 'hm' })).body).toMatchObject({
      status: 'IN_PROGRESS',
    })
    expect((await call('POST', `${path}/${id}:approve`, {})).status).toBe(403)
    const handed = await call('POST', `${path}/${id}:reassign`, {
      replaceReviewers: [{ removedReviewerEmail: 'x@example.com', addedReviewerEmail: ME }],
    })
    expect(handed.body).toMatchObject({ reviewerResponses: [{ reviewer: { me: true } }] })
    expect((await call('POST', `${path}/${id}:decline`, {})).body).toMatchObject({ status: 'DECLINED' })
    expect((await call('GET', `${path}/${id}`)).body).toMatchObject({
      status: 'DECLINED',
      completeTime: expect.any(String),
    })
  })

  it('are cancelled by who started them', async () => {
    const { path, id } = await start('two.txt', ['x@example.com'])
    expect((await call('POST', `${path}:start`, { reviewerEmails: [ME] })).status).toBe(409)
    expect((await call('POST', `${path}/${id}:cancel`, {})).body).toMatchObject({ status: 'CANCELLED' })
    expect((await call('GET', path)).body).toMatchObject({ items: [{ approvalId: id }] })
  })
})

it('access proposals become permissions, or nothing', async () => {
  const fileId = (await drive.files.list({ q: "name = 'locked.txt'" })).data.files?.[0]?.id as string
  const path = `/drive/v3/files/${fileId}/accessproposals`
  const { accessProposals } = (await call('GET', path)).body as {
    accessProposals: { proposalId: string; requesterEmailAddress: string }[]
  }
  const [a, b] = ['a@example.com', 'b@example.com'].map(
    (email) => accessProposals.find((one) => one.requesterEmailAddress === email)?.proposalId,
  )
  expect((await call('GET', `${path}/${b}`)).body).toMatchObject({
    requestMessage: 'please',
    rolesAndViews: [{ role: 'writer' }],
  })
  expect((await call('POST', `${path}/${a}:resolve`, { action: 'DENY' })).status).toBe(204)
  expect((await call('POST', `${path}/${b}:resolve`, { action: 'ACCEPT', role: ['commenter'] })).status).toBe(204)
  expect((await call('GET', path)).body).toEqual({ accessProposals: [] })
  const { data } = await drive.permissions.list({ fileId, fields: 'permissions(role,emailAddress)' })
  expect(data.permissions).toContainEqual({ role: 'commenter', emailAddress: 'b@example.com' })
})

it('a document is exported, downloaded by a long-running operation, and watched', async () => {
  const fileId = await make('d', 'application/vnd.google-apps.document')
  const pdf = await world.fetch('drive', `/drive/v3/files/${fileId}/export?mimeType=application/pdf`)
  expect([pdf.status, pdf.headers.get('content-disposition'), (await pdf.text()).slice(0, 5)]).toEqual([
    200,
    'attachment',
    '%PDF-',
  ])
  expect((await call('GET', `/drive/v3/files/${fileId}/export?mimeType=image/png`)).body).toMatchObject({
    error: { message: 'The requested conversion is not supported.' },
  })
  expect((await call('GET', `/drive/v3/files/${fileId}/export`)).body).toMatchObject({
    error: { message: 'Required parameter: mimeType', errors: [{ reason: 'required' }] },
  })
  const { body: operation } = await call('POST', `/drive/v3/files/${fileId}/download?mimeType=text/plain`)
  expect(operation).toMatchObject({ done: true, response: { partialDownloadAllowed: false } })
  expect((await call('GET', `/drive/v3/operations/${operation?.name}`)).body).toEqual(operation)
  const { downloadUri: uri } = (operation as { response: { downloadUri: string } }).response
  expect((await fetch(uri, { headers: { authorization: world.access.drive.authorization } })).status).toBe(200)
  const watched = await drive.files.watch({
    fileId,
    requestBody: { id: 'w', type: 'web_hook', address: 'http://localhost:9/hook' },
  })
  expect(watched.data).toMatchObject({ kind: 'api#channel', id: 'w' })
  const refused = await call('POST', `/drive/v3/files/${fileId}/watch`, {
    id: 'v',
    type: 'web_hook',
    address: 'http://example.com',
  })
  expect(refused.body).toMatchObject({ error: { errors: [{ reason: 'push.webhookUrlNotHttps' }] } })
})

it('no apps are installed', async () => {
  expect((await call('GET', '/drive/v3/apps')).body).toMatchObject({ kind: 'drive#appList', items: [] })
  expect((await call('GET', '/drive/v3/apps/1')).status).toBe(404)
})
