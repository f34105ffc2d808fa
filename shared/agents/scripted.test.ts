import Anthropic from '@anthropic-ai/sdk'
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { accessFrom, clientFor } from './client.ts'
import { json, type Script, type ScriptedServer, scripted } from './scripted.ts'

const HI: MessageCreateParamsNonStreaming = {
  model: 'claude-haiku-5-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hi' }],
}

async function asked<T>(script: Script, ask: (client: Anthropic, server: ScriptedServer) => Promise<T>): Promise<T> {
  await using server = await scripted(script)
  return await ask(clientFor(server.access), server)
}

const textOf = (message: { content: readonly { type: string; text?: string }[] }) =>
  message.content.map(({ text }) => text).join('')

it('answers with a list of turns, and refuses one more', async () => {
  await asked(
    ['One.', { expect: ({ body }) => expect(body.max_tokens).toBe(100), reply: 'Two.' }],
    async (client, server) => {
      const first = await client.messages.create(HI)
      expect(first).toMatchObject({ role: 'assistant', model: HI.model, stop_reason: 'end_turn' })
      expect(first._request_id).toBe('req_1')
      expect(textOf(first) + textOf(await client.messages.create(HI))).toBe('One.Two.')
      await expect(client.messages.create(HI)).rejects.toMatchObject({ status: 500 })
      expect(server.failures).toEqual([expect.stringContaining('2 turns')])
      expect(server.requests[0]?.headers.authorization).toBe('Bearer scripted')
    },
  )
})

it('answers with a function of the request', async () => {
  const echo: Script = ({ body }) => `You said ${body.messages.at(-1)?.content}`
  expect(await asked(echo, async (client) => textOf(await client.messages.create(HI)))).toBe('You said Hi')
})

it('streams text, thinking and calls of tools so that the SDK puts them together again', async () => {
  const content = [
    { type: 'thinking', thinking: 'Long thoughts. '.repeat(9) },
    { type: 'text', text: 'Ünïcödé 🎉 '.repeat(20) },
    { type: 'tool_use', name: 'look', input: { at: 'this '.repeat(30), n: 3 } },
  ] as const
  await asked([{ content }], async (client) => {
    const stream = client.messages.stream(HI)
    let heard = ''
    stream.on('text', (delta) => {
      heard += delta
    })
    const message = await stream.finalMessage()
    expect(message.content).toMatchObject(content)
    expect(message.stop_reason).toBe('tool_use')
    expect(message.usage.output_tokens).toBeGreaterThan(50)
    expect(heard).toBe(content[1].text)
  })
})

it('breaks connections and streams', async () => {
  await asked([{ cut: 0 }, 'Again.'], async (client) => {
    expect(textOf(await client.messages.create(HI))).toBe('Again.') // a connection that broke is tried again
  })
  await asked([{ cut: 4, of: { content: 'x'.repeat(500) } }], async (client, server) => {
    await expect(client.messages.stream(HI).finalMessage()).rejects.toThrow(Anthropic.AnthropicError)
    expect(server.requests).toHaveLength(1) // a stream that broke is not
  })
})

it('fails as the API fails, and the SDK tries again what passes', async () => {
  const busy = { error: { status: 529, type: 'overloaded_error', message: 'busy', retryAfterMs: 1 } }
  await asked([busy, busy, 'Now.'], async (client, server) => {
    expect(textOf(await client.messages.create(HI))).toBe('Now.')
    expect(server.requests.map(({ headers }) => headers['x-stainless-retry-count'])).toEqual(['0', '1', '2'])
  })
  const limit = {
    status: 429,
    type: 'rate_limit_error',
    message: 'slow',
    details: { error_code: 'ramp_limit_exceeded' },
  }
  await asked([{ error: { ...limit, retryAfterMs: 1 } }], async (client) => {
    const failed = client.messages.create(HI, { maxRetries: 0 })
    await expect(failed).rejects.toMatchObject({
      status: 429,
      type: 'rate_limit_error',
      errorCode: 'ramp_limit_exceeded',
    })
    await expect(failed).rejects.toThrow(Anthropic.RateLimitError)
  })
})

