import type { Recorder } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import type { Json } from '../tables/document.ts'

interface Instance {
  readonly id: string
  readonly name: string
}

/** Attributes a directory of users maps to Okta's without being told to. */
const IMPORTED = ['email', 'firstName', 'middleName', 'lastName', 'honorificPrefix', 'honorificSuffix', 'displayName']
// biome-ignore format: a list of names

const entry = (expression: string): Json => ({ expression, pushStatus: 'DONT_PUSH' })

/** An app or identity provider brings mappings: from its users to Okta's, one per user type, and back. */
export function addMappings(call: Recorder, instance: Instance, imports: boolean): void {
  const appUser = { id: instance.id, name: instance.name, type: 'appuser' }
  const inward = imports
    ? { login: entry('appuser.email'), ...Object.fromEntries(IMPORTED.map((name) => [name, entry(`appuser.${name}`)])) }
    : {}
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
