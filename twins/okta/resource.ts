import type { Operations } from '../../openapi/types/okta.ts'
import type { Handler, Handlers } from '../../shared/kernel/call.ts'
import { noContent, ok, type Reply } from '../../shared/kernel/reply.ts'
import type { Caller } from './caller.ts'
import { fail, invalid, notFound, requireFields, taken } from './errors.ts'
import { record, target } from './events.ts'
import { newId } from './ids.ts'
import type { OktaCall } from './operations/define.ts'
import { type PageOptions, page, whole } from './paging.ts'
import type { Document, Documents, Json } from './tables/document.ts'
import type { OktaTables, tables } from './tables.ts'

type OperationId = Extract<keyof Operations, string>
type Verb = 'list' | 'create' | 'get' | 'replace' | 'update' | 'remove' | 'activate' | 'deactivate'

/** A family of operations over one table of documents. See {@link resource}. */
export interface Resource {
  readonly table: (tables: OktaTables) => Documents
  /** Prefix of its ids; `uuid` where ids are UUIDs. */
  readonly prefix: string
  /** Okta's own class name, as its 404 names it. */
  readonly kind: string
  /** Name of the path parameter that holds the id. */
  readonly param: string
  /** The operations of the contract the family answers to. `update` merges, `replace` replaces. */
  readonly operations: Readonly<Partial<Record<Verb, OperationId>>>
  /** The id of the object it is nested in; refuses when that is not there. */
  readonly parent?: (call: OktaCall) => string
  /** Finds a row by what the path says. Default: by id, within the parent. */
  readonly find?: (call: OktaCall, id: string) => Document | undefined
  /** How lists page. Without it a list comes whole, without `Link`. */
  readonly page?: PageOptions<Document>
  /** Which rows a list shows. Default: all of the parent, by id. */
  readonly list?: (call: OktaCall, rows: Document[]) => Iterable<Document>
  /** Some lists are an object around the items. */
  readonly wrap?: (items: unknown[], call: OktaCall) => unknown
  /** Fields that may not be left blank. */
  readonly required?: readonly string[]
  /** A field no two rows of one parent share. */
  readonly unique?: string
  /** Further checks, then the stored data: what was sent, completed by defaults. Default: the body as it is. */
  readonly data?: (body: Json, call: OktaCall, before?: Document) => Json
  /** Status of a fresh row; lifecycle families have one. Some families also take it from the body, on replace too. */
  readonly status?: string | ((body: Json, before?: Document) => string)
  readonly view: (row: Document, call: OktaCall) => unknown
  /** What lists show, where it is not the view. */
  readonly listed?: (row: Document, call: OktaCall) => unknown
  /** Status code of create; Okta's differ. Default 200. */
  readonly createdStatus?: number
  /** What activate and deactivate answer: the object, `{}` or nothing. Default: nothing (204). */
  readonly lifecycle?: 'object' | 'empty' | 'nothing'
  /** Refuses a change or removal that may not be. */
  readonly guard?: (verb: Verb, row: Document, call: OktaCall) => void
  /** After a row came, changed or went. */
  readonly after?: (verb: Verb, row: Document, call: OktaCall, before?: Document) => void
  /** Event types of the system log, and what the target is called there. */
  readonly events?: Readonly<Partial<Record<Verb, string>>> & { readonly target?: string }
}

/**
 * Declares a plain family: list, get, create, replace, update, delete, activate, deactivate over a table of documents.
 * Every refusal comes in Okta's order: parent, row, guard, required fields, uniqueness, the family's own checks.
 *
 * @example
 * export const trustedOrigins = resource({
 *   table: (tables) => tables.trustedOrigins, prefix: 'tos', kind: 'TrustedOrigin', param: 'trustedOriginId',
 *   operations: { list: 'listTrustedOrigins', create: 'createTrustedOrigin', get: 'getTrustedOrigin', … },
 *   page: { limit: 20, max: 200 }, required: ['name', 'origin', 'scopes'], unique: 'origin', status: 'ACTIVE',
 *   lifecycle: 'object', view: trustedOriginView,
 * })
 */
export function resource(declaration: Resource): Handlers<Operations, typeof tables, Caller> {
  const behaviour: Record<Verb, (call: OktaCall) => Reply> = {
    list: (call) => listed(declaration, call),
    create: (call) => created(declaration, call),
    get: (call) => ok(declaration.view(found(declaration, call), call)),
    replace: (call) => changed(declaration, call, 'replace'),
    update: (call) => changed(declaration, call, 'update'),
    remove: (call) => removed(declaration, call),
    activate: (call) => moved(declaration, call, 'activate', 'ACTIVE'),
    deactivate: (call) => moved(declaration, call, 'deactivate', 'INACTIVE'),
  }
  const handlers: Record<string, Handler> = {}
  for (const [verb, id] of Object.entries(declaration.operations)) {
    handlers[id] = behaviour[verb as Verb] as unknown as Handler // the family's calls share params, query and body
  }
  return handlers as Handlers<Operations, typeof tables, Caller>
}

