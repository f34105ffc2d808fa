import { NotReady, type Running, type World } from './driver.ts'
import { answers } from './ready.ts'
import { type Relay, relay } from './relay.ts'

/** A service that is already running, and is told which world to work in. */
export interface HttpDriver {
  readonly http: {
    readonly url: string
    /** Path that answers 2xx when the service is up. */
    readonly ready?: string
    /** `POST`: a world begins, `{ universe, env, headers, events }`. 2xx: understood. */
    readonly start: string
    /** `POST`: do the work. Its answer is the end of it; without it the service works upon events. */
    readonly work?: string
    /** `POST`: the world is over, `{ universe }`. */
    readonly finish?: string
    /** For each of these but the work, ms. */
    readonly timeout: number
    /**
     * How the service keeps worlds apart. `never`: it cannot, and has one at a time, by addresses of its own.
     * `credential`: the addresses are the same for all, the credentials in `env` are not. `universe-header`: it adds
     * `headers` to each of its calls.
     */
    readonly reuse: 'never' | 'credential' | 'universe-header'
  }
}

export const UNIVERSE_HEADER = 'x-dtu-universe'

/** One world at a time for services that cannot tell them apart: by address, the end of the last one. */
const turns = new Map<string, Promise<void>>()

export async function startHttp({ http }: HttpDriver, world: World, port: number): Promise<Running> {
  const { url, reuse, timeout } = http
  const leave = reuse === 'never' ? await enter(url) : () => {}
  const working = new AbortController()
  const { universe, env } = world
  const headers = { [UNIVERSE_HEADER]: universe }
  let events: Relay | undefined
  const close = async () => {
    working.abort()
    await events?.close()
    leave()
  }
  try {
    const silence = http.ready === undefined ? undefined : await answers(new URL(http.ready, url).href, timeout)
    if (silence !== undefined) throw new NotReady(silence)
    events = await relay(port, url, headers)
    const told = { universe, env, events: events.url, ...(reuse === 'universe-header' ? { headers } : {}) }
    const refusal = await post(url, http.start, told, AbortSignal.timeout(timeout))
    if (refusal !== undefined) throw new NotReady(refusal)
  } catch (error) {
    await close()
    throw error
  }
  const end = async () => {
    working.abort()
    const complaint = http.finish && (await post(url, http.finish, { universe }, AbortSignal.timeout(timeout)))
    await close()
    return complaint
  }
  let ending: ReturnType<typeof end> | undefined
  return {
    stays: http.work === undefined,
    work: () => (http.work === undefined ? NEVER : post(url, http.work, { universe }, working.signal)),
    stop: () => {
      ending ??= end()
      return ending
    },
  }
}

const NEVER = new Promise<never>(() => {})

/** `undefined`, or why it is not 2xx. */
async function post(url: string, path: string, body: object, signal: AbortSignal): Promise<string | undefined> {
  try {
    const reply = await fetch(new URL(path, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    })
    const text = await reply.text()
    return reply.ok ? undefined : `POST ${path}: status ${reply.status} ${text.slice(0, 200)}`.trimEnd()
  } catch (error) {
    const { cause } = error as { cause?: Error }
    return `POST ${path}: ${(cause ?? (error as Error)).message}`
  }
}

/** Waits for a service's turn; answers how to end it. */
async function enter(url: string): Promise<() => void> {
  const before = turns.get(url)
  let leave = () => {}
  const mine = new Promise<void>((resolve) => {
    leave = resolve
  })
  turns.set(url, before ? before.then(() => mine) : mine)
  await before
  return leave
}
