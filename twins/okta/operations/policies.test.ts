import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gone, member, type Org, openOrg, refused, signIn, webApp } from '../testing.ts'

/** Policies that are copied, mapped and tried out; authorization servers with their keys and friends. */
let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())
const POLICIES = '/api/v1/policies'
const SERVERS = '/api/v1/authorizationServers'
const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)
const namesOf = (rows: { name: string }[]) => rows.map(({ name }) => name)

describe('policies', () => {
  const policy = async (name: string) => (await org.post(POLICIES, { type: 'ACCESS_POLICY', name })).body

  it('of apps are copied with their rules, and tell which apps they guard', async () => {
    const original = await policy('Guards')
    const rule = await org.post(`${POLICIES}/${original.id}/rules`, {
      type: 'ACCESS_POLICY',
      name: 'Denied',
      actions: { appSignOn: { access: 'DENY', verificationMethod: { type: 'ASSURANCE', factorMode: '1FA' } } },
    })
    expect(rule.status).toBe(200)
    const clone = (await org.post(`${POLICIES}/${original.id}/clone`)).body
    expect(clone).toMatchObject({ name: '[cloned] Guards', type: 'ACCESS_POLICY', system: false })
    expect(clone.id).not.toBe(original.id)
    expect(namesOf((await org.get(`${POLICIES}/${clone.id}/rules`)).body)).toContain('Denied')
    const app = await webApp(org, 'Guarded')
    expect((await org.put(`/api/v1/apps/${app.id}/policies/${clone.id}`)).status).toBe(204)
    expect(idsOf((await org.get(`${POLICIES}/${clone.id}/app`)).body)).toEqual([app.id])
    const mappings = `${POLICIES}/${clone.id}/mappings`
    const [mapping] = (await org.get(mappings)).body
    expect(mapping._links.application.href).toBe(`${org.url}/api/v1/apps/${app.id}`)
    const one = `${mappings}/${mapping.id}`
    expect((await org.get(one)).body).toEqual(mapping)
    expect((await org.post(mappings, { resourceId: app.id, resourceType: 'ACCESS_POLICY' })).status).toBe(400)
    expect((await org.delete(one)).status).toBe(204)
    expect((await org.get(mappings)).body).toEqual([])
    expect((await org.get(one)).status).toBe(404)
  })

  it('and rules are switched off and on', async () => {
    const everyone = (await org.get('/api/v1/groups?q=Everyone')).body[0].id
    const conditions = { people: { groups: { include: [everyone] } } }
    const made = (await org.post(POLICIES, { type: 'OKTA_SIGN_ON', name: 'Doors', conditions })).body
    const path = `${POLICIES}/${made.id}`
    const rule = (
      await org.post(`${path}/rules`, { type: 'SIGN_ON', name: 'Open', actions: { signon: { access: 'ALLOW' } } })
    ).body
    for (const [name, at] of [
      ['policy', path],
      ['rule', `${path}/rules/${rule.id}`],
    ] as const) {
      expect([name, (await org.post(`${at}/lifecycle/deactivate`)).status]).toEqual([name, 204])
      expect([name, (await org.get(at)).body.status]).toEqual([name, 'INACTIVE'])
      expect([name, (await org.post(`${at}/lifecycle/activate`)).status]).toEqual([name, 204])
      expect([name, (await org.get(at)).body.status]).toEqual([name, 'ACTIVE'])
    }
    expect((await org.events('policy.lifecycle.deactivate')).at(-1)?.target?.[0]?.id).toBe(made.id)
    const [system] = (await org.get(`${POLICIES}?type=PASSWORD`)).body
    expect((await org.delete(`${POLICIES}/${system.id}`)).status).toBeGreaterThanOrEqual(400)
    await org.delete(path)
  })

  it('of apps number their rules as asked, and push on who holds a number', async () => {
    const { id } = (await org.post(POLICIES, { type: 'ACCESS_POLICY', name: 'Numbered' })).body
    const path = `${POLICIES}/${id}/rules`
    const rule = (name: string, priority: number) => ({ type: 'ACCESS_POLICY', name, priority })
    const made: Record<string, string> = {}
    for (const [index, name] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      made[name] = (await org.post(path, rule(name, index + 1))).body.id
    }
    const numbers = async () =>
      Object.fromEntries((await org.get(path)).body.map((one: { name: string; priority: number }) => [one.name, one.priority])) // biome-ignore format: one row
    const replace = (name: string, priority: number) => org.put(`${path}/${made[name]}`, rule(name, priority))
    // As recorded: whoever is replaced still holds its old number while the others are pushed on.
    expect((await replace('c', 1)).body.priority).toBe(1)
    expect(await numbers()).toMatchObject({ c: 1, a: 2, b: 3, d: 5, e: 6 })
    await replace('d', 2)
    expect(await numbers()).toMatchObject({ c: 1, d: 2, a: 3, b: 4, e: 6 })
    await replace('a', 3)
    expect(await numbers()).toMatchObject({ c: 1, d: 2, a: 3, b: 5, e: 6, 'Catch-all Rule': 99 })
    const { priority: _, ...unnumbered } = rule('e', 0)
    expect((await org.put(`${path}/${made.e}`, unnumbered)).body.priority).toBe(7)
  })

  it('of registration ask for what their one rule names, and for nothing else', async () => {
    const [policy] = (await org.get(`${POLICIES}?type=PROFILE_ENROLLMENT`)).body
    const [rule] = (await org.get(`${POLICIES}/${policy.id}/rules`)).body
    expect(rule.actions.profileEnrollment.enrollAuthenticatorTypes).toEqual(['password'])
    const actions = { profileEnrollment: { unknownUserAction: 'REGISTER' } }
    const path = `${POLICIES}/${policy.id}/rules/${rule.id}`
    const { profileEnrollment } = (await org.put(path, { ...rule, actions })).body.actions
    expect(profileEnrollment).toMatchObject({ unknownUserAction: 'REGISTER', access: 'ALLOW', profileAttributes: [] })
    expect(profileEnrollment).not.toHaveProperty('enrollAuthenticatorTypes')
  })

  it('of enrollment may speak of factors, whose consent is none', async () => {
    const settings = { type: 'FACTORS', factors: { okta_email: { enroll: { self: 'REQUIRED' } } } }
    const { body } = await org.post(POLICIES, { type: 'MFA_ENROLL', name: 'Factors', settings })
    expect(body.settings.factors).toEqual({ okta_email: { consent: { type: 'NONE' }, enroll: { self: 'REQUIRED' } } })
  })

  it('are tried out without signing anybody in', async () => {
    const group = (await org.post('/api/v1/groups', { profile: { name: 'Tried' } })).body.id
    const conditions = { people: { groups: { include: [group] } } }
    const made = (await org.post(POLICIES, { type: 'OKTA_SIGN_ON', name: 'For the tried', conditions })).body
    await org.post(`${POLICIES}/${made.id}/rules`, {
      type: 'SIGN_ON',
      name: 'R1',
      actions: { signon: { access: 'DENY' } },
    })
    const app = await webApp(org, 'Simulated')
    const simulate = async (ids: string[], expand = '') =>
      (
        await org.post(`${POLICIES}/simulate${expand}`, [
          { policyTypes: ['OKTA_SIGN_ON'], appInstance: app.id, policyContext: { user: { id: 'x' }, groups: { ids } } },
        ])
      ).body.evaluation
    const [hit] = await simulate([group])
    expect(hit).toMatchObject({ policyType: 'OKTA_SIGN_ON', evaluated: { policies: [] } })
    expect(hit.result.policies).toMatchObject([{ id: made.id, rules: [{ name: 'R1', status: 'MATCH' }] }])
    const [miss] = await simulate([])
    expect(namesOf(miss.result.policies)).toEqual(['Default Policy'])
    const [expanded] = await simulate([group], '?expand=EVALUATED')
    expect(expanded.evaluated.policies).toMatchObject([{ id: made.id }])
    expect((await org.post(`${POLICIES}/simulate`, {})).status).toBe(400)
  })
})

