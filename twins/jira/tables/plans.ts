import type { Instant } from '../../../shared/universe/clock.ts'
import { defineTable } from '../../../shared/universe/table.ts'

export interface PlanDate {
  readonly type: 'DueDate' | 'TargetStartDate' | 'TargetEndDate' | 'DateCustomField'
  readonly dateCustomFieldId?: number
}

/** What can be changed of a plan, as the API writes it. */
export interface PlanDetails {
  readonly name: string
  readonly leadAccountId?: string
  readonly issueSources: readonly { readonly type: 'Board' | 'Project' | 'Filter' | 'Custom'; readonly value: number }[]
  readonly scheduling: {
    readonly estimation: 'StoryPoints' | 'Days' | 'Hours'
    readonly startDate: PlanDate
    readonly endDate: PlanDate
    readonly inferredDates: 'None' | 'SprintDates' | 'ReleaseDates'
    readonly dependencies: 'Sequential' | 'Concurrent'
  }
  readonly exclusionRules: {
    readonly issueIds: readonly number[]
    readonly issueTypeIds: readonly number[]
    readonly numberOfDaysToShowCompletedIssues: number
    readonly releaseIds: readonly number[]
    readonly workStatusCategoryIds: readonly number[]
    readonly workStatusIds: readonly number[]
  }
  readonly customFields: readonly { readonly customFieldId: number; readonly filter: boolean }[]
  readonly crossProjectReleases: readonly { readonly name: string; readonly releaseIds: readonly number[] }[]
  readonly permissions: readonly {
    readonly type: 'View' | 'Edit'
    readonly holder: { readonly type: 'Group' | 'AccountId'; readonly value: string }
  }[]
}

/** A plan of Advanced Roadmaps. Groups in its permissions are ids. */
export interface Plan {
  readonly id: number
  readonly scenarioId: number
  readonly status: 'Active' | 'Trashed' | 'Archived'
  readonly saved: Instant
  readonly details: PlanDetails
}

/** How a team plans. */
export interface PlanTeamDetails {
  readonly planningStyle: 'Scrum' | 'Kanban'
  readonly issueSourceId?: number
  readonly sprintLength?: number
  readonly capacity?: number
  /** Of plan-only teams. */
  readonly name?: string
  readonly memberAccountIds?: readonly string[]
}

export interface PlanTeam {
  /** An Atlassian team's id, or the number of a team of the plan alone. */
  readonly id: string
  readonly planId: number
  readonly type: 'PlanOnly' | 'Atlassian'
  readonly details: PlanTeamDetails
}

export const plans = defineTable<Plan>()('jira.plans', {
  key: (plan) => String(plan.id),
  index: { id: (plan) => plan.id },
})
export const planTeams = defineTable<PlanTeam>()('jira.planTeams', {
  key: (team) => `${team.planId}/${team.type}/${team.id}`,
  index: { plan: (team) => [team.planId, team.type, team.id] },
})
