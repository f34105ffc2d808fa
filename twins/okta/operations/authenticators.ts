import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { blank, fail, invalid, notFound } from '../errors.ts'
import { record, target } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import { hinted } from '../links.ts'
import { whole } from '../paging.ts'
import { found, objectBody, type Resource, resource } from '../resource.ts'
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

const family: Resource = {
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

const methodView = (call: OktaCall, row: Document) => {
  const { type, settings } = row.data
  const path = `/api/v1/authenticators/${row.parent}/methods/${type}`
  const others = call.tables.authenticatorMethods
    .where('parent', row.parent as string)
    .filter(({ id }) => id !== row.id)
  // An authenticator keeps one method on: the last active one cannot be switched off (recorded).
  const next = row.status === 'ACTIVE' ? 'deactivate' : 'activate'
  const free = next === 'activate' ? others.length > 0 : others.some(({ status }) => status === 'ACTIVE')
  return {
    type,
    status: row.status,
    ...(settings ? { settings } : {}),
    _links: {
      self: hinted(call, path, 'GET', 'PUT'),
      ...(free && { [next]: hinted(call, `${path}/lifecycle/${next}`, 'POST') }),
    },
  }
}

function methodOf(call: OktaCall): Document {
  const { methodType } = call.params as { methodType: string }
  const id = `${found(family, call).id}/${methodType}`
  return call.tables.authenticatorMethods.get(id) ?? notFound(methodType, 'AuthenticatorMethod')
}

/** The settings of a method as given, completed by the ones it comes with. */
function withDefaults(call: OktaCall, method: Document, given: Json | undefined): { settings?: Json } {
  const key = String(call.tables.authenticators.get(method.parent as string)?.data.key)
  const own = METHODS[key]?.find(({ type }) => type === method.data.type)?.settings
  return own || given ? { settings: { ...own, ...given } } : {}
}

function moveMethod(call: OktaCall, status: string) {
  const method = call.tables.authenticatorMethods.patch(methodOf(call).id, { status, lastUpdated: call.now })
  const event = `security.authenticator.method.lifecycle.${status === 'ACTIVE' ? 'activate' : 'deactivate'}`
  record(call, event, [target('AuthenticatorMethod', method.id, String(method.data.type))])
  return ok(methodView(call, method))
}

/** Custom AAGUIDs exist for security keys alone; elsewhere the feature is missing. */
function securityKeys(call: OktaCall): Document {
  const row = found(family, call)
  return row.data.key === 'webauthn' ? row : fail('E0000015')
}

const aaguidView = (call: OktaCall, row: Document) => ({
  aaguid: row.data.aaguid,
  name: row.data.name,
  authenticatorCharacteristics: row.data.authenticatorCharacteristics ?? {},
  ...(row.data.attestationRootCertificates
    ? { attestationRootCertificates: row.data.attestationRootCertificates }
    : {}),
  _links: {
    self: hinted(call, `/api/v1/authenticators/${row.parent}/aaguids/${row.data.aaguid}`, 'GET', 'PUT', 'DELETE'),
  },
})

function aaguidOf(call: OktaCall): Document {
  const { aaguid } = call.params as { aaguid: string }
  const parent = securityKeys(call).id
  return call.tables.aaguids.get(`${parent}/${aaguid}`) ?? notFound(aaguid, 'AAGUID')
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function checkAaguid(body: Json): void {
  if (!UUID.test(String(body.aaguid ?? ''))) invalid('aaguid', ['aaguid: The field has an invalid value'])
  if (!body.name) invalid('name', [blank('name')])
}

export const authenticators = {
  ...resource(family),
  ...operations({
    listAuthenticatorMethods(call) {
      const row = found(family, call)
      const types = METHODS[String(row.data.key)]?.map(({ type }) => type) ?? []
      const place = ({ data }: Document) => types.indexOf(String(data.type))
      const methods = call.tables.authenticatorMethods.where('parent', row.id)
      return whole(
        methods.sort((a, b) => place(a) - place(b)),
        (method) => methodView(call, method),
      )
    },
    getAuthenticatorMethod: (call) => ok(methodView(call, methodOf(call))),
    replaceAuthenticatorMethod(call) {
      const method = methodOf(call)
      const body = objectBody(call as { body: unknown })
      const { type } = method.data
      // The path says which method is meant: terraform-provider-okta sends settings alone.
      if (body.type && body.type !== type) invalid('type', ['type: The field has an invalid value'])
      const data = { type, ...withDefaults(call, method, body.settings as Json | undefined) }
      const status = (body.status as string | undefined) ?? method.status
      return ok(
        methodView(
          call,
          call.tables.authenticatorMethods.patch(method.id, { data, lastUpdated: call.now, ...(status && { status }) }),
        ),
      )
    },
    activateAuthenticatorMethod: (call) => moveMethod(call, 'ACTIVE'),
    deactivateAuthenticatorMethod: (call) => moveMethod(call, 'INACTIVE'),

    /** The relying party's domain has to be set before it can prove itself. */
    verifyRpIdDomain(call) {
      const row = found(family, call)
      const { webAuthnMethodType } = call.params
      const method = call.tables.authenticatorMethods.get(`${row.id}/${webAuthnMethodType}`)
      if (!method) return notFound(webAuthnMethodType, 'AuthenticatorMethod')
      const rpId = (method.data.settings as { rpId?: { domain?: { name?: string } } } | undefined)?.rpId
      if (!rpId?.domain?.name) invalid('rpId', ['rpId: The RP ID domain is not configured'])
      return noContent()
    },

    listAllCustomAAGUIDs(call) {
      const row = securityKeys(call)
      return whole(call.tables.aaguids.where('parent', row.id), (aaguid) => aaguidView(call, aaguid))
    },
    createCustomAAGUID(call) {
      const parent = securityKeys(call).id
      const body = objectBody(call as { body: unknown })
      checkAaguid(body)
      const row = call.tables.aaguids.insert({
        id: `${parent}/${body.aaguid}`,
        parent,
        created: call.now,
        lastUpdated: call.now,
        data: { name: null, ...body },
      })
      return ok(aaguidView(call, row))
    },
    getCustomAAGUID: (call) => ok(aaguidView(call, aaguidOf(call))),
    replaceCustomAAGUID(call) {
      const row = aaguidOf(call)
      const data = { ...objectBody(call as { body: unknown }), aaguid: row.data.aaguid }
      return ok(aaguidView(call, call.tables.aaguids.patch(row.id, { data, lastUpdated: call.now })))
    },
    updateCustomAAGUID(call) {
      const row = aaguidOf(call)
      const data = { ...row.data, ...objectBody(call as { body: unknown }), aaguid: row.data.aaguid }
      return ok(aaguidView(call, call.tables.aaguids.patch(row.id, { data, lastUpdated: call.now })))
    },
    deleteCustomAAGUID(call) {
      call.tables.aaguids.remove(aaguidOf(call).id)
      return noContent()
    },

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