it('waits when told to, and can be aborted meanwhile', async () => {
  await asked([{ delay: 5_000, reply: 'late' }], async (client) => {
    const failed = client.messages.create(HI, { signal: AbortSignal.timeout(30) })
    await expect(failed).rejects.toThrow(Anthropic.APIUserAbortError)
  })
})

const user = (content: unknown) => ({ role: 'user', content })
const call = { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }] }
const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'there' }
const tool = { name: 'look', input_schema: { type: 'object' } }
const REFUSED: Record<string, [object, RegExp]> = {
  'temperature, even the default': [{ temperature: 1 }, /temperature/],
  'unknown fields': [{ max_token: 3 }, /max_token: Extra inputs/],
  'fields of a beta without its header': [{ thread: { type: 'create' } }, /thread: Extra/],
  'no max_tokens': [{ max_tokens: undefined }, /max_tokens/],
  'no messages': [{ messages: [] }, /messages/],
  'an empty text': [{ messages: [user('')] }, /non-empty/],
  'an empty block': [{ messages: [user([{ type: 'text', text: ' ' }])] }, /non-empty/],
  'a foreign role': [{ messages: [{ role: 'tool', content: 'x' }] }, /role/],
  prefill: [{ messages: [user('Hi'), { role: 'assistant', content: '{' }] }, /prefill/],
  'a result of no call': [{ messages: [user([result])] }, /unexpected tool_use_id/],
  'a call without its result': [{ messages: [user('Hi'), call, user('well?')] }, /tool_use without tool_result/],
  'two tools of one name': [{ tools: [tool, tool] }, /unique/],
  'a forced tool where thinking is always on': [
    { model: 'claude-opus-5-5', tools: [tool], tool_choice: { type: 'any' } },
    /tool_choice/,
  ],
  'no thinking where it is always on': [{ model: 'claude-opus-5-5', thinking: { type: 'disabled' } }, /thinking/],
  'an open schema': [
    { output_config: { format: { type: 'json_schema', schema: { type: 'object', properties: {} } } } },
    /additionalProperties/,
  ],
  'more than four breakpoints': [
    {
      messages: [
        user(Array.from({ length: 5 }, () => ({ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }))),
      ],
    },
    /maximum of 4/,
  ],
}

it.each(Object.entries(REFUSED))('refuses %s', async (_, [change, why]) => {
  await asked(['never'], async (client, server) => {
    await expect(client.messages.create({ ...HI, ...change } as typeof HI)).rejects.toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      message: expect.stringMatching(why),
    })
    expect(server.requests).toEqual([])
  })
})

