import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gone, type Org, openOrg, refused } from '../testing.ts'

/** What an org looks like, and how it writes to people. */
let org: Org
let brand: string
let brandId: string
beforeAll(async () => {
  org = await openOrg()
  const [first] = (await org.get('/api/v1/brands')).body
  brandId = first.id
  brand = `/api/v1/brands/${brandId}`
})
afterAll(() => org.close())

it('pictures of a theme come and go', async () => {
  const [{ id }] = (await org.get(`${brand}/themes`)).body
  const theme = `${brand}/themes/${id}`
  const picture = () => {
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array([0x89, 0x50, 0x4e, 0x47])], { type: 'image/png' }), 'p.png')
    return form
  }
  for (const [path, name, status] of [
    ['logo', 'logo', 200],
    ['favicon', 'favicon', 201],
    ['background-image', 'backgroundImage', 201],
  ] as const) {
    const before = (await org.get(theme)).body[name]
    const made = await org.post(`${theme}/${path}`, picture())
    expect([path, made.status]).toEqual([path, status])
    expect((await org.get(theme)).body[name]).toBe(made.body.url)
    expect((await org.delete(`${theme}/${path}`)).status).toBe(204)
    expect([path, (await org.get(theme)).body[name]]).toEqual([path, before])
  }
  expect((await org.post(`${brand}/themes/none/logo`, picture())).status).toBe(404)
})

it('pages lead to their variants; those of the default brand stay as they are', async () => {
  const own = (await org.post('/api/v1/brands', { name: 'Pages' })).body.id
  for (const kind of ['error', 'sign-in'] as const) {
    for (const change of [
      org.put(`${brand}/pages/${kind}/customized`, {}),
      org.delete(`${brand}/pages/${kind}/preview`),
    ]) {
      expect(await change).toMatchObject(refused(403, 'E0000213'))
    }
    const page = `/api/v1/brands/${own}/pages/${kind}`
    const root = (await org.get(page)).body
    expect(Object.keys(root._links).sort()).toEqual(['customized', 'default', 'preview', 'self'])
    const content = { pageContent: `<html>${kind}</html>` }
    await org.put(`${page}/customized`, content)
    expect((await org.get(`${page}?expand=customized`)).body._embedded.customized.pageContent).toBe(content.pageContent)
    await org.delete(`${page}/customized`)
    expect((await org.get(`${page}?expand=customized`)).body).not.toHaveProperty('_embedded')
  }
})

it('well-known addresses say what the brand tells them to', async () => {
  const uris = `${brand}/well-known-uris`
  const links = (await org.get(uris)).body._links
  expect(Object.keys(links)).toEqual(expect.arrayContaining(['apple-app-site-association', 'webauthn']))
  const anyone = org.as(undefined)
  expect((await anyone.get('/.well-known/apple-app-site-association')).body).toHaveProperty('authsrv.apps')
  for (const path of ['assetlinks.json', 'webauthn']) {
    expect(await anyone.get(`/.well-known/${path}`)).toMatchObject(gone(path, 'WellKnownURI'))
  }
  for (const path of ['apple-app-site-association', 'webauthn']) {
    const representation = { origins: ['https://acme.test'] }
    expect((await org.get(`${uris}/${path}`)).body._links.customized.href).toBe(`${org.url}${uris}/${path}/customized`)
    const put = await org.put(`${uris}/${path}/customized`, { representation })
    expect(put.body.representation).toEqual(representation)
    expect((await org.get(`${uris}/${path}/customized`)).body).toEqual(put.body)
    expect((await anyone.get(`/.well-known/${path}`)).body).toMatchObject(representation)
  }
  expect((await anyone.get('/.well-known/app-authenticator-configuration?oauthClientId=none')).status).toBe(200)
  expect(await org.get(`${uris}/robots.txt`)).toMatchObject(refused(404, 'E0000258'))
})

