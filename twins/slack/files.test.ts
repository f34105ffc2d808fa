import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Client, openWorkspace, type Workspace } from './testing.ts'

let workspace: Workspace
let bot: Client
let user: Client
let channel: string
let owner: string

beforeAll(async () => {
  workspace = await openWorkspace()
  ;({ bot, user } = workspace)
  channel = (await bot.ok('conversations.create', { name: 'library' })).channel.id
  owner = (await user.ok('auth.test')).user_id
})
afterAll(() => workspace.close())

async function uploaded(client: Client, filename: string, body = 'abc'): Promise<string> {
  const { file_id, upload_url } = await client.ok('files.getUploadURLExternal', { filename, length: body.length })
  await fetch(upload_url, { method: 'POST', body })
  await client.ok('files.completeUploadExternal', { files: [{ id: file_id }] })
  return file_id
}

describe('files', () => {
  it('are shared with the world and taken back by people', async () => {
    const file = await uploaded(user, 'open.txt')
    const listed = await user.ok('files.list', { user: owner, types: 'snippets,all' })
    expect(listed).toMatchObject({ files: [{ id: file, name: 'open.txt' }], paging: { total: 1, page: 1 } })
    expect((await user.ok('files.list', { types: 'images' })).files).toEqual([])
    expect((await user.ok('files.sharedPublicURL', { file })).file).toMatchObject({ public_url_shared: true })
    expect(await user.error('files.sharedPublicURL', { file })).toBe('already_public')
    expect((await user.ok('files.revokePublicURL', { file })).file).toMatchObject({ public_url_shared: false })
    expect(await bot.error('files.sharedPublicURL', { file })).toBe('not_allowed_token_type')
  })

  it('are deleted once, and not the old way uploaded', async () => {
    const file = await uploaded(bot, 'gone.txt')
    const listener = await workspace.listen()
    await bot.ok('files.delete', { file })
    await listener.heard({ type: 'file_deleted', file_id: file })
    expect(await bot.error('files.info', { file })).toBe('file_deleted')
    const theirs = await uploaded(user, 'mine.txt')
    expect(await bot.error('files.delete', { file: theirs })).toBe('file_not_found')
    expect(await bot.error('files.upload', { content: 'x' })).toBe('method_deprecated')
    expect(await bot.error('files.comments.delete', { file: await uploaded(bot, 'x.txt'), id: 'Fc1' })).toBe(
      'cant_delete',
    )
    listener.close()
  })

  it('may live elsewhere, known by an id of the app’s own', async () => {
    const external_id = 'doc-1'
    const given = { external_id, external_url: 'https://docs.test/1', title: 'Specification' }
    const { file } = await bot.ok('files.remote.add', given)
    expect(file).toMatchObject({ external_id, is_external: true, title: 'Specification', mode: 'external' })
    expect(await bot.error('files.remote.add', given)).toBe('invalid_external_id')
    await bot.ok('files.remote.update', { external_id, title: 'Specification 2' })
    expect((await bot.ok('files.remote.info', { file: file.id })).file.title).toBe('Specification 2')
    await bot.ok('files.remote.share', { external_id, channels: channel })
    expect((await bot.ok('files.remote.list', { channel })).files).toMatchObject([{ id: file.id }])
    const { messages } = await bot.ok('conversations.history', { channel, limit: 1 })
    expect(messages[0].files).toMatchObject([{ id: file.id }])
    expect(await bot.error('files.remote.info', { external_id, file: file.id })).toBe('too_many_ids')
    await bot.ok('files.remote.remove', { external_id })
    expect(await bot.error('files.remote.info', { external_id })).toBe('file_not_found')
    expect(await user.error('files.remote.add', given)).toBe('not_allowed_token_type')
  })
})

describe('canvases', () => {
  it('are seen by those who were given access', async () => {
    const { canvas_id } = await user.ok('canvases.create', { title: 'Secret' })
    const look = { canvas_id, criteria: { contains_text: 'x' } }
    expect(await bot.error('canvases.sections.lookup', look)).toBe('canvas_not_found')
    await bot.ok('conversations.invite', { channel, users: owner })
    await user.ok('canvases.access.set', { canvas_id, access_level: 'read', channel_ids: [channel] })
    expect((await bot.ok('canvases.sections.lookup', look)).sections).toEqual([])
    await user.ok('canvases.access.delete', { canvas_id, channel_ids: [channel] })
    expect(await bot.error('canvases.sections.lookup', look)).toBe('canvas_not_found')
    const stranger = { canvas_id, access_level: 'read', user_ids: ['U0NOBODY00'] }
    expect(await user.error('canvases.access.set', stranger)).toBe('user_not_found')
    await user.ok('canvases.delete', { canvas_id })
    expect(await user.error('canvases.delete', { canvas_id })).toBe('canvas_deleted')
  })
})

