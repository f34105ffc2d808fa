import type { TwinName } from '../../server/twins.ts'
import type { World } from '../world.ts'

/** One request of the suite. */
export interface Ask {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A reply with its body read. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: replies of six services
  readonly json: any
}

/** What the suite needs to know of one service: how to use it rightly, how to misuse it, and how it then speaks. */
export interface Probe {
  readonly twin: TwinName
  /** A read that the default credential may do. */
  readonly read: Ask
  /** A write that succeeds, different for each `n`. */
  write(n: number): Ask
  /** Names of what `write` made, as a list or search shows them; walks all pages in small steps. */
  list(send: (ask: Ask) => Promise<Answer>): Promise<string[]>
  /** The name `write(n)` gives. */
  nameOf(n: number): string
  readonly unknownRoute: Ask
  readonly wrongVerb: Ask
  readonly malformed: Ask
  readonly badType: Ask
  /** Where a JSON body over the service's limit goes, when not where `write` goes. */
  readonly tooLarge?: Ask
  readonly wrongContentType: Ask
  /** An Authorization value that never was one. */
  readonly badToken: string
  /** A credential that is good for less, and a call it is not good for. */
  weak(world: World): Promise<{ authorization: string; ask: Ask }>
  /** Statuses of the refusals above. */
  readonly statuses: Readonly<
    Record<'unknownRoute' | 'wrongVerb' | 'malformed' | 'badType' | 'wrongContentType' | 'badToken' | 'weak', number>
  >
  /** Whether a refusal is in the service's own form. */
  isRefusal(answer: Answer): boolean
}

