import { isDeepStrictEqual } from 'node:util'
import { ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound } from '../errors.ts'
import { record, target } from '../events.ts'
import { PREFIX } from '../ids.ts'
import { related } from '../links.ts'
import { objectBody } from '../resource.ts'
import { appSchema } from '../rules/appSchema.ts'
import { appOf } from '../rules/apps.ts'
import { defaultType } from '../rules/users.ts'
import type { ProfileSchema } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { schemaView } from '../views/schemas.ts'
import { objectIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

/** Profile schemas of users, groups and apps. A change is a merge; `null` removes a property and its values. */
export const schemas = operations({
  getUserSchema(call) {
    return ok(schemaView(userSchema(call), call))
  },

  updateUserProfile(call) {
    const changed = merged(call, userSchema(call))
    for (const user of call.tables.users.where('type', PREFIX.userType + changed.schema.id.slice(3))) {
      const profile = without(user.profile, changed.removed)
      if (profile) call.tables.users.patch(user.id, { profile: profile as typeof user.profile })
    }
    return ok(schemaView(changed.schema, call))
  },

  getGroupSchema(call) {
    return ok(schemaView(groupSchema(call), call))
  },

  updateGroupSchema(call) {
    const changed = merged(call, groupSchema(call))
    for (const group of call.tables.groups.all()) {
      const profile = without(group.profile, changed.removed)
      if (profile) call.tables.groups.patch(group.id, { profile: profile as typeof group.profile })
    }
    return ok(schemaView(changed.schema, call))
  },

  getApplicationUserSchema(call) {
    return ok(schemaView(appSchema(call, appOf(call, call.params.appId)), call))
  },

  updateApplicationUserProfile(call) {
    const app = appOf(call, call.params.appId)
    return ok(schemaView(merged(call, appSchema(call, app)).schema, call))
  },

  /** An app has one type of users. */
  listAppUserTypes(call) {
    const { id, label } = appOf(call, call.params.appId)
    const schema = `/api/v1/meta/schemas/apps/${id}/default`
    return ok([
      {
        id: PREFIX.userType + id.slice(3),
        displayName: `${label} User`,
        name: 'default',
        schemas: [call.link(schema)],
        isDefault: true,
        type: 'appuser',
        _links: { schema: related(call, 'schema', schema, 'GET') },
      },
    ])
  },
})

function userSchema(call: OktaCall): ProfileSchema {
  const { schemaId } = call.params as { schemaId: string }
  const id = schemaId === 'default' ? PREFIX.schema + defaultType(call.tables).id.slice(3) : schemaId
  const schema = call.tables.schemas.get(id)
  return schema?.kind === 'user' ? schema : notFound(schemaId, 'UDSchema')
}

const groupSchema = (call: OktaCall): ProfileSchema =>
  call.tables.schemas.get('group') ?? notFound('default', 'UDSchema')

/** Merges what was sent into a schema and stores it. */
function merged(call: OktaCall, schema: ProfileSchema): { schema: ProfileSchema; removed: string[] } {
  const body = objectBody(call)
  const definitions = objectIn(body, 'definitions')
  const sent = objectIn(objectIn(definitions, 'custom'), 'properties')
  const base = objectIn(objectIn(definitions, 'base'), 'properties')
  const required = objectIn(definitions, 'custom').required
  const custom: Record<string, Json> = { ...schema.custom }
  const removed: string[] = []
  for (const [name, given] of Object.entries(sent)) {
    if (given === null) {
      if (name in custom) removed.push(name)
      delete custom[name]
    } else custom[name] = property(schema, name, given as Json, custom[name])
  }
  const stored = call.tables.schemas.put({
    ...schema,
    ...(typeof body.title === 'string' && { title: body.title }),
    ...(body.description !== undefined && { description: body.description as string }),
    base: changedBase(schema, base),
    required: baseRequired(schema, base),
    custom,
    customRequired: requiredOf(custom, required, schema.customRequired),
    lastUpdated: call.now,
  })
  record(call, 'system.schema.update', [target('Schema', stored.id, stored.name)])
  return { schema: stored, removed }
}

function requiredOf(custom: Readonly<Record<string, Json>>, sent: unknown, before: readonly string[]): string[] {
  const named = new Set(Array.isArray(sent) ? (sent as string[]) : before)
  return Object.keys(custom).filter((name) => (custom[name] as Json).required === true || named.has(name))
}

const TYPES = new Set(['string', 'boolean', 'number', 'integer', 'array', 'object'])

/** A custom property as stored: in Okta's order, with its defaults. */
function property(schema: ProfileSchema, name: string, given: Json, before: Json | undefined): Json {
  const type = String(given.type ?? before?.type ?? 'string')
  const field = `definitions.custom.properties.${name}`
  if (name in schema.base) invalid(name, [`${name}: A base property of this name exists`])
  if (!/^[A-Za-z_][\w-]*$/.test(name)) invalid(name, [`${name}: Invalid property name`])
  if (!TYPES.has(type)) invalid(`${field}.type`, [`${field}.type: '${type}' is not a valid type`])
  if (before && before.type !== type)
    invalid(`${field}.type`, [`${field}.type: The type of a property cannot be changed`])
  if (!given.title && !before?.title) invalid(`${field}.title`, [`${field}.title: The field cannot be left blank`])
  const items = type === 'array' ? objectIn(given, 'items') : given
  if (Array.isArray(items.enum)) {
    const consts = Array.isArray(items.oneOf) ? (items.oneOf as Json[]).map((one) => one.const) : undefined
    if (consts && !(items.enum as unknown[]).every((value) => consts.some((one) => isDeepStrictEqual(one, value))))
      fail('E0000123')
  }
  const { title, description, type: _type, required, format, mutability, scope, permissions, master, ...rest } = given
  const isApp = schema.kind === 'app'
  // How values of several sources meet is a matter of lists alone.
  const { union, ...more } = rest
  return {
    title: title ?? before?.title,
    ...((description ?? before?.description) !== undefined && { description: description ?? before?.description }),
    type,
    ...(required === true && { required }),
    ...(format !== undefined && { format }),
    ...((!isApp || mutability !== undefined) && { mutability: mutability ?? before?.mutability ?? 'READ_WRITE' }),
    scope: scope ?? before?.scope ?? 'NONE',
    ...more,
    ...(union !== undefined && union !== null && (!isApp || type === 'array') && { union }),
    ...(!isApp && { permissions: permissions ?? before?.permissions ?? [{ principal: 'SELF', action: 'READ_ONLY' }] }),
    ...(!isApp && { master: masterOf(master) ?? before?.master ?? { type: 'PROFILE_MASTER' } }),
  }
}

const masterOf = (master: unknown): unknown => (master === null ? undefined : master)

/** Of a base property only what an administrator may set changes: permissions, master, whether it is required, a pattern. */
function changedBase(schema: ProfileSchema, sent: Json): ProfileSchema['base'] {
  const base: Record<string, Json> = { ...schema.base }
  for (const [name, given] of Object.entries(sent)) {
    const before = base[name]
    if (!before || given === null) continue
    const { type, title, ...changes } = given as Json
    if (changes.required === false) {
      const { required, ...optional } = before
      base[name] = { ...optional, ...omitRequired(changes) }
    } else base[name] = { ...before, ...nonNull(changes) }
    if (changes.pattern === null) delete (base[name] as Record<string, unknown>).pattern
  }
  return base
}

const nonNull = (given: Json): Json => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
const omitRequired = (given: Json): Json => {
  const { required, ...rest } = nonNull(given)
  return rest
}

function baseRequired(schema: ProfileSchema, sent: Json): readonly string[] {
  const names = new Set(schema.required)
  for (const [name, given] of Object.entries(sent)) {
    const { required } = (given ?? {}) as { required?: boolean }
    if (required === true) names.add(name)
    if (required === false && name !== 'login' && name !== 'email') names.delete(name)
  }
  return Object.keys(schema.base).filter((name) => names.has(name))
}

/** A profile without some attributes, or nothing when it had none of them. */
function without(profile: Json, names: readonly string[]): Json | undefined {
  if (!names.some((name) => name in profile)) return undefined
  return Object.fromEntries(Object.entries(profile).filter(([name]) => !names.includes(name)))
}
