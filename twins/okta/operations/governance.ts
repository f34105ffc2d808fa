import { ok } from '../../../shared/kernel/reply.ts'
import { notFound } from '../errors.ts'
import { hinted } from '../links.ts'
import { pageOf } from '../paging.ts'
import { found, type Resource, resource } from '../resource.ts'
import type { Json } from '../tables/document.ts'
import { type OktaCall, operations } from './define.ts'
import { settingOf, singleton } from './singletons.ts'

const OPT_IN = { name: 'governance', initial: { optInStatus: 'OPTED_OUT' } }

const family: Resource = {
  table: (tables) => tables.governanceBundles,
  prefix: 'enb',
  kind: 'GovernanceBundle',
  param: 'bundleId',
  operations: {
    list: 'listGovernanceBundles',
    create: 'createGovernanceBundle',
    get: 'getGovernanceBundle',
    replace: 'replaceGovernanceBundle',
    remove: 'deleteGovernanceBundle',
  },
  page: { limit: 20, max: 200 },
  wrap: (bundles, call) => ({ bundles, _links: { self: { href: call.link('/api/v1/iam/governance/bundles') } } }),
  required: ['name'],
  status: (_body, before) => before?.status ?? 'ACTIVE',
  data: ({ name, description, entitlements }, call) => ({
    name,
    description: description ?? null,
    entitlements: ((entitlements ?? []) as Json[]).map((entitlement) => ({ id: call.random.uuid(), ...entitlement })),
  }),
  view: ({ id, status, data: { name, description } }, call) => ({
    id,
    name,
    description,
    status,
    orn: `orn:okta:governance:${call.tables.org.all()[0]?.id}:entitlement-bundles:${id}`,
    _links: {
      self: hinted(call, `/api/v1/iam/governance/bundles/${id}`, 'GET', 'PUT', 'DELETE'),
      entitlements: hinted(call, `/api/v1/iam/governance/bundles/${id}/entitlements`, 'GET'),
    },
  }),
}

const opted = (optInStatus: string) => (call: OktaCall) => {
  call.tables.settings.put({ id: OPT_IN.name, created: call.now, lastUpdated: call.now, data: { optInStatus } })
  return ok(optInView(call))
}

const optInView = (call: OktaCall) => {
  const { optInStatus } = settingOf(call, OPT_IN)
  const next = optInStatus === 'OPTED_IN' ? 'optOut' : 'optIn'
  return {
    optInStatus,
    _links: {
      [next]: hinted(call, `/api/v1/iam/governance/${next}`, 'POST'),
      optInStatus: hinted(call, '/api/v1/iam/governance/optIn', 'GET'),
    },
  }
}

/** What of Governance an org has set. Terraform asks here whether the org has Governance at all. */
const settings = singleton({
  name: 'governanceSettings',
  initial: { delegates: { enduser: {} } },
  get: 'getGovernanceSettings',
  replace: 'updateGovernanceSettings',
  merges: true,
})

interface Entitlement {
  readonly id: string
  readonly role?: string
  readonly resourceSets?: readonly string[]
}

const entitlementsOf = (call: OktaCall): Entitlement[] => (found(family, call).data.entitlements ?? []) as Entitlement[]

/** Bundles of administrator roles that can be asked for. */
export const governance = {
  ...resource(family),
  ...settings,
  ...operations({
    listBundleEntitlements(call) {
      const list = entitlementsOf(call).map(({ id, role }) => ({ id, name: role ?? id, role }))
      const { items, headers } = pageOf(call, list, { limit: 20, max: 200, follows: (item, mark) => item.id > mark })
      return ok(
        {
          entitlements: items,
          _links: { bundle: { href: call.link(`/api/v1/iam/governance/bundles/${call.params.bundleId}`) } },
        },
        headers,
      )
    },
    listBundleEntitlementValues(call) {
      const one = entitlementsOf(call).find((entitlement) => entitlement.id === call.params.entitlementId)
      if (!one) return notFound(call.params.entitlementId, 'Entitlement')
      const entitlementValues = (one.resourceSets ?? []).map((id) => ({
        id,
        name: call.tables.resourceSets.get(id)?.label ?? id,
        value: id,
      }))
      return ok({
        entitlementValues,
        _links: {
          entitlements: { href: call.link(`/api/v1/iam/governance/bundles/${call.params.bundleId}/entitlements`) },
        },
      })
    },
    getOptInStatus: (call) => ok(optInView(call)),
    optIn: opted('OPTED_IN'),
    optOut: opted('OPTED_OUT'),

    getRoleAssignmentGovernanceGrant: (call) => notFound(call.params.grantId, 'RoleAssignmentGovernanceGrant'),
    getRoleAssignmentGovernanceGrantResources: (call) => notFound(call.params.grantId, 'RoleAssignmentGovernanceGrant'),
  }),
}
