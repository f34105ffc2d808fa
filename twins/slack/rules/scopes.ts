import type { SecurityRequirement } from '../../../shared/kernel/contract.ts'
import type { Conversation, TokenKind } from '../tables.ts'

/** Family of scopes of a kind of conversation. */
const FAMILY: Readonly<Record<Conversation['kind'], string>> = {
  public: 'channels',
  private: 'groups',
  im: 'im',
  mpim: 'mpim',
}

export type Access = 'read' | 'history' | 'write' | 'write.topic' | 'write.invites'

/**
 * Scopes that open one conversation: reading and history go by its kind alone, writing has a bot's `channels:manage`
 * beside a user's `channels:write`, and topics and invitations have narrower ones.
 */
export function scopesFor(kind: Conversation['kind'], access: Access, bot: boolean): string[] {
  const family = FAMILY[kind]
  if (access === 'read' || access === 'history') return [`${family}:${access}`]
  const narrow = access === 'write' ? [] : [`${family}:${access}`]
  if (kind === 'public') return [...narrow, bot ? 'channels:manage' : 'channels:write']
  return [...narrow, `${family}:write`]
}

/** `types` of conversations.list and users.conversations → the kinds they mean. */
export const KIND_OF_TYPE: Readonly<Record<string, Conversation['kind']>> = {
  public_channel: 'public',
  private_channel: 'private',
  im: 'im',
  mpim: 'mpim',
}

export interface Permission {
  readonly verdict: 'granted' | 'wrong_kind' | 'missing_scope'
  /** What the method accepts from this kind of token. */
  readonly accepted: readonly string[]
}

/** Methods an app-level token may call, with the scope it needs. */
const APP_LEVEL: Readonly<Record<string, string | undefined>> = {
  'apps.connections.open': 'connections:write',
  'apps.event.authorizations.list': 'authorizations:read',
  'auth.test': '',
}

/** Whether a token may call a method, before any argument is looked at. */
export function permission(
  method: string,
  alternatives: readonly SecurityRequirement[],
  kind: TokenKind | 'none',
  scopes: readonly string[],
): Permission {
  const open = alternatives.length === 0 || alternatives.some((requirement) => Object.keys(requirement).length === 0)
  if (kind === 'none') return { verdict: open ? 'granted' : 'wrong_kind', accepted: [] }
  if (method in APP_LEVEL || kind === 'app') return appLevel(method, kind, scopes)
  if (open) return { verdict: 'granted', accepted: [] }
  const key = kind === 'workflow' ? 'bot' : kind
  const mine = alternatives.filter((requirement) => key in requirement)
  if (mine.length === 0) return { verdict: 'wrong_kind', accepted: [] }
  const accepted = [...new Set(mine.flatMap((requirement) => requirement[key] ?? []))]
  const granted = mine.some((requirement) => (requirement[key] ?? []).every((scope) => scopes.includes(scope)))
  if (granted) return { verdict: 'granted', accepted }
  return { verdict: CLASSIC_ONLY.has(method) ? 'wrong_kind' : 'missing_scope', accepted }
}

/** Tokens of granular apps are no token at all here, whatever their scopes. */
const CLASSIC_ONLY: ReadonlySet<string> = new Set(['rtm.connect'])

function appLevel(method: string, kind: TokenKind | 'none', scopes: readonly string[]): Permission {
  const scope = APP_LEVEL[method]
  if (scope === '') return { verdict: 'granted', accepted: [] }
  if (scope === undefined || kind !== 'app') return { verdict: 'wrong_kind', accepted: [] }
  return { verdict: scopes.includes(scope) ? 'granted' : 'missing_scope', accepted: [scope] }
}
