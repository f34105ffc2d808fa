/**
 * Scopes of classic apps and legacy tokens, each an umbrella over scopes of today. Source: the guide on migrating classic
 * apps; `identify,read,post,client,apps` recorded on a legacy token.
 */

const MESSAGING = ['channels', 'groups', 'im', 'mpim'] as const

const READ = [
  ...MESSAGING.flatMap((family) => [`${family}:read`, `${family}:history`]),
  'bookmarks:read',
  'dnd:read',
  'emoji:read',
  'files:read',
  'pins:read',
  'reactions:read',
  'team:read',
  'usergroups:read',
  'users.profile:read',
  'users:read',
  'users:read.email',
]
const POST = ['chat:write', 'files:write', 'pins:write', 'reactions:write', 'users:write']
const BOT = [...READ, ...POST, ...MESSAGING.map((family) => `${family}:write`), 'rtm:stream']

const UMBRELLAS: Readonly<Record<string, readonly string[]>> = {
  bot: BOT,
  'bot:basic': BOT,
  client: [...BOT, 'search:read', 'stars:read', 'stars:write', 'reminders:read', 'reminders:write', 'usergroups:write'],
  read: READ,
  post: POST,
  'chat:write:bot': ['chat:write'],
  'chat:write:user': ['chat:write'],
  'files:write:user': ['files:write'],
}

/** What a token's scopes open, umbrellas included. */
export function effectiveScopes(scopes: readonly string[]): readonly string[] {
  if (!scopes.some((scope) => scope in UMBRELLAS)) return scopes
  return [...new Set(scopes.flatMap((scope) => [scope, ...(UMBRELLAS[scope] ?? [])]))]
}

/** Scopes that may open a Real Time Messaging session (recorded as `x-accepted-oauth-scopes`). */
export const CLASSIC_SESSION: readonly string[] = ['rtm:stream', 'client']
