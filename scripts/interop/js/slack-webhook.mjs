import assert from 'node:assert/strict'
import { WebClient } from '@slack/web-api'
import { IncomingWebhook } from '@slack/webhook'
import { env, pointed, slackOptions } from './target.mjs'

const url = env.SLACK_WEBHOOK_URL
const path = url.slice(url.indexOf('/services/'))
await new IncomingWebhook(pointed ? url : `https://hooks.slack.com${path}`).send({ text: 'From a hook' })
const slack = new WebClient(env.SLACK_USER_TOKEN, slackOptions)
const { channels } = await slack.conversations.list()
const histories = await Promise.all(channels.map(({ id }) => slack.conversations.history({ channel: id })))
assert(histories.some(({ messages }) => messages.some(({ text }) => text === 'From a hook')))
