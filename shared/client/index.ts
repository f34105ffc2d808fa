import type { ClockSetting } from '../universe/clock.ts'
import type { FaultRule } from '../universe/faults.ts'
import type { LimitPlan } from '../universe/limits.ts'
import type { Change } from '../universe/store.ts'
import { type Access, type Line, overHttp } from './line.ts'

export type { Access } from './line.ts'

/** A clock to begin with or to change to; `at` is ISO 8601 or milliseconds since 1970. */
export interface ClockChange {
  readonly mode?: ClockSetting['mode']
  readonly at?: string | number
  readonly step?: number
  readonly advance?: number
}

export interface UniverseOptions {
  /** Name of a fixture, a path to one, or YAML text as `{ yaml }`. Default `blank`. */
  readonly fixture?: string | { readonly yaml: string }
  readonly seed?: number
  readonly clock?: ClockChange
  readonly limits?: LimitPlan
  readonly faults?: readonly (Omit<FaultRule, 'after'> & { readonly after?: number })[]
  readonly id?: string
  /** A running process (`npm start`); default: in this process, without a socket. */
  readonly url?: string
  /** In this process: open ports, for programs and libraries that take a URL. Implied by `url`. */
  readonly sockets?: boolean
}

/** One entry of the ledger: what happened, oldest first. */
export interface LedgerEntry {
  readonly seq: number
  readonly at: string
  readonly kind: 'call' | 'delivery' | 'job' | 'act' | 'seed'
  readonly twin: string
  readonly operation?: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly changes: readonly Change[]
  readonly unmodelled?: readonly string[]
  readonly crash?: string
  readonly [more: string]: unknown
}

export interface LedgerFilter {
  readonly since?: number
  readonly limit?: number
  readonly twin?: string
  readonly operation?: string
  readonly kind?: LedgerEntry['kind']
  readonly status?: string
  readonly changed?: boolean
}

interface View {
  readonly id: string
  readonly seed: number
  readonly twins: Readonly<Record<string, Access>>
  readonly env: Readonly<Record<string, string>>
}

/**
 * A universe: six services that know only each other. In this process or in a running one, the same interface.
 *
 * `await using universe = await createUniverse()` removes it at the end of its scope.
 */
export class Universe implements AsyncDisposable {
  readonly id: string
  readonly seed: number
  /** Per twin: url, token, authorization, env, and what else the service needs. */
  readonly twins: Readonly<Record<string, Access>>
  /** Variables for the services' SDKs, ready for a child process. */
  readonly env: Readonly<Record<string, string>>
  readonly #line: Line
  readonly #path: string
  #disposed = false

  constructor(line: Line, view: View) {
    this.#line = line
    this.id = view.id
    this.seed = view.seed
    this.twins = view.twins
    this.env = view.env
    this.#path = `/api/universes/${encodeURIComponent(view.id)}`
  }

  /** URL and credentials of a twin. */
  twin(name: string): Access {
    const access = this.twins[name]
    if (!access) throw new Error(`No twin ${name}; there are ${Object.keys(this.twins).join(', ')}`)
    return access
  }

  /**
   * `fetch` into the universe: its own URLs, or a service's real host. In process no socket is opened. Bound, so that
   * an SDK takes it as its `fetch` option.
   */
  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> =>
    this.#line.fetch(this.id, new Request(input, init))

  /** A universe that goes on from here on its own; `at`: from just after an entry of the ledger. */
  async fork(options: { readonly id?: string; readonly seed?: number; readonly at?: number } = {}): Promise<Universe> {
    return new Universe(this.#line, await this.#call<View>('POST', '/fork', options))
  }

  /** Back to the state it began with. */
  async reset(): Promise<void> {
    await this.#call('POST', '/reset', {})
  }

  async snapshot(name: string): Promise<void> {
    await this.#call('POST', '/snapshots', { name })
  }

  async restore(name: string): Promise<void> {
    await this.#call('POST', '/restore', { name })
  }

  /** Adds a fixture's people and sections to what is there. */
  async seedFrom(fixture: UniverseOptions['fixture']): Promise<void> {
    await this.#call('POST', '/seed', { fixture })
  }

  /** Rows that differ from the beginning, or from another universe. */
  async diff(base?: Universe): Promise<readonly Change[]> {
    const query = base ? `?base=${encodeURIComponent(base.id)}` : ''
    return (await this.#call<{ changes: readonly Change[] }>('GET', `/diff${query}`)).changes
  }

  async ledger(filter: LedgerFilter = {}): Promise<readonly LedgerEntry[]> {
    const query = new URLSearchParams({ limit: '1000' })
    for (const [name, value] of Object.entries(filter)) query.set(name, String(value))
    return (await this.#call<{ entries: readonly LedgerEntry[] }>('GET', `/ledger?${query}`)).entries
  }

  /** Moves the clock, and carries out what falls due. */
  async advance(milliseconds: number): Promise<void> {
    await this.clock({ advance: milliseconds })
  }

  async clock(change: ClockChange): Promise<void> {
    await this.#call('PATCH', '/clock', change)
  }

  /** Replaces the fault plan; an empty list ends it. */
  async faults(faults: NonNullable<UniverseOptions['faults']>): Promise<void> {
    await this.#call('PATCH', '/faults', { faults })
  }

  async limits(plan: LimitPlan): Promise<void> {
    await this.#call('PATCH', '/limits', plan)
  }

  /** What a person does where the service has no API for it: `act('slack', 'clickButton', {…})`. */
  async act<T = unknown>(twin: string, action: string, input: object = {}): Promise<T> {
    return this.#call<T>('POST', `/act/${twin}/${action}`, input)
  }

  /** Resolves when no delivery is under way and nothing more is due. */
  async settle(): Promise<void> {
    await this.#call('POST', '/settle', {})
  }

  /** Variables that send any program here by proxy, its source unchanged: what `dtu exec` sets. Opens a port. */
  async proxy(): Promise<{ readonly set: Readonly<Record<string, string>>; readonly unset: readonly string[] }> {
    return this.#call('POST', '/proxy', {})
  }

  /** Removes the universe. */
  async dispose(): Promise<void> {
    if (this.#disposed) return
    this.#disposed = true
    await this.#call('DELETE', '')
    await this.#line.leave?.()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }

  #call<T>(method: string, path: string, body?: object): Promise<T> {
    return call<T>(this.#line, method, this.#path + path, body)
  }
}

/**
 * Makes a universe. Errors: a fixture that does not fit (each problem with its line), a taken id, nobody at `url`.
 *
 * @example
 * await using universe = await createUniverse({ fixture: 'acme' })
 * const { token } = universe.twin('slack')
 * const slack = new WebClient(token, { slackApiUrl: universe.env.SLACK_API_URL, fetch: universe.fetch })
 */
export async function createUniverse(options: UniverseOptions = {}): Promise<Universe> {
  const { url, sockets, ...body } = options
  const line = url === undefined ? await (await import('./engine.ts')).inProcess(sockets === true) : overHttp(url)
  return new Universe(line, await call<View>(line, 'POST', '/api/universes', body))
}

async function call<T>(line: Line, method: string, path: string, body?: object): Promise<T> {
  const response = await line.control(method, path, body)
  const text = await response.text()
  const reply = text ? (JSON.parse(text) as T & { message?: string; details?: unknown }) : undefined
  if (response.ok) return reply as T
  const details = Array.isArray(reply?.details) ? `\n${reply.details.map(String).join('\n')}` : ''
  throw new Error(`${reply?.message ?? `${method} ${path}: ${response.status}`}${details}`)
}
