import { Buffer } from 'node:buffer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Client, openWorkspace, type Workspace } from './testing.ts'

let workspace: Workspace
let bot: Client
let user: Client
let config: Client
let anyone: Client
let appId: string

beforeAll(async () => {
  workspace = await openWorkspace({ fixture: 'grid' })
  ;({ bot, user, config } = workspace)
  anyone = workspace.as(undefined)
  appId = workspace.access.appId
})
afterAll(() => workspace.close())

const manifest = (settings: object = {}, scopes: object = { bot: ['chat:write', 'users:read'] }) => ({
  display_information: { name: 'Made' },
  features: { bot_user: { display_name: 'made' } },
  oauth_config: { redirect_urls: ['http://localhost:9999/back'], scopes },
  settings,
})

const make = (...given: Parameters<typeof manifest>): Promise<Answer> =>
  config.ok('apps.manifest.create', { manifest: JSON.stringify(manifest(...given)) })

/** Consents on a page of the given path; the code that came back. */
async function consent(path: string, client: string, query: Record<string, string>): Promise<string> {
  const parameters = new URLSearchParams({ client_id: client, ...query })
  const page = await fetch(`${workspace.access.url}${path}?${parameters}`, { redirect: 'manual' })
  return new URL(page.headers.get('location') as string).searchParams.get('code') as string
}

