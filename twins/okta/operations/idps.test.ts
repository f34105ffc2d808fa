import 'reflect-metadata'
import { generateKeyPairSync } from 'node:crypto'
import { Pkcs10CertificateRequest, X509CertificateGenerator } from '@peculiar/x509'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { selfSigned } from '../rules/certificates.ts'
import { gone, member, type Org, openOrg, refused } from '../testing.ts'

/** Identity providers, whom they vouch for, and the keys on either side. */
let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())
const IDPS = '/api/v1/idps'
const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)
const kidsOf = (rows: { kid: string }[]) => rows.map(({ kid }) => kid)

const endpoint = (url: string, binding: string) => ({ url: `https://idp.test/${url}`, binding })
const oidc = (name: string) => ({
  type: 'OIDC',
  name,
  protocol: {
    type: 'OIDC',
    endpoints: {
      authorization: endpoint('authorize', 'HTTP-REDIRECT'),
      token: endpoint('token', 'HTTP-POST'),
      userInfo: endpoint('userinfo', 'HTTP-REDIRECT'),
      jwks: endpoint('keys', 'HTTP-REDIRECT'),
    },
    algorithms: { request: { signature: { algorithm: 'HS256', scope: 'REQUEST' } } },
    scopes: ['openid', 'email'],
    issuer: { url: 'https://idp.test' },
    credentials: { client: { client_id: 'theirs', client_secret: 'secret' } },
  },
  policy: {
    accountLink: { action: 'AUTO' },
    provisioning: { action: 'AUTO', profileMaster: false, groups: { action: 'NONE' } },
    maxClockSkew: 120000,
    subject: { userNameTemplate: { template: 'idpuser.email' }, matchType: 'USERNAME' },
  },
})

/** A certificate of a key of our own, as base64 DER. */
function certificate(name: string): string {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicJwk = publicKey.export({ format: 'jwk' })
  return selfSigned({ privateKey, publicKey, publicJwk } as never, [['CN', name]], Date.UTC(2026, 0, 1), 10)
}

it('a provider is switched off and on, renamed and removed', async () => {
  const made = await org.post(IDPS, oidc('Partner'))
  expect(made.body).toMatchObject({ name: 'Partner', status: 'ACTIVE', type: 'OIDC', _links: { authorize: {} } })
  const path = `${IDPS}/${made.body.id}`
  expect((await org.get(path)).body).toEqual(made.body)
  expect(idsOf((await org.get(`${IDPS}?q=part`)).body)).toEqual([made.body.id])
  expect((await org.get(`${IDPS}?type=SAML2`)).body).toEqual([])
  expect((await org.post(`${path}/lifecycle/deactivate`)).body.status).toBe('INACTIVE')
  expect((await org.post(`${path}/lifecycle/activate`)).body.status).toBe('ACTIVE')
  expect((await org.put(path, oidc('Partner two'))).body.name).toBe('Partner two')
  expect((await org.events('system.idp.lifecycle.deactivate')).at(-1)?.target?.[0]?.id).toBe(made.body.id)
  expect((await org.delete(path)).status).toBe(204)
  expect(await org.get(path)).toMatchObject(gone(made.body.id, 'IdpTrust'))
})

it('vouches for people who were linked', async () => {
  const { id } = (await org.post(IDPS, oidc('Voucher'))).body
  const user = await member(org, 'linked@acme.test')
  const users = `${IDPS}/${id}/users`
  expect((await org.get(users)).body).toEqual([])
  const link = await org.post(`${users}/${user.id}`, { externalId: 'ext-1' })
  expect(link.body).toMatchObject({ id: user.id, externalId: 'ext-1' })
  expect((await org.get(`${users}/${user.id}`)).body).toEqual(link.body)
  expect((await org.get(users)).body).toEqual([link.body])
  expect(idsOf((await org.get(`/api/v1/users/${user.id}/idps`)).body)).toEqual([id])
  expect((await org.get(`${users}/${user.id}/credentials/tokens`)).body).toEqual([])
  expect((await org.get(`${users}/none/credentials/tokens`)).status).toBe(404)
  expect((await org.delete(`${users}/${user.id}`)).status).toBe(204)
  expect((await org.get(`${users}/${user.id}`)).status).toBe(404)
  expect((await org.get(`/api/v1/users/${user.id}/idps`)).body).toEqual([])
})

it('certificates are trusted once, and stay while a provider needs them', async () => {
  const keys = `${IDPS}/credentials/keys`
  const x5c = [certificate('one')]
  expect(await org.post(keys, { x5c: ['bm9uZQ=='] })).toMatchObject(refused(400, 'E0000001'))
  const made = await org.post(keys, { x5c })
  expect(made.body).toMatchObject({ kty: 'RSA', use: 'sig', x5c })
  const { kid } = made.body
  expect(await org.post(keys, { x5c })).toMatchObject(
    refused(409, 'E0000096', { summary: `This certificate has already been uploaded with kid=${kid}.` }),
  )
  expect((await org.get(`${keys}/${kid}`)).body).toEqual(made.body)
  expect(kidsOf((await org.get(keys)).body)).toEqual([kid])
  const renewed = await org.put(`${keys}/${kid}`, { x5c: [certificate('two')] })
  expect(renewed.body.kid).toBe(kid)
  expect(renewed.body.n).not.toBe(made.body.n)
  const saml = await org.post(IDPS, {
    type: 'SAML2',
    name: 'Saml',
    protocol: {
      type: 'SAML2',
      endpoints: { sso: { url: 'https://idp.test/sso', binding: 'HTTP-POST', destination: 'https://idp.test/sso' }, acs: { binding: 'HTTP-POST', type: 'INSTANCE' } },
      algorithms: { request: { signature: { algorithm: 'SHA-256', scope: 'REQUEST' } }, response: { signature: { algorithm: 'SHA-256', scope: 'ANY' } } },
      credentials: { trust: { issuer: 'https://idp.test', audience: 'https://acme.test', kid } },
    },
    policy: oidc('x').policy,
  }) // biome-ignore format: a provider
  expect(saml.status).toBe(200)
  expect((await org.delete(`${keys}/${kid}`)).status).toBe(400)
  await org.post(`${IDPS}/${saml.body.id}/lifecycle/deactivate`)
  await org.delete(`${IDPS}/${saml.body.id}`)
  expect((await org.delete(`${keys}/${kid}`)).status).toBe(204)
  expect((await org.get(`${keys}/${kid}`)).status).toBe(404)
})

