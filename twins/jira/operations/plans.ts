import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import type { JiraCall } from '../context.ts'
import { patched } from '../rules/json-patch.ts'
import { activePlan, cursorPage, planDetails, planOf, requirePlans } from '../rules/plans.ts'
import type { Plan, PlanDetails } from '../tables.ts'
import { operations } from './define.ts'
import { bodyOf, text } from './shared.ts'

/** Groups are named in permissions unless the caller wants their ids. */
const permissionsView = (call: JiraCall, details: PlanDetails, useGroupId: boolean) =>
  details.permissions.map(({ type, holder }) => ({
    type,
    holder:
      holder.type === 'Group' && !useGroupId
        ? { type: holder.type, value: call.tables.groups.get(holder.value)?.name ?? holder.value }
        : holder,
  }))

const detailsView = (call: JiraCall, { details }: Plan, useGroupId: boolean) => ({
  ...details,
  permissions: permissionsView(call, details, useGroupId),
})

function insert(call: JiraCall, details: PlanDetails): Plan {
  const id = call.sequence('jira.plan')
  return call.tables.plans.insert({ id, scenarioId: id, status: 'Active', saved: call.now, details })
}

function close(call: JiraCall, id: number, status: Plan['status']) {
  call.tables.plans.replace({ ...activePlan(call, id), status, saved: call.now })
  return noContent()
}

/** Plans of Advanced Roadmaps: where their issues come from, and how they are scheduled. */
export const plans = operations({
  getPlans(call) {
    requirePlans(call)
    const { includeTrashed, includeArchived } = call.query
    const rows = [...call.tables.plans.scan('id')].filter(
      ({ status }) =>
        status === 'Active' || (status === 'Trashed' && includeTrashed) || (status === 'Archived' && includeArchived),
    )
    return ok(
      cursorPage(call, rows, ({ id, scenarioId, status, details }) => ({
        id: String(id),
        issueSources: details.issueSources,
        name: details.name,
        scenarioId: String(scenarioId),
        status,
      })),
    )
  },
  createPlan(call) {
    requirePlans(call)
    return created(insert(call, planDetails(call, bodyOf(call), call.query.useGroupId === true)).id)
  },
  getPlan(call) {
    const plan = planOf(call, call.params.planId)
    return ok({
      id: plan.id,
      ...detailsView(call, plan, call.query.useGroupId === true),
      lastSaved: new Date(plan.saved).toISOString(),
      status: plan.status,
    })
  },
  updatePlan(call) {
    const plan = activePlan(call, call.params.planId)
    const useGroupId = call.query.useGroupId === true
    const next = patched(detailsView(call, plan, useGroupId), call.body)
    call.tables.plans.replace({ ...plan, saved: call.now, details: planDetails(call, { ...next }, useGroupId) })
    return noContent()
  },
  archivePlan: (call) => close(call, call.params.planId, 'Archived'),
  trashPlan: (call) => close(call, call.params.planId, 'Trashed'),
  /** The copy has the same details and teams. */
  duplicatePlan(call) {
    const plan = activePlan(call, call.params.planId)
    const given = { ...plan.details, name: text(bodyOf(call).name) }
    const copy = insert(call, planDetails(call, given, true))
    for (const team of call.tables.planTeams.where('plan', plan.id)) {
      const id = team.type === 'PlanOnly' ? String(call.sequence('jira.planTeam')) : team.id
      call.tables.planTeams.insert({ ...team, id, planId: copy.id })
    }
    return created(copy.id)
  },
})
