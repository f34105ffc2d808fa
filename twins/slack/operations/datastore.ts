import { callingApp, type SlackCall } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { json, limit, list, text } from '../rules/arguments.ts'
import { cursorPage } from '../rules/cursors.ts'
import { matcher } from '../rules/datastore.ts'
import type { Json } from '../tables.ts'
import { operations } from './define.ts'

const MAX_BULK = 25

const store = (call: SlackCall): string => String((call.query as { datastore?: string }).datastore)
const keyOf = (call: SlackCall, id: unknown): string => `${callingApp(call.caller).id}:${store(call)}:${String(id)}`

/** A key-value store of an app: its primary key is `id`. */
const answer = (call: SlackCall, body: object) => done({ datastore: store(call), ...body })

function itemArgument(call: SlackCall): Json {
  const item = json((call.query as { item?: string }).item)
  if (typeof item !== 'object' || item === null || Array.isArray(item) || (item as Json).id === undefined) {
    throw fail('datastore_error', {
      errors: [{ code: 'datastore_validation_error', message: 'The attribute "id" is required.', pointer: '/item' }],
    })
  }
  return item as Json
}

function save(call: SlackCall, item: Json): Json {
  const appId = callingApp(call.caller).id
  call.tables.records.put({ key: keyOf(call, item.id), store: `${appId}:${store(call)}`, id: String(item.id), item })
  return item
}

const read = (call: SlackCall, id: unknown): Json => call.tables.records.get(keyOf(call, id))?.item ?? {}

/** Items of the store that an expression selects. */
function selected(call: SlackCall): { id: string; item: Json }[] {
  const { expression, expression_attributes, expression_values } = call.query as Record<string, string | undefined>
  const all = call.tables.records.where('store', `${callingApp(call.caller).id}:${store(call)}`)
  if (text(expression) === undefined) return all
  const test = matcher(
    String(expression),
    (json(expression_attributes) ?? {}) as Record<string, string>,
    (json(expression_values) ?? {}) as Json,
  )
  if (!test)
    throw fail('datastore_error', {
      errors: [{ code: 'datastore_query_error', message: 'Invalid expression', pointer: '/expression' }],
    })
  return all.filter((row) => test(row.item))
}

function bulkIds(call: SlackCall): string[] {
  const ids = list((call.query as { ids?: unknown }).ids)
  if (ids.length > MAX_BULK) throw fail('too_many_ids')
  return ids
}

export const datastore = operations({
  'apps.datastore.put': (call) => answer(call, { item: save(call, itemArgument(call)) }),

  'apps.datastore.update': (call) => {
    const item = itemArgument(call)
    return answer(call, { item: save(call, { ...read(call, item.id), ...item }) })
  },

  'apps.datastore.get': (call) => answer(call, { item: read(call, call.query.id) }),

  'apps.datastore.delete': (call) => {
    call.tables.records.remove(keyOf(call, call.query.id))
    return answer(call, {})
  },

  'apps.datastore.query': (call) => {
    const page = cursorPage(
      'id',
      selected(call),
      (row) => row.id,
      limit(call.query.limit, 100, 1000),
      call.query.cursor,
    )
    return answer(call, { items: page.items.map((row) => row.item), response_metadata: { next_cursor: page.next } })
  },

  'apps.datastore.count': (call) => answer(call, { count: selected(call).length }),

  'apps.datastore.bulkGet': (call) =>
    answer(call, {
      items: bulkIds(call)
        .map((id) => read(call, id))
        .filter((item) => item.id !== undefined),
    }),

  'apps.datastore.bulkDelete': (call) => {
    for (const id of bulkIds(call)) call.tables.records.remove(keyOf(call, id))
    return answer(call, {})
  },

  'apps.datastore.bulkPut': (call) => {
    const items = json(call.query.items as unknown)
    if (!Array.isArray(items)) throw fail('invalid_arguments')
    if (items.length > MAX_BULK) throw fail('too_many_items')
    for (const item of items as Json[]) save(call, item)
    return answer(call, { items })
  },
})
