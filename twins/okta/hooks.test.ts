import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'

/** Event hooks and inline hooks against a server that listens. */
let world: World
let listener: Server
let address: string
const received: { method: string; headers: Record<string, unknown>; body: string }[] = []
let answer: (body: string) => { status: number; body: string } = () => ({ status: 200, body: '{}' })

beforeAll(async () => {
  world = await openWorld({ twins: ['okta'], fixture: 'blank' })
  listener = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      received.push({ method: request.method ?? '', headers: request.headers, body })
      const challenge = request.headers['x-okta-verification-challenge']
      const reply = challenge ? { status: 200, body: JSON.stringify({ verification: challenge }) } : answer(body)
      response.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.body)
    })
  })
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done))
  address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hook`
})
afterAll(async () => {
  listener.close()
  await world.close()
})

const admin = async (method: string, path: string, body?: object) => {
  const reply = await world.fetch('okta', path, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  return { status: reply.status, body: text ? JSON.parse(text) : undefined }
}

const channel = {
  type: 'HTTP',
  version: '1.0.0',
  config: { uri: '', authScheme: { type: 'HEADER', key: 'Authorization', value: 's3cret' } },
}
const at = (uri: string) => ({ ...channel, config: { ...channel.config, uri } })

const until = async (done: () => boolean) => {
  for (let i = 0; i < 100 && !done(); i++) await new Promise((next) => setTimeout(next, 20))
}

describe('an event hook', () => {
  it.each([
    ['that answers something else', 'http://localhost:1/', 400],
    ['that may not be reached from here', 'https://hooks.acme.test/okta', 200],
  ])('at an address %s answers its verification with %s: %i', async (name, uri, status) => {
    const made = await admin('POST', '/api/v1/eventHooks', {
      name,
      events: { type: 'EVENT_TYPE', items: ['group.lifecycle.create'] },
      channel: at(uri),
    })
    expect((await admin('POST', `/api/v1/eventHooks/${made.body.id}/lifecycle/verify`)).status).toBe(status)
  })

  it('proves itself, then hears of what it asked for', async () => {
    const made = await admin('POST', '/api/v1/eventHooks', {
      name: 'Groups',
      events: { type: 'EVENT_TYPE', items: ['group.lifecycle.create'] },
      channel: at(address),
    })
    expect(made.body).toMatchObject({ status: 'ACTIVE', verificationStatus: 'UNVERIFIED' })
    expect(JSON.stringify(made.body)).not.toContain('s3cret')
    const verified = await admin('POST', `/api/v1/eventHooks/${made.body.id}/lifecycle/verify`)
    expect(verified.body).toMatchObject({ verificationStatus: 'VERIFIED' })
    received.length = 0
    await admin('POST', '/api/v1/groups', { profile: { name: 'Divers' } })
    await until(() => received.length > 0)
    expect(received[0]?.headers.authorization).toBe('s3cret')
    const delivered = JSON.parse(received[0]?.body ?? '{}')
    expect(delivered).toMatchObject({
      eventType: 'com.okta.event_hook',
      cloudEventsVersion: '0.1',
      contentType: 'application/json',
    })
    expect(delivered.data.events[0]).toMatchObject({
      eventType: 'group.lifecycle.create',
      outcome: { result: 'SUCCESS' },
    })
  })

  it('must be off before it goes', async () => {
    const made = await admin('POST', '/api/v1/eventHooks', {
      name: 'Brief',
      events: { type: 'EVENT_TYPE', items: ['user.lifecycle.create'] },
      channel: at(address),
    })
    const path = `/api/v1/eventHooks/${made.body.id}`
    expect((await admin('DELETE', path)).status).toBe(400)
    expect((await admin('POST', `${path}/lifecycle/deactivate`)).body.status).toBe('INACTIVE')
    expect((await admin('DELETE', path)).status).toBe(204)
    expect((await admin('GET', path)).body.errorSummary).toBe(
      `Not found: Resource not found: ${made.body.id} (Webhook)`,
    )
  })
})

describe('a token hook', () => {
  it('adds a claim; a broken answer is passed over; an error refuses', async () => {
    const hook = await admin('POST', '/api/v1/inlineHooks', {
      name: 'Claims',
      type: 'com.okta.oauth2.tokens.transform',
      version: '1.0.0',
      channel: at(address),
    })
    const server = await admin('POST', '/api/v1/authorizationServers', {
      name: 'Hooked',
      description: 'x',
      audiences: ['api://hooked'],
    })
    const root = `/api/v1/authorizationServers/${server.body.id}`
    await admin('POST', `${root}/scopes`, { name: 'read', default: true })
    const policy = await admin('POST', `${root}/policies`, {
      type: 'OAUTH_AUTHORIZATION_POLICY',
      name: 'P',
      description: 'P',
      conditions: { clients: { include: ['ALL_CLIENTS'] } },
    })
    await admin('POST', `${root}/policies/${policy.body.id}/rules`, {
      type: 'RESOURCE_ACCESS',
      name: 'R',
      conditions: { grantTypes: { include: ['client_credentials'] }, scopes: { include: ['*'] } },
      actions: { token: { accessTokenLifetimeMinutes: 60, inlineHook: { id: hook.body.id } } },
    })
    const app = await admin('POST', '/api/v1/apps', {
      name: 'oidc_client',
      label: 'Robot',
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
      settings: {
        oauthClient: { application_type: 'service', grant_types: ['client_credentials'], response_types: ['token'] },
      },
    })
    const { client_id, client_secret } = app.body.credentials.oauthClient
    const token = async () => {
      const reply = await fetch(`${world.access.okta.url}/oauth2/${server.body.id}/v1/token`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`,
        },
        body: 'grant_type=client_credentials',
      })
      return (await reply.json()) as {
        access_token: string
        error?: string
        error_description?: string
        expires_in: number
      }
    }
    const patch = [
      { op: 'add', path: '/claims/plan', value: 'gold' },
      { op: 'replace', path: '/claims/sub', value: 'thief' },
      { op: 'replace', path: '/token/lifetime/expiration', value: 600 },
    ]
    answer = () => ({
      status: 200,
      body: JSON.stringify({ commands: [{ type: 'com.okta.access.patch', value: patch }] }),
    })
    const given = await token()
    expect(decodeJwt(given.access_token)).toMatchObject({
      plan: 'gold',
      sub: client_id,
      aud: 'api://hooked',
      scp: ['read'],
    })
    expect(given.expires_in).toBe(600)
    answer = () => ({ status: 500, body: 'no' })
    expect(decodeJwt((await token()).access_token)).not.toHaveProperty('plan')
    answer = () => ({ status: 200, body: JSON.stringify({ error: { errorSummary: 'no' } }) })
    expect(await token()).toMatchObject({
      error: 'server_error',
      error_description: 'The callback service returned an error.',
    })
  })
})