/** The size of an image is in its first bytes. */
const png = (width: number, height: number): Buffer => {
  const bytes = Buffer.alloc(24)
  bytes.write('\u0089PNG\r\n\u001a\n', 'latin1')
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

describe('a manifest', () => {
  it('makes, changes, shows and deletes an app', async () => {
    const { app_id, credentials, oauth_authorize_url } = await make()
    expect(oauth_authorize_url).toContain(credentials.client_id)
    expect(await config.ok('apps.manifest.validate', { manifest: JSON.stringify(manifest()) })).toMatchObject({
      errors: [],
    })
    expect(await config.refusal('apps.manifest.validate', { manifest: '{}' })).toMatchObject({
      error: 'invalid_manifest',
      errors: [{ pointer: '/' }],
    })
    const changed = manifest({}, { bot: ['chat:write', 'files:read'] })
    expect(await config.ok('apps.manifest.update', { app_id, manifest: JSON.stringify(changed) })).toMatchObject({
      app_id,
      permissions_updated: true,
    })
    expect((await config.ok('apps.manifest.export', { app_id })).manifest).toEqual(changed)
    await config.ok('apps.manifest.delete', { app_id })
    expect(await config.error('apps.manifest.export', { app_id })).toBe('app_not_found')
    expect(await bot.error('apps.manifest.export', { app_id })).toBe('not_allowed_token_type')
  })

  it('is followed by a picture', async () => {
    const { app_id } = await make()
    expect(await config.error('apps.icon.set', { app_id })).toBe('missing_arguments')
    expect(await config.error('apps.icon.set', { app_id, url: 'nowhere' })).toBe('icon_not_accessible')
    await config.ok('apps.icon.set', { app_id, url: 'https://acme.test/icon.png' })
    await config.ok('apps.icon.set', { app_id, file: png(512, 600) })
    expect(await config.error('apps.icon.set', { app_id, file: png(100, 100) })).toBe('invalid_icon_size')
    expect(await config.error('apps.icon.set', { app_id, file: Buffer.from('text') })).toBe('error_bad_format')
    expect(await config.error('apps.icon.set', { app_id: 'A0NOBODY00', url: 'https://acme.test/x' })).toBe(
      'invalid_app',
    )
  })

  it('by an app with a configuration token of its own makes apps it manages', async () => {
    const manager = workspace.as(
      workspace.token('configuration', ['app_configurations:read', 'app_configurations:write']),
    )
    const { app_id } = await manager.ok('apps.manifest.create', { manifest: JSON.stringify(manifest()) })
    expect(await manager.ok('apps.managed.permissions.set', { app_id, permissions: 'app_owner' })).toMatchObject({
      permission_type: 'named_entities',
      user_ids: [(await user.ok('auth.test')).user_id],
    })
    const everyone = { app_id, permissions: 'everyone' }
    expect(await manager.ok('apps.managed.permissions.set', everyone)).toMatchObject({ permission_type: 'everyone' })
    expect(await config.error('apps.managed.permissions.set', everyone)).toBe('access_denied')
    const other = (await make()).app_id
    expect(await manager.error('apps.managed.permissions.set', { ...everyone, app_id: other })).toBe('app_not_managed')
  })
})

describe('installing', () => {
  it('a classic app gives two tokens, by its own page and method', async () => {
    const { credentials } = await make()
    const who = { client_id: credentials.client_id, client_secret: credentials.client_secret }
    const code = await consent('/oauth/authorize', who.client_id, { scope: 'bot,chat:write:user' })
    const granted = await anyone.ok('oauth.access', { ...who, code })
    expect(granted).toMatchObject({
      team_id: workspace.access.teamId,
      scope: 'identify,chat:write:user,bot',
      bot: { bot_user_id: expect.stringMatching(/^U/), bot_access_token: expect.stringMatching(/^xoxb-/) },
    })
    const classic = workspace.as(granted.bot.bot_access_token)
    expect((await classic.ok('rtm.connect')).url).toMatch(/^ws:/)
    expect((await classic.ok('users.list')).response_metadata.scopes).toEqual(['bot'])
    expect(await classic.error('usergroups.create', { name: 'x' })).toBe('missing_scope')
    expect(await anyone.error('oauth.access', { ...who, code })).toBe('invalid_code')
    const newer = await consent('/oauth/v2/authorize', who.client_id, { scope: 'chat:write' })
    expect(await anyone.error('oauth.access', { ...who, code: newer })).toBe('oauth_authorization_url_mismatch')
    expect(await anyone.error('oauth.access', { ...who, client_secret: 'x', code: newer })).toBe('bad_client_secret')
  })

  it('for a person alone gives a user token', async () => {
    const { credentials } = await make({}, { user: ['chat:write'] })
    const who = { client_id: credentials.client_id, client_secret: credentials.client_secret }
    const code = await consent('/oauth/v2/authorize', who.client_id, { user_scope: 'chat:write' })
    const granted = await anyone.ok('oauth.v2.user.access', { ...who, code })
    expect(granted).toMatchObject({ token_type: 'user', scope: 'chat:write' })
    expect(await workspace.as(granted.access_token).ok('auth.revoke', { test: true })).toMatchObject({ revoked: false })
    expect(await workspace.as(granted.access_token).ok('auth.revoke')).toMatchObject({ revoked: true })
    expect(await workspace.as(granted.access_token).error('auth.test')).toBe('token_revoked')
  })

  it('changes a lasting token for an expiring one', async () => {
    const { app_id, credentials } = await make()
    const who = { client_id: credentials.client_id, client_secret: credentials.client_secret }
    const code = await consent('/oauth/v2/authorize', who.client_id, { scope: 'chat:write' })
    const { access_token } = await anyone.ok('oauth.v2.access', { ...who, code })
    const lasting = workspace.as(access_token)
    expect(await lasting.error('oauth.v2.exchange', who)).toBe('token_rotation_not_enabled')
    const rotating = JSON.stringify(manifest({ token_rotation_enabled: true }))
    await config.ok('apps.manifest.update', { app_id, manifest: rotating })
    const fresh = await lasting.ok('oauth.v2.exchange', who)
    expect(fresh).toMatchObject({ access_token: expect.stringMatching(/^xoxe\.xoxb-/), expires_in: 43_200, app_id })
    expect(await lasting.error('auth.test')).toBe('invalid_auth')
  })

  it('ends with its tokens', async () => {
    const { credentials } = await make()
    const who = { client_id: credentials.client_id, client_secret: credentials.client_secret }
    const code = await consent('/oauth/v2/authorize', who.client_id, { scope: 'chat:write' })
    const installed = workspace.as((await anyone.ok('oauth.v2.access', { ...who, code })).access_token)
    expect(await installed.error('apps.uninstall', { ...who, client_secret: 'x' })).toBe('bad_client_secret')
    expect(await bot.error('apps.uninstall', who)).toBe('client_id_token_mismatch')
    await installed.ok('apps.uninstall', who)
    expect(await installed.error('auth.test')).toBe('account_inactive')
  })

  it('keeps configuration tokens alive by rotation', async () => {
    const refresh_token = workspace.world.multiverse.moment(workspace.world.universe, 'slack', (moment) => {
      const rows = [...(moment.tables.tokens as Answer).rows()]
      return moment.seal(rows.find((row) => row.kind === 'configuration' && row.refresh).refresh)
    })
    const rotated = await anyone.ok('tooling.tokens.rotate', { refresh_token })
    expect(rotated.exp - rotated.iat).toBe(43_200)
    expect(await anyone.error('tooling.tokens.rotate', { refresh_token })).toBe('invalid_refresh_token')
  })
})

describe('signing in with Slack', () => {
  it('gives an identity token and claims', async () => {
    const { credentials } = await make()
    const who = { client_id: credentials.client_id, client_secret: credentials.client_secret }
    const query = { scope: 'openid profile email', nonce: 'n1', response_type: 'code' }
    const code = await consent('/openid/connect/authorize', who.client_id, {
      ...query,
      redirect_uri: 'http://localhost:9999/back',
    })
    const redirect_uri = 'http://localhost:9999/back'
    const token = await anyone.ok('openid.connect.token', { ...who, code, redirect_uri })
    expect(token).toMatchObject({ token_type: 'Bearer', id_token: expect.stringMatching(/^ey/) })
    expect(await workspace.as(token.access_token).ok('openid.connect.userInfo')).toMatchObject({
      email: 'owner@example.test',
      'https://slack.com/team_id': workspace.access.teamId,
    })
    expect(await bot.error('openid.connect.userInfo')).toBe('not_allowed_token_type')
    const basic = workspace.as(workspace.token('user', ['identity.basic']))
    expect(await basic.ok('users.identity')).toMatchObject({ user: { name: 'Olive Owner' } })
    expect(await user.error('users.identity')).toBe('missing_scope')
  })
})

describe('an app', () => {
  it('learns on whose behalf it heard an event', async () => {
    const context = Buffer.from(JSON.stringify({ et: 'message', aid: appId })).toString('base64url')
    const listed = await workspace.app.ok('apps.event.authorizations.list', { event_context: `4-${context}` })
    expect(listed.authorizations).toMatchObject(
      [{ is_bot: true }, { is_bot: false }].map((one) => expect.objectContaining(one)),
    )
    expect(await workspace.app.error('apps.event.authorizations.list', { event_context: 'x' })).toBe(
      'invalid_event_context',
    )
    expect(await bot.error('apps.event.authorizations.list', { event_context: 'x' })).toBe('not_allowed_token_type')
  })

  it('says whether a person is connected to it', async () => {
    const { user_id } = await user.ok('auth.test')
    await user.ok('apps.user.connection.update', { user_id, status: 'connected' })
    const stranger = { user_id: 'U0NOBODY00', status: 'connected' }
    expect(await user.error('apps.user.connection.update', stranger)).toBe('user_not_found')
    workspace.act('configureApp', { events: { bot: ['message.channels'] } })
    expect(await user.error('apps.user.connection.update', { user_id, status: 'connected' })).toBe('app_not_subscribed')
  })

  it('fetches, renews and deletes tokens people gave it for other services', async () => {
    const account = { user: 'owner', provider: 'github', token: 'gho_1', extras: { scope: 'repo' } }
    const { external_token_id } = workspace.act('connectAccount', account)
    const get = (more: object = {}) => bot.ok('apps.auth.external.get', { external_token_id, ...more })
    expect(await get()).toMatchObject({ external_token: 'gho_1', token_response_extras: { scope: 'repo' } })
    const renewed = await get({ force_refresh: true })
    expect(renewed.external_token).not.toBe('gho_1')
    expect((await get()).external_token).toBe(renewed.external_token)
    const lasting = workspace.act('connectAccount', { ...account, refreshable: false }).external_token_id
    const forced = { external_token_id: lasting, force_refresh: true }
    expect(await bot.error('apps.auth.external.get', forced)).toBe('no_refresh_token')
    expect(await bot.error('apps.auth.external.delete', { provider_key: 'gitlab' })).toBe('providers_not_found')
    await bot.ok('apps.auth.external.delete', { external_token_id })
    expect(await bot.error('apps.auth.external.get', { external_token_id })).toBe('token_not_found')
    await bot.ok('apps.auth.external.delete', { provider_key: 'github' })
    expect(await bot.error('apps.auth.external.delete', { app_id: appId })).toBe('no_tokens_found')
    expect(await bot.error('apps.auth.external.delete')).toBe('invalid_args')
  })

  it('keeps items in its datastores', async () => {
    const datastore = 'orders'
    const items = [1, 2, 3].map((size) => ({ id: `o${size}`, size }))
    await bot.ok('apps.datastore.bulkPut', { datastore, items })
    expect((await bot.ok('apps.datastore.count', { datastore })).count).toBe(3)
    const big = { expression: '#s >= :n', expression_attributes: { '#s': 'size' }, expression_values: { ':n': 2 } }
    expect((await bot.ok('apps.datastore.count', { datastore, ...big })).count).toBe(2)
    const { item } = await bot.ok('apps.datastore.update', { datastore, item: { id: 'o1', paid: true } })
    expect(item).toEqual({ id: 'o1', size: 1, paid: true })
    expect((await bot.ok('apps.datastore.get', { datastore, id: 'o1' })).item).toEqual(item)
    expect((await bot.ok('apps.datastore.bulkGet', { datastore, ids: ['o2', 'o9'] })).items).toEqual([
      { id: 'o2', size: 2 },
    ])
    await bot.ok('apps.datastore.delete', { datastore, id: 'o1' })
    expect((await bot.ok('apps.datastore.get', { datastore, id: 'o1' })).item).toEqual({})
    await bot.ok('apps.datastore.bulkDelete', { datastore, ids: ['o2', 'o3'] })
    expect((await bot.ok('apps.datastore.count', { datastore })).count).toBe(0)
    expect(await bot.refusal('apps.datastore.update', { datastore, item: {} })).toMatchObject({
      error: 'datastore_error',
      errors: [{ pointer: '/item' }],
    })
  })
})
