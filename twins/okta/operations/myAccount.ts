import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { blank, errorReply, fail, invalid } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { newId } from '../ids.ts'
import { hinted, plain } from '../links.ts'
import { objectBody } from '../resource.ts'
import { answered, challenge, me, mine } from '../rules/myAccount.ts'
import { hashPassword, passwordComplaint, passwordMatches, passwordSettings } from '../rules/password.ts'
import { endSessions, groupIdsOf, schemaOf, withPassword } from '../rules/users.ts'
import type { User } from '../tables/directory.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { type OktaCall, operations } from './define.ts'

const sent = (call: OktaCall): Json => objectBody(call as { body: unknown })

/** Addresses: the profile's own two, and those that wait for their owner to prove them. */
interface Email {
  readonly id: string
  readonly email: string
  readonly status: string
  readonly roles: readonly string[]
}

function emailsOf(call: OktaCall): Email[] {
  const user = me(call)
  const { email, secondEmail } = user.profile
  const own = [
    ...(email ? [{ id: `primary-${user.id}`, email: String(email), status: 'VERIFIED', roles: ['PRIMARY'] }] : []),
    ...(secondEmail
      ? [{ id: `secondary-${user.id}`, email: String(secondEmail), status: 'VERIFIED', roles: ['SECONDARY'] }]
      : []),
  ]
  const waiting = call.tables.accountEmails.where('parent', user.id).map((row) => ({
    id: row.id,
    email: String(row.data.email),
    status: 'UNVERIFIED',
    roles: [String(row.data.role)],
  }))
  return [...own, ...waiting]
}

const emailView = (call: OktaCall, { id, email, status, roles }: Email) => {
  const path = `/idp/myaccount/emails/${id}`
  return {
    id,
    status,
    profile: { email },
    roles,
    _links: {
      self: hinted(call, path, 'GET', 'DELETE'),
      ...(status === 'UNVERIFIED' && { challenge: hinted(call, `${path}/challenge`, 'POST') }),
    },
  }
}

const emailOf = (call: OktaCall): Email =>
  emailsOf(call).find((one) => one.id === (call.params as { id: string }).id) ?? fail('E0000008')

/** A proven address takes its place in the profile. */
function adopt(call: OktaCall, row: Document): void {
  const user = me(call)
  const field = row.data.role === 'SECONDARY' ? 'secondEmail' : 'email'
  call.tables.users.patch(user.id, { profile: { ...user.profile, [field]: row.data.email }, lastUpdated: call.now })
  call.tables.accountEmails.remove(row.id)
  record(call, 'user.account.update_primary_email', [userTarget(user)])
}

const phoneView = (call: OktaCall, row: Document) => {
  const path = `/idp/myaccount/phones/${row.id}`
  return {
    id: row.id,
    status: row.status,
    profile: { phoneNumber: row.data.phoneNumber },
    _links: {
      self: hinted(call, path, 'GET', 'DELETE'),
      ...(row.status === 'UNVERIFIED' && {
        challenge: hinted(call, `${path}/challenge`, 'POST'),
        verify: hinted(call, `${path}/verify`, 'POST'),
      }),
    },
  }
}

const phoneOf = (call: OktaCall): Document => mine(call, call.tables.accountPhones, (call.params as { id: string }).id)

const passwordView = (call: OktaCall, user: User) => ({
  id: `pwd-${user.id}`,
  status: user.password ? 'ACTIVE' : 'NOT_ENROLLED',
  created: isoTime(user.created),
  lastUpdated: isoTime(user.passwordChanged ?? user.created),
  _links: { self: hinted(call, '/idp/myaccount/password', 'GET', 'PUT', 'DELETE') },
})

function setPassword(call: OktaCall, user: User, value: unknown): User {
  if (typeof value !== 'string' || value === '') return invalid('password', [blank('password')])
  const complaint = passwordComplaint(passwordSettings(call.tables, groupIdsOf(call, user)), value, user, {
    history: true,
  })
  if (complaint) invalid('password', [`password: ${complaint}`])
  record(call, 'user.account.update_password', [userTarget(user)])
  return call.tables.users.patch(user.id, withPassword(call, user, hashPassword(value, user.profile.login)))
}

