import type { DomainEvent } from '../../shared/kernel/call.ts'
import { BASE36_UPPER } from '../../shared/universe/random.ts'
import type { SlackMoment } from './caller.ts'
import { canSee, isMember } from './conversations.ts'
import { sendToApp } from './delivery.ts'
import { seconds } from './ids.ts'
import { sendToSessions } from './rtmEvents.ts'
import { eventTimestamp } from './rules/timestamps.ts'
import { WORKSPACE_WIDE } from './rules/workspaceEvents.ts'
import type { App, Conversation, Json, User } from './tables.ts'

/**
 * The Events API: handlers announce what happened in the event's own words; here it is decided which apps hear of it.
 */
export interface Announcement extends DomainEvent {
  readonly event: Json & { readonly type: string }
  /** Heard only where this conversation is seen. Absent: workspace-wide. */
  readonly channel?: string
  /** Heard by this app only: mentions, Home tabs, uninstallation. */
  readonly appId?: string
  /** Heard on behalf of this user only: DMs opened, stars, do not disturb. */
  readonly user?: string
  readonly teamId?: string
}

/** Tells subscribed apps, after the commit. `event_ts` is made when the event has none. */
export function announce(
  moment: SlackMoment,
  event: Json & { type: string },
  audience: { channel?: string; appId?: string; user?: string; teamId?: string } = {},
): void {
  const ts = event.event_ts ?? eventTimestamp(moment.now, moment.sequence('event'))
  moment.emit({ ...audience, type: event.type, event: { ...event, event_ts: ts } })
}

const MESSAGE_SUBSCRIPTION: Readonly<Record<Conversation['kind'], string>> = {
  public: 'message.channels',
  private: 'message.groups',
  im: 'message.im',
  mpim: 'message.mpim',
}

/** `channel_type` of message events. */
export const CHANNEL_TYPE: Readonly<Record<Conversation['kind'], string>> = {
  public: 'channel',
  private: 'group',
  im: 'im',
  mpim: 'mpim',
}

/** Delivers an announced event to every app that subscribed to it and may see it. */
export function react(happened: DomainEvent, moment: SlackMoment): void {
  const announcement = happened as Announcement
  const channel = announcement.channel ? moment.tables.conversations.get(announcement.channel) : undefined
  const { type } = announcement.event
  const name = type === 'message' && channel ? MESSAGE_SUBSCRIPTION[channel.kind] : type
  sendToSessions(moment, announcement, channel)
  for (const app of moment.tables.apps.all()) {
    if (!app.installed || (announcement.appId !== undefined && announcement.appId !== app.id)) continue
    const authorization = authorizationOf(moment, app, name, announcement, channel)
    if (authorization)
      sendToApp(moment, app, { kind: 'event', payload: envelope(moment, app, announcement.event, authorization) })
  }
}

interface Authorization {
  readonly user: User
  readonly isBot: boolean
}

/** On whose behalf the app hears: its bot where that is a member, or a person who authorised it and can see. */
function authorizationOf(
  moment: SlackMoment,
  app: App,
  name: string,
  { channel: where, user: whose }: Announcement,
  channel: Conversation | undefined,
): Authorization | undefined {
  const bot = app.botUserId === undefined ? undefined : moment.tables.users.get(app.botUserId)
  const wantsBot = bot && app.events.bot.includes(name) && whose === undefined
  if (wantsBot && (where === undefined || !channel || isMember(moment, channel.id, bot.id)))
    return { user: bot, isBot: true }
  if (wantsBot && channel?.kind === 'public' && WORKSPACE_WIDE.has(name)) return { user: bot, isBot: true }
  if (!app.events.user.includes(name)) return undefined
  for (const token of moment.tables.tokens.scan('owner', { prefix: [app.id, 'user'] })) {
    const user = token.userId === undefined ? undefined : moment.tables.users.get(token.userId)
    if (!user || token.revoked || (whose !== undefined && whose !== user.id)) continue
    if (!channel || canSee(moment, channel, user)) return { user, isBot: false }
  }
  return undefined
}

/** The outer event, recorded in 2026: one authorization, however many there are. */
function envelope(moment: SlackMoment, app: App, event: Json, { user, isBot }: Authorization): Json {
  const channel = (typeof event.channel === 'string' ? event.channel : undefined) ?? event.channel_id
  const context = { et: event.type, tid: user.teamId, aid: app.id, ...(channel ? { cid: channel } : {}) }
  return {
    token: app.verificationToken,
    team_id: user.teamId,
    context_team_id: user.teamId,
    context_enterprise_id: null,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: `Ev0${moment.random.text(9, BASE36_UPPER)}`,
    event_time: seconds(moment.now),
    authorizations: [
      { enterprise_id: null, team_id: user.teamId, user_id: user.id, is_bot: isBot, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${Buffer.from(JSON.stringify(context)).toString('base64url')}`,
  }
}
