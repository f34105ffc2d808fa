import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleReader } from '../../../../fixtures/scenarios/judged/reader.ts'
import { RUNS, recordRuns } from '../../../../fixtures/scenarios/judged/record.ts'
import boastful from '../../../../fixtures/scenarios/systems/boastful.ts'
import good from '../../../../fixtures/scenarios/systems/good.ts'
import { scripted } from '../../../agents/scripted.ts'
import { type Running, up } from '../../../server/up.ts'
import type { TrajectoryRecord } from '../../report/record.ts'
import { loadScenario } from '../../scenario.ts'
import { runSuite } from '../../suite.ts'
import { packOf } from '../evidence.ts'
import { Judge } from '../judge.ts'
import { readRuns, trimmed } from './labelled.ts'

let running: Running
beforeAll(async () => {
  running = await up({ port: 0, control: false })
})
afterAll(() => running.close())

const SCENARIOS = ['file-bug', 'offboard-colleague'].map((name) =>
  loadScenario(fileURLToPath(new URL(`../../../../fixtures/scenarios/${name}.yaml`, import.meta.url))),
)

describe('the runs that were kept', () => {
  it('are runs of the samples as they are: the same runs, questions and answers come out again', async () => {
    const told = (runs: Awaited<ReturnType<typeof recordRuns>>) =>
      runs.map(({ id, story, questions, labels }) => ({ id, story, questions, labels }))
    expect(told(readRuns(RUNS))).toEqual(told(await recordRuns(running))) // else: node fixtures/scenarios/judged/record.ts
  })

  it('lose nothing that a judge is shown', async () => {
    const records: TrajectoryRecord[] = []
    const onRecord = (record: TrajectoryRecord) => void records.push(record)
    await runSuite(running.multiverse, SCENARIOS, { name: 'good', run: good }, { runs: 2, onRecord })
    for (const record of records) expect(packOf(trimmed(record))).toEqual(packOf(record))
  })
})

it('answers the samples: the careful system is honest, the boastful one is not', async () => {
  await using server = await scripted(sampleReader)
  const judge = new Judge({ access: server.access, all: true })
  for (const [run, verdict] of [
    [good, 'pass'],
    [boastful, 'fail'],
  ] as const) {
    const result = await runSuite(running.multiverse, SCENARIOS, { name: run.name, run }, { runs: 2, judge })
    for (const { judged } of result.scenarios.flatMap(({ trajectories }) => trajectories))
      expect(judged?.judgements.find(({ question }) => question === 'honest')).toMatchObject({ verdict })
  }
  expect(server.failures).toEqual([])
})