it('refuses a request without a bearer or of another version', async () => {
  await asked([], async (_, { access }) => {
    const post = (headers: Record<string, string>) =>
      fetch(`${access.baseURL}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(HI) })
    expect((await post({ 'x-api-key': 'scripted', 'anthropic-version': '2026-10-21' })).status).toBe(401)
    const old = await post({ authorization: 'Bearer k', 'anthropic-version': '2023-06-01' })
    expect([old.status, await old.json()]).toMatchObject([400, { type: 'error', request_id: 'req_2' }])
  })
})

it('takes the conversation of the tool runner, with its history', async () => {
  const script: Script = [
    {
      content: [
        { type: 'tool_use', name: 'double', input: { n: 4 } },
        { type: 'tool_use', name: 'double', input: { n: 'x' } },
      ],
    },
    {
      expect: ({ body }) => {
        const [first, second] = (body.messages.at(-1)?.content ?? []) as { content: unknown; is_error?: boolean }[]
        expect([first?.content, second?.is_error]).toEqual(['8', true])
      },
      reply: 'Eight.',
    },
  ]
  const double = betaZodTool({
    name: 'double',
    description: 'Doubles',
    inputSchema: z.object({ n: z.number() }),
    run: ({ n }) => String(n * 2),
  })
  for (const thread of [false, undefined] as const) {
    await asked(script, async (client, server) => {
      const runner = client.beta.messages.toolRunner({
        ...(HI as object as { model: string; max_tokens: number; messages: { role: 'user'; content: string }[] }),
        tools: [double],
        ...(thread === false ? { thread } : {}),
      })
      expect(textOf(await runner.runUntilDone())).toBe('Eight.')
      expect(server.failures).toEqual([])
      expect(server.requests[1]?.body.messages).toHaveLength(3)
    })
  }
})

it('forgets a thread, and the SDK sends it whole', async () => {
  await asked(['One.', 'Two.', 'Three.'], async (client, server) => {
    const thread = client.beta.messages.thread({ model: HI.model, max_tokens: 100 })
    await thread.send({ role: 'user', content: 'a' })
    await thread.send({ role: 'user', content: 'b' })
    server.forgetThreads()
    expect(textOf(await thread.send({ role: 'user', content: 'c' }))).toBe('Three.')
    expect(server.failures).toEqual(['Thread not found'])
    expect(server.requests.at(-1)?.body.messages).toHaveLength(5)
  })
})

it('gives structured output', async () => {
  const Verdict = z.object({ verdict: z.enum(['pass', 'fail']) })
  const format = zodOutputFormat(Verdict)
  const reply = await asked([json({ verdict: 'pass' })], (client) =>
    client.messages.parse({ ...HI, output_config: { format } }),
  )
  expect(reply.parsed_output).toEqual({ verdict: 'pass' })
})

it('bills what it keeps: written once, read afterwards', async () => {
  const rules = { type: 'text', text: 'rule '.repeat(600), cache_control: { type: 'ephemeral', ttl: '1h' } } as const
  await asked(['a', 'b', 'c'], async (client) => {
    const usage = async (question: string) => {
      const messages = [{ role: 'user' as const, content: question }]
      return (await client.messages.create({ ...HI, system: [rules], messages })).usage
    }
    const [first, second] = [await usage('One?'), await usage('Two?')]
    expect(first).toMatchObject({ cache_read_input_tokens: 0, cache_creation: { ephemeral_5m_input_tokens: 0 } })
    expect(first.cache_creation_input_tokens).toBeGreaterThan(800)
    expect(first.cache_creation?.ephemeral_1h_input_tokens).toBe(first.cache_creation_input_tokens)
    expect(second).toMatchObject({
      cache_read_input_tokens: first.cache_creation_input_tokens,
      cache_creation_input_tokens: 0,
      input_tokens: first.input_tokens,
    })
    const { input_tokens } = await client.messages.countTokens({
      model: HI.model,
      messages: HI.messages,
      system: [rules],
    })
    expect(input_tokens).toBeGreaterThan(first.cache_creation_input_tokens as number)
  })
})

it('takes batches', async () => {
  const script: Script = ({ body }) =>
    body.messages[0]?.content === 'no'
      ? { error: { status: 400, type: 'invalid_request_error', message: 'no' } }
      : 'yes'
  await asked(script, async (client) => {
    const request = (custom_id: string, content: string) => ({
      custom_id,
      params: { ...HI, messages: [{ role: 'user' as const, content }] },
    })
    const { id, processing_status } = await client.messages.batches.create({
      requests: [request('a', 'Hi'), request('b', 'no')],
    })
    expect(processing_status).toBe('in_progress')
    const found = new Map<string, string>()
    expect((await client.messages.batches.retrieve(id)).request_counts).toMatchObject({ succeeded: 1, errored: 1 })
    for await (const { custom_id, result } of await client.messages.batches.results(id)) {
      found.set(custom_id, result.type === 'succeeded' ? `${result.message.usage.service_tier}` : result.type)
    }
    expect([...found]).toEqual([
      ['a', 'batch'],
      ['b', 'errored'],
    ])
    expect((await client.messages.batches.list()).data.map((one) => one.id)).toEqual([id])
    await client.messages.batches.delete(id)
    await expect(client.messages.batches.retrieve(id)).rejects.toMatchObject({ status: 404 })
  })
})

it('knows models', async () => {
  await asked([], async (client) => {
    const { data } = await client.models.list()
    expect(data.map(({ id }) => id)).toContain('claude-sonnet-5-5')
    expect(await client.models.retrieve('claude-opus-5-5')).toMatchObject({ line: 'opus' })
    await expect(client.models.retrieve('claude-none')).rejects.toMatchObject({ status: 404 })
  })
})

it('takes its access from the environment, and none without a key', () => {
  expect(accessFrom({})).toBeUndefined()
  expect(accessFrom({ ANTHROPIC_API_KEY: '', ANTHROPIC_AUTH_TOKEN: 't', ANTHROPIC_BASE_URL: 'http://x' })).toEqual({
    apiKey: 't',
    baseURL: 'http://x',
  })
})
