import type { Call, OperationShape } from '../../shared/kernel/call.ts'
import type { Moment } from '../../shared/kernel/twin.ts'
import { fail } from './errors.ts'
import type { App, SlackTables, Team, Token, TokenKind, User } from './tables.ts'

/** What reads and writes a workspace outside of one method: views, rules over rows, events, jobs. */
export type SlackMoment = Moment<SlackTables>
/** A Web API call, whatever the method. */
export type SlackCall = Call<OperationShape, SlackTables, Caller>

/** Who calls: a token's kind, app, user and scopes. */
export interface Caller {
  /** `none`: no token, allowed on a few methods only. */
  readonly kind: TokenKind | 'none'
  readonly token?: Token
  readonly app?: App
  readonly team: Team
  /** The person, or the app's bot user. */
  readonly user?: User
  readonly scopes: readonly string[]
}

export const isBot = (caller: Caller): boolean => caller.kind === 'bot' || caller.kind === 'workflow'

/** The acting user; every method that needs one refuses tokens without. */
export function actor(caller: Caller): User {
  if (!caller.user) throw fail('not_allowed_token_type')
  return caller.user
}

/** The calling app. */
export function callingApp(caller: Caller): App {
  if (!caller.app) throw fail('not_allowed_token_type')
  return caller.app
}

export const hasScope = (caller: Caller, scope: string): boolean => caller.scopes.includes(scope)

/** `missing_scope` with what is needed and what the token has, as recorded. */
export const missingScope = (caller: Caller, needed: readonly string[]) =>
  fail('missing_scope', { needed: needed.join(','), provided: (caller.token?.scopes ?? []).join(',') })

export function requireScope(caller: Caller, ...accepted: readonly string[]): void {
  if (!accepted.some((scope) => caller.scopes.includes(scope))) throw missingScope(caller, accepted)
}

export const isAdmin = (user: User): boolean =>
  user.role === 'admin' || user.role === 'owner' || user.role === 'primary_owner'
export const isGuest = (user: User): boolean => user.role === 'guest' || user.role === 'single_channel_guest'

/** The workspace a call is about: `team_id` of an organisation's token, else the token's own. */
export function workspace(call: SlackCall): Team {
  const { team } = call.caller
  const { team_id: id } = call.query as { team_id?: string }
  if (id === undefined || id === '' || id === team.id) return team
  const other = call.tables.teams.get(id)
  if (!other || team.enterpriseId === undefined || other.enterpriseId !== team.enterpriseId)
    throw fail('team_not_found')
  return other
}

/** Whether two workspaces are of one organisation (or the same). */
export const sameOrg = (moment: SlackMoment, a: string, b: string): boolean => {
  if (a === b) return true
  const { teams } = moment.tables
  const org = teams.get(a)?.enterpriseId
  return org !== undefined && org === teams.get(b)?.enterpriseId
}
