import { blank, fail, invalid } from '../errors.ts'
import { PREFIX } from '../ids.ts'
import { resource } from '../resource.ts'
import { checkFilter, FilterError, matches, parseFilter } from '../rules/filter.ts'
import { readAddress, type ZoneAddress } from '../rules/ipAddresses.ts'
import type { Document, Json } from '../tables/document.ts'
import { zoneView } from '../views/security.ts'
import type { OktaCall } from './define.ts'

/** Gateways or proxies as kept: `null` for none. */
function addresses(body: Json, field: 'gateways' | 'proxies'): ZoneAddress[] | null {
  const given = body[field]
  if (!Array.isArray(given)) return null
  return given.map(({ value }: { value?: unknown }) => {
    return readAddress(String(value ?? '')) ?? invalid(field, [`${field}: The field has an invalid value`])
  })
}

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
    return { ...head, gateways: addresses(body, 'gateways'), proxies: addresses(body, 'proxies') }
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

const FILTERED = ['id', 'name', 'usage', 'system', 'type', 'status']

/** What a filter lets through. */
function passes(text: string): (row: Document) => boolean {
  try {
    const filter = parseFilter(text)
    checkFilter(filter, { operators: (attribute) => (FILTERED.includes(attribute) ? ['eq'] : undefined) })
    const read = (row: Document) => (name: string) => ({ ...row.data, id: row.id, status: row.status })[name]
    return (row) => matches(filter, read(row), { ignoreCase: false })
  } catch (error) {
    if (error instanceof FilterError) return fail('E0000031')
    throw error
  }
}

/** Refuses to remove what came with the org, what is active, and what rules of policies name. */
function mayGo(call: OktaCall, row: Document): void {
  if (row.data.system) invalid('system', ['You cannot delete a system network zone.'])
  if (row.status === 'ACTIVE') invalid('networkZone', ['Network zone must be deactivated before it can be deleted.'])
  const named = call.tables.policyRules.all().some(({ conditions }) => {
    const { include = [], exclude = [] } = (conditions?.network ?? {}) as { include?: string[]; exclude?: string[] }
    return include.includes(row.id) || exclude.includes(row.id)
  })
  if (named) invalid('networkZone', ['Network zone is used by one or more policies and cannot be deleted.'])
}

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
    const { filter } = call.query as { filter?: string }
    return filter === undefined ? rows : rows.filter(passes(filter))
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
  guard(verb, row, call) {
    if (verb === 'remove') mayGo(call, row)
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
