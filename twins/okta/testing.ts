import { openWorld, type World } from '../../shared/testing/world.ts'

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
