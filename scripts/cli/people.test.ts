import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { clientFor } from '../../shared/agents/client.ts'
import { peopleFrom } from './people.ts'

const PLAYER = fileURLToPath(new URL('../../fixtures/scenarios/people/player.ts', import.meta.url))
const KEYED = { ANTHROPIC_API_KEY: 'sk-test', ANTHROPIC_BASE_URL: 'http://127.0.0.1:1' }

it('plays nobody without a key', async () => {
  expect((await peopleFrom({}, {})).options).toEqual({ purse: { dollars: undefined, tokens: undefined } })
})

it('lets a model play when there is a key', async () => {
  const { options, says } = await peopleFrom({ 'budget-dollars': '0.5', 'budget-tokens': '1000' }, KEYED)
  expect(options.troupe?.client.baseURL).toBe('http://127.0.0.1:1')
  expect(options.purse).toEqual({ dollars: 0.5, tokens: 1000 })
  expect(says).toBe('')
})

it('plays by a file, and says so, even when there is a key', async () => {
  const people = await peopleFrom({ scripted: PLAYER }, KEYED)
  expect(people.says).toBe('People are played by rules, not by a model: what they cost was not paid.\n')
  const baseURL = people.options.troupe?.client.baseURL as string
  expect(baseURL).toMatch(/^http:\/\/127\.0\.0\.1:\d{3,}$/)
  await people.close()
  const ask = clientFor({ apiKey: 'x', baseURL }, { maxRetries: 0 }).models.list()
  await expect(ask).rejects.toThrow('Connection error') // nobody listens any more
})

it.each([
  [{ scripted: '/nowhere/player.ts' }, /^--scripted \/nowhere\/player.ts: /],
  [{ scripted: fileURLToPath(import.meta.resolve('./args.ts')) }, /neither a function nor a list/],
  [{ 'budget-dollars': 'much' }, '--budget-dollars is a number above 0, not much'],
  [{ 'budget-tokens': '0' }, '--budget-tokens is a number above 0, not 0'],
])('refuses %o', async (values, message) => {
  await expect(peopleFrom(values, {})).rejects.toThrow(message)
})