/** A row of a family by what the path names, or its 404. */
export function found(declaration: Resource, call: OktaCall): Document {
  const id = (call.params as Record<string, string>)[declaration.param] as string
  const parent = declaration.parent?.(call)
  const row = declaration.find ? declaration.find(call, id) : declaration.table(call.tables).get(id)
  if (!row || row.parent !== parent) return notFound(id, declaration.kind)
  return row
}

const rowsOf = (declaration: Resource, call: OktaCall, parent: string | undefined): Document[] => {
  const table = declaration.table(call.tables)
  return parent === undefined ? table.all() : table.where('parent', parent)
}

function listed(declaration: Resource, call: OktaCall): Reply {
  const rows = rowsOf(declaration, call, declaration.parent?.(call))
  const shown = declaration.list ? declaration.list(call, rows) : rows
  const view = (row: Document) => (declaration.listed ?? declaration.view)(row, call)
  const reply = declaration.page ? page(call, shown, declaration.page, view) : whole(shown, view)
  return declaration.wrap ? { ...reply, body: declaration.wrap(reply.body as unknown[], call) } : reply
}

function created(declaration: Resource, call: OktaCall): Reply {
  const parent = declaration.parent?.(call)
  const body = objectBody(call)
  const data = checked(declaration, call, body, parent)
  const row = declaration.table(call.tables).insert({
    id: declaration.prefix === 'uuid' ? call.random.uuid() : newId(call, declaration.prefix),
    ...(parent !== undefined && { parent }),
    ...statusOf(declaration, body),
    created: call.now,
    lastUpdated: call.now,
    data,
  })
  told(declaration, 'create', call, row)
  return { status: declaration.createdStatus ?? 200, body: declaration.view(current(declaration, call, row), call) }
}

function changed(declaration: Resource, call: OktaCall, verb: 'replace' | 'update'): Reply {
  const before = found(declaration, call)
  declaration.guard?.(verb, before, call)
  const sent = objectBody(call)
  const body = verb === 'update' ? { ...before.data, ...sent } : sent
  const data = checked(declaration, call, body, before.parent, before)
  const status = typeof declaration.status === 'function' ? statusOf(declaration, sent, before) : {}
  const row = declaration.table(call.tables).patch(before.id, { ...status, data, lastUpdated: call.now })
  told(declaration, verb, call, row, before)
  return ok(declaration.view(current(declaration, call, row), call))
}

function removed(declaration: Resource, call: OktaCall): Reply {
  const row = found(declaration, call)
  declaration.guard?.('remove', row, call)
  declaration.table(call.tables).remove(row.id)
  told(declaration, 'remove', call, row)
  return noContent()
}

function moved(declaration: Resource, call: OktaCall, verb: 'activate' | 'deactivate', status: string): Reply {
  const before = found(declaration, call)
  declaration.guard?.(verb, before, call)
  const row = declaration.table(call.tables).patch(before.id, { status, lastUpdated: call.now })
  told(declaration, verb, call, row, before)
  if (declaration.lifecycle === 'object') return ok(declaration.view(current(declaration, call, row), call))
  return declaration.lifecycle === 'empty' ? ok({}) : noContent()
}

function statusOf({ status }: Resource, body: Json, before?: Document): { status?: string } {
  if (status === undefined) return {}
  return { status: typeof status === 'function' ? status(body, before) : status }
}

/** `after` may have changed the row. */
const current = (declaration: Resource, call: OktaCall, row: Document): Document =>
  declaration.table(call.tables).get(row.id) ?? row

/** The body as an object; anything else does not parse. */
export function objectBody(call: { readonly body: unknown }): Json {
  const { body } = call
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return fail('E0000003')
  return body as Json
}

function checked(
  declaration: Resource,
  call: OktaCall,
  body: Json,
  parent: string | undefined,
  before?: Document,
): Json {
  if (declaration.required) requireFields(body, declaration.required)
  const { unique } = declaration
  if (unique !== undefined && body[unique] !== undefined) {
    const twin = rowsOf(declaration, call, parent).find(
      (row) => row.id !== before?.id && same(row.data[unique], body[unique]),
    )
    if (twin) invalid(unique, [taken(unique)])
  }
  return declaration.data ? declaration.data(body, call, before) : body
}

const same = (left: unknown, right: unknown): boolean =>
  typeof left === 'string' && typeof right === 'string' && left.toLowerCase() === right.toLowerCase()

function told(declaration: Resource, verb: Verb, call: OktaCall, row: Document, before?: Document): void {
  declaration.after?.(verb, row, call, before)
  const type = declaration.events?.[verb]
  if (type === undefined) return
  const name = String(row.data.name ?? row.data.label ?? row.data.origin ?? row.id)
  record(call, type, [target(declaration.events?.target ?? declaration.kind, row.id, name)])
}
