import { ok } from '../../../shared/kernel/reply.ts'
import { requireFields } from '../errors.ts'
import { objectBody } from '../resource.ts'
import type { Json } from '../tables/document.ts'
import { governanceOrn, governed, idInOrn, targetOrn } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'
import { governanceList } from './governanceLists.ts'
import { resourceProfile } from './resourceLabels.ts'

const ownersOf = (call: OktaCall, orn: string): string[] =>
  (call.tables.resourceOwners.get(orn)?.data.principals ?? []) as string[]

/** `users` of `orn:…:directory:{org}:users:{id}`, in Okta's words. */
const KINDS: Readonly<Record<string, string>> = {
  users: 'OKTA_USER',
  groups: 'OKTA_GROUP',
  apps: 'APPLICATION',
  'entitlement-bundles': 'ENTITLEMENT_BUNDLE',
  'entitlement-values': 'ENTITLEMENT_VALUE',
  collections: 'COLLECTION',
}

const kindOf = (orn: string): string => KINDS[orn.split(':')[4] ?? ''] ?? 'APPLICATION'

const described = (call: OktaCall, orn: string) => ({
  id: idInOrn(orn),
  type: kindOf(orn),
  orn,
  profile: resourceProfile(call, orn),
})

/** What is inside an app has the app for its parent; the rest is its own. */
function parentOf(call: OktaCall, orn: string): string {
  const bundle = call.tables.entitlementBundles.get(idInOrn(orn))
  return bundle ? targetOrn(call, bundle.data.target as { externalId?: string }) : orn
}

function principalView(call: OktaCall, orn: string) {
  const { profile, ...principal } = described(call, orn)
  const kind = principal.type === 'OKTA_GROUP' ? 'groups' : 'users'
  return { ...principal, profile: { ...profile, _links: { self: governed(call, `/api/v1/${kind}/${principal.id}`) } } }
}

const ownerView = (call: OktaCall, orn: string) => ({
  id: orn,
  parentResourceOrn: parentOf(call, orn),
  principals: ownersOf(call, orn).map((principal) => principalView(call, principal)),
  resource: described(call, orn),
})

const shown = ({ id: _, ...owner }: ReturnType<typeof ownerView>) => owner

function own(call: OktaCall, orn: string, principals: readonly string[]): void {
  described(call, orn)
  for (const principal of principals) resourceProfile(call, principal)
  const times = { created: call.now, lastUpdated: call.now }
  call.tables.resourceOwners.put({ id: orn, ...times, data: { principals } })
}

/** What of an app can have owners: itself and its bundles. */
function ownable(call: OktaCall): string[] {
  const bundles = call.tables.entitlementBundles.all().map(({ id }) => governanceOrn(call, 'entitlement-bundles', id))
  return [...call.tables.apps.all().map(({ id }) => targetOrn(call, { externalId: id })), ...bundles]
}

interface Change {
  readonly op: string
  readonly value: string
}

/** Who answers for a resource: certifications and approvals turn to them. */
export const resourceOwners = operations({
  listResourceOwners(call) {
    const rows = call.tables.resourceOwners.all().map(({ id }) => ownerView(call, id))
    const read = (row: ReturnType<typeof ownerView>, name: string): unknown =>
      name.split('.').reduce<unknown>((value, member) => (value as Json | undefined)?.[member], row as unknown as Json)
    const filter = { parentResourceOrn: ['eq'], 'resource.orn': ['eq'], 'resource.type': ['eq'] } as const
    const owned = rows.filter(({ principals }) => principals.length > 0)
    return governanceList(call, owned, { filter, read }, shown)
  },
  configureResourceOwners(call) {
    const body = objectBody(call)
    requireFields(body, ['resourceOrns'])
    const { resourceOrns, principalOrns = [] } = body as { resourceOrns: string[]; principalOrns?: string[] }
    for (const orn of resourceOrns) own(call, orn, principalOrns)
    return ok({ data: resourceOrns.map((orn) => shown(ownerView(call, orn))) })
  },
  updateResourceOwners(call) {
    const body = objectBody(call)
    requireFields(body, ['resourceOrn', 'data'])
    const { resourceOrn, data } = body as { resourceOrn: string; data: Change[] }
    const gone = data.filter(({ op }) => op === 'REMOVE').map(({ value }) => value)
    own(
      call,
      resourceOrn,
      ownersOf(call, resourceOrn).filter((principal) => !gone.includes(principal)),
    )
    return ok({ data: [shown(ownerView(call, resourceOrn))] })
  },
  listUnownedResources(call) {
    const rows = ownable(call)
      .filter((orn) => ownersOf(call, orn).length === 0)
      .map((orn) => ({ ...described(call, orn), parentResourceOrn: parentOf(call, orn) }))
    const listing = { filter: { parentResourceOrn: ['eq'] } as const }
    const read = (row: (typeof rows)[number], name: string) => (row as unknown as Json)[name]
    const reply = governanceList(call, rows, { ...listing, read }, ({ parentResourceOrn: _, ...row }) => row)
    const [, parentResourceOrn] = /parentResourceOrn eq "([^"]*)"/.exec(call.query.filter ?? '') ?? []
    return { ...reply, body: { parentResourceOrn, ...(reply.body as Json) } }
  },
})
