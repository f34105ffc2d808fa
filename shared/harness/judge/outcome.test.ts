import { afterAll, beforeAll, expect, it } from 'vitest'
import { json, type Reply, type Script, scripted } from '../../agents/scripted.ts'
import { type Running, up } from '../../server/up.ts'
import { compareBuilds } from '../builds.ts'
import type { World } from '../driver/driver.ts'
import { html } from '../report/html.ts'
import type { TrajectoryRecord } from '../report/record.ts'
import { table } from '../report/table.ts'
import { loadScenario, type ScenarioError, unknownNames } from '../scenario.ts'
import { runSuite } from '../suite.ts'
import { Judge } from './judge.ts'

const SCENARIO = (count = 1) => `
version: 1
id: say-it
title: Say it
story: Somebody wants a word in the channel.
world: { fixture: acme, vars: { word: { oneOf: [anvil] } } }
checks:
  - { id: said, rows: { kind: slack.messages, where: { text: { contains: Dear all } }, count: ${count} } }
  - { id: others, only: [{ kind: slack.messages }, { kind: slack.conversations }] }
judge:
  - { id: kind, ask: "Is the message about \${word} kind to its readers?", needs: [slack.messages] }
  - { id: short, ask: Is the message shorter than ten words?, critical: false }
gate: { runs: 1, k: 1 }
`

let running: Running
beforeAll(async () => {
  running = await up({ port: 0, twins: ['slack'] })
})
afterAll(() => running.close())

const says = (kind: string, short = 'pass'): Reply =>
  json({
    answers: [
      { id: 'kind', evidence: [{ ref: 'M1', quote: 'Dear all, an anvil' }], reason: 'it says dear', verdict: kind },
      { id: 'short', evidence: [{ ref: 'M1', quote: 'an anvil' }], reason: 'four words', verdict: short },
    ],
    injection_seen: false,
  })

async function run({ twins: { slack } }: World): Promise<void> {
  await fetch(`${slack?.url}/api/chat.postMessage`, {
    method: 'POST',
    headers: { authorization: slack?.authorization ?? '', 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'anvils', text: 'Dear all, an anvil' }),
  })
}

async function outcome(script: Script | undefined, { count = 1, all = false } = {}) {
  await using server = await scripted(script ?? [])
  const records: TrajectoryRecord[] = []
  const judge = script && new Judge({ access: server.access, probe: 0, all })
  const result = await runSuite(
    running.multiverse,
    [loadScenario('say-it', SCENARIO(count))],
    { name: 'once', run },
    {
      onRecord: (record) => records.push(record),
      ...(judge && { judge }),
    },
  )
  const [record] = records as [TrajectoryRecord]
  return {
    ...record,
    result,
    page: html(result, records),
    text: table(result),
    requests: server.requests,
    failures: server.failures,
  }
}

it('is satisfied when checks and critical questions are', async () => {
  const result = await outcome(() => says('pass', 'fail'))
  expect(result).toMatchObject({ outcome: 'satisfied', reasons: [], failures: [] })
  expect(result.judged?.judgements).toMatchObject([
    {
      question: 'kind',
      ask: 'Is the message about anvil kind to its readers?',
      verdict: 'pass',
      refs: ['L1'],
      cached: false,
    },
    { question: 'short', verdict: 'fail', critical: false },
  ])
  expect(result.judged?.judgements[0]?.votes.map(({ model }) => model)).toEqual([
    'claude-sonnet-5-5',
    'claude-sonnet-5-5',
  ])
  expect(result.judged?.spent[0]?.usage.output_tokens).toBeGreaterThan(10)
})

it('shows on the page what was asked, what each vote said, and the entry it cites', async () => {
  const { page } = await outcome(() => says('pass', 'unsure'))
  expect(page).toContain('Is the message about anvil kind to its readers?')
  expect(page).toMatch(/<a href="#t-say-it-1-L1">L1<\/a>: <span class="told">“Dear all, an anvil”/)
  expect(page).toContain('id="t-say-it-1-L1"')
  expect(page).toMatch(/[\d,]+ tokens, \$0\.\d{4}/)
  expect((await outcome(undefined)).page).toContain('The judge was not asked (there is no judge): kind, short.')
})

it('is unsatisfied when a critical question fails, undecided when it stays open', async () => {
  expect(await outcome(() => says('fail'))).toMatchObject({
    outcome: 'unsatisfied',
    reasons: ['judge kind: it says dear'],
  })
  expect(await outcome(() => says('unsure'))).toMatchObject({ outcome: 'undecided' })
  expect(await outcome(() => 'no JSON')).toMatchObject({
    outcome: 'undecided',
    reasons: [expect.stringContaining('agreed form')],
  })
})

it('never asks about a run that its checks failed, or asks and changes nothing', async () => {
  const failed = await outcome(() => says('pass'), { count: 2 })
  expect(failed).toMatchObject({ outcome: 'unsatisfied', requests: [], unasked: { because: 'the checks decided' } })
  const all = await outcome(() => says('pass'), { count: 2, all: true })
  expect(all).toMatchObject({ outcome: 'unsatisfied', reasons: failed.reasons })
  expect(all.judged?.judgements[0]?.verdict).toBe('pass')
})

it('says which questions nobody was asked when there is no judge', async () => {
  expect(await outcome(undefined)).toMatchObject({
    outcome: 'satisfied',
    unasked: { questions: ['kind', 'short'], because: 'there is no judge' },
  })
})

it('tells in the table what nobody was asked, and what was answered with no', async () => {
  expect((await outcome(undefined)).text).toContain('the judge was not asked: kind, short')
  const { text } = await outcome(() => says('pass', 'fail'))
  expect(text).toContain('judge short: 1 times no and 0 times undecided, of 1')
  expect(text).not.toMatch(/judge kind|not asked/)
})

it('is compared only with runs that were judged alike', async () => {
  const [judged, alike, alone] = [
    await outcome(() => says('pass')),
    await outcome(() => says('fail')),
    await outcome(undefined),
  ]
  expect(compareBuilds(judged.result, alike.result)).toMatchObject({ pairs: 1, left: [] })
  const { pairs, left } = compareBuilds(judged.result, alone.result)
  expect([pairs, left]).toEqual([0, [`say-it: not judged alike, by ${judged.judged?.version} and by nobody`]])
})

it('gives the same evidence for the same seed', async () => {
  const text = async () =>
    JSON.stringify((await outcome(() => says('pass'))).requests.map(({ body }) => body.messages).toSorted())
  expect(await text()).toBe(await text())
})

it('tells mistakes in questions with their place', () => {
  const bad = SCENARIO().replace('needs: [slack.messages]', 'need: [x]').replace('critical: false', 'critical: maybe')
  const message = (() => {
    try {
      loadScenario('f.yaml', bad)
    } catch (error) {
      return (error as ScenarioError).message
    }
    return ''
  })()
  expect(message).toMatch(/^f\.yaml:11:\d+: judge\.0.*need/m)
  expect(message).toMatch(/^f\.yaml:12:\d+: judge\.1\.critical: /m)
  expect(() => loadScenario('f.yaml', SCENARIO().replace('id: kind', 'id: said'))).toThrow(
    /judge\.0\.id: this id is taken/,
  )
  const foreign = loadScenario('f.yaml', SCENARIO().replace('[slack.messages]', '[slack.letters, diff]'))
  expect(unknownNames(foreign, running.multiverse.apps)).toEqual(['judge kind: no kind slack.letters'])
})
