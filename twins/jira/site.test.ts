import { zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type TestSite } from './testing.ts'

let site: TestSite
let accountId: string
let projectId: string
beforeAll(async () => {
  site = await openSite()
  accountId = (await site.get('myself')).body.accountId
  projectId = (await site.get('project/AUTOTEST')).body.id
})
afterAll(() => site.close())

const id = encodeURIComponent
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

test('a resolution is made, moved, made the default, and replaced when it goes', async () => {
  const { body: made } = await site.post('resolution', { name: 'Later', description: 'Not now' })
  expect((await site.post('resolution', { name: 'Later' })).status).toBe(400)
  expect((await site.put(`resolution/${made.id}`, { name: 'Much later' })).status).toBe(204)
  expect((await site.put('resolution/move', { ids: [made.id], position: 'First' })).status).toBe(204)
  expect((await site.get('resolution')).body[0]).toMatchObject({ name: 'Much later' })
  expect((await site.put('resolution/default', { id: made.id })).status).toBe(204)
  expect((await site.get('resolution/search?onlyDefault=true')).body.values).toMatchObject([{ id: made.id }])
  const issue = await site.issue('Resolved')
  await site.post(`issue/${issue.key}/transitions`, { transition: { id: '31' } })
  expect((await site.get(`issue/${issue.key}`)).body.fields.resolution.name).toBe('Much later')
  expect((await site.remove(`resolution/${made.id}?replaceWith=10001`)).status).toBe(303)
  expect((await site.get(`issue/${issue.key}`)).body.fields.resolution.id).toBe('10001')
})

test('statuses are made, renamed, found by name and deleted unless a workflow has them', async () => {
  const statuses = [{ name: 'Parked', statusCategory: 'TODO' }]
  const [parked] = (await site.post('statuses', { scope: { type: 'GLOBAL' }, statuses })).body
  expect((await site.post('statuses', { scope: { type: 'GLOBAL' }, statuses })).status).toBe(409)
  const renamed = { id: parked.id, name: 'Parked well', statusCategory: 'DONE' }
  expect((await site.put('statuses', { statuses: [renamed] })).status).toBe(204)
  expect((await site.get('statuses/byNames?name=Parked%20well')).body).toMatchObject([{ statusCategory: 'DONE' }])
  expect((await site.call('DELETE', `statuses?id=${parked.id}`)).status).toBe(204)
  const [used] = (await site.get(`project/AUTOTEST/statuses`)).body[0].statuses
  expect((await site.call('DELETE', `statuses?id=${used.id}`)).status).toBe(400)
  expect((await site.get(`statuses/${used.id}/project/${projectId}/issueTypeUsages`)).status).toBe(200)
})

test('link types are made, reworded and deleted; their names are unique', async () => {
  const given = { name: 'Praise', inward: 'is praised by', outward: 'praises' }
  const { body: made } = await site.post('issueLinkType', given)
  expect((await site.post('issueLinkType', { ...given, name: 'PRAISE' })).status).toBe(400)
  const reworded = await site.put(`issueLinkType/${made.id}`, { outward: 'applauds' })
  expect(reworded.body).toMatchObject({ name: 'Praise', inward: 'is praised by', outward: 'applauds' })
  expect((await site.remove(`issueLinkType/${made.id}`)).status).toBe(204)
  expect((await site.get(`issueLinkType/${made.id}`)).status).toBe(404)
})

test('groups have members, which leave with them', async () => {
  const { body: group } = await site.post('group', { name: 'choir' })
  expect((await site.post('group', { name: 'choir' })).status).toBe(400)
  expect((await site.post(`group/user?groupId=${group.groupId}`, { accountId })).status).toBe(201)
  expect((await site.get('group?groupname=choir&expand=users')).body).toMatchObject({ name: 'choir' })
  expect((await site.get(`group/member?groupId=${group.groupId}`)).body.values).toMatchObject([{ accountId }])
  expect((await site.get('group/bulk?groupName=choir')).body.values).toMatchObject([{ name: 'choir' }])
  const member = `group/user?groupId=${group.groupId}&accountId=${id(accountId)}`
  expect((await site.call('DELETE', member)).status).toBe(200)
  expect((await site.call('DELETE', `group?groupId=${group.groupId}`)).status).toBe(200)
  expect((await site.get('group?groupname=choir')).status).toBe(404)
})

