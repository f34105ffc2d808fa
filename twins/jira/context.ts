import type { Call } from '../../shared/kernel/call.ts'
import type { Moment } from '../../shared/kernel/twin.ts'
import { refusal, unauthenticated } from './errors.ts'
import { timestamp } from './rules/time.ts'
import type { Token, tables, User } from './tables.ts'

/** Who calls. Nobody: anonymous, which also wrong credentials are. */
export interface Caller {
  readonly user?: User
  readonly token?: Token
  /** Credentials were sent and refused; the answer's headers say so. */
  readonly failed: boolean
}

// biome-ignore lint/suspicious/noExplicitAny: helpers serve the calls of every operation
export type JiraCall = Call<any, typeof tables, Caller>

/** A site's rows, clock and chance: all the engines need. A call is one. */
export type Site = Moment<typeof tables>

export const ZONE = 'Etc/UTC'

/** How one reader is answered: version of the API, zone of the times, root of the links. */
export interface Reader {
  readonly site: Site
  readonly user: User | undefined
  readonly api: '2' | '3'
  readonly zone: string
  /** Root of REST links: the site, or the gateway when the call came through it. */
  readonly root: string
  /** Root of links for people: avatars, icons, pages. */
  readonly home: string
}

const GATEWAY = /^\/ex\/jira\/[^/]+/

/** The version a path asks for: `latest` is 2, and so are the links inside Agile answers. */
export const versionOf = (path: string): '2' | '3' => (/\/rest\/api\/+3(\/|$)/.test(path) ? '3' : '2')

const isPlatform = (path: string) => /\/rest\/api\//.test(path)

export function reader(call: JiraCall): Reader {
  const { path } = call.request
  const gateway = GATEWAY.exec(path)?.[0] ?? ''
  return {
    site: call,
    user: call.caller.user,
    api: isPlatform(path) ? versionOf(path) : '2',
    zone: call.caller.user?.timeZone ?? ZONE,
    root: call.link(gateway),
    home: call.link(''),
  }
}

/** The reader of webhooks: version 2, the site's zone. */
export const webhookReader = (site: Site): Reader => ({
  site,
  user: undefined,
  api: '2',
  zone: ZONE,
  root: site.link(''),
  home: site.link(''),
})

/** A `self` link: `…/rest/api/3/issue/10000`. */
export const self = (reader: Reader, path: string): string => `${reader.root}/rest/api/${reader.api}/${path}`

/** A time as this reader sees it. */
export const shown = (reader: Reader, at: number): string => timestamp(at, reader.zone)

/** The signed-in caller, or the 401. */
export function signedIn(call: JiraCall): User {
  if (!call.caller.user) throw unauthenticated(call.link(''))
  return call.caller.user
}

/** Only those of an administrators' group may pass. */
export function requireAdmin(call: JiraCall): User {
  const user = signedIn(call)
  if (!isAdmin(call, user)) throw refusal(403, 'Only Jira administrators can perform this operation.')
  return user
}

export const ADMIN_GROUPS: readonly string[] = ['site-admins', 'jira-administrators', 'administrators', 'org-admins']

/** Membership in a group whose name stands for the site's administration. */
export function isAdmin(site: Site, user: User | undefined): boolean {
  if (!user) return false
  return site.tables.groups.where('member', user.accountId).some((group) => ADMIN_GROUPS.includes(group.name))
}

/** Group ids of a user. */
export const groupIdsOf = (site: Site, accountId: string): string[] =>
  site.tables.groups.where('member', accountId).map((group) => group.groupId)

/** The next id of a kind: Jira counts each kind from 10000. */
export const nextId = (site: Site, kind: string, start = 10_000): string => String(site.sequence(`jira.${kind}`, start))
