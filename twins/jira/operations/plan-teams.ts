import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import type { JiraCall } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { patched } from '../rules/json-patch.ts'
import { activePlan, cursorPage, planOf } from '../rules/plans.ts'
import type { PlanTeam, PlanTeamDetails } from '../tables.ts'
import { operations } from './define.ts'
import { bodyOf, text } from './shared.ts'

function teamOf(call: JiraCall, planId: number, type: PlanTeam['type'], id: string | number): PlanTeam {
  const team = call.tables.planTeams.get(`${planId}/${type}/${id}`)
  if (!team) throw notFound(`Team with id ${id} not found in plan ${planId}.`)
  return team
}

/** A number of a team's settings, which may be left out and is never negative. */
function amount(given: Readonly<Record<string, unknown>>, name: string): Record<string, number> {
  const value = given[name]
  if (value === undefined || value === null) return {}
  const number = Number(value)
  if (!Number.isFinite(number) || number < 0) throw badRequest(`The value of '${name}' is invalid.`)
  return { [name]: number }
}

/** A team's settings as sent; those of a plan-only team have a name and members. */
function detailsFrom(
  call: JiraCall,
  given: Readonly<Record<string, unknown>>,
  type: PlanTeam['type'],
): PlanTeamDetails {
  const { planningStyle } = given
  if (planningStyle !== 'Scrum' && planningStyle !== 'Kanban')
    throw badRequest("The value of 'planningStyle' must be one of [Scrum, Kanban].")
  const settings = {
    planningStyle,
    ...amount(given, 'capacity'),
    ...amount(given, 'issueSourceId'),
    ...amount(given, 'sprintLength'),
  } as const
  if (type === 'Atlassian') return settings
  const name = text(given.name).trim()
  if (name === '' || name.length > 255) throw badRequest('The name must have between 1 and 255 characters.')
  const memberAccountIds = Array.isArray(given.memberAccountIds) ? given.memberAccountIds.map(String) : []
  const unknown = memberAccountIds.find((id) => !call.tables.users.has(id))
  if (unknown !== undefined) throw badRequest(`User with account id ${unknown} does not exist.`)
  return { ...settings, name, memberAccountIds }
}

function update(call: JiraCall, planId: number, type: PlanTeam['type'], id: string | number) {
  activePlan(call, planId)
  const team = teamOf(call, planId, type, id)
  const next = patched(team.details, call.body)
  call.tables.planTeams.replace({ ...team, details: detailsFrom(call, { ...next }, type) })
  return noContent()
}

function remove(call: JiraCall, planId: number, type: PlanTeam['type'], id: string | number) {
  activePlan(call, planId)
  teamOf(call, planId, type, id)
  call.tables.planTeams.remove(`${planId}/${type}/${id}`)
  return noContent()
}

/** Teams of a plan: those of the organisation, and those that live in the plan alone. */
export const planTeams = operations({
  getTeams(call) {
    const plan = planOf(call, call.params.planId)
    return ok(
      cursorPage(call, call.tables.planTeams.where('plan', plan.id), ({ id, type, details }) => ({
        id,
        ...(details.name !== undefined && { name: details.name }),
        type,
      })),
    )
  },
  /** Teams of the organisation are kept outside of Jira: any id is taken. */
  addAtlassianTeam(call) {
    const plan = activePlan(call, call.params.planId)
    const id = text(bodyOf(call).id)
    if (id === '') throw badRequest('The id of the team must be provided.')
    if (call.tables.planTeams.has(`${plan.id}/Atlassian/${id}`))
      throw badRequest(`Team with id ${id} is already in plan ${plan.id}.`)
    const details = detailsFrom(call, bodyOf(call), 'Atlassian')
    call.tables.planTeams.insert({ id, planId: plan.id, type: 'Atlassian', details })
    return noContent()
  },
  getAtlassianTeam(call) {
    const { planId, atlassianTeamId } = call.params
    const { id, details } = teamOf(call, planOf(call, planId).id, 'Atlassian', atlassianTeamId)
    return ok({ id, ...details })
  },
  updateAtlassianTeam: (call) => update(call, call.params.planId, 'Atlassian', call.params.atlassianTeamId),
  removeAtlassianTeam: (call) => remove(call, call.params.planId, 'Atlassian', call.params.atlassianTeamId),

  createPlanOnlyTeam(call) {
    const plan = activePlan(call, call.params.planId)
    const details = detailsFrom(call, bodyOf(call), 'PlanOnly')
    const id = call.sequence('jira.planTeam')
    call.tables.planTeams.insert({ id: String(id), planId: plan.id, type: 'PlanOnly', details })
    return created(id)
  },
  getPlanOnlyTeam(call) {
    const { planId, planOnlyTeamId } = call.params
    const { id, details } = teamOf(call, planOf(call, planId).id, 'PlanOnly', planOnlyTeamId)
    return ok({ id: Number(id), ...details })
  },
  updatePlanOnlyTeam: (call) => update(call, call.params.planId, 'PlanOnly', call.params.planOnlyTeamId),
  deletePlanOnlyTeam: (call) => remove(call, call.params.planId, 'PlanOnly', call.params.planOnlyTeamId),
})
