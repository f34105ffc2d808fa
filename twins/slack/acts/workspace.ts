import { z } from 'zod'
import { BASE62 } from '../../../shared/universe/random.ts'
import type { SlackMoment } from '../caller.ts'
import { channelNamed } from '../conversations.ts'
import { homeTeam, mainApp } from '../defaults.ts'
import { fail } from '../errors.ts'
import { announce } from '../events.ts'
import { DIGITS, newId, seconds } from '../ids.ts'
import { newUser, welcome } from '../install.ts'
import type { App, Json } from '../tables.ts'
import { userView } from '../views/users.ts'
import { act, person, user } from './people.ts'

const command = z.strictObject({ command: z.string(), url: z.string().optional(), description: z.string().default('') })
const shortcut = z.strictObject({ type: z.enum(['global', 'message']), name: z.string(), callbackId: z.string() })

/** What an administrator or an app's developer sets where Slack has pages for it. */
export const workspaceActs = {
  /** Settings of an app: addresses, subscriptions, commands, shortcuts, scopes. Default: the default app. */
  configureApp: act(
    z.strictObject({
      app: z.string().optional(),
      requestUrl: z.string().optional(),
      interactivityUrl: z.string().optional(),
      optionsUrl: z.string().optional(),
      socketMode: z.boolean().optional(),
      homeTab: z.boolean().optional(),
      messagesTab: z.boolean().optional(),
      tokenRotation: z.boolean().optional(),
      unfurlDomains: z.array(z.string()).optional(),
      redirectUrls: z.array(z.string()).optional(),
      commands: z.array(command).optional(),
      shortcuts: z.array(shortcut).optional(),
      events: z.strictObject({ bot: z.array(z.string()), user: z.array(z.string()).default([]) }).optional(),
      distribution: z.enum(['internal', 'marketplace', 'unlisted']).optional(),
      mcpServers: z.array(z.strictObject({ name: z.string(), url: z.string(), authType: z.string() })).optional(),
      botScopes: z.array(z.string()).optional(),
      userScopes: z.array(z.string()).optional(),
    }),
    (moment, { app: id, botScopes, userScopes, mcpServers, ...settings }) => {
      const app = id === undefined ? mainApp(moment) : moment.tables.apps.get(id)
      if (!app) throw fail('app_not_found')
      const servers = mcpServers?.map((server) => ({ ...server, id: newId(moment.random, 'mcpServer') }))
      const all = { ...settings, mcpServers: servers }
      const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Json
      // An address says how the app listens from now on; opening a connection says otherwise again.
      const byUrl = settings.requestUrl || settings.interactivityUrl ? { socketMode: false } : {}
      const changed = moment.tables.apps.replace({ ...app, ...byUrl, ...given })
      for (const token of moment.tables.tokens.where('owner', app.id)) {
        const scopes = token.kind === 'bot' ? botScopes : token.kind === 'user' ? userScopes : undefined
        if (scopes) moment.tables.tokens.replace({ ...token, scopes })
      }
      if (settings.requestUrl) verifyUrl(moment, changed, settings.requestUrl)
      return { ok: true, app_id: changed.id }
    },
  ),

  /** Settings of a workspace: whether administrators approve of channels shared with others. Default: the first one. */
  configureWorkspace: act(
    z.strictObject({ team: z.string().optional(), approvesInvites: z.boolean() }),
    (moment, input) => {
      const team = input.team === undefined ? homeTeam(moment) : moment.tables.teams.get(input.team)
      if (!team) throw fail('team_not_found')
      moment.tables.teams.replace({ ...team, approvesInvites: input.approvesInvites })
      return { ok: true }
    },
  ),

  /** A person joins the workspace. */
  addUser: act(
    z.strictObject({ email: z.string(), name: z.string(), realName: z.string().optional() }),
    (moment, input) => {
      const team = homeTeam(moment)
      if (moment.tables.users.by('email', input.email.toLowerCase())) throw fail('already_in_team')
      const row = newUser(moment, {
        teamId: team.id,
        name: input.name,
        realName: input.realName ?? input.name,
        email: input.email,
      })
      welcome(
        moment,
        row,
        ['general', 'random'].flatMap((name) => channelNamed(moment, team.id, name) ?? []),
      )
      announce(moment, { type: 'team_join', user: userView(row, { email: true }, moment.now) })
      return { ok: true, user: row.id }
    },
  ),

  /** A person signs in with a browser or one of Slack's apps. */
  openSession: act(
    z.strictObject({
      user,
      device: z.enum(['desktop', 'mobile', 'web']).default('web'),
      userAgent: z.string().default('Mozilla/5.0'),
      ip: z.string().default('127.0.0.1'),
    }),
    (moment, input) => {
      const me = person(moment, input.user)
      const { device, userAgent, ip } = input
      const row = moment.tables.userSessions.insert({
        id: moment.random.text(13, DIGITS),
        user: me.id,
        teamId: me.teamId,
        created: seconds(moment.now),
        device,
        userAgent,
        ip,
      })
      return { ok: true, session_id: row.id }
    },
  ),

  /** A person is deactivated: their tokens die with the account. */
  deactivateUser: act(z.strictObject({ user }), (moment, input) => {
    const row = moment.tables.users.replace({
      ...person(moment, input.user),
      deleted: true,
      updated: seconds(moment.now),
    })
    announce(moment, {
      type: 'user_change',
      user: userView(row, { email: true }, moment.now),
      cache_ts: seconds(moment.now),
    })
    return { ok: true }
  }),

  /**
   * Tells an app's sockets that the server will close them: `warning`, `refresh_requested`, `link_disabled`; its RTM
   * sessions hear `goodbye`.
   */
  disconnectSockets: act(
    z.strictObject({
      app: z.string().optional(),
      reason: z.enum(['warning', 'refresh_requested', 'link_disabled']).optional(),
    }),
    (moment, input) => {
      const app = input.app === undefined ? mainApp(moment) : moment.tables.apps.get(input.app)
      const open = moment.tables.connections.where('app', app?.id ?? '')
      for (const { id } of open) {
        moment.push(id, {
          type: 'disconnect',
          reason: input.reason ?? 'refresh_requested',
          debug_info: { host: 'applink-twin' },
        })
      }
      const sessions = moment.tables.rtmSessions.all().filter((row) => row.userId === app?.botUserId)
      for (const { id } of sessions) moment.push(id, { type: 'goodbye' })
      return { ok: true, connections: open.length + sessions.length }
    },
  ),

  addEmoji: act(z.strictObject({ user, name: z.string(), value: z.string() }), (moment, input) => {
    const who = person(moment, input.user)
    moment.tables.emoji.put({ name: input.name, value: input.value, user: who.id, created: seconds(moment.now) })
    announce(moment, { type: 'emoji_changed', subtype: 'add', name: input.name, value: input.value })
    return { ok: true }
  }),
}

/** `url_verification`: until the challenge comes back, no event goes there. */
function verifyUrl(moment: SlackMoment, app: App, url: string): void {
  moment.tables.apps.patch(app.id, { requestUrlVerified: false })
  const challenge = moment.random.text(52, BASE62)
  moment.deliver({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)' },
    body: JSON.stringify({ token: app.verificationToken, challenge, type: 'url_verification' }),
    kind: 'url_verification',
    onResult: 'verified',
    context: { appId: app.id, challenge, secret: app.signingSecret },
  })
}
