import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type TestSite } from './testing.ts'

let site: TestSite
let projectId: string
let taskId: string
beforeAll(async () => {
  site = await openSite()
  const project = (await site.get('project/AUTOTEST')).body
  projectId = project.id
  taskId = project.issueTypes.find((type: { name: string }) => type.name === 'Task').id
})
afterAll(() => site.close())

const TYPES = 'com.atlassian.jira.plugin.system.customfieldtypes:'
const field = async (name: string, type = 'select') =>
  (await site.post('field', { name, type: `${TYPES}${type}`, searcherKey: `${TYPES}${type}searcher` })).body
    .id as string
const contextOf = async (id: string) => (await site.get(`field/${id}/context`)).body.values[0].id as string

test('options are added, renamed, ordered, replaced in issues and deleted', async () => {
  const id = await field('Size', 'multiselect')
  const at = `field/${id}/context/${await contextOf(id)}`
  const { options } = (await site.post(`${at}/option`, { options: [{ value: 'S' }, { value: 'M' }, { value: 'L' }] }))
    .body
  const [s, m, l] = options.map((option: { id: string }) => option.id)
  expect((await site.post(`${at}/option`, { options: [{ value: 'S' }] })).status).toBe(400)
  const renamed = await site.put(`${at}/option`, { options: [{ id: m, value: 'Medium' }] })
  expect(renamed.body.options).toMatchObject([{ id: m, value: 'Medium' }])
  expect((await site.put(`${at}/option/move`, { customFieldOptionIds: [l], position: 'First' })).status).toBe(204)
  const listed = (await site.get(`${at}/option`)).body.values
  expect(listed.map((option: { value: string }) => option.value)).toEqual(['L', 'S', 'Medium'])
  expect((await site.get(`customFieldOption/${s}`)).body).toMatchObject({ value: 'S' })
  await site.post(`screens/addToDefault/${id}`)
  const issue = await site.issue('Sized', { [id]: [{ id: s }] })
  expect((await site.remove(`${at}/option/${s}`)).status).toBe(400)
  expect((await site.remove(`${at}/option/${s}/issue?replaceWith=${m}`)).status).toBe(303)
  expect((await site.get(`issue/${issue.key}?fields=${id}`)).body.fields[id]).toMatchObject([{ value: 'Medium' }])
  expect((await site.remove(`${at}/option/${s}`)).status).toBe(204)
})

test('contexts limit a field to projects and types, and give it defaults', async () => {
  const id = await field('Mood', 'textfield')
  await site.remove(`field/${id}/context/${await contextOf(id)}`)
  const given = { name: 'Here', projectIds: [projectId], issueTypeIds: [taskId] }
  const { status, body: context } = await site.post(`field/${id}/context`, given)
  expect(status).toBe(201)
  expect((await site.post(`field/${id}/context`, given)).status).toBe(400)
  const at = `field/${id}/context/${context.id}`
  expect((await site.put(at, { name: 'There' })).status).toBe(204)
  const defaultValues = [{ contextId: context.id, type: 'textfield', text: 'calm' }]
  expect((await site.put(`field/${id}/context/defaultValue`, { defaultValues })).status).toBe(204)
  expect((await site.get(`field/${id}/context/defaultValue`)).body.values).toMatchObject([{ text: 'calm' }])
  const issue = await site.issue('Has a mood')
  expect((await site.get(`issue/${issue.key}?fields=${id}`)).body.fields[id]).toBe('calm')
  const mappings = [{ projectId, issueTypeId: taskId }]
  expect((await site.post(`field/${id}/context/mapping`, { mappings })).body.values).toMatchObject([
    { contextId: context.id },
  ])
  expect((await site.post(`${at}/issuetype/remove`, { issueTypeIds: [taskId] })).status).toBe(204)
  expect((await site.put(`${at}/issuetype`, { issueTypeIds: [taskId] })).status).toBe(204)
  expect((await site.get(`field/${id}/context/issuetypemapping`)).body.values).toMatchObject([{ issueTypeId: taskId }])
  expect((await site.post(`${at}/project/remove`, { projectIds: [projectId] })).status).toBe(204)
  expect((await site.put(`${at}/project`, { projectIds: [projectId] })).status).toBe(204)
  expect((await site.get(`field/${id}/context/projectmapping`)).body.values).toMatchObject([{ projectId }])
  expect((await site.get(`field/${id}/contexts`)).body.values).toMatchObject([{ name: 'There' }])
  expect((await site.get(`field/${id}/association/project`)).status).toBe(200)
  expect((await site.remove(at)).status).toBe(204)
})

