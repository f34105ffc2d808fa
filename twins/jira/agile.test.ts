import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type TestSite } from './testing.ts'

let site: TestSite
let board: number
let filterId: number
const AGILE = '/rest/agile/1.0'
const SOFTWARE = '/rest/software/1.0'
const keys = (reply: { body: { issues: { key: string }[] } }) => reply.body.issues.map((issue) => issue.key)

beforeAll(async () => {
  site = await openSite()
  filterId = Number((await site.post('filter', { name: 'All', jql: 'project = AUTOTEST order by rank' })).body.id)
  const location = { type: 'project', projectKeyOrId: 'AUTOTEST' }
  board = (await site.post(`${AGILE}/board`, { name: 'Scrum', type: 'scrum', filterId, location })).body.id
})
afterAll(() => site.close())

test('an epic holds issues, in the board and by itself, until they are taken out', async () => {
  const epic = await site.issue('Big story', { issuetype: { name: 'Epic' } })
  const other = await site.issue('Second', { issuetype: { name: 'Epic' } })
  const child = await site.issue('Child')
  const loose = await site.issue('Loose')
  expect((await site.post(`${AGILE}/epic/${epic.key}/issue`, { issues: [child.key] })).status).toBe(204)
  expect(keys(await site.get(`${AGILE}/epic/${epic.key}/issue`))).toEqual([child.key])
  expect(keys(await site.get(`${SOFTWARE}/epic/${epic.key}/issue`))).toEqual([child.key])
  expect(keys(await site.get(`${AGILE}/board/${board}/epic/${epic.id}/issue`))).toEqual([child.key])
  expect(keys(await site.get(`${SOFTWARE}/board/${board}/epic/${epic.id}/issue`))).toEqual([child.key])
  expect(keys(await site.get(`${AGILE}/board/${board}/epic/none/issue`))).toEqual([loose.key])
  expect(keys(await site.get(`${AGILE}/epic/none/issue`))).toEqual([loose.key])
  expect(keys(await site.get(`${SOFTWARE}/epic/none/issue`))).toEqual([loose.key])
  const changed = await site.post(`${AGILE}/epic/${epic.key}`, { name: 'Big', color: { key: 'color_3' }, done: true })
  expect(changed.body).toMatchObject({ name: 'Big', color: { key: 'color_3' }, done: true })
  expect((await site.get(`${AGILE}/epic/${epic.key}`)).body).toMatchObject({ id: Number(epic.id), key: epic.key })
  expect((await site.put(`${AGILE}/epic/${other.key}/rank`, { rankBeforeEpic: epic.key })).status).toBe(204)
  const epics = (await site.get(`${AGILE}/board/${board}/epic`)).body.values
  expect(epics.map((row: { key: string }) => row.key)).toEqual([other.key, epic.key])
  expect((await site.get(`${AGILE}/board/${board}/epic?done=true`)).body.values).toHaveLength(1)
  expect((await site.post(`${AGILE}/epic/none/issue`, { issues: [child.key] })).status).toBe(204)
  expect(keys(await site.get(`${AGILE}/epic/${epic.key}/issue`))).toEqual([])
  expect((await site.get(`${AGILE}/epic/${loose.key}`)).status).toBe(404)
})

test('issues go to a sprint in rank order, and back', async () => {
  const [a, b] = [await site.issue('A'), await site.issue('B')]
  const { body: sprint } = await site.post(`${AGILE}/sprint`, { name: 'One', originBoardId: board })
  const { body: later } = await site.post(`${AGILE}/sprint`, { name: 'Two', originBoardId: board })
  const move = { issues: [b.key, a.key], rankBeforeIssue: a.key }
  expect((await site.post(`${AGILE}/sprint/${sprint.id}/issue`, { issues: [a.key] })).status).toBe(204)
  expect((await site.post(`${AGILE}/sprint/${sprint.id}/issue`, { ...move, issues: [b.key] })).status).toBe(204)
  expect(keys(await site.get(`${AGILE}/sprint/${sprint.id}/issue`))).toEqual([b.key, a.key])
  expect(keys(await site.get(`${AGILE}/board/${board}/sprint/${sprint.id}/issue`))).toEqual([b.key, a.key])
  expect(keys(await site.get(`${SOFTWARE}/board/${board}/sprint/${sprint.id}/issue`))).toEqual([b.key, a.key])
  expect(keys(await site.get(`${AGILE}/board/${board}/backlog`))).not.toContain(a.key)
  expect(keys(await site.get(`${AGILE}/board/${board}/issue`))).toContain(a.key)
  expect((await site.get(`${SOFTWARE}/board/${board}/issue/approximate-count`)).body.count).toBeGreaterThan(1)
  const started = { state: 'active', startDate: '2026-01-01T00:00:00.000Z', endDate: '2026-01-15T00:00:00.000Z' }
  const put = { ...sprint, ...started, goal: 'Ship' }
  expect((await site.put(`${AGILE}/sprint/${sprint.id}`, put)).body).toMatchObject({ state: 'active', goal: 'Ship' })
  expect((await site.post(`${AGILE}/sprint/${later.id}/swap`, { sprintToSwapWith: sprint.id })).status).toBe(204)
  expect((await site.put(`${AGILE}/issue/${a.key}/estimation?boardId=${board}`, { value: '3' })).status).toBe(200)
  expect((await site.get(`${AGILE}/issue/${a.key}/estimation?boardId=${board}`)).body.value).toBe(3)
})

test('boards are found by their filter; issues move onto them', async () => {
  expect((await site.get(`${AGILE}/board/filter/${filterId}`)).body.values).toMatchObject([{ id: board }])
  expect((await site.get(`${AGILE}/board/${board}/project/full`)).body.values).toMatchObject([{ key: 'AUTOTEST' }])
  await site.post('version', { name: 'v1', project: 'AUTOTEST' })
  expect((await site.get(`${AGILE}/board/${board}/version`)).body.values).toMatchObject([{ name: 'v1' }])
  expect((await site.get(`${AGILE}/board/${board}/quickfilter`)).body.values).toEqual([])
  expect((await site.get(`${AGILE}/board/${board}/quickfilter/1`)).status).toBe(404)
  expect((await site.get(`${AGILE}/board/${board}/reports`)).status).toBe(200)
  const issue = await site.issue('On the board')
  expect((await site.post(`${AGILE}/board/${board}/issue`, { issues: [issue.key] })).status).toBe(204)
  expect((await site.post(`${AGILE}/board/99/issue`, { issues: [issue.key] })).status).toBe(404)
})

test.each(['board', 'sprint'])('properties of a %s are set, replaced, listed and deleted', async (kind) => {
  const { body: sprint } = await site.post(`${AGILE}/sprint`, { name: 'Kept', originBoardId: board })
  const at = `${AGILE}/${kind}/${kind === 'board' ? board : sprint.id}/properties`
  expect((await site.put(`${at}/colour`, { is: 'red' })).status).toBe(201)
  expect((await site.put(`${at}/colour`, { is: 'blue' })).status).toBe(200)
  expect((await site.get(`${at}/colour`)).body).toEqual({ key: 'colour', value: { is: 'blue' } })
  expect((await site.get(at)).body.keys).toMatchObject([{ key: 'colour' }])
  expect((await site.remove(`${at}/colour`)).status).toBe(204)
  expect((await site.get(`${at}/colour`)).status).toBe(404)
})
