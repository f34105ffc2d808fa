import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type TestSite } from './testing.ts'

let site: TestSite
beforeAll(async () => {
  site = await openSite({ plan: 'enterprise' })
})
afterAll(() => site.close())

const ref = (entityType: string, id: string) => ({ entityType, id, type: 'ref' })

const template = {
  project: { projectTypeKey: 'software' },
  issueType: {
    issueTypes: [
      { name: 'Wish', hierarchyLevel: 0, onConflict: 'FAIL', pcri: ref('issuetype', 'wish') },
      { name: 'Task', hierarchyLevel: 0, onConflict: 'USE', pcri: ref('issuetype', 'task') },
    ],
    issueTypeScheme: { name: 'Wishes', issueTypeIds: [ref('issuetype', 'wish'), ref('issuetype', 'task')] },
  },
  workflow: {
    statuses: [
      { name: 'Wished', statusCategory: 'TODO', pcri: ref('status', 'wished') },
      { name: 'Granted', statusCategory: 'DONE', pcri: ref('status', 'granted') },
    ],
    workflows: [
      {
        name: 'Wishing',
        pcri: ref('workflow', 'wishing'),
        statuses: [{ pcri: ref('status', 'wished') }, { pcri: ref('status', 'granted') }],
        transitions: [
          { id: 1, type: 'initial', name: 'Create', to: { status: ref('status', 'wished') } },
          { id: 11, type: 'global', name: 'Grant', to: { status: ref('status', 'granted') } },
        ],
      },
    ],
    workflowScheme: { name: 'Wishing scheme', defaultWorkflow: ref('workflow', 'wishing') },
  },
  boards: {
    boards: [{ name: 'Wall', supportsSprint: true, columns: [{ name: 'Open', statusIds: [ref('status', 'wished')] }] }],
  },
}

test('a project is made as its template says: types, workflow, board', async () => {
  const { accountId } = (await site.get('myself')).body
  const details = { key: 'WISH', name: 'Wishes', leadAccountId: accountId }
  const made = await site.post('project-template', { details, template })
  expect(made.status).toBe(303)
  const task = await site.get(new URL(made.headers.get('location') as string).pathname)
  expect(task.body).toMatchObject({ status: 'COMPLETE', result: { projectKey: 'WISH' } })
  const project = (await site.get('project/WISH')).body
  expect(project.issueTypes.map((type: { name: string }) => type.name)).toEqual(['Wish', 'Task'])
  const fields = { project: { key: 'WISH' }, issuetype: { name: 'Wish' }, summary: 'A pony' }
  const { body: issue } = await site.post('issue', { fields })
  const { transitions } = (await site.get(`issue/${issue.key}/transitions`)).body
  expect(transitions).toMatchObject([{ id: '11', name: 'Grant', to: { name: 'Granted' } }])
  const boards = (await site.get('/rest/agile/1.0/board?projectKeyOrId=WISH')).body.values
  expect(boards).toMatchObject([{ name: 'Wall', type: 'scrum' }])
  expect((await site.post('project-template', { details, template })).body.errors).toMatchObject({
    projectKey: "Project 'Wishes' uses this project key.",
  })
  const again = { ...details, key: 'WISHB', name: 'More wishes' }
  expect((await site.post('project-template', { details: again, template })).body.errorMessages).toEqual([
    "'Wish' already exists.",
  ])
  const dangling = { workflow: { workflowScheme: { name: 'x', defaultWorkflow: ref('workflow', 'nosuch') } } }
  expect((await site.post('project-template', { details: again, template: dangling })).status).toBe(400)
})

test('a template of a project is saved, edited, shown and removed', async () => {
  const { id } = (await site.get('project/AUTOTEST')).body
  const templateFromProjectRequest = { projectId: Number(id), templateType: 'LIVE' }
  const saved = await site.post('project-template/save-template', {
    templateName: 'Ours',
    templateDescription: 'As we work',
    templateFromProjectRequest,
  })
  const { key } = saved.body.projectTemplateKey
  const shown = { name: 'Ours', type: 'LIVE', liveTemplateProjectIdReference: Number(id) }
  expect((await site.get(`project-template/live-template?templateKey=${key}`)).body).toMatchObject(shown)
  expect((await site.get('project-template/live-template?projectId=AUTOTEST')).body).toMatchObject(shown)
  const edit = { templateKey: key, templateName: 'Theirs' }
  expect((await site.put('project-template/edit-template', edit)).body).toMatchObject({ name: 'Theirs' })
  expect((await site.put('project-template/edit-template', { ...edit, templateName: 'x'.repeat(51) })).status).toBe(400)
  expect((await site.remove(`project-template/remove-template?templateKey=${key}`)).status).toBe(200)
  expect((await site.get(`project-template/live-template?templateKey=${key}`)).status).toBe(404)
})

test('other editions have no templates of their own', async () => {
  const premium = await openSite({ plan: 'premium' })
  expect((await premium.get('project-template/live-template?projectId=AUTOTEST')).status).toBe(403)
  await premium.close()
})
