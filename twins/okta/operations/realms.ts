import { created } from '../../../shared/kernel/reply.ts'
import { blank, fail, invalid, notFound } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import { related } from '../links.ts'
import { page } from '../paging.ts'
import { objectBody, type Resource, resource } from '../resource.ts'
import { ExpressionError, evaluate, parseExpression } from '../rules/expression.ts'
import { userScope } from '../rules/groupRules.ts'
import type { User } from '../tables/directory.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { type OktaCall, operations } from './define.ts'

const nameOf = (row: Document): string => String((row.data.profile as Json | undefined)?.name ?? row.data.name)

const realmFamily: Resource = {
  table: (tables) => tables.realms,
  prefix: PREFIX.realm,
  kind: 'Realm',
  param: 'realmId',
  operations: {
    list: 'listRealms',
    create: 'createRealm',
    get: 'getRealm',
    replace: 'replaceRealm',
    remove: 'deleteRealm',
  },
  page: { limit: 200, max: 200 },
  list(call, rows) {
    const { search } = call.query as { search?: string }
    if (search === undefined) return rows
    const [, operator, value = ''] = /^\s*profile\.name\s+(eq|sw|co)\s+"([^"]*)"\s*$/.exec(search) ?? fail('E0000031')
    return rows.filter((row) => {
      const name = nameOf(row).toLowerCase()
      const text = value.toLowerCase()
      return operator === 'eq' ? name === text : operator === 'sw' ? name.startsWith(text) : name.includes(text)
    })
  },
  data(body, call, before) {
    const profile = body.profile as Json | undefined
    if (typeof profile !== 'object' || profile === null) return fail('E0000003')
    if (!profile.name) invalid('name', [blank('name')])
    const twin = call.tables.realms.all().some((row) => row.id !== before?.id && nameOf(row) === profile.name)
    if (twin) invalid('name', ['name: An object with this field already exists in the current organization'])
    const { name, realmType, domains = [] } = profile
    return {
      profile: { name, ...(realmType ? { realmType } : {}), domains },
      isDefault: before?.data.isDefault ?? false,
    }
  },
  guard(verb, row, call) {
    if (verb !== 'remove') return
    if (row.data.isDefault) fail('E0000178', 'The default realm cannot be deleted.')
    if (call.tables.users.all().some((user) => user.realmId === row.id)) fail('E0000178', 'The realm has users.')
  },
  view: ({ id, created, lastUpdated, data: { profile, isDefault } }, call) => ({
    id,
    created: isoTime(created),
    lastUpdated: isoTime(lastUpdated),
    profile,
    isDefault,
    _links: { self: related(call, 'self', `/api/v1/realms/${id}`, 'GET') },
  }),
  events: { create: 'realm.create', replace: 'realm.update', remove: 'realm.delete' },
}

const assignmentFamily: Resource = {
  table: (tables) => tables.realmAssignments,
  prefix: PREFIX.accessRule,
  kind: 'RealmAssignment',
  param: 'assignmentId',
  operations: {
    list: 'listRealmAssignments',
    create: 'createRealmAssignment',
    get: 'getRealmAssignment',
    replace: 'replaceRealmAssignment',
    remove: 'deleteRealmAssignment',
    activate: 'activateRealmAssignment',
    deactivate: 'deactivateRealmAssignment',
  },
  page: { limit: 20, max: 200 },
  required: ['name'],
  unique: 'name',
  status: (_body, before) => before?.status ?? 'INACTIVE',
  data(body, call, before) {
    const realmId = (body.actions as { assignUserToRealm?: { realmId?: string } } | undefined)?.assignUserToRealm
      ?.realmId
    if (!realmId || !call.tables.realms.has(realmId)) invalid('actions', ['actions: Invalid realm'])
    const { name, conditions = {}, actions, priority, domains = [] } = body
    return {
      name,
      conditions,
      actions,
      domains,
      priority: priority ?? before?.data.priority ?? call.tables.realmAssignments.size,
      isDefault: false,
    }
  },
  guard(verb, row) {
    if (verb === 'remove' && row.status === 'ACTIVE')
      invalid('status', ['An active realm assignment cannot be deleted.'])
  },
  view: ({ id, status, created, lastUpdated, data }, call) => ({
    id,
    status,
    name: data.name,
    priority: data.priority,
    conditions: data.conditions,
    actions: data.actions,
    domains: data.domains,
    isDefault: data.isDefault,
    created: isoTime(created),
    lastUpdated: isoTime(lastUpdated),
    _links: { self: related(call, 'self', `/api/v1/realm-assignments/${id}`, 'GET') },
  }),
}

