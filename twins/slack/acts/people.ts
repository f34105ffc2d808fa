import { z } from 'zod'
import { act as humanAct } from '../../../shared/kernel/act.ts'
import type { SlackMoment } from '../caller.ts'
import { canSee, channelNamed, isMember, openDirect } from '../conversations.ts'
import { homeTeam } from '../defaults.ts'
import { fail } from '../errors.ts'
import { isUserId } from '../ids.ts'
import type { Conversation, User } from '../tables.ts'

/** Who acts: a user id, a handle or an e-mail. */
export const user = z.string()
export const channel = z.string()

export function person(moment: SlackMoment, name: string): User {
  const { users } = moment.tables
  const team = homeTeam(moment)
  const found =
    users.get(name) ?? users.by('email', name.toLowerCase()) ?? users.by('name', [team.id, name.replace(/^@/, '')])
  if (!found || found.deleted) throw fail('user_not_found')
  return found
}

/** Where someone acts: a channel by id or name, or the direct conversation with a person. */
export function place(moment: SlackMoment, who: User, name: string): Conversation {
  if (isUserId(name) || name.startsWith('@') || name.includes('@'))
    return openDirect(moment, [who, person(moment, name)]).channel
  const found = moment.tables.conversations.get(name) ?? channelNamed(moment, who.teamId, name)
  if (!found || !canSee(moment, found, who)) throw fail('channel_not_found')
  return found
}

/** A conversation the person is in. */
export function ownPlace(moment: SlackMoment, who: User, name: string): Conversation {
  const found = place(moment, who, name)
  if (!isMember(moment, found.id, who.id)) throw fail('not_in_channel')
  if (found.archived) throw fail('is_archived')
  return found
}

/** An act of the workspace's people: `user` says whose. */
export const act = <S extends z.ZodObject>(input: S, run: (moment: SlackMoment, input: z.output<S>) => unknown) =>
  humanAct<SlackMoment, S, unknown>('user', input, run)
