import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type TestSite } from './testing.ts'

let site: TestSite
beforeAll(async () => {
  site = await openSite({
    plan: 'enterprise',
    classificationLevels: [
      { name: 'Restricted', guideline: 'Few people.' },
      { name: 'Old', status: 'archived' },
    ],
  })
})
afterAll(() => site.close())

const digest = (text: string) => Buffer.from(createHash('sha256').update(text).digest('hex')).toString('base64')
const doc = (text: string) => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
})
const SECRET = { expectedText: digest('4711'), from: 4, to: 8 }

test('texts are blacked out where they are what the caller expects; the rest is told and left', async () => {
  const issue = await site.issue('Pin 4711 is hers')
  await site.put(`issue/${issue.key}`, { fields: { description: doc('Pin 4711 again') } })
  const { body: comment } = await site.post(`issue/${issue.key}/comment`, { body: doc('Pin 4711 once more') })
  const row = (entityType: string, entityId: string, redactionPosition: object) => ({
    externalId: randomUUID(),
    reason: 'PII',
    contentItem: { id: issue.id, entityType, entityId },
    redactionPosition,
  })
  const adf = { ...SECRET, adfPointer: '/content/0/content/0/text' }
  const redactions = [
    row('issuefieldvalue', 'summary', SECRET),
    row('issuefieldvalue', 'description', adf),
    row('issue-comment', comment.id, adf),
    row('issue-worklog', '1', adf),
    row('issuefieldvalue', 'summary', { ...SECRET, expectedText: digest('0815') }),
  ]
  const { status, body: job } = await site.post('redact', { redactions })
  expect(status).toBe(202)
  const { jobStatus, bulkRedactionResponse } = (await site.get(`redact/status/${job}`)).body
  expect(jobStatus).toBe('COMPLETED')
  expect(bulkRedactionResponse.results.map((row: { successful: boolean }) => row.successful)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
  const { fields } = (await site.get(`/rest/api/2/issue/${issue.key}?fields=summary,description,comment`)).body
  expect(fields).toMatchObject({
    summary: 'Pin ████ is hers',
    description: 'Pin ████ again',
    comment: { comments: [{ body: 'Pin ████ once more' }] },
  })
  expect((await site.post('redact', { redactions: [] })).status).toBe(400)
  expect((await site.get(`redact/status/${randomUUID()}`)).status).toBe(404)
})

test('a project has a default classification level, one that is published', async () => {
  const { classifications } = (await site.get('classification-levels?orderBy=-rank')).body
  expect(classifications.map((level: { name: string }) => level.name)).toEqual(['Old', 'Restricted'])
  expect((await site.get('classification-levels?status=PUBLISHED')).body.classifications).toHaveLength(1)
  const at = 'project/AUTOTEST/classification-level/default'
  expect((await site.get(at)).body).toEqual({})
  expect((await site.put(at, { id: classifications[0].id })).status).toBe(400)
  expect((await site.put(at, { id: classifications[1].id })).status).toBe(204)
  expect((await site.get(at)).body.classification).toMatchObject({ name: 'Restricted', status: 'published' })
  expect((await site.get('project/AUTOTEST/classification-config')).body).toMatchObject({
    containerOverride: 'ANY',
    defaultClassificationLevel: { name: 'Restricted' },
  })
  expect((await site.remove(at)).status).toBe(204)
  expect((await site.get(at)).body).toEqual({})
  expect((await site.get('project/NOSUCH/classification-config')).status).toBe(404)
})

test('features of a team-managed board are switched; those of others are locked', async () => {
  const boards = (await site.get('/rest/agile/1.0/board')).body.values as { id: number; type: string }[]
  const { id } = boards.find((board) => board.type === 'simple') as { id: number }
  const at = `/rest/agile/1.0/board/${id}/features`
  const states = ({ features }: { features: { boardFeature: string; state: string }[] }) =>
    Object.fromEntries(features.map(({ boardFeature, state }) => [boardFeature, state]))
  expect(states((await site.get(at)).body)).toMatchObject({ SPRINTS: 'DISABLED' })
  const switched = await site.put(at, { boardId: id, feature: 'SPRINTS', enabling: true })
  expect(states(switched.body)).toMatchObject({ SPRINTS: 'ENABLED' })
  await site.put(at, { boardId: id, feature: 'SIMPLE_ROADMAP', enabling: false })
  expect(states((await site.get(at)).body)).toMatchObject({ SIMPLE_ROADMAP: 'DISABLED', SPRINTS: 'ENABLED' })
  expect((await site.put(at, { feature: 'NOSUCH', enabling: true })).status).toBe(400)
  const { body: filter } = await site.post('filter', { name: 'All of it', jql: 'project = AUTOTEST' })
  const board = { name: 'Company', type: 'kanban', filterId: Number(filter.id) }
  const { body: other } = await site.post('/rest/agile/1.0/board', board)
  const locked = `/rest/agile/1.0/board/${other.id}/features`
  expect((await site.put(locked, { feature: 'SPRINTS', enabling: true })).status).toBe(400)
})

test('worklogs in bulk are for services of Atlassian, not for people', async () => {
  expect((await site.post('/rest/internal/api/latest/worklog/bulk', { requests: [] })).status).toBe(401)
})
