import { type CloudClient, createCloudClient } from 'jira.js/cloud'
import { ApiError, createClient } from 'jira.js/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'

let world: World
let client: CloudClient

beforeAll(async () => {
  world = await openWorld({ twins: ['jira'], fixture: 'jira-live' })
  const { url, email, token } = world.access.jira as unknown as { url: string; email: string; token: string }
  client = createCloudClient(
    createClient({ host: url, auth: { type: 'basic', email, apiToken: token } }) as never,
  ) as CloudClient
})

afterAll(() => world.close())

const doc = (text: string) => ({
  type: 'doc' as const,
  version: 1 as const,
  content: [{ type: 'paragraph' as const, content: [{ type: 'text' as const, text }] }],
})

const task = (summary: string, more: object = {}) =>
  client.issues.createIssue({
    fields: { project: { key: 'AUTOTEST' }, issuetype: { name: 'Task' }, summary, ...more },
  } as never)

const failure = async (call: Promise<unknown>): Promise<{ status: number; body: unknown }> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ApiError)
  return { status: (error as ApiError).status as number, body: (error as ApiError).body }
}

const json = async (path: string, init: RequestInit = {}) => {
  const reply = await world.fetch('jira', path, {
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  })
  const text = await reply.text()
  return { status: reply.status, body: text === '' ? undefined : JSON.parse(text), headers: reply.headers }
}

test('an issue moves to Done and is found by searching', async () => {
  const { key, id } = await task('Ship the anvil')
  const { transitions } = await client.issues.getTransitions({ issueIdOrKey: key })
  expect(transitions?.map((transition) => transition.name)).toEqual(['To Do', 'In Progress', 'Done'])
  const done = transitions?.find((transition) => transition.name === 'Done')
  await client.issues.doTransition({ issueIdOrKey: key, transition: { id: done?.id } } as never)

  const found = await client.issueSearch.searchAndReconsileIssuesUsingJql({
    jql: `project = AUTOTEST AND statusCategory = Done AND status CHANGED TO Done AFTER -1d AND summary ~ "anvils"`,
    fields: ['status', 'resolution', 'resolutiondate'],
  })
  expect(found.issues?.map((issue) => issue.id)).toEqual([id])
  const fields = found.issues?.[0]?.fields as { resolution: { name: string }; resolutiondate: unknown }
  expect(fields.resolution.name).toBe('Done')
  expect(fields.resolutiondate).toBeTruthy()

  const { body } = await json(`/rest/api/3/issue/${key}/changelog`)
  expect(body.values).toHaveLength(1)
  expect(body.values[0].items.map((item: { field: string; toString: string }) => [item.field, item.toString])).toEqual([
    ['resolution', 'Done'],
    ['status', 'Done'],
  ])
})

test('leaving Done clears the resolution, and an unknown transition is refused in words', async () => {
  const { key } = await task('There and back')
  for (const id of ['31', '11']) await client.issues.doTransition({ issueIdOrKey: key, transition: { id } } as never)
  const { body } = await json(`/rest/api/3/issue/${key}?fields=resolution,resolutiondate,status`)
  expect(body.fields).toMatchObject({ resolution: null, resolutiondate: null, status: { name: 'To Do' } })
  const refused = await failure(client.issues.doTransition({ issueIdOrKey: key, transition: { id: '99' } } as never))
  expect(refused).toEqual({
    status: 400,
    body: { errorMessages: ["Transition id '99' is not valid for this issue."], errors: {} },
  })
})

test('three bad fields are named in one answer; nothing is created and no number is used', async () => {
  const before = await task('before')
  const refused = await failure(task('x'.repeat(256), { labels: ['a b'], priority: { id: '99' }, nonsense: 1 }))
  expect(refused.status).toBe(400)
  expect(refused.body).toEqual({
    errorMessages: [],
    errors: {
      summary: "Summary can't exceed 255 characters.",
      labels: "The label 'a b' contains spaces which is invalid.",
      priority: 'The priority selected is invalid.',
      nonsense: "Field 'nonsense' cannot be set. It is not on the appropriate screen, or unknown.",
    },
  })
  const after = await task('after')
  expect(Number(after.key.split('-')[1])).toBe(Number(before.key.split('-')[1]) + 1)
})