describe('mail', () => {
  it('leaves from a domain of its own', async () => {
    const domains = '/api/v1/email-domains'
    const made = await org.post(domains, {
      brandId,
      domain: 'mail.acme.test',
      displayName: 'Acme',
      userName: 'noreply',
    })
    expect(made).toMatchObject({ status: 201, body: { domain: 'mail.acme.test', validationStatus: 'NOT_STARTED' } })
    expect(made.body.dnsValidationRecords.length).toBeGreaterThan(0)
    const path = `${domains}/${made.body.id}`
    expect((await org.put(path, { displayName: 'Acme AB', userName: 'hej' })).body).toMatchObject({ displayName: 'Acme AB', userName: 'hej', domain: 'mail.acme.test' }) // biome-ignore format: one row
    expect((await org.post(`${path}/verify`)).body.validationStatus).toBe('ERROR')
    expect((await org.get(domains)).body).toMatchObject([{ id: made.body.id, displayName: 'Acme AB' }])
    expect((await org.delete(path)).status).toBe(204)
  })

  it('goes through a server that was tried', async () => {
    const servers = '/api/v1/email-servers'
    const body = { alias: 'Relay', host: 'smtp.acme.test', port: 587, username: 'u', password: 'p4ss', enabled: false }
    const made = await org.post(servers, body)
    expect(made.body).toMatchObject({ alias: 'Relay', host: 'smtp.acme.test', port: 587 })
    expect(JSON.stringify(made.body)).not.toContain('p4ss')
    const path = `${servers}/${made.body.id}`
    expect((await org.patch(path, { alias: 'Main relay' })).body).toMatchObject({ alias: 'Main relay', port: 587 })
    expect(JSON.stringify((await org.get(servers)).body)).toContain('Main relay')
    expect((await org.post(`${path}/test`, { fromAddress: 'a@acme.test' })).status).toBe(400)
    const test = { fromAddress: 'a@acme.test', toAddress: 'b@acme.test' }
    expect((await org.post(`${path}/test`, test)).status).toBe(204)
    expect((await org.post(`${servers}/none/test`, test)).status).toBe(404)
    expect((await org.patch(path, { enabled: true })).body).toMatchObject({ enabled: true })
    expect(await org.post(servers, { ...body, alias: 'Second', enabled: true })).toMatchObject(refused(400, 'E0000222'))
    expect((await org.delete(path)).status).toBe(204)
  })

  it('speaks languages that there are', async () => {
    const path = `${brand}/templates/email/UserActivation/customizations`
    const body = { language: 'not a language', isDefault: true, subject: 's', body: 'Hello' }
    expect(await org.post(path, body)).toMatchObject(refused(400, 'E0000236'))
  })

  it('can be sent to oneself first', async () => {
    const template = `${brand}/templates/email/UserActivation`
    expect((await org.post(`${template}/test`)).status).toBe(204)
    expect((await org.post(`${brand}/templates/email/Nothing/test`)).status).toBe(404)
  })
})

it('text messages have a template with the code in it, by language', async () => {
  const templates = '/api/v1/templates/sms'
  const body = { name: 'Custom', type: 'SMS_VERIFY_CODE', template: `Your code is \${code}`, translations: { sv: `Din kod är \${code}` } } // biome-ignore format: one row
  expect((await org.post(templates, { ...body, template: 'No code' })).status).toBe(400)
  const made = await org.post(templates, body)
  expect(made.body).toMatchObject(body)
  const path = `${templates}/${made.body.id}`
  expect((await org.get(path)).body).toEqual(made.body)
  expect((await org.get(templates)).body).toEqual([made.body])
  const german = `Ihr Code: \${code}`
  const merged = await org.post(path, { translations: { de: german } })
  expect(merged.body).toMatchObject({ name: 'Custom', translations: { ...body.translations, de: german } })
  const replaced = await org.put(path, { ...body, name: 'Other', translations: {} })
  expect(replaced.body).toMatchObject({ name: 'Other', translations: {} })
  expect((await org.delete(path)).status).toBe(204)
  expect((await org.get(path)).status).toBe(404)
})

it('a CAPTCHA keeps its secret when its name changes', async () => {
  const captchas = '/api/v1/captchas'
  const made = await org.post(captchas, { name: 'H', type: 'HCAPTCHA', siteKey: 'site', secretKey: 'hush' })
  expect(JSON.stringify(made.body)).not.toContain('hush')
  const path = `${captchas}/${made.body.id}`
  expect((await org.post(path, { name: 'H two' })).body).toMatchObject({ name: 'H two', siteKey: 'site' })
  expect((await org.get(path)).body.name).toBe('H two')
  expect((await org.post(`${captchas}/none`, { name: 'x' })).status).toBe(404)
  await org.delete(path)
})

