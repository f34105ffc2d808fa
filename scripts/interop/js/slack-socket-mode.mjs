import assert from 'node:assert/strict'
import { SocketModeClient } from '@slack/socket-mode'
import { WebClient } from '@slack/web-api'
import { env, slackOptions } from './target.mjs'

const socket = new SocketModeClient({ appToken: env.SLACK_APP_TOKEN, clientOptions: slackOptions, logLevel: 'error' })
const slack = new WebClient(env.SLACK_BOT_TOKEN, slackOptions)
const heard = Promise.withResolvers()
socket.on('message', async ({ ack, event }) => {
  await ack()
  if (event.text === 'Over the socket') heard.resolve(event)
})
await socket.start()
const { channel } = await slack.conversations.create({ name: 'interop' })
await slack.chat.postMessage({ channel: channel.id, text: 'Over the socket' })
assert.equal((await heard.promise).channel, channel.id)
await slack.conversations.history({ channel: channel.id })
await socket.disconnect()
