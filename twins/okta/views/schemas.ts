import { PREFIX } from '../ids.ts'
import { related } from '../links.ts'
import type { OktaContext } from '../operations/define.ts'
import type { LinkedObjectDefinition, ProfileSchema, UserType } from '../tables/directory.ts'
import { isoTime } from '../time.ts'

type Viewer = Pick<OktaContext, 'link' | 'tables'>

/** A profile schema: JSON Schema draft 4 in two halves. Its `id` has no `/api/v1`; schemas of apps have no links. */
export function schemaView(schema: ProfileSchema, call: Viewer) {
  return {
    id: call.link(schemaPath(schema, call)),
    $schema: 'http://json-schema.org/draft-04/schema#',
    name: schema.name,
    title: schema.title,
    ...(schema.description !== undefined && { description: schema.description }),
    lastUpdated: isoTime(schema.lastUpdated),
    created: isoTime(schema.created),
    definitions: {
      custom: {
        id: '#custom',
        type: 'object',
        properties: schema.custom,
        ...(Object.keys(schema.custom).length > 0 && { required: schema.customRequired }),
      },
      base: { id: '#base', type: 'object', properties: schema.base, required: schema.required },
    },
    type: 'object',
    properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
    ...(schema.kind !== 'app' && { _links: links(schema, call) }),
  }
}

function schemaPath(schema: ProfileSchema, call: Viewer): string {
  if (schema.kind === 'group') return '/meta/schemas/group/default'
  if (schema.kind === 'app') return `/meta/schemas/apps/${schema.id}/default`
  return isDefault(schema, call) ? '/meta/schemas/user/default' : `/meta/schemas/user/${schema.id}`
}

const typeIdOf = (schema: ProfileSchema): string => PREFIX.userType + schema.id.slice(3)
const isDefault = (schema: ProfileSchema, call: Viewer): boolean =>
  call.tables.userTypes.get(typeIdOf(schema))?.default ?? false

function links(schema: ProfileSchema, call: Viewer) {
  if (schema.kind === 'group') return { self: related(call, 'self', '/api/v1/meta/schemas/group/default', 'GET') }
  return {
    self: related(call, 'self', `/api/v1/meta/schemas/user/${schema.id}`, 'GET'),
    type: related(call, 'type', `/api/v1/meta/types/user/${typeIdOf(schema)}`, 'GET'),
  }
}

export const userTypeView = (type: UserType, call: Viewer) => ({
  id: type.id,
  displayName: type.displayName,
  name: type.name,
  description: type.description ?? null,
  createdBy: type.createdBy,
  lastUpdatedBy: type.lastUpdatedBy,
  created: isoTime(type.created),
  lastUpdated: isoTime(type.lastUpdated),
  default: type.default,
  _links: {
    schema: related(call, 'schema', `/api/v1/meta/schemas/user/${PREFIX.schema}${type.id.slice(3)}`, 'GET'),
    self: related(call, 'self', `/api/v1/meta/types/user/${type.id}`, 'GET'),
  },
})

export const linkedObjectView = (definition: LinkedObjectDefinition, call: Viewer) => ({
  ...definition,
  _links: {
    self: { href: call.link(`/api/v1/meta/schemas/user/linkedObjects/${encodeURIComponent(definition.primary.name)}`) },
  },
})
