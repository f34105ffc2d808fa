import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type TestSite } from './testing.ts'

let site: TestSite
let projectId: string
let accountId: string
const typeId: Record<string, string> = {}
beforeAll(async () => {
  site = await openSite()
  const project = (await site.get('project/AUTOTEST')).body
  projectId = project.id
  for (const type of project.issueTypes) typeId[type.name] = type.id
  accountId = (await site.get('myself')).body.accountId
})
afterAll(() => site.close())

test('a security scheme hides issues of a level from those who are no members', async () => {
  const levels = [{ name: 'Staff', isDefault: true, members: [{ type: 'user', parameter: accountId }] }]
  const made = await site.post('issuesecurityschemes', { name: 'Secrets', levels })
  expect(made.status).toBe(201)
  const at = `issuesecurityschemes/${made.body.id}`
  expect((await site.put(at, { name: 'Our secrets' })).status).toBe(204)
  expect((await site.get(at)).body).toMatchObject({ name: 'Our secrets', levels: [{ name: 'Staff' }] })
  expect((await site.put(`${at}/level`, { levels: [{ name: 'Board' }] })).status).toBe(204)
  const all = (await site.get(`issuesecurityschemes/level?schemeId=${made.body.id}`)).body.values
  const board = all.find((level: { name: string }) => level.name === 'Board').id
  expect((await site.put(`${at}/level/${board}`, { name: 'The board' })).status).toBe(204)
  const members = [{ type: 'reporter' }, { type: 'user', parameter: accountId }]
  expect((await site.put(`${at}/level/${board}/member`, { members })).status).toBe(204)
  const listed = (await site.get(`issuesecurityschemes/level/member?levelId=${board}`)).body.values
  expect(listed).toHaveLength(2)
  expect((await site.get(`${at}/members?issueSecurityLevelId=${board}`)).body.values).toHaveLength(2)
  expect((await site.remove(`${at}/level/${board}/member/${listed[0].id}`)).status).toBe(204)
  const defaultValues = [{ issueSecuritySchemeId: String(made.body.id), defaultLevelId: String(board) }]
  expect((await site.put('issuesecurityschemes/level/default', { defaultValues })).status).toBe(204)
  expect((await site.get(`securitylevel/${board}`)).body).toMatchObject({ name: 'The board' })
  expect((await site.get('issuesecurityschemes/search')).body.values).toMatchObject([{ name: 'Our secrets' }])

  const assign = { projectId, schemeId: String(made.body.id), oldToNewSecurityLevelMappings: [] }
  expect((await site.put('issuesecurityschemes/project', assign)).status).toBe(303)
  expect((await site.get(`issuesecurityschemes/project?projectId=${projectId}`)).body.values).toMatchObject([
    { projectId },
  ])
  expect((await site.get('project/AUTOTEST/issuesecuritylevelscheme')).body).toMatchObject({ name: 'Our secrets' })
  const issue = await site.issue('For the board')
  expect((await site.get(`issue/${issue.key}?fields=security`)).body.fields.security).toMatchObject({ id: board })
  expect((await site.remove(at)).status).toBe(400)
  expect((await site.remove(`${at}/level/${board}`)).status).toBe(303)
  const spare = await site.post('issuesecurityschemes', { name: 'Spare', levels: [] })
  expect((await site.remove(`issuesecurityschemes/${spare.body.id}`)).status).toBe(204)
})

