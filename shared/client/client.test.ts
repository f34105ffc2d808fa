import { get } from 'node:https'
import { drive } from '@googleapis/drive'
import { WebClient } from '@slack/web-api'
import { OAuth2Client } from 'google-auth-library'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Running, up } from '../server/up.ts'
import { withRootUrl } from './googleapis.ts'
import { createUniverse, type Universe } from './index.ts'
import { useUniverse } from './jest.ts'
import { intercept } from './msw.ts'
import { universes } from './node-test.ts'
import { universeTest } from './vitest.ts'

let running: Running | undefined
afterAll(() => running?.close())
const serverUrl = async () => {
  running ??= await up({ port: 0 })
  return running.controlUrl
}

const PEOPLE = { yaml: 'people:\n  - { email: ada@acme.test, firstName: Ada, lastName: Love }\n' }
const quiet = { retryConfig: { retries: 0 }, logLevel: 'error' as never }

/** Names of the groups of a universe's Okta, by plain HTTP through `fetch`. */
async function groups(universe: Universe): Promise<string[]> {
  const { url, authorization } = universe.twin('okta')
  const reply = await universe.fetch(`${url}/api/v1/groups`, { headers: { authorization } })
  return ((await reply.json()) as { profile: { name: string } }[]).map(({ profile }) => profile.name)
}

async function addGroup(universe: Universe, name: string): Promise<number> {
  const { url, authorization } = universe.twin('okta')
  const headers = { authorization, 'content-type': 'application/json' }
  const body = JSON.stringify({ profile: { name } })
  return (await universe.fetch(`${url}/api/v1/groups`, { method: 'POST', headers, body })).status
}

describe.each(['in this process', 'over HTTP'] as const)('a universe %s', (place) => {
  const make = async (options = {}) =>
    createUniverse(place === 'over HTTP' ? { url: await serverUrl(), ...options } : options)

  it('forks, differs, resets, returns to snapshots', async () => {
    await using universe = await make({ fixture: PEOPLE, seed: 5 })
    expect(universe.seed).toBe(5)
    expect(await addGroup(universe, 'One')).toBe(200)
    await universe.snapshot('one')
    await using fork = await universe.fork()
    await addGroup(fork, 'Two')
    expect(await groups(universe)).not.toContain('Two')
    expect((await fork.diff(universe)).some(({ table }) => table === 'okta.groups')).toBe(true)
    await addGroup(universe, 'Three')
    await universe.restore('one')
    expect(await groups(universe)).toEqual(expect.arrayContaining(['One']))
    expect(await groups(universe)).not.toContain('Three')
    await universe.reset()
    expect(await groups(universe)).not.toContain('One')
  })

  it('keeps a ledger, a clock, faults', async () => {
    await using universe = await make({ clock: { mode: 'frozen', at: '2026-01-01T00:00:00Z' } })
    await addGroup(universe, 'One')
    await universe.advance(60_000)
    await groups(universe)
    const [write] = await universe.ledger({ twin: 'okta', changed: true })
    expect(write).toMatchObject({ operation: 'addGroup', at: '2026-01-01T00:00:00.000Z' })
    expect((await universe.ledger({ twin: 'okta', changed: false })).at(-1)?.at).toBe('2026-01-01T00:01:00.000Z')
    await universe.faults([{ twin: 'okta', times: 1, fault: { kind: 'status', status: 503 } }])
    expect(await addGroup(universe, 'Two')).toBe(503)
    expect(await addGroup(universe, 'Two')).toBe(200)
  })

  it('answers as the real hosts', async () => {
    await using universe = await make()
    const { token } = universe.twin('slack')
    const reply = await universe.fetch('https://slack.com/api/auth.test', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    })
    expect(await reply.json()).toMatchObject({ ok: true })
  })

  it('says where a fixture is wrong', async () => {
    await expect(make({ fixture: { yaml: 'people:\n  - { email: nobody }\n' } })).rejects.toThrow(/yaml:2:\d+: people/)
  })

  it('is gone after its scope', async () => {
    const universe = await make()
    await universe.dispose()
    await universe.dispose()
    await expect(universe.ledger()).rejects.toThrow(/No universe/)
  })
})

