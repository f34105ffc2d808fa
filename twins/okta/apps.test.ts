import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'

/** Apps as the catalogue and the recorded traffic of infrastructure tools know them. */
let world: World

beforeAll(async () => {
  world = await openWorld({ twins: ['okta'], fixture: 'blank' })
})
afterAll(() => world.close())

async function send(method: string, path: string, body?: object) {
  const reply = await world.fetch('okta', path, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const text = await reply.text()
  return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) }
}
const create = async (body: object) => (await send('POST', '/api/v1/apps', body)).body
const OFFICE = { domain: 'acme.test', msftTenant: 'acme', wsFedConfigureType: 'AUTO', requireAdminConsent: false }
const SAML = {
  ssoAcsUrl: 'https://acme.test/acs',
  audience: 'urn:acme',
  recipient: 'https://acme.test/acs',
  destination: 'https://acme.test/acs',
}

describe('apps of the catalogue', () => {
  it('are named in lower case, whatever was sent', async () => {
    const app = await create({ name: 'Deel', label: 'Deel', signOnMode: 'OPENID_CONNECT' })
    expect(app).toMatchObject({ name: 'deel', visibility: { appLinks: { deel_link: true } } })
    expect(app._links.help.href).toContain('/setup/help/OPENID_CONNECT/external-doc')
  })

  it('keep an empty setting as none', async () => {
    const app = await create({
      name: 'template_swa',
      label: 'Empty',
      signOnMode: 'BROWSER_PLUGIN',
      settings: { app: { url: 'https://acme.test', loginUrlRegex: '' } },
    })
    expect(app.settings.app).toMatchObject({ url: 'https://acme.test', loginUrlRegex: null, checkbox: null })
  })

  it('with WS-Federation set up by itself need the consent of an administrator, but not to fill in passwords', async () => {
    const refused = await send('POST', '/api/v1/apps', {
      name: 'office365',
      label: 'Office',
      signOnMode: 'SAML_1_1',
      settings: { app: OFFICE },
    })
    expect(refused).toMatchObject({ status: 400, body: { errorSummary: 'Api validation failed: settings' } })
    const app = await create({
      name: 'office365',
      label: 'Office',
      signOnMode: 'AUTO_LOGIN',
      settings: { app: OFFICE },
    })
    expect(app).toMatchObject({
      signOnMode: 'BROWSER_PLUGIN',
      licensing: { seatCount: 0 },
      settings: { app: { ...OFFICE, tenantType: null, occSettings: null } },
      universalLogout: { supportType: 'PARTIAL', protocol: 'PROPRIETARY' },
    })
  })

  it.each([
    [
      'a bookmark',
      { name: 'bookmark', signOnMode: 'BOOKMARK', settings: { app: { url: 'https://a.test' } } },
      'UNSUPPORTED',
    ],
    [
      'a client',
      {
        name: 'oidc_client',
        signOnMode: 'OPENID_CONNECT',
        settings: { oauthClient: { application_type: 'service', grant_types: ['client_credentials'] } },
      },
      'DISABLED',
    ],
    ['a SAML app of its own', { signOnMode: 'SAML_2_0', settings: { signOn: SAML } }, 'DISABLED'],
  ])('%s says what universal logout can do', async (label, body, status) => {
    expect((await create({ label, ...body })).universalLogout.status).toBe(status)
  })
})

