import type { Message } from '@anthropic-ai/sdk/resources/messages'
import type { BatchCreateParams, MessageBatch, MessageBatchResult } from '@anthropic-ai/sdk/resources/messages/batches'
import { Refused } from './strict.ts'

interface Held {
  batch: MessageBatch
  readonly results: { readonly custom_id: string; readonly result: MessageBatchResult }[]
}

const DAY = 86_400_000

/** Batches: answered as they are made, ended when first looked at. */
export class Batches {
  readonly #held = new Map<string, Held>()
  readonly #answer: (params: unknown) => Promise<Message | undefined>
  readonly #base: () => string

  constructor(answer: (params: unknown) => Promise<Message | undefined>, base: () => string) {
    this.#answer = answer
    this.#base = base
  }

  async create({ requests }: BatchCreateParams, now: number): Promise<MessageBatch> {
    const ids = (requests ?? []).map(({ custom_id }) => custom_id)
    if (ids.length === 0) throw new Refused(400, 'invalid_request_error', 'requests: at least one is required')
    if (new Set(ids).size < ids.length)
      throw new Refused(400, 'invalid_request_error', 'requests: custom_id must be unique')
    const results = []
    for (const { custom_id, params } of requests) results.push({ custom_id, result: await this.#result(params) })
    const id = `msgbatch_${String(this.#held.size + 1).padStart(24, '0')}`
    const batch: MessageBatch = {
      id,
      type: 'message_batch',
      processing_status: 'in_progress',
      request_counts: { processing: results.length, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
      created_at: new Date(now).toISOString(),
      expires_at: new Date(now + DAY).toISOString(),
      ended_at: null,
      archived_at: null,
      cancel_initiated_at: null,
      results_url: null,
    }
    this.#held.set(id, { batch, results })
    return batch
  }

  retrieve(id: string): MessageBatch {
    const held = this.#get(id)
    if (held.batch.processing_status !== 'ended') held.batch = this.#ended(held)
    return held.batch
  }

  list(): MessageBatch[] {
    return [...this.#held.values()].map(({ batch }) => batch).reverse()
  }

  cancel(id: string): MessageBatch {
    const held = this.#get(id)
    if (held.batch.processing_status === 'ended')
      throw new Refused(400, 'invalid_request_error', `${id} has ended and cannot be canceled`)
    for (const one of held.results.splice(0))
      held.results.push({ custom_id: one.custom_id, result: { type: 'canceled' } })
    held.batch = { ...held.batch, processing_status: 'canceling', cancel_initiated_at: held.batch.created_at }
    return held.batch
  }

  delete(id: string): { id: string; type: 'message_batch_deleted' } {
    if (this.#get(id).batch.processing_status !== 'ended')
      throw new Refused(400, 'invalid_request_error', `${id} has not ended and cannot be deleted`)
    this.#held.delete(id)
    return { id, type: 'message_batch_deleted' }
  }

  /** JSON Lines. */
  results(id: string): string {
    return this.#get(id)
      .results.map((one) => `${JSON.stringify(one)}\n`)
      .join('')
  }

  async #result(params: unknown): Promise<MessageBatchResult> {
    try {
      const message = await this.#answer(params)
      if (!message) return { type: 'expired' } // a cut: in a batch nothing else can come of it
      return { type: 'succeeded', message: { ...message, usage: { ...message.usage, service_tier: 'batch' } } }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return { type: 'errored', error: error.body('req_batch') as never }
    }
  }

  #ended({ batch, results }: Held): MessageBatch {
    const count = (type: string) => results.filter(({ result }) => result.type === type).length
    return {
      ...batch,
      processing_status: 'ended',
      ended_at: batch.created_at,
      results_url: `${this.#base()}/v1/messages/batches/${batch.id}/results`,
      request_counts: {
        processing: 0,
        succeeded: count('succeeded'),
        errored: count('errored'),
        canceled: count('canceled'),
        expired: 0,
      },
    }
  }

  #get(id: string): Held {
    const held = this.#held.get(id)
    if (!held) throw new Refused(404, 'not_found_error', `No batch ${id}`)
    return held
  }
}