test('one edit with fields and verbs is one entry of history', async () => {
  const { key } = await task('Labels', { labels: ['old'] })
  await json(`/rest/api/3/issue/${key}`, {
    method: 'PUT',
    body: JSON.stringify({ fields: { summary: 'Labelled' }, update: { labels: [{ add: 'new' }, { remove: 'old' }] } }),
  })
  const { body } = await json(`/rest/api/3/issue/${key}?expand=changelog&fields=summary,labels`)
  expect(body.fields).toEqual({ summary: 'Labelled', labels: ['new'] })
  expect(body.changelog.histories).toHaveLength(1)
  expect(body.changelog.histories[0].items.map((item: { field: string }) => item.field).sort()).toEqual([
    'labels',
    'summary',
  ])
})

test('rich text is one document: wiki text in version 2, ADF in version 3', async () => {
  const { key } = await task('Rich')
  await json(`/rest/api/2/issue/${key}/comment`, {
    method: 'POST',
    body: JSON.stringify({ body: 'h2. Plan\n\n* one\n* *two*' }),
  })
  const { body: v3 } = await json(`/rest/api/3/issue/${key}/comment`)
  expect(v3.comments[0].body.content.map((node: { type: string }) => node.type)).toEqual(['heading', 'bulletList'])
  const { body: v2 } = await json(`/rest/api/2/issue/${key}/comment`)
  expect(v2.comments[0].body).toBe('h2. Plan\n\n* one\n* *two*')
  const wrong = await json(`/rest/api/3/issue/${key}/comment`, {
    method: 'POST',
    body: JSON.stringify({ body: 'plain' }),
  })
  expect(wrong).toMatchObject({ status: 400, body: { errors: { comment: 'Comment body is not valid!' } } })
})

test('bulk create: what is good is made, what is bad is numbered; all bad is 400', async () => {
  const row = (name: string) => ({ fields: { project: { key: 'AUTOTEST' }, issuetype: { name }, summary: 'bulk' } })
  const post = (rows: object[]) =>
    json('/rest/api/3/issue/bulk', { method: 'POST', body: JSON.stringify({ issueUpdates: rows }) })
  const mixed = await post([row('Task'), row('Nope'), row('Task')])
  expect(mixed.status).toBe(201)
  expect(mixed.body.issues).toHaveLength(2)
  expect(mixed.body.errors).toEqual([
    {
      status: 400,
      elementErrors: { errorMessages: [], errors: { issuetype: 'Specify a valid issue type' } },
      failedElementNumber: 1,
    },
  ])
  expect((await post([row('Nope')])).status).toBe(400)
})

test('a parent with sub-tasks is deleted only when asked; its number is not used again', async () => {
  const parent = await task('Parent')
  const child = await task('Child', { issuetype: { name: 'Sub-task' }, parent: { key: parent.key } })
  expect((await failure(client.issues.deleteIssue({ issueIdOrKey: parent.key }))).status).toBe(400)
  await client.issues.deleteIssue({ issueIdOrKey: parent.key, deleteSubtasks: 'true' } as never)
  expect((await failure(client.issues.getIssue({ issueIdOrKey: child.key }))).status).toBe(404)
  expect(Number((await task('Next')).key.split('-')[1])).toBeGreaterThan(Number(child.key.split('-')[1]))
})

test('logged work adds up, moves the estimate and comes back when deleted', async () => {
  const { key } = await task('Work', { timetracking: { originalEstimate: '2h' } })
  const log = await client.issueWorklogs.addWorklog({
    issueIdOrKey: key,
    timeSpent: '1h 30m',
    comment: doc('hammering'),
  } as never)
  const tracking = async () => (await json(`/rest/api/3/issue/${key}?fields=timetracking`)).body.fields.timetracking
  expect(await tracking()).toMatchObject({
    timeSpent: '1h 30m',
    remainingEstimate: '30m',
    originalEstimateSeconds: 7200,
  })
  await client.issueWorklogs.deleteWorklog({ issueIdOrKey: key, id: log.id as string })
  expect(await tracking()).toMatchObject({ remainingEstimate: '2h' })
})

