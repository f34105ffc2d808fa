import { actor, type SlackCall } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { newFile } from '../files.ts'
import { newId, seconds } from '../ids.ts'
import { flag, json, limit, list, text } from '../rules/arguments.ts'
import { cursorPage } from '../rules/cursors.ts'
import { cell, isColumnType } from '../rules/listCells.ts'
import type { Json, ListItem, ListRow } from '../tables.ts'
import { operations } from './define.ts'

const MAX_TITLE = 255
const TODO_COLUMNS: readonly Json[] = [
  { key: 'todo_completed', name: 'Completed', type: 'todo_completed' },
  { key: 'todo_assignee', name: 'Assignee', type: 'todo_assignee' },
  { key: 'todo_due_date', name: 'Due Date', type: 'todo_due_date' },
]

/** Columns of a schema, with ids; one of them is primary. */
function columns(call: SlackCall, value: unknown, todo: boolean): Json[] {
  const given = json(value) ?? [{ key: 'name', name: 'Name', type: 'text', is_primary_column: true }]
  if (!Array.isArray(given)) throw fail('invalid_schema')
  const all: Json[] = [...(given as Json[]), ...(todo ? TODO_COLUMNS : [])]
  if (all.some((column) => !isColumnType(column.type))) throw fail('invalid_column_type')
  if (all.filter((column) => column.is_primary_column === true).length !== 1) throw fail('invalid_primary_column')
  return all.map((column) => ({ ...column, id: newId(call.random, 'column') }))
}

type Level = 'read' | 'write' | 'owner'

/** A list the caller may see, or change. */
export function knownList(call: SlackCall, id: unknown, level: Level = 'read'): ListRow {
  const row = call.tables.lists.get(String(id ?? ''))
  if (!row) throw fail('list_not_found')
  const me = actor(call.caller).id
  const mine = row.access.filter((one) => one.id === me || call.tables.memberships.has(`${one.id}:${me}`))
  const levels = row.owner === me ? ['owner'] : mine.map((one) => one.level)
  if (levels.length === 0) throw fail('list_not_found')
  if (level !== 'read' && !levels.some((one) => one === 'owner' || (one === 'write' && level === 'write')))
    throw fail('permission_denied')
  return row
}

export const listView = (row: ListRow) => ({ schema: row.columns, views: [], todo_mode: row.todo })

export const itemView = (row: ListItem) => ({
  id: row.id,
  list_id: row.listId,
  date_created: row.created,
  created_by: row.createdBy,
  updated_by: row.updatedBy,
  fields: Object.values(row.cells),
  updated_timestamp: String(row.updated),
  archived: row.archived,
  ...(row.parentId ? { parent_record_id: row.parentId } : {}),
})

/** A new item is the last of its list. */
const place = (call: SlackCall, row: ListRow) => ({
  id: newId(call.random, 'listItem'),
  listId: row.id,
  position: call.sequence('list item', 1),
})

/** Cells by column from `[{column_id, …}]`. */
function cells(row: ListRow, given: readonly Json[]): Record<string, Json> {
  return Object.fromEntries(
    given.map((one) => {
      const column = row.columns.find((candidate) => candidate.id === one.column_id || candidate.key === one.column_id)
      if (!column) throw fail('invalid_column_id')
      return [String(column.id), cell(column, one)]
    }),
  )
}

function item(call: SlackCall, row: ListRow, id: unknown): ListItem {
  const found = call.tables.listItems.get(String(id ?? ''))
  if (!found || found.listId !== row.id) throw fail('record_not_found')
  return found
}

function removeItem(call: SlackCall, found: ListItem): void {
  call.tables.listItems.remove(found.id)
  for (const child of call.tables.listItems.where('list', found.listId))
    if (child.parentId === found.id) removeItem(call, child)
}

function subjects(call: SlackCall): string[] {
  const { channel_ids, user_ids } = call.query as { channel_ids?: string; user_ids?: string }
  const channels = list(channel_ids)
  const users = list(user_ids)
  if (channels.length > 0 === users.length > 0) throw fail('invalid_parameters')
  if (channels.some((id) => !call.tables.conversations.has(id))) throw fail('channel_not_found')
  if (users.some((id) => !call.tables.users.has(id))) throw fail('user_not_found')
  return [...channels, ...users]
}

