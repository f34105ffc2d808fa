import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { signingKey } from '../../../shared/universe/keys.ts'
import { fail, invalid, notFound, requireFields } from '../errors.ts'
import { keyId, newId } from '../ids.ts'
import { page, whole } from '../paging.ts'
import { found, objectBody } from '../resource.ts'
import {
  certificateThumbprint,
  oktaSubject,
  readCertificate,
  selfSigned,
  signingRequest,
} from '../rules/certificates.ts'
import type { Document } from '../tables/document.ts'
import { csrView, idpKeyView } from '../views/idps.ts'
import { type OktaCall, type OktaContext, operations } from './define.ts'
import { idpFamily } from './idps.ts'

/** Owner of the key that signs for every provider that has none of its own. */
const SHARED = 'org'

type Maker = Pick<OktaContext, 'tables' | 'now' | 'random' | 'sequence'>

/** Makes a signing key with its certificate. */
export function makeSigningKey(
  call: Maker,
  owner: string,
  years: number,
  pool = call.sequence('okta.keyPool'),
): Document {
  const key = signingKey(pool)
  const subdomain = call.tables.org.all()[0]?.subdomain ?? 'okta'
  const x5c = selfSigned(key, oktaSubject(subdomain), call.now, years, pool)
  const expires = new Date(call.now)
  expires.setUTCFullYear(expires.getUTCFullYear() + years)
  return call.tables.idpSigningKeys.insert({
    id: newId(call, 'isk'),
    parent: owner,
    created: call.now,
    lastUpdated: call.now,
    data: {
      kid: keyId(call),
      pool,
      x5c: [x5c],
      thumbprint: certificateThumbprint(x5c),
      e: key.publicJwk.e,
      n: key.publicJwk.n,
      expiresAt: expires.getTime(),
    },
  })
}

/** The org's own key: made when first asked for. */
export function orgSigningKid(call: Maker): string {
  const [key] = call.tables.idpSigningKeys.where('parent', SHARED)
  return (key ?? makeSigningKey(call, SHARED, 10)).data.kid as string
}

/** The keys of a provider: its own, and the org's. */
const keysOf = (call: OktaCall, idp: Document): Document[] => [
  ...call.tables.idpSigningKeys.where('parent', SHARED),
  ...call.tables.idpSigningKeys.where('parent', idp.id),
]

const keyOf = (call: OktaCall, idp: Document, kid: string): Document =>
  keysOf(call, idp).find((key) => key.data.kid === kid) ?? notFound(kid, 'IdpTrust')

const trustedKey = (call: OktaCall, kid: string): Document =>
  call.tables.idpKeys.all().find((key) => key.data.kid === kid) ?? notFound(kid, 'IdpTrust')

const csrOf = (call: OktaCall, idp: Document, id: string): Document => {
  const csr = call.tables.idpCsrs.get(id)
  return csr && csr.parent === idp.id ? csr : notFound(id, 'CertificateSigningRequest')
}

const idpPath = (idp: Document) => `/api/v1/idps/${idp.id}`

/** Reads the certificate of a body, refusing what is none. */
function certificateIn(call: OktaCall) {
  const body = objectBody(call as { body: unknown })
  requireFields(body, ['x5c'])
  const [x5c = ''] = body.x5c as string[]
  const certificate = readCertificate(x5c)
  if (!certificate) return invalid('x5c', ['x5c: Invalid X.509 certificate.'])
  return { x5c, certificate }
}

const keyData = (kid: string, { x5c, certificate }: ReturnType<typeof certificateIn>) => ({
  kid,
  alg: 'RSA',
  x5c: [x5c],
  thumbprint: certificate.thumbprint,
  e: certificate.e,
  n: certificate.n,
  expiresAt: certificate.expires,
})

const years = (call: OktaCall): number => {
  const asked = Number((call.query as { validityYears?: number }).validityYears)
  if (!Number.isInteger(asked) || asked < 2 || asked > 10) {
    invalid('validityYears', ['validityYears: Validity years must be between 2 and 10'])
  }
  return asked
}

