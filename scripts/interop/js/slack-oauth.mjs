import assert from 'node:assert/strict'
import { InstallProvider } from '@slack/oauth'
import { WebClient } from '@slack/web-api'
import { access, pointed, slack, slackOptions } from './target.mjs'

const installer = new InstallProvider({
  clientId: access.slack.clientId,
  clientSecret: access.slack.clientSecret,
  stateSecret: 'interop',
  clientOptions: slackOptions,
  ...(pointed && { authorizationUrl: slack.replace('/api/', '/oauth/v2/authorize') }),
})
const redirectUri = 'http://localhost/callback'
const consent = await installer.generateInstallUrl({ scopes: ['chat:write'], redirectUri })
const back = await fetch(consent, { redirect: 'manual' })
const callback = new URL(back.headers.get('location'))
const installed = Promise.withResolvers()
await installer.handleCallback(
  {
    url: callback.pathname + callback.search,
    headers: { host: callback.host, cookie: `slack-app-oauth-state=${callback.searchParams.get('state')}` },
  },
  { setHeader() {}, writeHead() {}, end() {} },
  {
    success: (installation) => installed.resolve(installation),
    failure: (error) => installed.reject(error),
  },
)
const { bot } = await installed.promise
assert((await new WebClient(bot.token, slackOptions).auth.test()).ok)
