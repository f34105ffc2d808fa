import type { Moment } from '../../shared/kernel/twin.ts'
import type { GoogleTables, User } from './tables.ts'

/** Who calls a Google API. */
export interface GoogleCaller {
  /** Absent for API keys and for the token endpoint. */
  readonly user?: User
  readonly scopes: readonly string[]
  /** The OAuth client (or service account subject) behind the token: `appProperties` and `drive.file` are per client. */
  readonly clientId: string
  /** Came with an API key: reads what is public. */
  readonly apiKey?: boolean
}

/** A moment over the shared tables: seeding and jobs. */
export type GoogleMoment = Moment<GoogleTables>

/** A call over the shared tables. Calls of Docs, Drive and Sheets handlers fit it. */
export type GoogleCall = GoogleMoment & { readonly caller: GoogleCaller }

/** The calling user. Handlers behind an OAuth scope always have one. */
export function callerUser(call: { readonly caller: GoogleCaller }): User {
  if (!call.caller.user) throw new Error('This operation is open to API keys; it must ask for caller.user')
  return call.caller.user
}

const SCOPE = 'https://www.googleapis.com/auth/'
/** Scopes that see every file the user sees. */
const WIDE = ['drive', 'drive.readonly', 'drive.metadata', 'drive.metadata.readonly', 'documents', 'documents.readonly', 'spreadsheets', 'spreadsheets.readonly'] // biome-ignore format: one list

/** What of the user's own space a token sees: everything, the files its application made, or nothing. */
export function reachOf({ scopes, apiKey }: GoogleCaller): 'all' | 'own' | 'none' {
  if (apiKey || scopes.length === 0 || WIDE.some((scope) => scopes.includes(SCOPE + scope))) return 'all'
  return scopes.includes(`${SCOPE}drive.file`) ? 'own' : scopes.includes(`${SCOPE}drive.appdata`) ? 'none' : 'all'
}

/** Whether the token sees only files its own application created. */
export const seesOnlyOwnFiles = (caller: GoogleCaller): boolean => reachOf(caller) === 'own'
