import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { blank, invalid, notFound } from '../errors.ts'
import { record, target } from '../events.ts'
import { newId, PARTITION, PREFIX } from '../ids.ts'
import { plain } from '../links.ts'
import { objectBody } from '../resource.ts'
import { assign, dropAssignment } from '../rules/roles.ts'
import type { BindingMember, CustomRole, ResourceSet, ResourceSetResource } from '../tables/administration.ts'
import type { Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { textIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

const ROOT = '/api/v1/iam/resource-sets'

/** Sets of resources that custom roles are bound to, and who the bindings give the roles to. */
export const resourceSets = operations({
  listResourceSets(call) {
    return ok({ 'resource-sets': call.tables.resourceSets.all().map((set) => setView(set, call)) })
  },

  createResourceSet(call) {
    const body = objectBody(call)
    const label = checkedLabel(call, body, undefined)
    const set = call.tables.resourceSets.insert({
      id: newId(call, PREFIX.resourceSet),
      label,
      description: String(body.description ?? ''),
      created: call.now,
      lastUpdated: call.now,
    })
    add(call, set, (body.resources ?? []) as string[])
    record(call, 'iam.resourceset.create', [target('ResourceSet', set.id, set.label)])
    return ok(setView(set, call))
  },

  getResourceSet(call) {
    return ok(setView(setOf(call), call))
  },

  replaceResourceSet(call) {
    const before = setOf(call)
    const body = objectBody(call)
    const set = call.tables.resourceSets.patch(before.id, {
      label: checkedLabel(call, body, before),
      description: String(body.description ?? before.description),
      lastUpdated: call.now,
    })
    return ok(setView(set, call))
  },

  deleteResourceSet(call) {
    const set = setOf(call)
    for (const resource of call.tables.resourceSetResources.where('set', set.id)) {
      call.tables.resourceSetResources.remove(resource.id)
    }
    for (const member of call.tables.bindingMembers.where('set', set.id)) unbind(call, member)
    for (const assignment of call.tables.roleAssignments.where('resourceSet', set.id))
      dropAssignment(call.tables, assignment)
    call.tables.resourceSets.remove(set.id)
    record(call, 'iam.resourceset.delete', [target('ResourceSet', set.id, set.label)])
    return noContent()
  },

  listResourceSetResources(call) {
    const set = setOf(call)
    const resources = call.tables.resourceSetResources.where('set', set.id).map((row) => resourceView(row, call))
    return ok({
      resources,
      _links: { 'resource-set': plain(call, `${ROOT}/${set.id}`), self: plain(call, `${ROOT}/${set.id}/resources`) },
    })
  },

  /** One, with conditions. */
  addResourceSetResource(call) {
    const set = setOf(call)
    const body = objectBody(call)
    const named = textIn(body, 'resourceOrnOrUrl')
    if (!named) invalid('resourceOrnOrUrl', ['resourceOrnOrUrl: The field cannot be left blank'])
    const [row] = add(call, set, [named as string], body.conditions as Json | undefined)
    return ok(resourceView(row as ResourceSetResource, call))
  },

  /** Several, by ORN or URL. */
  addResourceSetResources(call) {
    const set = setOf(call)
    add(call, set, (objectBody(call).additions ?? []) as string[])
    const changed = call.tables.resourceSets.patch(set.id, { lastUpdated: call.now })
    return ok(setView(changed, call))
  },

  getResourceSetResource(call) {
    return ok(resourceView(resourceOf(call), call))
  },

  /** The one call that does not take a set's label: 404 (okta-sdk-dotnet's live suite). */
  replaceResourceSetResource(call) {
    const { resourceSetIdOrLabel: id } = call.params
    if (!call.tables.resourceSets.has(id)) notFound(id, 'IAMPolicy')
    const resource = resourceOf(call)
    const conditions = objectBody(call).conditions as Json | undefined
    const changed = call.tables.resourceSetResources.patch(resource.id, {
      ...(conditions && { conditions }),
      lastUpdated: call.now,
    })
    return ok(resourceView(changed, call))
  },

  deleteResourceSetResource(call) {
    call.tables.resourceSetResources.remove(resourceOf(call).id)
    return noContent()
  },

  listBindings(call) {
    const set = setOf(call)
    const roles = [...new Set(call.tables.bindingMembers.where('set', set.id).map((member) => member.roleId))]
    return ok({
      roles: roles.map((id) => ({
        id,
        _links: {
          self: plain(call, `${ROOT}/${set.id}/bindings/${id}`),
          members: plain(call, `${ROOT}/${set.id}/bindings/${id}/members`),
        },
      })),
      _links: { self: plain(call, `${ROOT}/${set.id}/bindings`), 'resource-set': plain(call, `${ROOT}/${set.id}`) },
    })
  },

  createResourceSetBinding(call) {
    const set = setOf(call)
    const body = objectBody(call)
    const role = roleNamed(call, textIn(body, 'role') ?? '')
    const members = (body.members ?? []) as string[]
    if (members.length === 0) invalid('members', [blank('members')])
    for (const url of members) bind(call, set, role, url)
    return ok(bindingView(call, set, role.id))
  },

  getBinding(call) {
    const { set, role } = bindingOf(call)
    return ok({ id: role.id, ...bindingView(call, set, role.id) })
  },

  deleteBinding(call) {
    const { set, role } = bindingOf(call)
    for (const member of call.tables.bindingMembers.where('binding', [set.id, role.id])) unbind(call, member)
    return noContent()
  },

  listMembersOfBinding(call) {
    const { set, role } = pairOf(call)
    const base = `${ROOT}/${set.id}/bindings/${role.id}`
    return ok({
      members: call.tables.bindingMembers.where('binding', [set.id, role.id]).map((member) => memberView(member, call)),
      _links: { self: plain(call, `${base}/members`), binding: plain(call, base) },
    })
  },

  addMembersToBinding(call) {
    const { set, role } = pairOf(call)
    for (const url of (objectBody(call).additions ?? []) as string[]) bind(call, set, role, url)
    return ok(bindingView(call, set, role.id))
  },

  getMemberOfBinding(call) {
    return ok(memberView(memberOf(call), call))
  },

  unassignMemberFromBinding(call) {
    unbind(call, memberOf(call))
    return noContent()
  },
})

/** A set by id or label. */
function setOf(call: OktaCall): ResourceSet {
  const { resourceSetIdOrLabel: name } = call.params as { resourceSetIdOrLabel: string }
  return call.tables.resourceSets.get(name) ?? call.tables.resourceSets.by('label', name) ?? notFound(name, 'IAMPolicy')
}

function resourceOf(call: OktaCall): ResourceSetResource {
  const set = setOf(call)
  const { resourceId } = call.params as { resourceId: string }
  const row = call.tables.resourceSetResources.get(resourceId)
  return row?.resourceSetId === set.id ? row : notFound(resourceId, 'IAMPolicyResource')
}

const roleNamed = (call: OktaCall, name: string): CustomRole =>
  call.tables.customRoles.get(name) ?? call.tables.customRoles.by('label', name) ?? notFound(name, 'CustomRole')

/** A set and a role, bound or not: members of nothing are none, and may be added (okta-sdk-nodejs's live suite). */
function pairOf(call: OktaCall): { set: ResourceSet; role: CustomRole } {
  return { set: setOf(call), role: roleNamed(call, (call.params as { roleIdOrLabel: string }).roleIdOrLabel) }
}

/** A binding is there as long as somebody is bound: it goes with its last member (okta-sdk-dotnet's live suite). */
function bindingOf(call: OktaCall): { set: ResourceSet; role: CustomRole } {
  const { set, role } = pairOf(call)
  const isBound = call.tables.bindingMembers.count('binding', [set.id, role.id]) > 0
  return isBound ? { set, role } : notFound(role.id, 'IAMPolicyBinding')
}

function memberOf(call: OktaCall): BindingMember {
  const { set, role } = bindingOf(call)
  const { memberId } = call.params as { memberId: string }
  const member = call.tables.bindingMembers.get(memberId)
  return member?.resourceSetId === set.id && member.roleId === role.id
    ? member
    : notFound(memberId, 'IAMPolicyBindingMember')
}

function checkedLabel(call: OktaCall, body: Json, self: ResourceSet | undefined): string {
  const label = textIn(body, 'label')
  if (!label) return invalid('label', ['label: Label must be specified'])
  const known = call.tables.resourceSets.by('label', label)
  if (known && known.id !== self?.id) invalid('label', ['label: There is already a resource set with this name.'])
  return label
}

/** `orn:${PARTITION}:idp:00o…:apps:bookmark:0oa…` or a URL, as a path below the org. */
function pathOf(named: string): string {
  if (!named.startsWith('orn:')) return named.replace(/^https?:\/\/[^/]+/, '')
  const [, , , , kind, ...rest] = named.split(':')
  const id = rest.at(-1)
  const root = kind === 'users' || kind === 'groups' || kind === 'apps' ? kind : String(kind)
  return id === undefined ? `/api/v1/${root}` : `/api/v1/${root}/${id}`
}

function add(call: OktaCall, set: ResourceSet, named: readonly string[], conditions?: Json): ResourceSetResource[] {
  return named.map((name) => {
    const path = pathOf(name)
    const known = call.tables.resourceSetResources.where('set', set.id).find((row) => row.path === path)
    if (known) return known
    return call.tables.resourceSetResources.insert({
      id: newId(call, PREFIX.resource),
      resourceSetId: set.id,
      orn: name.startsWith('orn:') ? name : ornOf(call, path),
      path,
      ...(conditions && { conditions }),
      created: call.now,
      lastUpdated: call.now,
    })
  })
}

function ornOf(call: OktaCall, path: string): string {
  const [org] = call.tables.org.all()
  const [, , , kind = '', id] = path.split('/')
  const area = kind === 'users' || kind === 'groups' ? 'directory' : 'idp'
  const app = kind === 'apps' && id ? call.tables.apps.get(id) : undefined
  return ['orn', PARTITION, area, org?.id, kind, ...(app ? [app.name] : []), ...(id ? [id] : [])].join(':')
}

/** Gives the role over the set to a member: a user, a group or a client. */
function bind(call: OktaCall, set: ResourceSet, role: CustomRole, url: string): void {
  const path = pathOf(url)
  const known = call.tables.bindingMembers.where('binding', [set.id, role.id]).some((member) => member.path === path)
  if (known) return
  const id = newId(call, PREFIX.member)
  call.tables.bindingMembers.insert({
    id,
    resourceSetId: set.id,
    roleId: role.id,
    path,
    created: call.now,
    lastUpdated: call.now,
  })
  const holderId = path.split('/').at(-1) as string
  const holder = path.includes('/groups/') ? 'GROUP' : path.includes('/clients/') ? 'CLIENT' : 'USER'
  assign(call, { holder, holderId, type: 'CUSTOM', roleId: role.id, resourceSetId: set.id, label: role.label })
}

function unbind(call: OktaCall, member: BindingMember): void {
  call.tables.bindingMembers.remove(member.id)
  const holderId = member.path.split('/').at(-1) as string
  const assignment = call.tables.roleAssignments
    .where('holder', holderId)
    .find((held) => held.roleId === member.roleId && held.resourceSetId === member.resourceSetId)
  if (assignment) dropAssignment(call.tables, assignment)
}

const setView = (set: ResourceSet, call: OktaCall) => ({
  id: set.id,
  label: set.label,
  description: set.description,
  created: isoTime(set.created),
  lastUpdated: isoTime(set.lastUpdated),
  _links: {
    bindings: plain(call, `${ROOT}/${set.id}/bindings`),
    self: plain(call, `${ROOT}/${set.id}`),
    resources: plain(call, `${ROOT}/${set.id}/resources`),
  },
})

const resourceView = (row: ResourceSetResource, call: OktaCall) => ({
  id: row.id,
  orn: row.orn,
  ...(row.conditions && { conditions: row.conditions }),
  created: isoTime(row.created),
  lastUpdated: isoTime(row.lastUpdated),
  _links: {
    self: plain(call, row.path),
    resource: plain(call, `${ROOT}/${row.resourceSetId}/resources/${row.id}`),
  },
})

const bindingView = (call: OktaCall, set: ResourceSet, roleId: string) => {
  const base = `${ROOT}/${set.id}/bindings/${roleId}`
  return {
    _links: {
      self: plain(call, base),
      bindings: plain(call, `${ROOT}/${set.id}/bindings`),
      members: plain(call, `${base}/members`),
      'resource-set': plain(call, `${ROOT}/${set.id}`),
    },
  }
}

const memberView = (member: BindingMember, call: OktaCall) => ({
  id: member.id,
  created: isoTime(member.created),
  lastUpdated: isoTime(member.lastUpdated),
  _links: { self: plain(call, member.path) },
})