test('users are invited, found in bulk and removed', async () => {
  const invited = { emailAddress: 'nora@example.com', products: ['jira-software'] }
  const { status, body: user } = await site.post('user', invited)
  expect(status).toBe(201)
  const both = `accountId=${id(accountId)}&accountId=${id(user.accountId)}`
  expect((await site.get(`user/bulk?${both}`)).body.values).toHaveLength(2)
  expect((await site.get('user/assignable/multiProjectSearch?projectKeys=AUTOTEST')).body).toContainEqual(
    expect.objectContaining({ accountId }),
  )
  expect((await site.call('DELETE', `user?accountId=${id(user.accountId)}`)).status).toBe(204)
  expect((await site.get(`user?accountId=${id(user.accountId)}`)).body.active).toBe(false)
  expect((await site.get('user/bulk/migration?username=nora')).body).toEqual([])
  expect((await site.get(`user/email?accountId=${id(accountId)}`)).status).toBe(400)
  expect((await site.get(`user/search/query/key?query=${id('is assignee of AUTOTEST')}`)).body.values).toEqual([])
  expect((await site.put('mypreferences/locale', { locale: 'nb_NO' })).status).toBe(204)
  expect((await site.get('mypreferences/locale')).body).toEqual({ locale: 'nb_NO' })
  expect((await site.put('mypreferences/locale', { locale: 'Norwegian' })).status).toBe(400)
  expect((await site.get(`user/search/query?query=${id('is assignee of AUTOTEST')}`)).body.values).toEqual([])
})

test('roles have default members, and projects members of their own', async () => {
  const { body: role } = await site.post('role', { name: 'Testers', description: 'Who test' })
  const at = `role/${role.id}`
  expect((await site.post(at, { name: 'Checkers' })).body.name).toBe('Checkers')
  expect((await site.put(at, { name: 'Probers', description: 'Who probe' })).body).toMatchObject({ name: 'Probers' })
  expect((await site.post(`${at}/actors`, { user: [accountId] })).body.actors).toHaveLength(1)
  expect((await site.get(at)).body).toMatchObject({ name: 'Probers', actors: [{ actorUser: { accountId } }] })
  expect((await site.call('DELETE', `${at}/actors?user=${id(accountId)}`)).body.actors).toHaveLength(0)
  expect((await site.post(`project/AUTOTEST/role/${role.id}`, { user: [accountId] })).body.actors).toHaveLength(1)
  const categorisedActors = { 'atlassian-user-role-actor': [accountId] }
  expect((await site.put(`project/AUTOTEST/role/${role.id}`, { categorisedActors })).status).toBe(200)
  expect((await site.call('DELETE', `${at}?swap=10002`)).status).toBe(204)
  expect((await site.get(at)).status).toBe(404)
})

test('a dashboard is made, copied, filled with gadgets and their properties, and deleted', async () => {
  const given = { name: 'Mine', sharePermissions: [], editPermissions: [] }
  const { body: board } = await site.post('dashboard', given)
  const at = `dashboard/${board.id}`
  expect((await site.put(at, { ...given, name: 'Ours' })).body.name).toBe('Ours')
  const gadget = {
    moduleKey: 'com.atlassian.plugins.atlassian-connect-plugin:x',
    color: 'blue',
    ignoreUriAndModuleKeyValidation: true,
  }
  const { body: first } = await site.post(`${at}/gadget`, gadget)
  expect((await site.put(`${at}/gadget/${first.id}`, { title: 'First' })).status).toBe(204)
  const property = `${at}/items/${first.id}/properties`
  expect((await site.put(`${property}/size`, { wide: true })).status).toBe(201)
  expect((await site.get(`${property}/size`)).body.value).toEqual({ wide: true })
  expect((await site.get(property)).body.keys).toMatchObject([{ key: 'size' }])
  expect((await site.remove(`${property}/size`)).status).toBe(204)
  expect((await site.remove(`${at}/gadget/${first.id}`)).status).toBe(204)
  const share = { action: 'changePermission', entityIds: [Number(board.id)] }
  const permissionDetails = { sharePermissions: [{ type: 'global' }], editPermissions: [] }
  expect((await site.put('dashboard/bulk/edit', { ...share, permissionDetails })).body).toMatchObject({
    action: 'changePermission',
    entityErrors: {},
  })
  expect((await site.get(at)).body.sharePermissions).toMatchObject([{ type: 'global' }])
  const copy = await site.post(`${at}/copy`, { ...given, name: 'Copy' })
  expect(copy.body.name).toBe('Copy')
  expect((await site.remove(at)).status).toBe(204)
  expect((await site.get(at)).status).toBe(404)
})

