import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { fail, notFound, requireFields } from '../errors.ts'
import { newId } from '../ids.ts'
import { objectBody } from '../resource.ts'
import type { Document, Json } from '../tables/document.ts'
import { governed, idInOrn } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'
import { governanceList } from './governanceLists.ts'

const LABELS = '/governance/api/v1/labels'

interface LabelValue extends Json {
  readonly labelValueId: string
  readonly name: unknown
}

const valuesOf = (row: Document) => row.data.values as LabelValue[]

const newValue = (call: OktaCall, { name, metadata }: Json): LabelValue => ({
  labelValueId: newId(call, 'lbl'),
  name,
  ...(metadata !== undefined && { metadata }),
})

const labelView = (call: OktaCall, row: Document, values = valuesOf(row)) => ({
  labelId: row.id,
  name: row.data.name,
  values,
  _links: { self: governed(call, `${LABELS}/${row.id}`) },
})

const labelOf = (call: OktaCall): Document => {
  const { labelId } = call.params as { labelId: string }
  return call.tables.governanceLabels.get(labelId) ?? notFound(labelId, 'Label')
}

interface Change {
  readonly op: 'ADD' | 'REMOVE' | 'REPLACE'
  readonly path: string
  readonly value?: Json | string
  readonly refType: 'LABEL-CATEGORY' | 'LABEL-VALUE'
}

/** Changes of a label (`/name`) and of its values (`/values/-`, `/values/{id}`, `/values/{id}/name`). */
function changed(call: OktaCall, data: Json, { op, path, value, refType }: Change): Json {
  if (refType === 'LABEL-CATEGORY') return { ...data, name: typeof value === 'object' ? value.name : value }
  const values = data.values as LabelValue[]
  if (op === 'ADD') return { ...data, values: [...values, newValue(call, value as Json)] }
  const id = path.split('/')[2]
  if (!values.some(({ labelValueId }) => labelValueId === id)) return notFound(String(id), 'LabelValue')
  if (op === 'REMOVE') return { ...data, values: values.filter(({ labelValueId }) => labelValueId !== id) }
  return { ...data, values: values.map((one) => (one.labelValueId === id ? renamed(one, path, value as Json) : one)) }
}

/** `…/metadata/additionalProperties/{name}` changes one property, `…/name` the name. */
function renamed(value: LabelValue, path: string, change: Json): LabelValue {
  if (!path.includes('/metadata')) return { ...value, ...change }
  const { additionalProperties } = (value.metadata ?? {}) as { additionalProperties?: Json }
  return { ...value, metadata: { additionalProperties: { ...additionalProperties, ...change } } }
}

/** What a resource name names, as far as Governance knows it. */
export function resourceProfile(call: OktaCall, orn: string): Json {
  const { apps, groups, entitlementBundles, collections, users } = call.tables
  const id = idInOrn(orn)
  const app = apps.get(id)
  if (app) return { id, name: app.name, label: app.label, logo: [] }
  const user = users.get(id)
  if (user) return { id, name: `${user.profile.firstName} ${user.profile.lastName}`, email: user.profile.email }
  const other = groups.get(id)?.profile ?? entitlementBundles.get(id)?.data ?? collections.get(id)?.data
  if (!other) return notFound(orn, 'Resource')
  return { id, name: other.name, ...(other.description ? { description: other.description } : {}) }
}

const assigned = (call: OktaCall, orn: string): string[] =>
  (call.tables.resourceLabels.get(orn)?.data.labelValueIds ?? []) as string[]

function resourceView(call: OktaCall, orn: string) {
  const ids = assigned(call, orn)
  const has = ({ labelValueId }: LabelValue) => ids.includes(labelValueId)
  const labels = call.tables.governanceLabels.all().filter((row) => valuesOf(row).some(has))
  const filter = encodeURIComponent(`orn eq "${orn}"`)
  return {
    orn,
    profile: resourceProfile(call, orn),
    labels: labels.map((row) => labelView(call, row, valuesOf(row).filter(has))),
    _links: { self: governed(call, `/governance/api/v1/resource-labels?filter=${filter}`) },
  }
}

/** Changes which labels resources carry. */
const relabel = (change: (before: string[], given: string[]) => string[]) => (call: OktaCall) => {
  const body = objectBody(call)
  requireFields(body, ['resourceOrns', 'labelValueIds'])
  const { resourceOrns, labelValueIds } = body as { resourceOrns: string[]; labelValueIds: string[] }
  const known = call.tables.governanceLabels.all().flatMap(valuesOf)
  for (const id of labelValueIds) {
    if (!known.some(({ labelValueId }) => labelValueId === id)) notFound(id, 'LabelValue')
  }
  for (const orn of resourceOrns) {
    resourceProfile(call, orn)
    const data = { labelValueIds: change(assigned(call, orn), labelValueIds) }
    call.tables.resourceLabels.put({ id: orn, created: call.now, lastUpdated: call.now, data })
  }
  return ok({ data: resourceOrns.map((orn) => resourceView(call, orn)) })
}

/** Labels, and which resources carry them. */
export const resourceLabels = operations({
  listLabels: (call) =>
    governanceList(call, call.tables.governanceLabels.all(), { filter: { name: ['eq', 'sw', 'co'] } }, (row) =>
      labelView(call, row),
    ),
  createLabel(call) {
    const body = objectBody(call)
    requireFields(body, ['name', 'values'])
    if (call.tables.governanceLabels.all().some(({ data }) => data.name === body.name)) fail('E0000169')
    const values = (body.values as Json[]).map((value) => newValue(call, value))
    const row = call.tables.governanceLabels.insert({
      id: newId(call, 'lbc'),
      created: call.now,
      lastUpdated: call.now,
      data: { name: body.name, values },
    })
    return { status: 201, body: labelView(call, row) }
  },
  getLabel: (call) => ok(labelView(call, labelOf(call))),
  updateLabel(call) {
    const row = labelOf(call)
    const changes = call.body as unknown
    if (!Array.isArray(changes)) return fail('E0000003')
    const data = (changes as Change[]).reduce((before, change) => changed(call, before, change), row.data)
    return ok(labelView(call, call.tables.governanceLabels.patch(row.id, { data, lastUpdated: call.now })))
  },
  deleteLabel(call) {
    call.tables.governanceLabels.remove(labelOf(call).id)
    return noContent()
  },

  listResourceLabels(call) {
    const rows = call.tables.resourceLabels.all().filter(({ id }) => assigned(call, id).length > 0)
    const read = ({ id }: Document, name: string) => (name === 'orn' ? id : assigned(call, id))
    const filter = { orn: ['eq'], labelValueId: ['eq'] } as const
    return governanceList(call, rows, { filter, read }, ({ id }) => resourceView(call, id))
  },
  assignResourceLabels: relabel((before, given) => [...new Set([...before, ...given])]),
  unassignResourceLabels: relabel((before, given) => before.filter((id) => !given.includes(id))),
})