describe('custom apps', () => {
  it.each(['BOOKMARK', 'BASIC_AUTH', 'BROWSER_PLUGIN', 'SECURE_PASSWORD_STORE', 'OPENID_CONNECT', 'WS_FEDERATION'])(
    'do not sign on by %s: its template is named',
    async (signOnMode) => {
      const refused = await send('POST', '/api/v1/apps', { label: 'Unnamed', signOnMode, settings: {} })
      expect(refused).toMatchObject({ status: 400, body: { errorSummary: 'Api validation failed: name' } })
    },
  )

  it('take the issuer of single logout for the service provider', async () => {
    const slo = { enabled: true, issuer: 'https://acme.test', logoutUrl: 'https://acme.test/logout' }
    const app = await create({ label: 'Logout', signOnMode: 'SAML_2_0', settings: { signOn: { ...SAML, slo } } })
    expect(app.settings.signOn).toMatchObject({ spIssuer: 'https://acme.test', slo })
  })

  it('change where they sign on only while they are active', async () => {
    const body = (loginUrl: string) => ({
      label: 'Automatic',
      signOnMode: 'AUTO_LOGIN',
      settings: { signOn: { loginUrl, redirectUrl: null } },
    })
    const { id } = await create(body('https://acme.test/login'))
    await send('POST', `/api/v1/apps/${id}/lifecycle/deactivate`)
    expect((await send('PUT', `/api/v1/apps/${id}`, body('https://acme.test/login'))).status).toBe(200)
    const refused = await send('PUT', `/api/v1/apps/${id}`, body('https://acme.test/elsewhere'))
    expect(refused).toMatchObject({ status: 400, body: { errorCode: 'E0000024' } })
    expect(refused.body.errorCauses[0].errorSummary).toContain('No active instances')
  })
})

describe('a profile of an app', () => {
  it('is gone when the app is replaced without it', async () => {
    const body = { name: 'bookmark', label: 'Profiled', signOnMode: 'BOOKMARK', settings: {} }
    const { id, profile } = await create({ ...body, profile: { owner: 'Mira' } })
    expect(profile).toEqual({ owner: 'Mira' })
    expect((await send('PUT', `/api/v1/apps/${id}`, body)).body).not.toHaveProperty('profile')
  })
})

describe('keys of an app', () => {
  it('begin with the one of the org when the app signs nothing itself', async () => {
    const { id, credentials } = await create({ name: 'bookmark', label: 'Keys', signOnMode: 'BOOKMARK', settings: {} })
    const keys = (await send('GET', `/api/v1/apps/${id}/credentials/keys`)).body
    const [builtIn] = (await send('GET', '/api/v1/apps?limit=1')).body
    expect(keys.map(({ kid }: { kid: string }) => kid)).toEqual([builtIn.credentials.signing.kid])
    expect(credentials.signing).toEqual({})
  })
})

describe('the key an app signs with', () => {
  it('is changed to another of its own', async () => {
    const body = (kid?: string) => ({
      label: 'Rotating',
      signOnMode: 'SAML_2_0',
      settings: { signOn: SAML },
      ...(kid && { credentials: { signing: { kid } } }),
    })
    const { id, credentials } = await create(body())
    const path = `/api/v1/apps/${id}`
    const { kid } = (await send('POST', `${path}/credentials/keys/generate?validityYears=2`)).body
    expect(kid).not.toBe(credentials.signing.kid)
    expect((await send('PUT', path, body(kid))).body.credentials.signing).toEqual({ kid })
    expect((await send('PUT', path, body())).body.credentials.signing).toEqual({ kid })
    expect((await send('PUT', path, body('nobody'))).status).toBe(404)
  })
})

describe('removing an app', () => {
  it('by its client takes the roles of the client with it', async () => {
    const service = {
      name: 'oidc_client',
      label: 'Leaving',
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { client_id: 'leaving-and-back' } },
      settings: { oauthClient: { application_type: 'service', grant_types: ['client_credentials'] } },
    }
    const client = '/oauth2/v1/clients/leaving-and-back'
    await create(service)
    expect((await send('POST', `${client}/roles`, { type: 'HELP_DESK_ADMIN' })).status).toBe(201)
    expect((await send('DELETE', client)).status).toBe(204)
    expect((await send('GET', `${client}/roles`)).status).toBe(404)
    await create(service)
    expect((await send('GET', `${client}/roles`)).body).toEqual([])
  })
})

