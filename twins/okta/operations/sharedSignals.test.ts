import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, decodeJwt, jwtVerify, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Org, openOrg, refused } from '../testing.ts'

/** Security events, sent to a receiver that listens and taken from a transmitter. */
let org: Org
let receiver: Server
let address: string
const received: { body: string; authorization: string | undefined }[] = []

beforeAll(async () => {
  org = await openOrg()
  receiver = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    received.push({ body, authorization: request.headers.authorization })
    response.writeHead(202).end()
  })
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/events`
})
afterAll(async () => {
  receiver.close()
  await org.close()
})

const STREAM = '/api/v1/ssf/stream'
const REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked'
const CHANGED = 'https://schemas.openid.net/secevent/caep/event-type/credential-change'
const stream = () => ({
  delivery: { method: 'urn:ietf:rfc:8935', endpoint_url: address, authorization_header: 'Bearer s3cret' },
  events_requested: [REVOKED],
})

it('a stream is one, and is verified by an event its receiver can check', async () => {
  const metadata = (await org.as(undefined).get('/.well-known/ssf-configuration')).body
  expect(metadata).toMatchObject({ issuer: org.url, configuration_endpoint: org.url + STREAM })
  expect((await org.get(STREAM)).body).toEqual([])
  expect((await org.post(STREAM, { ...stream(), events_requested: [] })).status).toBe(400)
  const made = await org.post(STREAM, stream())
  expect(made).toMatchObject({
    status: 201,
    body: { iss: org.url, events_requested: [REVOKED], events_delivered: [REVOKED] },
  })
  expect(JSON.stringify(made.body)).not.toContain('s3cret')
  const id = made.body.stream_id
  expect((await org.post(STREAM, stream())).status).toBe(409)
  expect((await org.get(`${STREAM}?stream_id=${id}`)).body).toEqual(made.body)
  expect((await org.get(`${STREAM}/status?stream_id=${id}`)).body).toEqual({ stream_id: id, status: 'enabled' })
  expect((await org.get(`${STREAM}/status?stream_id=none`)).status).toBe(404)

  expect((await org.post(`${STREAM}/verification`, { stream_id: id, state: 'abc' })).status).toBe(204)
  await org.world.multiverse.outbox.settle(org.world.universe)
  expect(received[0]?.authorization).toBe('Bearer s3cret')
  const jwks = (await org.as(undefined).get(new URL(metadata.jwks_uri).pathname)).body
  const { payload } = await jwtVerify(received[0]?.body as string, createLocalJWKSet(jwks), { issuer: org.url })
  expect(JSON.stringify(payload.events)).toContain('"state":"abc"')

  const changed = await org.patch(STREAM, { stream_id: id, events_requested: [REVOKED, CHANGED] })
  expect(changed.body).toMatchObject({ events_requested: [REVOKED, CHANGED], delivery: { endpoint_url: address } })
  const replaced = await org.put(STREAM, { ...stream(), stream_id: id, events_requested: [CHANGED] })
  expect(replaced.body.events_delivered).toEqual([CHANGED])
  expect((await org.delete(`${STREAM}?stream_id=${id}`)).status).toBe(204)
  expect((await org.get(STREAM)).body).toEqual([])
})

it('a transmitter is known by its issuer before its events are taken', async () => {
  const secret = new TextEncoder().encode('a secret of at least thirty-two bytes')
  const token = await new SignJWT({ events: {} })
    .setProtectedHeader({ alg: 'HS256', typ: 'secevent+jwt' })
    .setIssuer('https://transmitter.test')
    .sign(secret)
  expect(decodeJwt(token).iss).toBe('https://transmitter.test')
  const publish = () =>
    org
      .as(undefined)
      .call('POST', '/security/api/v1/security-events', token, { 'content-type': 'application/secevent+jwt' })
  expect(await publish()).toMatchObject({ status: 400, body: { err: 'invalid_issuer' } })

  const providers = '/api/v1/security-events-providers'
  const body = {
    name: 'Watcher',
    type: 'okta',
    settings: { issuer: 'https://transmitter.test', jwks_url: 'https://transmitter.test/keys' },
  }
  expect(await org.post(providers, { name: 'Nothing' })).toMatchObject(refused(400, 'E0000001'))
  const made = await org.post(providers, body)
  expect(made.body).toMatchObject({ ...body, status: 'ACTIVE' })
  expect((await publish()).status).toBe(202)
  const path = `${providers}/${made.body.id}`
  expect((await org.put(path, { ...body, name: 'Guard' })).body.name).toBe('Guard')
  expect((await org.post(`${path}/lifecycle/deactivate`)).body.status).toBe('INACTIVE')
  expect((await org.get(providers)).body).toMatchObject([{ name: 'Guard', status: 'INACTIVE' }])
  expect(await publish()).toMatchObject({ status: 400, body: { err: 'invalid_issuer' } })
  expect((await org.post(`${path}/lifecycle/activate`)).body.status).toBe('ACTIVE')
  expect((await org.delete(path)).status).toBe(204)
  expect((await org.get(path)).status).toBe(404)
})
