import type Anthropic from '@anthropic-ai/sdk'
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import type { Message } from '@anthropic-ai/sdk/resources/messages'
import type { z } from 'zod'
import { type ClientOptions, clientFor, type ModelAccess } from '../../agents/client.ts'
import { type Models, modelsFrom, type Role } from '../../agents/models.ts'
import { digestOf, type JudgeCache, memoryCache } from '../judge/cache.ts'
import type { Meter } from '../meter.ts'

/** A person could not be played: the run is worth nothing, through no fault of the software. */
export class PersonaError extends Error {}

/** The models that play people. */
export interface Troupe {
  readonly client: Anthropic
  readonly models: Models
  readonly cache: JudgeCache
}

export interface TroupeOptions {
  readonly client?: ClientOptions
  readonly models?: Partial<Models>
  /** Default: this process's memory. */
  readonly cache?: JudgeCache
}

export const troupeFor = (access: ModelAccess, options: TroupeOptions = {}): Troupe => ({
  client: clientFor(access, options.client),
  models: modelsFrom(process.env, options.models),
  cache: options.cache ?? memoryCache(),
})

/** Room for an answer, and for thinking before it. */
const TOKENS = 4000

/**
 * One answer of a given form. The same question is answered from the cache: a run in which the software does the same
 * costs nothing and is the same.
 *
 * @throws PersonaError when the model is not reached, refuses, is cut off, or answers in another form twice
 */
export async function ask<S extends z.ZodType>(
  { client, models, cache }: Troupe,
  meter: Meter,
  { role, version, system, text, form }: { role: Role; version: number; system: string; text: string; form: S },
): Promise<{ answer: z.output<S>; cached: boolean }> {
  const model = models[role]
  const { type, schema } = zodOutputFormat(form)
  const key = digestOf({ version, model, system, text, schema })
  const kept = cache.get(key)
  const known = kept && answerIn(kept.text, form)
  if (known?.success) return { answer: known.data, cached: true }
  let trouble = ''
  for (let attempt = 0; attempt < 2; attempt++) {
    const message = await sent(client, {
      model,
      max_tokens: TOKENS,
      system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }],
      output_config: { effort: 'low', format: { type, schema } },
      messages: [{ role: 'user', content: text }],
    })
    const { usage } = message
    meter.add('persona', { model: message.model, usage })
    if (message.stop_reason !== 'end_turn') throw new PersonaError(`the model stopped: ${message.stop_reason}`)
    const said = message.content.find((block) => block.type === 'text')?.text ?? ''
    const answer = answerIn(said, form)
    if (answer?.success) {
      cache.set(key, { text: said, model: message.model, usage, date: new Date().toISOString() })
      return { answer: answer.data, cached: false }
    }
    trouble = answer?.error.issues[0]?.message ?? 'no JSON'
  }
  throw new PersonaError(`the model did not answer in the agreed form: ${trouble}`)
}

async function sent(client: Anthropic, body: Parameters<Anthropic['messages']['create']>[0]): Promise<Message> {
  try {
    return (await client.messages.create({ ...body, stream: false })) as Message
  } catch (error) {
    throw new PersonaError(`the model was not reached: ${(error as Error).message}`)
  }
}

function answerIn<S extends z.ZodType>(text: string, form: S) {
  try {
    return form.safeParse(JSON.parse(text))
  } catch {
    return undefined
  }
}
