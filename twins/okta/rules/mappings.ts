import type { Recorder } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import type { Json } from '../tables/document.ts'
import { defaultType } from './users.ts'

interface Instance {
  readonly id: string
  readonly name: string
}

/** Attributes a directory of users maps to Okta's without being told to. */
const IMPORTED = ['email', 'firstName', 'middleName', 'lastName', 'honorificPrefix', 'honorificSuffix', 'displayName']
// biome-ignore format: a list of names

const entry = (expression: string): Json => ({ expression, pushStatus: 'DONT_PUSH' })

/** An app or identity provider brings two mappings: from its users to Okta's, and back. */
export function addMappings(call: Recorder, instance: Instance, imports: boolean): void {
  const type = defaultType(call.tables)
  const user = { id: type.id, name: type.name, type: 'user' }
  const appUser = { id: instance.id, name: instance.name, type: 'appuser' }
  const inward = imports
    ? { login: entry('appuser.email'), ...Object.fromEntries(IMPORTED.map((name) => [name, entry(`appuser.${name}`)])) }
    : {}
  for (const [source, target, properties] of [
    [appUser, user, inward],
    [user, appUser, {}],
  ]) {
    call.tables.profileMappings.insert({
      id: newId(call, PREFIX.mapping),
      parent: instance.id,
      created: call.now,
      lastUpdated: call.now,
      data: { source, target, properties },
    })
  }
}

/** They go with it. */
export function removeMappings(call: Recorder, instanceId: string): void {
  for (const row of call.tables.profileMappings.where('parent', instanceId)) call.tables.profileMappings.remove(row.id)
}
