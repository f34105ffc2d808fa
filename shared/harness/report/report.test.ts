import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Running, up } from '../../server/up.ts'
import type { World } from '../driver/driver.ts'
import type { SuiteResult } from '../results.ts'
import { loadScenario } from '../scenario.ts'
import { withoutSecrets } from '../secrets.ts'
import { runSuite } from '../suite.ts'
import { github } from './github.ts'
import type { TrajectoryRecord } from './record.ts'
import { writeReports } from './write.ts'

const NASTY = `<script>alert("1")</script> & ]]> "quoted" %0A::error::x`
const SCENARIO = `
version: 1
id: say-it
title: "Say, it: 100%"
story: Something has to be said twice.
world: { fixture: acme }
checks:
  - { id: twice, rows: { kind: slack.messages, where: { text: { contains: alert } }, count: 2 } }
  - { id: said, call: { op: slack.chat.postMessage } }
gate: { runs: 2, k: 1 }
`

let running: Running
let result: SuiteResult
const folder = mkdtempSync(join(tmpdir(), 'dtu-report-'))
const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const tokens: string[] = []

beforeAll(async () => {
  running = await up({ port: 0, twins: ['slack'] })
  const records: TrajectoryRecord[] = []
  const run = async ({ twins: { slack } }: World) => {
    tokens.push(slack?.token ?? '')
    await fetch(`${slack?.url}/api/chat.postMessage`, {
      method: 'POST',
      headers: { authorization: slack?.authorization ?? '', 'content-type': 'application/json' },
      body: JSON.stringify({ channel: 'anvils', text: `${NASTY} ${slack?.token}` }),
    })
  }
  result = await runSuite(
    running.multiverse,
    [loadScenario('say-it', SCENARIO)],
    { name: `once ${NASTY}`, run },
    {
      onRecord: (record) => records.push(record),
      repro: (_scenario, seed) => `show ${NASTY} ${seed}`,
    },
  )
  writeReports(folder, result, records)
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await running.close()
})

it('writes one JSON file per trajectory, with entries, differences and checks', () => {
  expect(readdirSync(join(folder, 'trajectories'))).toEqual(['say-it-1.json', 'say-it-2.json'])
  const record = JSON.parse(read('trajectories/say-it-1.json')) as TrajectoryRecord
  expect(record).toMatchObject({ version: 1, outcome: 'unsatisfied', calls: 1 })
  expect(record.entries.map(({ op, status }) => [op, status])).toEqual([['slack.chat.postMessage', 200]])
  expect(record.diff).toContainEqual(expect.objectContaining({ kind: 'slack.messages', change: 'added' }))
  expect(JSON.parse(read('run.json'))).toMatchObject({ version: 1, met: false, scenarios: [{ id: 'say-it' }] })
})

it('keeps credentials out of every file', () => {
  const files = ['run.json', 'report.html', 'junit.xml', 'trajectories/say-it-1.json', 'trajectories/say-it-2.json']
  for (const name of files) for (const token of tokens) expect(read(name)).not.toContain(token)
  expect(withoutSecrets('{"password":"anvil","n":1}')).toBe('{"password":"<secret>","n":1}')
})

it('writes a page in which nothing runs and every link leads somewhere', () => {
  const page = read('report.html')
  expect(page).not.toMatch(/<script|<img|src=|https?:\/\/[^&]*"/)
  expect(page).toContain('&#60;script&#62;')
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
  expect(links.length).toBeGreaterThan(2)
  for (const link of links) expect(ids).toContain(link)
})

it('writes JUnit that a parser reads', () => {
  const { testsuites } = new XMLParser({ ignoreAttributes: false, htmlEntities: true }).parse(read('junit.xml'))
  expect(testsuites['@_name']).toContain('<script>')
  expect(testsuites.testsuite).toMatchObject({ '@_tests': '2', '@_failures': '2', '@_errors': '0' })
})

it('writes TAP: a point per scenario, a subtest per seed, the line that shows it again', () => {
  const lines = read('report.tap').split('\n')
  expect(lines.slice(0, 3)).toEqual(['TAP version 14', expect.stringMatching(/^# once <script>/), '1..1'])
  expect(lines).toContain('    not ok 2 - seed 2')
  expect(lines).toContain(`      again: ${JSON.stringify(`show ${NASTY} 2`)}`)
  expect(lines.filter((line) => /^(not )?ok/.test(line))).toEqual([
    expect.stringMatching(/^not ok 1 - say-it: 0 % \(0–66 %\)$/),
  ])
})

it('shows lanes, both clocks and the line that shows it again in the page', () => {
  const page = read('report.html')
  expect(page).toContain('class="lanes"')
  expect(page).toMatch(/<td class="figure">\d+ ms<\/td>/)
  expect(page).toContain('<pre>show &#60;script&#62;')
})

it('annotates for GitHub, one line per scenario', () => {
  expect(github(result, () => 'a,b.yaml')).toMatch(
    /^::error file=a%2Cb\.yaml,title=Say%2C it%3A 100%25::2 of 2 runs unsatisfied\. seed 1: twice: [^\n]*%0Ashow [^\n]*\n$/,
  )
})
