import assert from 'node:assert/strict'
import { App } from '@slack/bolt'
import { WebClient } from '@slack/web-api'
import { env, slackOptions } from './target.mjs'

const app = new App({
  token: env.SLACK_BOT_TOKEN,
  appToken: env.SLACK_APP_TOKEN,
  socketMode: true,
  clientOptions: slackOptions,
  logLevel: 'error',
})
const answered = Promise.withResolvers()
app.message('ping', async ({ say }) => answered.resolve(await say('pong')))
await app.start()
const { channel } = await app.client.conversations.create({ name: 'interop' })
const person = new WebClient(env.SLACK_USER_TOKEN, slackOptions)
await person.conversations.join({ channel: channel.id })
await person.chat.postMessage({ channel: channel.id, text: 'ping' })
await answered.promise
const { messages } = await app.client.conversations.history({ channel: channel.id })
assert.equal(messages[0].text, 'pong')
await app.stop()
