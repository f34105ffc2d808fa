import { expect, it } from 'vitest'
import { modelsFrom, variableOf } from './models.ts'
import { type Billed, dollars, isPriced, tokensOf } from './prices.ts'

const M = 1_000_000
const usage = (more: Partial<Billed>): Billed => ({ input_tokens: 0, output_tokens: 0, ...more })

const CASES: [string, string, Partial<Billed>, number | undefined][] = [
  ['input', 'claude-sonnet-5-5', { input_tokens: M }, 2],
  ['output', 'claude-opus-5-5', { output_tokens: M }, 20],
  ['reads of the cache', 'claude-opus-5-5', { cache_read_input_tokens: M }, 0.2],
  ['writes for five minutes', 'claude-sonnet-5-5', { cache_creation_input_tokens: M }, 2.5],
  [
    'writes for an hour',
    'claude-sonnet-5-5',
    {
      cache_creation_input_tokens: M,
      cache_creation: { ephemeral_1h_input_tokens: M, ephemeral_5m_input_tokens: 0 },
    },
    4,
  ],
  ['a short prompt of Haiku', 'claude-haiku-5-5', { input_tokens: 100_000, output_tokens: M }, 0.51],
  [
    'a long prompt of Haiku, whole',
    'claude-haiku-5-5',
    { input_tokens: 50_000, cache_read_input_tokens: 50_001 },
    0.0275,
  ],
  ['a batch', 'claude-sonnet-5-5', { input_tokens: M, service_tier: 'batch' }, 1],
  ['a dated name', 'claude-haiku-5-5-20261101', { output_tokens: M }, 0.5],
  ['nothing known', 'claude-mythos-5-2', { input_tokens: M }, undefined],
  ['a longer name that is no date', 'claude-sonnet-5-5-pro', { input_tokens: M }, undefined],
]

it.each(CASES)('prices %s', (_, model, billed, wanted) => {
  const found = dollars(model, usage(billed))
  if (wanted === undefined) expect(found).toBeUndefined()
  else expect(found).toBeCloseTo(wanted, 4)
  expect(isPriced(model)).toBe(wanted !== undefined)
})

it('counts tokens of every kind', () => {
  expect(
    tokensOf({ input_tokens: 1, output_tokens: 2, cache_creation_input_tokens: 4, cache_read_input_tokens: null }),
  ).toBe(7)
})

it('names models by role: option, environment, default', () => {
  expect(variableOf('judgeStrong')).toBe('DTU_MODEL_JUDGE_STRONG')
  expect(modelsFrom({ DTU_MODEL_JUDGE: 'b', DTU_MODEL_PERSONA: '' }, { judge: 'a' })).toMatchObject({
    judge: 'a',
    persona: 'claude-haiku-5-5',
  })
  expect(modelsFrom({ DTU_MODEL_JUDGE: 'b' }).judge).toBe('b')
})
