import assert from 'node:assert/strict'
import { WebClient } from '@slack/web-api'
import { env, slackOptions } from './target.mjs'

const slack = new WebClient(env.SLACK_BOT_TOKEN, slackOptions)
const { channel } = await slack.conversations.create({ name: 'interop' })
await slack.chat.postMessage({ channel: channel.id, text: 'Hello' })
await slack.files.uploadV2({ channel_id: channel.id, filename: 'a.txt', content: 'A file' })
const { messages } = await slack.conversations.history({ channel: channel.id })
assert(messages.some(({ text }) => text === 'Hello'))
assert(messages.some(({ files }) => files?.[0]?.name === 'a.txt'))
