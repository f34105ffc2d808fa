import { createHash, verify, X509Certificate } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { member, type Org, openOrg, PASSWORD } from '../testing.ts'

/** Signing on at SAML apps as a browser does, and the links of the dashboard. */
let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())

const ACS = 'https://sp.test/acs'
const NAME = { firstName: 'Nils', lastName: 'Oberg' }

async function samlApp(label: string, signOn: object = {}) {
  const { body } = await org.post('/api/v1/apps', {
    label,
    signOnMode: 'SAML_2_0',
    settings: {
      signOn: {
        ssoAcsUrl: ACS,
        recipient: ACS,
        destination: ACS,
        audience: 'urn:sp',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of Okta's
        subjectNameIdTemplate: '${user.userName}',
        subjectNameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
        responseSigned: true,
        assertionSigned: true,
        signatureAlgorithm: 'RSA_SHA256',
        digestAlgorithm: 'SHA256',
        ...signOn,
      },
    },
  })
  const metadata = await org.call('GET', `/api/v1/apps/${body.id}/sso/saml/metadata`, undefined, {
    accept: 'application/xml',
  })
  const entry = /HTTP-Redirect" Location="([^"]+)"/.exec(metadata.body)?.[1] as string
  const certificate = /X509Certificate>([^<]+)/.exec(metadata.body)?.[1]?.replace(/\s/g, '') as string
  return { ...body, path: entry.slice(org.url.length), certificate }
}

const unescaped = (text: string) => text.replace(/&#(\d+);/g, (_whole, code) => String.fromCharCode(Number(code)))
const field = (page: string, name: string): string =>
  unescaped(new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '')
const responseOf = (page: string) => Buffer.from(field(page, 'SAMLResponse'), 'base64').toString()

const request = (attributes = '') =>
  `<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_asked" Version="2.0"${attributes}/>`
const deflated = (xml: string) => encodeURIComponent(deflateRawSync(xml).toString('base64'))

/** A browser in which somebody has signed in: sends the cookie of the session. */
async function browserOf(login: string): Promise<Org> {
  const { sessionToken } = org.act('signIn', { login })
  const { headers } = await org
    .as(undefined)
    .get(`/login/sessionCookieRedirect?token=${encodeURIComponent(sessionToken)}&redirectUrl=/`)
  return org.as(undefined, { cookie: headers.get('set-cookie')?.split(';')[0] as string })
}

describe('a request of an app', () => {
  it('is answered, once somebody has signed in, by an assertion that posts itself', async () => {
    const app = await samlApp('Answered')
    await member(org, 'answered@example.com', app.id)
    const anyone = org.as(undefined)
    const form = await anyone.get(`${app.path}?SAMLRequest=${deflated(request())}&RelayState=back`)
    expect(form.body).toContain('Sign In')
    const action = unescaped(/action="([^"]+)"/.exec(form.body)?.[1] as string)
    const signedIn = await anyone.post(
      action.slice(org.url.length),
      new URLSearchParams({ username: 'answered@example.com', password: PASSWORD }),
    )
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] as string
    const page = (
      await org.as(undefined, { cookie }).get(signedIn.headers.get('location')?.slice(org.url.length) ?? '')
    ).body
    expect(page).toContain(`action="${ACS}"`)
    expect(field(page, 'RelayState')).toBe('back')
    const xml = responseOf(page)
    expect(xml).toContain('InResponseTo="_asked"')
    expect(xml).toContain('>answered@example.com</saml2:NameID>')
    expect(xml).toContain('<saml2:Audience>urn:sp</saml2:Audience>')
    const events = await org.events('user.authentication.sso')
    expect(events.at(-1)?.target?.[0]).toMatchObject({ id: app.id, type: 'AppInstance' })
  })

  it('may come by post, and names its endpoint where an app has several', async () => {
    const second = { url: 'https://sp.test/second', index: 7 }
    const app = await samlApp('Several', { allowMultipleAcsEndpoints: true, acsEndpoints: [second] })
    await member(org, 'several@example.com', app.id)
    const browser = await browserOf('several@example.com')
    const xml = request(' AssertionConsumerServiceIndex="7"')
    const posted = new URLSearchParams({ SAMLRequest: Buffer.from(xml).toString('base64') })
    expect((await browser.post(app.path, posted)).body).toContain(`action="${second.url}"`)
    expect((await browser.get(app.path)).body).toContain(`action="${ACS}"`)
  })

  it('that cannot be read, to an app that is not there, or by whom it is not for, is refused', async () => {
    const app = await samlApp('Refusing')
    await member(org, 'stranger@example.com')
    const browser = await browserOf('stranger@example.com')
    expect((await browser.get(app.path)).status).toBe(403)
    expect((await browser.get(`${app.path}?SAMLRequest=none`)).status).toBe(400)
    expect((await browser.get(app.path.replace('/exk', '/none'))).status).toBe(404)
    await org.post(`/api/v1/apps/${app.id}/lifecycle/deactivate`)
    expect((await browser.get(app.path)).status).toBe(403)
  })
})

describe('an assertion', () => {
  it('says what the statements of the app ask for, and leaves out what has no value', async () => {
    const attributeStatements = [
      { type: 'EXPRESSION', name: 'mail', values: ['user.email'] },
      { type: 'EXPRESSION', name: 'sign', values: ['"a < b & c"'] },
      { type: 'EXPRESSION', name: 'nothing', values: ['user.title'] },
      { type: 'GROUP', name: 'groups', filterType: 'STARTS_WITH', filterValue: 'Every' },
    ]
    const app = await samlApp('Stating', { attributeStatements, defaultRelayState: '/start' })
    await member(org, 'stating@example.com', app.id)
    const page = (await (await browserOf('stating@example.com')).get(app.path)).body
    const said = [...responseOf(page).matchAll(/Name="(\w+)"[^>]*><saml2:AttributeValue[^>]*>([^<]*)</g)]
    expect(said.map(([, name, value]) => [name, value])).toEqual([
      ['mail', 'stating@example.com'],
      ['sign', 'a &lt; b &amp; c'],
      ['groups', 'Everyone'],
    ])
    expect(field(page, 'RelayState')).toBe('/start')
  })

  it.each([
    ['RSA_SHA256', 'SHA256', true, true],
    ['RSA_SHA1', 'SHA1', false, true],
    ['RSA_SHA256', 'SHA256', true, false],
  ])(
    'is signed by %s over %s: response %s, assertion %s',
    async (signatureAlgorithm, digestAlgorithm, response, assertion) => {
      const label = `Signed ${signatureAlgorithm} ${response} ${assertion}`
      const signed = { responseSigned: response, assertionSigned: assertion }
      const app = await samlApp(label, { signatureAlgorithm, digestAlgorithm, ...signed })
      const login = `${app.id}@example.com`
      await member(org, login, app.id)
      const xml = responseOf((await (await browserOf(login)).get(app.path)).body)
      const hash = digestAlgorithm.toLowerCase()
      const signatures = [...xml.matchAll(/<ds:Signature .*?<\/ds:Signature>/gs)].map(([whole]) => whole)
      expect(signatures).toHaveLength(Number(response) + Number(assertion))
      const { publicKey } = new X509Certificate(Buffer.from(app.certificate, 'base64'))
      for (const signature of signatures) {
        const id = /URI="#(\w+)"/.exec(signature)?.[1]
        const element = new RegExp(`<saml2(p?):\\w+ [^>]*ID="${id}".*</saml2\\1:(?:Response|Assertion)>`, 's').exec(
          xml,
        )?.[0]
        expect(/DigestValue>([^<]+)/.exec(signature)?.[1]).toBe(
          createHash(hash)
            .update(element?.replace(signature, '') as string)
            .digest('base64'),
        )
        const info = /<ds:SignedInfo>.*<\/ds:SignedInfo>/s.exec(signature)?.[0] as string
        const canonical = info.replace(
          '<ds:SignedInfo>',
          '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">',
        )
        const value = Buffer.from(/SignatureValue>([^<]+)/.exec(signature)?.[1] as string, 'base64')
        expect(verify(hash, Buffer.from(canonical), publicKey, value)).toBe(true)
      }
    },
  )
})

describe('a link of the dashboard', () => {
  it('opens the app: a SAML app signs on, a bookmark leads to its address', async () => {
    const saml = await samlApp('Tile')
    const bookmark = (
      await org.post('/api/v1/apps', {
        name: 'bookmark',
        label: 'Wiki',
        signOnMode: 'BOOKMARK',
        settings: { app: { url: 'https://wiki.test/' } },
      })
    ).body
    await org.post('/api/v1/users', { profile: { ...NAME, login: 'tile@example.com', email: 'tile@example.com' } })
    const browser = await browserOf('tile@example.com')
    const tile = (app: { _links: { appLinks: { href: string }[] } }) =>
      app._links.appLinks[0]?.href.slice(org.url.length) as string
    expect((await org.as(undefined).get(tile(bookmark))).body).toContain('Sign In')
    expect((await browser.get(tile(bookmark))).headers.get('location')).toBe('https://wiki.test/')
    expect((await browser.get(tile(saml))).headers.get('location')).toBe(org.url + saml.path)
    expect((await browser.get('/home/bookmark/none/aln1')).status).toBe(404)
  })
})
