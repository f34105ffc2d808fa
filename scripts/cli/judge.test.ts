import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../shared/harness/scenario.ts'
import { UsageError } from './args.ts'
import { benchFrom, type JudgeValues, NoJudge, unaskedText } from './judge.ts'

const KEY = { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' }
const SCENARIO = loadScenario(
  'one',
  `{ version: 1, id: one, title: One, story: One., world: {}, checks: [{ id: none, max_calls: { max: 0 } }],
     judge: [{ id: kind, ask: Is it kind to its readers? }] }`,
)

/** What the options and a key make of it: the judge's version, and what is said. */
async function bench(values: JudgeValues, environment: Record<string, string> = {}) {
  const made = await benchFrom(values, environment)
  await made.close()
  return { version: made.judge?.version, told: unaskedText(made, [SCENARIO]) }
}

describe('who judges', () => {
  it.each<[string, JudgeValues, Record<string, string>, RegExp | undefined, RegExp]>([
    ['a model, with a key', {}, KEY, /claude-sonnet-5-5\/claude-opus-5-5/, /^$/],
    ['nobody, without one', {}, {}, undefined, /1 questions were not asked.*There is no judge; set ANTHROPIC_API_KEY/],
    ['nobody, when it is off', { judge: 'off' }, KEY, undefined, /not asked.*The judge is off/],
    ['the models that are named', { 'judge-model': 'a', 'judge-strong-model': 'b' }, KEY, /\/a\/b\//, /^$/],
    ['the stronger one for a release', { release: true }, KEY, /opus-5-5\/claude-opus-5-5/, /^$/],
    ['a reader of rules', { judge: 'reader' }, KEY, /reader\/reader/, /a reader of rules, not a model/],
  ])('%s', async (_, values, environment, version, told) => {
    const found = await bench(values, environment)
    if (version) expect(found.version).toMatch(version)
    else expect(found.version).toBeUndefined()
    expect(found.told).toMatch(told)
  })

  it('refuses a run that requires a judge where there is none, and a word it does not know', async () => {
    await expect(bench({ judge: 'required' })).rejects.toThrow(NoJudge)
    expect((await bench({ judge: 'required' }, KEY)).version).toContain('sonnet')
    await expect(bench({ judge: 'nobody' })).rejects.toThrow(UsageError)
  })
})
