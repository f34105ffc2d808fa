import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type TestSite } from './testing.ts'

let site: TestSite
let projectId: string
beforeAll(async () => {
  site = await openSite()
  projectId = (await site.get('project/AUTOTEST')).body.id
})
afterAll(() => site.close())

const status = (name: string, statusCategory: string) => ({ statusReference: name, name, statusCategory })
const STATUSES = [status('Inbox', 'TODO'), status('Doing', 'IN_PROGRESS')]
const step = (id: string, type: string, to: string, name = to) => ({ id, type, toStatusReference: to, name, links: [] })

/** A workflow of two statuses, Inbox and Doing. */
const workflow = (name: string) => ({
  name,
  statuses: STATUSES.map(({ statusReference }) => ({ statusReference })),
  transitions: [step('1', 'INITIAL', 'Inbox', 'Create'), step('11', 'GLOBAL', 'Inbox'), step('21', 'GLOBAL', 'Doing')],
})

async function made(name: string) {
  const { body } = await site.post('workflows/create', {
    scope: { type: 'GLOBAL' },
    statuses: STATUSES,
    workflows: [workflow(name)],
  })
  const idOf = (of: string): string => body.statuses.find((row: { name: string }) => row.name === of).id
  return { ...body.workflows[0], inbox: idOf('Inbox'), doing: idOf('Doing') }
}

test('every change of a workflow is a version, which can be read again', async () => {
  const { id, inbox, doing, version } = await made('Versioned')
  const update = {
    statuses: [
      { ...status('Inbox', 'TODO'), id: inbox },
      { ...status('Doing', 'IN_PROGRESS'), id: doing },
    ],
    workflows: [{ ...workflow('Versioned'), id, description: 'Second', version }],
  }
  expect((await site.post('workflows/update', update)).body.workflows[0].version.versionNumber).toBe(2)
  expect((await site.post('workflows/update', update)).status).toBe(409)
  const { entries } = (await site.post('workflow/history/list', { workflowId: id })).body
  expect(entries.map((entry: { workflowVersion: number }) => entry.workflowVersion)).toEqual([2, 1])
  expect(entries[0].writtenAt).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/)
  const first = (await site.post('workflow/history', { workflowId: id, version: 1 })).body
  expect(first).toMatchObject({
    statuses: [{ name: 'Inbox' }, { name: 'Doing' }],
    workflows: [{ id, description: '', version: { versionNumber: 1 } }],
  })
  expect((await site.post('workflow/history', { workflowId: id, version: 9 })).status).toBe(400)
})

test('properties of a transition are kept until the workflow is in use', async () => {
  await made('With properties')
  const at = (key: string, name = 'With%20properties') =>
    `workflow/transitions/21/properties?workflowName=${name}&key=${key}`
  expect((await site.post(at('team'), { value: 'red' })).body).toEqual({ id: 'team', key: 'team', value: 'red' })
  expect((await site.post(at('team'), { value: 'red' })).status).toBe(400)
  expect((await site.put(at('team'), { value: 'red' })).status).toBe(304)
  expect((await site.put(at('team'), { value: 'blue' })).status).toBe(200)
  expect((await site.get(at('team'))).body.value).toBe('blue')
  const all = await site.get('workflow/transitions/21/properties?workflowName=With%20properties')
  expect(all.body).toEqual([{ id: 'team', key: 'team', value: 'blue' }])
  expect((await site.post(at('jira.reserved'), { value: 'x' })).status).toBe(400)
  expect((await site.remove(at('team'))).status).toBe(200)
  expect((await site.remove(at('team'))).status).toBe(304)
  expect((await site.get(at('team'))).status).toBe(404)
  expect((await site.get(at('team', 'nobody'))).status).toBe(404)
  expect((await site.post(at('team', 'jira'), { value: 'x' })).status).toBe(404)
})

