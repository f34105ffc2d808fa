import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { BASE64URL } from '../../../shared/universe/random.ts'
import { fail, notFound } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { newId } from '../ids.ts'
import { hinted } from '../links.ts'
import { objectBody } from '../resource.ts'
import { enrol } from '../rules/factors.ts'
import { me, mine } from '../rules/myAccount.ts'
import type { Factor } from '../tables/directory.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { type OktaCall, operations } from './define.ts'

const sent = (call: OktaCall): Json => objectBody(call as { body: unknown })

/** Which factors enrol an authenticator. */
const FACTORS: Readonly<Record<string, readonly string[]>> = {
  okta_email: ['email'],
  okta_verify: ['push', 'token:software:totp'],
  phone_number: ['sms', 'call'],
  security_question: ['question'],
  webauthn: ['webauthn'],
  google_otp: ['token:software:totp'],
}

const FIVE_MINUTES = 300_000

function authenticatorOf(call: OktaCall): Document {
  const { authenticatorId } = call.params as { authenticatorId: string }
  return call.tables.authenticators.get(authenticatorId) ?? notFound(authenticatorId, 'Authenticator')
}

interface Enrollment {
  readonly id: string
  readonly name: string
  readonly created: number
  readonly lastUpdated: number
  readonly type: string
}

function enrollmentsOf(call: OktaCall, authenticator: Document): Enrollment[] {
  const user = me(call)
  if (authenticator.data.key === 'okta_password') {
    return user.password
      ? [
          {
            id: `pwd-${user.id}`,
            name: 'Password',
            created: user.created,
            lastUpdated: user.passwordChanged ?? user.created,
            type: 'password',
          },
        ]
      : []
  }
  const types = FACTORS[String(authenticator.data.key)] ?? []
  return call.tables.factors
    .where('user', user.id)
    .filter((factor: Factor) => factor.status === 'ACTIVE' && types.includes(factor.factorType))
    .map((factor) => ({
      id: factor.id,
      name: String(authenticator.data.name),
      created: factor.created,
      lastUpdated: factor.lastUpdated,
      type: factor.factorType,
    }))
}

const enrollmentView = (call: OktaCall, { id, data }: Document, one: Enrollment) => {
  const path = `/idp/myaccount/authenticators/${id}`
  const password = data.key === 'okta_password'
  return {
    id: one.id,
    name: one.name,
    nickname: nickname(call, one),
    created: isoTime(one.created),
    canReset: password,
    ...(password && { canChangePassword: true, canResetPassword: true }),
    canUnenroll: !password,
    _links: {
      self: hinted(call, `${path}/enrollments/${one.id}`, 'GET', 'PATCH'),
      authenticator: hinted(call, path, 'GET'),
      [password ? 'modify' : 'unenroll']: hinted(
        call,
        `/idp/authenticators/${id}/${password ? 'modify' : 'unenroll'}`,
        'GET',
      ),
    },
  }
}

const nickname = (call: OktaCall, one: Enrollment) =>
  call.tables.accountAuthenticators.get(`name/${one.id}`)?.data.nickname ?? undefined

function authenticatorView(call: OktaCall, row: Document) {
  const path = `/idp/myaccount/authenticators/${row.id}`
  const { expand } = call.query as { expand?: string }
  const enrollments = enrollmentsOf(call, row)
  return {
    id: row.id,
    key: row.data.key,
    name: row.data.name,
    type: row.data.type,
    enrollable: row.status === 'ACTIVE',
    ...(expand === 'enrollments' && {
      _embedded: { enrollments: enrollments.map((one) => enrollmentView(call, row, one)) },
    }),
    _links: { self: hinted(call, path, 'GET'), enrollments: hinted(call, `${path}/enrollments`, 'GET') },
  }
}

function enrollmentOf(call: OktaCall): { authenticator: Document; one: Enrollment } {
  const authenticator = authenticatorOf(call)
  const { enrollmentId } = call.params as { enrollmentId: string }
  const one = enrollmentsOf(call, authenticator).find((each) => each.id === enrollmentId)
  return { authenticator, one: one ?? notFound(enrollmentId, 'UserFactor') }
}