describe('policies', () => {
  it('make room for each other, and the default stays last', async () => {
    const group = await admin('POST', '/api/v1/groups', { profile: { name: 'Ranked' } })
    const conditions = { people: { groups: { include: [group.body.id] } } }
    const make = (name: string, priority?: number) =>
      admin('POST', '/api/v1/policies', {
        type: 'OKTA_SIGN_ON',
        name,
        description: name,
        conditions,
        ...(priority && { priority }),
      })
    const first = await make('A')
    const second = await make('B', 1)
    const list = await admin('GET', '/api/v1/policies?type=OKTA_SIGN_ON')
    expect(list.body.map((one: { name: string; priority: number }) => [one.name, one.priority])).toEqual([
      ['B', 1],
      ['A', 2],
      ['Default Policy', 3],
    ])
    await admin('DELETE', `/api/v1/policies/${second.body.id}`)
    expect((await admin('GET', `/api/v1/policies/${first.body.id}`)).body.priority).toBe(1)
    expect((await admin('GET', '/api/v1/policies')).body.errorCode).toBe('E0000028')
    const fixed = list.body.at(-1)
    expect((await admin('DELETE', `/api/v1/policies/${fixed.id}`)).status).toBeGreaterThanOrEqual(400)
  })
})

describe('the Authn API', () => {
  it('locks out after ten bad passwords, and says the same to everybody', async () => {
    const profile = { login: 'lea@example.com', email: 'lea@example.com', firstName: 'Lea', lastName: 'Brandt' }
    const user = await admin('POST', '/api/v1/users', {
      profile,
      credentials: { password: { value: 'Copper-Wire-7' } },
    })
    const attempt = async (username: string, password: string) => {
      const reply = await fetch(`${world.access.okta.url}/api/v1/authn`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username, password }),
      })
      return {
        status: reply.status,
        body: (await reply.json()) as { errorCode?: string; status?: string; sessionToken?: string },
      }
    }
    expect(await attempt('lea@example.com', 'Copper-Wire-7')).toMatchObject({
      status: 200,
      body: { status: 'SUCCESS' },
    })
    expect(await attempt('nobody@example.com', 'x')).toMatchObject({ status: 401, body: { errorCode: 'E0000004' } })
    for (let i = 0; i < 10; i++) expect((await attempt('lea@example.com', 'wrong')).status).toBe(401)
    expect((await admin('GET', `/api/v1/users/${user.body.id}`)).body.status).toBe('LOCKED_OUT')
    expect((await attempt('lea@example.com', 'Copper-Wire-7')).status).toBe(401)
    await admin('POST', `/api/v1/users/${user.body.id}/lifecycle/unlock`)
    const { body } = await attempt('lea@example.com', 'Copper-Wire-7')
    const session = await admin('POST', '/api/v1/sessions', { sessionToken: body.sessionToken })
    expect(session.body).toMatchObject({ login: 'lea@example.com', status: 'ACTIVE', amr: ['pwd'] })
    expect((await admin('POST', '/api/v1/sessions', { sessionToken: body.sessionToken })).status).toBe(401)
  })
})
