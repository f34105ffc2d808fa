import { fixedId, newId, PREFIX } from '../ids.ts'
import type { OktaMoment } from '../operations/define.ts'
import { METHODS } from '../rules/authenticators.ts'
import { DEFAULT_THEME } from '../rules/branding.ts'
import { addRateLimit } from '../rules/principalRateLimits.ts'
import type { Documents, Json } from '../tables/document.ts'
import { FEATURES } from './features.ts'

interface Row {
  readonly id?: string
  readonly parent?: string
  readonly status?: string
  readonly data: Json
}

function put(moment: OktaMoment, table: Documents, prefix: string, row: Row): string {
  const id = row.id ?? newId(moment, prefix)
  table.insert({ ...row, id, created: moment.now, lastUpdated: moment.now })
  return id
}

/** Authenticators of a fresh Identity Engine org. */
const AUTHENTICATORS: readonly { type: string; key: string; name: string; status: string; settings?: Json }[] = [
  {
    type: 'email',
    key: 'okta_email',
    name: 'Email',
    status: 'ACTIVE',
    settings: { allowedFor: 'recovery', tokenLifetimeInMinutes: 5 },
  },
  {
    type: 'app',
    key: 'okta_verify',
    name: 'Okta Verify',
    status: 'ACTIVE',
    settings: {
      compliance: { fips: 'OPTIONAL' },
      channelBinding: { style: 'NUMBER_CHALLENGE', required: 'NEVER' },
      userVerification: 'PREFERRED',
      userVerificationMethods: ['BIOMETRICS', 'PIN'],
      appInstanceId: '',
    },
  },
  { type: 'password', key: 'okta_password', name: 'Password', status: 'ACTIVE' },
  { type: 'phone', key: 'phone_number', name: 'Phone', status: 'INACTIVE', settings: { allowedFor: 'recovery' } },
  { type: 'security_key', key: 'webauthn', name: 'Security Key or Biometric', status: 'INACTIVE' },
  {
    type: 'security_question',
    key: 'security_question',
    name: 'Security Question',
    status: 'ACTIVE',
    settings: { allowedFor: 'recovery' },
  },
]

const ZONES: readonly { name: string; usage: string; type?: string }[] = [
  { name: 'LegacyIpZone', usage: 'POLICY' },
  { name: 'BlockedIpZone', usage: 'BLOCKLIST' },
  { name: 'DefaultEnhancedDynamicZone', usage: 'BLOCKLIST', type: 'DYNAMIC_V2' },
  { name: 'DefaultExemptIpZone', usage: 'POLICY' },
]

const BEHAVIORS: readonly { name: string; type: string; settings: Json }[] = [
  {
    name: 'New City',
    type: 'ANOMALOUS_LOCATION',
    settings: { maxEventsUsedForEvaluation: 20, minEventsNeededForEvaluation: 0, granularity: 'CITY' },
  },
  {
    name: 'New Device',
    type: 'ANOMALOUS_DEVICE',
    settings: { maxEventsUsedForEvaluation: 20, minEventsNeededForEvaluation: 0 },
  },
  {
    name: 'New Geo-Location',
    type: 'ANOMALOUS_LOCATION',
    settings: {
      maxEventsUsedForEvaluation: 20,
      minEventsNeededForEvaluation: 0,
      granularity: 'LAT_LONG',
      radiusKilometers: 20,
    },
  },
  {
    name: 'New IP',
    type: 'ANOMALOUS_IP',
    settings: { maxEventsUsedForEvaluation: 50, minEventsNeededForEvaluation: 0 },
  },
  { name: 'Velocity', type: 'VELOCITY', settings: { velocityKph: 805 } },
]

/** Authenticators, zones, behaviours, the default brand and the features of a fresh org. */
export function configurationDefaults(moment: OktaMoment): void {
  const { tables } = moment
  for (const { type, key, name, status, settings } of AUTHENTICATORS) {
    const id = put(moment, tables.authenticators, PREFIX.authenticator, {
      status,
      data: { type, key, name, ...(settings && { settings }) },
    })
    for (const method of METHODS[key] ?? []) {
      put(moment, tables.authenticatorMethods, 'aum', {
        id: `${id}/${method.type}`,
        parent: id,
        status: method.status ?? status,
        data: { ...method },
      })
    }
  }
  for (const { name, usage, type = 'IP' } of ZONES) {
    const rest: Json =
      type === 'IP'
        ? { gateways: null, proxies: null }
        : {
            locations: { include: [], exclude: [] },
            ipServiceCategories: { include: ['ALL_ANONYMIZERS'], exclude: [] },
            asns: { include: [], exclude: [] },
          }
    put(moment, tables.zones, PREFIX.zone, {
      status: name === 'DefaultEnhancedDynamicZone' ? 'INACTIVE' : 'ACTIVE',
      data: { type, name, usage, system: true, ...rest },
    })
  }
  for (const behavior of BEHAVIORS)
    put(moment, tables.behaviors, PREFIX.behavior, { status: 'ACTIVE', data: { ...behavior } })
  const org = tables.org.all()[0]
  const brand = put(moment, tables.brands, PREFIX.brand, {
    data: {
      name: org?.subdomain ?? 'okta',
      removePoweredByOkta: false,
      customPrivacyPolicyUrl: null,
      agreeToCustomPrivacyPolicy: false,
      isDefault: true,
      locale: null,
    },
  })
  put(moment, tables.themes, PREFIX.theme, { parent: brand, data: DEFAULT_THEME })
  for (const [name, displayName, platform] of DEVICE_INTEGRATIONS) {
    put(moment, tables.deviceIntegrations, PREFIX.deviceIntegration, {
      id: fixedId(PREFIX.deviceIntegration, name),
      status: 'DEACTIVATED',
      data: { name, displayName, platform },
    })
  }
  for (const [name, description, stage] of FEATURES) {
    put(moment, tables.features, PREFIX.feature, {
      id: fixedId(PREFIX.feature, name),
      status: 'DISABLED',
      data: {
        name,
        description,
        stage,
        helpDoc: `https://help.okta.com/okta_help.htm?type=oie&locale=en&id=${fixedId('csh-', name)}`,
        ...(/claims|assurance/.test(name) && { devDoc: 'https://developer.okta.com/docs/release-notes/' }),
      },
    })
  }
}

/** Who else can vouch for a device; none does until an administrator says so. */
const DEVICE_INTEGRATIONS: readonly (readonly [name: string, displayName: string, platform: string])[] = [
  ['com.android.zero.trust', 'Android Device Trust', 'ANDROID'],
  ['com.google.dtc', 'Chrome Device Trust', 'CHROMEOS'],
  ['com.okta.device.osquery', 'OSQuery', 'MACOS'],
  ['com.okta.windowssecuritycenter', 'Windows Security Center', 'WINDOWS'],
]

/** The realm of everybody who is in no other. */
export function realmDefaults(moment: OktaMoment): void {
  const data = { profile: { name: 'Default Realm' }, isDefault: true }
  put(moment, moment.tables.realms, PREFIX.realm, { data })
}

export function rateLimitDefaults(moment: OktaMoment): void {
  for (const { id, userId } of moment.tables.apiTokens.all()) addRateLimit(moment, 'SSWS_TOKEN', id, userId)
}
