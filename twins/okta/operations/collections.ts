import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound } from '../errors.ts'
import { newId } from '../ids.ts'
import { found, objectBody, type Resource, resource } from '../resource.ts'
import { giveAccess, takeAccess } from '../rules/access.ts'
import { findUser } from '../rules/users.ts'
import { pairKey } from '../tables/applications.ts'
import type { User } from '../tables/directory.ts'
import type { Document, Json } from '../tables/document.ts'
import {
  contents,
  governed,
  history,
  idInOrn,
  oktaUser,
  type Picked,
  profileView,
  targetOrn,
} from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'
import { governanceList } from './governanceLists.ts'

const COLLECTIONS = '/governance/api/v1/collections'

const resourcesOf = (call: OktaCall, id: string) => call.tables.collectionResources.where('parent', id)
const assignmentsOf = (call: OktaCall, id: string) => call.tables.collectionAssignments.where('parent', id)

const includes = (call: OktaCall, name: string): boolean =>
  String((call.query as { include?: unknown }).include ?? '')
    .split(',')
    .includes(name)

const family: Resource = {
  table: (tables) => tables.collections,
  prefix: 'col',
  kind: 'Collection',
  param: 'collectionId',
  operations: {
    create: 'createCollection',
    get: 'getCollection',
    replace: 'replaceCollection',
    remove: 'deleteCollection',
  },
  createdStatus: 201,
  required: ['name'],
  unique: 'name',
  data: ({ name, description }, call, before) => ({
    name,
    ...(description !== undefined && { description }),
    createdBy: before?.data.createdBy ?? call.caller.userId,
  }),
  view(row, call) {
    const { createdBy: _, ...shown } = row.data
    const counts = {
      principalAssignmentCount: assignmentsOf(call, row.id).length,
      resourceCounts: { applications: resourcesOf(call, row.id).length },
    }
    const path = `${COLLECTIONS}/${row.id}`
    return {
      ...shown,
      ...((includes(call, 'counts') || call.operation.operationId === 'getCollection') && { counts }),
      ...history(row),
      _links: { self: governed(call, path), resources: governed(call, `${path}/resources`) },
    }
  },
  after(verb, row, call) {
    if (verb !== 'remove') return
    for (const assignment of assignmentsOf(call, row.id)) withdraw(call, assignment)
    for (const { id } of resourcesOf(call, row.id)) call.tables.collectionResources.remove(id)
  },
}

const collectionOf = (call: OktaCall): Document => found(family, call)

interface Content extends Json {
  readonly appId: string
  readonly entitlements?: readonly Picked[]
}

const contentOf = (row: Document) => row.data as Content

function resourceView(call: OktaCall, row: Document, whole: boolean) {
  const { appId, entitlements = [] } = contentOf(row)
  const app = call.tables.apps.get(appId)
  const path = `${COLLECTIONS}/${row.parent}/resources/${row.id}`
  return {
    resourceOrn: targetOrn(call, { externalId: appId }),
    resourceId: row.id,
    ...(app && { resourceProfile: { id: app.id, name: app.name, label: app.label, logo: [] } }),
    ...(whole && { entitlements: contents(call, entitlements) }),
    ...((whole || includes(call, 'entitlementValueCount')) && {
      entitlementValueCount: entitlements.reduce((sum, { values = [] }) => sum + values.length, 0),
    }),
    _links: { entitlements: governed(call, path) },
  }
}

function resourceIn(call: OktaCall): Document {
  const { collectionResourceId: id } = call.params as { collectionResourceId: string }
  const row = call.tables.collectionResources.get(id)
  return row?.parent === collectionOf(call).id ? row : notFound(id, 'CollectionResource')
}

/** Gives somebody what a collection holds; what they had before stays theirs when they leave it. */
function provide(call: OktaCall, assignment: Document): void {
  const user = call.tables.users.get(String(assignment.data.userId)) as User
  const given = new Set(assignment.data.given as string[])
  for (const row of resourcesOf(call, assignment.parent as string)) {
    const { appId, entitlements = [] } = contentOf(row)
    if (!call.tables.appUsers.has(pairKey(appId, user.id))) given.add(appId)
    giveAccess(call, appId, user)
    if (entitlements.length > 0) grantFrom(call, assignment, appId, entitlements)
  }
  call.tables.collectionAssignments.patch(assignment.id, { data: { ...assignment.data, given: [...given] } })
}