describe('lists', () => {
  const schema = [
    { key: 'name', name: 'Name', type: 'text', is_primary_column: true },
    { key: 'size', name: 'Size', type: 'number' },
  ]
  let list_id: string
  let columns: { id: string; key: string }[]

  /** The value of a cell of a text column. */
  const words = (text: string) => [
    { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] },
  ]
  const column = (key: string): string => columns.find((one) => one.key === key)?.id as string
  const item = async (name: string, size: number, more: object = {}): Promise<Answer> => {
    const fields = [
      { column_id: column('name'), rich_text: words(name) },
      { column_id: column('size'), number: [size] },
    ]
    return (await user.ok('slackLists.items.create', { list_id, initial_fields: fields, ...more })).item
  }

  beforeAll(async () => {
    const made = await user.ok('slackLists.create', { name: 'Orders', schema })
    list_id = made.list_id
    columns = made.list_metadata.schema
  })

  it('change, with their items', async () => {
    const parent = await item('Anvil, light', 3)
    const child = await item('Crate', 1, { parent_item_id: parent.id })
    const info = await user.ok('slackLists.items.info', { list_id, id: parent.id })
    expect(info).toMatchObject({ record: { id: parent.id }, subtasks: [{ id: child.id, parent_record_id: parent.id }] })
    const cells = [{ row_id: parent.id, column_id: column('size'), number: [5] }]
    await user.ok('slackLists.items.update', { list_id, cells })
    const { items } = await user.ok('slackLists.items.list', { list_id, limit: 1 })
    expect(items).toHaveLength(1)
    const changed = (await user.ok('slackLists.items.info', { list_id, id: parent.id })).record
    expect(changed.fields).toContainEqual(expect.objectContaining({ key: 'size', value: 5 }))
    const nowhere = { list_id, cells: [{ row_id: 'Rec0NOTHING', column_id: column('size'), number: [1] }] }
    expect(await user.error('slackLists.items.update', nowhere)).toBe('row_not_found')
    await user.ok('slackLists.update', { id: list_id, name: 'All orders', todo_mode: true })
    expect((await user.ok('slackLists.items.info', { list_id, id: parent.id })).list).toMatchObject({
      title: 'All orders',
    })
    expect(await user.error('slackLists.update', { id: list_id, name: 'x'.repeat(256) })).toBe(
      'over_title_length_maximum',
    )
  })

  it('are downloaded as tables or trees by those who may read them', async () => {
    const { job_id } = await user.ok('slackLists.download.start', { list_id })
    const { status, download_url } = await user.ok('slackLists.download.get', { list_id, job_id })
    expect(status).toBe('COMPLETED')
    const download = (url: string, token: string) =>
      fetch(url, { headers: { authorization: `Bearer ${token}` }, redirect: 'manual' })
    const table = await download(download_url, workspace.access.userToken)
    expect(await table.text()).toBe('Name,Size,Completed,Assignee,Due Date\r\n"Anvil, light",5,,,\r\nCrate,1,,,\r\n')
    expect((await download(download_url, workspace.access.token)).status).toBe(302)
    const tree = (await user.ok('slackLists.download.start', { list_id, format: 'json' })).job_id
    expect(await user.error('slackLists.download.get', { list_id, job_id: tree })).toBe('job_not_found')
    const url = (await user.ok('slackLists.download.get', { list_id, job_id: tree, format: 'json' })).download_url
    const { items } = (await (await download(url, workspace.access.userToken)).json()) as Answer
    expect(items).toMatchObject([{ subtasks: [{ subtasks: [] }] }])
    expect(await bot.error('slackLists.download.start', { list_id })).toBe('list_not_found')
  })

  it('are shared, and give items up', async () => {
    const [one, two, three] = [await item('a', 1), await item('b', 2), await item('c', 3)]
    await user.ok('slackLists.access.set', { list_id, access_level: 'read', channel_ids: [channel] })
    expect((await bot.ok('slackLists.items.list', { list_id })).items.length).toBeGreaterThan(2)
    expect(await bot.error('slackLists.items.delete', { list_id, id: one.id })).toBe('permission_denied')
    await user.ok('slackLists.access.delete', { list_id, channel_ids: [channel] })
    expect(await bot.error('slackLists.items.list', { list_id })).toBe('list_not_found')
    await user.ok('slackLists.items.delete', { list_id, id: one.id })
    await user.ok('slackLists.items.deleteMultiple', { list_id, ids: [two.id, three.id] })
    expect(await user.error('slackLists.items.info', { list_id, id: two.id })).toBe('record_not_found')
  })
})