describe('search', () => {
  beforeAll(async () => {
    for (let n = 0; n < 7; n++) await task(`Paged ${n}`, { labels: ['paged'] })
  })

  test('pages by token, without a total; the token belongs to its query', async () => {
    const keys: string[] = []
    let token: string | undefined
    do {
      const query = new URLSearchParams({
        jql: 'labels = paged ORDER BY key',
        maxResults: '3',
        fields: 'key',
        ...(token && { nextPageToken: token }),
      })
      const { body } = await json(`/rest/api/3/search/jql?${query}`)
      expect(body).not.toHaveProperty('total')
      keys.push(...body.issues.map((issue: { key: string }) => issue.key))
      token = body.nextPageToken
    } while (token)
    expect(keys).toHaveLength(7)
    const first = await json('/rest/api/3/search/jql?jql=labels%20%3D%20paged&maxResults=1')
    const other = await json(
      `/rest/api/3/search/jql?jql=project%20%3D%20AUTOTEST&nextPageToken=${encodeURIComponent(first.body.nextPageToken)}`,
    )
    expect(other).toMatchObject({
      status: 400,
      body: { errorMessages: ['The provided next page token is invalid or expired.'] },
    })
  })

  test.each([
    [
      'an order alone',
      'ORDER BY created',
      'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.',
    ],
    [
      'an open string',
      'summary ~ "open',
      "Error in the JQL Query: The quoted string 'open' has not been completed. (line 1, character 11)",
    ],
    [
      'a missing operator',
      'project',
      "Error in the JQL Query: Expecting operator before the end of the query. The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'.",
    ],
  ])('%s is refused', async (_, jql, message) => {
    const { status, body } = await json(`/rest/api/3/search/jql?jql=${encodeURIComponent(jql)}`)
    expect([status, body.errorMessages]).toEqual([400, [message]])
  })

  test('an unknown field finds nothing here, and is an error to jql/parse and filters', async () => {
    expect(await json('/rest/api/3/search/jql?jql=nosuch%20%3D%201')).toMatchObject({
      status: 200,
      body: { issues: [], isLast: true },
    })
    const parsed = await json('/rest/api/3/jql/parse?validation=strict', {
      method: 'POST',
      body: JSON.stringify({ queries: ['nosuch = 1'] }),
    })
    expect(parsed.body.queries[0].errors).toEqual([
      "Field 'nosuch' does not exist or you do not have permission to view it.",
    ])
    const filter = await json('/rest/api/3/filter', {
      method: 'POST',
      body: JSON.stringify({ name: 'f', jql: 'nosuch = 1' }),
    })
    expect(filter.status).toBe(400)
  })
})

test('a wrong token is anonymous: 404 for an issue, 401 text for myself, an empty list of projects', async () => {
  const { key } = await task('Hidden')
  const headers = { authorization: `Basic ${Buffer.from('admin@example.com:wrong').toString('base64')}` }
  const issue = await world.fetch('jira', `/rest/api/3/issue/${key}`, { headers })
  expect(issue.status).toBe(404)
  expect(issue.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED')
  const me = await world.fetch('jira', '/rest/api/3/myself', { headers })
  expect([me.status, await me.text()]).toEqual([401, 'Client must be authenticated to access this resource.'])
  expect(await (await world.fetch('jira', '/rest/api/3/project/search', { headers })).json()).toMatchObject({
    total: 0,
    values: [],
  })
})

test('3LO: a code buys tokens, the gateway takes them, refresh tokens work once', async () => {
  const { clientId, secret } = (world.access.jira as unknown as { oauthClient: { clientId: string; secret: string } })
    .oauthClient
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: 'http://localhost/cb',
    scope: 'read:jira-user offline_access',
    state: 's',
    response_type: 'code',
  })
  const consent = await fetch(`${world.access.jira.url}/authorize?${query}`, { redirect: 'manual' })
  const code = new URL(consent.headers.get('location') as string).searchParams.get('code')
  const exchange = (body: object) =>
    json('/oauth/token', {
      method: 'POST',
      body: JSON.stringify({ client_id: clientId, client_secret: secret, ...body }),
    })
  const first = await exchange({ grant_type: 'authorization_code', code })
  expect(first.body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'read:jira-user' })
  const headers = { authorization: `Bearer ${first.body.access_token}` }
  const [site] = await (await world.fetch('jira', '/oauth/token/accessible-resources', { headers })).json()
  const me = await (await world.fetch('jira', `/ex/jira/${site.id}/rest/api/3/myself`, { headers })).json()
  expect(me.self).toContain(`/ex/jira/${site.id}/rest/api/3/user?accountId=`)
  const write = await world.fetch('jira', `/ex/jira/${site.id}/rest/api/3/issue`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{}',
  })
  expect([write.status, await write.json()]).toEqual([
    401,
    { code: 401, message: 'Unauthorized; scope does not match' },
  ])
  const refresh = { grant_type: 'refresh_token', refresh_token: first.body.refresh_token }
  expect((await exchange(refresh)).status).toBe(200)
  expect(await exchange(refresh)).toMatchObject({
    status: 403,
    body: { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' },
  })
})

