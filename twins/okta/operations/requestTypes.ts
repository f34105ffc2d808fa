import { ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound } from '../errors.ts'
import { found, objectBody, type Resource, resource } from '../resource.ts'
import { hexId, type Step, settle, steps } from '../rules/typedRequests.ts'
import type { Document, Json } from '../tables/document.ts'
import { governed, history, second } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'
import { attributeOf, governanceList, type Listing } from './governanceLists.ts'

const TYPES = '/governance/api/v1/request-types'
const REQUESTS = '/governance/api/v1/requests'

/** Access Requests words its refusals by the place in the body. */
function refuse(texts: readonly string[], place = ''): never {
  return invalid(place + texts.join(', '), texts)
}

function required(body: Json, names: readonly string[]): void {
  const missing = names.filter((name) => body[name] === undefined)
  if (missing.length > 0) refuse(missing.map((name) => `must have required property '${name}'`))
}

interface Field extends Json {
  readonly id: string
  readonly type: string
  readonly required?: boolean
  readonly prompt?: string
}

const FIELD_TYPES = ['SELECT', 'TEXT', 'DATE-TIME']

/** Questions get an id of their own. */
function fields(call: OktaCall, given: unknown, place: string): Field[] {
  return ((given ?? []) as Field[]).map((field, at) => {
    const here = `${place}/${at}`
    if (!FIELD_TYPES.includes(field.type)) {
      refuse([`must be equal to one of the allowed values: ${FIELD_TYPES.join(', ')}`], `${here}/type `)
    }
    if (field.type === 'SELECT' && !field.options) refuse(["must have required property 'options'"], `${here}/options `)
    return { required: true, ...field, id: field.id ?? call.random.uuid() }
  })
}

function requestSettings(call: OktaCall, given: Json = { type: 'EVERYONE' }): Json {
  const place = '/requestSettings/requesterMemberOf'
  const [group] = (given.requesterMemberOf ?? []) as string[]
  if (given.type === 'MEMBER_OF') {
    if (group === undefined) refuse(["must have required property 'requesterMemberOf'"], `${place} `)
    if (!call.tables.groups.has(group)) refuse([`${group} not found`], `${place}/0 `)
  }
  return { ...given, requesterFields: fields(call, given.requesterFields, '/requestSettings/requesterFields') }
}

function approvalSettings(call: OktaCall, given: Json): Json {
  if (given.type !== 'SERIAL') return given
  const approvals = (given.approvals ?? []) as Json[]
  const place = '/approvalSettings/approvals'
  if (approvals.length === 0) refuse(['must NOT have fewer than 1 items'], `${place} `)
  return {
    ...given,
    approvals: approvals.map((approval, at) => ({
      ...approval,
      ...(approval.approverFields !== undefined && {
        approverFields: fields(call, approval.approverFields, `${place}/${at}/approverFields`),
      }),
    })),
  }
}

const types: Resource = {
  table: (tables) => tables.requestTypes,
  prefix: 'hex',
  kind: 'RequestType',
  param: 'requestTypeId',
  operations: { get: 'getRequestType', remove: 'deleteRequestType' },
  view(row, call) {
    const { createdBy: _, ...shown } = row.data
    return { ...shown, status: row.status, ...history(row), _links: links(row, call) }
  },
}

function links({ id, status }: Document, call: OktaCall) {
  const filter = encodeURIComponent(`requestTypeId eq "${id}"`)
  return {
    ...(status === 'ACTIVE' && { createRequest: governed(call, REQUESTS) }),
    requests: governed(call, `${REQUESTS}?filter=${filter}`),
    self: governed(call, `${TYPES}/${id}`),
  }
}

const move = (status: string) => (call: OktaCall) => {
  const row = found(types, call)
  const text =
    'Cannot publish or unpublish a DISABLED request type. Repair the request type using the administrative user interface.'
  if (row.status === 'DISABLED') fail('E0000195', text)
  return ok(types.view(call.tables.requestTypes.patch(row.id, { status, lastUpdated: call.now }), call))
}

interface Value {
  readonly id?: string
  readonly value?: unknown
}

/** Answers to the questions of a type, each checked where it stands. */
function answers(type: Document, given: readonly Value[]): Json[] {
  const known = ((type.data.requestSettings as Json).requesterFields ?? []) as Field[]
  const told = given.map(({ id, value }, at) => {
    const place = `/requesterFieldValues/${at}`
    if (id === undefined) return refuse(["must have required property 'id'"], `${place} `)
    const field = known.find((one) => one.id === id)
    if (!field) return refuse([`${id} not found`], `${place}/id `)
    if (value === undefined) return refuse(["must have required property 'value'"], `${place} `)
    return { id, prompt: field.prompt, required: field.required, type: field.type, value }
  })
  const silent = known.some((field) => field.required && !told.some(({ id }) => id === field.id))
  if (silent) refuse(['must have all required requesterFields'], '/requesterFieldValues ')
  return told
}