it('may have the name of another provider', async () => {
  const first = await org.post(IDPS, oidc('Namesake'))
  const second = await org.post(IDPS, oidc('Namesake'))
  expect([first.status, second.status]).toEqual([200, 200])
  expect(second.body.id).not.toBe(first.body.id)
})

describe('the keys Okta signs with', () => {
  let path: string
  let other: string
  beforeAll(async () => {
    path = `${IDPS}/${(await org.post(IDPS, oidc('Signed'))).body.id}/credentials`
    other = (await org.post(IDPS, oidc('Signed too'))).body.id
  })

  it('are generated, and shared by cloning', async () => {
    expect(await org.post(`${path}/keys/generate?validityYears=1`)).toMatchObject({ status: 400 })
    const made = await org.post(`${path}/keys/generate?validityYears=2`)
    expect(made.status).toBe(201)
    const { kid } = made.body
    expect((await org.get(`${path}/keys/${kid}`)).body).toEqual(made.body)
    expect(kidsOf((await org.get(`${path}/keys`)).body)).toContain(kid)
    expect(kidsOf((await org.get(`${path}/keys/active`)).body)).not.toContain(kid)
    const clone = await org.post(`${path}/keys/${kid}/clone?targetIdpId=${other}`)
    expect(clone).toMatchObject({ status: 201, body: { kid, n: made.body.n } })
    expect((await org.get(`${IDPS}/${other}/credentials/keys/${kid}`)).body.x5c).toEqual(made.body.x5c)
    expect((await org.post(`${path}/keys/${kid}/clone?targetIdpId=${other}`)).status).toBe(400)
    expect((await org.get(`${path}/keys/none`)).status).toBe(404)
  })

  it('come of requests that somebody else certified', async () => {
    const subject = { countryName: 'SE', organizationName: 'Acme', commonName: 'SP' }
    const made = await org.post(`${path}/csrs`, { subject, subjectAltNames: { dnsNames: ['sp.acme.test'] } })
    expect(made.status).toBe(201)
    const request = new Pkcs10CertificateRequest(made.body.csr)
    expect(request.subject).toBe('C=SE, O=Acme, CN=SP')
    const csr = `${path}/csrs/${made.body.id}`
    expect((await org.get(csr)).body).toEqual(made.body)
    const publish = (text: string) =>
      org.call('POST', `${csr}/lifecycle/publish`, text, { 'content-type': 'application/x-pem-file' })
    expect(await publish(certificate('stranger'))).toMatchObject(
      refused(400, 'E0000001', { causes: ["The certificate doesn't match the CSR."] }),
    )
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 } // biome-ignore format: one row
    const authority = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
    const signed = await X509CertificateGenerator.create({
      subject: request.subject,
      issuer: 'CN=Acme',
      notBefore: new Date(),
      notAfter: new Date(Date.now() + 365 * 86_400_000),
      publicKey: request.publicKey,
      signingKey: authority.privateKey,
      signingAlgorithm: algorithm,
    })
    const key = await publish(signed.toString('pem'))
    expect(key).toMatchObject({ status: 201, body: { x5c: [signed.toString('base64')] } })
    expect(kidsOf((await org.get(`${path}/keys`)).body)).toContain(key.body.kid)
    expect(await org.get(csr)).toMatchObject(gone(made.body.id, 'CertificateSigningRequest'))
    const second = await org.post(`${path}/csrs`, { subject })
    expect(idsOf((await org.get(`${path}/csrs`)).body)).toEqual([second.body.id])
    expect((await org.delete(`${path}/csrs/${second.body.id}`)).status).toBe(204)
    expect((await org.get(`${path}/csrs`)).body).toEqual([])
  })
})

it('keys of hooks have public halves for whoever checks signatures', async () => {
  const keys = '/api/v1/hook-keys'
  expect(await org.post(keys, {})).toMatchObject(refused(400, 'E0000001'))
  const made = await org.post(keys, { name: 'Hooks' })
  expect(made.body).toMatchObject({ name: 'Hooks', isUsed: false, _embedded: { publicKey: { kty: 'RSA' } } })
  expect(await org.post(keys, { name: 'Hooks' })).toMatchObject(refused(400, 'E0000001'))
  const path = `${keys}/${made.body.id}`
  expect((await org.get(path)).body).toEqual(made.body)
  const listed = (await org.get(keys)).body
  expect(listed).toMatchObject([{ id: made.body.id }])
  expect(listed[0]).not.toHaveProperty('_embedded')
  const half = (await org.get(`${keys}/public/${made.body.keyId}`)).body
  expect(half).toEqual(made.body._embedded.publicKey)
  expect((await org.put(path, { name: 'Inline hooks' })).body).toMatchObject({
    name: 'Inline hooks',
    keyId: made.body.keyId,
  })
  expect((await org.delete(path)).status).toBe(204)
  expect((await org.get(path)).status).toBe(404)
  expect((await org.get(`${keys}/public/${made.body.keyId}`)).status).toBe(404)
})