export const lists = operations({
  'slackLists.create': (call) => {
    const { query, tables } = call
    const title = String(query.name)
    if (title.length > MAX_TITLE) throw fail('over_title_length_maximum')
    const source = text(query.copy_from_list_id)
    if (source !== undefined && json(query.schema) !== undefined) throw fail('invalid_copy_and_schema_args')
    if (source === undefined && flag(query.include_copied_list_records)) throw fail('missing_arg_copy_from_list_id')
    const original = source === undefined ? undefined : knownList(call, source)
    const todo = flag(query.todo_mode)
    const file = newFile(call, call.caller, {
      name: title,
      size: 0,
      mode: 'list',
      filetype: 'list',
      prettyType: 'List',
      mimetype: 'application/vnd.slack-list',
      uploaded: true,
      completed: true,
      processed: true,
    })
    const row = tables.lists.insert({
      id: file.id,
      title,
      columns: original?.columns ?? columns(call, query.schema, todo),
      todo,
      owner: actor(call.caller).id,
      access: [],
    })
    if (original && flag(query.include_copied_list_records)) {
      for (const one of tables.listItems.where('list', original.id)) {
        tables.listItems.insert({ ...one, ...place(call, row) })
      }
    }
    return done({ list_id: row.id, list_metadata: listView(row) })
  },

  'slackLists.update': (call) => {
    const { query, tables } = call
    const row = knownList(call, query.id, 'write')
    const title = text(query.name) ?? row.title
    if (title.length > MAX_TITLE) throw fail('over_title_length_maximum')
    const todo = query.todo_mode === undefined ? row.todo : flag(query.todo_mode)
    const added =
      todo && !row.todo ? TODO_COLUMNS.map((column) => ({ ...column, id: newId(call.random, 'column') })) : []
    tables.lists.replace({ ...row, title, todo, columns: [...row.columns, ...added] })
    tables.files.patch(row.id, { title, name: title })
    return done()
  },

  'slackLists.access.set': (call) => {
    const row = knownList(call, call.query.list_id, 'owner')
    const ids = subjects(call)
    const level = String(call.query.access_level)
    const others = row.access.filter((one) => !ids.includes(one.id))
    call.tables.lists.replace({ ...row, access: [...others, ...ids.map((id) => ({ id, level }))] })
    return done()
  },

  'slackLists.access.delete': (call) => {
    const row = knownList(call, call.query.list_id, 'owner')
    const ids = subjects(call)
    call.tables.lists.replace({ ...row, access: row.access.filter((one) => !ids.includes(one.id)) })
    return done()
  },

  'slackLists.items.create': (call) => {
    const { query, tables } = call
    const row = knownList(call, query.list_id, 'write')
    const duplicated = text(query.duplicated_item_id)
    const original = duplicated === undefined ? undefined : tables.listItems.get(duplicated)
    if (duplicated !== undefined && original?.listId !== row.id) throw fail('duplicated_item_not_found')
    const parent = text(query.parent_item_id)
    if (parent !== undefined) item(call, row, parent)
    const now = seconds(call.now)
    const me = actor(call.caller).id
    const created = tables.listItems.insert({
      ...place(call, row),
      ...(parent ? { parentId: parent } : {}),
      cells: { ...original?.cells, ...cells(row, (json(query.initial_fields) ?? []) as readonly Json[]) },
      created: now,
      createdBy: me,
      updated: now,
      updatedBy: me,
      archived: false,
    })
    return done({ item: itemView(created) })
  },

  'slackLists.items.info': (call) => {
    const row = knownList(call, call.query.list_id)
    const found = item(call, row, call.query.id)
    const subtasks = call.tables.listItems.where('list', row.id).filter((one) => one.parentId === found.id)
    return done({
      list: { id: row.id, title: row.title, list_metadata: listView(row) },
      record: itemView(found),
      subtasks: subtasks.map(itemView),
    })
  },

  'slackLists.items.list': (call) => {
    const { query, tables } = call
    const row = knownList(call, query.list_id)
    const isWanted = (one: ListItem) => one.archived === flag(query.archived)
    const rows = tables.listItems.scan('list', { prefix: row.id }).filter(isWanted)
    const page = cursorPage(
      'id',
      rows,
      (one) => String(one.position).padStart(9, '0'),
      limit(query.limit, 100, 1000),
      query.cursor,
    )
    return done({ items: page.items.map(itemView), response_metadata: { next_cursor: page.next } })
  },

  'slackLists.items.update': (call) => {
    const { tables } = call
    const row = knownList(call, call.query.list_id, 'write')
    const given = json(call.query.cells)
    if (!Array.isArray(given)) throw fail('invalid_args')
    const stamp = { updated: seconds(call.now), updatedBy: actor(call.caller).id }
    for (const one of given as Json[]) {
      if (one.row_id === undefined && one.row_id_to_create === undefined) throw fail('row_id_not_provided')
      if (one.column_id === undefined) throw fail('column_id_not_provided')
      const found = tables.listItems.get(String(one.row_id))
      if (!found || found.listId !== row.id) throw fail('row_not_found')
      tables.listItems.replace({ ...found, ...stamp, cells: { ...found.cells, ...cells(row, [one]) } })
    }
    return done()
  },

  'slackLists.items.delete': (call) => {
    const row = knownList(call, call.query.list_id, 'write')
    removeItem(call, item(call, row, call.query.id))
    return done()
  },

  'slackLists.items.deleteMultiple': (call) => {
    const row = knownList(call, call.query.list_id, 'write')
    for (const id of list(call.query.ids)) removeItem(call, item(call, row, id))
    return done()
  },
})
