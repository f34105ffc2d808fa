import 'reflect-metadata'
import { generateKeyPairSync } from 'node:crypto'
import { Pkcs10CertificateRequest, X509CertificateGenerator } from '@peculiar/x509'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gone, type Org, openOrg, refused, webApp } from '../testing.ts'

/** What apps sign with and prove themselves with. */
let org: Org
let app: Awaited<ReturnType<typeof webApp>>
let path: string

beforeAll(async () => {
  org = await openOrg()
  app = await webApp(org, 'Signing')
  path = `/api/v1/apps/${app.id}/credentials`
})
afterAll(() => org.close())

const ids = (rows: { id: string }[]) => rows.map(({ id }) => id)

/** Signs a request for a certificate as an authority of our own. */
async function certified(request: string, days: number) {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 } // biome-ignore format: one row
  const authority = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  const csr = new Pkcs10CertificateRequest(request)
  const notBefore = new Date()
  return X509CertificateGenerator.create({
    subject: csr.subject,
    issuer: 'CN=Acme',
    notBefore,
    notAfter: new Date(notBefore.getTime() + days * 86_400_000),
    publicKey: csr.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: algorithm,
  })
}

describe('signing keys', () => {
  it('are generated for some years, and shared by cloning', async () => {
    expect(await org.post(`${path}/keys/generate?validityYears=1`)).toMatchObject(
      refused(400, 'E0000001', { causes: ['Validity years out of range. It should be 2 - 10 years.'] }),
    )
    const made = await org.post(`${path}/keys/generate?validityYears=3`)
    expect(made.status).toBe(201)
    const { kid, created, expiresAt } = made.body
    expect(made.headers.get('location')).toBe(`${org.url}${path}/keys/${kid}`)
    expect(new Date(expiresAt).getFullYear() - new Date(created).getFullYear()).toBe(3)
    expect((await org.get(`${path}/keys/${kid}`)).body).toEqual(made.body)

    const other = await webApp(org, 'Copy')
    const clone = await org.post(`${path}/keys/${kid}/clone?targetAid=${other.id}`)
    expect(clone).toMatchObject({ status: 201, body: { kid, n: made.body.n } })
    expect((await org.get(`/api/v1/apps/${other.id}/credentials/keys/${kid}`)).body.x5c).toEqual(made.body.x5c)
    expect(await org.post(`${path}/keys/${kid}/clone?targetAid=${other.id}`)).toMatchObject(
      refused(400, 'E0000001', { summary: 'Api validation failed: cloneKey' }),
    )
    expect((await org.get(`${path}/keys/none`)).status).toBe(404)
  })

  it('come of requests that somebody else certified', async () => {
    const subject = { countryName: 'SE', organizationName: 'Acme', commonName: 'Signing' }
    const made = await org.post(`${path}/csrs`, { subject, subjectAltNames: { dnsNames: ['sso.acme.test'] } })
    expect(made.status).toBe(201)
    expect(new Pkcs10CertificateRequest(made.body.csr).subject).toBe('C=SE, O=Acme, CN=Signing')
    const csr = `${path}/csrs/${made.body.id}`
    expect(made.headers.get('location')).toBe(org.url + csr)
    expect((await org.get(csr)).body).toEqual(made.body)

    const publish = (pem: string) =>
      org.call('POST', `${csr}/lifecycle/publish`, pem, { 'content-type': 'application/x-pem-file' })
    const other = await org.post(`${path}/csrs`, { subject })
    const stranger = await certified(other.body.csr, 365)
    expect(await publish(stranger.toString('pem'))).toMatchObject(
      refused(400, 'E0000001', { causes: ["The certificate doesn't match the CSR."] }),
    )
    expect(await publish((await certified(made.body.csr, 30)).toString('pem'))).toMatchObject(
      refused(400, 'E0000001', { causes: ['The certificate must be valid for more than 90 days.'] }),
    )
    const certificate = await certified(made.body.csr, 365)
    const published = await publish(certificate.toString('pem'))
    expect(published).toMatchObject({ status: 201, body: { x5c: [certificate.toString('base64')] } })
    expect(await org.get(csr)).toMatchObject(gone(made.body.id, 'CertificateSigningRequest'))
    const { body: keys } = await org.get(`${path}/keys`)
    expect(keys.map((key: { kid: string }) => key.kid)).toContain(published.body.kid)

    expect(ids((await org.get(`${path}/csrs`)).body)).toEqual([other.body.id])
    expect((await org.delete(`${path}/csrs/${other.body.id}`)).status).toBe(204)
    expect((await org.get(`${path}/csrs`)).body).toEqual([])
  })
})

