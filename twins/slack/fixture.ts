import { z } from 'zod'
import type { Person } from '../../shared/kernel/twin.ts'
import type { SlackMoment } from './caller.ts'
import { addMember, channelNamed, newConversation } from './conversations.ts'
import { homeTeam, mainApp, OWNER_EMAIL } from './defaults.ts'
import { newBlockId, newId, seconds } from './ids.ts'
import { addBot, newApp, newToken, newUser, welcome } from './install.ts'
import { post } from './messages.ts'
import { BOT_SCOPES } from './rules/allScopes.ts'
import { readEmoji } from './rules/emoji.ts'
import { escapeAll, storedText } from './rules/mrkdwn.ts'
import { richText } from './rules/richText.ts'
import type { Conversation, Message, Team, User } from './tables.ts'

const message: z.ZodType<FixtureMessage> = z.strictObject({
  /** E-mail of a person, or `app` for the default app's bot. */
  from: z.string(),
  text: z.string(),
  reactions: z.record(z.string(), z.array(z.string())).optional(),
  replies: z.array(z.strictObject({ from: z.string(), text: z.string() })).optional(),
})

interface FixtureMessage {
  from: string
  text: string
  reactions?: Record<string, string[]> | undefined
  replies?: { from: string; text: string }[] | undefined
}

/** The `slack:` section of a fixture. People are the fixture's own; here is what they have in Slack. */
export const fixture = z.strictObject({
  team: z
    .strictObject({
      name: z.string().optional(),
      domain: z.string().optional(),
      emailDomain: z.string().optional(),
      plan: z.enum(['free', 'pro', 'business_plus', 'enterprise']).optional(),
    })
    .optional(),
  /** The workspace belongs to an Enterprise Grid organisation. */
  enterprise: z.boolean().optional(),
  /** Further workspaces: of the same organisation, or (`external`) partners with an app of their own for Slack Connect. */
  workspaces: z
    .array(z.strictObject({ name: z.string(), domain: z.string(), external: z.boolean().optional() }))
    .optional(),
  channels: z
    .array(
      z.strictObject({
        name: z.string(),
        private: z.boolean().optional(),
        topic: z.string().optional(),
        purpose: z.string().optional(),
        /** E-mails; `app` adds the default app's bot. Left out: everyone. */
        members: z.array(z.string()).optional(),
        archived: z.boolean().optional(),
        messages: z.array(message).optional(),
      }),
    )
    .optional(),
  usergroups: z
    .array(
      z.strictObject({
        name: z.string(),
        handle: z.string(),
        description: z.string().optional(),
        members: z.array(z.string()),
      }),
    )
    .optional(),
  emoji: z.record(z.string(), z.string()).optional(),
  app: z
    .strictObject({
      requestUrl: z.string().optional(),
      interactivityUrl: z.string().optional(),
      optionsUrl: z.string().optional(),
      socketMode: z.boolean().optional(),
      unfurlDomains: z.array(z.string()).optional(),
      commands: z
        .array(z.strictObject({ command: z.string(), url: z.string().optional(), description: z.string().optional() }))
        .optional(),
    })
    .optional(),
  /** Tokens with literal values, for software that has its token built in. */
  tokens: z
    .array(
      z.strictObject({
        token: z.string(),
        /** A configuration token of this kind is issued to the default app, which then manages the apps it makes. */
        kind: z.enum(['bot', 'user', 'configuration']),
        scopes: z.array(z.string()).optional(),
        user: z.string().optional(),
      }),
    )
    .optional(),
})

type Section = z.infer<typeof fixture>

export function seed(moment: SlackMoment, people: readonly Person[], section: unknown): void {
  const team = homeTeam(moment)
  const channels = ['general', 'random'].flatMap((name) => channelNamed(moment, team.id, name) ?? [])
  for (const person of people) addPerson(moment, team, person, channels)
  if (section !== undefined) seedSection(moment, team, section as Section)
}

function addPerson(moment: SlackMoment, team: Team, person: Person, channels: readonly Conversation[]): void {
  if (moment.tables.users.by('email', person.email.toLowerCase())) return
  const user = newUser(moment, {
    teamId: team.id,
    name: handleOf(moment, team.id, person),
    realName: `${person.firstName} ${person.lastName}`,
    displayName: person.firstName.toLowerCase(),
    email: person.email,
    title: person.title ?? '',
    role: person.admin ? 'admin' : 'member',
    ...(person.timeZone ? { tz: person.timeZone } : {}),
  })
  welcome(moment, user, channels)
}

function handleOf(moment: SlackMoment, teamId: string, { email }: Person): string {
  const handle = (email.split('@')[0] ?? email).toLowerCase().replace(/[^a-z0-9._-]/g, '')
  return moment.tables.users.by('name', [teamId, handle]) ? `${handle}${moment.tables.users.size}` : handle
}

/** The user an e-mail (or `app`) names. */
function someone(moment: SlackMoment, name: string): User {
  const { users } = moment.tables
  const user = name === 'app' ? users.get(mainApp(moment).botUserId ?? '') : users.by('email', name.toLowerCase())
  if (!user) throw new Error(`slack: no person ${name} in this fixture`)
  return user
}