test('a project changes its workflow scheme; issues go where the mappings say, or the change is refused', async () => {
  const issue = await site.issue('Moves along')
  const { id, inbox, doing } = await made('Target')
  const before = (await site.get(`issue/${issue.key}?fields=status,issuetype`)).body.fields
  const { body: scheme } = await site.post('workflowscheme', { name: 'Target scheme', defaultWorkflow: 'Target' })
  const associations = (await site.get(`workflowscheme/project?projectId=${projectId}`)).body.values
  const own = associations[0].workflowScheme.id
  const required = await site.post('workflowscheme/update/mappings', {
    id: String(own),
    defaultWorkflowId: id,
    workflowsForIssueTypes: [],
  })
  expect(required.body.statusMappingsByIssueTypes).toContainEqual({
    issueTypeId: before.issuetype.id,
    statusIds: expect.arrayContaining([before.status.id]),
  })
  expect(required.body.statusesPerWorkflow).toEqual([
    { workflowId: id, initialStatusId: inbox, statuses: [inbox, doing] },
  ])

  const target = { projectId, targetSchemeId: String(scheme.id) }
  expect((await site.post('workflowscheme/project/switch', target)).status).toBe(400)
  const mappingsByIssueTypeOverride = [
    { issueTypeId: before.issuetype.id, statusMappings: [{ oldStatusId: before.status.id, newStatusId: doing }] },
  ]
  const switched = await site.post('workflowscheme/project/switch', { ...target, mappingsByIssueTypeOverride })
  expect(switched.status).toBe(303)
  expect((await site.get(`issue/${issue.key}?fields=status`)).body.fields.status.name).toBe('Doing')
  expect((await site.get(`workflow/${id}/project/${projectId}/issueTypeUsages`)).body.issueTypes.values).toContainEqual(
    {
      id: before.issuetype.id,
    },
  )
  const preview = await site.post('workflows/preview', { projectId, workflowNames: ['Target'] })
  expect(preview.body).toMatchObject({
    statuses: [{ name: 'Inbox', rawName: 'Inbox' }, { name: 'Doing' }],
    workflows: [{ id, queryContext: [{ project: projectId }] }],
  })
  expect((await site.post('workflows/preview', { projectId, workflowIds: ['jira'] })).status).toBe(404)

  const [read] = (await site.post('workflowscheme/read', { workflowSchemeIds: [String(scheme.id)] })).body
  const update = { id: read.id, name: 'Renamed scheme', description: '', version: read.version }
  const back = { ...update, defaultWorkflowId: 'jira', statusMappingsByWorkflows: [] as object[] }
  expect((await site.post('workflowscheme/update', back)).status).toBe(400)
  back.statusMappingsByWorkflows = [
    { oldWorkflowId: id, newWorkflowId: 'jira', statusMappings: [{ oldStatusId: doing, newStatusId: '3' }] },
  ]
  expect((await site.post('workflowscheme/update', back)).status).toBe(303)
  expect((await site.get(`issue/${issue.key}?fields=status`)).body.fields.status.id).toBe('3')
  expect((await site.post('workflowscheme/update', update)).status).toBe(409)
  const renamed = { ...update, name: 'Third name', version: { ...read.version, versionNumber: 2 } }
  expect((await site.post('workflowscheme/update', renamed)).status).toBe(200)
})

test('a scheme in use is changed by way of a draft', async () => {
  await made('Drafted')
  const [{ workflowScheme: scheme }] = (await site.get(`workflowscheme/project?projectId=${projectId}`)).body.values
  const at = `workflowscheme/${scheme.id}`
  expect((await site.put(`${at}/default`, { workflow: 'Drafted' })).status).toBe(400)
  expect((await site.post(`${at}/createdraft`)).status).toBe(201)
  expect((await site.put(`${at}/draft/default`, { workflow: 'Drafted' })).body.defaultWorkflow).toBe('Drafted')
  expect((await site.get(`${at}/draft/default`)).body.workflow).toBe('Drafted')
  const [type] = (await site.get('issuetype')).body
  expect((await site.put(`${at}/draft/issuetype/${type.id}`, { workflow: 'jira' })).status).toBe(200)
  expect((await site.get(`${at}/draft/issuetype/${type.id}`)).body.workflow).toBe('jira')
  expect((await site.remove(`${at}/draft/issuetype/${type.id}`)).status).toBe(200)
  const mapping = { workflow: 'jira', issueTypes: [type.id], defaultMapping: false }
  expect((await site.put(`${at}/draft/workflow?workflowName=jira`, mapping)).status).toBe(200)
  expect((await site.get(`${at}/draft/workflow?workflowName=jira`)).body.issueTypes).toEqual([type.id])
  expect((await site.call('DELETE', `${at}/draft/workflow?workflowName=jira`)).status).toBe(200)
  expect((await site.put(`${at}/draft`, { name: 'Draft name' })).status).toBe(200)
  expect((await site.remove(`${at}/draft/default`)).body.defaultWorkflow).toBe('jira')
  expect((await site.get(`${at}/draft`)).body.draft).toBe(true)
  expect((await site.post(`${at}/draft/publish?validateOnly=true`, {})).status).toBe(204)
  expect((await site.post(`${at}/draft/publish`, {})).status).toBe(303)
  expect((await site.get(`${at}/draft`)).status).toBe(404)
})

test('a status that issues are in leaves its workflow only with a mapping', async () => {
  const issue = await site.issue('In the way')
  const { status: at } = (await site.get(`issue/${issue.key}?fields=status`)).body.fields
  const [{ workflowScheme }] = (await site.get(`workflowscheme/project?projectId=${projectId}`)).body.values
  const [current] = (await site.post('workflows', { workflowNames: [workflowScheme.defaultWorkflow] })).body.workflows
  const doing = { statusReference: 'Doing', name: 'Doing', statusCategory: 'IN_PROGRESS' }
  const only = {
    id: current.id,
    version: current.version,
    statuses: [{ statusReference: 'Doing' }],
    transitions: [step('1', 'INITIAL', 'Doing', 'Create')],
  }
  const update = (more: object) =>
    site.post('workflows/update', { statuses: [doing], workflows: [{ ...only, ...more }] })
  expect((await update({})).status).toBe(400)
  expect((await site.get(`issue/${issue.key}?fields=status`)).body.fields.status.id).toBe(at.id)
  const every = current.statuses.map((row: { statusReference: string }) => ({
    oldStatusReference: row.statusReference,
    newStatusReference: 'Doing',
  }))
  expect((await update({ defaultStatusMappings: every })).status).toBe(200)
  expect((await site.get(`issue/${issue.key}?fields=status`)).body.fields.status.name).toBe('Doing')
})
