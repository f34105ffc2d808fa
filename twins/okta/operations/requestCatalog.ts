import { ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound } from '../errors.ts'
import { conditionFor, fieldsOf, mayAskFor, type Scope } from '../rules/accessRequests.ts'

import { userOf } from '../rules/users.ts'
import type { User } from '../tables/directory.ts'
import type { Document } from '../tables/document.ts'
import { governed } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'
import { attributeOf, governanceList, type Listing } from './governanceLists.ts'

const CATALOG = '/governance/api/v2/catalogs/default/entries'
export const MY_CATALOG = '/governance/api/v2/my/catalogs/default/entries'

/** The entry a path names, or 404. */
export function entryOf(call: OktaCall): Document {
  const { entryId } = call.params as { entryId: string }
  return call.tables.catalogEntries.get(entryId) ?? notFound(entryId, 'CatalogEntry')
}

/** The person who calls: end users ask for themselves. */
export const requester = (call: OktaCall): User => userOf(call, 'me')

const LABELS: Readonly<Record<string, string>> = { GROUP: 'Group', ENTITLEMENT_BUNDLE: 'Entitlement Bundle' }

function named(call: OktaCall, id: string): { name?: unknown; description?: unknown } {
  const { apps, groups, entitlementBundles } = call.tables
  const app = apps.get(id)
  return app ? { name: app.label } : (groups.get(id)?.profile ?? entitlementBundles.get(id)?.data ?? {})
}

function entryView(call: OktaCall, entry: Document, mine: boolean) {
  const scope = entry.data.scope as Scope | undefined
  const { name, description } = named(call, scope?.id ?? (entry.parent as string))
  const path = `${mine ? MY_CATALOG : CATALOG}/${entry.id}`
  const requestable = conditionFor(call, entry, mine ? requester(call) : undefined) !== undefined
  const isApp = call.tables.apps.has(entry.parent as string)
  return {
    id: entry.id,
    name: name ?? entry.parent,
    ...(description ? { description } : {}),
    label: LABELS[scope?.type ?? (isApp ? 'APPLICATION' : 'GROUP')] ?? 'Application',
    ...(scope && { parent: entry.data.top }),
    requestable,
    _links: {
      self: governed(call, path),
      logo: [],
      ...(mine && requestable && { createRequest: governed(call, `${path}/requests`) }),
      relatedEntity: governed(call, `/api/v1/${isApp ? 'apps' : 'groups'}/${entry.parent}`),
    },
  }
}

/** Entries that a condition in force covers, and those above them. */
function visible(call: OktaCall, user?: User): Document[] {
  const all = call.tables.catalogEntries.all()
  const shown = all.filter((entry) => conditionFor(call, entry, user) !== undefined)
  const tops = new Set(shown.map((entry) => entry.data.top))
  return all.filter((entry) => shown.includes(entry) || tops.has(entry.id))
}

const LISTING: Listing<Document> = {
  filter: { parent: ['eq', 'pr'] },
  not: true,
  read: (entry, name) => (name === 'parent' ? entry.data.top : attributeOf(entry, name)),
}

const MIN_MATCH = 3

/** A list of entries says which level it wants, and may search for a part of the name. */
function entries(call: OktaCall, mine: boolean, user?: User) {
  const { filter, match } = call.query as { filter?: string; match?: string }
  if (filter === undefined) fail('E0000053', '', ['Invalid filter syntax.'])
  if (match !== undefined && match.length < MIN_MATCH) {
    const length = `length: ${match.length}, required minimum: ${MIN_MATCH}`
    invalid('AccessRequestCatalog', [`AccessRequestCatalog - String "${match}" is too short (${length})`])
  }
  const view = (entry: Document) => entryView(call, entry, mine)
  const wanted = match?.toLowerCase() ?? ''
  const found = visible(call, user).filter((entry) => {
    const { name, description } = view(entry)
    return [name, description ?? ''].some((text) => String(text).toLowerCase().includes(wanted))
  })
  return governanceList(call, found, LISTING, view)
}

/** How every recorded request was judged. */
export const RISK = { requestSubmissionType: 'ALLOWED_WITH_NO_OVERRIDES', riskRules: [] }

function requestFields(call: OktaCall, user: User) {
  const entry = entryOf(call)
  const condition = conditionFor(call, entry, user)
  if (!condition) return notFound(entry.id, 'CatalogEntry')
  return ok({ data: fieldsOf(call, condition), metadata: { riskAssessment: RISK } })
}

const userInPath = (call: OktaCall): User => userOf(call, (call.params as { userId: string }).userId)

function mine(call: OktaCall): Document {
  const entry = entryOf(call)
  return visible(call, requester(call)).includes(entry) ? entry : notFound(entry.id, 'CatalogEntry')
}

/** For whom the caller may ask: others only as the settings of the resource allow. */
function askable(call: OktaCall): User[] {
  const entry = mine(call)
  const by = requester(call)
  const users = call.tables.users.all().filter(({ status, id }) => status === 'ACTIVE' && id !== by.id)
  return users.filter(
    (user) => mayAskFor(call, entry.parent as string, by, user) && conditionFor(call, entry, user) !== undefined,
  )
}

/** What may be asked for, and what is asked in return. */
export const requestCatalog = operations({
  listAllDefaultEntriesV2: (call) => entries(call, false),
  getCatalogEntryV2: (call) => ok(entryView(call, entryOf(call), false)),
  getCatalogEntryRequestFieldsV2: (call) => requestFields(call, userInPath(call)),
  listAllDefaultUserEntriesV2: (call) => entries(call, false, userInPath(call)),

  listMyDefaultEntriesV2: (call) => entries(call, true, requester(call)),
  getMyEntryV2: (call) => ok(entryView(call, mine(call), true)),
  getMyCatalogEntryRequestFieldsV2: (call) => requestFields(call, requester(call)),
  getMyCatalogEntryUserRequestFieldsV2(call) {
    const user = userInPath(call)
    if (!mayAskFor(call, mine(call).parent as string, requester(call), user)) fail('E0000006')
    return requestFields(call, user)
  },
  listMyEntryUsersV2(call) {
    if (call.query.filter === undefined) fail('E0000053', '', ['Invalid filter syntax.'])
    return governanceList(
      call,
      askable(call),
      { filter: { firstName: ['sw'], lastName: ['sw'] }, read: (user, name) => user.profile[name] },
      ({ id, profile: { email, firstName, lastName } }) => ({ id, email, firstName, lastName }),
    )
  },
})
