import { HEX } from '../../../shared/universe/random.ts'
import type { Recorder } from '../events.ts'
import { newId } from '../ids.ts'
import type { User } from '../tables/directory.ts'
import type { Document, Json } from '../tables/document.ts'
import { activeGrants, giveAccess } from './access.ts'
import { isMember } from './membership.ts'

/** What a condition lets people ask for: the resource itself, bundles of its entitlements, groups that lead to it. */
export interface Scope {
  readonly type: 'APPLICATION' | 'GROUP' | 'ENTITLEMENT_BUNDLE'
  readonly id: string
}

interface Settings {
  readonly type: string
  readonly entitlementBundles?: readonly { readonly id: string }[]
  readonly groups?: readonly { readonly id: string }[]
}

type Reader = Pick<Recorder, 'tables' | 'now'>

export function scopesOf(call: Reader, condition: Document): Scope[] {
  const settings = condition.data.accessScopeSettings as Settings
  const named = (type: Scope['type'], list: Settings['groups']) => (list ?? []).map(({ id }) => ({ type, id }))
  if (settings.type === 'ENTITLEMENT_BUNDLES') return named('ENTITLEMENT_BUNDLE', settings.entitlementBundles)
  if (settings.type === 'GROUPS') return named('GROUP', settings.groups)
  const id = condition.parent as string
  return [{ type: call.tables.groups.has(id) ? 'GROUP' : 'APPLICATION', id }]
}

/** The entries of a condition, made when it first comes into force: one of the resource, below it one of each scope. */
export function ensureEntries(call: Recorder, condition: Document): void {
  const { catalogEntries } = call.tables
  const parent = condition.parent as string
  const known = catalogEntries.where('parent', parent)
  const make = (data: Json) =>
    catalogEntries.insert({ id: newId(call, 'cen'), parent, created: call.now, lastUpdated: call.now, data })
  const top = known.find((entry) => entry.data.scope === undefined) ?? make({})
  for (const scope of scopesOf(call, condition)) {
    if (!known.some((entry) => (entry.data.scope as Scope | undefined)?.id === scope.id)) make({ scope, top: top.id })
  }
}

function asks(call: Reader, condition: Document, user: User): boolean {
  const settings = condition.data.requesterSettings as Settings
  if (settings.type === 'EVERYONE') return true
  return (settings.groups ?? []).some(({ id }) => {
    const group = call.tables.groups.get(id)
    return group !== undefined && isMember(call, group, user)
  })
}

/**
 * The condition under which something may be asked for: of those in force the one of highest priority.
 *
 * @param user who would ask; without one, whoever may
 */
export function conditionFor(call: Reader, entry: Document, user?: User): Document | undefined {
  const scope = entry.data.scope as Scope | undefined
  if (!scope) return undefined
  return call.tables.requestConditions
    .where('parent', entry.parent as string)
    .filter(({ status }) => status === 'ACTIVE')
    .filter((condition) => scopesOf(call, condition).some(({ id }) => id === scope.id))
    .filter((condition) => user === undefined || asks(call, condition, user))
    .sort((left, right) => Number(left.data.priority) - Number(right.data.priority))[0]
}

/** A question to who asks. */
export interface Field {
  readonly id: string
  readonly type: string
  readonly choices?: readonly string[]
  readonly required: boolean
  readonly label?: string
  readonly value?: string
  readonly maximumValue?: string
  readonly readOnly: boolean
}

interface Duration {
  readonly type?: string
  readonly duration?: string
  readonly maximumDuration?: string
}

const DURATION = 'ACCESS_DURATION'

/** What is asked of the requester: the questions of the approval sequence, and for how long where they may choose. */
export function fieldsOf(call: Reader, condition: Document): Field[] {
  const sequence = call.tables.requestSequences.get(String(condition.data.approvalSequenceId))
  const { type, duration, maximumDuration } = (condition.data.accessDurationSettings ?? {}) as Duration
  const own = { id: DURATION, type: 'DURATION' }
  return [
    ...((sequence?.data.requesterFields ?? []) as Field[]),
    ...(type === 'ADMIN_FIXED_DURATION' ? [{ ...own, required: false, value: duration, readOnly: true }] : []),
    ...(type === 'REQUESTER_SPECIFIED_DURATION'
      ? [{ ...own, required: true, maximumValue: maximumDuration, readOnly: false }]
      : []),
  ]
}

export interface Answer {
  readonly id: string
  readonly value?: string
  readonly values?: readonly string[]
}

const given = ({ value, values }: Answer): readonly string[] => values ?? (value === undefined ? [] : [value])

