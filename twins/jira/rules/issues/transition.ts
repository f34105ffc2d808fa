import { ServiceError } from '../../../../shared/kernel/dialect.ts'
import { badRequest, errorBody, fieldErrors } from '../../errors.ts'
import type { Issue, WorkflowTransition } from '../../tables.ts'
import type { Field } from '../fields/types.ts'
import { isObject } from '../fields/values.ts'
import { actionsOf, isAvailable, transitionsFrom, validate, workflowOf } from '../workflow.ts'
import type { Writer } from './create.ts'
import { runDeferred } from './deferred.ts'
import { permitted, readFields } from './fields.ts'
import { projectOf } from './find.ts'
import { saveIssue } from './save.ts'

export interface TransitionRequest {
  readonly transition?: unknown
  readonly fields?: unknown
  readonly update?: unknown
  readonly historyMetadata?: unknown
}

/** Transitions a user may take from where an issue is. */
export function availableTransitions({ site, user }: Writer, issue: Issue): WorkflowTransition[] {
  const project = projectOf(site, issue)
  return transitionsFrom(workflowOf(site, project, issue.typeId), issue.statusId).filter((transition) =>
    isAvailable(site, user, project, issue, transition),
  )
}

/**
 * Moves an issue through its workflow: fields of the transition's screen, validators, status, actions, resolution.
 *
 * @throws 400 `Transition id 'N' is not valid for this issue.`
 */
export function transitionIssue(writer: Writer, issue: Issue, request: TransitionRequest): Issue {
  const { site, user } = writer
  const id = isObject(request.transition) ? request.transition.id : undefined
  if (id === undefined || id === null || id === '') throw badRequest("Missing 'transition' identifier")
  const transition = availableTransitions(writer, issue).find((candidate) => candidate.id === String(id))
  if (!transition) throw badRequest(`Transition id '${id}' is not valid for this issue.`)
  const project = projectOf(site, issue)
  const onScreen = screenFields(writer, transition)
  const allows = (field: Field) => onScreen.has(field.id) && permitted(site, user, project, field, issue)
  const target = { ...writer, project, typeId: issue.typeId, issue, creating: false, allows }
  const { change, errors, deferred } = readFields(target, request.fields, request.update)
  if (Object.keys(errors).length > 0) throw fieldErrors(errors)
  const draft = { ...issue, ...change }
  const objections = validate(site, user, project, draft, transition)
  if (objections.messages.length > 0 || Object.keys(objections.errors).length > 0) {
    throw new ServiceError({ status: 400, body: errorBody(objections.messages, objections.errors) })
  }
  const moved: Partial<Issue> = {
    ...change,
    statusId: transition.to,
    ...resolutionOn(writer, draft, transition),
    ...actionsOf(user, draft, project, transition),
  }
  const metadata = isObject(request.historyMetadata) ? { historyMetadata: request.historyMetadata } : {}
  const saved = saveIssue(site, user, issue, moved, { event: 'issue_generic', ...metadata })
  runDeferred(writer, saved, deferred)
  return saved
}

/** Fields of a transition's screen. */
export function screenFields({ site }: Writer, transition: WorkflowTransition): Set<string> {
  const screen = transition.screenId === undefined ? undefined : site.tables.screens.get(String(transition.screenId))
  return new Set(screen?.tabs.flatMap((tab) => tab.fields) ?? [])
}

/** Entering a status of the category Done resolves an issue, leaving it clears the resolution. */
function resolutionOn({ site }: Writer, issue: Issue, transition: WorkflowTransition): Partial<Issue> {
  const done = site.tables.statuses.get(transition.to)?.category === 'DONE'
  if (!done) return { resolutionId: null }
  if (issue.resolutionId) return {}
  const standard =
    site.tables.resolutions.all().find((resolution) => resolution.isDefault) ?? site.tables.resolutions.get('10000')
  return { resolutionId: standard?.id ?? null }
}
