import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type TestSite } from './testing.ts'

let site: TestSite
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

const projectId = async () => Number((await site.get('project/AUTOTEST')).body.id)

test('a priority is made, renamed, moved, made the default and deleted', async () => {
  const { status, body } = await site.post('priority', { name: 'Blocker', statusColor: '#ff0000' })
  expect(status).toBe(201)
  expect((await site.put(`priority/${body.id}`, { description: 'Stops everything' })).status).toBe(204)
  expect((await site.put('priority/move', { ids: [body.id], position: 'First' })).status).toBe(204)
  expect((await site.put('priority/default', { id: body.id })).status).toBe(204)
  const [first] = (await site.get('priority')).body
  expect(first).toMatchObject({ id: body.id, description: 'Stops everything', isDefault: true })
  expect((await site.get(`priority/search?onlyDefault=true`)).body.values).toMatchObject([{ id: body.id }])
  expect((await site.put('priority/default', { id: '3' })).status).toBe(204)
  const gone = await site.remove(`priority/${body.id}`)
  expect(gone.status).toBe(303)
  expect((await site.get(new URL(gone.headers.get('location') as string).pathname)).body.status).toBe('COMPLETE')
  expect((await site.get(`priority/${body.id}`)).status).toBe(404)
})

test('a scheme decides which priorities its projects offer, and moves their issues by its mappings', async () => {
  const issue = await site.issue('Needs a priority', { priority: { name: 'Highest' } })
  const scheme = {
    name: 'Two only',
    priorityIds: [2, 3],
    defaultPriorityId: 3,
    projectIds: [await projectId()],
  }
  const unmapped = await site.post('priorityscheme', scheme)
  expect(unmapped.status).toBe(400)
  expect(unmapped.body.errorMessages[0]).toMatch(/priorities with IDs \[1\] require mapping.*'in' mappings object/)
  const suggested = await site.post('priorityscheme/mappings', {
    priorities: { add: [2, 3] },
    projects: { add: [await projectId()] },
  })
  expect(suggested.body.values).toMatchObject([{ id: '1', name: 'Highest' }])
  const made = await site.post('priorityscheme', { ...scheme, mappings: { in: { 1: 2 }, out: {} } })
  expect(made).toMatchObject({ status: 202, body: { task: { status: 'COMPLETE' } } })
  const { id } = made.body
  expect((await site.get(`issue/${issue.key}?fields=priority`)).body.fields.priority.id).toBe('2')
  const refused = await site.post('issue', {
    fields: { project: { key: 'AUTOTEST' }, issuetype: { name: 'Task' }, summary: 'x', priority: { id: '1' } },
  })
  expect(refused.body.errors).toEqual({ priority: 'The priority selected is invalid.' })

  const shown = await site.get(`priorityscheme?schemeId=${id}&expand=priorities,projects`)
  expect(shown.body.values[0]).toMatchObject({
    name: 'Two only',
    defaultPriorityId: '3',
    priorities: { total: 2 },
    projects: { values: [{ key: 'AUTOTEST' }] },
  })
  expect((await site.get(`priorityscheme/${id}/priorities`)).body.values.map((row: { id: string }) => row.id)).toEqual([
    '2',
    '3',
  ])
  expect((await site.get(`priorityscheme/${id}/projects`)).body.total).toBe(1)
  expect((await site.get(`priorityscheme/priorities/available?schemeId=${id}&exclude=1`)).body.total).toBe(2)
  expect((await site.remove(`priorityscheme/${id}`)).status).toBe(400)
  const updated = await site.put(`priorityscheme/${id}`, { projects: { remove: { ids: [await projectId()] } } })
  expect(updated).toMatchObject({ status: 202, body: { priorityScheme: { projects: { total: 0 } } } })
  expect((await site.remove(`priorityscheme/${id}`)).status).toBe(204)
  expect((await site.get('priorityscheme')).body.values).toHaveLength(1)
})

test('the default scheme stays as it is, names are unique, unknown priorities are named', async () => {
  expect((await site.put('priorityscheme/1', { name: 'Mine' })).status).toBe(400)
  expect((await site.remove('priorityscheme/1')).status).toBe(400)
  const named = { name: 'default priority SCHEME', priorityIds: [1], defaultPriorityId: 1 }
  expect((await site.post('priorityscheme', named)).body.errorMessages).toEqual([
    'The name is already used by another priority scheme.',
  ])
  const unknown = await site.post('priorityscheme', { name: 'Other', priorityIds: [99], defaultPriorityId: 99 })
  expect(unknown.body.errorMessages).toEqual(['The priorities with IDs [99] do not exist.'])
  const outside = await site.post('priorityscheme', { name: 'Other', priorityIds: [1], defaultPriorityId: 2 })
  expect(outside.status).toBe(400)
})
