import type { Recorder } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import type { Json } from '../tables/document.ts'

interface Instance {
  readonly id: string
  readonly name: string
}

/** What a provider's attributes become in Okta without anybody saying so: target ← expression, by kind of provider. */
const SAML: Readonly<Record<string, string>> = {
  firstName: 'source.firstName',
  lastName: 'source.lastName',
  email: 'source.email',
  mobilePhone: 'source.mobilePhone',
  login: 'source.userName',
}

const OIDC: Readonly<Record<string, string>> = {
  login: 'appuser.email',
  displayName: 'appuser.displayName',
  nickName: 'appuser.nickname',
  firstName: 'appuser.firstName',
  middleName: 'appuser.middleName',
  lastName: 'appuser.lastName',
  email: 'appuser.email',
  profileUrl: 'appuser.profile',
  timezone: 'appuser.zoneinfo == null ? "America/Los_Angeles" : appuser.zoneinfo',
  primaryPhone: 'appuser.phoneNumber',
  streetAddress: 'appuser.street_address',
  city: 'appuser.locality',
  state: 'appuser.region',
  zipCode: 'appuser.postalCode',
  countryCode: 'appuser.country',
}

const SOCIAL: Readonly<Record<string, string>> = {
  login: 'appuser.email',
  ...Object.fromEntries(
    [
      'email',
      'firstName',
      'middleName',
      'lastName',
      'honorificPrefix',
      'honorificSuffix',
      'displayName',
      'profileUrl',
    ].map((name) => [name, `appuser.${name}`]),
  ),
}

/** Okta Verify, an app that no list shows, but whose mappings are the first of every org (seen in traffic). */
export const OKTA_VERIFY = 'Okta_Authenticator'

const IMPORTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  saml_idp: SAML,
  oidc_idp: OIDC,
  [OKTA_VERIFY]: { email: 'appuser.userName' },
}

const entry = (expression: string): Json => ({ expression, pushStatus: 'DONT_PUSH' })

/** An app or identity provider brings mappings: from its users to Okta's, one per user type, and back. */
export function addMappings(call: Recorder, instance: Instance, imports: boolean): void {
  const appUser = { id: instance.id, name: instance.name, type: 'appuser' }
  const imported = imports ? Object.entries(IMPORTS[instance.name] ?? SOCIAL) : []
  const inward = Object.fromEntries(imported.map(([target, expression]) => [target, entry(expression)]))
  for (const { id, name } of call.tables.userTypes.all()) {
    const user = { id, name, type: 'user' }
    add(call, instance, { source: appUser, target: user, properties: inward })
    add(call, instance, { source: user, target: appUser, properties: {} })
  }
}

function add(call: Recorder, instance: Instance, data: Json): void {
  call.tables.profileMappings.insert({
    id: newId(call, PREFIX.mapping),
    parent: instance.id,
    created: call.now,
    lastUpdated: call.now,
    data,
  })
}

/** They go with it. */
export function removeMappings(call: Recorder, instanceId: string): void {
  for (const row of call.tables.profileMappings.where('parent', instanceId)) call.tables.profileMappings.remove(row.id)
}
