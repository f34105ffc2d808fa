import { fail } from '../errors.ts'
import { type Recorder, record, userTarget } from '../events.ts'
import { newId } from '../ids.ts'
import type { Factor, User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { stepOf } from './totp.ts'

const MINUTE = 60_000
/** Wrong codes until a factor refuses to be tried. */
const MAX_FAILURES = 5

/** The first characters of a factor's id tell its kind. */
const PREFIXES: Readonly<Record<string, string>> = {
  question: 'ufs',
  sms: 'mbl',
  call: 'clf',
  email: 'emf',
  push: 'opf',
  'token:software:totp': 'ost',
  'token:hardware': 'ufv',
  'token:hotp': 'hot',
  token: 'rsa',
  signed_nonce: 'crp',
  webauthn: 'fwf',
  u2f: 'fuf',
  web: 'dsf',
}

export const isFactorType = (type: string): boolean => type in PREFIXES

/** Whether a phone number could be one: seven to fifteen digits, whatever is between them. */
export const isPhoneNumber = (value: unknown): boolean => /^\d{7,15}$/.test(String(value ?? '').replace(/[^\d]/g, ''))

/** Factors a code is sent for. */
export const SENT: ReadonlySet<string> = new Set(['sms', 'call', 'email'])

export interface NewFactor {
  readonly factorType: string
  readonly provider: string
  readonly profile: Json
  readonly secret?: string
  readonly active: boolean
}

/** Enrols a factor. Those that send codes send one at once, unless they start active. */
export function enrol(call: Recorder, user: User, given: NewFactor): Factor {
  const { factorType, provider, profile, secret, active } = given
  const factor = call.tables.factors.insert({
    id: newId(call, PREFIXES[factorType] ?? 'ufx'),
    userId: user.id,
    factorType,
    provider,
    vendorName: provider,
    status: active ? 'ACTIVE' : 'PENDING_ACTIVATION',
    created: call.now,
    lastUpdated: call.now,
    profile,
    ...(secret !== undefined && { secret }),
  })
  if (active) record(call, 'user.mfa.factor.activate', [userTarget(user)], { debugData: { factor: factorType } })
  return active || !SENT.has(factorType) ? factor : sendCode(call, factor)
}

/** Sends a code: it is kept with the factor, where the control API can read it. */
export function sendCode(call: Pick<Recorder, 'tables' | 'now' | 'random'>, factor: Factor): Factor {
  return call.tables.factors.patch(factor.id, {
    passCode: call.random.text(6, '0123456789'),
    passCodeExpires: call.now + 5 * MINUTE,
  })
}

/** Takes a code or an answer. Refuses a wrong one, one used before, one too old, and a sixth attempt. */
export function checkProof(call: Pick<Recorder, 'tables' | 'now'>, factor: Factor, given: Json): void {
  if ((factor.failures ?? 0) >= MAX_FAILURES) fail('E0000069')
  const { factors } = call.tables
  if (factor.factorType === 'question') {
    const answer = String(given.answer ?? '')
      .trim()
      .toLowerCase()
    if (answer !== factor.secret?.trim().toLowerCase())
      wrong("Your answer doesn't match our records. Please try again.")
    factors.patch(factor.id, { failures: 0 })
    return
  }
  const passCode = String(given.passCode ?? given.verify ?? '')
  if (factor.factorType === 'token:software:totp') {
    const step = stepOf(factor.secret ?? '', passCode, call.now)
    if (step === undefined) wrong(WRONG_CODE)
    if (step === factor.lastStep) fail('E0000082')
    factors.patch(factor.id, { lastStep: step as number, failures: 0 })
    return
  }
  if (passCode === '' || passCode !== factor.passCode) wrong(WRONG_CODE)
  if ((factor.passCodeExpires ?? 0) < call.now) fail('E0000083')
  const { passCode: _used, passCodeExpires: _until, ...rest } = factor
  factors.replace({ ...rest, failures: 0 })
}

const WRONG_CODE = "Your passcode doesn't match our records. Please try again."
const wrong = (cause: string): never => fail('E0000068', '', [cause])

/** A pending factor becomes active. */
export function activateFactor(call: Recorder, user: User, factor: Factor): Factor {
  const active = call.tables.factors.patch(factor.id, { status: 'ACTIVE', lastUpdated: call.now })
  record(call, 'user.mfa.factor.activate', [userTarget(user)], { debugData: { factor: factor.factorType } })
  return active
}
