import { actor, isAdmin, type SlackCall } from '../../caller.ts'
import { fail } from '../../errors.ts'
import { seconds } from '../../ids.ts'
import { list } from '../../rules/arguments.ts'
import type { AdminRule, App, Conversation, Team, User } from '../../tables.ts'

/** Administration is for admins of an Enterprise organisation; others learn so in the method's own words. */
export function administrator(call: SlackCall): User {
  const user = actor(call.caller)
  const codes = (call.operation['x-slack-errors'] as readonly string[] | undefined) ?? []
  if (call.caller.team.enterpriseId === undefined)
    throw fail(codes.includes('not_an_enterprise') ? 'not_an_enterprise' : 'feature_not_enabled')
  if (!isAdmin(user)) throw fail(codes.includes('not_an_admin') ? 'not_an_admin' : 'not_allowed')
  return user
}

const argument = (call: SlackCall, name: string): string => String((call.query as Record<string, unknown>)[name] ?? '')

/** A workspace of the organisation, by `team_id` (or the argument given). */
export function orgTeam(call: SlackCall, name = 'team_id'): Team {
  const team = call.tables.teams.get(argument(call, name))
  if (!team || team.enterpriseId !== call.caller.team.enterpriseId) throw fail('team_not_found')
  return team
}

export const orgTeams = (call: SlackCall): Team[] =>
  call.tables.teams.all().filter((team) => team.enterpriseId === call.caller.team.enterpriseId)

/** A channel of the organisation, private ones included. */
export function orgChannel(call: SlackCall, id = argument(call, 'channel_id')): Conversation {
  const channel = call.tables.conversations.get(id)
  if (!channel) throw fail('channel_not_found')
  if (channel.kind === 'im' || channel.kind === 'mpim') throw fail('channel_type_not_supported')
  return channel
}

export function orgUser(call: SlackCall, id = argument(call, 'user_id')): User {
  const user = call.tables.users.get(id)
  if (!user) throw fail('user_not_found')
  return user
}

export const channelsOf = (call: SlackCall): Conversation[] =>
  list(argument(call, 'channel_ids')).map((id) => orgChannel(call, id))
export const usersOf = (call: SlackCall): User[] =>
  list((call.query as { user_ids?: unknown }).user_ids).map((id) => orgUser(call, id))

/** Rules of one kind: put, listed and removed alike for roles, sign-in policies, approvals of apps. */
export function putRules(
  call: SlackCall,
  kind: AdminRule['kind'],
  name: string,
  subjects: readonly string[],
  details: object,
): void {
  for (const subject of subjects)
    call.tables.adminRules.put({ kind, name, subject, details: { ...details }, created: seconds(call.now) })
}

/** An app, by `app_id`. */
export function orgApp(call: SlackCall): App {
  const app = call.tables.apps.get(argument(call, 'app_id'))
  if (!app) throw fail('app_not_found')
  return app
}
