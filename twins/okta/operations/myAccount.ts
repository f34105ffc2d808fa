import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { blank, errorReply, fail, invalid } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { newId } from '../ids.ts'
import { hinted } from '../links.ts'
import { objectBody } from '../resource.ts'
import { answered, challenge, isChallenged, me, mine } from '../rules/myAccount.ts'
import {
  hashPassword,
  passwordComplaint,
  passwordDescription,
  passwordMatches,
  passwordSettings,
} from '../rules/password.ts'
import { endSessions, groupIdsOf, withPassword } from '../rules/users.ts'
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

/** An address that waits names its challenge, when one was sent. */
const emailView = (call: OktaCall, { id, email, status, roles }: Email) => {
  const path = `/idp/myaccount/emails/${id}`
  const open = call.tables.challenges.where('parent', id).at(-1)
  const { verify, poll } = open ? challengeLinks(call, id, open) : {}
  return {
    id,
    status,
    roles,
    profile: { email },
    _links: {
      self: status === 'VERIFIED' ? hinted(call, path, 'GET') : hinted(call, path, 'GET', 'DELETE'),
      challenge: hinted(call, `${path}/challenge`, 'POST'),
      ...(verify && { verify }),
      ...(poll && { poll }),
    },
  }
}

const challengeLinks = (call: OktaCall, emailId: string, open: Document) => {
  const path = `/idp/myaccount/emails/${emailId}/challenge/${open.id}`
  return { verify: hinted(call, `${path}/verify`, 'POST'), poll: hinted(call, path, 'GET') }
}

const challengeView = (call: OktaCall, row: Document, open: Document) => ({
  id: open.id,
  status: open.status,
  expiresAt: isoTime(open.data.expiresAt as number),
  profile: { email: row.data.email },
  _links: challengeLinks(call, row.id, open),
})

const wrongCode = (): never => fail('E0000004', '', ['The verification challenge failed due to an invalid code.'])

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
      challenge: hinted(call, `${path}/challenge`, 'POST'),
      ...(row.status === 'UNVERIFIED' && { verify: hinted(call, `${path}/verify`, 'POST') }),
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
  if (typeof value !== 'string' || value === '') return invalid('Password', [blank('password')])
  const complaint = passwordComplaint(passwordSettings(call.tables, groupIdsOf(call, user)), value, user, {
    history: true,
  })
  if (complaint) invalid('Password', [`password: ${complaint}`])
  record(call, 'user.account.update_password', [userTarget(user)])
  return call.tables.users.patch(user.id, withPassword(call, user, hashPassword(value, user.profile.login)))
}

/** What people manage of their own account: password, addresses, phones, sessions. */
export const myAccount = operations({
  getOrganization(call) {
    me(call)
    const [org] = call.tables.org.all()
    return ok({
      name: org?.companyName,
      url: call.link(''),
      helpLink: org?.contact.endUserSupportHelpURL ?? '',
      supportEmail: org?.contact.supportEmail ?? '',
      _links: { self: hinted(call, '/idp/myaccount/organization', 'GET') },
    })
  },

  listOktaApplications(call) {
    me(call)
    const apps = call.tables.apps.all().filter((app) => app.builtIn)
    return ok(apps.map(({ id, name, label }) => ({ id, name, displayName: label })))
  },

  deleteSessions(call) {
    endSessions(call, me(call), call.query.oauthTokens ?? false)
    return noContent()
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
    const settings = passwordSettings(call.tables, groupIdsOf(call, me(call)))
    return ok({
      description: passwordDescription(settings),
      complexity: settings.complexity,
      _links: { self: hinted(call, '/idp/myaccount/password/complexity-requirements', 'GET') },
    })
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
    const email = String(profile?.email ?? '')
    if (!email.includes('@')) invalid('email', ['Invalid email address.'])
    if (emailsOf(call).some((one) => one.email === email && one.roles.includes(role))) {
      return errorReply('E0000157', 'email', [`The email ${email} is already registered to the current user profile.`])
    }
    const row = call.tables.accountEmails.insert({
      id: newId(call, 'eml'),
      parent: user.id,
      status: 'UNVERIFIED',
      created: call.now,
      lastUpdated: call.now,
      data: { email, role },
    })
    if (sendEmail) challenge(call, row, { state })
    return created(emailView(call, { id: row.id, email, status: 'UNVERIFIED', roles: [role] }))
  },
  getEmail: (call) => ok(emailView(call, emailOf(call))),
  deleteEmail(call) {
    const email = emailOf(call)
    if (email.status === 'VERIFIED') invalid('email', ["Can't delete a verified email address."])
    call.tables.accountEmails.remove(email.id)
    return noContent()
  },
  sendEmailChallenge(call) {
    const row = mine(call, call.tables.accountEmails, call.params.id)
    const { state } = sent(call)
    return created(challengeView(call, row, challenge(call, row, { state })))
  },
  pollChallengeForEmailMagicLink(call) {
    const row = mine(call, call.tables.accountEmails, call.params.id)
    const open = call.tables.challenges.get(call.params.challengeId)
    return open?.parent === row.id ? ok(challengeView(call, row, open)) : fail('E0000008')
  },
  verifyEmailOtp(call) {
    const row = mine(call, call.tables.accountEmails, call.params.id)
    if (!answered(call, row, sent(call).verificationCode, call.params.challengeId)) wrongCode()
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
    const phoneNumber = profile?.phoneNumber ?? ''
    if (!/^\+?[\d ()-]{6,}$/.test(phoneNumber)) {
      invalid('Error type: NOT_A_NUMBER. The string supplied did not seem to be a phone number.', [
        'Invalid phone number.',
      ])
    }
    const twin = call.tables.accountPhones.where('parent', user.id).some((row) => row.data.phoneNumber === phoneNumber)
    if (twin) {
      return errorReply('E0000157', phoneNumber, ['This phone number is already assigned to the current user account.'])
    }
    const row = call.tables.accountPhones.insert({
      id: newId(call, 'sms'),
      parent: user.id,
      status: 'UNVERIFIED',
      created: call.now,
      lastUpdated: call.now,
      data: { phoneNumber },
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
    if (!isChallenged(call, row)) {
      return errorReply('E0000157', 'transactionHandle', [
        'Failed to find a transaction. Either the challenge was answered or the factor id is invalid.',
      ])
    }
    if (!answered(call, row, sent(call).verificationCode)) wrongCode()
    call.tables.accountPhones.patch(row.id, { status: 'VERIFIED', lastUpdated: call.now })
    return noContent()
  },
})
