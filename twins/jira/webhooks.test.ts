import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type TestSite } from './testing.ts'

let site: TestSite
let bearer: Record<string, string>
beforeAll(async () => {
  site = await openSite()
  bearer = { authorization: `Bearer ${(site.world.access.jira as { accessToken?: string }).accessToken}` }
})
afterAll(() => site.close())

test('an app registers webhooks one by one, extends and removes them', async () => {
  const hook = (jqlFilter: string) => ({ jqlFilter, events: ['jira:issue_created'] })
  const body = {
    url: 'http://127.0.0.1:9/hook',
    webhooks: [hook('project = AUTOTEST'), hook('watchCount = 3')],
  }
  const { status, body: made } = await site.call('POST', 'webhook', body, bearer)
  expect(status).toBe(200)
  const [first, second] = made.webhookRegistrationResult
  expect(first.createdWebhookId).toEqual(expect.any(Number))
  expect(second.errors).toHaveLength(1)
  const listed = (await site.call('GET', 'webhook', undefined, bearer)).body.values
  expect(listed).toMatchObject([{ id: first.createdWebhookId, jqlFilter: 'project = AUTOTEST' }])
  const refresh = { webhookIds: [first.createdWebhookId] }
  expect((await site.call('PUT', 'webhook/refresh', refresh, bearer)).status).toBe(200)
  expect((await site.call('GET', 'webhook/failed', undefined, bearer)).status).toBe(200)
  expect((await site.call('DELETE', 'webhook', refresh, bearer)).status).toBe(202)
  expect((await site.call('GET', 'webhook', undefined, bearer)).body.values).toEqual([])
  expect((await site.get('webhook')).status).toBe(403)
})