/** Whether the answers do: all that is required, and of a choice one of the choices. */
function answered(fields: readonly Field[], answers: readonly Answer[]): boolean {
  const wanted = fields.every(
    (field) => !field.required || answers.some((answer) => answer.id === field.id && given(answer).length > 0),
  )
  return (
    wanted &&
    answers.every((answer) => {
      const field = fields.find(({ id }) => id === answer.id)
      return field !== undefined && (!field.choices || given(answer).every((value) => field.choices?.includes(value)))
    })
  )
}

export interface Submission {
  readonly entry: Document
  readonly by: User
  readonly for: User
  readonly answers: readonly Answer[]
}

/** Whether somebody may ask for another: as the settings of the resource say. */
export function mayAskFor(call: Reader, resourceId: string, by: User, other: User): boolean {
  if (by.id === other.id) return true
  const settings = call.tables.settings.get(`requestSettings/${resourceId}`)?.data.requestOnBehalfOfSettings
  const { allowed, onlyFor } = (settings ?? {}) as { allowed?: boolean; onlyFor?: readonly string[] }
  return allowed === true && (!onlyFor?.includes('DIRECT_REPORT') || other.profile.managerId === by.id)
}

/**
 * Takes a request and evaluates it, which Okta does a second after it said `SUBMITTED`: answers that do not fit the
 * questions make it REJECTED (recorded), an approval sequence without approvers grants it at once.
 */
export function submit(call: Recorder, submission: Submission): Document {
  const { entry, by, answers } = submission
  const scope = entry.data.scope as Scope
  const condition = conditionFor(call, entry, submission.for)
  const fields = condition ? fieldsOf(call, condition) : []
  const fits =
    condition !== undefined && answered(fields, answers) && mayAskFor(call, entry.parent as string, by, submission.for)
  const duration = fields.find(({ id }) => id === DURATION)
  const chosen = answers.find(({ id }) => id === DURATION)?.value
  const sequence = call.tables.requestSequences.get(String(condition?.data.approvalSequenceId))
  const row = call.tables.accessRequests.insert({
    id: newId(call, 'req'),
    status: fits ? 'PENDING' : 'REJECTED',
    created: call.now,
    lastUpdated: call.now,
    data: {
      createdBy: by.id,
      requestedFor: submission.for.id,
      entryId: entry.id,
      resourceId: entry.parent,
      scope,
      ...(condition && { conditionId: condition.id, sequenceId: condition.data.approvalSequenceId }),
      answers: answers.map(({ id, ...answer }) => {
        const { label, type } = fields.find((field) => field.id === id) ?? {}
        return { id, ...(label && { label }), ...(type && { type }), ...answer }
      }),
      ...(duration && { accessDuration: chosen ?? duration.value }),
      ...(fits && { externalRequestId: call.random.text(24, HEX) }),
      decisions: [],
    },
  })
  const unattended = fits && sequence !== undefined && (sequence.data.approvers as string[]).length === 0
  return unattended ? resolve(call, row, 'APPROVED') : row
}

/** Ends a pending request. Who is approved gets what was asked for. */
export function resolve(call: Recorder, request: Document, status: 'APPROVED' | 'DENIED', decider?: User): Document {
  const { decisions, ...data } = request.data
  const name = decider && `${decider.profile.firstName} ${decider.profile.lastName}`
  const decision = decider && { deciderId: decider.id, deciderName: name, decision: status, decided: call.now }
  if (status === 'APPROVED') grant(call, request)
  return call.tables.accessRequests.patch(request.id, {
    status,
    lastUpdated: call.now,
    data: { ...data, decisions: [...(decisions as Json[]), ...(decision ? [decision] : [])], resolved: call.now },
  })
}

function grant(call: Recorder, { data, id }: Document): void {
  const user = call.tables.users.get(String(data.requestedFor))
  const scope = data.scope as Scope
  if (!user) return
  giveAccess(call, scope.type === 'ENTITLEMENT_BUNDLE' ? String(data.resourceId) : scope.id, user)
  const held = activeGrants(call, user.id).some((one) => one.data.entitlementBundleId === scope.id)
  if (scope.type !== 'ENTITLEMENT_BUNDLE' || held) return
  call.tables.governanceGrants.insert({
    id: newId(call, '0gg'),
    status: 'ACTIVE',
    created: call.now,
    lastUpdated: call.now,
    data: {
      createdBy: data.createdBy,
      grantType: 'ENTITLEMENT-BUNDLE',
      entitlementBundleId: scope.id,
      userId: user.id,
      appId: data.resourceId,
      action: 'ALLOW',
      actor: 'ACCESS_REQUEST',
      requestId: id,
    },
  })
}