test('a notification scheme gains and loses events', async () => {
  const event = (id: string, notificationType: string) => ({ event: { id }, notifications: [{ notificationType }] })
  const notificationSchemeEvents = [event('1', 'Reporter')]
  const made = await site.post('notificationscheme', { name: 'Loud', notificationSchemeEvents })
  expect(made.status).toBe(201)
  const at = `notificationscheme/${made.body.id}`
  expect((await site.put(at, { name: 'Louder' })).status).toBe(204)
  const more = { notificationSchemeEvents: [event('2', 'AllWatchers')] }
  expect((await site.put(`${at}/notification`, more)).status).toBe(204)
  const shown = (await site.get(`${at}?expand=all`)).body
  expect(shown.notificationSchemeEvents).toMatchObject([
    { event: { name: 'Issue Created' }, notifications: [{ notificationType: 'Reporter' }] },
    { event: { name: 'Issue Updated' }, notifications: [{ notificationType: 'AllWatchers' }] },
  ])
  const { id } = shown.notificationSchemeEvents[0].notifications[0]
  expect((await site.remove(`${at}/notification/${id}`)).status).toBe(204)
  expect((await site.remove(at)).status).toBe(204)
  expect((await site.get(at)).status).toBe(404)
})

test('a permission scheme decides what its projects allow', async () => {
  const grant = (permission: string) => ({ permission, holder: { type: 'user', parameter: accountId } })
  const permissions = ['BROWSE_PROJECTS', 'ADMINISTER_PROJECTS'].map(grant)
  const made = await site.post('permissionscheme', { name: 'Read only', permissions })
  expect(made.status).toBe(201)
  const at = `permissionscheme/${made.body.id}`
  const assigned = await site.put('project/AUTOTEST/permissionscheme', { id: made.body.id })
  expect(assigned.body).toMatchObject({ name: 'Read only' })
  const fields = { project: { key: 'AUTOTEST' }, issuetype: { name: 'Task' }, summary: 'x' }
  expect((await site.post('issue', { fields })).status).toBe(400)
  const added = await site.post(`${at}/permission`, grant('CREATE_ISSUES'))
  expect(added.status).toBe(201)
  expect((await site.post('issue', { fields })).status).toBe(201)
  expect((await site.remove(`${at}/permission/${added.body.id}`)).status).toBe(204)
  expect((await site.post('issue', { fields })).status).toBe(400)
  expect((await site.put(at, { name: 'Reading' })).body.name).toBe('Reading')
  expect((await site.remove(at)).status).toBe(400)
  const standard = (await site.get('permissionscheme')).body.permissionSchemes
  const software = standard.find((scheme: { name: string }) => scheme.name === 'Default software scheme').id
  await site.put('project/AUTOTEST/permissionscheme', { id: software })
  expect((await site.remove(at)).status).toBe(204)
})

test('issue types join schemes, take their place, and leave', async () => {
  const { body: wish } = await site.post('issuetype', { name: 'Wish', description: 'To be granted' })
  expect((await site.put(`issuetype/${wish.id}`, { description: 'Granted' })).body.description).toBe('Granted')
  const given = { name: 'Short', issueTypeIds: [typeId.Task, typeId.Bug], defaultIssueTypeId: typeId.Task }
  const made = await site.post('issuetypescheme', given)
  const at = `issuetypescheme/${made.body.issueTypeSchemeId}`
  expect((await site.put(at, { name: 'Shorter' })).status).toBe(204)
  expect((await site.put(`${at}/issuetype`, { issueTypeIds: [wish.id] })).status).toBe(204)
  expect((await site.put(`${at}/issuetype`, { issueTypeIds: [wish.id] })).status).toBe(400)
  const move = { issueTypeIds: [wish.id], position: 'First' }
  expect((await site.put(`${at}/issuetype/move`, move)).status).toBe(204)
  const schemeId = made.body.issueTypeSchemeId
  const mapping = (await site.get(`issuetypescheme/mapping?issueTypeSchemeId=${schemeId}`)).body.values
  expect(mapping.map((row: { issueTypeId: string }) => row.issueTypeId)).toEqual([wish.id, typeId.Task, typeId.Bug])
  expect((await site.remove(`${at}/issuetype/${typeId.Bug}`)).status).toBe(204)
  expect((await site.put('issuetypescheme/project', { issueTypeSchemeId: schemeId, projectId })).status).toBe(204)
  const types = (await site.get(`issuetype/project?projectId=${projectId}`)).body
  expect(types.map((type: { name: string }) => type.name)).toEqual(['Wish', 'Task'])
  expect((await site.remove(at)).status).toBe(204)
  expect((await site.remove(`issuetype/${wish.id}`)).status).toBe(204)
})

