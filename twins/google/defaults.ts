import type { Access, Person } from '../../shared/kernel/twin.ts'
import { signingKey } from '../../shared/universe/keys.ts'
import { BASE36, BASE62 } from '../../shared/universe/random.ts'
import type { GoogleMoment } from './caller.ts'
import { newAccessToken, newApiKey, newKeyId, newRefreshToken } from './ids.ts'
import { BROAD_SCOPES } from './scopes.ts'
import type { ServiceAccountKey, User } from './tables.ts'
import { issueAccessToken } from './tokens.ts'
import { addUser, ensureUser, findUser } from './users.ts'

/** What every universe has on Google's side before a fixture speaks. The three twins share it: the first one makes it. */

const PROJECT = 'dtu-project'
export const DEFAULT_USER = 'admin@example.com'
/** Local part of the service account's e-mail. In its key file the universe's tag follows. */
const ACCOUNT = 'dtu-agent-'

/** Adds project, default user, service account, OAuth client, API key and access token, once. */
export function googleDefaults(moment: GoogleMoment): void {
  const { tables, random } = moment
  if (tables.projects.size > 0) return
  const number = `${1 + random.integer(9)}${random.text(11, '0123456789')}`
  tables.projects.insert({ id: PROJECT, number })
  const admin = addUser(moment, { email: DEFAULT_USER, displayName: 'Example Admin', admin: true })
  const account = addUser(moment, {
    email: `dtu-agent@${PROJECT}.iam.gserviceaccount.com`,
    kind: 'serviceAccount',
    admin: true,
  })
  tables.serviceAccountKeys.insert({ id: newKeyId(random), userId: account.id, localPart: ACCOUNT, signingKey: 1 })
  tables.oauthClients.insert({
    id: `${number}-${random.text(32, BASE36)}.apps.googleusercontent.com`,
    secret: `GOCSPX-${random.text(18, BASE62)}`,
    redirectUris: ['http://localhost', 'urn:ietf:wg:oauth:2.0:oob'],
  })
  tables.apiKeys.insert({ secret: newApiKey(random) })
  issueDefaultToken(moment, admin)
}

/** An access token of somebody's own, as the header that carries it. */
export function signIn(moment: GoogleMoment, email: string): string | undefined {
  const user = findUser(moment, email)
  const client = moment.tables.oauthClients.all()[0]
  return user && client && `Bearer ${issueAccessToken(moment, { user, clientId: client.id })}`
}

/** The ready-made token does not expire. */
function issueDefaultToken(moment: GoogleMoment, user: User): void {
  const { tables, random } = moment
  const client = tables.oauthClients.all()[0]
  if (!client) throw new Error('A universe without an OAuth client')
  const rights = { userId: user.id, clientId: client.id, scopes: BROAD_SCOPES }
  tables.accessTokens.insert({ ...rights, secret: newAccessToken(random) })
  tables.refreshTokens.insert({ ...rights, secret: newRefreshToken(random) })
}

/** Makes the ready-made tokens somebody else's: a fixture's `defaultUser`. */
export function giveDefaultTokens(moment: GoogleMoment, user: User): void {
  const { accessTokens, refreshTokens } = moment.tables
  for (const token of accessTokens.all())
    if (token.expiresAt === undefined) accessTokens.replace({ ...token, userId: user.id })
  for (const token of refreshTokens.all()) refreshTokens.replace({ ...token, userId: user.id })
}

/** Adds a fixture's people, each an account of their own domain. */
export function addPeople(moment: GoogleMoment, people: readonly Person[]): void {
  for (const { email, firstName, lastName, admin = false } of people) {
    const user = ensureUser(moment, email, `${firstName} ${lastName}`)
    if (admin && !user.admin) moment.tables.users.patch(user.id, { admin })
  }
}

/** The universe's service account and its key. */
export function serviceAccountOf(moment: GoogleMoment): { user: User; key: ServiceAccountKey } {
  const key = moment.tables.serviceAccountKeys.all()[0]
  const user = key && moment.tables.users.get(key.userId)
  if (!user) throw new Error('A universe without a service account')
  return { user, key }
}

/** The key file of the service account. Its e-mail names the universe, its `token_uri` is the twin. */
function keyFile(moment: GoogleMoment, url: string): Readonly<Record<string, string>> {
  const { user, key } = serviceAccountOf(moment)
  const email = `${moment.seal(key.localPart)}${user.email.slice(user.email.indexOf('@'))}`
  return {
    type: 'service_account',
    project_id: PROJECT,
    private_key_id: key.id,
    private_key: signingKey(key.signingKey).privateKeyPem,
    client_email: email,
    client_id: user.subject,
    auth_uri: `${url}/o/oauth2/auth`,
    token_uri: `${url}/token`,
    auth_provider_x509_cert_url: `${url}/oauth2/v1/certs`,
    client_x509_cert_url: `${url}/robot/v1/metadata/x509/${encodeURIComponent(email)}`,
    universe_domain: 'googleapis.com',
  }
}

/**
 * An `external_account` file, the way to credentials without a key where no metadata server is looked for: its subject
 * tokens come from the metadata server's identity endpoint.
 */
function externalAccount(url: string): object {
  const audience = `//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/dtu/providers/twin`
  const identity = `${url}/computeMetadata/v1/instance/service-accounts/default/identity`
  return {
    type: 'external_account',
    audience,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${url}/v1/token`,
    credential_source: {
      url: `${identity}?audience=${encodeURIComponent(audience)}`,
      headers: { 'Metadata-Flavor': 'Google' },
      format: { type: 'text' },
    },
    universe_domain: 'googleapis.com',
  }
}

/** Ready-made credentials of a Google twin. `name` stands in its variables: `GOOGLE_DRIVE_URL`. */
export function googleAccess(moment: GoogleMoment, name: string, url: string): Access {
  const { tables } = moment
  const access = tables.accessTokens.rows().find(({ expiresAt }) => expiresAt === undefined)
  const client = tables.oauthClients.all()[0]
  const refresh = tables.refreshTokens.all()[0]
  const apiKey = tables.apiKeys.all()[0]
  const user = access && tables.users.get(access.userId)
  if (!access || !client || !refresh || !apiKey || !user) throw new Error('A universe without Google credentials')
  const token = moment.seal(access.secret)
  const { host, pathname } = new URL(url)
  // A metadata host is no more than host and port: with a path before the twin it would be another universe's.
  const metadata: Record<string, string> = pathname === '/' ? { GCE_METADATA_HOST: host, GCE_METADATA_IP: host } : {}
  const prefix = `GOOGLE_${name.toUpperCase()}`
  return {
    url,
    authorization: `Bearer ${token}`,
    token,
    env: {
      [`${prefix}_URL`]: url,
      [`${prefix}_ROOT_URL`]: `${url}/`,
      GOOGLE_ACCESS_TOKEN: token,
      GOOGLE_API_KEY: moment.seal(apiKey.secret),
      ...metadata,
    },
    user: user.email,
    apiKey: moment.seal(apiKey.secret),
    serviceAccount: keyFile(moment, url),
    externalAccount: externalAccount(url),
    oauthClient: {
      clientId: client.id,
      clientSecret: moment.seal(client.secret),
      refreshToken: moment.seal(refresh.secret),
    },
  }
}
