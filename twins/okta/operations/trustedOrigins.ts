import { invalid } from '../errors.ts'
import { PREFIX } from '../ids.ts'
import { resource } from '../resource.ts'
import { trustedOriginView } from '../views/security.ts'

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
    const { q } = call.query as { q?: string }
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
