import type { Tables } from '../../../shared/universe/table.ts'
import type { GoogleCaller } from '../../google/caller.ts'
import type { GoogleTables, User } from '../../google/tables.ts'

/** drive#user as files, permissions and about show it. */
export const userView = (user: User, caller: GoogleCaller) => ({
  kind: 'drive#user',
  displayName: user.displayName,
  ...(user.photoLink && { photoLink: user.photoLink }),
  me: user.id === caller.user?.id,
  permissionId: user.id,
  emailAddress: user.email,
})

/** drive#user of comments and replies: no e-mail, no permission id, a protocol-relative photo (recorded). */
export const authorView = (user: User, caller: GoogleCaller) => ({
  kind: 'drive#user',
  displayName: user.displayName,
  ...(user.photoLink && { photoLink: `${user.photoLink.replace(/^https:|=s64$/g, '')}=s50-c-k-no` }),
  me: user.id === caller.user?.id,
})

export function userOf(
  { tables, caller }: { tables: Tables<GoogleTables>; caller: GoogleCaller },
  id: string | undefined,
) {
  const user = id === undefined ? undefined : tables.users.get(id)
  return user && userView(user, caller)
}
