import Anthropic from '@anthropic-ai/sdk'
import type { Message } from '@anthropic-ai/sdk/resources/messages'
import type { Role } from '../../agents/models.ts'
import { tokensOf } from '../../agents/prices.ts'
import { type Answers, answersIn } from './answers.ts'
import { digestOf, type JudgeCache, type Kept } from './cache.ts'
import type { Pack } from './evidence.ts'
import type { Spent } from './judgement.ts'
import { type Ask, PROMPT_VERSION, requestOf } from './prompt.ts'

/** One request to a judge and what came of it. */
export interface Ballot {
  readonly model: string
  readonly answers: Answers | undefined
  /** Why there are no answers. */
  readonly because?: string
  readonly cached: boolean
  readonly spent: readonly Spent[]
}

/** What all ballots share. */
export interface Booth {
  readonly client: Anthropic
  readonly cache: JudgeCache
}

/** Asks a judge once. The same ballot on the same evidence is read from the cache; a failed one is not kept. */
export async function cast({ client, cache }: Booth, role: Role, ask: Ask, pack: Pack): Promise<Ballot> {
  const { story, questions, model, vote } = ask
  const asked = questions.map(({ id, ask }) => ({ id, ask }))
  const request = requestOf(ask, pack)
  const effort = request.output_config?.effort
  const key = digestOf({ version: PROMPT_VERSION, model, effort, story, asked, evidence: pack.digest, vote })
  const kept = cache.get(key)
  if (kept) return { model: kept.model, answers: answersIn(kept.text), cached: true, spent: [] }
  let message: Message
  try {
    message = await client.messages.create(request)
  } catch (error) {
    return { model, answers: undefined, because: failureOf(error), cached: false, spent: [] }
  }
  const { usage } = message
  const spent = tokensOf(usage) > 0 ? [{ role, model: message.model, usage }] : [] // a reader of rules costs nothing
  const text = message.content.find((block) => block.type === 'text')?.text ?? ''
  const answers = message.stop_reason === 'end_turn' ? answersIn(text) : undefined
  if (!answers) return { model: message.model, answers, because: silence(message), cached: false, spent }
  cache.set(key, { text, model: message.model, usage, date: new Date().toISOString() } satisfies Kept)
  return { model: message.model, answers, cached: false, spent }
}

/** Why a reply holds no answers. */
function silence({ stop_reason, stop_details }: Message): string {
  if (stop_reason === 'refusal')
    return `the judge refused${stop_details?.category ? ` (${stop_details.category})` : ''}`
  if (stop_reason === 'end_turn') return 'the reply is not of the agreed form'
  return `the reply was cut off (${stop_reason})`
}

function failureOf(error: unknown): string {
  if (error instanceof Anthropic.APIError)
    return `the judge was not reached: ${error.status ?? 'no status'} ${error.type ?? error.name}`
  return `the judge was not reached: ${(error as Error).message}`
}
