import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type TestSite } from './testing.ts'

let site: TestSite
let key: string
beforeAll(async () => {
  site = await openSite()
  key = (await site.issue('Subject', { labels: ['red'], description: '*Bold* words' })).key
  await site.issue('Other')
  await site.post(`issue/${key}/properties/team`, 1)
  await site.put(`issue/${key}/properties/team`, { name: 'Blue' })
})
afterAll(() => site.close())

const evaluated = async (expression: string, context?: object, expand = '') =>
  (await site.post(`expression/evaluate?expand=${expand}`, { expression, ...(context && { context }) })).body

test('an expression reads the issue it is given, as far as its caller may see', async () => {
  const context = { issue: { key } }
  const expression =
    "{ type: issue.issueType.name, status: issue.status.name, text: issue.description.plainText, team: issue.properties['team'].name, project: issue.project.key, flagged: issue.customfield_10021 }"
  expect((await evaluated(expression, context)).value).toEqual({
    type: 'Task',
    status: 'To Do',
    text: 'Bold words',
    team: 'Blue',
    project: 'AUTOTEST',
    flagged: null,
  })
  const { accountId } = (await site.get('myself')).body
  expect((await evaluated('user.accountId')).value).toBe(accountId)
  expect((await evaluated('issue.reporter == user', context)).value).toBe(true)
  const missing = await site.post('expression/eval', { expression: 'issue.key', context: { issue: { key: 'X-1' } } })
  expect(missing.status).toBe(404)
})

test('issues of a query come in pages; the cost is told', async () => {
  const jql = { query: 'project = AUTOTEST order by key', maxResults: 1 }
  const first = await evaluated('issues.map(i => i.comments.length)', { issues: { jql } }, 'meta.complexity')
  expect(first).toMatchObject({
    value: [0],
    meta: { issues: { jql: { isLast: false } }, complexity: { expensiveOperations: { value: 1, limit: 10 } } },
  })
  const { nextPageToken } = first.meta.issues.jql
  const rest = await evaluated('issues.map(i => i.key)', { issues: { jql: { ...jql, nextPageToken } } })
  expect(rest).toMatchObject({ value: ['AUTOTEST-2'], meta: { issues: { jql: { isLast: true } } } })
  const { body } = await site.post('expression/eval', { expression: 'issues.length', context: { issues: { jql } } })
  expect(body).toEqual({
    value: 1,
    meta: { issues: { jql: { startAt: 0, maxResults: 1, count: 1, totalCount: 2, validationWarnings: [] } } },
  })
  const wrong = { issues: { jql: { query: 'nosuch = 1' } } }
  expect((await site.post('expression/eval', { expression: '1', context: wrong })).status).toBe(400)
})

test('custom variables are users, issues or JSON', async () => {
  const { accountId } = (await site.get('myself')).body
  const custom = {
    who: { type: 'user', accountId },
    config: { type: 'json', value: { limit: 2 } },
    list: [{ type: 'issue', key }],
  }
  expect((await evaluated('[who == user, config.limit, list.length]', { custom })).value).toEqual([true, 2, 1])
})

test('what fails is told with the expression; analysis finds it without evaluating', async () => {
  const { status, body } = await site.post('expression/evaluate', { expression: 'issue.key' })
  expect(status).toBe(400)
  expect(body.errorMessages).toEqual(['Evaluation failed: "issue.key" - Unrecognized identifier: "issue"'])
  const { results } = (await site.post('expression/analyse', { expressions: ['1 + 1', '1 +'] })).body
  expect(results).toMatchObject([{ valid: true }, { valid: false, errors: [{ type: 'syntax', line: 1, column: 4 }] }])
  const typed = await site.post('expression/analyse?check=type', { expressions: ['mine + 1'], contextVariables: {} })
  expect(typed.body.results[0]).toMatchObject({ valid: false, errors: [{ type: 'type', expression: 'mine' }] })
  const complex = await site.post('expression/analyse?check=complexity', { expressions: ['issues.map(i => i.links)'] })
  expect(complex.body.results[0].complexity).toEqual({ expensiveOperations: 'N', variables: { N: 'issues' } })
})