test('filters change hands; who shares by default is a setting of each user', async () => {
  const { body: filter } = await site.post('filter', { name: 'Handed over', jql: 'project = AUTOTEST' })
  const { body: heir } = await site.post('user', { emailAddress: 'heir@example.com', products: ['jira-software'] })
  expect((await site.put(`filter/${filter.id}/owner`, { accountId: heir.accountId })).status).toBe(204)
  expect((await site.put(`filter/${filter.id}/owner`, { accountId: 'nobody' })).status).toBe(400)
  expect((await site.put('filter/defaultShareScope', { scope: 'PRIVATE' })).body).toEqual({ scope: 'PRIVATE' })
  expect((await site.get('filter/defaultShareScope')).body).toEqual({ scope: 'PRIVATE' })
})

test('pictures: avatars of projects, thumbnails of images, entries of archives', async () => {
  const { body: avatars } = await site.get('project/AUTOTEST/avatars')
  expect((await site.put('project/AUTOTEST/avatar', { id: avatars.system[0].id })).status).toBe(204)
  expect((await site.put('project/AUTOTEST/avatar', { id: '99' })).status).toBe(404)
  const issue = await site.issue('With files')
  const form = new FormData()
  const zip = zipSync({ 'docs/readme.txt': new TextEncoder().encode('Read me') })
  form.append('file', new File([Buffer.from(zip)], 'docs.zip', { type: 'application/zip' }))
  form.append('file', new File([PIXEL], 'pixel.png', { type: 'image/png' }))
  const reply = await site.world.fetch('jira', `/rest/api/3/issue/${issue.key}/attachments`, {
    method: 'POST',
    headers: { 'x-atlassian-token': 'no-check' },
    body: form,
  })
  const [archive, image] = (await reply.json()) as { id: string }[]
  expect((await site.get(`attachment/${archive?.id}/expand/human`)).body).toMatchObject({
    name: 'docs.zip',
    entries: [{ path: 'docs/readme.txt' }],
  })
  expect((await site.get(`attachment/${archive?.id}/expand/raw`)).body.entries).toMatchObject([
    { name: 'docs/readme.txt' },
  ])
  expect((await site.get(`attachment/thumbnail/${image?.id}?redirect=false`)).headers.get('content-type')).toContain(
    'image/png',
  )
  expect((await site.get(`project/${projectId}/hierarchy`)).status).toBe(404)
})

test("the site's own settings: banner, time tracking, properties, licences, events", async () => {
  expect(
    (await site.put('announcementBanner', { message: 'Hello', isEnabled: true, visibility: 'public' })).status,
  ).toBe(204)
  expect((await site.get('announcementBanner')).body).toMatchObject({ message: 'Hello', isEnabled: true })
  const times = { workingHoursPerDay: 7, workingDaysPerWeek: 4, timeFormat: 'hours', defaultUnit: 'hour' }
  expect((await site.put('configuration/timetracking/options', times)).body).toEqual(times)
  expect((await site.put('configuration/timetracking', { key: 'JIRA' })).status).toBe(204)
  const properties = (await site.get('application-properties')).body
  expect(properties.length).toBeGreaterThan(1)
  const [{ id: key }] = properties
  expect((await site.put(`application-properties/${key}`, { id: key, value: 'changed' })).body.value).toBe('changed')
  expect((await site.get(`application-properties?key=${key}`)).body).toMatchObject({ value: 'changed' })
  expect((await site.get('instance/license')).body.applications).toHaveLength(1)
  expect((await site.get('license/approximateLicenseCount')).body.key).toBe('total')
  expect((await site.get('license/approximateLicenseCount/product/jira-software')).status).toBe(200)
  expect((await site.get('events')).body).toContainEqual(expect.objectContaining({ name: 'Issue Created' }))
})

test('a project is changed, archived, trashed and restored; at last it goes for good', async () => {
  const given = { key: 'GONE', name: 'Soon gone', leadAccountId: accountId, projectTypeKey: 'software' }
  const { body: made } = await site.post('project', given)
  expect((await site.put('project/GONE', { description: 'Not for long' })).body.description).toBe('Not for long')
  expect((await site.put(`project/${made.id}/email`, { emailAddress: 'gone@example.com' })).status).toBe(204)
  const issue = await site.issue('Looked at')
  await site.get(`issue/${issue.key}?updateHistory=true`)
  expect((await site.get('project/recent')).body).toMatchObject([{ key: 'AUTOTEST' }])
  expect((await site.post('project/GONE/archive')).status).toBe(204)
  expect((await site.post('project/GONE/restore')).status).toBe(200)
  expect((await site.remove('project/GONE')).status).toBe(204)
  expect((await site.get('project/GONE')).status).toBe(404)
  expect((await site.post(`project/${made.id}/restore`)).body.key).toBe('GONE')
  const removal = await site.post('project/GONE/delete')
  expect(removal.status).toBe(303)
  expect((await site.get(new URL(removal.headers.get('location') as string).pathname)).body.status).toBe('COMPLETE')
  expect((await site.post(`task/${removal.body.id}/cancel`, {})).status).toBe(400)
  const { features } = (await site.get('project/KAN/features')).body
  const open = features.find((feature: { toggleLocked: boolean }) => !feature.toggleLocked)
  expect((await site.put(`project/KAN/features/${open.feature}`, { state: 'DISABLED' })).status).toBe(200)
})

