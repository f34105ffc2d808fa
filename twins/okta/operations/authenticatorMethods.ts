import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { blank, fail, invalid, notFound, requireFields } from '../errors.ts'
import { record, target } from '../events.ts'
import { hinted } from '../links.ts'
import { whole } from '../paging.ts'
import { found, objectBody } from '../resource.ts'
import { METHODS } from '../rules/authenticators.ts'
import type { Document, Json } from '../tables/document.ts'
import { authenticatorFamily } from './authenticators.ts'
import { type OktaCall, operations } from './define.ts'

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
  const id = `${found(authenticatorFamily, call).id}/${methodType}`
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
  const row = found(authenticatorFamily, call)
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

/** The methods of authenticators, and the models of security keys a method tells apart. */
export const authenticatorMethods = operations({
  listAuthenticatorMethods(call) {
    const row = found(authenticatorFamily, call)
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
    // The path says which method is meant: terraform-provider-okta sends settings alone, but never nothing.
    if (!body.settings) requireFields(body, ['type'])
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
    const row = found(authenticatorFamily, call)
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
})
