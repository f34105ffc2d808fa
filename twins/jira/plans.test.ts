import { afterAll, beforeAll, expect, test } from 'vitest'
import { patched } from './rules/json-patch.ts'
import { openSite, type TestSite } from './testing.ts'

let site: TestSite
let projectId: number
beforeAll(async () => {
  site = await openSite({ plan: 'premium' })
  projectId = Number((await site.get('project/AUTOTEST')).body.id)
})
afterAll(() => site.close())

const PLANS = 'plans/plan'
const plan = (more: object = {}) => ({
  name: 'Quarter',
  issueSources: [{ type: 'Project', value: projectId }],
  scheduling: { estimation: 'Days' },
  ...more,
})
const patch = (path: string, body: unknown) =>
  site.call('PUT', path, body, { 'content-type': 'application/json-patch+json' })

test('a plan is made with defaults, patched, duplicated, archived, and then stays as it is', async () => {
  const permissions = [{ type: 'View', holder: { type: 'Group', value: 'jira-users' } }]
  const { status, body: id } = await site.post(PLANS, plan({ permissions }))
  expect(status).toBe(201)
  expect((await site.get(`${PLANS}/${id}`)).body).toMatchObject({
    id,
    status: 'Active',
    permissions,
    scheduling: { inferredDates: 'None', dependencies: 'Sequential', startDate: { type: 'TargetStartDate' } },
    exclusionRules: { numberOfDaysToShowCompletedIssues: 30 },
  })
  const patched = await patch(`${PLANS}/${id}`, [
    { op: 'replace', path: '/scheduling/estimation', value: 'Hours' },
    { op: 'add', path: '/exclusionRules/issueIds/-', value: 7 },
  ])
  expect(patched.status).toBe(204)
  expect(
    (await patch(`${PLANS}/${id}`, [{ op: 'replace', path: '/scheduling/estimation', value: 'Moons' }])).status,
  ).toBe(400)
  const copy = await site.post(`${PLANS}/${id}/duplicate`, { name: 'Copy' })
  expect((await site.get(`${PLANS}/${copy.body}`)).body).toMatchObject({
    name: 'Copy',
    scheduling: { estimation: 'Hours' },
    exclusionRules: { issueIds: [7] },
  })
  expect((await site.put(`${PLANS}/${copy.body}/trash`)).status).toBe(204)
  expect((await site.put(`${PLANS}/${id}/archive`)).status).toBe(204)
  expect((await site.put(`${PLANS}/${id}/trash`)).status).toBe(409)
  expect((await patch(`${PLANS}/${id}`, [])).status).toBe(409)
  expect((await site.get(PLANS)).body).toMatchObject({ total: 0, last: true })
  const all = await site.get(`${PLANS}?includeArchived=true&includeTrashed=true&maxResults=1`)
  expect(all.body).toMatchObject({ size: 1, total: 2, last: false, nextPageCursor: '1' })
  const rest = await site.get(`${PLANS}?includeArchived=true&includeTrashed=true&cursor=${all.body.nextPageCursor}`)
  expect(rest.body.values).toMatchObject([{ name: 'Copy', status: 'Trashed' }])
})

test.each([
  ['no source', { issueSources: [] }],
  ['an unknown project', { issueSources: [{ type: 'Project', value: 1 }] }],
  ['an unknown lead', { leadAccountId: 'nobody' }],
  ['an unknown group', { permissions: [{ type: 'Edit', holder: { type: 'Group', value: 'x' } }] }],
  ['an estimation that is none', { scheduling: { estimation: 'Moons' } }],
])('a plan with %s is refused', async (_, more) => {
  expect((await site.post(PLANS, plan(more))).status).toBe(400)
})

test('teams of the plan alone and of the organisation come and go', async () => {
  const { body: id } = await site.post(PLANS, plan({ name: 'With teams' }))
  const me = (await site.get('myself')).body.accountId
  const own = { name: 'Builders', planningStyle: 'Scrum', sprintLength: 2, memberAccountIds: [me] }
  const { body: team } = await site.post(`${PLANS}/${id}/team/planonly`, own)
  expect((await site.get(`${PLANS}/${id}/team/planonly/${team}`)).body).toEqual({ id: team, ...own })
  const change = [{ op: 'replace', path: '/planningStyle', value: 'Kanban' }]
  expect((await patch(`${PLANS}/${id}/team/planonly/${team}`, change)).status).toBe(204)
  const atlassian = { id: 'team-1', planningStyle: 'Scrum', capacity: 12.5 }
  expect((await site.post(`${PLANS}/${id}/team/atlassian`, atlassian)).status).toBe(204)
  expect((await site.post(`${PLANS}/${id}/team/atlassian`, atlassian)).status).toBe(400)
  expect((await patch(`${PLANS}/${id}/team/atlassian/team-1`, [{ op: 'remove', path: '/capacity' }])).status).toBe(204)
  expect((await site.get(`${PLANS}/${id}/team/atlassian/team-1`)).body).toEqual({
    id: 'team-1',
    planningStyle: 'Scrum',
  })
  expect((await site.get(`${PLANS}/${id}/team`)).body.values).toEqual([
    { id: 'team-1', type: 'Atlassian' },
    { id: String(team), name: 'Builders', type: 'PlanOnly' },
  ])
  expect((await site.remove(`${PLANS}/${id}/team/planonly/${team}`)).status).toBe(204)
  expect((await site.remove(`${PLANS}/${id}/team/atlassian/team-1`)).status).toBe(204)
  expect((await site.get(`${PLANS}/${id}/team/planonly/${team}`)).status).toBe(404)
  expect((await site.get(`${PLANS}/999/team`)).status).toBe(404)
})

test('a site without Premium has no plans', async () => {
  const standard = await openSite({ plan: 'standard' })
  expect((await standard.get(PLANS)).status).toBe(403)
  await standard.close()
})

test.each([
  [[{ op: 'move', from: '/a', path: '/c' }], { b: [1], c: 1 }],
  [[{ op: 'copy', from: '/b/0', path: '/b/0' }], { a: 1, b: [1, 1] }],
  [
    [
      { op: 'test', path: '/a', value: 1 },
      { op: 'remove', path: '/a' },
    ],
    { b: [1] },
  ],
])('a JSON Patch %j', (patch, result) => {
  expect(patched<object>({ a: 1, b: [1] }, patch)).toEqual(result)
})

test.each([
  [{}],
  [[null]],
  [[{ op: 'add', path: '/x/y', value: 1 }]],
  [[{ op: 'remove', path: '/z' }]],
  [[{ op: 'test', path: '/a', value: 2 }]],
  [[{ op: 'add', path: '/a' }]],
])('not a JSON Patch that applies: %j', (patch) => {
  expect(() => patched({ a: 1 }, patch)).toThrow()
})
