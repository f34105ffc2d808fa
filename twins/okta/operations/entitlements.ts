import { ok } from '../../../shared/kernel/reply.ts'
import { fail, notFound } from '../errors.ts'
import { newId } from '../ids.ts'
import { found, type Resource, resource } from '../resource.ts'
import type { Document, Json } from '../tables/document.ts'
import { contents, governanceOrn, governed, history, type Picked, targetOrn, type Value } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'
import { attributeOf, governanceList, type Listing } from './governanceLists.ts'

const ENTITLEMENTS = '/governance/api/v1/entitlements'
const BUNDLES = '/governance/api/v1/entitlement-bundles'

interface Target {
  readonly externalId?: string
  readonly type?: string
}

/** Values keep the id they are sent with; new ones get one. */
const valuesOf = (call: OktaCall, given: unknown): Value[] =>
  ((given ?? []) as Json[]).map((value) => {
    const id = typeof value.id === 'string' ? value.id : newId(call, 'ent')
    return { ...value, id, orn: governanceOrn(call, 'entitlement-values', id) }
  })

const family: Resource = {
  table: (tables) => tables.entitlements,
  prefix: 'esp',
  kind: 'Entitlement',
  param: 'entitlementId',
  operations: {
    create: 'createEntitlement',
    get: 'getEntitlement',
    replace: 'replaceEntitlement',
    remove: 'deleteEntitlement',
  },
  createdStatus: 201,
  required: ['name', 'externalValue'],
  data: (body, call, before) => ({
    parent: body.parent ?? before?.data.parent,
    name: body.name,
    externalValue: body.externalValue,
    ...(body.description !== undefined && { description: body.description }),
    multiValue: body.multiValue ?? false,
    required: body.required ?? false,
    dataType: body.dataType ?? (body.multiValue ? 'array' : 'string'),
    values: valuesOf(call, body.values),
    createdBy: before?.data.createdBy ?? call.caller.userId,
  }),
  view(row, call) {
    const { createdBy: _, parent, ...shown } = row.data
    return {
      parentResourceOrn: targetOrn(call, parent as Target),
      parent,
      ...shown,
      _links: { self: governed(call, `${ENTITLEMENTS}/${row.id}`) },
      ...history(row),
    }
  },
}

/** One bundle is read with all its entitlements say, writes answer with their ids (recorded); lists as `include` asks. */
function shownWhole(call: OktaCall): boolean {
  const { include } = call.query as { include?: string }
  return call.operation.operationId === 'getEntitlementBundle' || include === 'full_entitlements'
}

const bundles: Resource = {
  table: (tables) => tables.entitlementBundles,
  prefix: 'enb',
  kind: 'EntitlementBundle',
  param: 'entitlementBundleId',
  operations: {
    create: 'createEntitlementBundle',
    get: 'getEntitlementBundle',
    replace: 'replaceEntitlementBundle',
    remove: 'deleteEntitlementBundle',
  },
  createdStatus: 201,
  required: ['name'],
  unique: 'name',
  status: 'ACTIVE',
  data: (body, call, before) => ({
    target: body.target ?? before?.data.target,
    entitlements: body.entitlements ?? [],
    name: body.name,
    ...(body.description !== undefined && { description: body.description }),
    createdBy: before?.data.createdBy ?? call.caller.userId,
  }),
  view(row, call) {
    const { createdBy: _, target, entitlements, ...shown } = row.data
    return {
      orn: governanceOrn(call, 'entitlement-bundles', row.id),
      targetResourceOrn: targetOrn(call, target as Target),
      target,
      status: row.status,
      entitlements: shownWhole(call) ? contents(call, entitlements as Picked[]) : entitlements,
      _links: { self: governed(call, `${BUNDLES}/${row.id}`) },
      ...shown,
      ...history(row),
    }
  },
}

const ENTITLEMENT_LIST: Listing<Document> = {
  filter: {
    'parent.externalId': ['eq'],
    'parent.type': ['eq'],
    parentResourceOrn: ['eq'],
    name: ['sw', 'co', 'eq'],
  },
  order: ['name', 'externalValue'],
}

