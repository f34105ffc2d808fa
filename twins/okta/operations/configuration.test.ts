import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gone, member, type Org, openOrg, refused } from '../testing.ts'

/** Smaller families that configure an org. */
let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())
const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)
const named = (rows: { name: string }[], name: string) => rows.find((row) => row.name === name) as { id: string; name: string } // biome-ignore format: one row

describe('authenticators', () => {
  const authenticator = async (key: string) =>
    (await org.get('/api/v1/authenticators')).body.find((one: { key: string }) => one.key === key)

  it('are added, switched off and on', async () => {
    const made = await org.post('/api/v1/authenticators', { key: 'google_otp', name: 'Google Authenticator' })
    expect(made.body).toMatchObject({ key: 'google_otp', status: 'ACTIVE' })
    const path = `/api/v1/authenticators/${made.body.id}`
    expect((await org.post(`${path}/lifecycle/deactivate`)).body.status).toBe('INACTIVE')
    expect((await org.get(path)).body.status).toBe('INACTIVE')
    expect((await org.post(`${path}/lifecycle/activate`)).body.status).toBe('ACTIVE')
    const password = await authenticator('okta_password')
    expect((await org.post(`/api/v1/authenticators/${password.id}/lifecycle/deactivate`)).status).toBe(400)
  })

  it('have methods, switched one by one', async () => {
    const { id } = await authenticator('okta_verify')
    const path = `/api/v1/authenticators/${id}/methods`
    const method = (await org.get(`${path}/totp`)).body
    expect(method.type).toBe('totp')
    const [first, second] = method.status === 'ACTIVE' ? ['deactivate', 'activate'] : ['activate', 'deactivate']
    const moved = (await org.post(`${path}/totp/lifecycle/${first}`)).body
    expect(moved.status).not.toBe(method.status)
    expect((await org.get(`${path}/totp`)).body).toEqual(moved)
    expect((await org.post(`${path}/totp/lifecycle/${second}`)).body.status).toBe(method.status)
    const settings = { ...method.settings, timeIntervalInSeconds: 60 }
    expect((await org.put(`${path}/totp`, { type: 'totp', settings })).body.settings).toEqual(settings)
    expect(await org.put(`${path}/totp`, { type: 'push' })).toMatchObject(refused(400, 'E0000001'))
    expect((await org.get(`${path}/palm`)).status).toBe(404)
  })

  it('know security keys by model', async () => {
    const { id } = await authenticator('webauthn')
    const keys = `/api/v1/authenticators/${id}/aaguids`
    const aaguid = 'cb69481e-8ff7-4039-93ec-0a2729111111'
    const body = { aaguid, name: 'Blue key', authenticatorCharacteristics: { fipsCompliant: true } }
    expect(await org.post(keys, { ...body, aaguid: 'blue' })).toMatchObject(refused(400, 'E0000001'))
    expect((await org.post(keys, body)).body).toMatchObject(body)
    const path = `${keys}/${aaguid}`
    expect((await org.patch(path, { name: 'Green key' })).body).toMatchObject({ ...body, name: 'Green key' })
    expect((await org.put(path, { name: 'Red key' })).body).toMatchObject({ aaguid, name: 'Red key' })
    expect((await org.get(path)).body.name).toBe('Red key')
    expect((await org.delete(path)).status).toBe(204)
    expect((await org.get(path)).status).toBe(404)
    const verify = await authenticator('okta_verify')
    expect(await org.get(`/api/v1/authenticators/${verify.id}/aaguids`)).toMatchObject(refused(401, 'E0000015'))
    expect((await org.post(`/api/v1/authenticators/${id}/methods/webauthn/verify-rp-id-domain`)).status).toBe(400)
    const rpId = { domain: { name: 'acme.test' } }
    await org.put(`/api/v1/authenticators/${id}/methods/webauthn`, { type: 'webauthn', settings: { rpId } })
    expect((await org.post(`/api/v1/authenticators/${id}/methods/webauthn/verify-rp-id-domain`)).status).toBe(204)
  })
})