test('screens: tabs and fields move; schemes lead types to them', async () => {
  const { body: screen } = await site.post('screens', { name: 'Sparse', description: 'x' })
  const at = `screens/${screen.id}`
  expect((await site.put(at, { name: 'Sparser' })).body.name).toBe('Sparser')
  const { body: second } = await site.post(`${at}/tabs`, { name: 'More' })
  expect((await site.put(`${at}/tabs/${second.id}`, { name: 'Even more' })).body.name).toBe('Even more')
  expect((await site.post(`${at}/tabs/${second.id}/move/0`)).status).toBe(204)
  const [tab] = (await site.get(`${at}/tabs`)).body
  expect(tab).toMatchObject({ name: 'Even more' })
  for (const fieldId of ['summary', 'labels']) await site.post(`${at}/tabs/${tab.id}/fields`, { fieldId })
  expect((await site.post(`${at}/tabs/${tab.id}/fields`, { fieldId: 'nosuch' })).status).toBe(400)
  expect((await site.post(`${at}/tabs/${tab.id}/fields/labels/move`, { position: 'First' })).status).toBe(204)
  const fields = (await site.get(`${at}/tabs/${tab.id}/fields`)).body
  expect(fields.map((field: { id: string }) => field.id)).toEqual(['labels', 'summary'])
  expect((await site.get(`screens/tabs?screenId=${screen.id}`)).status).toBe(200)

  const { body: scheme } = await site.post('screenscheme', { name: 'Sparse ones', screens: { default: screen.id } })
  expect((await site.put(`screenscheme/${scheme.id}`, { name: 'Sparse scheme' })).status).toBe(204)
  const issueTypeMappings = [{ issueTypeId: 'default', screenSchemeId: String(scheme.id) }]
  const { body: chain } = await site.post('issuetypescreenscheme', { name: 'Chain', issueTypeMappings })
  const chainAt = `issuetypescreenscheme/${chain.id}`
  expect((await site.put(chainAt, { name: 'Long chain' })).status).toBe(204)
  const own = { issueTypeMappings: [{ issueTypeId: typeId.Bug, screenSchemeId: '1' }] }
  expect((await site.put(`${chainAt}/mapping`, own)).status).toBe(204)
  expect((await site.post(`${chainAt}/mapping/remove`, { issueTypeIds: [typeId.Bug] })).status).toBe(204)
  const standard = { screenSchemeId: String(scheme.id) }
  expect((await site.put(`${chainAt}/mapping/default`, standard)).status).toBe(204)
  const before = (await site.get(`issuetypescreenscheme/project?projectId=${projectId}`)).body.values[0]
  const assign = { issueTypeScreenSchemeId: chain.id, projectId }
  expect((await site.put('issuetypescreenscheme/project', assign)).status).toBe(204)
  const given = { project: { key: 'AUTOTEST' }, issuetype: { name: 'Task' }, summary: 'x', duedate: '2026-01-01' }
  expect((await site.post('issue', { fields: given })).body.errors).toHaveProperty('duedate')
  expect((await site.remove(chainAt)).status).toBe(400)
  await site.put('issuetypescreenscheme/project', {
    issueTypeScreenSchemeId: before.issueTypeScreenScheme.id,
    projectId,
  })
  expect((await site.remove(chainAt)).status).toBe(204)
  expect((await site.remove(`screenscheme/${scheme.id}`)).status).toBe(204)
  expect((await site.remove(`${at}/tabs/${tab.id}/fields/labels`)).status).toBe(204)
  expect((await site.remove(`${at}/tabs/${tab.id}`)).status).toBe(204)
  expect((await site.remove(at)).status).toBe(204)
  expect((await site.get(`${at}/tabs`)).status).toBe(404)
})

