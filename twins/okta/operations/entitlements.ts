import { ok } from '../../../shared/kernel/reply.ts'
import { newId } from '../ids.ts'
import { found, type Resource, resource } from '../resource.ts'
import type { Document, Json } from '../tables/document.ts'
import { governanceOrn, governed, history, list, targetOrn } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'

const ENTITLEMENTS = '/governance/api/v1/entitlements'
const BUNDLES = '/governance/api/v1/entitlement-bundles'

interface Value extends Json {
  readonly id: string
}

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
    list: 'listEntitlements',
    create: 'createEntitlement',
    get: 'getEntitlement',
    replace: 'replaceEntitlement',
    update: 'updateEntitlement',
    remove: 'deleteEntitlement',
  },
  page: { limit: 20, max: 200 },
  wrap: list(ENTITLEMENTS),
  list: (call, rows) => filtered(call, rows, 'parent'),
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

/** `parent.externalId eq "…"` and the like: lists of one target alone. */
function filtered(call: OktaCall, rows: Document[], member: 'parent' | 'target'): Document[] {
  const { filter = '' } = call.query as { filter?: string }
  const [, id] = new RegExp(`${member}\\.externalId eq "([^"]*)"`).exec(filter) ?? []
  return id === undefined ? rows : rows.filter((row) => (row.data[member] as Target | undefined)?.externalId === id)
}

interface Pick {
  readonly id: string
  readonly values?: readonly { readonly id: string }[]
}

/** What a bundle holds, in the words of the entitlements; what is not known (any more) keeps its ids. */
function contents(call: OktaCall, picks: readonly Pick[]) {
  return picks.map((pick) => {
    const known = call.tables.entitlements.get(pick.id)?.data
    if (!known) return pick
    const { name, externalValue, multiValue, required, dataType } = known
    const values = (pick.values ?? []).map(({ id }) => (known.values as Value[]).find((one) => one.id === id) ?? { id })
    return { values, id: pick.id, name, externalValue, multiValue, required, dataType }
  })
}

const bundles: Resource = {
  table: (tables) => tables.entitlementBundles,
  prefix: 'enb',
  kind: 'EntitlementBundle',
  param: 'entitlementBundleId',
  operations: {
    list: 'listEntitlementBundles',
    create: 'createEntitlementBundle',
    get: 'getEntitlementBundle',
    replace: 'replaceEntitlementBundle',
    remove: 'deleteEntitlementBundle',
  },
  page: { limit: 20, max: 200 },
  wrap: list(BUNDLES),
  list: (call, rows) => filtered(call, rows, 'target'),
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
      entitlements: contents(call, entitlements as Pick[]),
      _links: { self: governed(call, `${BUNDLES}/${row.id}`) },
      ...shown,
      ...history(row),
    }
  },
}

/** What apps let people do in them, and bundles of it. Nobody is granted any by himself. */
export const entitlements = {
  ...resource(family),
  ...resource(bundles),
  ...operations({
    listEntitlementValues(call) {
      const { id, data } = found(family, call)
      return ok(list(`${ENTITLEMENTS}/${id}/values`)(data.values as Value[], call))
    },
    getPrincipalEntitlements(call) {
      const { filter } = call.query
      const query = filter === undefined ? '' : `?filter=${encodeURIComponent(filter)}`
      return ok(list(`/governance/api/v1/principal-entitlements${query}`)([], call))
    },
  }),
}
