import { openWorld, type World, type WorldOptions } from '../../shared/testing/world.ts'

/** What a site answered. A reply without a body has none. */
export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
  readonly body: any
  readonly headers: Headers
}

/** A site behind a socket, and its administrator. */
export interface TestSite {
  readonly world: World
  /** A call as the administrator; `path` is below `/rest/api/3/`, or begins with a slash. Redirects are not followed. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  get(path: string): Promise<Answer>
  post(path: string, body?: unknown): Promise<Answer>
  put(path: string, body?: unknown): Promise<Answer>
  remove(path: string, body?: unknown): Promise<Answer>
  /** An issue of AUTOTEST: its id and key. */
  issue(summary: string, fields?: object): Promise<{ id: string; key: string }>
  close(): Promise<void>
}

/** A site with the company-managed project AUTOTEST; `jira` adds to the fixture's section. */
export async function openSite(jira: object = {}, options: WorldOptions = {}): Promise<TestSite> {
  const project = { key: 'AUTOTEST', name: 'Autotest', template: 'kanban', board: false }
  const fixture = { name: 'test', people: [], sections: { jira: { projects: [project], ...jira } } }
  const world = await openWorld({ twins: ['jira'], fixture, ...options })
  const call: TestSite['call'] = async (method, path, body, headers = {}) => {
    const reply = await world.fetch('jira', path.startsWith('/') ? path : `/rest/api/3/${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    const json = /json/.test(reply.headers.get('content-type') ?? '')
    return {
      status: reply.status,
      body: text === '' ? undefined : json ? JSON.parse(text) : text,
      headers: reply.headers,
    }
  }
  return {
    world,
    call,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    remove: (path, body) => call('DELETE', path, body),
    async issue(summary, fields = {}) {
      const { body } = await call('POST', '/rest/api/2/issue', {
        fields: { project: { key: 'AUTOTEST' }, issuetype: { name: 'Task' }, summary, ...fields },
      })
      return { id: body.id, key: body.key }
    },
    close: () => world.close(),
  }
}