function grantFrom(call: OktaCall, assignment: Document, appId: string, entitlements: readonly Picked[]): void {
  const { userId, actor, createdBy, expirationTime, timeZone } = assignment.data
  const known = grantsFrom(call, assignment).find((grant) => grant.data.appId === appId)
  const data = {
    createdBy,
    grantType: 'CUSTOM',
    userId,
    appId,
    entitlements,
    action: 'ALLOW',
    actor,
    assignmentId: assignment.id,
    ...(expirationTime !== undefined && { scheduleSettings: { expirationDate: expirationTime, timeZone } }),
  }
  const times = { created: known?.created ?? call.now, lastUpdated: call.now }
  call.tables.governanceGrants.put({ id: known?.id ?? newId(call, '0gg'), status: 'ACTIVE', ...times, data })
}

const grantsFrom = (call: OktaCall, { id }: Document) =>
  call.tables.governanceGrants.all().filter((grant) => grant.data.assignmentId === id)

function withdraw(call: OktaCall, assignment: Document): void {
  const user = call.tables.users.get(String(assignment.data.userId))
  for (const { id } of grantsFrom(call, assignment)) call.tables.governanceGrants.remove(id)
  for (const appId of assignment.data.given as string[]) if (user) takeAccess(call, appId, user)
  call.tables.collectionAssignments.remove(assignment.id)
}

function assignmentView(call: OktaCall, row: Document) {
  const { userId, actor, expirationTime, timeZone } = row.data
  const user = call.tables.users.get(String(userId))
  return {
    id: row.id,
    actor,
    ...(expirationTime !== undefined && { expirationTime }),
    ...(timeZone !== undefined && { timeZone }),
    assignmentType: 'INDIVIDUAL',
    collectionId: row.parent,
    principal: oktaUser(userId),
    ...(user && { principalProfile: profileView(user) }),
  }
}

/** Assignments come with the last assigned first, and are found by who they are of. */
function assignments(call: OktaCall, rows: readonly Document[]) {
  const read = (row: Document, name: string): unknown => {
    const [part = '', member = ''] = name.split('.')
    return ((assignmentView(call, row) as Json)[part] as Json | undefined)?.[member]
  }
  const fields = ['email', 'firstName', 'lastName', 'login'].map((name) => [`principalProfile.${name}`, ['sw', 'eq']])
  const filter = Object.fromEntries([['principal.externalId', ['sw', 'eq']], ...fields])
  return governanceList(call, rows.toReversed(), { filter, read }, (row) => assignmentView(call, row))
}

function assignmentIn(call: OktaCall): Document {
  const { assignmentId } = call.params as { assignmentId: string }
  const row = call.tables.collectionAssignments.get(assignmentId)
  return row?.parent === collectionOf(call).id ? row : notFound(assignmentId, 'CollectionAssignment')
}

const items = (call: { readonly body: unknown }): Json[] =>
  Array.isArray(call.body) ? (call.body as Json[]) : fail('E0000003')

const APP_ORN = /^orn:[^:]+:idp:[^:]+:apps:[^:]*:[^:]+$/

function addResource(call: OktaCall, parent: string, { resourceOrn, entitlements }: Json): Document {
  const appId = idInOrn(resourceOrn)
  if (!APP_ORN.test(String(resourceOrn)) || !call.tables.apps.has(appId)) {
    fail('E0000028', '', ['The resource ORN must be a specific app.'])
  }
  const known = resourcesOf(call, parent).find((row) => contentOf(row).appId === appId)
  return call.tables.collectionResources.put({
    id: known?.id ?? newId(call, 'res'),
    parent,
    created: known?.created ?? call.now,
    lastUpdated: call.now,
    data: { appId, entitlements: entitlements ?? [] },
  })
}

