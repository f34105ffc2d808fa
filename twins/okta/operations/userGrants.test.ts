import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gone, member, type Org, openOrg, signIn, webApp } from '../testing.ts'

/** Consents and refresh tokens, seen and taken back from the side of the user, the app and the server. */
const LOGIN = 'tove.ek@acme.test'
let org: Org
let app: Awaited<ReturnType<typeof webApp>>
let clientId: string
let secret: string
let userId: string
let user: string
let server: { id: string }

beforeAll(async () => {
  org = await openOrg()
  app = await webApp(org, 'Tokens', { consent_method: 'REQUIRED' })
  clientId = app.credentials.oauthClient.client_id
  secret = app.credentials.oauthClient.client_secret
  userId = (await member(org, LOGIN, app.id)).id
  user = `/api/v1/users/${userId}`
  const servers = (await org.get('/api/v1/authorizationServers')).body
  server = servers.find((one: { name: string }) => one.name === 'default')
})
afterAll(() => org.close())

const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)
const SCOPE = 'openid email offline_access'
const tokensOn = async (path = '/default') => (await signIn(org, app, LOGIN, SCOPE, path)).refresh_token as string
/** Whether a refresh token still gives access tokens. */
const works = async (refresh_token: string, path = '/default') => {
  const fields = {
    grant_type: 'refresh_token',
    refresh_token,
    client_id: clientId,
    client_secret: secret,
    scope: SCOPE,
  }
  return (await org.as(undefined).post(`/oauth2${path}/v1/token`, new URLSearchParams(fields))).status === 200
}

describe('refresh tokens', () => {
  const paths = (): [string, string][] => [
    ['the user', `${user}/clients/${clientId}/tokens`],
    ['the app', `/api/v1/apps/${app.id}/tokens`],
    ['the server', `/api/v1/authorizationServers/${server.id}/clients/${clientId}/tokens`],
  ]

  it('are the same from every side, and die one by one', async () => {
    for (const [side, path] of paths()) {
      const token = await tokensOn()
      const [listed, ...others] = (await org.get(path)).body
      expect([side, others]).toEqual([side, []])
      expect(listed).toMatchObject({ status: 'ACTIVE', clientId, userId, scopes: SCOPE.split(' ') })
      expect(listed.issuer).toBe(`${org.url}/oauth2/default`)
      const one = `${path}/${listed.id}`
      expect((await org.get(one)).body).toEqual(listed)
      expect((await org.get(new URL(listed._links.revoke.href).pathname)).body).toEqual(listed)
      expect(await works(token)).toBe(true)
      expect((await org.delete(one)).status).toBe(204)
      expect([side, await works(token)]).toEqual([side, false])
      expect((await org.get(one)).body.errorCode).toBe('E0000007')
    }
    expect(await org.get(`/api/v1/apps/${app.id}/tokens/none`)).toMatchObject(
      gone(`${app.id}.none`, 'OAuth2RefreshTokenTx'),
    )
  })

  it('die all at once', async () => {
    for (const [side, path] of paths()) {
      const tokens = [await tokensOn(), await tokensOn()]
      expect((await org.get(path)).body).toHaveLength(2)
      const first = await org.get(`${path}?limit=1`)
      expect(first.body).toHaveLength(1)
      expect(first.headers.get('link')).toContain('rel="next"')
      expect((await org.delete(path)).status).toBe(204)
      expect([side, await works(tokens[0] as string), await works(tokens[1] as string)]).toEqual([side, false, false])
      expect((await org.get(path)).body).toEqual([])
    }
  })

  it("of another server are not this server's", async () => {
    await tokensOn('')
    expect((await org.get(`${user}/clients/${clientId}/tokens`)).body).toHaveLength(1)
    expect((await org.get(`/api/v1/authorizationServers/${server.id}/clients/${clientId}/tokens`)).body).toEqual([])
    await org.delete(`${user}/clients/${clientId}/tokens`)
  })

  it('name the clients somebody uses', async () => {
    await tokensOn()
    expect((await org.get(`${user}/clients`)).body).toMatchObject([{ client_id: clientId, client_name: 'Tokens' }])
    await org.delete(`${user}/clients/${clientId}/tokens`)
    expect((await org.get(`${user}/clients`)).body).toEqual([])
  })
})

describe('grants', () => {
  it('are one per scope, whatever number of tokens, and end the tokens that use them', async () => {
    const tokens = [await tokensOn(), await tokensOn()]
    const all = (await org.get(`${user}/grants`)).body
    expect(all).toHaveLength(3)
    expect(all[0]).toMatchObject({ status: 'ACTIVE', clientId, userId, source: 'END_USER', _links: { user: {} } })
    expect((await org.get(`${user}/clients/${clientId}/grants`)).body).toEqual(all)
    const grant = `${user}/grants/${all[1].id}`
    expect((await org.get(grant)).body).toEqual(all[1])
    expect((await org.get(`${grant}?expand=scope`)).body._embedded.scope.name).toBe('email')
    expect((await org.delete(grant)).status).toBe(204)
    expect([await works(tokens[0] as string), await works(tokens[1] as string)]).toEqual([false, false])
    expect(await org.get(grant)).toMatchObject(gone(all[1].id, 'OAuth2ScopeConsentGrant'))
    expect(await org.delete(grant)).toMatchObject(gone(all[1].id, 'OAuth2ScopeConsentGrant'))
    const [event] = (await org.events('app.oauth2.as.consent.revoke.user')).slice(-1)
    expect(idsOf(event?.target ?? [])).toEqual([userId, app.id])
  })

  it('are taken back for a client, or altogether', async () => {
    let token = await tokensOn()
    expect((await org.delete(`${user}/clients/${clientId}/grants`)).status).toBe(204)
    expect(await works(token)).toBe(false)
    token = await tokensOn()
    expect((await org.delete(`${user}/grants`)).status).toBe(204)
    expect([await works(token), (await org.get(`${user}/grants`)).body]).toEqual([false, []])
  })

  it('are not asked for by trusted apps', async () => {
    const trusted = await webApp(org, 'Trusted')
    await org.post(`/api/v1/apps/${trusted.id}/users`, { id: userId, scope: 'USER' })
    await signIn(org, trusted, LOGIN, SCOPE, '/default')
    expect((await org.get(`${user}/grants`)).body).toEqual([])
  })
})