/** Whether an assignment takes a user in: by its expression, or everybody who comes from its profile source. */
function takes(call: OktaCall, assignment: Document, user: User): boolean {
  const { expression } = assignment.data.conditions as { expression?: { value?: string } }
  if (!expression?.value) return true
  const { names, ...scope } = userScope(call, user)
  try {
    return (
      evaluate(parseExpression(expression.value), {
        ...scope,
        names: { user: { ...(names.user as object), profile: user.profile } },
      }) === true
    )
  } catch (error) {
    if (error instanceof ExpressionError) return false
    throw error
  }
}

const operationView = (call: OktaCall, row: Document) => ({
  id: row.id,
  type: 'realm:assignment',
  status: row.status,
  created: isoTime(row.created),
  started: isoTime(row.created),
  completed: isoTime(row.lastUpdated),
  realmId: row.data.realmId,
  realmName: row.data.realmName,
  assignmentOperation: row.data.assignmentOperation,
  numUserMoved: row.data.moved,
  _links: { self: related(call, 'self', `/api/v1/operations/${row.id}`, 'GET') },
})

/** Realms, and the rules that move people into them. */
export const realms = {
  ...resource(realmFamily),
  ...resource(assignmentFamily),
  ...operations({
    /** The latest first. */
    listRealmAssignmentOperations: (call) =>
      page(call, call.tables.realmOperations.all().reverse(), { limit: 200, max: 200 }, (row) =>
        operationView(call, row),
      ),

    /** One assignment is carried out, or `ALL` that are active; who several take in ends where the first of them says. */
    executeRealmAssignment(call) {
      const { assignmentId = '' } = objectBody(call as { body: unknown }) as { assignmentId?: string }
      const { realmAssignments } = call.tables
      if (assignmentId !== 'ALL') {
        const assignment = realmAssignments.get(assignmentId) ?? notFound(assignmentId, 'RealmAssignment')
        return created(operationView(call, carryOut(call, assignment)))
      }
      const active = realmAssignments.all().filter(({ status }) => status === 'ACTIVE')
      const done = active
        .sort((a, b) => Number(b.data.priority) - Number(a.data.priority))
        .map((assignment) => carryOut(call, assignment))
      const last = done.at(-1)
      return created(last ? operationView(call, last) : {})
    },
  }),
}

/** Moves everybody an assignment takes in. */
function carryOut(call: OktaCall, assignment: Document): Document {
  const { assignUserToRealm } = assignment.data.actions as { assignUserToRealm: { realmId: string } }
  const { realmId } = assignUserToRealm
  const taken = call.tables.users
    .all()
    .filter((user) => user.status !== 'DEPROVISIONED' && user.realmId !== realmId && takes(call, assignment, user))
  for (const user of taken) {
    call.tables.users.patch(user.id, { realmId, lastUpdated: call.now })
    record(call, 'user.realm.assign', [userTarget(user)], { debugData: { realmId } })
  }
  const realm = call.tables.realms.get(realmId)
  const { name, conditions, actions } = assignment.data
  return call.tables.realmOperations.insert({
    id: newId(call, 'rre'),
    status: 'COMPLETED',
    created: call.now,
    lastUpdated: call.now,
    data: {
      realmId,
      realmName: realm && nameOf(realm),
      assignmentOperation: { configuration: { id: assignment.id, name, conditions, actions } },
      moved: taken.length,
    },
  })
}
