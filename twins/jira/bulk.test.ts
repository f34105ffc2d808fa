import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type TestSite } from './testing.ts'

let site: TestSite
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

/** Submits and reads the outcome. */
async function done(path: string, body: object) {
  const { status, body: made } = await site.post(`bulk/issues/${path}`, body)
  expect(status).toBe(201)
  return (await site.get(`bulk/queue/${made.taskId}`)).body
}

test('bulk work tells what it did to each issue; one refusal stops no other', async () => {
  const [a, b] = [await site.issue('A', { labels: ['old'] }), await site.issue('B')]
  const edited = await done('fields', {
    selectedActions: ['labels', 'priority'],
    selectedIssueIdsOrKeys: [a.key, b.key, 'AUTOTEST-99'],
    editedFieldsInput: {
      labelsFields: [{ fieldId: 'labels', labels: [{ name: 'new' }], bulkEditMultiSelectFieldOption: 'ADD' }],
      priority: { priorityId: '1' },
    },
  })
  expect(edited).toMatchObject({
    status: 'COMPLETE',
    progressPercent: 100,
    totalIssueCount: 3,
    invalidOrInaccessibleIssueCount: 1,
    processedAccessibleIssues: [Number(a.id), Number(b.id)],
    failedAccessibleIssues: {},
  })
  expect((await site.get(`issue/${a.key}?fields=labels,priority`)).body.fields).toMatchObject({
    labels: ['new', 'old'],
    priority: { id: '1' },
  })
  const inputs = [
    { selectedIssueIdsOrKeys: [a.key], transitionId: '31' },
    { selectedIssueIdsOrKeys: [b.key], transitionId: '99' },
  ]
  const moved = await done('transition', { bulkTransitionInputs: inputs })
  expect(moved.processedAccessibleIssues).toEqual([Number(a.id)])
  expect(moved.failedAccessibleIssues).toEqual({ [b.id]: ["Transition id '99' is not valid for this issue."] })
  expect(
    (await site.get(`bulk/issues/transition?issueIdsOrKeys=${a.key},${b.key}`)).body.availableTransitions,
  ).toHaveLength(1)
  await done('unwatch', { selectedIssueIdsOrKeys: [a.key] })
  expect((await site.get(`issue/${a.key}/watchers`)).body.watchCount).toBe(0)
  await done('watch', { selectedIssueIdsOrKeys: [a.key] })
  expect((await site.get(`issue/${a.key}/watchers`)).body.watchCount).toBe(1)
  await done('delete', { selectedIssueIdsOrKeys: [b.key] })
  expect((await site.get(`issue/${b.key}`)).status).toBe(404)
  expect((await site.get('bulk/queue/99')).status).toBe(404)
})

test('moved issues get a key of their new project; the old one still leads to them', async () => {
  const issue = await site.issue('Emigrant')
  const target = (await site.get('project/KAN')).body
  const type = target.issueTypes.find((row: { name: string }) => row.name === 'Task').id
  const targetToSourcesMapping = { [`KAN,${type}`]: { issueIdsOrKeys: [issue.key] } }
  await done('move', { targetToSourcesMapping })
  const { body } = await site.get(`issue/${issue.key}?fields=project`)
  expect(body.key).toMatch(/^KAN-\d+$/)
})

test('properties are set on many issues at once, by id, by issue, by filter', async () => {
  const [a, b] = [await site.issue('A'), await site.issue('B')]
  const ids = [Number(a.id), Number(b.id)]
  expect((await site.post('issue/properties', { entitiesIds: ids, properties: { x: { n: 1 } } })).status).toBe(303)
  const issues = [{ issueID: Number(a.id), properties: { y: { n: 2 } } }]
  expect((await site.post('issue/properties/multi', { issues })).status).toBe(303)
  expect((await site.get(`issue/${a.key}/properties`)).body.keys.map((row: { key: string }) => row.key)).toEqual([
    'x',
    'y',
  ])
  const value = { value: { n: 3 }, filter: { entityIds: ids, currentValue: { n: 1 } } }
  expect((await site.put('issue/properties/x', value)).status).toBe(303)
  expect((await site.get(`issue/${b.key}/properties/x`)).body.value).toEqual({ n: 3 })
  expect((await site.remove('issue/properties/x', { entityIds: ids })).status).toBe(303)
  expect((await site.get(`issue/${a.key}/properties/x`)).status).toBe(404)
  expect((await site.post('issue/properties', { entitiesIds: ids, properties: {} })).status).toBe(400)
})

test('issues and their histories are fetched in bulk', async () => {
  const issue = await site.issue('Told')
  await site.put(`issue/${issue.key}`, { fields: { summary: 'Retold' } })
  const fetched = await site.post('issue/bulkfetch', {
    issueIdsOrKeys: [issue.key, 'AUTOTEST-99'],
    fields: ['summary'],
  })
  expect(fetched.body).toMatchObject({
    issues: [{ key: issue.key, fields: { summary: 'Retold' } }],
    issueErrors: [{ id: 'AUTOTEST-99' }],
  })
  const { issueChangeLogs } = (await site.post('changelog/bulkfetch', { issueIdsOrKeys: [issue.key] })).body
  const [history] = issueChangeLogs[0].changeHistories
  expect(history).toMatchObject({ created: expect.any(Number), items: [{ field: 'summary', toString: 'Retold' }] })
  const listed = await site.post(`issue/${issue.key}/changelog/list`, { changelogIds: [Number(history.id)] })
  expect(listed.body.histories).toMatchObject([{ id: history.id }])
})

test('worklogs are moved and deleted in bulk', async () => {
  const [a, b] = [await site.issue('A'), await site.issue('B')]
  const ids: number[] = []
  for (const timeSpent of ['1h', '2h'])
    ids.push(Number((await site.post(`issue/${a.key}/worklog`, { timeSpent })).body.id))
  const moved = await site.post(`issue/${a.key}/worklog/move`, { ids: [ids[0]], issueIdOrKey: b.key })
  expect(moved.status).toBe(204)
  expect((await site.get(`issue/${b.key}/worklog`)).body.worklogs).toMatchObject([{ timeSpent: '1h' }])
  expect((await site.remove(`issue/${a.key}/worklog`, { ids: [ids[1]] })).status).toBe(204)
  expect((await site.get(`issue/${a.key}/worklog`)).body.total).toBe(0)
  expect((await site.get('worklog/deleted')).body.values).toMatchObject([{ worklogId: ids[1] }])
})
