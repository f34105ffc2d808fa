import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Client, openWorkspace, type Workspace } from './testing.ts'

let workspace: Workspace
let admin: Client
let bot: Client
let appId: string
let omar: string
let enterprise: string

const OMAR = 'omar.reyes@grid.test'

beforeAll(async () => {
  workspace = await openWorkspace({ fixture: 'grid' })
  ;({ bot, user: admin } = workspace)
  appId = workspace.access.appId
  omar = (await bot.ok('users.lookupByEmail', { email: OMAR })).user.id
  enterprise = (await bot.ok('auth.test')).enterprise_id
})
afterAll(() => workspace.close())

/** Another app of the organisation, installed. */
async function newApp(): Promise<string> {
  const manifest = {
    display_information: { name: 'Asked for' },
    oauth_config: { scopes: { bot: ['chat:write'] }, redirect_urls: ['http://localhost'] },
  }
  return (await workspace.config.ok('apps.manifest.create', { manifest: JSON.stringify(manifest) })).app_id
}

describe('apps of an organisation', () => {
  const decided = async (list: string, key: string): Promise<string[]> =>
    (await admin.ok(list))[key].map((one: Answer) => one.app.id)

  it('are approved or restricted, one or the other', async () => {
    await admin.ok('admin.apps.approve', { app_id: appId })
    expect(await decided('admin.apps.approved.list', 'approved_apps')).toEqual([appId])
    await admin.ok('admin.apps.restrict', { app_id: appId })
    expect(await decided('admin.apps.approved.list', 'approved_apps')).toEqual([])
    expect(await decided('admin.apps.restricted.list', 'restricted_apps')).toEqual([appId])
    await admin.ok('admin.apps.clearResolution', { app_id: appId })
    expect(await admin.error('admin.apps.clearResolution', { app_id: appId })).toBe('app_not_found')
    expect(await admin.error('admin.apps.approve', { app_id: 'A0NOBODY00' })).toBe('app_not_found')
    expect(await bot.error('admin.apps.approve', { app_id: appId })).toBe('not_allowed_token_type')
  })

  it('are asked for; a decision or a cancellation settles the request', async () => {
    const listener = await workspace.listen()
    const ask = async () =>
      workspace.act('requestApp', { user: OMAR, app: await newApp(), message: 'Please' }).request_id
    const first = await ask()
    workspace.world.universe.clock.advance(1000)
    const second = await ask()
    await listener.heard({ type: 'app_requested' })
    const { app_requests } = await admin.ok('admin.apps.requests.list')
    expect(app_requests).toMatchObject([
      { id: first, message: 'Please', user: { id: omar, email: OMAR }, scopes: [{ name: 'chat:write' }] },
      { id: second },
    ])
    await admin.ok('admin.apps.approve', { request_id: first })
    await admin.ok('admin.apps.requests.cancel', { request_id: second })
    expect((await admin.ok('admin.apps.requests.list')).app_requests).toEqual([])
    expect(await admin.error('admin.apps.requests.cancel', { request_id: second })).toBe('request_already_resolved')
    expect(await admin.error('admin.apps.requests.cancel', { request_id: 'Ar0NOTHING' })).toBe('invalid_request_id')
    const both = { request_id: second, team_id: workspace.access.teamId, enterprise_id: enterprise }
    expect(await admin.error('admin.apps.requests.cancel', both)).toBe('too_many_teams_provided')
    listener.close()
  })

  it('are configured', async () => {
    const set = (more: object) => ({ app_id: appId, ...more })
    await admin.ok('admin.apps.config.set', set({ workflow_auth_strategy: 'end_user_only' }))
    const domain_restrictions = { urls: ['acme.test'], emails: ['acme.test'] }
    await admin.ok('admin.apps.config.set', set({ domain_restrictions, rich_link_preview_type: 'no_preview' }))
    const expected = { app_id: appId, workflow_auth_strategy: 'end_user_only', domain_restrictions }
    expect((await admin.ok('admin.apps.config.lookup', { app_ids: [appId] })).configs).toMatchObject([expected])
    const hidden = { rich_link_preview_types: ['no_preview'] }
    expect((await admin.ok('admin.apps.config.lookup', hidden)).configs).toMatchObject([expected])
    expect(await admin.error('admin.apps.config.lookup')).toBe('missing_args')
    const none = set({ domain_restrictions: { urls: [], emails: [] } })
    expect(await admin.error('admin.apps.config.set', none)).toBe('no_domains_provided')
    const bad = set({ domain_restrictions: { urls: ['not a domain'] } })
    expect(await admin.error('admin.apps.config.set', bad)).toBe('invalid_domains')
    const many = set({ domain_restrictions: { urls: Array.from({ length: 51 }, (_, i) => `d${i}.test`) } })
    expect(await admin.error('admin.apps.config.set', many)).toBe('too_many_domains_provided')
    expect(await admin.error('admin.apps.config.set', { app_id: 'A0NOBODY00' })).toBe('invalid_app')
  })

  it('are for everyone, for some, or for nobody', async () => {
    const app = { app_id: appId }
    expect(await admin.ok('admin.apps.permissions.list', app)).toMatchObject({ permission_type: 'everyone' })
    expect(await admin.error('admin.apps.permissions.add', { ...app, user_ids: [omar] })).toBe('app_acl_not_found')
    await admin.ok('admin.apps.permissions.set', { ...app, permission_type: 'no_one' })
    expect(await admin.error('admin.apps.permissions.add', { ...app, user_ids: [omar] })).toBe(
      'invalid_permission_type',
    )
    const named = { ...app, permission_type: 'named_entities' }
    expect(await admin.error('admin.apps.permissions.set', named)).toBe('named_entities_cannot_be_empty')
    await admin.ok('admin.apps.permissions.set', { ...named, user_ids: [omar] })
    const group = (await bot.ok('usergroups.create', { name: 'Testers' })).usergroup.id
    await admin.ok('admin.apps.permissions.add', { ...app, usergroup_ids: [group] })
    expect(await admin.ok('admin.apps.permissions.list', app)).toMatchObject({
      user_ids: [omar],
      usergroup_ids: [group],
    })
    await admin.ok('admin.apps.permissions.remove', { ...app, user_ids: [omar] })
    const last = { ...app, usergroup_ids: [group] }
    expect(await admin.error('admin.apps.permissions.remove', last)).toBe('named_entities_cannot_be_empty')
    expect(await admin.error('admin.apps.permissions.add', { ...app, user_ids: ['U0NOBODY00'] })).toBe('user_not_found')
  })

  it('offer servers of tools to no more people than the app itself', async () => {
    const mcpServers = [{ name: 'Tools', url: 'https://tools.acme.test/mcp', authType: 'oauth' }]
    workspace.act('configureApp', { mcpServers })
    const { servers } = await admin.ok('admin.apps.mcp.servers.list')
    expect(servers).toMatchObject([{ server_name: 'Tools', app_id: appId, auth_type: 'oauth' }])
    const server = { app_id: appId, server_id: servers[0].server_id }
    const set = (more: object) => ({ ...server, ...more })
    expect(await admin.error('admin.apps.mcp.servers.permissions.set', set({ permission_type: 'everyone' }))).toBe(
      'server_acl_type_broader_than_app',
    )
    await admin.ok(
      'admin.apps.mcp.servers.permissions.set',
      set({ permission_type: 'named_entities', user_ids: [omar] }),
    )
    const listed = await admin.ok('admin.apps.mcp.servers.permissions.list', { app_id: appId })
    expect(listed.servers).toMatchObject([
      { server_id: server.server_id, permission_type: 'named_entities', user_ids: [omar] },
    ])
    const unknown = { ...server, server_id: 'Amcp0NOTHING', permission_type: 'no_one' }
    expect(await admin.error('admin.apps.mcp.servers.permissions.set', unknown)).toBe('server_not_found')
    expect(await admin.error('admin.apps.mcp.servers.permissions.list', { app_id: 'A0NOBODY00' })).toBe('app_not_found')
  })

  it('are taken out of workspaces', async () => {
    const app_id = await newApp()
    expect(await admin.error('admin.apps.uninstall', { app_id })).toBe('specify_enterprise_or_teams')
    expect(await admin.error('admin.apps.uninstall', { app_id, team_ids: 'T0NOTHING0' })).toBe('teams_not_found')
    expect(await admin.error('admin.apps.uninstall', { app_id, enterprise_id: 'E0NOTHING0' })).toBe(
      'enterprise_not_found',
    )
    await admin.ok('admin.apps.uninstall', { app_id, enterprise_id: enterprise })
    await admin.ok('admin.apps.uninstall', { app_id, team_ids: workspace.access.teamId })
    expect(await admin.error('admin.apps.uninstall', { app_id: 'A0NOBODY00' })).toBe('app_not_found')
  })
})

describe('the organisation trusts', () => {
  it('networks it names', async () => {
    expect(await admin.ok('admin.audit.anomaly.allow.getItem')).toMatchObject({ trusted_asns: [], trusted_cidr: [] })
    await admin.ok('admin.audit.anomaly.allow.updateItem', { trusted_cidr: ['10.0.0.0/8'] })
    await admin.ok('admin.audit.anomaly.allow.updateItem', { trusted_asns: [64_512] })
    expect(await admin.ok('admin.audit.anomaly.allow.getItem')).toMatchObject({
      trusted_asns: [64_512],
      trusted_cidr: ['10.0.0.0/8'],
    })
    for (const trusted_cidr of [['10.0.0.0/33'], ['300.0.0.0/8'], ['ten']])
      expect(await admin.error('admin.audit.anomaly.allow.updateItem', { trusted_cidr })).toBe('invalid_field_or_data')
  })
})