describe('an authorization server', () => {
  const server = async (name: string) =>
    (await org.post(SERVERS, { name, description: name, audiences: [`api://${name}`] })).body.id as string

  it('may have the name of another', async () => {
    expect(await server('namesake')).not.toBe(await server('namesake'))
  })

  it('is switched, with its policies and rules', async () => {
    const path = `${SERVERS}/${await server('switched')}`
    const policy = (
      await org.post(`${path}/policies`, {
        type: 'OAUTH_AUTHORIZATION_POLICY',
        name: 'P',
        description: 'P',
        conditions: { clients: { include: ['ALL_CLIENTS'] } },
      })
    ).body
    const policies = `${path}/policies/${policy.id}`
    const rule = (
      await org.post(`${policies}/rules`, {
        type: 'RESOURCE_ACCESS',
        name: 'R',
        conditions: { people: { groups: { include: ['EVERYONE'] } }, grantTypes: { include: ['password'] }, scopes: { include: ['*'] } }, // biome-ignore format: one row
        actions: { token: { accessTokenLifetimeMinutes: 60 } },
      })
    ).body
    expect(idsOf((await org.get(`${policies}/rules`)).body)).toEqual([rule.id])
    for (const at of [`${policies}/rules/${rule.id}`, policies, path]) {
      expect([at, (await org.post(`${at}/lifecycle/deactivate`)).status]).toEqual([at, 204])
      expect([at, (await org.get(at)).body.status]).toEqual([at, 'INACTIVE'])
      expect([at, (await org.post(`${at}/lifecycle/activate`)).status]).toEqual([at, 204])
      expect([at, (await org.get(at)).body.status]).toEqual([at, 'ACTIVE'])
    }
    expect((await org.post(`${path}/lifecycle/explode`)).status).toBe(404)
    const claims = (await org.get(`${path}/claims`)).body
    expect(namesOf(claims)).toContain('sub')
  })

  it('turns its keys: what was next signs, and what signed is still believed', async () => {
    const id = await server('turning')
    const keys = `${SERVERS}/${id}/credentials/keys`
    const byStatus = async () =>
      Object.fromEntries(
        (await org.get(keys)).body.map((key: { status: string; kid: string }) => [key.status, key.kid]),
      )
    const before = await byStatus()
    expect(Object.keys(before)).toEqual(expect.arrayContaining(['ACTIVE', 'NEXT']))
    expect((await org.get(`${keys}/${before.ACTIVE}`)).body).toMatchObject({ kid: before.ACTIVE, status: 'ACTIVE' })
    expect((await org.get(`${keys}/none`)).status).toBe(404)
    const rotate = `${SERVERS}/${id}/credentials/lifecycle/keyRotate`
    expect((await org.post(rotate, { use: 'enc' })).status).toBe(400)
    expect((await org.post(rotate, { use: 'sig' })).status).toBe(200)
    const after = await byStatus()
    expect([after.ACTIVE, after.EXPIRED]).toEqual([before.NEXT, before.ACTIVE])
    const published = (await org.as(undefined).get(`/oauth2/${id}/v1/keys`)).body.keys
    expect(published.map((key: { kid: string }) => key.kid)).toEqual(
      expect.arrayContaining([before.ACTIVE, after.ACTIVE]),
    )
  })

  it('tokens name the key that signed them', async () => {
    const app = await webApp(org, 'Signed')
    await member(org, 'signed@acme.test', app.id)
    const { access_token } = await signIn(org, app, 'signed@acme.test', 'openid', '/default')
    const { kid } = JSON.parse(Buffer.from(access_token.split('.')[0] as string, 'base64url').toString())
    const keys = (await org.get(`${SERVERS}/default/credentials/keys`)).body
    expect(keys).toContainEqual(expect.objectContaining({ kid, status: 'ACTIVE' }))
  })

  it('trusts others by name', async () => {
    const [id, friend, stranger] = [await server('host'), await server('friend'), await server('stranger')]
    const path = `${SERVERS}/${id}/associatedServers`
    const listed = async (query: string) => idsOf((await org.get(`${path}?${query}`)).body)
    expect(await listed('trusted=true')).toEqual([])
    expect((await org.post(path, { trusted: ['none'] })).status).toBe(404)
    expect(idsOf((await org.post(path, { trusted: [friend] })).body)).toEqual([friend])
    expect(await listed('trusted=true')).toEqual([friend])
    const others = await listed('trusted=false')
    expect(others).toContain(stranger)
    expect(others).not.toContain(friend)
    expect(await listed('trusted=true&q=stra')).toEqual([])
    expect((await org.delete(`${path}/${friend}`)).status).toBe(204)
    expect(await org.delete(`${path}/${friend}`)).toMatchObject(gone(friend, 'AuthorizationServer'))
  })

  it('keeps keys of those who read its tokens: five at most, one of them active', async () => {
    const keys = `${SERVERS}/${await server('encrypting')}/resourceservercredentials/keys`
    const key = (kid: string, bits = 2048) => {
      const { n, e } = generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' })
      return { kty: 'RSA', use: 'enc', kid, n, e, status: 'INACTIVE' }
    }
    const refuse = (cause: string) => refused(400, 'E0000001', { summary: 'Api validation failed: JsonWebKey', causes: [cause] }) // biome-ignore format: one row
    expect(await org.post(keys, { ...key('a'), status: 'ACTIVE' })).toMatchObject(
      refuse("Keys cannot be created with an 'ACTIVE' status. Create an 'INACTIVE' key and then activate it."),
    )
    expect((await org.post(keys, key('weak', 1024))).body.errorCauses[0].errorSummary).toContain('RSA key length')
    const first = (await org.post(keys, key('a'))).body
    expect(await org.post(keys, key('a'))).toMatchObject(refuse("Each key must have a unique 'kid'."))
    const second = (await org.post(keys, key('b'))).body
    const status = async (id: string) => (await org.get(`${keys}/${id}`)).body.status
    await org.post(`${keys}/${first.id}/lifecycle/activate`)
    expect((await org.post(`${keys}/${second.id}/lifecycle/activate`)).body.status).toBe('ACTIVE')
    expect([await status(first.id), await status(second.id)]).toEqual(['INACTIVE', 'ACTIVE'])
    expect((await org.delete(`${keys}/${second.id}`)).status).toBe(400)
    expect((await org.post(`${keys}/${second.id}/lifecycle/deactivate`)).body.status).toBe('INACTIVE')
    expect((await org.delete(`${keys}/${second.id}`)).status).toBe(204)
    expect((await org.get(keys)).body).toHaveLength(1)
    for (const kid of ['c', 'd', 'e', 'f']) expect((await org.post(keys, key(kid))).status).toBe(201)
    expect((await org.post(keys, key('g'))).body.errorCauses[0].errorSummary).toContain('maximum number of keys')
  })
})

