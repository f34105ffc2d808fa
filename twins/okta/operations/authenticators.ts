import { ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, requireFields } from '../errors.ts'
import { newId, PREFIX } from '../ids.ts'
import { hinted } from '../links.ts'
import { type Resource, resource } from '../resource.ts'
import { KINDS, MANY, METHODS, TAKEN_UP } from '../rules/authenticators.ts'
import { completeSettings } from '../rules/policySettings.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { type OktaCall, operations } from './define.ts'

const pathOf = (row: Document) => `/api/v1/authenticators/${row.id}`

function authenticatorView(call: OktaCall, row: Document) {
  const { type, key, name, settings, provider } = row.data
  const path = pathOf(row)
  const next = row.status === 'ACTIVE' ? 'deactivate' : 'activate'
  return {
    type,
    id: row.id,
    key,
    status: row.status,
    name,
    created: isoTime(row.created),
    lastUpdated: isoTime(row.lastUpdated),
    ...(settings ? { settings } : {}),
    ...(provider ? { provider } : {}),
    _links: {
      self: hinted(call, path, 'GET', 'PUT'),
      // The password is always there.
      ...(key !== 'okta_password' && { [next]: hinted(call, `${path}/lifecycle/${next}`, 'POST') }),
      methods: hinted(call, `${path}/methods`, 'GET'),
      ...((key === 'okta_verify' || key === 'custom_app') && { enroll: hinted(call, '/idp/authenticators', 'POST') }),
    },
  }
}

/** Enrollment policies that ask for an authenticator, by name. */
function enrollingPolicies(call: OktaCall, row: Document): string[] {
  return call.tables.policies
    .where('type', ['org', 'MFA_ENROLL'])
    .filter((policy) =>
      ((policy.settings?.authenticators ?? []) as { key: string; id?: string; enroll: { self: string } }[]).some(
        (one) =>
          one.key === row.data.key && (one.id === undefined || one.id === row.id) && one.enroll.self !== 'NOT_ALLOWED',
      ),
    )
    .map((policy) => policy.name)
}

/** Refuses to switch off what is off or always on, what policies enroll, and what clients sign people in with. */
function mayDeactivate(call: OktaCall, row: Document): void {
  if (row.status !== 'ACTIVE' || row.data.key === 'okta_password') {
    invalid('api.authenticator.error.unsupported.active.deactivate')
  }
  if (call.tables.apps.all().some(({ settings }) => backchannel(settings) === row.id)) {
    invalid('Authenticator', [
      'Cannot delete this authenticator because it is being configured for CIBA by one or more OIDC applications.',
    ])
  }
  const policies = enrollingPolicies(call, row)
  if (policies.length > 0) {
    const advice = row.data.key === 'okta_verify' ? `${DISABLE} ${FASTPASS}` : DISABLE
    fail('E0000148', advice, [`Authenticator Enrollment Policies: ${policies.join(', ')}`])
  }
}

const backchannel = (settings: Json) => (settings.oauthClient as Json | undefined)?.backchannel_custom_authenticator_id

const DISABLE = 'To continue, disable the authenticator in these policies.'
const FASTPASS =
  'Additionally, if disabling Okta Verify when Fastpass is active, the "Device state" must not be set to "registered" in app assurance policies.'

/** The default enrollment policy lets everybody enroll a fresh authenticator of some kinds. */
function takeUp(call: OktaCall, row: Document): void {
  const key = String(row.data.key)
  const policy = call.tables.policies.where('type', ['org', 'MFA_ENROLL']).find(({ system }) => system)
  if (!policy || !TAKEN_UP.includes(key)) return
  const settings = completeSettings(call.tables, policy.type, policy.settings) as { authenticators: Json[] }
  const authenticators = settings.authenticators.map((one) =>
    one.id === row.id ? { ...one, enroll: { self: 'OPTIONAL' } } : one,
  )
  call.tables.policies.patch(policy.id, { settings: { ...settings, authenticators } })
}

/** The identity provider that authenticates in the place of this org. */
const idpOf = (provider: unknown): string | undefined =>
  (provider as { configuration?: { idpId?: string } } | undefined)?.configuration?.idpId

const compareNames = (a: string, b: string) => a.toLowerCase().localeCompare(b.toLowerCase(), 'en')

