import { content, noContent, ok } from '../../../shared/kernel/reply.ts'
import { BASE36 } from '../../../shared/universe/random.ts'
import { invalid, notFound } from '../errors.ts'
import { PREFIX } from '../ids.ts'
import { page, whole } from '../paging.ts'
import { found, type Resource, resource } from '../resource.ts'
import { checkIdp, idpPolicy, protocolOf } from '../rules/idp.ts'
import { addMappings, removeMappings } from '../rules/mappings.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { idpMetadata, idpView } from '../views/idps.ts'
import { type OktaCall, operations } from './define.ts'
import { orgSigningKid } from './idpSigningKeys.ts'

/** The pseudo-app a provider is in profile mappings: `google_idp`, `saml_idp`. */
const instanceName = (type: string): string => `${type === 'SAML2' ? 'saml' : type.toLowerCase()}_idp`

export const idpFamily: Resource = {
  table: (tables) => tables.idps,
  prefix: PREFIX.app,
  kind: 'IdpTrust',
  param: 'idpId',
  operations: {
    list: 'listIdentityProviders',
    create: 'createIdentityProvider',
    get: 'getIdentityProvider',
    remove: 'deleteIdentityProvider',
    activate: 'activateIdentityProvider',
    deactivate: 'deactivateIdentityProvider',
    replace: 'replaceIdentityProvider',
  },
  page: { limit: 20, max: 200 },
  list(call, rows) {
    const { q, type } = call.query as { q?: string; type?: string }
    return rows.filter(
      (row) =>
        (type === undefined || row.data.type === type) &&
        (q === undefined || String(row.data.name).toLowerCase().includes(q.toLowerCase())),
    )
  },
  status: (body, before) => before?.status ?? (body.status as string | undefined) ?? 'ACTIVE',
  data(body, call, before) {
    checkIdp(body)
    const type = (before?.data.type ?? body.type) as string
    const kept = (before?.data.protocol as { credentials?: Record<string, Record<string, string>> } | undefined)
      ?.credentials
    const made = {
      audience:
        kept?.trust?.audience ??
        `https://www.okta.com/saml2/service-provider/sp${call.random.text(18, BASE36.slice(10))}`,
      kid: kept?.signing?.kid ?? orgSigningKid(call),
    }
    const trust = ((body.protocol as Json | undefined)?.credentials as { trust?: { kid?: string } } | undefined)?.trust
    if (type === 'SAML2' && trust?.kid && !call.tables.idpKeys.all().some((key) => key.data.kid === trust.kid)) {
      invalid('kid', [`kid: Invalid kid: ${trust.kid}`])
    }
    return {
      type,
      name: body.name,
      issuerMode: body.issuerMode ?? 'DYNAMIC',
      protocol: protocolOf(type, (body.protocol ?? {}) as Json, made),
      policy: idpPolicy(type, (body.policy ?? {}) as Json),
      ...(body.properties ? { properties: body.properties } : {}),
    }
  },
  lifecycle: 'object',
  view: (row, call) => idpView(call, row),
  after(verb, row, call) {
    if (verb === 'create') addMappings(call, { id: row.id, name: instanceName(String(row.data.type)) }, true)
    if (verb !== 'remove') return
    removeMappings(call, row.id)
    for (const link of call.tables.idpUsers.where('parent', row.id)) call.tables.idpUsers.remove(link.id)
  },
  events: {
    create: 'system.idp.lifecycle.create',
    replace: 'system.idp.lifecycle.update',
    remove: 'system.idp.lifecycle.delete',
    activate: 'system.idp.lifecycle.activate',
    deactivate: 'system.idp.lifecycle.deactivate',
    target: 'IdentityProvider',
  },
}

const family = resource(idpFamily)

/** A user as a provider knows them. */
const idpUserView = (call: OktaCall, link: Document) => {
  const path = `/api/v1/idps/${link.parent}/users/${link.data.userId}`
  return {
    id: link.data.userId,
    externalId: link.data.externalId,
    created: isoTime(link.created),
    lastUpdated: isoTime(link.lastUpdated),
    profile: link.data.profile,
    _links: {
      idp: { href: call.link(`/api/v1/idps/${link.parent}`) },
      self: { href: call.link(path), hints: { allow: ['GET', 'DELETE'] } },
      user: { href: call.link(`/api/v1/users/${link.data.userId}`), hints: { allow: ['GET'] } },
    },
  }
}

const linkOf = (call: OktaCall, idpId: string, userId: string): Document =>
  call.tables.idpUsers.get(`${idpId}/${userId}`) ?? notFound(userId, 'IdpAppUser')

export const idps = {
  ...family,
  ...operations({
    /** The answer to a replacement forgets when the provider was made: seen in traffic. */
    replaceIdentityProvider(call) {
      const { replaceIdentityProvider } = family as Required<typeof family>
      const { body, ...reply } = replaceIdentityProvider(call)
      return { ...reply, body: { ...(body as object), created: null } }
    },

    listIdentityProviderApplicationUsers(call) {
      const idp = found(idpFamily, call)
      return page(call, call.tables.idpUsers.where('parent', idp.id), { limit: 20, max: 200 }, (link) =>
        idpUserView(call, link),
      )
    },

    getIdentityProviderApplicationUser(call) {
      return ok(idpUserView(call, linkOf(call, found(idpFamily, call).id, call.params.userId)))
    },

    linkUserToIdentityProvider(call) {
      const idp = found(idpFamily, call)
      const user = call.tables.users.get(call.params.userId) ?? notFound(call.params.userId, 'User')
      const { externalId } = call.body as { externalId?: string }
      const link = call.tables.idpUsers.put({
        id: `${idp.id}/${user.id}`,
        parent: idp.id,
        created: call.now,
        lastUpdated: call.now,
        data: {
          userId: user.id,
          externalId,
          profile: {
            firstName: user.profile.firstName,
            lastName: user.profile.lastName,
            email: user.profile.email,
            displayName: null,
            subjectNameId: externalId,
          },
        },
      })
      return ok(idpUserView(call, link))
    },

    unlinkUserFromIdentityProvider(call) {
      call.tables.idpUsers.remove(linkOf(call, found(idpFamily, call).id, call.params.userId).id)
      return noContent()
    },

    /** Tokens a social provider gave: none are kept by an org that has not asked for them. */
    listSocialAuthTokens(call) {
      linkOf(call, found(idpFamily, call).id, call.params.userId)
      return ok([])
    },

    listUserIdentityProviders(call) {
      const user = call.tables.users.get(call.params.id) ?? notFound(call.params.id, 'User')
      const linked = call.tables.idpUsers.all().filter((link) => link.data.userId === user.id)
      return whole(linked, (link) => idpView(call, call.tables.idps.get(link.parent as string) as Document))
    },

    /** What the administrator of a SAML provider loads. Only XML is served. */
    getIdentityProviderMetadata(call) {
      const idp = found(idpFamily, call)
      if (idp.data.type !== 'SAML2') return notFound(idp.id, 'IdpTrust')
      const kid = (idp.data.protocol as { credentials: { signing: { kid: string } } }).credentials.signing.kid
      const key = call.tables.idpSigningKeys.all().find((row) => row.data.kid === kid)
      const [certificate = ''] = (key?.data.x5c ?? []) as string[]
      return content(idpMetadata(call, idp, certificate), 'application/xml;charset=ISO-8859-1')
    },
  }),
}