/** Certificates the org trusts, and the keys it signs with towards each provider. */
export const idpSigningKeys = operations({
  listIdentityProviderKeys: (call) => page(call, call.tables.idpKeys.all(), { limit: 20, max: 200 }, idpKeyView),

  createIdentityProviderKey(call) {
    const given = certificateIn(call)
    const twin = call.tables.idpKeys.all().find((key) => key.data.thumbprint === given.certificate.thumbprint)
    if (twin) fail('E0000096', String(twin.data.kid))
    const key = call.tables.idpKeys.insert({
      id: newId(call, 'idk'),
      created: call.now,
      lastUpdated: call.now,
      data: keyData(call.random.uuid(), given),
    })
    return ok(idpKeyView(key))
  },

  getIdentityProviderKey: (call) => ok(idpKeyView(trustedKey(call, call.params.kid))),

  replaceIdentityProviderKey(call) {
    const key = trustedKey(call, call.params.kid)
    const data = keyData(call.params.kid, certificateIn(call))
    return ok(idpKeyView(call.tables.idpKeys.patch(key.id, { data, lastUpdated: call.now })))
  },

  deleteIdentityProviderKey(call) {
    const key = trustedKey(call, call.params.kid)
    const used = call.tables.idps
      .all()
      .some((idp) => JSON.stringify(idp.data.protocol).includes(`"${call.params.kid}"`))
    if (used) invalid('kid', ['The key is in use by an identity provider.'])
    call.tables.idpKeys.remove(key.id)
    return noContent()
  },

  listIdentityProviderSigningKeys: (call) => whole(keysOf(call, found(idpFamily, call)), idpKeyView),

  listActiveIdentityProviderSigningKey(call) {
    const idp = found(idpFamily, call)
    const { credentials } = idp.data.protocol as { credentials: { signing?: { kid?: string } } }
    const active = keysOf(call, idp).filter((key) => key.data.kid === credentials.signing?.kid)
    return whole(active, idpKeyView)
  },

  generateIdentityProviderSigningKey(call) {
    const idp = found(idpFamily, call)
    const key = makeSigningKey(call, idp.id, years(call))
    return created(idpKeyView(key), { location: call.link(`${idpPath(idp)}/credentials/keys/${key.data.kid}`) })
  },

  getIdentityProviderSigningKey: (call) => ok(idpKeyView(keyOf(call, found(idpFamily, call), call.params.kid))),

  cloneIdentityProviderKey(call) {
    const key = keyOf(call, found(idpFamily, call), call.params.kid)
    const targetId = call.query.targetIdpId
    const idp = call.tables.idps.get(targetId) ?? notFound(targetId, 'IdpTrust')
    if (keysOf(call, idp).some((known) => known.data.kid === key.data.kid))
      invalid('cloneKey', ['Key already exists in the list of key credentials for the target IdP.'])
    const clone = call.tables.idpSigningKeys.insert({ ...key, id: newId(call, 'isk'), parent: idp.id })
    return created(idpKeyView(clone), { location: call.link(`${idpPath(idp)}/credentials/keys/${key.data.kid}`) })
  },

  listCsrsForIdentityProvider(call) {
    const idp = found(idpFamily, call)
    return whole(call.tables.idpCsrs.where('parent', idp.id), (csr) => csrView(call, csr, idpPath(idp)))
  },

  generateCsrForIdentityProvider(call) {
    const idp = found(idpFamily, call)
    const { subject = {}, subjectAltNames } = objectBody(call as { body: unknown }) as {
      subject?: Record<string, string>
      subjectAltNames?: { dnsNames?: string[] }
    }
    const pool = call.sequence('okta.keyPool')
    const names: [string, string | undefined][] = [
      ['C', subject.countryName],
      ['ST', subject.stateOrProvinceName],
      ['L', subject.localityName],
      ['O', subject.organizationName],
      ['OU', subject.organizationalUnitName],
      ['CN', subject.commonName],
    ]
    const named = names.filter((name): name is [string, string] => name[1] !== undefined)
    const csr = call.tables.idpCsrs.insert({
      id: newId(call, 'csr'),
      parent: idp.id,
      created: call.now,
      lastUpdated: call.now,
      data: { pool, csr: signingRequest(signingKey(pool), named, subjectAltNames?.dnsNames) },
    })
    const path = `${idpPath(idp)}/credentials/csrs/${csr.id}`
    return created(csrView(call, csr, idpPath(idp)), { location: call.link(path) })
  },

  getCsrForIdentityProvider(call) {
    const idp = found(idpFamily, call)
    return ok(csrView(call, csrOf(call, idp, call.params.idpCsrId), idpPath(idp)))
  },

  revokeCsrForIdentityProvider(call) {
    call.tables.idpCsrs.remove(csrOf(call, found(idpFamily, call), call.params.idpCsrId).id)
    return noContent()
  },

  /** The signed certificate comes as DER, PEM or base64; the request is used up. */
  publishCsrForIdentityProvider(call) {
    const idp = found(idpFamily, call)
    const csr = csrOf(call, idp, call.params.idpCsrId)
    const bytes = Buffer.from(call.request.bytes)
    const text = bytes[0] === 0x30 ? bytes.toString('base64') : bytes.toString('utf8')
    const certificate = readCertificate(text)
    if (certificate?.n !== signingKey(csr.data.pool as number).publicJwk.n)
      return invalid('certificate', ["The certificate doesn't match the CSR."])
    const key = call.tables.idpSigningKeys.insert({
      id: newId(call, 'isk'),
      parent: idp.id,
      created: call.now,
      lastUpdated: call.now,
      data: {
        ...keyData(keyId(call), { x5c: text.replace(/-----[^-]+-----|\s/g, ''), certificate }),
        alg: undefined,
        pool: csr.data.pool,
      },
    })
    call.tables.idpCsrs.remove(csr.id)
    return created(idpKeyView(key))
  },
})
