import { type GoogleCall, type GoogleCaller, type GoogleMoment, reachOf } from './caller.ts'
import type { File, Permission, Role, User } from './tables.ts'
import { domainOf } from './users.ts'

/** Who may do what with a file: permissions of the file, of its folders, and of its shared drive. */

const RANK: Readonly<Record<Role, number>> = {
  reader: 1,
  commenter: 2,
  writer: 3,
  fileOrganizer: 4,
  organizer: 5,
  owner: 6,
}

export const atLeast = (role: Role | undefined, needed: Role): boolean => !!role && RANK[role] >= RANK[needed]
export const strongerRole = (a: Role | undefined, b: Role | undefined): Role | undefined =>
  !a ? b : !b ? a : RANK[a] >= RANK[b] ? a : b

/** A permission in force on a file, and where it comes from. */
export interface Grant extends Permission {
  /** The file, folder or drive that carries it. */
  readonly source: string
  readonly inherited: boolean
}

/** The file and what encloses it, innermost first. */
export function* lineage(moment: GoogleMoment, file: File): IteratorObject<File, undefined> {
  // A folder is never inside itself (moves check), so this ends.
  for (let at: File | undefined = file; at; at = at.parentId ? moment.tables.files.get(at.parentId) : undefined)
    yield at
}

/** Every permission in force on a file, its own first; one per principal, the strongest. */
export function grantsOn(moment: GoogleMoment, file: File): Grant[] {
  const grants = new Map<string, Grant>()
  const add = (source: string) => {
    for (const permission of moment.tables.permissions.where('file', source)) {
      if (permission.expirationTime !== undefined && permission.expirationTime <= moment.now) continue
      // Owning a folder does not own what others put in it; its owner can edit that.
      const role = permission.role === 'owner' && source !== file.id ? 'writer' : permission.role
      const known = grants.get(permission.id)
      if (known && RANK[known.role] >= RANK[role]) continue
      grants.set(permission.id, { ...permission, role, source, inherited: source !== file.id })
    }
  }
  for (const level of lineage(moment, file)) {
    add(level.id)
    if (level.inheritedPermissionsDisabled) break
  }
  if (file.driveId && file.driveId !== file.id) add(file.driveId)
  return [...grants.values()].sort((a, b) => place(a) - place(b))
}

/** Lists begin with links and end with the owner (as PyDrive2's live tests expect). */
const place = ({ type, role }: Grant): number =>
  role === 'owner' ? 4 : { anyone: 0, domain: 1, group: 2, user: 3 }[type]

function appliesTo(moment: GoogleMoment, permission: Permission, user: User | undefined): boolean {
  switch (permission.type) {
    case 'anyone':
      return true
    case 'domain':
      return !!user && (user.domain ?? domainOf(user.email)) === permission.domain
    case 'group':
      return (
        !!user &&
        !!permission.email &&
        !!moment.tables.groups.by('email', permission.email)?.members.includes(user.email)
      )
    case 'user':
      return permission.id === user?.id
  }
}

/** A user's role on a file by any permission in force; `undefined` as user: anybody with the link. */
export function roleOf(moment: GoogleMoment, file: File, user: User | undefined): Role | undefined {
  if (user && file.ownerId === user.id) return 'owner'
  let role: Role | undefined
  for (const grant of grantsOn(moment, file)) {
    if (grant.view === 'published') continue
    if (appliesTo(moment, grant, user)) role = strongerRole(role, grant.role)
  }
  return role
}

/** The caller's role on a file, or `undefined`: to this caller the file does not exist. */
export function accessOf(call: GoogleCall, file: File): Role | undefined {
  if (hiddenFromApp(call.caller, file)) return undefined
  const role = roleOf(call, file, call.caller.user)
  return call.caller.apiKey && role ? 'reader' : role
}

/** The role on a shared drive as a member, not through links on it. */
export function driveRoleOf(moment: GoogleMoment, driveId: string, user: User | undefined): Role | undefined {
  let role: Role | undefined
  for (const permission of moment.tables.permissions.where('file', driveId)) {
    if (appliesTo(moment, permission, user)) role = strongerRole(role, permission.role)
  }
  return role
}

function hiddenFromApp(caller: GoogleCaller, file: File): boolean {
  if (file.space === 'appDataFolder') return file.clientId !== caller.clientId
  const reach = reachOf(caller)
  if (reach === 'all' || file.id === caller.user?.rootId) return false
  return reach === 'none' || file.clientId !== caller.clientId
}

/** Trashed itself, or inside something that is. */
export function isTrashed(moment: GoogleMoment, file: File): boolean {
  for (const level of lineage(moment, file)) if (level.trashed) return true
  return false
}

/** Whether a file turns up in the caller's lists: shared with them by name, not merely reachable by link. */
export function isListed(call: GoogleCall, file: File): boolean {
  if (hiddenFromApp(call.caller, file)) return false
  const { user } = call.caller
  if (user && file.ownerId === user.id) return true
  for (const grant of grantsOn(call, file)) {
    if (!appliesTo(call, grant, user)) continue
    if (grant.type === 'user' || grant.type === 'group' || grant.allowFileDiscovery) return true
    // Files opened by link stay in the list of whoever opened them.
    if (user && call.tables.viewings.get(`${file.id}/${user.id}`)?.viewedByMeTime !== undefined) return true
  }
  return false
}

/** Everyone a file is shared with by name: who hears of its removal. */
export function audienceOf(moment: GoogleMoment, file: File): string[] {
  const users = new Set<string>()
  for (const grant of grantsOn(moment, file)) {
    if (grant.type === 'user') users.add(grant.id)
    if (grant.type === 'group' && grant.email) {
      for (const email of moment.tables.groups.by('email', grant.email)?.members ?? []) {
        const member = moment.tables.users.by('email', email)
        if (member) users.add(member.id)
      }
    }
  }
  return [...users]
}
