import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound, requireFields } from '../errors.ts'
import { record, target } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import { plain } from '../links.ts'
import { objectBody } from '../resource.ts'
import { STANDARD_ROLES } from '../rules/roles.ts'
import type { CustomRole, RolePermission } from '../tables/administration.ts'
import type { Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { bodyOf } from './body.ts'
import { type OktaCall, operations } from './define.ts'

/** Roles of the org's own making and what they permit. Paths name them by id or label. */
export const customRoles = operations({
  listRoles(call) {
    return ok({ roles: call.tables.customRoles.all().map((role) => roleView(role, call)) })
  },

  createRole(call) {
    const body = objectBody(call)
    requireFields(body, ['label', 'description'])
    const permissions = (body.permissions ?? []) as string[]
    if (permissions.length === 0) invalid('permissions', ['permissions: At least one permission must be specified'])
    checkLabel(call, String(body.label), undefined)
    for (const permission of permissions) checkPermission(permission)
    const role = call.tables.customRoles.insert({
      id: newId(call, PREFIX.customRole),
      label: String(body.label),
      description: String(body.description),
      created: call.now,
      lastUpdated: call.now,
    })
    for (const label of permissions) grant(call, role, label, null)
    record(call, 'iam.role.create', [target('CustomRole', role.id, role.label)])
    return ok(roleView(role, call))
  },

  getRole(call) {
    return ok(roleView(roleOf(call), call))
  },

  replaceRole(call) {
    const before = roleOf(call)
    const body = objectBody(call)
    requireFields(body, ['label', 'description'])
    checkLabel(call, String(body.label), before)
    const role = call.tables.customRoles.patch(before.id, {
      label: String(body.label),
      description: String(body.description),
      lastUpdated: call.now,
    })
    record(call, 'iam.role.update', [target('CustomRole', role.id, role.label)])
    return ok(roleView(role, call))
  },

  /** A role somebody holds stays. */
  deleteRole(call) {
    const role = roleOf(call)
    const bound = call.tables.roleAssignments.count('role', role.id) + call.tables.bindingMembers.count('role', role.id)
    if (bound > 0) invalid('role', ['This role is in use and cannot be deleted.'])
    for (const permission of call.tables.rolePermissions.where('role', role.id)) {
      call.tables.rolePermissions.remove(`${role.id}/${permission.label}`)
    }
    call.tables.customRoles.remove(role.id)
    record(call, 'iam.role.delete', [target('CustomRole', role.id, role.label)])
    return noContent()
  },

  listRolePermissions(call) {
    const role = roleOf(call)
    return ok({
      permissions: call.tables.rolePermissions.where('role', role.id).map((row) => permissionView(row, call)),
    })
  },

  createRolePermission(call) {
    const role = roleOf(call)
    checkPermission(call.params.permissionType)
    grant(call, role, call.params.permissionType, bodyOf(call).conditions as Json | undefined)
    return noContent()
  },

  getRolePermission(call) {
    return ok(permissionView(permissionOf(call), call))
  },

  replaceRolePermission(call) {
    const permission = permissionOf(call)
    const conditions = (bodyOf(call).conditions as Json | undefined) ?? null
    const changed = call.tables.rolePermissions.patch(`${permission.roleId}/${permission.label}`, {
      conditions,
      lastUpdated: call.now,
    })
    return ok(permissionView(changed, call))
  },

  deleteRolePermission(call) {
    const permission = permissionOf(call)
    call.tables.rolePermissions.remove(`${permission.roleId}/${permission.label}`)
    return noContent()
  },
})

/** A custom role by id or label; standard roles can be read by their type. */
function roleOf(call: OktaCall): CustomRole {
  const { roleIdOrLabel } = call.params as { roleIdOrLabel: string }
  const found = call.tables.customRoles.get(roleIdOrLabel) ?? call.tables.customRoles.by('label', roleIdOrLabel)
  return found ?? notFound(roleIdOrLabel, 'CustomRole')
}

function permissionOf(call: OktaCall): RolePermission {
  const role = roleOf(call)
  const { permissionType } = call.params as { permissionType: string }
  return call.tables.rolePermissions.get(`${role.id}/${permissionType}`) ?? notFound(permissionType, 'Permission')
}

function checkLabel(call: OktaCall, label: string, self: CustomRole | undefined): void {
  const known = call.tables.customRoles.by('label', label)
  if ((known && known.id !== self?.id) || Object.values(STANDARD_ROLES).includes(label)) {
    invalid('label', ['label: There is already an admin role with this name.'])
  }
}

/** Permissions are `okta.area.what`; there are some two hundred, and areas are added with each release. */
function checkPermission(label: string): void {
  if (!/^okta\.[A-Za-z0-9.]+\.[A-Za-z]+$/.test(label))
    fail('E0000001', 'permissions', [`${label} is not a valid permission`])
}

function grant(call: OktaCall, role: CustomRole, label: string, conditions: Json | null | undefined): void {
  call.tables.rolePermissions.put({
    roleId: role.id,
    label,
    conditions: conditions ?? null,
    created: call.now,
    lastUpdated: call.now,
  })
}

const roleView = (role: CustomRole, call: OktaCall) => ({
  id: role.id,
  label: role.label,
  isCloneable: false,
  description: role.description,
  created: isoTime(role.created),
  lastUpdated: isoTime(role.lastUpdated),
  _links: {
    permissions: plain(call, `/api/v1/iam/roles/${role.id}/permissions`),
    self: plain(call, `/api/v1/iam/roles/${role.id}`),
  },
})

const permissionView = (permission: RolePermission, call: OktaCall) => ({
  label: permission.label,
  created: isoTime(permission.created),
  lastUpdated: isoTime(permission.lastUpdated),
  conditions: permission.conditions ?? null,
  _links: {
    role: plain(call, `/api/v1/iam/roles/${permission.roleId}`),
    self: plain(call, `/api/v1/iam/roles/${permission.roleId}/permissions/${permission.label}`),
  },
})
