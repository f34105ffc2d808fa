import { fail, invalid } from '../errors.ts'
import { PREFIX } from '../ids.ts'
import { resource } from '../resource.ts'
import type { Document } from '../tables/document.ts'
import { trustedOriginView } from '../views/security.ts'

/** `filter` compares one member; `type` is that of the scopes. */
function matching(filter: string): (row: Document) => boolean {
  const [, name = '', value] = /^\s*(\w+)\s+eq\s+"([^"]*)"\s*$/.exec(filter) ?? fail('E0000031')
  if (name === 'type') return (row) => (row.data.scopes as { type: string }[]).some((scope) => scope.type === value)
  return (row) => String(name === 'status' ? row.status : name === 'id' ? row.id : row.data[name]) === value
}

/** Trusted origins: who may call from a browser, be redirected to, or frame Okta's pages. */
export const trustedOrigins = resource({
  table: (tables) => tables.trustedOrigins,
  prefix: PREFIX.trustedOrigin,
  kind: 'TrustedOrigin',
  param: 'trustedOriginId',
  operations: {
    list: 'listTrustedOrigins',
    create: 'createTrustedOrigin',
    get: 'getTrustedOrigin',
    replace: 'replaceTrustedOrigin',
    remove: 'deleteTrustedOrigin',
    activate: 'activateTrustedOrigin',
    deactivate: 'deactivateTrustedOrigin',
  },
  page: { limit: 20, max: 200 },
  list: (call, rows) => {
    const { q, filter } = call.query as { q?: string; filter?: string }
    if (filter !== undefined) return rows.filter(matching(filter))
    const wanted = q?.toLowerCase()
    return wanted === undefined
      ? rows
      : rows.filter((row) =>
          [row.data.name, row.data.origin].some((text) => String(text).toLowerCase().includes(wanted)),
        )
  },
  required: ['name', 'origin'],
  unique: 'origin',
  status: (body, before) => (body.status as string) ?? before?.status ?? 'ACTIVE',
  data(body, call, before) {
    if (!URL.canParse(String(body.origin))) invalid('origin', ['origin: The origin is not a valid URL'])
    return {
      name: body.name,
      origin: body.origin,
      scopes: body.scopes ?? [],
      createdBy: before?.data.createdBy ?? call.caller.userId ?? null,
      lastUpdatedBy: call.caller.userId ?? null,
    }
  },
  lifecycle: 'object',
  view: (row, call) => trustedOriginView(call, row),
  events: {
    create: 'security.trusted_origin.create',
    replace: 'security.trusted_origin.update',
    remove: 'security.trusted_origin.delete',
    activate: 'security.trusted_origin.activate',
    deactivate: 'security.trusted_origin.deactivate',
  },
})