it('serves an SDK through its fetch option, without a socket', async () => {
  await using universe = await createUniverse()
  const { token, env } = universe.twin('slack')
  const slack = new WebClient(token, { slackApiUrl: env.SLACK_API_URL as string, fetch: universe.fetch, ...quiet })
  const { channel } = await slack.conversations.create({ name: 'inside' })
  await slack.chat.postMessage({ channel: channel?.id as string, text: 'Hello' })
  expect((await universe.ledger({ twin: 'slack', changed: true })).map(({ operation }) => operation)).toEqual([
    expect.stringMatching(/conversations[._]create/),
    expect.stringMatching(/chat[._]postMessage/),
  ])
})

it('refuses other hosts in process, and records them', async () => {
  await using universe = await createUniverse()
  const reply = await universe.fetch('https://example.com/')
  expect(reply.status).toBe(403)
  expect(await reply.json()).toMatchObject({ host: 'example.com' })
  expect(await universe.ledger()).toMatchObject([{ operation: 'blocked', path: 'example.com' }])
})

it('gives googleapis the root URL it lacks, uploads and pages included', async () => {
  await using universe = await createUniverse({ sockets: true })
  const auth = new OAuth2Client()
  auth.setCredentials({ access_token: universe.twin('drive').token })
  const client = withRootUrl(drive({ version: 'v3', auth }), universe.twin('drive').url)
  const media = { mimeType: 'text/plain', body: 'Hello' }
  const { data } = await client.files.create({ requestBody: { name: 'a.txt' }, media })
  expect((await client.files.get({ fileId: data.id as string })).data.name).toBe('a.txt')
  expect((await client.about.get({ fields: 'user' })).data.user?.emailAddress).toBe('admin@example.com')
})

describe('msw', () => {
  let universe: Universe
  let interception: Disposable
  beforeEach(async () => {
    universe = await createUniverse()
    interception = intercept(universe)
  })
  afterEach(async () => {
    interception[Symbol.dispose]()
    await universe.dispose()
  })

  it('answers the real hosts of unchanged clients: fetch and node:https', async () => {
    const slack = new WebClient(universe.twin('slack').token, quiet)
    expect((await slack.auth.test()).ok).toBe(true)
    const status = await new Promise((resolve, reject) => {
      const headers = { authorization: universe.twin('jira').authorization }
      get('https://acme.atlassian.net/rest/api/3/myself', { headers }, ({ statusCode }) => resolve(statusCode)).on(
        'error',
        reject,
      )
    })
    expect(status).toBe(200)
  })

  it('lets nothing else out, and records it', async () => {
    expect((await fetch('https://example.com/')).status).toBe(403)
    const status = await new Promise((resolve) => {
      get('https://example.org/', ({ statusCode }) => resolve(statusCode))
    })
    expect(status).toBe(403)
    expect((await universe.ledger()).map(({ path }) => path)).toEqual(['example.com', 'example.org'])
  })

  it('lets loopback through', async () => {
    const reply = await fetch(`${await serverUrl()}/api/universes`)
    expect(reply.status).toBe(200)
  })
})

describe('fixtures', () => {
  const test = universeTest({ fixture: PEOPLE })
  const seen = new Set<string>()
  for (const name of ['first', 'second']) {
    test(`vitest: the ${name} test has a universe of its own`, async ({ universe }) => {
      expect(seen.has(universe.id)).toBe(false)
      seen.add(universe.id)
      expect(await groups(universe)).not.toContain('Mine')
      expect(await addGroup(universe, 'Mine')).toBe(200)
    })
  }

  it('node:test: removes the universe after the test', async () => {
    const after: (() => unknown)[] = []
    const universe = await universes()({ after: (work) => void after.push(work as () => unknown) })
    expect(await addGroup(universe, 'Mine')).toBe(200)
    for (const work of after) await work()
    await expect(universe.ledger()).rejects.toThrow(/No universe/)
  })

  it('jest: one per test, none outside', async () => {
    const hooks: Record<string, () => Promise<void>> = {}
    const keep = (name: string) => (work: () => Promise<void>) => {
      hooks[name] = work
    }
    const universe = useUniverse({}, { beforeEach: keep('before'), afterEach: keep('after'), afterAll: keep('all') })
    expect(universe).toThrow(/inside of a test/)
    await hooks.before?.()
    const { id } = universe()
    await addGroup(universe(), 'Mine')
    await hooks.after?.()
    await hooks.before?.()
    expect(universe().id).not.toBe(id)
    expect(await groups(universe())).not.toContain('Mine')
    await hooks.after?.()
    await hooks.all?.()
  })
})