describe('clients that register themselves', () => {
  const CLIENTS = '/oauth2/v1/clients'
  const redirect_uris = ['https://app.test/callback']

  it('are apps: what one API makes, the other sees', async () => {
    expect((await org.post(CLIENTS, { redirect_uris })).status).toBe(400)
    const made = await org.post(CLIENTS, {
      client_name: 'Registered',
      application_type: 'web',
      redirect_uris,
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'client_secret_post',
    })
    expect(made).toMatchObject({ status: 201, body: { client_name: 'Registered', redirect_uris } })
    const { client_id, client_secret } = made.body
    expect(client_secret).toBeTruthy()
    const path = `${CLIENTS}/${client_id}`
    const read = (await org.get(path)).body
    expect(read).toMatchObject({ client_id, client_name: 'Registered' })
    expect(read).not.toHaveProperty('client_secret')
    const listed = (await org.get(`${CLIENTS}?q=regis`)).body
    expect(listed.map((one: { client_id: string }) => one.client_id)).toEqual([client_id])
    expect((await org.get(`/api/v1/apps/${client_id}`)).body.label).toBe('Registered')
    const replaced = await org.put(path, { ...read, client_name: 'Renamed' })
    expect(replaced.body).toMatchObject({ client_id, client_name: 'Renamed', redirect_uris })
    expect((await org.get(`/api/v1/apps/${client_id}`)).body.label).toBe('Renamed')
    const fresh = (await org.post(`${path}/lifecycle/newSecret`)).body.client_secret
    const introspect = async (secret: string) => {
      const fields = new URLSearchParams({ client_id, client_secret: secret, token: 'x' })
      return (await org.as(undefined).post('/oauth2/v1/introspect', fields)).status
    }
    expect([await introspect(client_secret), await introspect(fresh)]).toEqual([401, 200])
    expect((await org.delete(path)).status).toBe(204)
    expect(await org.get(path)).toMatchObject(gone(client_id, 'PublicClientApp'))
    expect((await org.get(`/api/v1/apps/${client_id}`)).status).toBe(404)
  })
})
