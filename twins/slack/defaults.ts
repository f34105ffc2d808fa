import type { Access } from '../../shared/kernel/twin.ts'
import { BASE62 } from '../../shared/universe/random.ts'
import type { SlackMoment } from './caller.ts'
import { newConversation } from './conversations.ts'
import { DIGITS, newId, seconds } from './ids.ts'
import { addBot, newApp, newSlackbot, newToken, newUser, welcome } from './install.ts'
import { BOT_SCOPES, USER_SCOPES } from './rules/allScopes.ts'
import type { App, Conversation, Team, User } from './tables.ts'

/** A workspace just created: an owner, Slackbot, two channels, and one internal app that is in none of them. */

const GENERAL =
  'This is the one channel that will always include everyone. It’s a great spot for announcements and team-wide conversations.'
const RANDOM =
  'This channel is for... well, everything else. It’s a place for team jokes, spur-of-the-moment ideas, and funny GIFs. Go wild!'

export const OWNER_EMAIL = 'owner@example.test'

/** Every event of the default app that a bot can subscribe to: a test listens by setting one URL. */
export const BOT_EVENTS: readonly string[] = [
  'app_home_opened',
  'app_mention',
  'app_requested',
  'app_uninstalled',
  'assistant_thread_context_changed',
  'assistant_thread_started',
  'channel_archive',
  'channel_created',
  'channel_deleted',
  'channel_rename',
  'channel_shared',
  'channel_unarchive',
  'channel_unshared',
  'dnd_updated_user',
  'emoji_changed',
  'entity_comments_requested',
  'entity_details_requested',
  'file_change',
  'file_created',
  'file_deleted',
  'file_public',
  'file_shared',
  'file_unshared',
  'function_executed',
  'group_archive',
  'group_rename',
  'group_unarchive',
  'invite_requested',
  'link_shared',
  'member_joined_channel',
  'member_left_channel',
  'message.channels',
  'message.groups',
  'message.im',
  'message.mpim',
  'message_metadata_deleted',
  'message_metadata_posted',
  'message_metadata_updated',
  'pin_added',
  'pin_removed',
  'reaction_added',
  'reaction_removed',
  'shared_channel_invite_accepted',
  'shared_channel_invite_approved',
  'shared_channel_invite_declined',
  'shared_channel_invite_received',
  'shared_channel_invite_requested',
  'subteam_created',
  'subteam_members_changed',
  'subteam_updated',
  'team_join',
  'team_rename',
  'tokens_revoked',
  'user_change',
  'user_connection',
  'user_profile_changed',
  'user_status_changed',
]

export function defaults(moment: SlackMoment): void {
  const { tables, random } = moment
  const now = seconds(moment.now)
  const team: Team = tables.teams.insert({
    id: newId(random, 'team'),
    name: 'Example',
    domain: 'example',
    emailDomain: '',
    plan: 'pro',
    created: now,
  })
  newSlackbot(moment, team.id)
  const owner = newUser(moment, {
    teamId: team.id,
    name: 'owner',
    realName: 'Olive Owner',
    email: OWNER_EMAIL,
    role: 'primary_owner',
  })
  const channels = [
    defaultChannel(moment, team, owner, 'general', GENERAL),
    defaultChannel(moment, team, owner, 'random', RANDOM),
  ]
  welcome(moment, owner, channels)
  const app = addBot(moment, defaultApp(moment), team, 'Twin App', owner)
  const shared = { teamId: team.id, appId: app.id }
  newToken(moment, 'bot', {
    ...shared,
    userId: app.botUserId as string,
    botId: app.botId as string,
    scopes: BOT_SCOPES,
  })
  newToken(moment, 'user', { ...shared, userId: owner.id, scopes: USER_SCOPES })
  newToken(moment, 'app', { ...shared, scopes: ['connections:write', 'authorizations:read'] }, app)
  const configuration = {
    teamId: team.id,
    userId: owner.id,
    scopes: ['app_configurations:read', 'app_configurations:write'],
  }
  newToken(moment, 'configuration', { ...configuration, refresh: `xoxe-1-${random.text(136, BASE62)}` })
  tables.webhooks.insert({
    secret: random.text(14, BASE62),
    appId: app.id,
    botId: app.botId as string,
    channel: (channels[0] as Conversation).id,
    active: true,
  })
}