it('behaviours are made, switched and removed', async () => {
  const behaviors = '/api/v1/behaviors'
  const before = (await org.get(behaviors)).body
  expect(before.map((one: { type: string }) => one.type)).toContain('VELOCITY')
  const body = { name: 'Fast', type: 'VELOCITY', settings: { velocityKph: 805 } }
  const made = await org.post(behaviors, body)
  expect(made.body).toMatchObject({ ...body, status: 'ACTIVE' })
  expect((await org.post(behaviors, body)).status).toBe(400)
  const path = `${behaviors}/${made.body.id}`
  expect((await org.get(path)).body).toEqual(made.body)
  expect((await org.post(`${path}/lifecycle/deactivate`)).body.status).toBe('INACTIVE')
  expect((await org.post(`${path}/lifecycle/activate`)).body.status).toBe('ACTIVE')
  const replaced = await org.put(path, { ...body, settings: { velocityKph: 900 } })
  expect(replaced.body.settings).toMatchObject({ velocityKph: 900 })
  expect((await org.get(behaviors)).body).toHaveLength(before.length + 1)
  expect((await org.delete(path)).status).toBe(204)
  expect(await org.get(path)).toMatchObject(gone(made.body.id, 'BehaviorSettings'))
})

it.each([
  ['ANOMALOUS_LOCATION', { granularity: 'CITY' }, { maxEventsUsedForEvaluation: 20, minEventsNeededForEvaluation: 0, granularity: 'CITY' }], // biome-ignore format: one row
  ['ANOMALOUS_IP', { minEventsNeededForEvaluation: 3 }, { maxEventsUsedForEvaluation: 50, minEventsNeededForEvaluation: 3 }], // biome-ignore format: one row
  ['VELOCITY', {}, { velocityKph: 805 }],
])('behaviour of type %s has defaults', async (type, settings, complete) => {
  const { body } = await org.post('/api/v1/behaviors', { name: `Plain ${type}`, type, settings })
  expect(body.settings).toEqual(complete)
})

it('zones are listed page by page', async () => {
  for (const name of ['Office', 'Ship'])
    await org.post('/api/v1/zones', { type: 'IP', name, gateways: [{ type: 'CIDR', value: '10.0.0.0/24' }] })
  const first = await org.get('/api/v1/zones?limit=2')
  expect(first.body).toHaveLength(2)
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] as string
  const rest = (await org.get(next.slice(org.url.length))).body
  const all = (await org.get('/api/v1/zones')).body
  expect(idsOf([...first.body, ...rest])).toEqual(idsOf(all).slice(0, 2 + rest.length))
  expect(named(all, 'Office')).toBeTruthy()
  const filter = encodeURIComponent(`id eq "${named(all, 'Ship').id}"`)
  expect((await org.get(`/api/v1/zones?filter=${filter}`)).body).toMatchObject([{ name: 'Ship' }])
})

describe('schemas', () => {
  it('of forms are kept under an id', async () => {
    const path = '/api/v1/meta/uischemas'
    const uiSchema = { type: 'Group', label: 'Sign up', buttonLabel: 'Go', elements: [] }
    const made = await org.post(path, { uiSchema })
    expect(made.body.uiSchema).toEqual(uiSchema)
    const one = `${path}/${made.body.id}`
    expect((await org.get(one)).body).toEqual(made.body)
    expect((await org.put(one, { uiSchema: { ...uiSchema, label: 'Join' } })).body.uiSchema.label).toBe('Join')
    expect(idsOf((await org.get(path)).body)).toContain(made.body.id)
    await org.delete(one)
    expect(await org.get(one)).toMatchObject(gone(made.body.id, 'UISchemaEntity'))
  })

  it('of log streams say what each kind takes', async () => {
    const path = '/api/v1/meta/schemas/logStream'
    const all = (await org.get(path)).body
    expect(all).toHaveLength(2)
    const aws = (await org.get(`${path}/aws_eventbridge`)).body
    expect(JSON.stringify(aws)).toContain('eventSourceName')
    expect((await org.get(`${path}/carrier_pigeon`)).status).toBe(404)
  })

  it('of user types are named and described, the name for good', async () => {
    const types = '/api/v1/meta/types/user'
    const body = { name: 'contractor', displayName: 'Contractor', description: 'By contract' }
    const { id } = (await org.post(types, body)).body
    const replaced = await org.put(`${types}/${id}`, { ...body, displayName: 'External' })
    expect(replaced.body).toMatchObject({ id, name: 'contractor', displayName: 'External' })
    expect((await org.put(`${types}/${id}`, { ...body, name: 'other' })).body.name ?? 'refused').not.toBe('other')
    expect((await org.get(`${types}/${id}`)).body.displayName).toBe('External')
  })

  it('of links between people have two ends', async () => {
    const links = '/api/v1/meta/schemas/user/linkedObjects'
    const end = (name: string, type: string) => ({ name, title: name, description: name, type: 'USER', kind: type })
    const made = await org.post(links, { primary: end('boss', 'p'), associated: end('staff', 'a') })
    expect(made.status).toBe(201)
    expect((await org.get(links)).body).toMatchObject([{ primary: { name: 'boss' }, associated: { name: 'staff' } }])
    expect((await org.delete(`${links}/staff`)).status).toBe(204)
    expect((await org.get(links)).body).toEqual([])
  })
})