test('a field is renamed, trashed, restored and deleted', async () => {
  const id = await field('Draft', 'float')
  expect((await site.put(`field/${id}`, { name: 'Score', description: 'Of a game' })).status).toBe(204)
  expect((await site.post(`field/${id}/trash`)).status).toBe(200)
  expect((await site.get('field/search/trashed')).body.values).toMatchObject([{ id, name: 'Score' }])
  expect((await site.post(`field/${id}/restore`)).status).toBe(200)
  expect((await site.get('field/search/trashed')).body.values).toEqual([])
  await site.post(`field/${id}/trash`)
  const deleted = await site.remove(`field/${id}`)
  expect(deleted.status).toBe(303)
  expect((await site.put(`field/${id}`, { name: 'Gone' })).status).toBe(404)
  expect((await site.post('field', { name: 'x', type: 'nosuch' })).status).toBe(400)
})

test('field configurations hide and demand fields where their scheme is assigned', async () => {
  const made = await site.post('fieldconfiguration', { name: 'Strict', description: 'x' })
  const { id } = made.body
  expect((await site.put(`fieldconfiguration/${id}`, { name: 'Stricter' })).status).toBe(204)
  const fieldConfigurationItems = [{ id: 'duedate', isRequired: true }]
  expect((await site.put(`fieldconfiguration/${id}/fields`, { fieldConfigurationItems })).status).toBe(204)
  const items = (await site.get(`fieldconfiguration/${id}/fields?maxResults=200`)).body.values
  expect(items).toContainEqual(expect.objectContaining({ id: 'duedate', isRequired: true }))
  const { body: scheme } = await site.post('fieldconfigurationscheme', { name: 'Strict ones' })
  const at = `fieldconfigurationscheme/${scheme.id}`
  expect((await site.put(at, { name: 'Strict scheme' })).status).toBe(204)
  const mappings = [{ issueTypeId: taskId, fieldConfigurationId: String(id) }]
  expect((await site.put(`${at}/mapping`, { mappings })).status).toBe(204)
  const mapped = await site.get(`fieldconfigurationscheme/mapping?fieldConfigurationSchemeId=${scheme.id}`)
  expect(mapped.body.values).toContainEqual(expect.objectContaining({ issueTypeId: taskId }))
  const assign = { fieldConfigurationSchemeId: scheme.id, projectId }
  expect((await site.put('fieldconfigurationscheme/project', assign)).status).toBe(204)
  const projects = await site.get(`fieldconfigurationscheme/project?projectId=${projectId}`)
  expect(projects.body.values).toMatchObject([{ fieldConfigurationScheme: { id: scheme.id } }])
  const fields = { project: { key: 'AUTOTEST' }, issuetype: { id: taskId }, summary: 'x' }
  expect((await site.post('issue', { fields })).body.errors).toHaveProperty('duedate')
  expect((await site.remove(at)).status).toBe(400)
  await site.put('fieldconfigurationscheme/project', { projectId })
  expect((await site.post(`${at}/mapping/delete`, { issueTypeIds: [taskId] })).status).toBe(204)
  expect((await site.remove(at)).status).toBe(204)
  expect((await site.remove(`fieldconfiguration/${id}`)).status).toBe(204)
  expect((await site.get('fieldconfiguration')).body.values).toHaveLength(1)
  expect((await site.get('fieldconfigurationscheme')).body.values).toHaveLength(0)
})

test('create and edit metadata name the fields of the screens', async () => {
  const types = (await site.get('issue/createmeta/AUTOTEST/issuetypes')).body.issueTypes
  expect(types.map((type: { id: string }) => type.id)).toContain(taskId)
  const { fields } = (await site.get(`issue/createmeta/AUTOTEST/issuetypes/${taskId}?maxResults=200`)).body
  expect(fields).toContainEqual(expect.objectContaining({ fieldId: 'summary', required: true }))
  const issue = await site.issue('Edited')
  expect((await site.get(`issue/${issue.key}/editmeta`)).body.fields).toHaveProperty('summary')
  expect((await site.get(`projects/fields?projectId=${projectId}&workTypeId=${taskId}`)).status).toBe(200)
})
