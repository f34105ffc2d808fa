import { accepted, created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { blank, fail, invalid, notFound } from '../errors.ts'
import { newId, oneTimeToken, PREFIX } from '../ids.ts'
import { objectBody, type Resource, resource } from '../resource.ts'
import { join, leave } from '../rules/membership.ts'
import { userOf } from '../rules/users.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { bodyOf, pick } from './body.ts'
import { type OktaCall, operations } from './define.ts'
import { settingOf } from './singletons.ts'

const accountView = ({ id, status, created: made, lastUpdated, data }: Document) => ({
  id,
  ...data,
  ...('password' in data && { password: '********' }),
  status,
  created: isoTime(made),
  lastUpdated: isoTime(lastUpdated),
})

const account = (
  table: Resource['table'],
  kind: string,
  ids: { list: string; create: string; get: string; update: string; remove: string },
  required: readonly string[],
  createdStatus: number,
  fixed: (body: Json, call: OktaCall) => Json = () => ({}),
): Resource => ({
  table,
  prefix: 'uuid',
  kind,
  param: 'id',
  operations: ids as Resource['operations'],
  page: { limit: 20, max: 200 },
  required,
  unique: 'name',
  createdStatus,
  status: (_body, before) => before?.status ?? 'UNSECURED',
  /** A change is told of name, description and owners; the rest was settled when the account was made. */
  data(body, call, before) {
    const { name, description, ownerUserIds = [], ownerGroupIds = [] } = body
    const own = { name, ...(description !== undefined && { description }), ownerUserIds, ownerGroupIds }
    return before ? { ...before.data, ...own } : { ...body, ...own, statusDetail: 'STAGED', ...fixed(body, call) }
  },
  view: accountView,
})

/** The login of the user an account manages. */
function managed({ oktaUserId }: Json, call: OktaCall): Json {
  const user = call.tables.users.get(String(oktaUserId)) ?? notFound(String(oktaUserId), 'User')
  return { username: user.profile.login, email: user.profile.email }
}

/** The app whose account it is, by its ORN: `orn:okta:idp:{org}:apps:{name}:{id}`. */
function contained({ containerOrn }: Json, call: OktaCall): Json {
  const id = String(containerOrn).split(':').at(-1) ?? ''
  const app = call.tables.apps.get(id) ?? notFound(id, 'AppInstance')
  return { containerGlobalName: app.name, containerInstanceName: app.label }
}

const BLOCKS = { name: 'personal.blocklist', initial: { domains: [] } }

const queryPath = (_call: OktaCall, row: Document) =>
  `/api/v1/directories/${row.data.app}/groups/${row.data.group}/query/${row.id}`

const DISASTER = { name: 'disasterRecovery', initial: { failedOver: [] } }

/** The org's own domain, and those it was given. */
const orgDomains = (call: OktaCall): string[] => [
  `${call.tables.org.all()[0]?.subdomain}.okta.com`,
  ...call.tables.domains.all().flatMap(({ data }) => (typeof data.domain === 'string' ? [data.domain] : [])),
]

const failedOver = (call: OktaCall): string[] => settingOf(call, DISASTER).failedOver as string[]

const failoverView = (call: OktaCall, domain: string) => ({ domain, isFailedOver: failedOver(call).includes(domain) })

/** Sends the domains named, or all, to the other region or back. */
function failed(call: OktaCall, over: boolean) {
  const known = orgDomains(call)
  const domains = (bodyOf(call) as { domains?: string[] | null }).domains ?? known
  const taken = domains.filter((domain) => known.includes(domain))
  const rest = failedOver(call).filter((domain) => !taken.includes(domain))
  const data = { failedOver: over ? [...rest, ...taken] : rest }
  call.tables.settings.put({ id: DISASTER.name, created: call.now, lastUpdated: call.now, data })
  const word = over ? 'Failover' : 'Failback'
  return ok({
    results: domains.map((domain) => ({
      domain,
      message: taken.includes(domain) ? `${word} started` : 'The domain is not one of the org',
    })),
  })
}

/** A key written before it reaches its owner, enrolled by an administrator. */
const preregistrationView = (call: OktaCall, row: Document) => ({
  id: row.id,
  created: isoTime(row.created),
  factorType: 'webauthn',
  lastUpdated: isoTime(row.lastUpdated),
  profile: row.data.profile ?? {},
  provider: 'FIDO',
  status: row.status,
  fulfillmentProvider: row.data.fulfillmentProvider ?? null,
  vendorName: 'FIDO',
  _links: {
    self: {
      href: call.link(`/webauthn-registration/api/v1/users/${row.parent}/enrollments/${row.id}`),
      hints: { allow: ['GET', 'DELETE'] },
    },
  },
})

function preregistrationOf(call: OktaCall): Document {
  const { userId, authenticatorEnrollmentId } = call.params as { userId: string; authenticatorEnrollmentId: string }
  const row = call.tables.preregistrations.get(authenticatorEnrollmentId)
  return row?.parent === userId ? row : notFound(authenticatorEnrollmentId, 'AuthenticatorEnrollment')
}

/** Service accounts, personal settings, directory writes, disaster recovery and keys that travel ahead of their owners. */
export const accounts = {
  ...resource(
    account(
      (tables) => tables.serviceAccounts,
      'AppServiceAccount',
      {
        list: 'listAppServiceAccounts',
        create: 'createAppServiceAccount',
        get: 'getAppServiceAccount',
        update: 'updateAppServiceAccount',
        remove: 'deleteAppServiceAccount',
      },
      ['name', 'containerOrn', 'username', 'password'],
      200,
      contained,
    ),
  ),
  ...resource(
    account(
      (tables) => tables.managedAccounts,
      'OktaServiceAccount',
      {
        list: 'listOktaManagedUserAccounts',
        create: 'createOktaManagedUserAccount',
        get: 'getOktaManagedUserAccount',
        update: 'updateOktaManagedUserAccount',
        remove: 'deleteOktaManagedUserAccount',
      },
      ['name', 'oktaUserId'],
      201,
      managed,
    ),
  ),
  ...operations({
    /** Personal features are switched as a whole. */
    replaceOktaPersonalAdminSettings(call) {
      call.tables.settings.put({
        id: 'personal',
        created: call.now,
        lastUpdated: call.now,
        data: objectBody(call as { body: unknown }),
      })
      return noContent()
    },
    listPersonalAppsExportBlockList: (call) => ok({ domains: settingOf(call, BLOCKS).domains }),
    replaceBlockedEmailDomains(call) {
      const { domains } = objectBody(call as { body: unknown })
      if (!Array.isArray(domains)) invalid('domains', [blank('domains')])
      call.tables.settings.put({ id: BLOCKS.name, created: call.now, lastUpdated: call.now, data: { domains } })
      return noContent()
    },

    getFirstPartyAppSettings(call) {
      if (call.params.appName !== 'admin-console') fail('E0000258', 'admin-console')
      const initial = { sessionIdleTimeoutMinutes: 15, sessionMaxLifetimeMinutes: 720 }
      return ok(call.tables.settings.get('firstParty.admin-console')?.data ?? initial)
    },
    replaceFirstPartyAppSettings(call) {
      if (call.params.appName !== 'admin-console') fail('E0000258', 'admin-console')
      const data = objectBody(call as { body: unknown })
      const { sessionIdleTimeoutMinutes: idle } = data
      if (typeof idle === 'number' && (idle < 5 || idle > 120)) {
        invalid('sessionIdleTimeoutMinutes', ['sessionIdleTimeoutMinutes: The value must be between 5 and 120'])
      }
      call.tables.settings.put({ id: 'firstParty.admin-console', created: call.now, lastUpdated: call.now, data })
      return ok(data)
    },

    /** Members of a group that lives in a directory. */
    updateGroupMembership(call) {
      const { id = '', parameters } = objectBody(call as { body: unknown }) as {
        id?: string
        parameters?: { action?: string; attribute?: string; values?: string[] }
      }
      const group = call.tables.groups.get(id) ?? notFound(id, 'UserGroup')
      for (const value of parameters?.values ?? []) {
        const user = call.tables.users.get(value) ?? call.tables.users.by('login', value.toLowerCase())
        if (!user) continue
        if (parameters?.action === 'REMOVE') leave(call, group, user)
        else join(call, group, user)
      }
      return ok({})
    },
    submitGroupAttributeQuery(call) {
      const { appInstanceId, groupId } = call.params
      const group = call.tables.groups.get(groupId) ?? notFound(groupId, 'UserGroup')
      const row = call.tables.attributeQueries.insert({
        id: newId(call, 'gaq'),
        created: call.now,
        lastUpdated: call.now,
        data: { app: appInstanceId, group: group.id, attributes: bodyOf(call).attributes ?? [] },
      })
      return accepted({ resultId: row.id, status: 'PENDING' }, { location: call.link(queryPath(call, row)) })
    },
    getGroupAttributeQueryResult(call) {
      const row =
        call.tables.attributeQueries.get(call.params.resultId) ?? notFound(call.params.resultId, 'GroupAttributeQuery')
      return ok({
        id: row.data.group,
        profile: pick(
          call.tables.groups.get(row.data.group as string)?.profile ?? {},
          ...(row.data.attributes as string[]),
        ),
      })
    },

    startOrgFailover: (call) => failed(call, true),
    startOrgFailback: (call) => failed(call, false),
    getDRStatus: (call) => ok({ status: orgDomains(call).map((domain) => failoverView(call, domain)) }),
    getDRStatusForDomain(call) {
      const { domain } = call.params
      return orgDomains(call).includes(domain)
        ? ok({ status: [failoverView(call, domain)] })
        : notFound(domain, 'Domain')
    },

    /** A child org, as the parent sees it: it has an id, a token and an address of its own. */
    createChildOrg(call) {
      const { name, subdomain, edition = 'SKU', website = '', admin } = objectBody(call as { body: unknown }) as Json
      for (const [field, value] of Object.entries({ name, subdomain, admin }))
        if (!value) invalid(field, [blank(field)])
      return created({
        id: newId(call, PREFIX.org),
        subdomain,
        name,
        website,
        edition,
        admin: { profile: (admin as Json | undefined)?.profile },
        status: 'ACTIVE',
        created: isoTime(call.now),
        lastUpdated: isoTime(call.now),
        licensing: { apps: [] },
        settings: {
          app: { errorRedirectUrl: null, interstitialUrl: null },
          userAccount: { attributes: { secondaryEmail: null, secondaryImage: null } },
        },
        token: `00${call.random.text(40, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}`,
        tokenType: 'SSWS',
      })
    },

    listWebAuthnPreregistrationFactors(call) {
      const user = userOf(call, call.params.userId)
      return ok(call.tables.preregistrations.where('parent', user.id).map((row) => preregistrationView(call, row)))
    },
    deleteWebAuthnPreregistrationFactor(call) {
      call.tables.preregistrations.remove(preregistrationOf(call).id)
      return noContent()
    },
    assignFulfillmentErrorWebAuthnPreregistrationFactor(call) {
      const row = preregistrationOf(call)
      call.tables.preregistrations.patch(row.id, { status: 'FULFILLMENT_ERRORED', lastUpdated: call.now })
      return noContent()
    },
    enrollPreregistrationEnrollment(call) {
      const { userId = '', enrollmentRpIds = [] } = objectBody(call as { body: unknown }) as {
        userId?: string
        enrollmentRpIds?: unknown[]
      }
      const user = userOf(call, userId)
      const row = call.tables.preregistrations.insert({
        id: newId(call, 'fwf'),
        parent: user.id,
        status: 'PENDING_ACTIVATION',
        created: call.now,
        lastUpdated: call.now,
        data: { fulfillmentProvider: 'yubico' },
      })
      return ok({
        credRequests: enrollmentRpIds.map(() => ({
          authenticatorEnrollmentId: row.id,
          credRequestJwe: oneTimeToken(call),
          keyId: oneTimeToken(call),
        })),
        fulfillmentProvider: 'yubico',
        pinRequestJwe: oneTimeToken(call),
        userId: user.id,
      })
    },
    activatePreregistrationEnrollment(call) {
      const {
        userId = '',
        fulfillmentProvider,
        serial,
        credResponses = [],
      } = objectBody(call as { body: unknown }) as {
        userId?: string
        fulfillmentProvider?: string
        serial?: string
        credResponses?: { authenticatorEnrollmentId?: string }[]
      }
      const user = userOf(call, userId)
      const wanted = new Set(credResponses.map((one) => one.authenticatorEnrollmentId))
      const row = call.tables.preregistrations
        .where('parent', user.id)
        .find(({ id, status }) => status === 'PENDING_ACTIVATION' && wanted.has(id))
      if (!row) return notFound([...wanted][0] ?? user.id, 'AuthenticatorEnrollment')
      const data = {
        ...row.data,
        fulfillmentProvider,
        profile: { credentialId: oneTimeToken(call), authenticatorName: serial ?? 'YubiKey' },
      }
      call.tables.preregistrations.patch(row.id, { status: 'ACTIVE', data, lastUpdated: call.now })
      return ok({ authenticatorEnrollmentIds: [row.id], fulfillmentProvider, userId: user.id })
    },
    generateFulfillmentRequest(call) {
      userOf(call, (objectBody(call as { body: unknown }) as { userId?: string }).userId ?? '')
      return noContent()
    },
    sendPin(call) {
      const { userId = '', authenticatorEnrollmentId: id = '' } = objectBody(call as { body: unknown }) as {
        userId?: string
        authenticatorEnrollmentId?: string
      }
      const user = userOf(call, userId)
      if (call.tables.preregistrations.get(id)?.parent !== user.id) notFound(id, 'AuthenticatorEnrollment')
      return noContent()
    },
  }),
}
