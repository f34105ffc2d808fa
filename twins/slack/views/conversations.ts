import type { SlackMoment } from '../caller.ts'
import { counterpart, isMember, membership, membersOf } from '../conversations.ts'
import type { Conversation, User } from '../tables.ts'
import { messageView } from './messages.ts'

export interface ConversationOptions {
  readonly numMembers?: boolean
  readonly locale?: boolean
  /** conversations.info and those that answer with one channel say what the caller has read. */
  readonly readState?: boolean
  /** users.conversations leaves membership out. */
  readonly membership?: boolean
  readonly latest?: boolean
}

/** The conversation object as `viewer` sees it. Field sets per kind recorded in 2026. */
export function conversationView(
  moment: SlackMoment,
  channel: Conversation,
  viewer: User | undefined,
  options: ConversationOptions = {},
): object {
  if (channel.kind === 'im') return directView(moment, channel, viewer, options)
  const mine = viewer ? membership(moment, channel.id, viewer.id) : undefined
  const isGroup = channel.kind === 'mpim'
  const isExternal = (channel.connectedTeams?.length ?? 0) > 0
  const member = isMember(moment, channel.id, viewer?.id)
  return {
    id: channel.id,
    created: channel.created,
    creator: channel.creator,
    is_org_shared: false,
    is_im: false,
    context_team_id: channel.teamId,
    updated: channel.updated,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !isGroup,
    is_group: isGroup,
    is_mpim: isGroup,
    is_private: channel.kind !== 'public',
    is_archived: channel.archived,
    is_general: channel.isGeneral,
    is_shared: isExternal,
    is_ext_shared: isExternal,
    unlinked: 0,
    is_pending_ext_shared: false,
    pending_shared: [],
    parent_conversation: null,
    purpose: channel.purpose,
    topic: channel.topic,
    shared_team_ids: [channel.teamId, ...(channel.connectedTeams ?? [])],
    pending_connected_team_ids: [],
    ...(options.membership === false ? {} : { is_member: member }),
    ...(isGroup ? { is_open: mine?.open ?? false } : {}),
    ...(options.readState && mine ? { last_read: mine.lastRead } : {}),
    ...(options.latest ? { latest: latestMessage(moment, channel) } : {}),
    ...(options.numMembers ? { num_members: membersOf(moment, channel.id).length } : {}),
    ...(options.locale ? { locale: 'en-US' } : {}),
    ...(channel.useCase || channel.canvasId ? { properties: propertiesOf(channel) } : {}),
    previous_names: channel.previousNames,
    ...(isGroup ? { priority: 0 } : {}),
  }
}

function propertiesOf(channel: Conversation): object {
  const canvas = channel.canvasId
    ? [{ type: 'canvas', label: '', id: 'canvas', data: { file_id: channel.canvasId } }]
    : []
  return {
    ...(channel.canvasId ? { canvas: { file_id: channel.canvasId, is_empty: false, quip_thread_id: '' } } : {}),
    tabs: [...canvas, { type: 'bookmarks', label: '', id: 'bookmarks' }],
    tabz: [...canvas.map(() => ({ type: 'canvas' })), { type: 'bookmarks' }],
    ...(channel.useCase ? { use_case: channel.useCase } : {}),
  }
}

function directView(
  moment: SlackMoment,
  channel: Conversation,
  viewer: User | undefined,
  options: ConversationOptions,
): object {
  const user = counterpart(moment, channel, viewer?.id)
  const mine = viewer ? membership(moment, channel.id, viewer.id) : undefined
  return {
    id: channel.id,
    created: channel.created,
    is_org_shared: false,
    is_im: true,
    is_archived: channel.archived,
    context_team_id: channel.teamId,
    updated: channel.updated,
    user,
    is_user_deleted: moment.tables.users.get(user)?.deleted ?? false,
    ...(options.readState ? { last_read: mine?.lastRead, is_open: mine?.open ?? false } : {}),
    ...(options.latest ? { latest: latestMessage(moment, channel) } : {}),
    ...(options.locale ? { locale: 'en-US' } : {}),
    priority: 0,
  }
}

function latestMessage(moment: SlackMoment, channel: Conversation): object | null {
  const row = moment.tables.messages.scan('history', { prefix: channel.id, reverse: true }).next().value
  return row ? messageView(moment, row) : null
}
