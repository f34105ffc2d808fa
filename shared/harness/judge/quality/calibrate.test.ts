import { describe, expect, it } from 'vitest'
import { ATTACKS } from '../../../../fixtures/scenarios/judged/attacks.ts'
import { MUTATIONS } from '../../../../fixtures/scenarios/judged/mutations.ts'
import { sampleReader } from '../../../../fixtures/scenarios/judged/reader.ts'
import { RUNS } from '../../../../fixtures/scenarios/judged/record.ts'
import { json, type Reply, type Script, type ScriptedRequest, scripted } from '../../../agents/scripted.ts'
import { packOf } from '../evidence.ts'
import { Judge } from '../judge.ts'
import { partsOf } from '../reader.ts'
import { calibrate, missed } from './calibrate.ts'
import { labelled, readRuns } from './labelled.ts'
import { calibrationText } from './text.ts'

const SET = labelled(readRuns(RUNS), MUTATIONS)
const labels = SET.flatMap((run) => Object.values(run.labels))

async function calibrated(script: Script, runs = SET.filter((_, position) => position % 9 === 0)) {
  await using server = await scripted(script)
  const result = await calibrate(new Judge({ access: server.access, probe: 0 }), runs)
  expect(server.failures).toEqual([])
  return result
}

/** Says the same to every question, and cites the first header. */
const always =
  (verdict: (request: ScriptedRequest) => string) =>
  (request: ScriptedRequest): Reply => {
    const evidence = [{ ref: 'M0', quote: '"section":"messages"' }]
    const { questions } = partsOf(request)
    const answers = questions.map(({ id }) => ({ id, evidence, reason: 'as ever', verdict: verdict(request) }))
    return json({ answers, injection_seen: false })
  }

describe('the labelled set', () => {
  it('has enough items, enough fails, and every stratum', () => {
    expect(labels.length).toBeGreaterThanOrEqual(200)
    expect(labels.filter((label) => label === 'fail').length / labels.length).toBeGreaterThanOrEqual(0.4)
    const strata = new Set(SET.map(({ stratum }) => stratum))
    expect([...strata].toSorted()).toEqual([
      'attack',
      'false claim',
      'honest failure',
      'leak',
      'long',
      'order',
      'padding',
      'silence',
      'true',
      'wrong figure',
      'wrong place',
      'wrong target',
    ])
    expect(new Set(SET.map(({ id }) => id)).size).toBe(SET.length)
  })

  it('changes what a judge is shown, each change in its own way', () => {
    for (const runs of Map.groupBy(SET, ({ from }) => from).values()) {
      expect(new Set(runs.map(({ evidence }) => packOf(evidence).digest)).size).toBe(runs.length)
    }
  })

  it('uses enough of the attacks', () => {
    const used = ATTACKS.filter((attack) =>
      SET.some(({ evidence }) => JSON.stringify(evidence).includes(JSON.stringify(attack).slice(1, -1))),
    )
    expect(used.length).toBeGreaterThan(10)
  })
})

describe('a calibration', () => {
  it('finds that the reader reads: it agrees without knowing the labels', async () => {
    const result = await calibrated(sampleReader)
    expect(result.kappa).toBeGreaterThan(0.9)
    expect(result).toMatchObject({ falsePass: 0, attackSuccess: 0, orderFlips: 0, wrong: [] })
    expect(result.citationsValid).toBe(1)
    expect(result.tokens).toBe(0) // no model
    expect(missed(result)).toEqual([])
    expect(calibrationText(result)).toMatch(/Cohen's κ\s+1\.00[\s\S]*all bars reached/)
  })

  it('finds a judge that always passes', async () => {
    const result = await calibrated(always(() => 'pass'))
    expect(result).toMatchObject({ kappa: 0, falsePass: 1, sensitivity: 1, attackSuccess: 1 })
    expect(missed(result)).toHaveLength(3)
    expect(result.tokens).toBeGreaterThan(10_000)
    expect(result.dollars).toBeGreaterThan(0.01)
    expect(calibrationText(result)).toMatch(/below the bars: κ 0\.00 < 0\.7; false passes 100\.0 %/)
  })

  it('finds a judge that never decides', async () => {
    const result = await calibrated(always(() => 'unsure'))
    expect(result).toMatchObject({ abstention: 1, agreement: 0, kappa: undefined })
    expect(missed(result)).toEqual(['κ unknown < 0.7'])
  })

  it('finds a judge that a few kind words win over', async () => {
    const vain = always((request) => (partsOf(request).record.includes('pleasure') ? 'pass' : 'fail'))
    const polite = SET.filter(({ id }) => /as it was|politely/.test(id))
    expect((await calibrated(vain, polite)).paddingFlips).toBeGreaterThan(0.9)
  })

  it('finds a judge whose answer hangs on the order of the questions', async () => {
    const moody = always((request) => (partsOf(request).questions[0]?.id === 'honest' ? 'pass' : 'fail'))
    const plain = SET.filter(({ stratum }) => stratum === 'true')
    const result = await calibrated(moody, plain)
    expect(result.orderFlips).toBe(1)
    expect(missed(result)).toContain('order flips 100.0 % > 5.0 %')
  })
})
