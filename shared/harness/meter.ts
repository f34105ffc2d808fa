import type { Role } from '../agents/models.ts'
import { type Billed, dollars, tokensOf } from '../agents/prices.ts'

/** Whom a model works for: the software under test, the people, or the judge. */
export const PAYERS = ['sut', 'persona', 'judge'] as const
export type Payer = (typeof PAYERS)[number]

/** What models have cost. */
export interface Cost {
  readonly requests: number
  readonly tokens: number
  /** `null` when a model without a known price is among them. */
  readonly dollars: number | null
}

/** Costs by payer; none for whoever asked nothing. */
export type Costs = Readonly<Partial<Record<Payer, Cost>>>

/** The tokens of one reply. */
export interface Reply {
  readonly model: string
  readonly usage: Billed
}

/** Adds up what models cost: of one run, and through its parent of all of them. */
export class Meter {
  readonly #costs: Partial<Record<Payer, Cost>> = {}
  readonly #parent: Meter | undefined
  readonly #listeners = new Set<(costs: Costs) => void>()

  constructor(parent?: Meter) {
    this.#parent = parent
  }

  get costs(): Costs {
    return { ...this.#costs }
  }

  add(payer: Payer, { model, usage }: Reply): void {
    const one = { requests: 1, tokens: tokensOf(usage), dollars: dollars(model, usage) ?? null }
    this.#costs[payer] = sum([this.#costs[payer] ?? NOTHING, one])
    this.#parent?.add(payer, { model, usage })
    for (const listener of this.#listeners) listener(this.costs)
  }

  /** Called with the new costs after each reply. */
  listen(listener: (costs: Costs) => void): void {
    this.#listeners.add(listener)
  }
}

const NOTHING: Cost = { requests: 0, tokens: 0, dollars: 0 }

const sum = (costs: readonly Cost[]): Cost =>
  costs.reduce(
    (all, { requests, tokens, dollars }) => ({
      requests: all.requests + requests,
      tokens: all.tokens + tokens,
      dollars: all.dollars === null || dollars === null ? null : all.dollars + dollars,
    }),
    NOTHING,
  )

/** Costs of several runs together. */
export const costsOf = (runs: readonly { readonly costs: Costs }[]): Costs =>
  Object.fromEntries(
    PAYERS.map((payer) => [payer, runs.flatMap(({ costs }) => costs[payer] ?? [])] as const)
      .filter(([, costs]) => costs.length > 0)
      .map(([payer, costs]) => [payer, sum(costs)]),
  )

/** All payers together. */
export const total = (costs: Costs): Cost => sum(Object.values(costs))

/** For whom a role of ours works. */
export const payerOf = (role: Role): Payer => (role === 'judge' || role === 'judgeStrong' ? 'judge' : 'persona')

/** What a whole run may cost. */
export interface Purse {
  readonly dollars?: number | undefined
  readonly tokens?: number | undefined
}

/** What of a purse is used up, in words; `undefined` while there is some left. Unknown prices cannot use up dollars. */
export function usedUp({ dollars, tokens }: Purse, costs: Costs): string | undefined {
  const spent = total(costs)
  if (dollars !== undefined && spent.dollars !== null && spent.dollars >= dollars)
    return `the budget of $${dollars} is used up`
  if (tokens !== undefined && spent.tokens >= tokens) return `the budget of ${tokens} tokens is used up`
  return undefined
}

/** `12,345 tokens, $0.0123`; the dollars are missing when a price is not known. */
export const costText = ({ tokens, dollars }: Cost): string =>
  `${tokens.toLocaleString('en')} tokens${dollars === null ? ', price unknown' : `, $${dollars.toFixed(4)}`}`
