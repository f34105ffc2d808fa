import { createHash } from 'node:crypto'
import { openWorld, type World } from '../../shared/testing/world.ts'
import { acts } from './acts.ts'

/** What an org answered. The body is whatever JSON came, `undefined` when none did. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: ReturnType<typeof JSON.parse>
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

/** An org behind real sockets, and calls in the name of one credential. */
export interface Org {
  readonly world: World
  readonly url: string
  call(method: Method, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  get(path: string): Promise<Answer>
  post(path: string, body?: unknown): Promise<Answer>
  put(path: string, body?: unknown): Promise<Answer>
  patch(path: string, body?: unknown): Promise<Answer>
  delete(path: string): Promise<Answer>
  /** The same org in the name of another: an `authorization` value, and headers to send with every call. */
  as(authorization: string | undefined, headers?: Record<string, string>): Org
  /** Events of one type in the system log, oldest first. */
  events(eventType: string): Promise<{ target: { id: string; type: string }[] | null; actor: { id: string } }[]>
  /** What a person does by hand: see `acts.ts`. */
  act<Name extends keyof typeof acts>(
    name: Name,
    input: Parameters<(typeof acts)[Name]>[1],
  ): ReturnType<(typeof acts)[Name]>
  close(): Promise<void>
}

/**
 * Opens an org for wire tests, in the name of its super administrator.
 *
 * @example
 * const org = await openOrg()
 * expect(await org.get('/api/v1/users/none')).toMatchObject(refused(404, 'E0000007'))
 */
export async function openOrg(fixture = 'blank'): Promise<Org> {
  const world = await openWorld({ twins: ['okta'], fixture })
  return orgOf(world, world.access.okta.authorization)
}

function orgOf(world: World, authorization: string | undefined, always: Record<string, string> = {}): Org {
  const { url } = world.access.okta
  const call: Org['call'] = async (method, path, body, headers = {}) => {
    const sent = new Headers({ ...always, ...headers })
    if (authorization) sent.set('authorization', authorization)
    if (body !== undefined && !sent.has('content-type') && !isRaw(body)) sent.set('content-type', 'application/json')
    const raw = body === undefined || isRaw(body) ? body : JSON.stringify(body)
    const reply = await fetch(url + path, { method, headers: sent, redirect: 'manual', ...(raw ? { body: raw } : {}) })
    const text = await reply.text()
    const isJson = reply.headers.get('content-type')?.includes('json')
    return { status: reply.status, headers: reply.headers, body: text && isJson ? JSON.parse(text) : text || undefined }
  }
  return {
    world,
    url,
    call,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
    as: (other, headers = {}) => orgOf(world, other, headers),
    events: async (eventType) => {
      const filter = encodeURIComponent(`eventType eq "${eventType}"`)
      return (await call('GET', `/api/v1/logs?limit=1000&filter=${filter}`)).body
    },
    act: (name, input) => {
      const { universe, multiverse } = world
      const { twin } = multiverse.app('okta')
      return multiverse.act(universe, twin, name, (moment) => acts[name](moment as never, input as never)) as never // one signature for all acts
    },
    close: () => world.close(),
  }
}

const isRaw = (body: unknown): body is string | FormData | URLSearchParams | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' || body instanceof FormData || body instanceof URLSearchParams || body instanceof Uint8Array

/** How a refusal looks, for `toMatchObject`: status, code, and the summary or causes when they matter. */
export const refused = (status: number, errorCode: string, more: { summary?: string; causes?: string[] } = {}) => ({
  status,
  body: {
    errorCode,
    ...(more.summary && { errorSummary: more.summary }),
    ...(more.causes && { errorCauses: more.causes.map((errorSummary) => ({ errorSummary })) }),
  },
})

/** The refusal of what is not there (any more). */
export const gone = (id: string, kind: string) =>
  refused(404, 'E0000007', { summary: `Not found: Resource not found: ${id} (${kind})` })

/** A profile that the default schema takes. */
export const person = (login: string, more: object = {}) => ({
  profile: { login, email: login, firstName: 'Nils', lastName: 'Oberg', ...more },
})

export const PASSWORD = 'Tiger-Lily-9'
const REDIRECT = 'http://localhost:8080/callback'
const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-long'

/** A web app that may redeem codes and refresh tokens; `client_secret` and all. */
export async function webApp(org: Org, label: string, oauthClient: object = {}) {
  const { body } = await org.post('/api/v1/apps', {
    name: 'oidc_client',
    label,
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: {} },
    settings: {
      oauthClient: {
        application_type: 'web',
        grant_types: ['authorization_code', 'refresh_token', 'password'],
        response_types: ['code'],
        redirect_uris: [REDIRECT],
        ...oauthClient,
      },
    },
  })
  return body as { id: string; credentials: { oauthClient: { client_id: string; client_secret: string } } }
}

/** An active user with a password and, when an app is named, assigned to it. */
export async function member(org: Org, login: string, appId?: string) {
  const { body } = await org.post('/api/v1/users', { ...person(login), credentials: { password: { value: PASSWORD } } })
  if (appId) await org.post(`/api/v1/apps/${appId}/users`, { id: body.id, scope: 'USER' })
  return body as { id: string; profile: { login: string } }
}

/**
 * Tokens of a member through the code flow with PKCE.
 *
 * @param server '' for the org's own authorization server, `/default` or `/{id}` for a custom one
 */
export async function signIn(
  org: Org,
  app: Awaited<ReturnType<typeof webApp>>,
  login: string,
  scope: string,
  server = '',
): Promise<{ access_token: string; refresh_token?: string; id_token?: string; scope: string }> {
  const { client_id, client_secret } = app.credentials.oauthClient
  const anyone = org.as(undefined)
  const { sessionToken } = org.act('signIn', { login })
  const query = new URLSearchParams({
    client_id,
    response_type: 'code',
    scope,
    redirect_uri: REDIRECT,
    state: 's',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    sessionToken,
  })
  const { headers } = await anyone.get(`/oauth2${server}/v1/authorize?${query}`)
  const code = new URL(headers.get('location') as string).searchParams.get('code') as string
  const fields = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: VERIFIER }
  const reply = await anyone.post(
    `/oauth2${server}/v1/token`,
    new URLSearchParams({ ...fields, client_id, client_secret }),
  )
  return reply.body
}
