import { fail, requireFields } from '../errors.ts'
import { objectBody, type Resource, resource } from '../resource.ts'
import type { Document, Json } from '../tables/document.ts'
import { contents, governed, history, idInOrn, type Picked } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'
import { governanceList } from './governanceLists.ts'
import { effective } from './grants.ts'

const RULES = '/governance/api/v1/risk-rules'

interface Criterion extends Json {
  readonly operation: 'CONTAINS_ONE' | 'CONTAINS_ALL'
  readonly value: { readonly type: string; readonly value: readonly Picked[] }
}

interface Criteria {
  readonly and: readonly Criterion[]
}

const criteriaOf = ({ data }: Document): readonly Criterion[] =>
  ((data.conflictCriteria ?? { and: [] }) as Criteria).and

const resourceOf = ({ data }: Document): unknown =>
  (data.resources as { resourceOrn?: string }[] | undefined)?.[0]?.resourceOrn

/** A rule tells of its entitlements what they are called. */
const told = (call: OktaCall, row: Document) => ({
  and: criteriaOf(row).map(({ value, ...criterion }) => ({
    ...criterion,
    value: { type: value.type, value: contents(call, value.value) },
  })),
})

const family: Resource = {
  table: (tables) => tables.riskRules,
  prefix: 'rul',
  kind: 'RiskRule',
  param: 'ruleId',
  operations: { create: 'createRiskRule', get: 'getRiskRule', replace: 'replaceRiskRule', remove: 'deleteRiskRule' },
  createdStatus: 201,
  required: ['name'],
  status: 'ACTIVE',
  data(body, call, before) {
    const twin = call.tables.riskRules.all().find((row) => row.id !== before?.id && row.data.name === body.name)
    if (twin) fail('E0000028', '', ['The rule name needs to be unique.'])
    const { name, description, notes, conflictCriteria } = body
    const resources = body.resources ?? before?.data.resources ?? []
    const given = { ...(description !== undefined && { description }), ...(notes !== undefined && { notes }) }
    return {
      name,
      ...given,
      type: body.type ?? 'SEPARATION_OF_DUTIES',
      resources,
      conflictCriteria,
      createdBy: before?.data.createdBy ?? call.caller.userId,
    }
  },
  view(row, call) {
    const { createdBy: _, ...shown } = row.data
    const conflictCriteria = told(call, row)
    const _links = { self: governed(call, `${RULES}/${row.id}`) }
    return { ...shown, status: row.status, conflictCriteria, ...history(row), _links }
  },
}

/** Whether somebody has of a list one, or all. */
function meets(held: ReadonlyMap<string, ReadonlySet<string>>, { operation, value }: Criterion): boolean {
  const values = value.value.flatMap(({ id, values = [] }) => values.map((one) => held.get(id)?.has(one.id) ?? false))
  return operation === 'CONTAINS_ALL' ? values.length > 0 && values.every(Boolean) : values.some(Boolean)
}

/** Rules of separation of duties, and whom they would hit. */
export const riskRules = {
  ...resource(family),
  ...operations({
    listRiskRules: (call) =>
      governanceList(
        call,
        call.tables.riskRules.all(),
        {
          filter: { name: ['sw', 'co', 'eq'], resourceOrn: ['eq'] },
          total: true,
          read: (row, name) => (name === 'resourceOrn' ? resourceOf(row) : row.data[name]),
        },
        (row) => family.view(row, call),
      ),
    /** Rules of a resource one side of which the person has: to get the other would be a conflict. */
    generatePotentialRiskAssessments(call) {
      const body = objectBody(call)
      requireFields(body, ['principalOrn', 'resourceOrn'])
      const { principalOrn, resourceOrn } = body
      const held = effective(call, idInOrn(principalOrn), idInOrn(resourceOrn))
      const hit = call.tables.riskRules
        .all()
        .filter((row) => idInOrn(resourceOf(row)) === idInOrn(resourceOrn))
        .filter((row) => criteriaOf(row).some((criterion) => meets(held, criterion)))
      return governanceList(call, hit, { limit: 200 }, (row) => ({
        ...(row.data.description !== undefined && { description: row.data.description }),
        type: row.data.type,
        conflictCriteria: told(call, row),
        principalOrn,
        resourceOrn,
        ruleName: row.data.name,
        ruleId: row.id,
      }))
    },
  }),
}