const json = (method: string, path: string, body: unknown): Ask => ({
  method,
  path,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

const okta: Probe = {
  twin: 'okta',
  read: { path: '/api/v1/users/me' },
  write: (n) => json('POST', '/api/v1/groups', { profile: { name: okta.nameOf(n) } }),
  nameOf: (n) => `Conformance ${String(n).padStart(3, '0')}`,
  async list(send) {
    const names: string[] = []
    let path: string | undefined = '/api/v1/groups?limit=3'
    while (path) {
      const { json, headers }: Answer = await send({ path })
      names.push(...json.map((group: { profile: { name: string } }) => group.profile.name))
      const next: string | undefined = /<([^>]+)>;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1]
      path = next && new URL(next).pathname + new URL(next).search
    }
    return names
  },
  unknownRoute: { path: '/api/v1/nowhere' },
  wrongVerb: { method: 'PATCH', path: '/api/v1/groups' },
  malformed: json('POST', '/api/v1/groups', '{"profile":'),
  badType: json('POST', '/api/v1/groups', { profile: 3 }),
  wrongContentType: { method: 'POST', path: '/api/v1/groups', headers: { 'content-type': 'text/csv' }, body: 'x' },
  badToken: 'SSWS 00nobodyholdsthistokenofthetwin0000000000',
  weak: async ({ access }) => ({ authorization: `SSWS ${access.okta.readOnlyToken}`, ask: okta.write(900) }),
  statuses: {
    unknownRoute: 404,
    wrongVerb: 405,
    malformed: 400,
    badType: 400,
    wrongContentType: 400,
    badToken: 401,
    weak: 403,
  },
  isRefusal: ({ json }) =>
    /^E0\d{6}$/.test(json?.errorCode) &&
    json.errorLink === json.errorCode &&
    /^oae/.test(json.errorId) &&
    Array.isArray(json.errorCauses),
}

const jira: Probe = {
  twin: 'jira',
  read: { path: '/rest/api/3/myself' },
  write: (n) => json('POST', '/rest/api/3/filter', { name: jira.nameOf(n), jql: 'project is not EMPTY' }),
  nameOf: (n) => `Conformance ${String(n).padStart(3, '0')}`,
  async list(send) {
    const names: string[] = []
    for (let startAt = 0; ; startAt += 3) {
      const { json } = await send({ path: `/rest/api/3/filter/search?maxResults=3&startAt=${startAt}` })
      names.push(...json.values.map(({ name }: { name: string }) => name))
      if (json.isLast) return names
    }
  },
  unknownRoute: { path: '/rest/api/3/nowhere' },
  wrongVerb: { method: 'PATCH', path: '/rest/api/3/myself' },
  malformed: json('POST', '/rest/api/3/issue', '{"fields":'),
  badType: { path: '/rest/api/3/project/search?maxResults=many' },
  wrongContentType: { method: 'POST', path: '/rest/api/3/issue', headers: { 'content-type': 'text/csv' }, body: 'x' },
  badToken: `Basic ${Buffer.from('nobody@example.com:nothing').toString('base64')}`,
  weak: async () => ({ authorization: '', ask: { path: '/rest/api/3/myself' } }),
  statuses: {
    unknownRoute: 404,
    wrongVerb: 405,
    malformed: 400,
    badType: 400,
    wrongContentType: 415,
    badToken: 401,
    weak: 401,
  },
  isRefusal: ({ json, text, headers }) =>
    Array.isArray(json?.errorMessages) ||
    (headers.get('content-type')?.startsWith('application/problem+json') && typeof json?.detail === 'string') ||
    text === 'Client must be authenticated to access this resource.',
}

const slack: Probe = {
  twin: 'slack',
  read: { path: '/api/auth.test' },
  write: (n) => json('POST', '/api/conversations.create', { name: slack.nameOf(n) }),
  nameOf: (n) => `conformance-${String(n).padStart(3, '0')}`,
  async list(send) {
    const names: string[] = []
    let cursor = ''
    do {
      const { json } = await send({ path: `/api/conversations.list?limit=3&cursor=${encodeURIComponent(cursor)}` })
      names.push(...json.channels.map(({ name }: { name: string }) => name))
      cursor = json.response_metadata.next_cursor
    } while (cursor)
    return names
  },
  unknownRoute: { path: '/api/no.such.method' },
  wrongVerb: { method: 'PATCH', path: '/api/auth.test' },
  malformed: json('POST', '/api/chat.postMessage', '{"channel":'),
  badType: { path: '/api/conversations.list?limit=many' },
  wrongContentType: {
    method: 'POST',
    path: '/api/chat.postMessage',
    headers: { 'content-type': 'text/csv' },
    body: 'x',
  },
  badToken: 'Bearer xoxb-nobody',
  weak: async ({ access }) => ({ authorization: `Bearer ${access.slack.appToken}`, ask: slack.write(900) }),
  statuses: {
    unknownRoute: 200,
    wrongVerb: 200,
    malformed: 200,
    badType: 200,
    wrongContentType: 200,
    badToken: 200,
    weak: 200,
  },
  isRefusal: ({ json, headers }) =>
    json?.ok === false && typeof json.error === 'string' && headers.has('x-slack-req-id'),
}

interface KeyFile {
  readonly client_email: string
  readonly private_key: string
  readonly token_uri: string
}

/** An access token of the default service account for fewer scopes, as google-auth libraries get one. */
async function googleToken(world: World, twin: TwinName, scope: string): Promise<string> {
  const key = world.access[twin].serviceAccount as KeyFile
  const now = Math.floor(world.universe.clock.now() / 1000)
  const claims = { iss: key.client_email, scope, aud: key.token_uri, iat: now, exp: now + 3600 }
  const { SignJWT, importPKCS8 } = await import('jose')
  const assertion = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256' })
    .sign(await importPKCS8(key.private_key, 'RS256'))
  const response = await fetch(key.token_uri, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
  })
  const granted = (await response.json()) as { access_token?: string }
  if (!granted.access_token) throw new Error(`No token: ${JSON.stringify(granted)}`)
  return granted.access_token
}

const SCOPES = 'https://www.googleapis.com/auth/'

const isGoogleRefusal = ({ status, json, text, headers }: Answer) =>
  (json?.error?.code === status && typeof json.error.message === 'string') ||
  (headers.get('content-type')?.startsWith('text/html') === true && /<title>Error \d+/.test(text))