function seedSection(moment: SlackMoment, team: Team, section: Section): void {
  const { tables } = moment
  const { plan, ...named } = section.team ?? {}
  const settings = Object.fromEntries(Object.entries({ ...named, plan }).filter(([, value]) => value !== undefined))
  const org = section.enterprise
    ? { enterpriseId: newId(moment.random, 'enterprise'), plan: 'enterprise' as const }
    : {}
  tables.teams.patch(team.id, { ...settings, ...org })
  for (const workspace of section.workspaces ?? []) seedWorkspace(moment, workspace, org)
  for (const channel of section.channels ?? []) seedChannel(moment, team, channel)
  for (const group of section.usergroups ?? []) seedUsergroup(moment, team, group)
  for (const [name, value] of Object.entries(section.emoji ?? {})) {
    tables.emoji.put({ name, value, user: someone(moment, OWNER_EMAIL).id, created: seconds(moment.now) })
  }
  if (section.app) seedApp(moment, section.app)
  for (const { token, kind, scopes, user } of section.tokens ?? []) {
    const app = mainApp(moment)
    const owner = kind === 'bot' ? (app.botUserId as string) : someone(moment, user ?? OWNER_EMAIL).id
    const all = tables.tokens.rows().find((row) => row.kind === kind)?.scopes ?? []
    tables.tokens.put({
      secret: token,
      kind,
      teamId: team.id,
      appId: app.id,
      userId: owner,
      scopes: scopes ?? all,
      ...(kind === 'bot' && app.botId ? { botId: app.botId } : {}),
    })
  }
}

type FixtureWorkspace = NonNullable<Section['workspaces']>[number]

function seedWorkspace(moment: SlackMoment, { name, domain, external }: FixtureWorkspace, org: Partial<Team>): void {
  const created = seconds(moment.now)
  const shape = { id: newId(moment.random, 'team'), name, domain, emailDomain: '', plan: 'pro' as const, created }
  const team = moment.tables.teams.insert({ ...shape, ...(external ? {} : org) })
  if (!external) return
  const app = addBot(moment, newApp(moment, { name: `${name} App` }), team, `${name} App`)
  newToken(moment, 'bot', {
    teamId: team.id,
    appId: app.id,
    userId: app.botUserId as string,
    botId: app.botId as string,
    scopes: BOT_SCOPES,
  })
}

function seedApp(moment: SlackMoment, settings: NonNullable<Section['app']>): void {
  const { commands, ...rest } = settings
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  const known = commands?.map(({ command, url, description }) => ({
    command,
    description: description ?? '',
    ...(url ? { url } : {}),
  }))
  moment.tables.apps.patch(mainApp(moment).id, { ...given, ...(known ? { commands: known } : {}) })
}

type FixtureChannel = NonNullable<Section['channels']>[number]

function seedChannel(moment: SlackMoment, team: Team, given: FixtureChannel): void {
  const owner = someone(moment, OWNER_EMAIL)
  const members =
    given.members?.map((name) => someone(moment, name)) ??
    moment.tables.users.all().filter((user) => !user.isBot && user.id !== 'USLACKBOT')
  const creator = members[0] ?? owner
  const note = (value: string | undefined) =>
    value === undefined ? undefined : { value: escapeAll(value), creator: creator.id, last_set: seconds(moment.now) }
  const topic = note(given.topic)
  const purpose = note(given.purpose)
  const notes = { ...(topic ? { topic } : {}), ...(purpose ? { purpose } : {}) }
  const known = channelNamed(moment, team.id, given.name)
  const channel = known
    ? moment.tables.conversations.replace({ ...known, ...notes })
    : newConversation(moment, {
        kind: given.private ? 'private' : 'public',
        name: given.name,
        creator: creator.id,
        teamId: team.id,
        ...notes,
      })
  for (const member of members) addMember(moment, channel.id, member.id)
  for (const one of given.messages ?? []) seedMessage(moment, channel, one)
  if (given.archived) moment.tables.conversations.patch(channel.id, { archived: true })
}

function said(moment: SlackMoment, from: string, words: string) {
  const author = someone(moment, from)
  const text = storedText(words)
  return {
    user: author.id,
    ...(author.botId ? { botId: author.botId, appId: author.appId as string } : { clientMsgId: moment.random.uuid() }),
    text,
    blocks: [richText(text, newBlockId(moment.random))],
  }
}

function seedMessage(
  moment: SlackMoment,
  channel: Conversation,
  { from, text, reactions, replies }: FixtureMessage,
): Message {
  const rows = Object.entries(reactions ?? {}).map(([name, who]) => ({
    name: readEmoji(name, () => true)?.name ?? name,
    users: who.map((one) => someone(moment, one).id),
  }))
  const row = post(moment, channel, { ...said(moment, from, text), reactions: rows })
  for (const reply of replies ?? [])
    post(moment, channel, { ...said(moment, reply.from, reply.text), threadTs: row.ts })
  return row
}

function seedUsergroup(moment: SlackMoment, team: Team, group: NonNullable<Section['usergroups']>[number]): void {
  const owner = someone(moment, OWNER_EMAIL).id
  const now = seconds(moment.now)
  moment.tables.usergroups.insert({
    id: newId(moment.random, 'usergroup'),
    teamId: team.id,
    name: group.name,
    handle: group.handle,
    description: group.description ?? '',
    created: now,
    updated: now,
    deleted: 0,
    createdBy: owner,
    updatedBy: owner,
    channels: [],
    users: group.members.map((name) => someone(moment, name).id),
  })
}
