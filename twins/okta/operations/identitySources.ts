import { accepted, created, noContent, ok, type Reply } from '../../../shared/kernel/reply.ts'
import { blank, fail, invalid, notFound } from '../errors.ts'
import { newId, PREFIX } from '../ids.ts'
import { whole } from '../paging.ts'
import { objectBody } from '../resource.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { bodyOf } from './body.ts'
import { type OktaCall, operations } from './define.ts'

interface Place {
  identitySourceId: string
  sessionId: string
  externalId: string
  groupOrExternalId: string
  memberExternalId: string
}

const placeOf = (call: OktaCall): Place => call.params as Place
const sourceOf = (call: OktaCall): string => placeOf(call).identitySourceId

const OPEN = ['CREATED', 'IN_PROGRESS']

const sessionView = (row: Document) => ({
  id: row.id,
  identitySourceId: row.parent,
  status: row.status,
  importType: row.data.importType,
  created: isoTime(row.created),
  lastUpdated: isoTime(row.lastUpdated),
})

function sessionOf(call: OktaCall): Document {
  const { sessionId, identitySourceId } = placeOf(call)
  const row = call.tables.identitySourceSessions.get(sessionId)
  return row?.parent === identitySourceId ? row : notFound(sessionId, 'IdentitySourceSession')
}

const key = (source: string, externalId: string): string => `${source}/${externalId}`

function put(
  call: OktaCall,
  table: 'identitySourceUsers' | 'identitySourceGroups',
  source: string,
  externalId: string,
  profile: unknown,
): Document {
  const rows = call.tables[table]
  const before = rows.get(key(source, externalId))
  return rows.put({
    id: key(source, externalId),
    parent: source,
    created: before?.created ?? call.now,
    lastUpdated: call.now,
    data: {
      id: before?.data.id ?? newId(call, table === 'identitySourceUsers' ? PREFIX.user : PREFIX.group),
      externalId,
      profile,
    },
  })
}

interface Batch {
  readonly externalIds?: readonly string[]
  readonly profiles?: readonly { externalId: string; profile?: Json }[]
  readonly memberships?: readonly { groupExternalId: string; memberExternalIds: readonly string[] }[]
}

/** What a session is given is kept until its import starts. */
const upload =
  (action: string) =>
  (call: OktaCall): Reply => {
    const session = sessionOf(call)
    if (!OPEN.includes(session.status ?? ''))
      invalid('importSessionId', ['Only a session that is in CREATED or IN_PROGRESS status can take data.'])
    const batches = [...((session.data.batches ?? []) as Json[]), { action, ...objectBody(call as { body: unknown }) }]
    call.tables.identitySourceSessions.patch(session.id, {
      status: 'CREATED',
      data: { ...session.data, batches },
      lastUpdated: call.now,
    })
    return accepted()
  }

function run(call: OktaCall, source: string, batch: Batch & { action: string }): void {
  const { identitySourceUsers, identitySourceMemberships } = call.tables
  for (const { externalId, profile } of batch.profiles ?? []) {
    if (batch.action === 'users') put(call, 'identitySourceUsers', source, externalId, profile)
    if (batch.action === 'users-delete') identitySourceUsers.remove(key(source, externalId))
    if (batch.action === 'groups') put(call, 'identitySourceGroups', source, externalId, profile)
  }
  if (batch.action === 'groups-delete') for (const id of batch.externalIds ?? []) dropGroup(call, key(source, id))
  for (const { groupExternalId, memberExternalIds } of batch.memberships ?? []) {
    for (const member of memberExternalIds) {
      const id = `${key(source, groupExternalId)}/${member}`
      if (batch.action === 'memberships-delete') identitySourceMemberships.remove(id)
      else join(call, source, groupExternalId, member)
    }
  }
}

/** A group goes with its memberships. */
function dropGroup(call: OktaCall, id: string): void {
  for (const member of call.tables.identitySourceMemberships.where('parent', id))
    call.tables.identitySourceMemberships.remove(member.id)
  call.tables.identitySourceGroups.remove(id)
}

function join(call: OktaCall, source: string, group: string, member: string): void {
  const id = `${key(source, group)}/${member}`
  call.tables.identitySourceMemberships.put({
    id,
    parent: key(source, group),
    created: call.now,
    lastUpdated: call.now,
    data: { memberExternalId: member },
  })
}

const userView = (row: Document) => ({
  id: row.data.id,
  externalId: row.data.externalId,
  created: isoTime(row.created),
  lastUpdated: isoTime(row.lastUpdated),
  profile: row.data.profile,
})

const groupView = (row: Document) => {
  const { displayName, description, ...rest } = row.data.profile as Json
  return { id: row.data.id, externalId: row.data.externalId, profile: { displayName, description, ...rest } }
}

function userOf(call: OktaCall): Document {
  const { identitySourceId, externalId } = placeOf(call)
  return (
    call.tables.identitySourceUsers.get(key(identitySourceId, externalId)) ?? notFound(externalId, 'IdentitySourceUser')
  )
}

function groupOf(call: OktaCall): Document {
  const { identitySourceId, groupOrExternalId } = placeOf(call)
  const rows = call.tables.identitySourceGroups
  const row =
    rows.get(key(identitySourceId, groupOrExternalId)) ??
    rows.where('parent', identitySourceId).find((one) => one.data.id === groupOrExternalId)
  return row ?? notFound(groupOrExternalId, 'IdentitySourceGroup')
}