const drive: Probe = {
  twin: 'drive',
  read: { path: '/drive/v3/about?fields=user' },
  write: (n) =>
    json('POST', '/drive/v3/files', { name: drive.nameOf(n), mimeType: 'application/vnd.google-apps.folder' }),
  nameOf: (n) => `Conformance ${String(n).padStart(3, '0')}`,
  async list(send) {
    const names: string[] = []
    let token = ''
    do {
      const { json } = await send({
        path: `/drive/v3/files?pageSize=3${token && `&pageToken=${encodeURIComponent(token)}`}`,
      })
      names.push(...json.files.map(({ name }: { name: string }) => name))
      token = json.nextPageToken ?? ''
    } while (token)
    return names
  },
  unknownRoute: { path: '/drive/v3/nowhere' },
  wrongVerb: { method: 'PUT', path: '/drive/v3/files' },
  malformed: json('POST', '/drive/v3/files', '{"name":'),
  badType: { path: '/drive/v3/files?pageSize=many' },
  // Files take uploads of any size; what only takes metadata does not.
  tooLarge: json('POST', '/drive/v3/drives?requestId=large', ''),
  wrongContentType: { method: 'POST', path: '/drive/v3/files', headers: { 'content-type': 'text/csv' }, body: 'x' },
  badToken: 'Bearer ya29.nobody',
  weak: async (world) => ({
    authorization: `Bearer ${await googleToken(world, 'drive', `${SCOPES}drive.readonly`)}`,
    ask: drive.write(900),
  }),
  statuses: {
    unknownRoute: 404,
    wrongVerb: 404,
    malformed: 400,
    badType: 400,
    wrongContentType: 400,
    badToken: 401,
    weak: 403,
  },
  isRefusal: isGoogleRefusal,
}

/** Documents and spreadsheets have no list of their own: Drive shows them, at once. */
const inDrive =
  (mimeType: string, world: () => World): Probe['list'] =>
  async () => {
    const reply = await world().fetch(
      'drive',
      `/drive/v3/files?pageSize=1000&q=${encodeURIComponent(`mimeType='${mimeType}'`)}`,
    )
    return ((await reply.json()) as { files: { name: string }[] }).files.map(({ name }) => name)
  }

let current: World | undefined

/** Tells the probes which world they are in. */
export function enter(world: World): void {
  current = world
}
const here = () => current as World

const docs: Probe = {
  twin: 'docs',
  read: { path: '/v1/documents/' },
  write: (n) => json('POST', '/v1/documents', { title: docs.nameOf(n) }),
  nameOf: (n) => `Conformance ${String(n).padStart(3, '0')}`,
  list: inDrive('application/vnd.google-apps.document', here),
  unknownRoute: { path: '/v1/nowhere' },
  wrongVerb: { method: 'PUT', path: '/v1/documents' },
  malformed: json('POST', '/v1/documents', '{"title":'),
  badType: json('POST', '/v1/documents', { title: { a: 1 } }),
  wrongContentType: { method: 'POST', path: '/v1/documents', headers: { 'content-type': 'text/csv' }, body: 'x' },
  badToken: 'Bearer ya29.nobody',
  weak: async (world) => ({
    authorization: `Bearer ${await googleToken(world, 'docs', `${SCOPES}documents.readonly`)}`,
    ask: docs.write(900),
  }),
  statuses: {
    unknownRoute: 404,
    wrongVerb: 404,
    malformed: 400,
    badType: 400,
    wrongContentType: 400,
    badToken: 401,
    weak: 403,
  },
  isRefusal: isGoogleRefusal,
}

const sheets: Probe = {
  ...docs,
  twin: 'sheets',
  read: { path: '/v4/spreadsheets/' },
  write: (n) => json('POST', '/v4/spreadsheets', { properties: { title: sheets.nameOf(n) } }),
  list: inDrive('application/vnd.google-apps.spreadsheet', here),
  unknownRoute: { path: '/v4/nowhere' },
  wrongVerb: { method: 'PUT', path: '/v4/spreadsheets' },
  malformed: json('POST', '/v4/spreadsheets', '{"properties":'),
  badType: json('POST', '/v4/spreadsheets', { properties: { title: { a: 1 } } }),
  wrongContentType: { method: 'POST', path: '/v4/spreadsheets', headers: { 'content-type': 'text/csv' }, body: 'x' },
  weak: async (world) => ({
    authorization: `Bearer ${await googleToken(world, 'sheets', `${SCOPES}spreadsheets.readonly`)}`,
    ask: sheets.write(900),
  }),
}

export const probes: readonly Probe[] = [okta, jira, slack, docs, drive, sheets]
