import { hinted } from '../links.ts'
import type { OktaContext } from '../operations/define.ts'
import { QUESTIONS } from '../rules/securityQuestions.ts'
import type { Factor } from '../tables/directory.ts'
import { isoTime } from '../time.ts'

type Viewer = Pick<OktaContext, 'link'>

/** An enrolled factor; answers and secrets stay out of it. */
export function factorView(factor: Factor, call: Viewer) {
  const pending = factor.status === 'PENDING_ACTIVATION'
  return {
    id: factor.id,
    factorType: factor.factorType,
    provider: factor.provider,
    vendorName: factor.vendorName,
    status: factor.status,
    created: isoTime(factor.created),
    lastUpdated: isoTime(factor.lastUpdated),
    ...(profileView(factor) && { profile: profileView(factor) }),
    _links: factorLinks(factor, call),
    ...(pending &&
      factor.factorType === 'token:software:totp' && { _embedded: { activation: totpActivation(factor, call) } }),
    ...(pending && factor.factorType === 'push' && { _embedded: { activation: pushActivation(factor, call) } }),
  }
}

const pathOf = (factor: Factor) => `/api/v1/users/${factor.userId}/factors/${factor.id}`

function factorLinks(factor: Factor, call: Viewer) {
  const path = pathOf(factor)
  const user = hinted(call, `/api/v1/users/${factor.userId}`, 'GET')
  if (factor.status === 'PENDING_ACTIVATION') {
    return {
      ...(RESENT.has(factor.factorType) && {
        resend: [{ name: factor.factorType, ...hinted(call, `${path}/resend`, 'POST') }],
      }),
      ...(factor.factorType === 'push'
        ? { poll: hinted(call, `${path}/lifecycle/activate/poll`, 'POST') }
        : { activate: hinted(call, `${path}/lifecycle/activate`, 'POST') }),
      self: hinted(call, path, 'GET'),
      user,
    }
  }
  const checkable = factor.factorType !== 'question'
  return {
    ...(checkable && { verify: hinted(call, `${path}/verify`, 'POST') }),
    self: hinted(call, path, 'GET', 'DELETE'),
    user,
  }
}

const RESENT = new Set(['sms', 'call', 'email'])

function profileView(factor: Factor) {
  if (factor.factorType !== 'question') return factor.profile
  const { question } = factor.profile as { question?: string }
  const known = QUESTIONS.find((one) => one.question === question)
  return { question, questionText: known?.questionText ?? factor.profile.questionText ?? question }
}

const totpActivation = (factor: Factor, call: Viewer) => ({
  timeStep: 30,
  sharedSecret: factor.secret,
  encoding: 'base32',
  keyLength: 6,
  _links: { qrcode: { href: call.link(`${pathOf(factor)}/qr/${factor.secret}`), type: 'image/png' } },
})

const pushActivation = (factor: Factor, call: Viewer) => ({
  expiresAt: isoTime(factor.created + 5 * 60_000),
  factorResult: 'WAITING',
  _links: {
    send: [{ name: 'email', ...hinted(call, `${pathOf(factor)}/lifecycle/activate/email`, 'POST') }],
    qrcode: { href: call.link(`${pathOf(factor)}/qr/${factor.id}`), type: 'image/png' },
  },
})