const withProfile = (call: OktaCall, merges: boolean) => {
  const row = userOf(call)
  const profile = (bodyOf(call).profile ?? {}) as Json
  const kept = merges ? { ...(row.data.profile as Json), ...profile } : profile
  return ok(userView(put(call, 'identitySourceUsers', sourceOf(call), String(row.data.externalId), kept)))
}

/** Custom identity sources: people and groups pushed in, one by one or in sessions of batches. */
export const identitySources = operations({
  listIdentitySourceSessions: (call) =>
    whole(call.tables.identitySourceSessions.where('parent', sourceOf(call)), sessionView),

  createIdentitySourceSession(call) {
    const parent = sourceOf(call)
    const open = call.tables.identitySourceSessions
      .where('parent', parent)
      .some((row) => OPEN.includes(row.status ?? ''))
    if (open) fail('E0000001', 'identitySourceId', ['There is already an active session for this identity source.'])
    const row = call.tables.identitySourceSessions.insert({
      id: newId(call, 'aps'),
      parent,
      status: 'CREATED',
      created: call.now,
      lastUpdated: call.now,
      data: { importType: 'INCREMENTAL' },
    })
    return created(sessionView(row))
  },

  getIdentitySourceSession: (call) => ok(sessionView(sessionOf(call))),

  /** A session given up stays to be seen, closed (okta-sdk-dotnet's live suite). */
  deleteIdentitySourceSession(call) {
    const row = sessionOf(call)
    if (!OPEN.includes(row.status ?? '')) {
      invalid('importSessionId', ['Only a session that is in CREATED or IN_PROGRESS status can be canceled.'])
    }
    call.tables.identitySourceSessions.patch(row.id, { status: 'CLOSED', lastUpdated: call.now })
    return noContent()
  },

  uploadIdentitySourceDataForUpsert: upload('users'),
  uploadIdentitySourceDataForDelete: upload('users-delete'),
  uploadIdentitySourceGroupsForUpsert: upload('groups'),
  uploadIdentitySourceGroupsDataForDelete: upload('groups-delete'),
  uploadIdentitySourceGroupMembershipsForUpsert: upload('memberships'),
  uploadIdentitySourceGroupMembershipsForDelete: upload('memberships-delete'),

  startImportFromIdentitySource(call) {
    const session = sessionOf(call)
    if (!OPEN.includes(session.status ?? ''))
      invalid('importSessionId', ['Only a session that is in CREATED status can be started.'])
    for (const batch of (session.data.batches ?? []) as (Batch & { action: string })[]) run(call, sourceOf(call), batch)
    return ok(
      sessionView(call.tables.identitySourceSessions.patch(session.id, { status: 'TRIGGERED', lastUpdated: call.now })),
    )
  },

  createIdentitySourceUser(call) {
    const { externalId, profile } = objectBody(call as { body: unknown })
    if (!externalId) invalid('externalId', ['externalId: The field cannot be left blank'])
    return ok(userView(put(call, 'identitySourceUsers', sourceOf(call), String(externalId), profile ?? {})))
  },
  getIdentitySourceUser: (call) => ok(userView(userOf(call))),
  replaceExistingIdentitySourceUser: (call) => withProfile(call, false),
  updateIdentitySourceUsers: (call) => withProfile(call, true),
  deleteIdentitySourceUser(call) {
    call.tables.identitySourceUsers.remove(userOf(call).id)
    return { status: 200 } // the contract says 204; recorded traffic has 200 here
  },

  createIdentitySourceGroups(call) {
    const { externalId, profile } = objectBody(call as { body: unknown })
    if (!externalId) invalid('externalId', ['externalId: The field cannot be left blank'])
    return ok(groupView(put(call, 'identitySourceGroups', sourceOf(call), String(externalId), profile ?? {})))
  },
  getIdentitySourceGroup: (call) => ok(groupView(groupOf(call))),
  updateIdentitySourceGroups(call) {
    const row = groupOf(call)
    const profile = { ...(row.data.profile as Json), ...(bodyOf(call).profile as Json | undefined) }
    return ok(groupView(put(call, 'identitySourceGroups', sourceOf(call), String(row.data.externalId), profile)))
  },
  deleteIdentitySourceGroup(call) {
    dropGroup(call, groupOf(call).id)
    return { status: 200 }
  },
  getIdentitySourceGroupMemberships(call) {
    const row = groupOf(call)
    const members = call.tables.identitySourceMemberships.where('parent', row.id)
    return ok({ memberExternalIds: members.map((member) => member.data.memberExternalId) })
  },
  createIdentitySourceGroupsMemberships(call) {
    const row = groupOf(call)
    const { memberExternalId: member } = bodyOf(call) as { memberExternalId?: string }
    if (!member) return invalid('memberExternalId', [blank('memberExternalId')])
    join(call, sourceOf(call), String(row.data.externalId), member)
    return noContent()
  },
  deleteIdentitySourceGroupMemberships(call) {
    const { memberExternalId } = placeOf(call)
    const id = `${groupOf(call).id}/${memberExternalId}`
    if (!call.tables.identitySourceMemberships.has(id)) notFound(memberExternalId, 'IdentitySourceGroupMembership')
    call.tables.identitySourceMemberships.remove(id)
    return noContent()
  },
})