describe('client secrets', () => {
  const secrets = () => `${path}/secrets`

  it('rotate: a second one works beside the first, which can then go', async () => {
    const token = async (client_secret: string) => {
      const fields = { client_id: app.credentials.oauthClient.client_id, client_secret, token: 'x' }
      return (await org.as(undefined).post('/oauth2/v1/introspect', new URLSearchParams(fields))).status
    }
    const [first] = (await org.get(secrets())).body
    expect(first.client_secret).toBe(app.credentials.oauthClient.client_secret)
    const only = refused(400, 'E0000001', { causes: ["You can't deactivate the only active client secret."] })
    expect(await org.post(`${secrets()}/${first.id}/lifecycle/deactivate`)).toMatchObject(only)

    const second = await org.post(secrets(), { client_secret: 'a-secret-of-my-own-choice' })
    expect(second).toMatchObject({
      status: 201,
      body: { status: 'ACTIVE', client_secret: 'a-secret-of-my-own-choice' },
    })
    expect((await org.get(`${secrets()}/${second.body.id}`)).body).toEqual(second.body)
    expect(await org.post(secrets())).toMatchObject(
      refused(400, 'E0000001', { causes: ["You've reached the maximum number of client secrets per client."] }),
    )
    expect([await token(first.client_secret), await token(second.body.client_secret)]).toEqual([200, 200])
    expect(await org.delete(`${secrets()}/${first.id}`)).toMatchObject(refused(400, 'E0000001'))
    const off = await org.post(`${secrets()}/${first.id}/lifecycle/deactivate`)
    expect(off.body).toMatchObject({ status: 'INACTIVE', _links: { activate: {}, delete: {} } })
    expect([await token(first.client_secret), await token(second.body.client_secret)]).toEqual([401, 200])
    expect((await org.post(`${secrets()}/${first.id}/lifecycle/activate`)).body.status).toBe('ACTIVE')
    expect(await token(first.client_secret)).toBe(200)
    await org.post(`${secrets()}/${first.id}/lifecycle/deactivate`)
    expect((await org.delete(`${secrets()}/${first.id}`)).status).toBe(204)
    expect(ids((await org.get(secrets())).body)).toEqual([second.body.id])
  })

  it.each([
    ['short', "client_secret: 'client_secret' must be at least '14' characters long."],
    ['x'.repeat(101), "client_secret: 'client_secret' can't be more than '100' characters long."],
    ['hemligt-lösenord', "client_secret: ''client_secret'' must only contain printable ASCII: [x20-x7E]+"],
  ])('%s is refused', async (client_secret, cause) => {
    const bare = await webApp(org, `Bare ${client_secret.length}`)
    const reply = await org.post(`/api/v1/apps/${bare.id}/credentials/secrets`, { client_secret })
    expect(reply).toMatchObject(refused(400, 'E0000001', { causes: [cause] }))
  })
})

describe('public keys of a client', () => {
  const jwk = (kid: string, bits = 2048) => {
    const { e, n } = generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' })
    return { kty: 'RSA', use: 'sig', alg: 'RS256', kid, e, n }
  }

  it('are added under ids of their own, and leave only when they are not in use', async () => {
    const keys = `${path}/jwks`
    expect((await org.get(keys)).body).toEqual([])
    expect(await org.post(keys, jwk('weak', 1024))).toMatchObject(
      refused(400, 'E0000001', { summary: 'Api validation failed: JsonWebKey' }),
    )
    const made = await org.post(keys, jwk('one'))
    expect(made).toMatchObject({ status: 201, body: { kid: 'one', status: 'ACTIVE' } })
    expect(made.body.id).toMatch(/^pks/)
    expect(await org.post(keys, jwk('one'))).toMatchObject(
      refused(400, 'E0000001', { causes: ["All keys in the 'jwks' must have a unique `kid`."] }),
    )
    const second = await org.post(keys, { ...jwk('two'), status: 'INACTIVE' })
    expect(ids((await org.get(keys)).body)).toEqual([made.body.id, second.body.id])
    expect((await org.get(`${keys}/${made.body.id}`)).body).toEqual(made.body)

    const cause = "You can't delete an active JSON Web Key. Deactivate the key before deleting it."
    expect(await org.delete(`${keys}/${made.body.id}`)).toMatchObject(refused(400, 'E0000001', { causes: [cause] }))
    const off = await org.post(`${keys}/${made.body.id}/lifecycle/deactivate`)
    expect(off.body).toMatchObject({ status: 'INACTIVE', _links: { activate: {}, delete: {} } })
    expect((await org.post(`${keys}/${second.body.id}/lifecycle/activate`)).body.status).toBe('ACTIVE')
    expect((await org.delete(`${keys}/${made.body.id}`)).status).toBe(204)
    expect((await org.get(`${keys}/${made.body.id}`)).status).toBe(404)
  })

  it('encrypt one at a time', async () => {
    const keys = `${path}/jwks`
    const encrypting = { ...jwk('enc'), use: 'enc', alg: 'RSA-OAEP-256' }
    const made = await org.post(keys, encrypting)
    expect(made.body).not.toHaveProperty('_links')
    expect(await org.post(keys, { ...encrypting, kid: 'enc2' })).toMatchObject(
      refused(400, 'E0000001', { causes: ["The client can have only one active encryption key in the 'jwks'."] }),
    )
    expect(await org.post(`${keys}/${made.body.id}/lifecycle/deactivate`)).toMatchObject(refused(400, 'E0000001'))
  })

  it('the last one of a client that proves itself by keys stays', async () => {
    const { body } = await org.post('/api/v1/apps', {
      name: 'oidc_client',
      label: 'By key',
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
      settings: {
        oauthClient: {
          application_type: 'service',
          grant_types: ['client_credentials'],
          response_types: ['token'],
          jwks: { keys: [jwk('only')] },
        },
      },
    })
    const keys = `/api/v1/apps/${body.id}/credentials/jwks`
    const [only] = (await org.get(keys)).body
    expect((await org.post(`${keys}/${only.id}/lifecycle/deactivate`)).body.errorCauses[0].errorSummary).toContain(
      "Can't deactivate the only active JSON Web Key",
    )
    expect((await org.post(`/api/v1/apps/${body.id}/credentials/secrets`)).body.errorCauses).toEqual([
      { errorSummary: "'client_secret' can't be used when 'token_endpoint_auth_method' is 'private_key_jwt'." },
    ])
  })
})
