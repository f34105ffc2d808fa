import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTables } from './tables.ts'
import { openSite, type TestSite } from './testing.ts'

let site: TestSite
beforeAll(async () => {
  site = await openSite({ plan: 'premium' })
})
afterAll(() => site.close())

const found = async () => (await site.get('search/jql?jql=project=AUTOTEST&fields=key')).body.issues.length

test('archived issues are found by no query; their sub-tasks go and come back with them', async () => {
  const parent = await site.issue('Parent')
  const child = await site.issue('Child', { issuetype: { name: 'Sub-task' }, parent: { key: parent.key } })
  const { body } = await site.put('issue/archive', { issueIdsOrKeys: [parent.key, child.key, 'AUTOTEST-99'] })
  expect(body).toMatchObject({
    numberOfIssuesUpdated: 1,
    errors: { issuesNotFound: { issueIdsOrKeys: ['AUTOTEST-99'] }, issueIsSubtask: { issueIdsOrKeys: [child.key] } },
  })
  expect(await found()).toBe(0)
  expect((await site.put(`issue/${child.key}`, { fields: { summary: 'x' } })).status).toBe(403)
  expect((await site.put('issue/unarchive', { issueIdsOrKeys: [parent.key] })).body.numberOfIssuesUpdated).toBe(1)
  expect(await found()).toBe(2)
})

test('a query archives; the export counts what its filters leave', async () => {
  await site.issue('Old news', { labels: ['old'] })
  const { status, body: url } = await site.post('issue/archive', { jql: 'labels = old' })
  expect(status).toBe(202)
  expect((await site.get(new URL(url).pathname)).body).toMatchObject({
    status: 'COMPLETE',
    result: { numberOfIssuesUpdated: 1 },
  })
  expect((await site.post('issue/archive', { jql: 'nosuch = 1' })).status).toBe(400)
  expect((await site.post('issue/archive', { jql: 'order by key' })).status).toBe(400)
  const exported = async (filters: object) => {
    const { body } = await site.put('issues/archive/export', filters)
    return (await site.get(`task/${body.taskId}`)).body.result.numberOfIssues
  }
  expect(await exported({ projects: ['AUTOTEST'] })).toBe(1)
  expect(await exported({ projects: ['KAN'] })).toBe(0)
  expect(await exported({ archivedDateRange: { dateAfter: '2000-01-01', dateBefore: '2001-01-01' } })).toBe(0)
  const wrong = { archivedDateRange: { dateAfter: 'soon', dateBefore: 'later' } }
  expect((await site.put('issues/archive/export', wrong)).status).toBe(400)
})

test('the report names issues that come near a limit', async () => {
  const issue = await site.issue('Full of links')
  const { remoteLinks } = makeTables(site.world.universe.store)
  for (let n = 0; n < 1800; n++) remoteLinks.insert({ id: String(50_000 + n), issueId: issue.id, object: {} })
  const { body } = await site.get('issue/limit/report?isReturningKeys=true')
  expect(body).toMatchObject({
    issuesApproachingLimit: { remoteIssueLinks: { [issue.key]: 1800 } },
    issuesBreachingLimit: {},
    limits: { attachment: 2000, worklog: 10_000 },
  })
})

test('without Premium nothing is archived', async () => {
  const standard = await openSite()
  expect((await standard.put('issue/archive', { issueIdsOrKeys: ['X-1'] })).status).toBe(403)
  expect((await standard.post('issue/archive', { jql: 'project = KAN' })).status).toBe(403)
  await standard.close()
})