/** Who has the collection gets what is new in it. */
function provideAll(call: OktaCall, collectionId: string): void {
  for (const assignment of assignmentsOf(call, collectionId)) provide(call, assignment)
}

function assign(call: OktaCall, parent: string, { principal, actor = 'API', expirationTime, timeZone }: Json): void {
  const { externalId } = (principal ?? {}) as { externalId?: string }
  const user =
    findUser(call.tables, String(externalId)) ??
    invalid(`principal/externalId ${externalId} not found`, [`${externalId} not found`])
  const known = assignmentsOf(call, parent).find(({ data }) => data.userId === user.id)
  const row = call.tables.collectionAssignments.put({
    id: known?.id ?? newId(call, 'ass'),
    parent,
    created: known?.created ?? call.now,
    lastUpdated: call.now,
    data: {
      createdBy: call.caller.userId,
      userId: user.id,
      actor,
      given: known?.data.given ?? [],
      ...(expirationTime !== undefined && { expirationTime }),
      ...(timeZone !== undefined && { timeZone }),
    },
  })
  provide(call, row)
}

interface Change {
  readonly op: string
  readonly path: string
  readonly value?: string
}

/** What of an assignment may be changed. */
const CHANGEABLE = ['/expirationTime', '/timeZone']

function changed(before: Json, { op, path, value }: Change): Json {
  if (!CHANGEABLE.includes(path)) return invalid('path', [`${path} is not supported`])
  return { ...before, [path.slice(1)]: op === 'REMOVE' ? undefined : value }
}

/** Collections of apps and what is in them, given to people as one. */
export const collections = {
  ...resource(family),
  ...operations({
    listCollections: (call) =>
      governanceList(
        call,
        call.tables.collections.all(),
        { filter: { id: ['eq'], name: ['sw', 'co', 'eq'] }, total: true },
        (row) => family.view(row, call),
      ),
    listCollectionResources: (call) =>
      governanceList(call, resourcesOf(call, collectionOf(call).id), { total: true }, (row) =>
        resourceView(call, row, includes(call, 'entitlements')),
      ),
    addResourcesToCollection(call) {
      const { id } = collectionOf(call)
      const added = items(call).map((item) => addResource(call, id, item))
      provideAll(call, id)
      return governanceList(call, added, {}, (row) => resourceView(call, row, false))
    },
    getCollectionResource: (call) => ok(resourceView(call, resourceIn(call), true)),
    replaceCollectionResource(call) {
      const row = resourceIn(call)
      const { entitlements = [] } = objectBody(call)
      const data = { ...row.data, entitlements }
      const next = call.tables.collectionResources.patch(row.id, { data, lastUpdated: call.now })
      provideAll(call, row.parent as string)
      return ok(resourceView(call, next, true))
    },
    deleteCollectionResource(call) {
      call.tables.collectionResources.remove(resourceIn(call).id)
      return noContent()
    },

    listCollectionsAssignments: (call) => assignments(call, call.tables.collectionAssignments.all()),
    listCollectionAssignments: (call) => assignments(call, assignmentsOf(call, collectionOf(call).id)),
    assignCollection(call) {
      const { id } = collectionOf(call)
      for (const item of items(call)) assign(call, id, item)
      return { status: 201 }
    },
    updatePrincipalAssignment(call) {
      const row = assignmentIn(call)
      const data = (items(call) as unknown as Change[]).reduce(changed, row.data)
      provide(call, call.tables.collectionAssignments.patch(row.id, { data, lastUpdated: call.now }))
      return noContent()
    },
    deletePrincipalAssignment(call) {
      withdraw(call, assignmentIn(call))
      return noContent()
    },
    getUnassignedUsers(call) {
      const has = new Set(assignmentsOf(call, collectionOf(call).id).map(({ data }) => data.userId))
      const others = call.tables.users.all().filter(({ id, status }) => !has.has(id) && status === 'ACTIVE')
      const filter = { firstName: ['sw'], lastName: ['sw'], email: ['sw'] } as const
      return governanceList(call, others, { filter, read: (user, name) => user.profile[name] }, profileView)
    },
  }),
}
