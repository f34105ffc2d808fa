import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type TestSite } from './testing.ts'

let site: TestSite
let projectId: number
beforeAll(async () => {
  site = await openSite()
  projectId = Number((await site.get('project/AUTOTEST')).body.id)
})
afterAll(() => site.close())

const SCHEMES = 'config/fieldschemes'
const idOf = async (name: string) => (await site.post(SCHEMES, { name, description: 'of a test' })).body.id as number

test('a project has the fields of its scheme: others cannot be set, required ones must be', async () => {
  const id = await idOf('Narrow')
  const fields = await site.put(`${SCHEMES}/fields`, {
    labels: [{ schemeIds: [id] }],
    description: [{ schemeIds: [id, 999] }],
    nosuch: [{ schemeIds: [id] }],
  })
  expect(fields.status).toBe(207)
  expect(fields.body.results).toEqual([
    { fieldId: 'labels', schemeId: id, workTypeIds: [], success: true },
    { fieldId: 'description', schemeId: id, workTypeIds: [], success: true },
    { fieldId: 'description', schemeId: 999, workTypeIds: [], success: false, error: "Scheme 999 doesn't exist" },
    { fieldId: 'nosuch', schemeId: id, workTypeIds: [], success: false, error: "Field nosuch doesn't exist" },
  ])
  const parameters = await site.put(`${SCHEMES}/fields/parameters`, {
    labels: [{ schemeIds: [id], parameters: { isRequired: true, description: 'Teams' } }],
  })
  expect(parameters).toMatchObject({ status: 200, body: { results: [{ fieldId: 'labels', success: true }] } })
  expect((await site.get(`${SCHEMES}/${id}/fields/labels/parameters`)).body).toEqual({
    fieldId: 'labels',
    parameters: { isRequired: true, description: 'Teams' },
    workTypeParameters: [],
  })
  expect((await site.put(`${SCHEMES}/projects`, { [id]: { projectIds: [projectId] } })).status).toBe(200)
  const fields_ = { project: { key: 'AUTOTEST' }, issuetype: { name: 'Task' }, summary: 'x', environment: null }
  const refused = await site.post('issue', { fields: fields_ })
  expect(refused.body.errors).toEqual({
    environment: "Field 'environment' cannot be set. It is not on the appropriate screen, or unknown.",
    labels: 'Labels is required.',
  })
  expect((await site.get(`${SCHEMES}/projects?projectId=${projectId}`)).body.values).toEqual([
    { projectId, schemeId: id },
  ])
  expect((await site.get(`${SCHEMES}/${id}/projects`)).body.values).toMatchObject([{ key: 'AUTOTEST' }])
  expect((await site.remove(`${SCHEMES}/${id}`)).status).toBe(409)
  expect((await site.put(`${SCHEMES}/projects`, { 10000: { projectIds: [projectId] } })).status).toBe(200)
  expect((await site.remove(`${SCHEMES}/${id}`)).body).toEqual({ id: String(id), deleted: true })
})

test('parameters of one work type override those of the scheme until they are removed', async () => {
  const id = await idOf('Per type')
  const types = (await site.get('issuetype')).body as { id: string; name: string }[]
  const task = Number(types.find((type) => type.name === 'Task')?.id)
  await site.put(`${SCHEMES}/fields`, { labels: [{ schemeIds: [id], restrictedToWorkTypes: [task] }] })
  const given = { schemeIds: [id], workTypeParameters: [{ workTypeId: task, isRequired: true }] }
  expect((await site.put(`${SCHEMES}/fields/parameters`, { labels: [given] })).body.results).toEqual([
    { fieldId: 'labels', schemeId: id, success: true, workTypeId: task },
  ])
  const [labels] = (await site.get(`${SCHEMES}/${id}/fields?fieldId=labels`)).body.values
  expect(labels).toMatchObject({
    restrictedToWorkTypes: [String(task)],
    parameters: { isRequired: false },
    workTypeParameters: [{ workTypeId: String(task), isRequired: true }],
  })
  const removal = { labels: [{ schemeId: id, workTypeIds: [task], parameters: ['isRequired'] }] }
  expect((await site.remove(`${SCHEMES}/fields/parameters`, removal)).status).toBe(200)
  const missing = await site.remove(`${SCHEMES}/fields/parameters`, {
    ...removal,
    duedate: [{ schemeId: id, workTypeIds: [], parameters: ['isRequired'] }],
  })
  expect(missing).toMatchObject({
    status: 207,
    body: { results: [{ success: true }, { success: false, error: { code: 'FIELD_IS_NOT_ASSOCIATED' } }] },
  })
  expect((await site.remove(`${SCHEMES}/fields`, { labels: { schemeIds: [id] } })).status).toBe(200)
  expect((await site.get(`${SCHEMES}/${id}/fields/labels/parameters`)).status).toBe(400)
})

test('schemes are cloned, renamed and found; the default one holds every field and stays', async () => {
  const standard = (await site.get(`${SCHEMES}/10000`)).body
  expect(standard).toMatchObject({ id: '10000', isDefault: true })
  const clone = await site.post(`${SCHEMES}/10000/clone`, { name: 'Copy' })
  const { id } = clone.body
  expect((await site.get(`${SCHEMES}/${id}`)).body).toMatchObject({
    isDefault: false,
    fieldsCount: standard.fieldsCount,
  })
  expect((await site.put(`${SCHEMES}/${id}`, { name: 'Renamed copy' })).body).toMatchObject({ name: 'Renamed copy' })
  const found = await site.get(`${SCHEMES}?query=renamed`)
  expect(found.body.values).toMatchObject([{ id, matchedFilters: { query: 'renamed' } }])
  expect((await site.post(SCHEMES, { name: 'Renamed copy' })).status).toBe(400)
  expect((await site.remove(`${SCHEMES}/10000`)).status).toBe(400)
  expect((await site.get(`${SCHEMES}/99`)).status).toBe(404)
  const locked = await site.remove(`${SCHEMES}/fields`, { summary: { schemeIds: [id] } })
  expect(locked).toMatchObject({ status: 400, body: { results: [{ success: false }] } })
})

test('an unassociated field is gone from the projects that share the configuration, and comes back', async () => {
  const body = {
    fields: [{ type: 'FIELD_ID', identifier: 'environment' }],
    associationContexts: [{ type: 'PROJECT_ID', identifier: projectId }],
  }
  const fields = {
    project: { key: 'AUTOTEST' },
    issuetype: { name: 'Task' },
    summary: 'x',
    environment: 'y',
  }
  expect((await site.remove('field/association', body)).status).toBe(204)
  expect((await site.post('/rest/api/2/issue', { fields })).body.errors).toHaveProperty('environment')
  expect((await site.put('field/association', body)).status).toBe(204)
  expect((await site.post('/rest/api/2/issue', { fields })).status).toBe(201)
  const unknown = { ...body, fields: [{ type: 'FIELD_ID', identifier: 'nosuch' }] }
  expect((await site.put('field/association', unknown)).status).toBe(404)
  const many = { ...body, fields: Array.from({ length: 51 }, () => body.fields[0]) }
  expect((await site.put('field/association', many)).status).toBe(400)
})
