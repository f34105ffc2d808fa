import { accessOf, accessView, addAccess, removeAccess, setAccess } from '../../accessLists.ts'
import type { SlackCall } from '../../caller.ts'
import { done, fail } from '../../errors.ts'
import { limit } from '../../rules/arguments.ts'
import { offsetPage } from '../../rules/cursors.ts'
import type { AccessList, App, McpServer } from '../../tables.ts'
import { operations } from '../define.ts'
import { administrator, orgApp } from './gate.ts'

/** Who of an organisation may use an app, and the servers of tools it offers. */

const UNSET = 'everyone'
const resourceOf = (app: App) => `app:${app.id}`

type Change = (call: SlackCall, resource: string, type: string) => AccessList

/** One method on an app's list; changing single entities needs a list that was set. */
const permissions =
  (change: Change, needsList = false) =>
  (call: SlackCall) => {
    administrator(call)
    const app = orgApp(call)
    if (needsList && !call.tables.accessLists.has(resourceOf(app))) throw fail('app_acl_not_found')
    return done(accessView(change(call, resourceOf(app), UNSET)))
  }

const typeOf = (call: SlackCall): string => String((call.query as { permission_type?: string }).permission_type)

/** From nobody to everybody: a server's list may not reach further than its app's. */
const BREADTH = ['no_one', 'named_entities', 'named_entities_exclude', 'everyone']

function requireNarrower(call: SlackCall, app: App): void {
  const own = accessOf(call, resourceOf(app), UNSET)
  const type = typeOf(call)
  if (BREADTH.indexOf(type) > BREADTH.indexOf(own.type)) throw fail('server_acl_type_broader_than_app')
}

const serverView = (app: App, server: McpServer) => ({
  server_id: server.id,
  server_name: server.name,
  url: server.url,
  auth_type: server.authType,
  app_id: app.id,
  app_name: app.name,
})

const mcpResource = (server: McpServer) => `mcp:${server.id}`

export const adminAppPermissions = operations({
  'admin.apps.permissions.list': permissions(accessOf),
  'admin.apps.permissions.add': permissions(addAccess, true),
  'admin.apps.permissions.remove': permissions(removeAccess, true),
  'admin.apps.permissions.set': permissions((call, resource) => setAccess(call, resource, typeOf(call))),

  'admin.apps.mcp.servers.list': (call) => {
    administrator(call)
    const rows = call.tables.apps
      .all()
      .flatMap((app) => (app.mcpServers ?? []).map((server) => serverView(app, server)))
    const page = offsetPage(rows, limit(call.query.limit, 100, 1000), call.query.cursor)
    return done({ servers: page.items, response_metadata: { next_cursor: page.next } })
  },

  'admin.apps.mcp.servers.permissions.list': (call) => {
    administrator(call)
    const app = orgApp(call)
    return done({
      servers: (app.mcpServers ?? []).map((server) => ({
        ...serverView(app, server),
        ...accessView(accessOf(call, mcpResource(server), UNSET)),
      })),
    })
  },

  'admin.apps.mcp.servers.permissions.set': (call) => {
    administrator(call)
    const app = orgApp(call)
    const server = app.mcpServers?.find(({ id }) => id === call.query.server_id)
    if (!server) throw fail('server_not_found')
    if (!BREADTH.includes(typeOf(call))) throw fail('invalid_permission_type')
    requireNarrower(call, app)
    return done(accessView(setAccess(call, mcpResource(server), typeOf(call))))
  },
})
