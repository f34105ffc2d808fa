import { ok } from '../../../shared/kernel/reply.ts'
import { invalid, notFound } from '../errors.ts'
import { plain } from '../links.ts'
import { page } from '../paging.ts'
import { objectBody } from '../resource.ts'
import type { Document, Json } from '../tables/document.ts'
import { objectIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

/** How attributes flow between users, apps and identity providers. Made with their app or provider. */
export const profileMappings = operations({
  listProfileMappings(call) {
    const { sourceId, targetId } = call.query as Record<string, string | undefined>
    const list = call.tables.profileMappings
      .all()
      .filter(
        (row) => (!sourceId || end(row, 'source').id === sourceId) && (!targetId || end(row, 'target').id === targetId),
      )
    // The self link forgets what was asked for (seen in traffic).
    const options = { limit: 20, max: 200, forget: ['sourceId', 'targetId'] }
    return page(call, list, options, (row) => {
      const { properties, ...listed } = mappingView(row, call)
      return listed
    })
  },

  getProfileMapping(call) {
    return ok(mappingView(mappingOf(call), call))
  },

  /** A merge: `null` takes an attribute out. */
  updateProfileMapping(call) {
    const row = mappingOf(call)
    const sent = objectIn(objectBody(call), 'properties')
    const known = targetAttributes(call, row)
    const properties: Record<string, unknown> = { ...(row.data.properties as Json) }
    for (const [name, given] of Object.entries(sent)) {
      if (known && !known.has(name)) invalid('updateMapping', [`Invalid target field ${name}`])
      if (given === null) delete properties[name]
      else
        properties[name] = {
          expression: (given as Json).expression,
          pushStatus: (given as Json).pushStatus ?? 'DONT_PUSH',
        }
    }
    const changed = call.tables.profileMappings.patch(row.id, {
      data: { ...row.data, properties },
      lastUpdated: call.now,
    })
    return ok(mappingView(changed, call))
  },
})

function mappingOf(call: OktaCall): Document {
  const { mappingId } = call.params as { mappingId: string }
  return call.tables.profileMappings.get(mappingId) ?? notFound(mappingId, 'ProfileMapping')
}

interface End {
  readonly id: string
  readonly name: string
  readonly type: 'user' | 'appuser'
}

const end = (row: Document, which: 'source' | 'target'): End => row.data[which] as End

/** What the target's schema knows; `undefined` when it has none here. */
function targetAttributes(call: OktaCall, row: Document): ReadonlySet<string> | undefined {
  const { id, type } = end(row, 'target')
  const schema = call.tables.schemas.get(type === 'user' ? `osc${id.slice(3)}` : id)
  return schema && type === 'user' ? new Set([...Object.keys(schema.base), ...Object.keys(schema.custom)]) : undefined
}

function endView(call: OktaCall, { id, name, type }: End) {
  const user = type === 'user'
  return {
    id,
    name,
    type,
    _links: {
      self: plain(call, user ? `/api/v1/meta/types/user/${id}` : `/api/v1/apps/${id}`),
      schema: plain(
        call,
        user ? `/api/v1/meta/schemas/user/osc${id.slice(3)}` : `/api/v1/meta/schemas/apps/${id}/default`,
      ),
    },
  }
}

const mappingView = (row: Document, call: OktaCall) => ({
  id: row.id,
  source: endView(call, end(row, 'source')),
  target: endView(call, end(row, 'target')),
  properties: row.data.properties ?? {},
  _links: { self: plain(call, `/api/v1/mappings/${row.id}`) },
})
