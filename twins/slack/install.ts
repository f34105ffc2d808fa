import { BASE36, BASE62, HEX } from '../../shared/universe/random.ts'
import type { SlackMoment } from './caller.ts'
import { addMember, openDirect } from './conversations.ts'
import { DIGITS, newId, SLACKBOT, seconds } from './ids.ts'
import type { App, Conversation, Team, Token, TokenKind, User } from './tables.ts'

/** Making the things a workspace is made of: people, apps and their tokens. Used by defaults, fixtures, manifests. */

const COLOURS = [
  '9f69e7',
  '4bbe2e',
  'e7392d',
  '3c989f',
  '674b1b',
  'e96699',
  'e0a729',
  '684b6c',
  '5b89d5',
  '2b6836',
  '99a949',
  'df3dc0',
  '4cc091',
  '9b3b45',
  'd58247',
  'bb86b7',
  '5a4592',
  'db3150',
  '235e5b',
  '9e3997',
]

export function newUser(moment: SlackMoment, row: Pick<User, 'teamId' | 'name' | 'realName'> & Partial<User>): User {
  return moment.tables.users.insert({
    id: newId(moment.random, 'user'),
    displayName: '',
    title: '',
    phone: '',
    tz: 'America/Los_Angeles',
    color: COLOURS[moment.tables.users.size % COLOURS.length] as string,
    avatarHash: `g${moment.random.text(11, HEX)}`,
    deleted: false,
    role: 'member',
    isBot: false,
    status: { text: '', emoji: '', expiration: 0 },
    fields: {},
    presence: 'auto',
    updated: seconds(moment.now),
    ...row,
  })
}

export function newSlackbot(moment: SlackMoment, teamId: string): User {
  return newUser(moment, {
    id: SLACKBOT,
    teamId,
    name: 'slackbot',
    realName: 'Slackbot',
    displayName: 'Slackbot',
    color: '757575',
    avatarHash: 'sv41d8cd98f0',
    updated: 0,
  })
}

/** A person who joined: in #general and the other default channels, with a DM with Slackbot. */
export function welcome(moment: SlackMoment, user: User, channels: readonly Conversation[]): void {
  for (const channel of channels) addMember(moment, channel.id, user.id)
  const slackbot = moment.tables.users.get(SLACKBOT)
  if (slackbot) openDirect(moment, [user, slackbot])
}

export function newApp(moment: SlackMoment, row: Pick<App, 'name'> & Partial<App>): App {
  const { random } = moment
  return moment.tables.apps.insert({
    id: newId(random, 'app'),
    clientId: `${random.text(12, DIGITS)}.${random.text(13, DIGITS)}`,
    clientSecret: random.text(32, HEX),
    signingSecret: random.text(32, HEX),
    verificationToken: random.text(24, BASE62),
    scopes: { bot: [], user: [] },
    events: { bot: [], user: [] },
    socketMode: false,
    commands: [],
    shortcuts: [],
    unfurlDomains: [],
    redirectUrls: [],
    homeTab: true,
    messagesTab: true,
    tokenRotation: false,
    distribution: 'internal',
    manifest: {},
    installed: false,
    updated: seconds(moment.now),
    ...row,
  })
}

/**
 * Gives an installed app its bot user, with a conversation with whoever installed it and one with Slackbot (recorded).
 * A second installation finds it.
 */
export function addBot(moment: SlackMoment, app: App, team: Team, displayName: string, installer?: User): App {
  if (app.botUserId) return moment.tables.apps.replace({ ...app, installed: true })
  const botId = newId(moment.random, 'bot')
  const handle = displayName.toLowerCase().replace(/[^a-z0-9_-]/g, '') || 'app'
  const taken = moment.tables.users.by('name', [team.id, handle])
  const user = newUser(moment, {
    teamId: team.id,
    name: taken ? `${handle}${moment.tables.users.size}` : handle,
    realName: displayName,
    isBot: true,
    botId,
    appId: app.id,
  })
  const slackbot = moment.tables.users.get(SLACKBOT)
  if (slackbot) openDirect(moment, [user, slackbot])
  if (installer) openDirect(moment, [user, installer])
  return moment.tables.apps.replace({ ...app, botId, botUserId: user.id, installed: true })
}

const SHAPES: Readonly<Record<TokenKind, (moment: SlackMoment, app: App | undefined) => string>> = {
  bot: ({ random }) => `xoxb-${random.text(12, DIGITS)}-${random.text(13, DIGITS)}-${random.text(14, BASE62)}`,
  user: ({ random }) =>
    `xoxp-${random.text(12, DIGITS)}-${random.text(12, DIGITS)}-${random.text(13, DIGITS)}-${random.text(22, HEX)}`,
  app: ({ random }, app) => `xapp-1-${app?.id}-${random.text(13, DIGITS)}-${random.text(54, HEX)}`,
  configuration: ({ random }) => `xoxe.xoxp-1-${random.text(140, BASE62)}`,
  workflow: ({ random }) => `xwfp-${random.text(12, DIGITS)}-${random.text(13, DIGITS)}-${random.text(22, BASE36)}`,
}

export function newToken(
  moment: SlackMoment,
  kind: TokenKind,
  row: Omit<Token, 'secret' | 'kind'> & { secret?: string },
  app?: App,
): Token {
  const secret =
    row.secret ?? (row.expires && kind !== 'configuration' ? rotating(moment, kind) : SHAPES[kind](moment, app))
  return moment.tables.tokens.insert({ ...row, secret, kind })
}

/** Tokens that expire begin with `xoxe.`. */
const rotating = ({ random }: SlackMoment, kind: TokenKind): string =>
  `xoxe.${kind === 'user' ? 'xoxp' : 'xoxb'}-1-${random.text(156, BASE62)}`

export const newRefreshToken = ({ random }: SlackMoment): string => `xoxe-1-${random.text(136, BASE62)}`