describe('a built-in app', () => {
  it('of the catalogue has settings, features and notes; a part of Okta itself has none', async () => {
    const apps = (await send('GET', '/api/v1/apps?limit=6')).body as { name: string }[]
    const named = (name: string) => apps.find((app) => app.name === name)
    const workflows = named('okta_flow_sso') as unknown as { id: string; features: string[]; settings: { app: object } }
    expect(workflows.features).toContain('GROUP_PUSH')
    expect(workflows.settings).toMatchObject({ notes: { admin: null, enduser: null } })
    expect(JSON.stringify(workflows.settings.app)).toContain(`/oidc/${workflows.id}/cb`)
    expect(named('flow')).toMatchObject({ visibility: { autoLaunch: false, hide: { iOS: true, web: true } } })
    expect(named('saasure')).toMatchObject({
      features: [],
      settings: { app: {} },
      visibility: { appLinks: { admin: true } },
    })
    expect(named('saasure')).not.toHaveProperty('settings.notes')
  })

  it('has no page that explains how to set it up', async () => {
    for (const app of (await send('GET', '/api/v1/apps?limit=5')).body) expect(app._links).not.toHaveProperty('help')
  })
})

describe('the client of an app', () => {
  const client = (oauthClient: object) => ({
    name: 'oidc_client',
    label: 'Client',
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient },
    settings: {
      oauthClient: {
        application_type: 'browser',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: ['https://acme.test/callback'],
      },
    },
  })

  it('without a secret proves itself by PKCE', async () => {
    const refused = await send('POST', '/api/v1/apps', {
      ...client({ token_endpoint_auth_method: 'none', pkce_required: false }),
    })
    expect(refused).toMatchObject({ status: 400, body: { errorSummary: 'Api validation failed: pkce_required' } })
  })

  it('gets a secret when it begins to need one, and takes the one it is sent', async () => {
    const { id } = await create(client({ token_endpoint_auth_method: 'none' }))
    const path = `/api/v1/apps/${id}`
    const secrets = async () => (await send('GET', `${path}/credentials/secrets`)).body
    const replaced = async (oauthClient: object) =>
      (await send('PUT', path, client({ token_endpoint_auth_method: 'client_secret_post', ...oauthClient }))).body
        .credentials.oauthClient.client_secret
    expect(await secrets()).toEqual([])
    const first = await replaced({})
    expect(first).toMatch(/^[\w-]{64}$/)
    expect(await replaced({})).toBe(first)
    expect(await replaced({ client_secret: 'a-secret-of-ones-own' })).toBe('a-secret-of-ones-own')
    expect(await secrets()).toMatchObject([{ client_secret: 'a-secret-of-ones-own', status: 'ACTIVE' }])
  })
})

describe('groups of an app', () => {
  it('keep the priority they ask for; who has it moves on, and who asks for none goes last', async () => {
    const { id } = await create({ name: 'bookmark', label: 'Ranked', signOnMode: 'BOOKMARK', settings: {} })
    const groups = []
    for (const name of ['first', 'second', 'third', 'last']) {
      groups.push((await send('POST', '/api/v1/groups', { profile: { name } })).body.id)
    }
    const assign = async (group: string, body: object) =>
      (await send('PUT', `/api/v1/apps/${id}/groups/${group}`, body)).body.priority
    expect(await assign(groups[0], { priority: 1 })).toBe(1)
    expect(await assign(groups[1], { priority: 3 })).toBe(3)
    expect(await assign(groups[2], { priority: 1 })).toBe(1)
    expect(await assign(groups[3], {})).toBe(4)
    const listed = (await send('GET', `/api/v1/apps/${id}/groups`)).body
    expect(listed.map((one: { id: string; priority: number }) => [one.id, one.priority])).toEqual([
      [groups[2], 1],
      [groups[0], 2],
      [groups[1], 3],
      [groups[3], 4],
    ])
  })
})

describe('provisioning', () => {
  it('stays unknown for an app that has none', async () => {
    const { id } = await create({ name: 'bookmark', label: 'Plain', signOnMode: 'BOOKMARK', settings: {} })
    const unknown = { status: 'UNKNOWN', profile: { authScheme: 'UNKNOWN' } }
    const path = `/api/v1/apps/${id}/connections/default`
    expect((await send('POST', `${path}?activate=true`, { profile: { authScheme: 'UNKNOWN' } })).body).toEqual(unknown)
    expect((await send('GET', path)).body).toEqual(unknown)
  })
})
