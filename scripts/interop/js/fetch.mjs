import assert from 'node:assert/strict'
import { env, slack } from './target.mjs'

const call = async (method, body) => {
  const headers = { authorization: `Bearer ${env.SLACK_BOT_TOKEN}` }
  return (await fetch(slack + method, { method: 'POST', headers, body: new URLSearchParams(body) })).json()
}
const { channel } = await call('conversations.create', { name: 'interop' })
assert((await call('chat.postMessage', { channel: channel.id, text: 'Hello' })).ok)
assert.equal((await call('conversations.info', { channel: channel.id })).channel.name, 'interop')
