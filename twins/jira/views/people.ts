import { createHash } from 'node:crypto'
import { type Reader, self } from '../context.ts'
import type { Group, User } from '../tables.ts'

const SIZES = ['48x48', '24x24', '16x16', '32x32'] as const

/** Avatars of a person: gravatar with initials behind it, the same picture in every size. */
export function userAvatars(user: User) {
  const hash = createHash('md5')
    .update(user.email ?? user.accountId)
    .digest('hex')
  const initials = user.displayName
    .split(/\s+/)
    .map((word) => word[0]?.toUpperCase() ?? '')
    .join('')
    .slice(0, 2)
  const picture = `https://avatar-management--avatars.us-west-2.prod.public.atl-paas.net/initials/${initials}-${Number.parseInt(hash[0] as string, 16) % 7}.png`
  const url = `https://secure.gravatar.com/avatar/${hash}?d=${encodeURIComponent(picture)}`
  return Object.fromEntries(SIZES.map((size) => [size, url]))
}

/** A person within another object: author, assignee, watcher. */
export function userView(reader: Reader, accountId: string | null | undefined) {
  if (!accountId) return null
  const user = reader.site.tables.users.get(accountId)
  if (!user) return formerUser(reader, accountId)
  return {
    self: userSelf(reader, accountId),
    accountId,
    ...(user.email && user.accountType === 'atlassian' && { emailAddress: user.email }),
    avatarUrls: userAvatars(user),
    displayName: user.displayName,
    active: user.active,
    timeZone: user.timeZone,
    accountType: user.accountType,
  }
}

const formerUser = (reader: Reader, accountId: string) => ({
  self: userSelf(reader, accountId),
  accountId,
  displayName: 'Former user',
  active: false,
  accountType: 'unknown',
})

export const userSelf = (reader: Reader, accountId: string) =>
  self(reader, `user?accountId=${encodeURIComponent(accountId)}`)

/** A person with as little as project leads, voters and component leads show. */
export function slimUser(reader: Reader, accountId: string | undefined | null) {
  const user = accountId ? reader.site.tables.users.get(accountId) : undefined
  if (!user) return undefined
  return {
    self: userSelf(reader, user.accountId),
    accountId: user.accountId,
    avatarUrls: userAvatars(user),
    displayName: user.displayName,
    active: user.active,
  }
}

/** A person of `users`, `user/search`: no groups. Apps show neither e-mail nor locale. */
export function listedUser(reader: Reader, user: User) {
  const person = user.accountType === 'atlassian'
  return {
    self: self(reader, `user?accountId=${user.accountId}`),
    accountId: user.accountId,
    accountType: user.accountType,
    ...(person && user.email && { emailAddress: user.email }),
    avatarUrls: userAvatars(user),
    displayName: user.displayName,
    active: user.active,
    ...(person && { timeZone: user.timeZone, locale: user.locale }),
  }
}

/** `myself` and `user`: group and role counts, the items only when expanded. */
export function fullUser(reader: Reader, user: User, expand: readonly string[] = []) {
  const groups = reader.site.tables.groups.where('member', user.accountId)
  const roles = user.accountType === 'atlassian' ? [applicationRole(reader)] : []
  return {
    ...listedUser(reader, user),
    groups: {
      size: groups.length,
      items: expand.includes('groups') ? groups.map((group) => groupView(reader, group)) : [],
    },
    applicationRoles: { size: roles.length, items: expand.includes('applicationRoles') ? roles : [] },
    expand: 'groups,applicationRoles',
  }
}

export const groupView = (reader: Reader, group: Group) => ({
  name: group.name,
  groupId: group.groupId,
  self: self(reader, `group?groupId=${group.groupId}`),
})

/** The product access a site's licence gives. */
export function applicationRole(reader: Reader) {
  const groups = reader.site.tables.groups.all().filter((group) => group.name.startsWith('jira-'))
  const members = new Set(groups.flatMap((group) => group.members))
  return {
    key: 'jira-software',
    groups: groups.map((group) => group.name),
    groupDetails: groups.map((group) => groupView(reader, group)),
    name: 'Jira Software',
    defaultGroups: groups.filter((group) => group.name.startsWith('jira-users')).map((group) => group.name),
    defaultGroupsDetails: groups
      .filter((group) => group.name.startsWith('jira-users'))
      .map((group) => groupView(reader, group)),
    selectedByDefault: false,
    defined: true,
    numberOfSeats: 10,
    remainingSeats: Math.max(0, 10 - members.size),
    userCount: members.size,
    userCountDescription: 'users',
    hasUnlimitedSeats: false,
    platform: false,
  }
}
