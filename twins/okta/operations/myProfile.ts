import { ok } from '../../../shared/kernel/reply.ts'
import { blank, invalid } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { hinted, plain } from '../links.ts'
import { me } from '../rules/myAccount.ts'
import { profileComplaints } from '../rules/profile.ts'
import { schemaOf, storedProfile } from '../rules/users.ts'
import type { ProfileSchema, User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { type OktaCall, operations } from './define.ts'

const PATH = '/idp/myaccount/profile'
type Permission = 'READ_WRITE' | 'READ_ONLY' | 'HIDE'

/** What people may do with an attribute of their own. Theirs is never the login. */
function permissionOf(name: string, property: Json): Permission {
  if (name === 'login') return 'READ_ONLY'
  const rules = (property.permissions ?? []) as { principal: string; action: Permission }[]
  return rules.find(({ principal }) => principal === 'SELF')?.action ?? 'READ_ONLY'
}

const propertiesOf = ({ base, custom }: ProfileSchema): [string, Json][] =>
  Object.entries({ ...base, ...custom }).filter(([name, property]) => permissionOf(name, property) !== 'HIDE')

/** An attribute as people see it: its type and limits, and their permission. */
function propertyView(name: string, property: Json): Json {
  const { title, type, required, minLength, maxLength, format, enum: allowed, items } = property
  return { title, type, required, minLength, maxLength, format, enum: allowed, items, permissions: { SELF: permissionOf(name, property) } } // biome-ignore format: one row
}

const profileView = (call: OktaCall, user: User) => {
  const seen = propertiesOf(schemaOf(call.tables, user.typeId)).map(([name]) => name)
  return {
    createdAt: isoTime(user.created),
    modifiedAt: isoTime(user.lastUpdated),
    profile: Object.fromEntries(Object.entries(user.profile).filter(([name]) => seen.includes(name))),
    _links: { self: hinted(call, PATH, 'GET', 'PUT'), describedBy: plain(call, `${PATH}/schema`) },
  }
}

const refuse = (cause: string): never => invalid('forUpdate', [cause])
const ADDRESSES = ['email', 'secondEmail']

/**
 * Refuses what people may not do to their profile: it is replaced whole, so every value they have must be sent again, and
 * what is read-only must be as it was. Addresses change by proof alone.
 */
function checkReplacement(schema: ProfileSchema, before: Json, sent: Json): void {
  const properties = new Map(propertiesOf(schema))
  const unknown = Object.keys(sent).find((name) => !properties.has(name))
  if (unknown) refuse(`Property '${unknown}' does not exist or is not accessible.`)
  const missing = [...properties.keys()].find((name) => before[name] !== undefined && !(name in sent))
  if (missing) refuse(`Property '${missing}' needs a value passed.  To unset it, explicitly set it to null.`)
  const changed = Object.keys(sent).filter((name) => (sent[name] ?? undefined) !== before[name])
  if (changed.some((name) => ADDRESSES.includes(name)))
    refuse(
      'You cannot update email attributes using the profile endpoint. Use the emails endpoint to make any required changes.',
    )
  const fixed = changed.find((name) => permissionOf(name, properties.get(name) as Json) === 'READ_ONLY')
  if (fixed) refuse(`Property '${fixed}' is read only.  The value supplied must exactly match the existing value.`)
}

/** What people read and change of their own profile. */
export const myProfile = operations({
  getProfile: (call) => ok(profileView(call, me(call))),

  replaceProfile(call) {
    const user = me(call)
    const schema = schemaOf(call.tables, user.typeId)
    const { profile } = call.body as { profile?: Json }
    if (!profile) return invalid('profile', [blank('profile')])
    checkReplacement(schema, user.profile, profile)
    const hidden = Object.entries(user.profile).filter(([name]) => !(name in profile))
    const next = { ...Object.fromEntries(hidden), ...profile }
    const [wrong, ...others] = profileComplaints(schema, next)
    if (wrong)
      invalid(
        wrong.field,
        [wrong, ...others].map(({ cause }) => cause),
      )
    const updated = call.tables.users.patch(user.id, { profile: storedProfile(next), lastUpdated: call.now })
    record(call, 'user.account.update_profile', [userTarget(updated)])
    return ok(profileView(call, updated))
  },

  getProfileSchema(call) {
    const schema = schemaOf(call.tables, me(call).typeId)
    return ok({
      properties: Object.fromEntries(propertiesOf(schema).map(([name, of]) => [name, propertyView(name, of)])),
      _links: { self: hinted(call, `${PATH}/schema`, 'GET'), user: hinted(call, PATH, 'GET', 'PUT') },
    })
  },
})
