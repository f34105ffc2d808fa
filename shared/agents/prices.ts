import type { Usage } from '@anthropic-ai/sdk/resources/messages'

/** Dollars for a million tokens. */
interface Rates {
  readonly input: number
  readonly output: number
}

interface Price extends Rates {
  /** Share of the input price for tokens read from the cache. */
  readonly cacheRead: number
  /** Above so many prompt tokens the whole request costs these rates. */
  readonly above?: { readonly tokens: number } & Rates
}

/** Writing to the cache, by how long it is kept, and a batch, as factors on the price. */
const WRITE = { fiveMinutes: 1.25, oneHour: 2 } as const
const BATCH = 0.5

/** The day the list below was read. */
export const PRICES_OF = '2026-11'

/** List prices by the beginning of the model's name; dated names (`claude-haiku-5-5-20261101`) are priced alike. */
const PRICES: Readonly<Record<string, Price>> = {
  'claude-opus-5-5': { input: 4, output: 20, cacheRead: 0.05 },
  'claude-sonnet-5-5': { input: 2, output: 10, cacheRead: 0.05 },
  'claude-haiku-5-5': {
    input: 0.1,
    output: 0.5,
    cacheRead: 0.1,
    above: { tokens: 100_000, input: 0.5, output: 2.5 },
  },
}

/** The part of a reply's usage that costs. Fields that are absent or null count as none. */
export type Billed = Pick<Usage, 'input_tokens' | 'output_tokens'> &
  Partial<Pick<Usage, 'cache_creation_input_tokens' | 'cache_read_input_tokens' | 'cache_creation' | 'service_tier'>>

const priceOf = (model: string): Price | undefined =>
  Object.entries(PRICES).find(
    ([name]) => model === name || (/^-\d/.test(model.slice(name.length)) && model.startsWith(name)),
  )?.[1]

/** Whether a model is in the price list. One that is not has tokens and no dollars. */
export const isPriced = (model: string) => priceOf(model) !== undefined

/** Tokens of a reply, all kinds together. Thinking is part of the output. */
export const tokensOf = (usage: Billed) =>
  usage.input_tokens +
  usage.output_tokens +
  (usage.cache_creation_input_tokens ?? 0) +
  (usage.cache_read_input_tokens ?? 0)

/**
 * What a reply cost, in dollars; `undefined` for a model without a price, never 0.
 *
 * @example dollars('claude-sonnet-5-5', { input_tokens: 1_000_000, output_tokens: 0 }) // 2
 */
export function dollars(model: string, usage: Billed): number | undefined {
  const price = priceOf(model)
  if (!price) return undefined
  const read = usage.cache_read_input_tokens ?? 0
  const written = usage.cache_creation_input_tokens ?? 0
  const hour = usage.cache_creation?.ephemeral_1h_input_tokens ?? 0
  const prompt = usage.input_tokens + read + written
  const rates = price.above && prompt > price.above.tokens ? price.above : price
  const input =
    usage.input_tokens + read * price.cacheRead + (written - hour) * WRITE.fiveMinutes + hour * WRITE.oneHour
  const sum = (input * rates.input + usage.output_tokens * rates.output) / 1_000_000
  return usage.service_tier === 'batch' ? sum * BATCH : sum
}