function requestSparse(call: OktaCall, row: Document) {
  const { requestTypeId, subject, requesterUserIds, resolved } = row.data
  return {
    requestTypeId,
    subject,
    requesterUserIds,
    requestStatus: row.status,
    type: 'ACCESS_REQUEST',
    ...(typeof resolved === 'number' && { resolved: second(resolved) }),
    ...history(row),
    _links: {
      requestType: governed(call, `${TYPES}/${requestTypeId}`),
      self: governed(call, `${REQUESTS}/${row.id}`),
    },
  }
}

/** Times within steps, as Governance shows times. */
const dated = (list: unknown): Json[] =>
  (list as Step[]).map((step) =>
    Object.fromEntries(
      Object.entries(step).map(([name, value]) => [name, typeof value === 'number' ? second(value) : value]),
    ),
  )

const requestView = (call: OktaCall, row: Document) => ({
  ...requestSparse(call, row),
  requesterFieldValues: row.data.requesterFieldValues,
  approvals: dated(row.data.approvals),
  actions: dated(row.data.actions),
})

const requestOf = (call: OktaCall): Document => {
  const { requestId } = call.params as { requestId: string }
  return call.tables.typedRequests.get(requestId) ?? notFound(requestId, 'Request')
}

const TYPE_LIST: Listing<Document> = {
  filter: { status: ['eq'], lastUpdated: ['gt', 'ge', 'lt', 'le'], name: ['eq', 'sw', 'co'] },
  order: ['name', 'created', 'lastUpdated', 'status'],
}

const REQUEST_LIST: Listing<Document> = {
  filter: { requestStatus: ['eq'], requestTypeId: ['eq'], lastUpdated: ['gt', 'ge', 'lt', 'le'] },
  order: ['created', 'lastUpdated', 'resolved'],
  read: (row, name) => (name === 'requestStatus' ? row.status : attributeOf(row, name)),
}

/** Requests of the older kind: types with their questions and approvers, owned by teams. */
export const requestTypes = {
  ...resource(types),
  ...operations({
    listAllRequestTypes: (call) =>
      governanceList(call, call.tables.requestTypes.all(), TYPE_LIST, (row) => {
        const { name, description } = row.data
        const shown = { name, ...(description !== undefined && { description }) }
        return { ...shown, status: row.status, lastUpdateSource: 'API', ...history(row), _links: links(row, call) }
      }),
    createRequestType(call) {
      const body = objectBody(call)
      required(body, ['ownerId', 'resourceSettings', 'approvalSettings'])
      if (!call.tables.requestTeams.has(String(body.ownerId))) refuse(['ownerId must be a Team in your organization.'])
      const { name, description, ownerId, resourceSettings, accessDuration } = body
      const row = call.tables.requestTypes.insert({
        id: hexId(call),
        status: body.status === 'ACTIVE' ? 'ACTIVE' : 'DRAFT',
        created: call.now,
        lastUpdated: call.now,
        data: {
          name,
          ...(description !== undefined && { description }),
          ownerId,
          resourceSettings,
          requestSettings: requestSettings(call, body.requestSettings as Json | undefined),
          approvalSettings: approvalSettings(call, body.approvalSettings as Json),
          ...(accessDuration !== undefined && { accessDuration }),
          lastUpdateSource: 'API',
          createdBy: call.caller.userId,
        },
      })
      return { status: 201, body: types.view(row, call) }
    },
    publishRequestType: move('ACTIVE'),
    unpublishRequestType: move('DRAFT'),

    listAllRequests: (call) =>
      governanceList(call, call.tables.typedRequests.all(), REQUEST_LIST, (row) => requestSparse(call, row)),
    createRequest(call) {
      const body = objectBody(call)
      required(body, ['requestTypeId', 'subject'])
      const id = String(body.requestTypeId)
      const type = call.tables.requestTypes.get(id)
      if (!type) return refuse([`${id} not found`], '/requestTypeId ')
      const state = `Request type ${id} must be ACTIVE. Current status: ${type.status}`
      if (type.status !== 'ACTIVE') fail('E0000195', state, [state])
      const requesterUserIds = (body.requesterUserIds ?? [call.caller.userId]) as string[]
      for (const [at, user] of requesterUserIds.entries()) {
        if (!call.tables.users.has(user)) refuse([`${user} not found`], `/requesterUserIds/${at} `)
      }
      const row = call.tables.typedRequests.insert({
        id: hexId(call),
        status: 'OPEN',
        created: call.now,
        lastUpdated: call.now,
        data: {
          requestTypeId: id,
          subject: body.subject,
          requesterUserIds,
          requesterFieldValues: answers(type, (body.requesterFieldValues ?? []) as Value[]),
          ...steps(call, type),
          createdBy: call.caller.userId,
        },
      })
      return { status: 201, body: requestView(call, settle(call, row)) }
    },
    getRequest: (call) => ok(requestView(call, requestOf(call))),
    createRequestMessage(call) {
      requestOf(call)
      required(objectBody(call), ['message'])
      return { status: 201 }
    },
    listAllRequestTeams: (call) =>
      governanceList(call, call.tables.requestTeams.all(), { filter: { name: ['eq', 'sw', 'co'] } }, (row) => ({
        id: row.id,
        created: second(row.created),
        lastUpdated: second(row.lastUpdated),
        name: row.data.name,
      })),
  }),
}