it('bots are let through, watched or stopped', async () => {
  const path = '/api/v1/bot-protection/configuration'
  expect((await org.get(path)).body).toMatchObject({ mode: 'DISABLED' })
  const on = { mode: 'ENFORCED', level: 'HIGH', enforcementType: 'OKTA_CHALLENGE', supportedFlows: ['SIGN_IN'] }
  expect((await org.post(path, on)).body).toMatchObject(on)
  expect((await org.get(path)).body).toMatchObject(on)
})

it('a certificate is taken for a domain that proved itself', async () => {
  const made = await org.post('/api/v1/domains', { domain: 'id.acme.test', certificateSourceType: 'MANUAL' })
  const pem = { type: 'PEM', certificate: 'c', certificateChain: 'c', privateKey: 'k' }
  const path = `/api/v1/domains/${made.body.id}`
  expect(await org.put(`${path}/certificate`, pem)).toMatchObject(refused(403, 'E0000165'))
  expect(await org.put('/api/v1/domains/none/certificate', pem)).toMatchObject({ status: 404 })
  await org.delete(path)
})

it('domains fail over to another region, and back', async () => {
  const status = async () => (await org.get('/api/v1/dr/status')).body.status
  const [{ domain, isFailedOver }] = await status()
  expect(isFailedOver).toBe(false)
  const over = await org.post('/api/v1/dr/failover', { domains: [domain, 'stranger.test'] })
  expect(over.body.results).toMatchObject([{ domain }, { domain: 'stranger.test' }])
  expect((await org.get(`/api/v1/dr/status/${domain}`)).body.status).toEqual([{ domain, isFailedOver: true }])
  expect(await org.get('/api/v1/dr/status/stranger.test')).toMatchObject(gone('stranger.test', 'Domain'))
  await org.post('/api/v1/dr/failback', {})
  expect(await status()).toContainEqual({ domain, isFailedOver: false })
})

it('a brand leads to the dashboard until it is replaced, and to its sender and domains', async () => {
  const { body: made } = await org.post('/api/v1/brands', { name: 'Harbour' })
  expect(made.defaultApp.appInstanceId).toBeNull()
  const path = `/api/v1/brands/${made.id}`
  const [theme] = (await org.get(`${path}/themes`)).body
  expect(theme).toMatchObject({ signInPageTouchPointVariant: 'BACKGROUND_IMAGE', loadingPageTouchPointVariant: 'NONE' })
  const [own] = (await org.get(`${brand}/themes`)).body
  expect(own).toMatchObject({ signInPageTouchPointVariant: 'OKTA_DEFAULT', loadingPageTouchPointVariant: 'NONE' })
  expect((await org.get(path)).body.defaultApp.appInstanceId).toMatch(/^0oa/)
  await org.put(path, { name: 'Harbour' })
  expect((await org.get(path)).body.defaultApp.appInstanceId).toBeNull()
  const sender = { brandId: made.id, domain: 'harbour.test', displayName: 'Harbour', userName: 'noreply' }
  const { body: domain } = await org.post('/api/v1/email-domains', sender)
  const { body: read } = await org.get(`${path}?expand=domains&expand=emailDomain`)
  expect(read).toMatchObject({ emailDomainId: domain.id, _embedded: { domains: [], emailDomain: { id: domain.id } } })
  expect(read._links.emailDomain.href).toMatch(new RegExp(`/email-domains/${domain.id}$`))
  expect((await org.delete(path)).status).toBe(409)
  await org.delete(`/api/v1/email-domains/${domain.id}`)
  expect((await org.get(path)).body).not.toHaveProperty('emailDomainId')
})

it('a domain leads to its verification where it is read, not where it is listed', async () => {
  const { body: made } = await org.post('/api/v1/domains', {
    domain: 'id.harbour.test',
    certificateSourceType: 'MANUAL',
  })
  expect(made._links).toHaveProperty('verify')
  expect((await org.post(`/api/v1/domains/${made.id}/verify`)).body._links).not.toHaveProperty('verify')
  const { domains } = (await org.get('/api/v1/domains')).body
  expect(domains.map(({ id }: { id: string }) => id)).toEqual([made.id, 'default'])
  expect(domains[0]._links).not.toHaveProperty('verify')
})

it('removing a translation that is gone succeeds', async () => {
  expect((await org.delete(`${brand}/templates/email/UserActivation/customizations/oelgone`)).status).toBe(204)
})