/** What a person may read of the profile: everything the schema lets them. */
const profileView = (call: OktaCall, user: User) => ({
  createdAt: isoTime(user.created),
  modifiedAt: isoTime(user.lastUpdated),
  profile: user.profile,
  _links: {
    self: hinted(call, '/idp/myaccount/profile', 'GET', 'PUT'),
    describedBy: plain(call, '/idp/myaccount/profile/schema'),
  },
})

/** Attributes that are the person's own to change. */
function writable(call: OktaCall, user: User, profile: Json): void {
  const schema = schemaOf(call.tables, user.typeId)
  const wrong = Object.keys(profile).filter((name) => !(name in schema.base) && !(name in schema.custom))
  if (wrong.length > 0)
    invalid(
      'profile',
      wrong.map((name) => `Property name '${name}' is not defined in profile`),
    )
  if (profile.login !== undefined && profile.login !== user.profile.login) fail('E0000077', 'login')
}

/** What people manage of their own account: profile, password, addresses, phones, sessions. */
export const myAccount = operations({
  getOrganization(call) {
    me(call)
    const [org] = call.tables.org.all()
    return ok({
      companyName: org?.companyName,
      supportEmail: org?.contact.supportEmail ?? null,
      supportPhone: org?.contact.supportPhoneNumber ?? null,
      helpLink: org?.contact.endUserSupportHelpURL ?? null,
      technicalContact: null,
      _links: { self: hinted(call, '/idp/myaccount/organization', 'GET') },
    })
  },

  listOktaApplications(call) {
    me(call)
    const apps = call.tables.apps.all().filter((app) => app.builtIn)
    return ok(
      apps.map((app) => ({ id: app.id, name: app.name, displayName: app.label, status: app.status, visible: true })),
    )
  },

  deleteSessions(call) {
    endSessions(call, me(call), false)
    return noContent()
  },

  getProfile: (call) => ok(profileView(call, me(call))),
  replaceProfile(call) {
    const user = me(call)
    const { profile } = sent(call) as { profile?: Json }
    if (!profile) return invalid('profile', [blank('profile')])
    writable(call, user, profile)
    const kept = Object.fromEntries(
      Object.entries({ ...user.profile, ...profile }).filter(([, value]) => value !== null),
    )
    const updated = call.tables.users.patch(user.id, { profile: kept as User['profile'], lastUpdated: call.now })
    record(call, 'user.account.update_profile', [userTarget(updated)])
    return ok(profileView(call, updated))
  },
  getProfileSchema(call) {
    const schema = schemaOf(call.tables, me(call).typeId)
    return ok({
      properties: { ...schema.base, ...schema.custom },
      _links: {
        self: hinted(call, '/idp/myaccount/profile/schema', 'GET'),
        user: hinted(call, '/idp/myaccount/profile', 'GET', 'PUT'),
      },
    })
  },

  getPassword: (call) => ok(passwordView(call, me(call))),
  createPassword(call) {
    const user = me(call)
    if (user.password) return errorReply('E0000195', 'password', ['A password is enrolled already.'])
    return created(passwordView(call, setPassword(call, user, (sent(call).profile as Json | undefined)?.password)))
  },
  replacePassword(call) {
    return created(passwordView(call, setPassword(call, me(call), (sent(call).profile as Json | undefined)?.password)))
  },
  deletePassword(call) {
    const { password: _, ...rest } = me(call)
    call.tables.users.replace(rest)
    return noContent()
  },
  updatePassword(call) {
    const user = me(call)
    const { currentPassword, newPassword, oldPassword } = sent(call)
    const given = currentPassword ?? oldPassword
    if (!user.password || !passwordMatches(user.password, String(given ?? ''))) {
      fail('E0000014', '', ['oldPassword: The credentials provided were incorrect.'])
    }
    setPassword(call, user, newPassword)
    return noContent()
  },
  getPasswordRequirements(call) {
    const { complexity, historyCount } = passwordSettings(call.tables, groupIdsOf(call, me(call)))
    return ok({ complexity, age: { minAgeMinutes: 0, historyCount } })
  },

  listEmails: (call) => ok(emailsOf(call).map((email) => emailView(call, email))),
  createEmail(call) {
    const user = me(call)
    const {
      profile,
      role = 'PRIMARY',
      state,
      sendEmail = true,
    } = sent(call) as { profile?: { email?: string }; role?: string; state?: string; sendEmail?: boolean }
    if (!profile?.email?.includes('@')) return invalid('email', ['email: Does not match required pattern'])
    if (emailsOf(call).some((one) => one.email === profile.email && one.roles.includes(role))) {
      return errorReply('E0000195', 'email', ['The email is enrolled already.'])
    }
    const row = call.tables.accountEmails.insert({
      id: newId(call, 'eml'),
      parent: user.id,
      status: 'UNVERIFIED',
      created: call.now,
      lastUpdated: call.now,
      data: { email: profile.email, role },
    })
    if (sendEmail) challenge(call, row, { state })
    return created(emailView(call, { id: row.id, email: profile.email, status: 'UNVERIFIED', roles: [role] }))
  },
  getEmail: (call) => ok(emailView(call, emailOf(call))),
  deleteEmail(call) {
    const email = emailOf(call)
    if (email.roles.includes('PRIMARY') && email.status === 'VERIFIED')
      invalid('email', ['The primary email cannot be deleted.'])
    const user = me(call)
    if (email.status === 'VERIFIED') {
      const { secondEmail: _, ...profile } = user.profile
      call.tables.users.patch(user.id, { profile: profile as User['profile'], lastUpdated: call.now })
    } else call.tables.accountEmails.remove(email.id)
    return noContent()
  },
  sendEmailChallenge(call) {
    const row = mine(call, call.tables.accountEmails, call.params.id)
    const { state } = sent(call)
    const open = challenge(call, row, { state })
    const path = `/idp/myaccount/emails/${row.id}/challenge/${open.id}`
    return created({
      id: open.id,
      status: open.status,
      expiresAt: isoTime(open.data.expiresAt as number),
      profile: { email: row.data.email },
      _links: { verify: hinted(call, `${path}/verify`, 'POST'), poll: hinted(call, path, 'GET') },
    })
  },
  pollChallengeForEmailMagicLink(call) {
    const row = mine(call, call.tables.accountEmails, call.params.id)
    const open = call.tables.challenges.get(call.params.challengeId)
    if (open?.parent !== row.id) return fail('E0000008')
    const path = `/idp/myaccount/emails/${row.id}/challenge/${open.id}`
    return ok({
      id: open.id,
      status: open.status,
      expiresAt: isoTime(open.data.expiresAt as number),
      profile: { email: row.data.email },
      _links: { verify: hinted(call, `${path}/verify`, 'POST'), poll: hinted(call, path, 'GET') },
    })
  },
  verifyEmailOtp(call) {
    const row = mine(call, call.tables.accountEmails, call.params.id)
    if (!answered(call, row, sent(call).verificationCode, call.params.challengeId)) fail('E0000068')
    adopt(call, row)
    return { status: 200 }
  },

  listPhones: (call) => ok(call.tables.accountPhones.where('parent', me(call).id).map((row) => phoneView(call, row))),
  createPhone(call) {
    const user = me(call)
    const {
      profile,
      sendCode = true,
      method = 'SMS',
    } = sent(call) as { profile?: { phoneNumber?: string }; sendCode?: boolean; method?: string }
    if (!/^\+?[\d ()-]{6,}$/.test(profile?.phoneNumber ?? '')) return errorReply('E0000098')
    const twin = call.tables.accountPhones
      .where('parent', user.id)
      .some((row) => row.data.phoneNumber === profile?.phoneNumber)
    if (twin) return errorReply('E0000195', 'phone', ['The phone is enrolled already.'])
    const row = call.tables.accountPhones.insert({
      id: newId(call, 'sms'),
      parent: user.id,
      status: 'UNVERIFIED',
      created: call.now,
      lastUpdated: call.now,
      data: { phoneNumber: profile?.phoneNumber },
    })
    if (sendCode) challenge(call, row, { method })
    return created(phoneView(call, row))
  },
  getPhone: (call) => ok(phoneView(call, phoneOf(call))),
  deletePhone(call) {
    call.tables.accountPhones.remove(phoneOf(call).id)
    return noContent()
  },
  sendPhoneChallenge(call) {
    const row = phoneOf(call)
    challenge(call, row, { method: sent(call).method })
    return ok({ _links: { verify: hinted(call, `/idp/myaccount/phones/${row.id}/verify`, 'POST') } })
  },
  verifyPhoneChallenge(call) {
    const row = phoneOf(call)
    if (!answered(call, row, sent(call).verificationCode)) fail('E0000068')
    call.tables.accountPhones.patch(row.id, { status: 'VERIFIED', lastUpdated: call.now })
    return noContent()
  },
})