const defaultApp = (moment: SlackMoment): App =>
  newApp(moment, {
    name: 'Twin App',
    clientId: `${moment.random.text(12, DIGITS)}.${moment.random.text(13, DIGITS)}`,
    scopes: { bot: BOT_SCOPES, user: [] },
    events: { bot: BOT_EVENTS, user: [] },
    redirectUrls: ['http://localhost', 'http://127.0.0.1', 'https://localhost'],
  })

export function defaultChannel(
  moment: SlackMoment,
  team: Team,
  owner: User,
  name: string,
  purpose: string,
): Conversation {
  return newConversation(moment, {
    kind: 'public',
    name,
    creator: owner.id,
    teamId: team.id,
    isGeneral: name === 'general',
    useCase: name === 'general' ? 'welcome' : 'random',
    purpose: { value: purpose, creator: owner.id, last_set: seconds(moment.now) },
  })
}

/** The default app: the one in which the app-level token lives. */
export const mainApp = (moment: SlackMoment): App => {
  const token = moment.tables.tokens.rows().find((row) => row.kind === 'app')
  return moment.tables.apps.get(token?.appId ?? '') as App
}

/** The workspace of the default app; others come from fixtures. */
export const homeTeam = (moment: SlackMoment): Team => {
  const token = moment.tables.tokens.rows().find((row) => row.kind === 'app')
  return moment.tables.teams.get(token?.teamId ?? '') as Team
}

/** A token of somebody's own: what they may do themselves. */
export function signIn(moment: SlackMoment, email: string): string | undefined {
  const user = moment.tables.users.by('email', email.toLowerCase())
  if (!user || user.deleted) return undefined
  const owner = { teamId: user.teamId, appId: mainApp(moment).id, userId: user.id }
  return `Bearer ${moment.seal(newToken(moment, 'user', { ...owner, scopes: USER_SCOPES }).secret)}`
}

/** Ready-made credentials: bot, user and app-level tokens, a configuration token, the signing secret, a webhook. */
export function access(moment: SlackMoment, url: string): Access {
  const app = mainApp(moment)
  const sealed = (kind: string, appId: string | undefined) => {
    const token = moment.tables.tokens
      .rows()
      .find((row) => row.kind === kind && (appId === undefined || row.appId === appId))
    return token ? moment.seal(token.secret) : ''
  }
  const token = sealed('bot', app.id)
  const userToken = sealed('user', app.id)
  const appToken = sealed('app', app.id)
  const webhook = moment.tables.webhooks.rows().find((row) => row.appId === app.id)
  const team = homeTeam(moment)
  const webhookUrl = webhook ? `${url}/services/${team.id}/${webhook.botId}/${moment.seal(webhook.secret)}` : ''
  return {
    url,
    token,
    authorization: `Bearer ${token}`,
    userToken,
    appToken,
    configurationToken: sealed('configuration', undefined),
    signingSecret: app.signingSecret,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    webhookUrl,
    teamId: team.id,
    workspaces: otherWorkspaces(moment, team),
    appId: app.id,
    botId: app.botId,
    botUserId: app.botUserId,
    env: {
      SLACK_API_URL: `${url}/api/`,
      SLACK_BOT_TOKEN: token,
      SLACK_USER_TOKEN: userToken,
      SLACK_APP_TOKEN: appToken,
      SLACK_SIGNING_SECRET: app.signingSecret,
      // Not SLACK_CLIENT_ID and SLACK_CLIENT_SECRET: with both set, Bolt for Python takes an app for one that is installed
      // by OAuth, and forgets its token.
      SLACK_WEBHOOK_URL: webhookUrl,
    },
  }
}

/** Further workspaces: a partner's bot token and bot user, for both sides of Slack Connect. */
const otherWorkspaces = (moment: SlackMoment, home: Team): object[] =>
  moment.tables.teams
    .all()
    .filter((team) => team.id !== home.id)
    .map((team) => {
      const token = moment.tables.tokens.rows().find((row) => row.teamId === team.id && row.kind === 'bot')
      const bot = token ? { token: moment.seal(token.secret), botUserId: token.userId } : {}
      return { teamId: team.id, name: team.name, domain: team.domain, ...bot }
    })
