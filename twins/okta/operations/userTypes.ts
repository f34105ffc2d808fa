import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { USER_PROPERTIES, USER_REQUIRED } from '../defaults/schemas.ts'
import { fail, invalid, notFound, requireFields, taken } from '../errors.ts'
import { record, target } from '../events.ts'
import { idTail, PREFIX } from '../ids.ts'
import { objectBody } from '../resource.ts'
import type { UserType } from '../tables/directory.ts'
import { userTypeView } from '../views/schemas.ts'
import { textIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

/** Kinds of users, each with a schema of its own. */
export const userTypes = operations({
  listUserTypes(call) {
    return ok(call.tables.userTypes.all().map((type) => userTypeView(type, call)))
  },

  createUserType(call) {
    const body = objectBody(call)
    requireFields(body, ['name', 'displayName'])
    const name = String(body.name)
    if (!/^[A-Za-z_]\w*$/.test(name)) invalid('name', ['name: Does not match required pattern'])
    if (call.tables.userTypes.by('name', name.toLowerCase())) invalid('name', [taken('name')])
    const tail = idTail(call)
    const author = call.caller.userId ?? call.caller.clientId ?? ''
    const description = textIn(body, 'description')
    const type = call.tables.userTypes.insert({
      id: PREFIX.userType + tail,
      name,
      displayName: String(body.displayName),
      ...(description !== undefined && { description }),
      default: false,
      created: call.now,
      lastUpdated: call.now,
      createdBy: author,
      lastUpdatedBy: author,
    })
    call.tables.schemas.insert({
      id: PREFIX.schema + tail,
      kind: 'user',
      name,
      title: type.displayName,
      ...(description !== undefined && { description }),
      created: call.now,
      lastUpdated: call.now,
      base: USER_PROPERTIES,
      required: USER_REQUIRED,
      custom: {},
      customRequired: [],
    })
    record(call, 'user_type.create', [target('UserType', type.id, type.displayName)])
    return ok(userTypeView(type, call))
  },

  getUserType(call) {
    return ok(userTypeView(typeOf(call), call))
  },

  updateUserType(call) {
    return changed(call, false)
  },

  /** Everything but the name, which stays. */
  replaceUserType(call) {
    return changed(call, true)
  },

  deleteUserType(call) {
    const type = typeOf(call)
    if (type.default || call.tables.users.count('type', type.id) > 0) fail('E0000142')
    call.tables.userTypes.remove(type.id)
    call.tables.schemas.remove(PREFIX.schema + type.id.slice(3))
    record(call, 'user_type.delete', [target('UserType', type.id, type.displayName)])
    return noContent()
  },
})

function typeOf(call: OktaCall): UserType {
  const { typeId } = call.params as { typeId: string }
  const found =
    typeId === 'default' ? call.tables.userTypes.all().find((type) => type.default) : call.tables.userTypes.get(typeId)
  return found ?? notFound(typeId, 'CVDType')
}

function changed(call: OktaCall, whole: boolean) {
  const before = typeOf(call)
  const body = objectBody(call)
  if (whole) requireFields(body, ['name', 'displayName', 'description'])
  if (body.name !== undefined && body.name !== before.name) {
    invalid('name', ['name: The name of a user type cannot be changed'])
  }
  const type = call.tables.userTypes.patch(before.id, {
    ...(body.displayName !== undefined && { displayName: String(body.displayName) }),
    ...(body.description !== undefined && { description: body.description as string | null }),
    lastUpdated: call.now,
    lastUpdatedBy: call.caller.userId ?? before.lastUpdatedBy,
  })
  record(call, 'user_type.update', [target('UserType', type.id, type.displayName)])
  return ok(userTypeView(type, call))
}