const appView = (call: OktaCall, row: Document) => ({
  id: row.id,
  authenticatorId: row.data.authenticatorId,
  createdDate: isoTime(row.created),
  lastUpdated: isoTime(row.lastUpdated),
  device: {
    id: row.data.deviceId,
    status: 'ACTIVE',
    createdDate: isoTime(row.created),
    lastUpdated: isoTime(row.lastUpdated),
    clientInstanceId: row.data.clientInstanceId,
  },
  user: { id: row.parent, username: me(call).profile.login },
  methods: {
    push: {
      id: row.data.pushId,
      createdDate: isoTime(row.created),
      lastUpdated: isoTime(row.lastUpdated),
      links: { pending: hinted(call, `/idp/myaccount/app-authenticators/${row.id}/push/notifications`, 'GET') },
    },
  },
  links: { self: hinted(call, `/idp/myaccount/app-authenticators/${row.id}`, 'PATCH', 'DELETE') },
})

const keyView = (call: OktaCall, row: Document) => ({
  id: row.id,
  status: row.status,
  type: 'security_key',
  key: 'webauthn',
  name: row.data.name ?? 'Security Key or Biometric',
  credentialId: row.data.credentialId,
  created: isoTime(row.created),
  lastUpdated: isoTime(row.lastUpdated),
  _links: { self: hinted(call, `/idp/myaccount/webauthn/${row.id}`, 'GET', 'DELETE') },
})

