import { blank, fail, invalid } from '../errors.ts'
import { PREFIX } from '../ids.ts'
import { resource } from '../resource.ts'
import type { Json } from '../tables/document.ts'
import { zoneView } from '../views/security.ts'

interface Address {
  readonly type?: string
  readonly value?: string
}

/** A single address is kept as a range of one: `10.0.0.1` → `10.0.0.1-10.0.0.1`. Networks stay as they are. */
function address({ value = '' }: Address): Address {
  const type = value.includes('/') ? 'CIDR' : 'RANGE'
  return { type, value: type === 'RANGE' && !value.includes('-') ? `${value}-${value}` : value }
}

const addresses = (given: unknown): Address[] | null => (Array.isArray(given) ? given.map(address) : null)

interface Location {
  readonly country: string
  readonly region?: string | null
}

/** Locations are kept in alphabetical order, with `null` for no region. */
function locations(given: unknown): Location[] {
  const list = ((given ?? []) as Location[]).map(({ country, region }) => ({ country, region: region ?? null }))
  return list.sort((a, b) => `${a.country}/${a.region}`.localeCompare(`${b.country}/${b.region}`))
}

const inAndOut = (given: unknown, list: (value: unknown) => unknown) => {
  const { include, exclude } = (given ?? {}) as Json
  return { include: list(include), exclude: list(exclude) }
}

const asGiven = (value: unknown) => value ?? []

function zoneData(body: Json, before?: Json): Json {
  const type = (body.type ?? before?.type ?? 'IP') as string
  const name = body.name
  const usage = body.usage ?? before?.usage ?? 'POLICY'
  const head = { type, name, usage, system: before?.system ?? false }
  if (typeof name === 'string' && name.length > 128) invalid('name', ['name: The field is too long'])
  if (type === 'IP') {
    return { ...head, gateways: addresses(body.gateways), proxies: addresses(body.proxies) }
  }
  if (type === 'DYNAMIC') {
    return {
      ...head,
      locations: body.locations ? locations(body.locations) : null,
      proxyType: body.proxyType ?? null,
      ...(body.asns ? { asns: body.asns } : {}),
    }
  }
  if (type === 'DYNAMIC_V2') {
    return {
      ...head,
      locations: inAndOut(body.locations, locations),
      ipServiceCategories: inAndOut(body.ipServiceCategories, asGiven),
      asns: inAndOut(body.asns, asGiven),
    }
  }
  return fail('E0000003')
}

/** A new zone is active whatever its body says; a replacement may switch it. Seen in traffic. */
const status = (body: Json, before?: { status?: string }) =>
  (before ? ((body.status as string | undefined) ?? before.status) : 'ACTIVE') ?? 'ACTIVE'

/** Network zones: where requests come from, for policies and the block list. */
export const zones = resource({
  table: (tables) => tables.zones,
  prefix: PREFIX.zone,
  kind: 'NetworkZone',
  param: 'zoneId',
  operations: {
    list: 'listNetworkZones',
    create: 'createNetworkZone',
    get: 'getNetworkZone',
    replace: 'replaceNetworkZone',
    remove: 'deleteNetworkZone',
    activate: 'activateNetworkZone',
    deactivate: 'deactivateNetworkZone',
  },
  page: { limit: 20, max: 100 },
  list: (call, rows) => {
    const filter = (call.query as { filter?: string }).filter
    if (filter === undefined) return rows
    const [, field, value] = /^\s*(id|usage|system|name)\s+eq\s+"?([^"]*)"?\s*$/.exec(filter) ?? fail('E0000031')
    return rows.filter((row) => String(field === 'id' ? row.id : row.data[field as string]) === value)
  },
  required: ['name'],
  unique: 'name',
  data: (body, _call, before) => {
    if (!before && !body.type) invalid('type', [blank('type')])
    return zoneData(body, before?.data)
  },
  status,
  lifecycle: 'object',
  view: (row, call) => zoneView(call, row),
  guard(verb, row) {
    if (verb === 'remove' && row.data.system) invalid('system', ['You cannot delete a system network zone.'])
    if (verb === 'remove' && row.status === 'ACTIVE') {
      invalid('networkZone', ['Network zone must be deactivated before it can be deleted.'])
    }
  },
  events: {
    create: 'zone.create',
    replace: 'zone.update',
    remove: 'zone.delete',
    activate: 'zone.activate',
    deactivate: 'zone.deactivate',
    target: 'NetworkZone',
  },
})