it('roles subscribe to what they want to hear of', async () => {
  const path = '/api/v1/roles/APP_ADMIN/subscriptions/APP_IMPORT'
  expect((await org.post(`${path}/unsubscribe`)).status).toBe(200)
  expect((await org.get(path)).body.status).toBe('unsubscribed')
  expect((await org.post(`${path}/subscribe`)).status).toBe(200)
  expect((await org.get(path)).body.status).toBe('subscribed')
  expect((await org.post('/api/v1/roles/APP_ADMIN/subscriptions/WEATHER/subscribe')).status).toBeGreaterThanOrEqual(400)
})

it('a retired notification is listed no more, but known by name', async () => {
  const path = '/api/v1/roles/ORG_ADMIN/subscriptions'
  const listed = (await org.get(path)).body.map((row: { notificationType: string }) => row.notificationType)
  expect(listed).toContain('APP_IMPORT')
  expect(listed).not.toContain('OKTA_ISSUE')
  expect((await org.get(`${path}/OKTA_ISSUE`)).body).toMatchObject({ notificationType: 'OKTA_ISSUE' })
})

it('origins are trusted again', async () => {
  const body = { name: 'Front', origin: 'https://front.acme.test', scopes: [{ type: 'CORS' }] }
  const { id } = (await org.post('/api/v1/trustedOrigins', body)).body
  const path = `/api/v1/trustedOrigins/${id}/lifecycle`
  const allowed = async () => {
    const { headers } = await org.call('GET', '/api/v1/users/me', undefined, { origin: body.origin })
    return headers.get('access-control-allow-origin')
  }
  expect(await allowed()).toBe(body.origin)
  expect((await org.post(`${path}/deactivate`)).body.status).toBe('INACTIVE')
  expect(await allowed()).toBeNull()
  expect((await org.post(`${path}/activate`)).body.status).toBe('ACTIVE')
  expect(await allowed()).toBe(body.origin)
})

describe('directories', () => {
  it('have groups whose members and attributes are theirs', async () => {
    const group = (await org.post('/api/v1/groups', { profile: { name: 'AD crew', description: 'From AD' } })).body.id
    const user = await member(org, 'ad@acme.test')
    const root = '/api/v1/directories/0oaDirectory000000001/groups'
    const change = (action: string, id = group) =>
      org.post(`${root}/modify`, { id, parameters: { action, attribute: 'member', values: [user.id] } })
    expect((await change('ADD', 'none')).status).toBe(404)
    expect((await change('ADD')).status).toBe(200)
    expect(idsOf((await org.get(`/api/v1/groups/${group}/users`)).body)).toEqual([user.id])
    expect((await change('REMOVE')).status).toBe(200)
    expect((await org.get(`/api/v1/groups/${group}/users`)).body).toEqual([])
    expect((await org.post(`${root}/${group}/query`)).status).toBe(400)
    const asked = await org.post(`${root}/${group}/query`, { attributes: ['description'] })
    expect(asked.status).toBe(202)
    const result = await org.get(`${root}/${group}/query/${asked.body.resultId}`)
    expect(result.body).toEqual({ id: group, profile: { description: 'From AD' } })
    expect((await org.get(`${root}/${group}/query/none`)).status).toBe(404)
  })
})

