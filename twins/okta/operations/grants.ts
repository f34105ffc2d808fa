import { ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound } from '../errors.ts'
import { newId } from '../ids.ts'
import { objectBody } from '../resource.ts'
import { activeGrants, giveAccess, grantStatus } from '../rules/access.ts'
import type { Filter } from '../rules/filter.ts'
import { findUser } from '../rules/users.ts'
import type { User } from '../tables/directory.ts'
import type { Document, Json } from '../tables/document.ts'
import {
  contents,
  governed,
  history,
  idInOrn,
  oktaUser,
  type Picked,
  principalOrn,
  second,
  targetOrn,
} from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'
import { governanceList, type Listing, requiredFilter } from './governanceLists.ts'

const GRANTS = '/governance/api/v1/grants'

const application = (externalId: unknown) => ({ externalId: String(externalId), type: 'APPLICATION' })

/** What a grant gives: its own entitlements, or those of its bundle. */
const picksOf = (call: OktaCall, { data }: Document): readonly Picked[] =>
  (data.entitlements ??
    call.tables.entitlementBundles.get(String(data.entitlementBundleId))?.data.entitlements ??
    []) as Picked[]

function grantView(call: OktaCall, row: Document) {
  const { grantType, entitlementBundleId, userId, appId, action, actor, scheduleSettings, entitlements } = row.data
  const { include } = call.query as { include?: string }
  const shown = include === 'full_entitlements' ? contents(call, picksOf(call, row)) : entitlements
  const bundle = `/governance/api/v1/entitlement-bundles/${entitlementBundleId}`
  return {
    grantType,
    ...(entitlementBundleId !== undefined && { entitlementBundleId }),
    targetPrincipalOrn: principalOrn(call, String(userId)),
    targetPrincipal: oktaUser(userId),
    action,
    actor,
    targetResourceOrn: targetOrn(call, application(appId)),
    target: application(appId),
    ...(shown !== undefined && { entitlements: shown }),
    ...(scheduleSettings !== undefined && { scheduleSettings }),
    status: grantStatus(call, row),
    _links: {
      self: governed(call, `${GRANTS}/${row.id}`),
      ...(entitlementBundleId !== undefined && { entitlementBundle: governed(call, bundle) }),
    },
    ...history(row),
  }
}

const absent = (place: string, id: unknown): never => invalid(`/${place} ${id} not found`, [`${id} not found`])

const TYPES = ['ENTITLEMENT-BUNDLE', 'CUSTOM', 'POLICY']

/** What a body grants, checked: the app and whose it is, and of it what. */
function granted(call: OktaCall, body: Json) {
  const { grantType, targetPrincipal, target, entitlementBundleId, entitlements } = body
  if (!TYPES.includes(grantType as string)) fail('E0000003')
  const principal = (targetPrincipal as Json | undefined)?.externalId
  const user = findUser(call.tables, String(principal)) ?? absent('targetPrincipal/externalId', principal)
  const bundle = call.tables.entitlementBundles.get(String(entitlementBundleId))
  if (grantType === 'ENTITLEMENT-BUNDLE' && !bundle) absent('entitlementBundleId', entitlementBundleId)
  const appId = String(((bundle?.data.target ?? target) as Json | undefined)?.externalId)
  const app = call.tables.apps.get(appId) ?? absent('target/externalId', appId)
  const picks = (entitlements ?? []) as Picked[]
  for (const { id } of picks) if (!call.tables.entitlements.has(id)) absent('entitlements', id)
  return {
    grantType,
    ...(bundle && { entitlementBundleId }),
    ...(grantType === 'CUSTOM' && { entitlements: picks }),
    userId: user.id,
    appId: app.id,
  }
}

const grantOf = (call: OktaCall): Document => {
  const { grantId } = call.params as { grantId: string }
  return call.tables.governanceGrants.get(grantId) ?? notFound(grantId, 'Grant')
}

const update = (call: OktaCall, row: Document, data: Json) =>
  ok(grantView(call, call.tables.governanceGrants.patch(row.id, { data, lastUpdated: call.now })))

const LISTING: Listing<Document> = {
  filter: {
    'target.externalId': ['eq'],
    'target.type': ['eq'],
    targetResourceOrn: ['eq'],
    'targetPrincipal.externalId': ['eq'],
    'targetPrincipal.type': ['eq'],
    targetPrincipalOrn: ['eq'],
    entitlementBundleId: ['eq'],
    grantType: ['eq'],
    status: ['eq'],
  },
}

/** Values of every `attribute eq "value"` in a filter. */
function wanted(filter: Filter, into: Record<string, unknown> = {}): Record<string, unknown> {
  if (filter.kind === 'test') into[filter.attribute] = filter.value
  if (filter.kind === 'and') wanted(filter.right, wanted(filter.left, into))
  return into
}

const ASKED = ['externalId', 'type'].flatMap((name) => [`parent.${name}`, `targetPrincipal.${name}`])
const BY_ORN = ['parentResourceOrn', 'targetPrincipalOrn']

