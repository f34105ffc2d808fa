import { ok } from '../../../shared/kernel/reply.ts'
import { notFound } from '../errors.ts'
import { type Resource, resource } from '../resource.ts'
import type { Json } from '../tables/document.ts'
import { type OktaCall, operations } from './define.ts'
import { settingOf } from './singletons.ts'

/** Factors an org can switch on and off, as Classic orgs did; in the Identity Engine authenticators lead. */
const FACTORS: Readonly<Record<string, { provider: string; factorType: string; on?: boolean }>> = {
  duo: { provider: 'DUO', factorType: 'web' },
  fido_u2f: { provider: 'FIDO', factorType: 'u2f' },
  fido_webauthn: { provider: 'FIDO', factorType: 'webauthn' },
  google_otp: { provider: 'GOOGLE', factorType: 'token:software:totp' },
  hotp: { provider: 'CUSTOM', factorType: 'token:hotp' },
  okta_call: { provider: 'OKTA', factorType: 'call' },
  okta_email: { provider: 'OKTA', factorType: 'email', on: true },
  okta_otp: { provider: 'OKTA', factorType: 'token:software:totp', on: true },
  okta_password: { provider: 'OKTA', factorType: 'password', on: true },
  okta_push: { provider: 'OKTA', factorType: 'push', on: true },
  okta_question: { provider: 'OKTA', factorType: 'question', on: true },
  okta_sms: { provider: 'OKTA', factorType: 'sms' },
  rsa_token: { provider: 'RSA', factorType: 'token' },
  symantec_vip: { provider: 'SYMANTEC', factorType: 'token' },
  yubikey_token: { provider: 'YUBICO', factorType: 'token:hardware' },
}

const SWITCHES = { name: 'orgFactors', initial: {} }

function factorView(call: OktaCall, key: string) {
  const factor = FACTORS[key] ?? notFound(key, 'Factor')
  const { provider, factorType, on } = factor
  const status = settingOf(call, SWITCHES)[key] ?? (on ? 'ACTIVE' : 'INACTIVE')
  return { id: key, provider, factorType, status }
}

const HOTP: Json = {
  timeBased: false,
  otpLength: 6,
  timeStep: 30,
  acceptableAdjacentIntervals: 1,
  encoding: 'BASE32',
  hmacAlgorithm: 'HMacSHA1',
}

/** How one make of hardware token counts. The first is the default. */
const profiles: Resource = {
  table: (tables) => tables.hotpProfiles,
  prefix: 'fpr',
  kind: 'FactorProfile',
  param: 'profileId',
  operations: {
    list: 'listHotpProfiles',
    create: 'createHotpProfile',
    get: 'getHotpProfile',
    replace: 'replaceHotpProfile',
    remove: 'deleteHotpProfile',
  },
  required: ['name'],
  unique: 'name',
  data: ({ name, settings }, call, before) => ({
    name,
    default: before?.data.default ?? call.tables.hotpProfiles.size === 0,
    settings: { ...HOTP, ...(settings as Json | undefined) },
  }),
  view: ({ id, data }) => ({ id, ...data }),
}

/** Factors of the whole org, which Terraform reads and switches. */
export const orgFactors = {
  ...resource(profiles),
  ...operations({
    listOrgFactors: (call) => ok(Object.keys(FACTORS).map((key) => factorView(call, key))),
    getOrgFactor: (call) => ok(factorView(call, call.params.factorKey)),
    moveOrgFactor(call) {
      const { factorKey, action } = call.params
      factorView(call, factorKey)
      const status = action === 'activate' ? 'ACTIVE' : 'INACTIVE'
      const data = { ...settingOf(call, SWITCHES), [factorKey]: status }
      call.tables.settings.put({ id: SWITCHES.name, created: call.now, lastUpdated: call.now, data })
      return ok(factorView(call, factorKey))
    },
  }),
}