/** A person's authenticators: what they have, their phones' apps, their security keys. */
export const myAuthenticators = operations({
  listMyAccountAuthenticators: (call) =>
    ok(
      call.tables.authenticators
        .all()
        .filter((row) => row.status === 'ACTIVE')
        .map((row) => authenticatorView(call, row)),
    ),
  getMyAccountAuthenticator: (call) => ok(authenticatorView(call, authenticatorOf(call))),
  listEnrollments(call) {
    const row = authenticatorOf(call)
    return ok(enrollmentsOf(call, row).map((one) => enrollmentView(call, row, one)))
  },
  getEnrollment(call) {
    const { authenticator, one } = enrollmentOf(call)
    return ok(enrollmentView(call, authenticator, one))
  },
  updateEnrollment(call) {
    const { authenticator, one } = enrollmentOf(call)
    const { nickname: name } = sent(call)
    call.tables.accountAuthenticators.put({
      id: `name/${one.id}`,
      created: call.now,
      lastUpdated: call.now,
      data: { nickname: name },
    })
    return ok(enrollmentView(call, authenticator, one))
  },

  createAppAuthenticatorEnrollment(call) {
    const user = me(call)
    const {
      authenticatorId = '',
      device,
      methods = {},
    } = sent(call) as { authenticatorId?: string; device?: Json; methods?: Json }
    const authenticator = call.tables.authenticators.get(authenticatorId)
    if (!authenticator) return notFound(authenticatorId, 'Authenticator')
    const deviceId = newId(call, 'guo')
    const profile = {
      displayName: device?.displayName ?? 'Phone',
      platform: device?.platform ?? 'IOS',
      registered: true,
      secureHardwarePresent: true,
      ...device,
    }
    const times = { created: call.now, lastUpdated: call.now }
    call.tables.devices.insert({ id: deviceId, status: 'ACTIVE', ...times, data: { profile } })
    call.tables.deviceUsers.insert({
      id: `${deviceId}/${user.id}`,
      parent: deviceId,
      ...times,
      data: { userId: user.id },
    })
    const push = enrol(call, user, {
      factorType: 'push',
      provider: authenticator.data.key === 'custom_app' ? 'CUSTOM' : 'OKTA',
      profile: { credentialId: user.profile.login, deviceType: 'SmartPhone', name: profile.displayName },
      active: true,
    })
    const row = call.tables.accountAuthenticators.insert({
      id: newId(call, 'pfd'),
      parent: user.id,
      ...times,
      data: {
        authenticatorId,
        deviceId,
        pushId: push.id,
        clientInstanceId: device?.clientInstanceId ?? call.random.uuid(),
        methods,
      },
    })
    return ok(appView(call, row))
  },
  updateAppAuthenticatorEnrollment(call) {
    const row = mine(call, call.tables.accountAuthenticators, call.params.enrollmentId)
    const { methods = {} } = sent(call) as { methods?: Json }
    const data = { ...row.data, methods: { ...(row.data.methods as Json), ...methods } }
    return ok(appView(call, call.tables.accountAuthenticators.patch(row.id, { data, lastUpdated: call.now })))
  },
  /** The factor goes with the app. */
  deleteAppAuthenticatorEnrollment(call) {
    const row = mine(call, call.tables.accountAuthenticators, call.params.enrollmentId)
    call.tables.accountAuthenticators.remove(row.id)
    call.tables.factors.remove(String(row.data.pushId))
    record(call, 'user.mfa.factor.deactivate', [userTarget(me(call))], { debugData: { factor: 'push' } })
    return noContent()
  },
  /** Pushes that wait for this phone. */
  listAppAuthenticatorPendingPushNotificationChallenges(call) {
    const row = mine(call, call.tables.accountAuthenticators, call.params.enrollmentId)
    const waiting = call.tables.factorTransactions
      .all()
      .filter((one) => one.factorId === row.data.pushId && one.result === 'WAITING' && one.expiresAt > call.now)
    return ok(waiting.map((one) => ({ challenge: one.id, payloadVersion: 'IDXv1' })))
  },
  /** The phone's answer to a push: a signed response, or none when its owner said no. */
  verifyAppAuthenticatorPushNotificationChallenge(call) {
    const row = call.tables.factorTransactions.get(call.params.challengeId)
    if (row?.result !== 'WAITING' || row.userId !== me(call).id) return fail('E0000008')
    const approved = sent(call).challengeResponse !== undefined
    call.tables.factorTransactions.patch(row.id, { result: approved ? 'SUCCESS' : 'REJECTED' })
    return { status: 200 }
  },

  listWebAuthn: (call) => ok(call.tables.accountWebAuthn.where('parent', me(call).id).map((row) => keyView(call, row))),
  getWebAuthn: (call) => ok(keyView(call, mine(call, call.tables.accountWebAuthn, call.params.id))),
  deleteWebAuthn(call) {
    call.tables.accountWebAuthn.remove(mine(call, call.tables.accountWebAuthn, call.params.id).id)
    return noContent()
  },
  startWebAuthnEnrollment(call) {
    const user = me(call)
    return ok({
      options: {
        rp: { name: call.tables.org.all()[0]?.companyName },
        user: {
          id: user.id,
          name: user.profile.login,
          displayName: `${user.profile.firstName} ${user.profile.lastName}`,
        },
        pubKeyCredParams: [
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
        challenge: call.random.text(20, BASE64URL),
        attestation: 'direct',
        authenticatorSelection: { userVerification: 'discouraged', requireResidentKey: false },
        u2fParams: { appid: call.link('') },
        excludeCredentials: call.tables.accountWebAuthn
          .where('parent', user.id)
          .map((row) => ({ type: 'public-key', id: row.data.credentialId })),
      },
      expiresAt: isoTime(call.now + FIVE_MINUTES),
      _links: { enroll: hinted(call, '/idp/myaccount/webauthn', 'POST') },
    })
  },
  createWebAuthnEnrollment(call) {
    const user = me(call)
    const row = call.tables.accountWebAuthn.insert({
      id: newId(call, 'fwf'),
      parent: user.id,
      status: 'ACTIVE',
      created: call.now,
      lastUpdated: call.now,
      data: { credentialId: call.random.text(43, BASE64URL), ...sent(call) },
    })
    return ok(keyView(call, row))
  },
})