/** The app and the person a filter asks about. */
function asked(call: OktaCall): { appId: string; userId: string } {
  const given = wanted(requiredFilter(call, [...ASKED, ...BY_ORN]))
  const id = (value: unknown, orn: unknown) => String(value ?? idInOrn(orn))
  const appId = id(given['parent.externalId'], given.parentResourceOrn)
  const userId = id(given['targetPrincipal.externalId'], given.targetPrincipalOrn)
  return appId && userId ? { appId, userId } : fail('E0000053', '', ['Invalid filter syntax.'])
}

const heading = (call: OktaCall, appId: string, userId: string) => ({
  parentResourceOrn: targetOrn(call, application(appId)),
  parent: application(appId),
  targetPrincipalOrn: principalOrn(call, userId),
  targetPrincipal: oktaUser(userId),
})

/** Entitlements somebody has in an app, whatever gives them, each once with all its values; newest first. */
export function effective(call: OktaCall, userId: string, appId: string): Map<string, Set<string>> {
  const held = new Map<string, Set<string>>()
  for (const grant of activeGrants(call, userId, appId)) {
    for (const { id, values = [] } of picksOf(call, grant)) {
      held.set(id, new Set([...(held.get(id) ?? []), ...values.map((value) => value.id)]))
    }
  }
  return held
}

function accessOf(call: OktaCall, grant: Document) {
  const { grantType, entitlementBundleId, actor, scheduleSettings } = grant.data
  const { expirationDate, timeZone } = (scheduleSettings ?? {}) as { expirationDate?: string; timeZone?: string }
  const bundle = call.tables.entitlementBundles.get(String(entitlementBundleId))
  return {
    grantMethod: grantType === 'POLICY' ? 'POLICY' : actor,
    grantType,
    startTime: second(grant.created),
    ...(expirationDate !== undefined && { expirationTime: expirationDate, timeZone }),
    grant: { id: grant.id, _links: { self: governed(call, `${GRANTS}/${grant.id}`) } },
    ...(bundle && { bundle: { id: bundle.id, name: bundle.data.name } }),
    entitlements: contents(call, picksOf(call, grant)),
  }
}

/** Who was given what within an app, and what people therefore may do in it. */
export const grants = operations({
  listGrants: (call) =>
    governanceList(
      call,
      call.tables.governanceGrants.all(),
      { ...LISTING, read: (row, name) => readPath(grantView(call, row), name) },
      (row) => grantView(call, row),
    ),
  createGrant(call) {
    const body = objectBody(call)
    const { action = 'ALLOW', actor = 'API', scheduleSettings } = body
    const data = { ...granted(call, body), action, actor, scheduleSettings, createdBy: call.caller.userId }
    const times = { created: call.now, lastUpdated: call.now }
    const row = call.tables.governanceGrants.insert({ id: newId(call, '0gg'), status: 'ACTIVE', ...times, data })
    giveAccess(call, data.appId, call.tables.users.get(data.userId) as User)
    return { status: 201, body: grantView(call, row) }
  },
  getGrant: (call) => ok(grantView(call, grantOf(call))),
  replaceGrant(call) {
    const row = grantOf(call)
    const body = objectBody(call)
    const { createdBy, action, actor } = row.data
    const { scheduleSettings } = body
    return update(call, row, {
      ...granted(call, { ...grantBody(row), ...body }),
      action,
      actor,
      scheduleSettings,
      createdBy,
    })
  },
  updateGrant(call) {
    const row = grantOf(call)
    const { id, scheduleSettings } = objectBody(call)
    if (id !== undefined && id !== row.id) absent('grantId', id)
    return update(call, row, { ...row.data, scheduleSettings })
  },

  getPrincipalEntitlements(call) {
    const { appId, userId } = asked(call)
    const picks = [...effective(call, userId, appId)]
      .sort(([left], [right]) => (left < right ? 1 : -1))
      .map(([id, values]) => ({ id, values: [...values].map((value) => ({ id: value })) }))
    const { parentResourceOrn, parent, ...principal } = heading(call, appId, userId)
    const view = ({ values, id, ...entitlement }: Json & { id: string }) => ({
      parentResourceOrn,
      parent,
      values,
      ...principal,
      id,
      ...entitlement,
    })
    const filter = Object.fromEntries([...ASKED, ...BY_ORN].map((name) => [name, ['eq' as const]]))
    return governanceList(call, contents(call, picks).map(view), { filter, read: readPath }, (shown) => shown)
  },
  getPrincipalAccess(call) {
    const { appId, userId } = asked(call)
    if (!call.tables.users.has(userId)) notFound(userId, 'User')
    const [base, ...additional] = activeGrants(call, userId, appId).sort(
      (left, right) => rank(left) - rank(right) || left.created - right.created,
    )
    return ok({
      ...heading(call, appId, userId),
      ...(base && { base: accessOf(call, base) }),
      additional: additional.map((grant) => accessOf(call, grant)),
    })
  },
})

/** What the policy of an app gives is the base of somebody's access, bundles come on top. */
const rank = ({ data }: Document): number => ['POLICY', 'CUSTOM', 'ENTITLEMENT-BUNDLE'].indexOf(String(data.grantType))

/** A grant as a body would tell it. */
const grantBody = ({ data }: Document): Json => ({
  ...data,
  target: application(data.appId),
  targetPrincipal: oktaUser(data.userId),
})

/** `target.externalId` of a view. */
const readPath = (view: Json, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Json | undefined)?.[name], view)