test('issues are linked as pycontribs/jira links them: a comment that is null is left out', async () => {
  const [one, two] = [await task('Cast the anvil'), await task('Cool the anvil')]
  const body = (comment: unknown) =>
    JSON.stringify({ type: { name: 'Blocks' }, inwardIssue: { key: one.key }, outwardIssue: { key: two.key }, comment })
  expect((await json('/rest/api/2/issueLink', { method: 'POST', body: body(7) })).status).toBe(400)
  expect((await json('/rest/api/2/issueLink', { method: 'POST', body: body(null) })).status).toBe(201)
  const { body: issue } = await json(`/rest/api/2/issue/${one.key}?fields=issuelinks`)
  expect(issue.fields.issuelinks).toMatchObject([{ type: { name: 'Blocks' }, outwardIssue: { key: two.key } }])
})

test('the current session names who is signed in; nobody has none', async () => {
  const { body } = await json('/rest/auth/latest/session')
  expect(body).toMatchObject({ name: world.access.jira.email, self: expect.stringContaining('accountId=') })
  const anonymous = await fetch(`${world.access.jira.url}/rest/auth/1/session`)
  expect(anonymous.status).toBe(401)
})

test('gadgets of Jira itself go by address; an address nobody has is refused unless asked not to look', async () => {
  const { body: dashboard } = await json('/rest/api/3/dashboard', {
    method: 'POST',
    body: JSON.stringify({ name: 'Anvils', sharePermissions: [], editPermissions: [] }),
  })
  const add = (more: object) =>
    json(`/rest/api/3/dashboard/${dashboard.id}/gadget`, { method: 'POST', body: JSON.stringify(more) })
  const { body: available } = await json('/rest/api/3/dashboard/gadgets')
  const known = available.gadgets.find(({ title }: { title: string }) => title === 'Filter Results')
  expect((await add({ uri: known.uri, color: 'red' })).body).toMatchObject({ title: 'Filter Results', color: 'red' })
  expect((await add({ uri: 'rest/gadgets/none.xml' })).status).toBe(400)
  expect((await add({ uri: 'rest/gadgets/none.xml', ignoreUriAndModuleKeyValidation: true })).status).toBe(200)
  const { body: all } = await json(`/rest/api/3/dashboard/${dashboard.id}/gadget`)
  expect(all.gadgets.map(({ uri }: { uri: string }) => uri)).toEqual([known.uri, 'rest/gadgets/none.xml'])
})

test.each([
  ['/rest/api/3/issue/bulk', { issueUpdates: [null] }],
  ['/rest/api/3/issue/bulk', { issueUpdates: 7 }],
  ['/rest/api/3/jql/sanitize', { queries: ['x'] }],
  ['/rest/api/3/statuses', { statuses: 'x' }],
])('%s refuses %j: nothing that reads as a list of objects', async (path, body) => {
  const { status } = await json(path, {
    method: path.endsWith('statuses') ? 'PUT' : 'POST',
    body: JSON.stringify(body),
  })
  expect(status).toBe(400)
})
