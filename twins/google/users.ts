import { BASE64URL } from '../../shared/universe/random.ts'
import type { GoogleMoment } from './caller.ts'
import { FOLDER, newDriveId, newPermissionId, newSubject } from './ids.ts'
import type { User } from './tables.ts'
import { DAY } from './time.ts'

/** Mail providers whose addresses belong to no Workspace domain. */
const CONSUMER_DOMAINS = new Set(['gmail.com', 'googlemail.com', 'outlook.com', 'yahoo.com'])

export const domainOf = (email: string): string => email.slice(email.indexOf('@') + 1).toLowerCase()

/**
 * The stored form of an e-mail: lower case, and a service account's universe tag removed, so that the `client_email`
 * of a key file names the account in every place an e-mail is accepted.
 */
export function canonicalEmail(moment: GoogleMoment, email: string): string {
  const lower = email.trim().toLowerCase()
  const at = lower.indexOf('@')
  if (at < 0) return lower
  const opened = moment.open(lower.slice(0, at))
  const key = opened && moment.tables.serviceAccountKeys.where('localPart', opened)[0]
  return (key && moment.tables.users.get(key.userId)?.email) || lower
}

export const findUser = (moment: GoogleMoment, email: string): User | undefined =>
  moment.tables.users.by('email', canonicalEmail(moment, email))

/** Adds an account with its My Drive root. */
export function addUser(
  moment: GoogleMoment,
  {
    email,
    displayName = email,
    kind = 'user',
    admin,
  }: { email: string; displayName?: string; kind?: User['kind']; admin?: boolean },
): User {
  const domain = domainOf(email)
  const user: User = {
    id: newPermissionId(moment.random),
    subject: newSubject(moment.random),
    email: email.toLowerCase(),
    displayName,
    kind,
    rootId: newDriveId(moment.random),
    photoLink: `https://lh3.googleusercontent.com/a/${kind === 'user' ? `ACg8oc${moment.random.text(48, BASE64URL)}` : 'default-user'}=s64`,
    ...(kind === 'user' && !CONSUMER_DOMAINS.has(domain) && { domain }),
    ...(admin && { admin }),
  }
  moment.tables.users.insert(user)
  // The root is older than anything in it.
  const createdTime = moment.now - DAY
  moment.tables.files.insert({
    id: user.rootId,
    name: 'My Drive',
    mimeType: FOLDER,
    ownerId: user.id,
    space: 'drive',
    createdTime,
    modifiedTime: createdTime,
    version: 1,
  })
  moment.tables.permissions.insert({ fileId: user.rootId, id: user.id, type: 'user', role: 'owner', email: user.email })
  return user
}

/** The account of an e-mail, made when it is new: whoever a file is shared with has a Google account. */
export const ensureUser = (moment: GoogleMoment, email: string, displayName?: string): User =>
  findUser(moment, email) ??
  addUser(moment, { email: canonicalEmail(moment, email), displayName: displayName ?? nameOf(email) })

/** `ada.byrne@…` → `Ada Byrne`, until someone says better. */
const nameOf = (email: string): string =>
  email
    .slice(0, email.indexOf('@'))
    .split(/[._+-]+/)
    .filter(Boolean)
    .map((word) => (word[0] as string).toUpperCase() + word.slice(1))
    .join(' ')
