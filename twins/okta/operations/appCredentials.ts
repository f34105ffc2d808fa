import { content, created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { signingKey } from '../../../shared/universe/keys.ts'
import { fail, invalid, notFound } from '../errors.ts'
import { clientSecret } from '../ids.ts'
import { hinted } from '../links.ts'
import { objectBody, resource } from '../resource.ts'
import { addAppKey, keysOf } from '../rules/appKeys.ts'
import { appOf } from '../rules/apps.ts'
import { type DistinguishedName, readCertificate, signingRequest } from '../rules/certificates.ts'
import { addSecret } from '../rules/clientSecrets.ts'
import { samlMetadata } from '../rules/samlMetadata.ts'
import type { App, AppKey, ClientSecret } from '../tables/applications.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { appKeyView, secretView } from '../views/applications.ts'
import { bodyOf, objectIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

/** What an app signs with and proves itself with: keys, requests for certificates, client secrets, SAML metadata. */
export const appCredentials = operations({
  listApplicationKeys(call) {
    return ok(keysOf(call, appOf(call, call.params.appId)).map(appKeyView))
  },

  generateApplicationKey(call) {
    const app = appOf(call, call.params.appId)
    const years = Number(call.query.validityYears ?? 2)
    if (!(years >= 2 && years <= 10))
      invalid('generateKey', ['Validity years out of range. It should be 2 - 10 years.'])
    const key = keyOf(call, app, addAppKey(call, app.id, years))
    return created(appKeyView(key), { location: call.link(`/api/v1/apps/${app.id}/credentials/keys/${key.kid}`) })
  },

  getApplicationKey(call) {
    return ok(appKeyView(keyOf(call, appOf(call, call.params.appId), call.params.keyId)))
  },

  /** Shares a key with another app, so that both sign alike. */
  cloneApplicationKey(call) {
    const key = keyOf(call, appOf(call, call.params.appId), call.params.keyId)
    const other = appOf(call, String(call.query.targetAid ?? ''))
    if (keysOf(call, other).some((known) => known.kid === key.kid)) {
      invalid('cloneKey', ['Key already exists in the list of key credentials for the target app.'])
    }
    const shared = { ...key, appId: other.id }
    call.tables.appKeys.put(shared)
    return created(appKeyView(shared), {
      location: call.link(`/api/v1/apps/${other.id}/credentials/keys/${key.kid}`),
    })
  },

  listCsrsForApplication(call) {
    const app = appOf(call, call.params.appId)
    return ok(call.tables.appCsrs.where('parent', app.id).map((row) => csrView(row, call)))
  },

  generateCsrForApplication(call) {
    const app = appOf(call, call.params.appId)
    const body = objectBody(call)
    const pool = call.sequence('okta.appKey')
    const names = (objectIn(body, 'subjectAltNames').dnsNames ?? []) as string[]
    const row = call.tables.appCsrs.insert({
      id: call.random.text(43, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'),
      parent: app.id,
      created: call.now,
      lastUpdated: call.now,
      data: { csr: signingRequest(signingKey(pool), subjectOf(objectIn(body, 'subject')), names), pool },
    })
    return created(csrView(row, call), { location: call.link(csrPath(row)) })
  },

  getCsrForApplication(call) {
    return ok(csrView(csrOf(call), call))
  },

  revokeCsrFromApplication(call) {
    call.tables.appCsrs.remove(csrOf(call).id)
    return noContent()
  },

  /** The signed certificate comes back, as DER, PEM or base64: the request becomes a key. */
  publishCsrFromApplication(call) {
    const row = csrOf(call)
    const text = certificateText(call.request.bytes).replace(/-----[^-]+-----|\s/g, '')
    const pool = row.data.pool as number
    const certificate = readCertificate(text)
    if (certificate?.n !== signingKey(pool).publicJwk.n)
      return invalid('certificate', ["The certificate doesn't match the CSR."])
    if (certificate.expires - call.now <= SHORTEST_VALIDITY)
      invalid('certificate', ['The certificate must be valid for more than 90 days.'])
    const kid = addAppKey(call, row.parent as string, 10, { pool, certificate: text })
    call.tables.appCsrs.remove(row.id)
    const key = keyOf(call, appOf(call, row.parent as string), kid)
    return created(appKeyView(key), { location: call.link(`/api/v1/apps/${row.parent}/credentials/keys/${kid}`) })
  },

  listOAuth2ClientSecrets(call) {
    const app = appOf(call, call.params.appId)
    return ok(call.tables.clientSecrets.where('app', app.id).map((secret) => secretView(secret, call)))
  },

  /** Two secrets at most: enough to rotate. */
  createOAuth2ClientSecret(call) {
    const app = appOf(call, call.params.appId)
    const body = bodyOf(call)
    if (call.tables.clientSecrets.count('app', app.id) >= 2) {
      invalid('OAuth2ClientSecretMediated', ["You've reached the maximum number of client secrets per client."])
    }
    const complaint = secretComplaint(app, body.client_secret)
    if (complaint) invalid('client_secret', [complaint])
    const value = typeof body.client_secret === 'string' ? body.client_secret : clientSecret(call)
    const secret = addSecret(call, app, value, body.status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE')
    return created(secretView(secret, call))
  },

  getOAuth2ClientSecret(call) {
    return ok(secretView(secretOf(call), call))
  },

  deleteOAuth2ClientSecret(call) {
    const secret = secretOf(call)
    if (secret.status === 'ACTIVE') {
      invalid('OAuth2ClientSecretMediated', [
        "You can't delete an active client secret. Deactivate the secret before deleting it.",
      ])
    }
    call.tables.clientSecrets.remove(secret.id)
    return noContent()
  },

  activateOAuth2ClientSecret(call) {
    return ok(secretView(moved(call, 'ACTIVE'), call))
  },

  /** The last active secret stays. */
  deactivateOAuth2ClientSecret(call) {
    const secret = secretOf(call)
    const active = call.tables.clientSecrets.where('app', secret.appId).filter((other) => other.status === 'ACTIVE')
    if (active.every((other) => other.id === secret.id))
      invalid('OAuth2ClientSecretMediated', ["You can't deactivate the only active client secret."])
    return ok(secretView(moved(call, 'INACTIVE'), call))
  },

  previewSAMLmetadataForApplication(call) {
    const app = appOf(call, call.params.appId)
    if (!/xml|\*\/\*/.test(call.request.header('accept') ?? 'application/xml')) fail('E0000019')
    const kid = (call.query as { kid?: string }).kid ?? app.kid
    const key = kid === undefined ? undefined : keyOf(call, app, kid)
    return content(samlMetadata(call, app, key), 'application/xml;charset=ISO-8859-1')
  },
})

/** Public keys an OAuth client registered. */
export const clientKeys = resource({
  table: (tables) => tables.clientKeys,
  prefix: 'pks',
  kind: 'JsonWebKey',
  param: 'keyId',
  parent: (call) => appOf(call, (call.params as { appId: string }).appId).id,
  find: (call, id) => {
    const { appId } = call.params as { appId: string }
    return (
      call.tables.clientKeys.get(id) ?? call.tables.clientKeys.where('parent', appId).find((row) => row.data.kid === id)
    )
  },
  operations: {
    list: 'listJwk',
    create: 'addJwk',
    get: 'getJwk',
    remove: 'deletejwk',
    activate: 'activateOAuth2ClientJsonWebKey',
    deactivate: 'deactivateOAuth2ClientJsonWebKey',
  },
  status: (body) => (body.status as string | undefined) ?? 'ACTIVE',
  createdStatus: 201,
  lifecycle: 'object',
  data(body, call) {
    const { appId } = call.params as { appId: string }
    const complaint = jwkComplaint(body, call.tables.clientKeys.where('parent', appId))
    if (complaint) invalid('JsonWebKey', [complaint])
    const { id, status, _links, ...key } = body
    return key
  },
  guard(verb, row, call) {
    const complaint = verb === 'remove' ? removalComplaint(row) : verb === 'deactivate' && endComplaint(call, row)
    if (complaint) invalid('JsonWebKey', [complaint])
  },
  view: (row, call) => {
    const path = `/api/v1/apps/${row.parent}/credentials/jwks/${row.id}`
    return {
      id: row.id,
      ...row.data,
      status: row.status,
      created: isoTime(row.created),
      lastUpdated: isoTime(row.lastUpdated),
      ...(!(row.status === 'ACTIVE' && row.data.use === 'enc') && {
        _links:
          row.status === 'ACTIVE'
            ? { deactivate: hinted(call, `${path}/lifecycle/deactivate`, 'POST') }
            : { activate: hinted(call, `${path}/lifecycle/activate`, 'POST'), delete: hinted(call, path, 'DELETE') },
      }),
    }
  },
})

const MAX_KEYS = 50
const DAY = 24 * 3600 * 1000
const SHORTEST_VALIDITY = 90 * DAY

/** What keeps a public key from joining those a client has. */
function jwkComplaint(body: Json, known: readonly Document[]): string | undefined {
  if (body.kty === 'RSA' && Buffer.from(String(body.n ?? ''), 'base64url').length < 256)
    return "RSA key length in the 'jwks' is less than '2,048' bits for the given key."
  if (known.length >= MAX_KEYS)
    return `You can't create a new key. You have reached the maximum number of keys allowed (${MAX_KEYS}). To add another key, you must first delete an existing one.`
  if (known.some(({ data }) => !data.kid))
    return 'Each key should have a unique kid when adding multiple keys. Use the Apps API to update the JWKS to add a kid for the existing key, or delete the existing key and re-add the key with a kid using the JWKS APIs.'
  if (known.some(({ data }) => data.kid === body.kid)) return "All keys in the 'jwks' must have a unique `kid`."
  const encrypts = ({ status, data }: { status?: unknown; data: Json }) => status !== 'INACTIVE' && data.use === 'enc'
  if (encrypts({ status: body.status, data: body }) && known.some(encrypts))
    return "The client can have only one active encryption key in the 'jwks'."
  return undefined
}

const removalComplaint = ({ status }: Document) =>
  status === 'ACTIVE' && "You can't delete an active JSON Web Key. Deactivate the key before deleting it."

/** A client that proves itself with a key keeps one; its encryption key stays active. */
function endComplaint(call: OktaCall, row: Document): string | undefined {
  if (row.data.use === 'enc' && row.status === 'ACTIVE') return "You can't deactivate the active encryption key."
  const app = appOf(call, row.parent as string)
  const others = call.tables.clientKeys
    .where('parent', app.id)
    .some((key) => key.id !== row.id && key.status === 'ACTIVE' && key.data.use !== 'enc')
  return !others && authMethodOf(app) === 'private_key_jwt'
    ? "Can't deactivate the only active JSON Web Key when the value for `token_endpoint_auth_method` is `private_key_jwt`."
    : undefined
}

const authMethodOf = (app: App): unknown =>
  (app.credentials as { oauthClient?: { token_endpoint_auth_method?: string } }).oauthClient?.token_endpoint_auth_method

/** What is wrong with a secret that a client brings, or with bringing any. */
function secretComplaint(app: App, secret: unknown): string | undefined {
  const method = authMethodOf(app)
  if (method === 'private_key_jwt')
    return "'client_secret' can't be used when 'token_endpoint_auth_method' is 'private_key_jwt'."
  if (typeof secret !== 'string') return undefined
  if (!/^[\x20-\x7e]+$/.test(secret))
    return "client_secret: ''client_secret'' must only contain printable ASCII: [x20-x7E]+"
  if (secret.length > 100) return "client_secret: 'client_secret' can't be more than '100' characters long."
  if (secret.length < 14) return "client_secret: 'client_secret' must be at least '14' characters long."
  return method === 'client_secret_jwt' && secret.length < 32
    ? "client_secret: 'client_secret' must be at least '32' characters long when 'token_endpoint_auth_method' is 'client_secret_jwt'."
    : undefined
}

const keyOf = (call: OktaCall, app: App, kid: string): AppKey =>
  keysOf(call, app).find((key) => key.kid === kid) ?? notFound(kid, 'JsonWebKey')

function secretOf(call: OktaCall): ClientSecret {
  const { appId, secretId } = call.params as { appId: string; secretId: string }
  const app = appOf(call, appId)
  const secret = call.tables.clientSecrets.get(secretId)
  return secret?.appId === app.id ? secret : notFound(secretId, 'OAuth2ClientSecretMediated')
}

const moved = (call: OktaCall, status: ClientSecret['status']): ClientSecret =>
  call.tables.clientSecrets.patch(secretOf(call).id, { status, lastUpdated: call.now })

function csrOf(call: OktaCall): Document {
  const { appId, csrId } = call.params as { appId: string; csrId: string }
  const app = appOf(call, appId)
  const row = call.tables.appCsrs.get(csrId)
  return row?.parent === app.id ? row : notFound(csrId, 'CertificateSigningRequest')
}

const csrPath = (row: Document) => `/api/v1/apps/${row.parent}/credentials/csrs/${row.id}`

const csrView = (row: Document, call: OktaCall) => ({
  id: row.id,
  created: isoTime(row.created),
  csr: row.data.csr,
  kty: 'RSA',
  _links: {
    publish: hinted(call, `${csrPath(row)}/lifecycle/publish`, 'POST'),
    self: hinted(call, csrPath(row), 'GET', 'DELETE'),
  },
})

const NAMES: readonly (readonly [string, string])[] = [
  ['C', 'countryName'],
  ['ST', 'stateOrProvinceName'],
  ['L', 'localityName'],
  ['O', 'organizationName'],
  ['OU', 'organizationalUnitName'],
  ['CN', 'commonName'],
]

const subjectOf = (given: Readonly<Record<string, unknown>>): DistinguishedName =>
  NAMES.flatMap(([short, long]) => (given[long] === undefined ? [] : [[short, String(given[long])] as const]))

/** A certificate as sent: text, or the bytes of DER in base64. */
function certificateText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8')
  return bytes[0] === 0x30 && bytes[1] === 0x82 ? Buffer.from(bytes).toString('base64') : text
}