test('workflow schemes map types to workflows, by type and by workflow', async () => {
  const { body: scheme } = await site.post('workflowscheme', { name: 'Mapped', defaultWorkflow: 'jira' })
  const at = `workflowscheme/${scheme.id}`
  const { workflows } = { workflows: (await site.get('workflow/search')).body.values }
  const other = workflows.find((row: { id: { name: string } }) => row.id.name !== 'jira').id
  expect((await site.put(`${at}/issuetype/${typeId.Task}`, { workflow: other.name })).status).toBe(200)
  expect((await site.get(`${at}/issuetype/${typeId.Task}`)).body.workflow).toBe(other.name)
  expect((await site.get(`${at}/workflow?workflowName=${encodeURIComponent(other.name)}`)).body).toMatchObject({
    issueTypes: [typeId.Task],
  })
  expect((await site.remove(`${at}/issuetype/${typeId.Task}`)).body.issueTypeMappings).toEqual({})
  const named = encodeURIComponent(other.name)
  const mapping = { workflow: other.name, issueTypes: [typeId.Bug] }
  expect((await site.put(`${at}/workflow?workflowName=${named}`, mapping)).status).toBe(200)
  expect((await site.remove(`${at}/workflow?workflowName=${named}`)).status).toBe(200)
  expect((await site.put(`${at}/default`, { workflow: other.name })).body.defaultWorkflow).toBe(other.name)
  expect((await site.get(`${at}/default`)).body.workflow).toBe(other.name)
  expect((await site.remove(`${at}/default`)).body.defaultWorkflow).toBe('jira')
  expect((await site.put(at, { name: 'Mapped well' })).body.name).toBe('Mapped well')
  expect((await site.get(`${at}/projectUsages`)).body.projects.values).toEqual([])
  const assign = { workflowSchemeId: String(scheme.id), projectId }
  const before = (await site.get(`workflowscheme/project?projectId=${projectId}`)).body.values[0].workflowScheme.id
  expect((await site.put('workflowscheme/project', assign)).status).toBe(400)
  expect((await site.get(`workflow/${other.entityId}/workflowSchemes`)).body.workflowSchemes.values).toContainEqual({
    id: String(before),
  })
  expect((await site.post('workflows', { workflowIds: [other.entityId] })).body.workflows).toMatchObject([
    { name: other.name },
  ])
  expect((await site.get('workflows/defaultEditor')).body).toEqual({ value: 'NEW' })
  const empty = { payload: { scope: { type: 'GLOBAL' }, statuses: [], workflows: [{ name: 'jira' }] } }
  expect((await site.post('workflows/create/validation', empty)).body.errors).toContainEqual(
    expect.objectContaining({ code: 'NON_UNIQUE_WORKFLOW_NAME' }),
  )
  expect((await site.post('workflows/update/validation', empty)).status).toBe(200)
  expect((await site.remove(`workflow/${other.entityId}`)).status).toBe(400)
  const { accountId: leadAccountId } = (await site.get('myself')).body
  const { body: fresh } = await site.post('project', {
    key: 'EMPTY',
    name: 'Empty',
    leadAccountId,
    projectTypeKey: 'software',
    projectTemplateKey: 'com.pyxis.greenhopper.jira:gh-simplified-kanban-classic',
  })
  const { workflowScheme: own } = (await site.get(`workflowscheme/project?projectId=${fresh.id}`)).body.values[0]
  expect((await site.put('workflowscheme/project', { ...assign, projectId: String(fresh.id) })).status).toBe(204)
  expect((await site.remove(`workflowscheme/${own.id}`)).status).toBe(204)
  const unused = (await site.get('workflow/search?isActive=false')).body.values
  const left = unused.find((row: { id: { name: string } }) => row.id.name.endsWith('EMPTY')).id.entityId
  expect((await site.remove(`workflow/${left}`)).status).toBe(204)
  await site.call('DELETE', 'project/EMPTY?enableUndo=false')
  await site.post(`workflowscheme/${before}/createdraft`)
  expect((await site.remove(`workflowscheme/${before}/draft`)).status).toBe(204)
  expect((await site.remove(at)).status).toBe(204)
})
