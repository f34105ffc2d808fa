import { newId, PREFIX } from '../ids.ts'
import type { OktaMoment } from '../operations/define.ts'
import { addServerKey, furnishServer, ORG_SERVER } from '../rules/authorizationServers.ts'
import { tokenPolicyDefaults } from './policies.ts'

/** The keys of the org's own server, and the custom server `default` that every org with API Access Management has. */
export function authorizationServerDefaults(moment: OktaMoment): void {
  addServerKey(moment, ORG_SERVER, 'ACTIVE')
  const server = moment.tables.authorizationServers.insert({
    id: newId(moment, PREFIX.authorizationServer),
    name: 'default',
    description: 'Default Authorization Server for your Applications',
    audiences: ['api://default'],
    issuerMode: 'ORG_URL',
    status: 'ACTIVE',
    default: true,
    created: moment.now,
    lastUpdated: moment.now,
    rotationMode: 'AUTO',
  })
  furnishServer(moment, server)
  tokenPolicyDefaults(moment, server.id)
}
