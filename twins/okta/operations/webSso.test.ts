import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { member, type Org, openOrg, signIn, webApp } from '../testing.ts'

/** What okta-aws-cli does: tokens of a person become a token that opens a SAML app in a browser. */
let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const TYPES = 'urn:ietf:params:oauth:token-type:'
const ACS = 'https://signin.aws.test/saml'

async function world(label: string, scope = 'okta.apps.sso') {
  const client = await webApp(org, `${label} client`, { grant_types: ['authorization_code', EXCHANGE] })
  await org.post(`/api/v1/apps/${client.id}/grants`, { scopeId: scope, issuer: org.url })
  const target = (
    await org.post('/api/v1/apps', {
      label,
      signOnMode: 'SAML_2_0',
      settings: { signOn: { ssoAcsUrl: ACS, audience: 'urn:aws', recipient: ACS, destination: ACS } },
    })
  ).body
  const login = `${client.id}@example.com`
  const person = await member(org, login, client.id)
  const tokens = await signIn(org, client, login, `openid ${scope}`)
  const exchange = (more: Record<string, string> = {}) => {
    const { client_id, client_secret } = client.credentials.oauthClient
    const body = {
      client_id,
      client_secret,
      grant_type: EXCHANGE,
      actor_token: tokens.access_token,
      actor_token_type: `${TYPES}access_token`,
      subject_token: tokens.id_token as string,
      subject_token_type: `${TYPES}id_token`,
      requested_token_type: 'urn:okta:oauth:token-type:web_sso_token',
      audience: `urn:okta:apps:${target.id}`,
      ...more,
    }
    return org.as(undefined).post('/oauth2/v1/token', new URLSearchParams(body))
  }
  const trust = () => org.post(`/api/v1/apps/${target.id}/interclient-allowed-apps`, { id: client.id })
  const assign = () => org.post(`/api/v1/apps/${target.id}/users`, { id: person.id })
  return { exchange, trust, assign, login, client, person }
}

describe('a web SSO token', () => {
  it('opens one app once, for an app that trusts the client and a person who may use it', async () => {
    const { exchange, trust, assign, login } = await world('Opened')
    expect((await exchange()).body.error).toBe('access_denied')
    expect((await trust()).status).toBe(201)
    expect((await exchange()).body.error).toBe('access_denied')
    await assign()
    const { body } = await exchange()
    expect(body).toMatchObject({ token_type: 'N_A', expires_in: 300 })
    const path = `/login/token/sso?token=${encodeURIComponent(body.access_token)}`
    const page = await org.as(undefined).get(path)
    const response = /name="SAMLResponse" value="([^"]+)"/.exec(page.body)?.[1] as string
    expect(page.body).toContain(`action="${ACS}"`)
    expect(Buffer.from(response.replace(/&#\d+;/g, ''), 'base64').toString()).toContain(login)
    expect(page.headers.get('set-cookie')).toContain('sid=')
    expect((await org.as(undefined).get(path)).status).toBe(403)
  })

  it('is no session token', async () => {
    const { exchange, trust, assign } = await world('Bound')
    await trust()
    await assign()
    const token = encodeURIComponent((await exchange()).body.access_token)
    const reply = await org.as(undefined).get(`/login/sessionCookieRedirect?token=${token}&redirectUrl=/`)
    expect(reply.headers.get('set-cookie') ?? '').not.toMatch(/sid=\w/)
  })

  it.each([
    ['no actor', { actor_token: 'none' }, 'invalid_grant'],
    ['no subject', { subject_token: 'none' }, 'invalid_grant'],
    ['no app', { audience: 'urn:okta:apps:none' }, 'invalid_request'],
  ])('is not given for %s', async (what, more, error) => {
    const { exchange, trust, assign } = await world(`Refused ${what}`)
    await trust()
    await assign()
    expect(await exchange(more)).toMatchObject({ status: 400, body: { error } })
  })

  it('needs the scope for it', async () => {
    const { exchange, trust, assign } = await world('Narrow', 'okta.apps.read')
    await trust()
    await assign()
    expect((await exchange()).body.error).toBe('invalid_scope')
  })

  it("brings a person's roles to Amazon, from an app that names its client", async () => {
    const { login, exchange, client, person } = await world('Amazon')
    const provider = 'arn:aws:iam::123456789012:saml-provider/okta'
    const { body: aws } = await org.post('/api/v1/apps', {
      name: 'amazon_aws',
      label: 'AWS',
      signOnMode: 'SAML_2_0',
      settings: { app: { identityProviderArn: provider, webSSOAllowedClient: client.id, sessionDuration: 7200 } },
    })
    await org.post(`/api/v1/apps/${aws.id}/users`, { id: person.id, profile: { samlRoles: ['reader', 'admin'] } })
    const { access_token: token } = (await exchange({ audience: `urn:okta:apps:${aws.id}` })).body
    const page = (await org.as(undefined).get(`/login/token/sso?token=${encodeURIComponent(token)}`)).body
    expect(page).toContain('action="https://signin.aws.amazon.com/saml"')
    const encoded = /name="SAMLResponse" value="([^"]+)"/.exec(page)?.[1] as string
    const xml = Buffer.from(encoded, 'base64').toString()
    const said = [...xml.matchAll(/AttributeValue [^>]*>([^<]+)</g)].map(([, value]) => value)
    const role = (name: string) => `${provider},arn:aws:iam::123456789012:role/${name}`
    expect(said).toEqual([role('reader'), role('admin'), login, '7200'])
    expect(xml).toContain('<saml2:Audience>urn:amazon:webservices</saml2:Audience>')
  })
})