test('components and versions: what hangs on them is counted and goes elsewhere', async () => {
  const { body: one } = await site.post('component', { name: 'One', project: 'AUTOTEST' })
  const { body: two } = await site.post('component', { name: 'Two', project: 'AUTOTEST' })
  const issue = await site.issue('Part of one', { components: [{ id: one.id }] })
  expect((await site.put(`component/${one.id}`, { name: 'First' })).body.name).toBe('First')
  expect((await site.get(`component/${one.id}`)).body.name).toBe('First')
  expect((await site.get(`component/${one.id}/relatedIssueCounts`)).body.issueCount).toBe(1)
  expect((await site.call('DELETE', `component/${one.id}?moveIssuesTo=${two.id}`)).status).toBe(204)
  expect((await site.get(`issue/${issue.key}`)).body.fields.components).toMatchObject([{ name: 'Two' }])
  const { body: version } = await site.post('version', { name: '1.0', project: 'AUTOTEST' })
  const work = { category: 'Design', title: 'Sketch', url: 'https://example.com/sketch' }
  const related = await site.post(`version/${version.id}/relatedwork`, work)
  expect(related.status).toBe(201)
  const { relatedWorkId } = related.body
  const changed = { ...work, relatedWorkId, title: 'Better sketch' }
  expect((await site.put(`version/${version.id}/relatedwork`, changed)).body.title).toBe('Better sketch')
  expect((await site.get(`version/${version.id}/relatedwork`)).body).toContainEqual(
    expect.objectContaining({ title: 'Better sketch' }),
  )
  expect((await site.remove(`version/${version.id}/relatedwork/${relatedWorkId}`)).status).toBe(204)
  expect((await site.call('DELETE', `version/${version.id}`)).status).toBe(204)
})

test('a remote link is read, replaced and kept by its number', async () => {
  const issue = await site.issue('Linked')
  const object = { url: 'https://example.com/1', title: 'One' }
  const { body: link } = await site.post(`issue/${issue.key}/remotelink`, { object, relationship: 'see' })
  const at = `issue/${issue.key}/remotelink/${link.id}`
  expect((await site.get(at)).body).toMatchObject({ object, relationship: 'see' })
  expect((await site.put(at, { object: { ...object, title: 'Two' } })).status).toBe(204)
  const { body } = await site.get(at)
  expect(body.object.title).toBe('Two')
  expect(body.relationship).toBeUndefined()
  expect((await site.post(`issue/${issue.key}/notify`, { textBody: 'Look', to: { reporter: true } })).status).toBe(204)
})

test('queries are sanitised, completed and freed of names', async () => {
  const queries = [{ query: 'project=AUTOTEST and summary~"a b"' }, { query: 'project =' }]
  const { body } = await site.post('jql/sanitize', { queries })
  expect(body.queries[0].sanitizedQuery).toContain('AUTOTEST')
  expect(body.queries[1].errors.errorMessages).toHaveLength(1)
  expect((await site.post('jql/pdcleaner', { queryStrings: ['assignee = bob'] })).status).toBe(200)
  const names = (await site.post('jql/autocompletedata', { projectIds: [Number(projectId)] })).body.visibleFieldNames
  expect(names).toContainEqual(expect.objectContaining({ value: 'summary' }))
  const search = { jql: 'project = AUTOTEST order by key', fields: ['summary'], maxResults: 1 }
  const page = (await site.post('search/jql', search)).body
  expect(page.issues[0]).toHaveProperty('fields.summary')
  const next = await site.post('search/jql', { ...search, nextPageToken: page.nextPageToken })
  expect(next.body.issues[0].id).not.toBe(page.issues[0].id)
})

test('where a fixture asks for it, the search that Atlassian removed answers', async () => {
  const legacy = await openSite({ legacySearch: true })
  await legacy.issue('Found')
  const found = await legacy.get('search?jql=project=AUTOTEST&fields=summary')
  expect(found.body).toMatchObject({ startAt: 0, maxResults: 50, total: 1, issues: [{ key: 'AUTOTEST-1' }] })
  const posted = await legacy.post('search', { jql: 'project = AUTOTEST', maxResults: 0 })
  expect(posted.body.total).toBe(1)
  await legacy.close()
  expect((await site.get('search?jql=project=AUTOTEST')).status).toBe(410)
})
