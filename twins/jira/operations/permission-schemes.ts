import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { expandOf } from '../paging.ts'
import { visibleProject } from '../rules/issues/find.ts'
import { permissionInfo } from '../rules/permissions.ts'
import type { Grant, PermissionScheme } from '../tables.ts'
import { grantView, permissionSchemeView } from '../views/schemes.ts'
import { operations } from './define.ts'
import { administered } from './projects.ts'
import { bodyOf, renamed, text } from './shared.ts'

function permissionSchemeOf(call: JiraCall, id: number): PermissionScheme {
  const scheme = call.tables.permissionSchemes.get(String(id))
  if (!scheme) throw notFound(`The permission scheme with id ${id} does not exist.`)
  return scheme
}

const HOLDERS = [
  'anyone',
  'applicationRole',
  'assignee',
  'group',
  'groupCustomField',
  'projectLead',
  'projectRole',
  'reporter',
  'user',
  'userCustomField',
  'sd.customer.portal.only',
]

function grantFrom(call: JiraCall, given: unknown): Grant {
  const { permission, holder } = (given ?? {}) as { permission?: string; holder?: Grant['holder'] }
  if (!permission || permissionInfo(permission)?.type !== 'PROJECT')
    throw badRequest(`Permission '${permission}' is invalid.`)
  if (!holder || !HOLDERS.includes(holder.type)) throw badRequest(`The holder type '${holder?.type}' is invalid.`)
  const parameter = holder.parameter ?? holder.value
  const value =
    holder.type === 'group'
      ? (call.tables.groups.by('name', text(holder.parameter).toLowerCase())?.groupId ?? holder.value)
      : parameter
  return {
    id: call.sequence('jira.grant', 10_004),
    permission,
    holder: {
      type: holder.type,
      ...(parameter !== undefined && { parameter: String(parameter) }),
      ...(value !== undefined && { value: String(value) }),
    },
  }
}

export const permissionSchemes = operations({
  getAllPermissionSchemes(call) {
    requireAdmin(call)
    return ok({
      permissionSchemes: call.tables.permissionSchemes
        .all()
        .map((scheme) => permissionSchemeView(reader(call), scheme, expandOf(call.query.expand))),
    })
  },
  getPermissionScheme: (call) =>
    ok(permissionSchemeView(reader(call), permissionSchemeOf(call, call.params.schemeId), expandOf(call.query.expand))),
  createPermissionScheme(call) {
    requireAdmin(call)
    const { name, description, permissions } = bodyOf(call)
    if (!name) throw badRequest('The name of the permission scheme must be provided.')
    if (call.tables.permissionSchemes.all().some((scheme) => scheme.name === name))
      throw badRequest('A permission scheme with that name already exists.')
    const grants = (Array.isArray(permissions) ? permissions : []).map((grant) => grantFrom(call, grant))
    const scheme = call.tables.permissionSchemes.insert({
      id: Number(nextId(call, 'permissionScheme')),
      name: text(name),
      description: text(description),
      grants,
    })
    call.emit({ type: 'permission_scheme_created', name: scheme.name })
    return created(permissionSchemeView(reader(call), scheme, expandOf(call.query.expand)))
  },
  updatePermissionScheme(call) {
    requireAdmin(call)
    const scheme = permissionSchemeOf(call, call.params.schemeId)
    const { name, description, permissions } = bodyOf(call)
    const grants = Array.isArray(permissions) ? permissions.map((grant) => grantFrom(call, grant)) : scheme.grants
    const changed = call.tables.permissionSchemes.replace({
      ...renamed(scheme, { name, description }),
      grants,
    })
    return ok(permissionSchemeView(reader(call), changed, expandOf(call.query.expand)))
  },
  deletePermissionScheme(call) {
    requireAdmin(call)
    const scheme = permissionSchemeOf(call, call.params.schemeId)
    if (call.tables.projects.all().some((project) => project.schemes.permission === String(scheme.id)))
      throw badRequest('The permission scheme is used by a project and cannot be deleted.')
    call.tables.permissionSchemes.remove(String(scheme.id))
    return noContent()
  },
  getPermissionSchemeGrants(call) {
    const scheme = permissionSchemeOf(call, call.params.schemeId)
    return ok({
      permissions: scheme.grants.map((grant) => grantView(reader(call), scheme.id, grant, expandOf(call.query.expand))),
      expand: 'user,group,projectRole,field,all',
    })
  },
  createPermissionGrant(call) {
    requireAdmin(call)
    const scheme = permissionSchemeOf(call, call.params.schemeId)
    const grant = grantFrom(call, bodyOf(call))
    call.tables.permissionSchemes.replace({ ...scheme, grants: [...scheme.grants, grant] })
    return created(grantView(reader(call), scheme.id, grant, expandOf(call.query.expand)))
  },
  getPermissionSchemeGrant(call) {
    const scheme = permissionSchemeOf(call, call.params.schemeId)
    const grant = scheme.grants.find((one) => one.id === call.params.permissionId)
    if (!grant) throw notFound(`The permission grant with id ${call.params.permissionId} does not exist.`)
    return ok(grantView(reader(call), scheme.id, grant, expandOf(call.query.expand)))
  },
  deletePermissionSchemeEntity(call) {
    requireAdmin(call)
    const scheme = permissionSchemeOf(call, call.params.schemeId)
    const grants = scheme.grants.filter((one) => one.id !== call.params.permissionId)
    if (grants.length === scheme.grants.length)
      throw badRequest(`The permission grant with id ${call.params.permissionId} does not exist.`)
    call.tables.permissionSchemes.replace({ ...scheme, grants })
    return noContent()
  },
  getAssignedPermissionScheme(call) {
    const project = administered(call, call.params.projectKeyOrId)
    return ok(
      permissionSchemeView(
        reader(call),
        permissionSchemeOf(call, Number(project.schemes.permission)),
        expandOf(call.query.expand),
      ),
    )
  },
  assignPermissionScheme(call) {
    requireAdmin(call)
    const project = visibleProject(call, call.params.projectKeyOrId)
    const scheme = permissionSchemeOf(call, Number(bodyOf(call).id))
    call.tables.projects.patch(project.id, { schemes: { ...project.schemes, permission: String(scheme.id) } })
    return ok(permissionSchemeView(reader(call), scheme, expandOf(call.query.expand)))
  },
})