/** Authenticators: what people prove themselves with. */
export const authenticatorFamily: Resource = {
  table: (tables) => tables.authenticators,
  prefix: PREFIX.authenticator,
  kind: 'Authenticator',
  param: 'authenticatorId',
  operations: {
    list: 'listAuthenticators',
    create: 'createAuthenticator',
    get: 'getAuthenticator',
    replace: 'replaceAuthenticator',
    activate: 'activateAuthenticator',
    deactivate: 'deactivateAuthenticator',
  },
  list: (_call, rows) => rows.sort((a, b) => compareNames(String(a.data.name), String(b.data.name))),
  status: (_body, before) => before?.status ?? 'INACTIVE',
  lifecycle: 'object',
  data(body, call, before) {
    // What is left out stays, but something has to be said: the name, or what changes.
    if (before && Object.keys(body).length === 0) requireFields(body, ['name'])
    const key = String(before?.data.key ?? body.key)
    const kind = KINDS[key]
    const twin = call.tables.authenticators.all().some((row) => row.data.key === key)
    if (!kind || (!before && twin && !MANY.includes(key))) {
      return invalid('com.okta.services.factors.iface.dto.AuthenticatorCatalog', ['The field has an invalid value'])
    }
    if (before && key === 'phone_number' && !hasTelephony(call)) fail('E0000226')
    const settings = (body.settings ?? before?.data.settings ?? kind.settings) as Json | undefined
    const provider = (body.provider ?? before?.data.provider) as Provider | undefined
    const idpId = idpOf(provider)
    if (
      idpId &&
      call.tables.authenticators.all().some((row) => row.id !== before?.id && idpOf(row.data.provider) === idpId)
    )
      fail('E0000230', idpId)
    const oauthClientId =
      key === 'custom_app' && settings?.appInstanceId ? { oauthClientId: settings.appInstanceId } : {}
    return {
      type: kind.type,
      key,
      // terraform-provider-okta leaves the name to the service.
      name: body.name || (before?.data.name ?? kind.name),
      ...(settings && { settings: { ...settings, ...oauthClientId } }),
      ...(provider && { provider: kind.hosted ? hosted(call, provider, before) : withoutSecret(provider) }),
    }
  },
  guard(verb, row, call) {
    if (verb === 'activate' && row.data.key === 'phone_number' && !hasTelephony(call)) fail('E0000226')
    if (verb === 'deactivate') mayDeactivate(call, row)
  },
  view: (row, call) => authenticatorView(call, row),
  after(verb, row, call) {
    if (verb === 'activate') takeUp(call, row)
    if (verb !== 'create') return
    const active = (call.query as { activate?: boolean }).activate !== false
    if (active) takeUp(call, call.tables.authenticators.patch(row.id, { status: 'ACTIVE' }))
    for (const method of METHODS[String(row.data.key)] ?? []) {
      call.tables.authenticatorMethods.insert({
        id: `${row.id}/${method.type}`,
        parent: row.id,
        status: method.status ?? (active ? 'ACTIVE' : 'INACTIVE'),
        created: call.now,
        lastUpdated: call.now,
        data: { ...method },
      })
    }
  },
  events: {
    create: 'security.authenticator.lifecycle.create',
    replace: 'security.authenticator.lifecycle.update',
    activate: 'security.authenticator.lifecycle.activate',
    deactivate: 'security.authenticator.lifecycle.deactivate',
  },
}

const hasTelephony = (call: OktaCall): boolean =>
  call.tables.inlineHooks
    .all()
    .some((hook) => hook.data.type === 'com.okta.telephony.provider' && hook.status === 'ACTIVE')

type Provider = Json & { readonly configuration?: Json }

/** Secrets of a provider's configuration are written, never read. */
function withoutSecret(provider: Provider): Provider {
  const { sharedSecret: _, secretKey: __, integrationKey, ...configuration } = provider.configuration ?? {}
  return { ...provider, configuration: { ...configuration, ...(integrationKey ? { integrationKey } : {}) } }
}

/** A server of the customer's, which keeps the app instance that was made for it. */
function hosted(call: OktaCall, provider: Provider, before: Document | undefined): Provider {
  const { hostName, authPort, userNameTemplate, ...rest } = withoutSecret(provider).configuration ?? {}
  const known = (before?.data.provider as Provider | undefined)?.configuration?.instanceId
  const instanceId = known ?? newId(call, PREFIX.app)
  return { ...provider, configuration: { ...rest, hostName, authPort, instanceId, userNameTemplate } }
}

export const authenticators = {
  ...resource(authenticatorFamily),
  ...operations({
    /** What Okta Verify asks before it enrolls. */
    getWellKnownAppAuthenticatorConfiguration(call) {
      const { oauthClientId } = call.query
      const rows = call.tables.authenticators
        .all()
        .filter(
          (row) =>
            row.data.key === 'custom_app' && (row.data.settings as Json | undefined)?.oauthClientId === oauthClientId,
        )
      const [org] = call.tables.org.all()
      return ok(
        rows.map((row) => ({
          authenticatorId: row.id,
          createdDate: isoTime(row.created),
          key: row.data.key,
          lastUpdated: isoTime(row.lastUpdated),
          name: row.data.name,
          orgId: org?.id,
          settings: { userVerification: 'PREFERRED' },
          supportedMethods: call.tables.authenticatorMethods
            .where('parent', row.id)
            .map((method) => ({ type: method.data.type, status: method.status, settings: method.data.settings })),
          type: row.data.type,
          appAuthenticatorEnrollEndpoint: call.link('/idp/myaccount/app-authenticators'),
        })),
      )
    },
  }),
}
