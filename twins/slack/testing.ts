import { WebClient } from '@slack/web-api'
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import { openWorld, type World, type WorldOptions } from '../../shared/testing/world.ts'
import type { acts } from './acts/index.ts'
import type { SlackMoment } from './caller.ts'
import { mainApp, OWNER_EMAIL } from './defaults.ts'
import { newToken } from './install.ts'
import { slack } from './twin.ts'

/** What a method answered: whatever JSON came. */
export type Answer = ReturnType<typeof JSON.parse>

/** One token's calls, through `@slack/web-api`. */
export interface Client {
  readonly web: WebClient
  /** The body of a success; a refusal throws, as the SDK does. */
  ok(method: string, args?: object): Promise<Answer>
  /** The code of a refusal; `undefined` for a success. */
  error(method: string, args?: object): Promise<string | undefined>
  /** The body of a refusal. */
  refusal(method: string, args?: object): Promise<Answer>
}

/** A workspace behind real sockets, and everyone's tokens. */
export interface Workspace {
  readonly world: World
  readonly api: string
  readonly access: Answer
  readonly bot: Client
  /** The owner's own token. */
  readonly user: Client
  /** The app-level token. */
  readonly app: Client
  /** The configuration token. */
  readonly config: Client
  as(token: string | undefined): Client
  /** A fresh token of the default app: of its bot, of a person (by e-mail; the owner), of its configuration. */
  token(kind: 'bot' | 'user' | 'configuration', scopes: readonly string[], email?: string): string
  /** What a person does by hand: see `acts/`. */
  act(name: keyof typeof acts, input: object): Answer
  /** Opens a socket as the default app and collects the events it is sent. */
  listen(): Promise<Listener>
  close(): Promise<void>
}

export interface Listener {
  readonly events: readonly Answer[]
  /** Waits for an event that has these fields. */
  heard(event: object): Promise<void>
  close(): void
}

/**
 * Opens a workspace for wire tests.
 *
 * @example
 * const { bot } = await openWorkspace()
 * expect(await bot.error('chat.postMessage', { channel: 'C0NOWHERE0', text: 'x' })).toBe('channel_not_found')
 */
export async function openWorkspace(
  options: Pick<WorldOptions, 'fixture' | 'clock' | 'seed'> = {},
): Promise<Workspace> {
  const world = await openWorld({ twins: ['slack'], ...options })
  const access: Answer = world.access.slack
  const api = `${access.url}/api/`
  const as = (token: string | undefined) =>
    clientOf(new WebClient(token, { slackApiUrl: api, retryConfig: { retries: 0 } }))
  return {
    world,
    api,
    access,
    bot: as(access.token),
    user: as(access.userToken),
    app: as(access.appToken),
    config: as(access.configurationToken),
    as,
    token: (kind, scopes, email = OWNER_EMAIL) =>
      world.multiverse.moment(world.universe, 'slack', (opened) => {
        const moment = opened as unknown as SlackMoment
        const app = mainApp(moment)
        const person = moment.tables.users.by('email', email)
        const userId = String(kind === 'bot' ? app.botUserId : person?.id)
        const row = { teamId: access.teamId, appId: app.id, userId, scopes }
        return moment.seal(newToken(moment, kind, row).secret)
      }),
    act: (name, input) =>
      world.multiverse.act(world.universe, slack, name, (moment) =>
        slack.acts?.[name]?.(moment as never, input as never),
      ),
    listen: () => listen(as(access.appToken)),
    close: () => world.close(),
  }
}

function clientOf(web: WebClient): Client {
  const refusal = (method: string, args: object = {}): Promise<Answer> =>
    web.apiCall(method, { ...args }).then(
      () => undefined,
      (error: { data?: unknown }) => error.data ?? Promise.reject(error),
    )
  return {
    web,
    ok: (method, args = {}) => web.apiCall(method, { ...args }) as Promise<Answer>,
    refusal,
    error: (method, args) => refusal(method, args).then((body) => body?.error),
  }
}

async function listen(app: Client): Promise<Listener> {
  const { url } = await app.ok('apps.connections.open')
  const socket = new WebSocket(url)
  const events: Answer[] = []
  let ready = (): void => {}
  const hello = new Promise<void>((done) => {
    ready = done
  })
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data))
    if (frame.type === 'hello') ready()
    if (frame.envelope_id) socket.send(JSON.stringify({ envelope_id: frame.envelope_id }))
    if (frame.type === 'events_api') events.push(frame.payload.event)
  })
  await hello
  return {
    events,
    heard: (event) => expect.poll(() => events).toContainEqual(expect.objectContaining(event)),
    close: () => socket.close(),
  }
}
