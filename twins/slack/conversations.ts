import { type Caller, hasScope, isBot, missingScope, type SlackMoment, sameOrg } from './caller.ts'
import { fail } from './errors.ts'
import { newId, seconds } from './ids.ts'
import { type Access, scopesFor } from './rules/scopes.ts'
import { ZERO_TS } from './rules/timestamps.ts'
import type { Conversation, Membership, User } from './tables.ts'

/** Rows of conversations: who sees which, who is in, how one is found and made. */

export const membership = (moment: SlackMoment, channel: string, user: string): Membership | undefined =>
  moment.tables.memberships.get(`${channel}:${user}`)

export const isMember = (moment: SlackMoment, channel: string, user: string | undefined): boolean =>
  user !== undefined && moment.tables.memberships.has(`${channel}:${user}`)

export const membersOf = (moment: SlackMoment, channel: string): string[] =>
  moment.tables.memberships.where('channel', channel).map((row) => row.user)

export const isDirect = (channel: Conversation): boolean => channel.kind === 'im' || channel.kind === 'mpim'

/** Public channels are seen by all but guests; the others by their members. */
export function canSee(moment: SlackMoment, channel: Conversation, user: User | undefined): boolean {
  if (!user) return false
  if (isMember(moment, channel.id, user.id)) return true
  const guest = user.role === 'guest' || user.role === 'single_channel_guest'
  return channel.kind === 'public' && !guest && sameOrg(moment, channel.teamId, user.teamId)
}

/**
 * The conversation a method names, if the caller sees it.
 *
 * @throws `channel_not_found` for unknown ids and for private conversations of others; `missing_scope` when the token
 * lacks the scope of this kind of conversation
 */
export function conversation(moment: SlackMoment & { caller: Caller }, id: unknown, access?: Access): Conversation {
  const channel = moment.tables.conversations.get(String(id ?? ''))
  const { caller } = moment
  if (!channel || !canSee(moment, channel, caller.user)) throw fail('channel_not_found')
  if (access) requireAccess(caller, channel, access)
  return channel
}

export function requireAccess(caller: Caller, channel: Conversation, access: Access): void {
  const accepted = scopesFor(channel.kind, access, isBot(caller))
  if (!accepted.some((scope) => hasScope(caller, scope))) throw missingScope(caller, accepted)
}

export function requireMember(moment: SlackMoment, channel: Conversation, user: User): void {
  if (!isMember(moment, channel.id, user.id)) throw fail('not_in_channel')
}

export function requireChannel(channel: Conversation): void {
  if (isDirect(channel)) throw fail('method_not_supported_for_channel_type')
}

export function requireActive(channel: Conversation): void {
  if (channel.archived) throw fail('is_archived')
}

/** `#general`, `general` → the channel of that name in the caller's workspace. */
export const channelNamed = (moment: SlackMoment, teamId: string, name: string): Conversation | undefined =>
  moment.tables.conversations.by('name', [teamId, name.replace(/^#/, '')])

export function addMember(moment: SlackMoment, channel: string, user: string, lastRead = ZERO_TS): void {
  moment.tables.memberships.put({ channel, user, lastRead, open: true })
}

const NOTE = { value: '', creator: '', last_set: 0 } as const

export function newConversation(
  moment: SlackMoment,
  row: Pick<Conversation, 'kind' | 'name' | 'creator' | 'teamId'> & Partial<Conversation>,
): Conversation {
  const isIm = row.kind === 'im'
  return moment.tables.conversations.insert({
    id: newId(moment.random, isIm ? 'im' : 'channel'),
    created: seconds(moment.now),
    updated: moment.now,
    isGeneral: false,
    archived: false,
    topic: NOTE,
    purpose: NOTE,
    previousNames: [],
    ...row,
  })
}

/** Key of a direct conversation: its members, whatever the order. */
const pairOf = (users: readonly string[]): string => [...new Set(users)].sort().join('+')

export const directBetween = (moment: SlackMoment, users: readonly string[]): Conversation | undefined =>
  moment.tables.conversations.by('pair', pairOf(users))

/** The direct conversation of these people, made if it is not there. */
export function openDirect(moment: SlackMoment, users: readonly User[]): { channel: Conversation; isNew: boolean } {
  const ids = users.map((user) => user.id)
  const known = directBetween(moment, ids)
  if (known) return { channel: known, isNew: false }
  const creator = users[0] as User
  const now = seconds(moment.now)
  const names = users.map((user) => user.name)
  const isIm = new Set(ids).size <= 2
  const group: Partial<Conversation> = {
    topic: { value: 'Group messaging', creator: creator.id, last_set: now },
    purpose: {
      value: `Group messaging with: ${names.map((name) => `@${name}`).join(' ')}`,
      creator: creator.id,
      last_set: now,
    },
  }
  const channel = newConversation(moment, {
    kind: isIm ? 'im' : 'mpim',
    name: isIm ? '' : `mpdm-${names.join('--')}-1`,
    creator: creator.id,
    teamId: creator.teamId,
    pair: pairOf(ids),
    ...(isIm ? {} : group),
  })
  for (const id of new Set(ids)) addMember(moment, channel.id, id)
  return { channel, isNew: true }
}

/** The other person of a direct message; oneself in a note to self. */
export function counterpart(moment: SlackMoment, channel: Conversation, user: string | undefined): string {
  const members = membersOf(moment, channel.id)
  return members.find((member) => member !== user) ?? members[0] ?? ''
}