it('personal apps are kept apart by e-mail domain', async () => {
  const root = '/okta-personal-settings/api/v1'
  expect((await org.get(`${root}/export-blocklists`)).body.domains).toEqual([])
  expect((await org.put(`${root}/export-blocklists`, {})).status).toBe(400)
  expect((await org.put(`${root}/export-blocklists`, { domains: ['mail.test'] })).status).toBe(204)
  expect((await org.get(`${root}/export-blocklists`)).body.domains).toEqual(['mail.test'])
  expect((await org.put(`${root}/edit-feature`, { enableExportApps: true, enableEnduserEntryPoints: false })).status).toBe(204) // biome-ignore format: one row
})

it('each caller has a share of the rate limits', async () => {
  const app = await org.post('/api/v1/apps', {
    name: 'oidc_client',
    label: 'Busy',
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: {} },
    settings: { oauthClient: { application_type: 'service', grant_types: ['client_credentials'], response_types: ['token'] } }, // biome-ignore format: one row
  })
  const body = { principalId: app.body.id, principalType: 'OAUTH_CLIENT', defaultPercentage: 20, defaultConcurrencyPercentage: 30 } // biome-ignore format: one row
  const filter = encodeURIComponent(`principalType eq "OAUTH_CLIENT" and principalId eq "${app.body.id}"`)
  const list = async () => (await org.get(`/api/v1/principal-rate-limits?filter=${filter}`)).body
  const [made] = await list()
  expect(made).toMatchObject({ ...body, defaultPercentage: 50, defaultConcurrencyPercentage: 50 })
  const path = `/api/v1/principal-rate-limits/${made.id}`
  expect((await org.put(path, body)).body).toMatchObject(body)
  expect((await org.put(path, { ...body, defaultPercentage: 120 })).status).toBe(400)
  // There is one for each, from the beginning.
  expect((await org.post('/api/v1/principal-rate-limits', body)).status).toBe(400)
  await org.post(`/api/v1/apps/${app.body.id}/lifecycle/deactivate`)
  await org.delete(`/api/v1/apps/${app.body.id}`)
  expect(await list()).toEqual([])
})

describe('hooks', () => {
  let listener: Server
  let uri: string
  const heard: string[] = []
  beforeAll(async () => {
    listener = createServer(async (request, response) => {
      let body = ''
      for await (const part of request) body += part
      heard.push(body)
      const commands = [{ type: 'com.okta.action.update', value: { credential: 'VERIFIED' } }]
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ commands }))
    })
    await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done))
    uri = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hook`
  })
  afterAll(() => void listener.close())
  const channel = (at: string) => ({ type: 'HTTP', version: '1.0.0', config: { uri: at, method: 'POST', authScheme: { type: 'HEADER', key: 'authorization', value: 'k' }, headers: [] } }) // biome-ignore format: one row

  it('of events are listed and switched on again', async () => {
    const body = {
      name: 'Ears',
      events: { type: 'EVENT_TYPE', items: ['user.lifecycle.create'] },
      channel: channel(uri),
    }
    const { id } = (await org.post('/api/v1/eventHooks', body)).body
    const path = `/api/v1/eventHooks/${id}`
    expect((await org.post(`${path}/lifecycle/deactivate`)).body.status).toBe('INACTIVE')
    expect((await org.post(`${path}/lifecycle/activate`)).body.status).toBe('ACTIVE')
    expect(idsOf((await org.get('/api/v1/eventHooks')).body)).toEqual([id])
  })

  it('in line are changed in part, and tried with a made-up question', async () => {
    const body = { name: 'Import', type: 'com.okta.user.credential.password.import', version: '1.0.0', channel: channel('https://nobody.test') } // biome-ignore format: one row
    const { id } = (await org.post('/api/v1/inlineHooks', body)).body
    const path = `/api/v1/inlineHooks/${id}`
    const changed = await org.post(path, { name: 'Imports', channel: channel(uri) })
    expect(changed.body).toMatchObject({ id, name: 'Imports', type: body.type })
    expect(changed.body.channel.config.uri).toBe(uri)
    const question = { eventType: body.type, data: { context: { credential: { username: 'a', password: 'b' } } } }
    const tried = await org.post(`${path}/execute`, question)
    expect(tried.body.commands).toMatchObject([{ value: { credential: 'VERIFIED' } }])
    expect(heard.at(-1)).toContain('"username":"a"')
    expect((await org.post('/api/v1/inlineHooks/none/execute', question)).status).toBe(404)
  })
})
