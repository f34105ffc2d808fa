import { HEX } from '../../../shared/universe/random.ts'
import type { Recorder } from '../events.ts'
import type { User } from '../tables/directory.ts'
import type { Document, Json } from '../tables/document.ts'
import { giveAccess } from './access.ts'

/** Ids of Access Requests' own things: 24 hexadecimal digits. */
export const hexId = (call: Pick<Recorder, 'random'>): string => call.random.text(24, HEX)

/** A step somebody must approve, or the act at the end. */
export interface Step extends Json {
  readonly status: 'PENDING' | 'COMPLETED'
}

interface Target {
  readonly type: string
  readonly targetResources?: readonly { readonly resourceId: string }[]
}

/** What is done when everybody approved, by what the type is of. */
const ACTIONS: Readonly<Record<string, readonly [action: string, resourceType: string]>> = {
  APPS: ['ASSIGN_APP_TO_USER', 'APP'],
  GROUPS: ['ADD_USER_TO_GROUP', 'GROUP'],
  ENTITLEMENT_BUNDLES: ['GRANT_ACCESS_TO_ENTITLEMENT_BUNDLE', 'ENTITLEMENT_BUNDLE'],
}

/** The steps of a fresh request: one for each approver of its type, and the act. */
export function steps(call: Pick<Recorder, 'random'>, type: Document): { approvals: Step[]; actions: Step[] } {
  const { approvals = [] } = type.data.approvalSettings as { approvals?: readonly unknown[] }
  const [action] = ACTIONS[(type.data.resourceSettings as Target).type] ?? []
  return {
    approvals: approvals.map(() => ({ status: 'PENDING', approvalId: hexId(call) })),
    actions: action === undefined ? [] : [{ status: 'PENDING', action, actionId: hexId(call) }],
  }
}

const nameOf = ({ profile }: User) => `${profile.firstName} ${profile.lastName}`

/** The next approver decides. When all approved the access is given; one refusal ends the request. */
export function decideStep(call: Recorder, request: Document, decider: User, approve: boolean): Document {
  const approvals = request.data.approvals as Step[]
  const at = approvals.findIndex(({ status }) => status === 'PENDING')
  const decided: Step = {
    ...approvals[at],
    status: 'COMPLETED',
    approverName: nameOf(decider),
    approverId: decider.id,
    decision: approve ? 'APPROVED' : 'DENIED',
    decided: call.now,
    fieldValues: [],
  }
  const next = call.tables.typedRequests.patch(request.id, {
    lastUpdated: call.now,
    data: { ...request.data, approvals: approvals.with(at, decided) },
  })
  return approve ? settle(call, next) : closed(call, next)
}

/** Gives what was asked for once nobody is left to approve. */
export function settle(call: Recorder, request: Document): Document {
  if ((request.data.approvals as Step[]).some(({ status }) => status === 'PENDING')) return request
  const type = call.tables.requestTypes.get(String(request.data.requestTypeId))
  const settings = type?.data.resourceSettings as Target
  const user = call.tables.users.get(String((request.data.requesterUserIds as string[])[0]))
  const resourceId = settings.targetResources?.[0]?.resourceId ?? ''
  const bundle = call.tables.entitlementBundles.get(resourceId)
  const target = bundle ? (bundle.data.target as { externalId: string }).externalId : resourceId
  if (user) giveAccess(call, target, user)
  const actions = (request.data.actions as Step[]).map((step) => ({
    ...step,
    status: 'COMPLETED',
    actionStatus: 'SUCCEEDED',
    actionAttempted: call.now,
    resourceId,
    resourceType: ACTIONS[settings.type]?.[1],
  }))
  return closed(call, { ...request, data: { ...request.data, actions } })
}

const closed = (call: Recorder, { id, data }: Document): Document =>
  call.tables.typedRequests.patch(id, {
    status: 'RESOLVED',
    lastUpdated: call.now,
    data: { ...data, resolved: call.now },
  })