const BUNDLE_LIST: Listing<Document> = {
  filter: {
    id: ['gt'],
    lastUpdated: ['gt', 'ge', 'le', 'lt'],
    targetResourceOrn: ['eq'],
    'target.externalId': ['eq'],
    'target.type': ['eq'],
    status: ['eq'],
    name: ['eq', 'co'],
  },
  order: ['name', 'created', 'lastUpdated'],
}

/** Entitlements and bundles are also found by the name of what they belong to. */
const byOrn = (call: OktaCall, attribute: string, member: 'parent' | 'target') => (row: Document, name: string) =>
  name === attribute ? targetOrn(call, row.data[member] as Target) : attributeOf(row, name)

function valueView(call: OktaCall, entitlement: Document, { orn: _, ...value }: Value) {
  const parent = entitlement.data.parent as Target
  return {
    ...value,
    entitlementId: entitlement.id,
    parentResourceOrn: targetOrn(call, parent),
    parent,
    _links: { self: governed(call, `${ENTITLEMENTS}/${entitlement.id}/values/${value.id}`) },
  }
}

const valuesIn = (call: OktaCall, rows: readonly Document[]) =>
  rows.flatMap((row) => (row.data.values as Value[]).map((value) => valueView(call, row, value)))

const VALUE_LIST: Listing<ReturnType<typeof valueView>> = {
  filter: { ...ENTITLEMENT_LIST.filter, externalValue: ['eq'] },
  order: ['name', 'externalValue'],
  total: true,
  limit: 200,
  read: (value, path) => path.split('.').reduce<unknown>((at, name) => (at as Json | undefined)?.[name], value as Json),
}

interface Change {
  readonly op: 'ADD' | 'REMOVE' | 'REPLACE'
  readonly path: string
  readonly value?: unknown
  readonly refType: 'ENTITLEMENT' | 'ENTITLEMENT-VALUE'
}

/** A change of an entitlement itself (`/name`, `/description`) or of one of its values (`/values/{id}`). */
function changed(call: OktaCall, before: Json, { op, path, value, refType }: Change): Json {
  const [, member = '', id] = path.split('/')
  if (refType === 'ENTITLEMENT') return { ...before, [member]: op === 'REMOVE' ? undefined : value }
  const values = before.values as Value[]
  if (op === 'ADD') return { ...before, values: [...values, ...valuesOf(call, [value])] }
  if (!values.some((one) => one.id === id)) return notFound(String(id), 'EntitlementValue')
  if (op === 'REMOVE') return { ...before, values: values.filter((one) => one.id !== id) }
  return { ...before, values: values.map((one) => (one.id === id ? { ...one, ...(value as Json) } : one)) }
}

/** What apps let people do in them, and bundles of it. */
export const entitlements = {
  ...resource(family),
  ...resource(bundles),
  ...operations({
    listEntitlements: (call) =>
      governanceList(
        call,
        call.tables.entitlements.all(),
        { ...ENTITLEMENT_LIST, read: byOrn(call, 'parentResourceOrn', 'parent') },
        (row) => family.view(row, call),
      ),
    /** The answer shows, of the values, those that came or changed. */
    updateEntitlement(call) {
      const row = found(family, call)
      const changes = call.body as unknown
      if (!Array.isArray(changes)) return fail('E0000003')
      const data = (changes as Change[]).reduce((before, change) => changed(call, before, change), row.data)
      const values = (data.values as Value[]).filter((value) => !(row.data.values as Value[]).includes(value))
      const patched = call.tables.entitlements.patch(row.id, { data, lastUpdated: call.now })
      return ok(family.view({ ...patched, data: { ...data, values } }, call))
    },
    listEntitlementBundles: (call) =>
      governanceList(
        call,
        call.tables.entitlementBundles.all(),
        { ...BUNDLE_LIST, read: byOrn(call, 'targetResourceOrn', 'target') },
        (row) => bundles.view(row, call),
      ),
    listAllEntitlementValues: (call) =>
      governanceList(call, valuesIn(call, call.tables.entitlements.all()), VALUE_LIST, (value) => value),
    listEntitlementValues: (call) =>
      governanceList(call, valuesIn(call, [found(family, call)]), VALUE_LIST, (value) => value),
    getEntitlementValue(call) {
      const value = valuesIn(call, [found(family, call)]).find(({ id }) => id === call.params.valueId)
      return value ? ok(value) : notFound(call.params.valueId, 'EntitlementValue')
    },
  }),
}
