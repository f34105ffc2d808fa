import { ok, type Reply } from '../../../shared/kernel/reply.ts'
import { invalid, notFound } from '../errors.ts'
import { objectBody } from '../resource.ts'
import { type Answer, conditionFor, type Scope, submit } from '../rules/accessRequests.ts'
import { findUser } from '../rules/users.ts'
import type { User } from '../tables/directory.ts'
import type { Document, Json } from '../tables/document.ts'
import { governed, history, oktaUser, second } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'
import { governanceList, type Listing } from './governanceLists.ts'
import { entryOf, MY_CATALOG, RISK, requester } from './requestCatalog.ts'

const REQUESTS = '/governance/api/v2/requests'

type Where = 'admin' | 'mine'

function links(call: OktaCall, { id, data }: Document, where: Where, submitted: boolean) {
  if (where === 'mine') {
    const catalogEntry = `${MY_CATALOG}/${data.entryId}`
    return { catalogEntry: governed(call, catalogEntry), self: governed(call, `${catalogEntry}/requests/${id}`) }
  }
  const condition = `/governance/api/v2/resources/${data.resourceId}/request-conditions/${data.conditionId}`
  return {
    ...(!submitted &&
      data.conditionId !== undefined && {
        approvalCondition: governed(call, condition),
        approvalSequence: governed(call, `/next/sequences/${data.sequenceId}`),
      }),
    self: governed(call, `${REQUESTS}/${id}`),
  }
}

/** What came of it: decided, granted. */
function outcome({ status, data }: Document) {
  const resolved = typeof data.resolved === 'number' ? second(data.resolved) : undefined
  if (resolved === undefined) return {}
  return { resolved, ...(status === 'APPROVED' && { grantStatus: 'GRANTED', granted: resolved }) }
}

interface Decision extends Json {
  readonly decided: number
}

const approval = ({ status, data }: Document) => ({
  type: 'EXTERNAL',
  providerName: 'External',
  providerDescription: 'External',
  externalRequestId: data.externalRequestId ?? 'N/A',
  ...(['APPROVED', 'DENIED'].includes(status as string) && { status }),
  decisions: (data.decisions as Decision[]).map((one) => ({ ...one, decided: second(one.decided) })),
})

function sparse(call: OktaCall, row: Document, where: Where, submitted = false) {
  const { createdBy, requestedFor, entryId, resourceId } = row.data
  const { type: accessScopeType, id: accessScopeId } = row.data.scope as Scope
  const resourceType = call.tables.groups.has(resourceId as string) ? 'GROUP' : 'APPLICATION'
  return {
    ...history(row),
    _links: links(call, row, where, submitted),
    status: submitted ? 'SUBMITTED' : row.status,
    ...outcome(row),
    requestedBy: oktaUser(createdBy),
    requestedFor: oktaUser(requestedFor),
    requested: { entryId, resourceId, resourceType, accessScopeId, accessScopeType },
  }
}

const full = (call: OktaCall, row: Document, where: Where) => ({
  ...sparse(call, row, where),
  ...(row.data.accessDuration !== undefined && { accessDuration: row.data.accessDuration }),
  requesterFieldValues: row.data.answers,
  ...(where === 'admin' && { requestApproval: approval(row) }),
  riskAssessment: RISK,
})

/** 202: the answer shows the request before it is evaluated, whatever becomes of it. */
function submitted(call: OktaCall, where: Where, entry: Document, requestedFor: User, answers: Answer[]): Reply {
  const row = submit(call, { entry, by: requester(call), for: requestedFor, answers })
  const shown = { ...row, data: { ...row.data, resolved: undefined } }
  return { status: 202, body: { ...sparse(call, shown, where, true), requesterFieldValues: answers } }
}

const answersIn = (body: Json): Answer[] => {
  const answers = (body.requesterFieldValues ?? []) as Answer[]
  const at = answers.findIndex((answer) => !answer.id)
  if (at >= 0) missing('id', `/requesterFieldValues/${at} `)
  return answers
}

/** Access Requests words its refusals by the place in the body. */
function missing(property: string, place = ''): never {
  const text = `must have required property '${property}'`
  return invalid(place + text, [text])
}

const LISTING: Listing<Document> = {
  filter: {
    status: ['eq'],
    lastUpdated: ['gt', 'ge', 'lt', 'le'],
    requestedFor: ['eq'],
    resourceId: ['eq'],
    resourceType: ['eq'],
    accessScopeId: ['eq'],
    accessScopeType: ['eq'],
  },
  order: ['created', 'lastUpdated', 'status'],
}

const requestOf = (call: OktaCall): Document => {
  const { requestId } = call.params as { requestId: string }
  return call.tables.accessRequests.get(requestId) ?? notFound(requestId, 'AccessRequest')
}

/** Access requests: people ask, approvers decide (the act `decideRequest`), and what is granted is given. */
export const submittedRequests = operations({
  listAllRequestsV2(call) {
    const read = (row: Document, name: string): unknown => {
      const shown = sparse(call, row, 'admin')
      if (name === 'requestedFor') return row.data.requestedFor
      return (shown.requested as Json)[name] ?? (shown as Json)[name]
    }
    const rows = call.tables.accessRequests.all()
    return governanceList(call, rows, { ...LISTING, read }, (row) => sparse(call, row, 'admin'))
  },
  createRequestV2(call) {
    const body = objectBody(call)
    const { entryId } = (body.requested ?? missing('requested')) as { entryId?: string }
    const { externalId } = (body.requestedFor ?? missing('requestedFor')) as { externalId?: string }
    const entry = call.tables.catalogEntries.get(String(entryId))
    if (!entry?.data.scope) return invalid(`/requested/entryId ${entryId} not found`, [`${entryId} not found`])
    const user = findUser(call.tables, String(externalId))
    if (!user) return invalid(`/requestedFor/externalId ${externalId} not found`, [`${externalId} not found`])
    return submitted(call, 'admin', entry, user, answersIn(body))
  },
  getRequestV2: (call) => ok(full(call, requestOf(call), 'admin')),
  createRequestMessageV2(call) {
    requestOf(call)
    if (!objectBody(call).message) missing('message')
    return { status: 201 }
  },

  createMyRequestV2(call) {
    const entry = entryOf(call)
    const user = requester(call)
    if (!conditionFor(call, entry, user)) notFound(entry.id, 'CatalogEntry')
    return submitted(call, 'mine', entry, user, answersIn(objectBody(call)))
  },
  getMyRequestV2(call) {
    const row = requestOf(call)
    const user = requester(call)
    const own = row.data.createdBy === user.id || row.data.requestedFor === user.id
    if (!own || row.data.entryId !== call.params.entryId) notFound(row.id, 'AccessRequest')
    return ok(full(call, row, 'mine'))
  },
})
