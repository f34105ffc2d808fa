import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { HEX } from '../../../shared/universe/random.ts'
import { blank, fail, invalid, requireFields } from '../errors.ts'
import { record, target } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import type { Allow } from '../links.ts'
import { found, objectBody, type Resource, resource } from '../resource.ts'
import { THEME } from '../rules/branding.ts'
import type { Document, Json } from '../tables/document.ts'
import { domainView, emailDomainView } from '../views/branding.ts'
import { type OktaCall, operations } from './define.ts'

/** What the link of a domain to itself says to whoever reads or writes it: seen in traffic. */
const ALLOWED: Readonly<Record<string, readonly Allow[]>> = {
  GET: ['DELETE'],
  POST: ['GET', 'DELETE', 'PUT'],
  PUT: ['GET', 'DELETE', 'PUT'],
}

/** Nobody gives a certificate for these names, so Okta cannot manage one. Seen in traffic. */
const RESERVED = /(^|\.)(example\.(com|net|org)|example|test|invalid)$/i

/** Names nobody may bring: Okta's own. */
const PROHIBITED = /(^|\.)(okta|oktapreview|okta-emea|localhost)(\.|$)/i

/** Okta's own address of the org, which is always there and cannot be changed. */
function defaultDomain(call: OktaCall): Document {
  const [org] = call.tables.org.all()
  const brand = call.tables.brands.all().find((row) => row.data.isDefault)
  return {
    id: 'default',
    created: org?.created ?? call.now,
    lastUpdated: org?.created ?? call.now,
    data: {
      domain: `${org?.subdomain}.okta.com`,
      certificateSourceType: 'OKTA_MANAGED',
      validationStatus: 'COMPLETED',
      brandId: brand?.id,
    },
  }
}

/** What is to be set before a domain is verified. Whoever has Okta get the certificate allows its issuer, too (okta-sdk-dotnet). */
function dnsRecords(call: OktaCall, domain: string, certificateSourceType: string): Json[] {
  const [org] = call.tables.org.all()
  const cname = { recordType: 'CNAME', fqdn: domain, values: [`${org?.subdomain}.customdomains.okta.com`] }
  const proof = [call.random.text(32, HEX)]
  if (certificateSourceType === 'MANUAL') {
    return [{ recordType: 'TXT', fqdn: `_oktaverification.${domain}`, values: proof }, cname]
  }
  return [
    { recordType: 'TXT', fqdn: `_acme-challenge.${domain}`, values: proof },
    { recordType: 'CAA', fqdn: domain, values: ['0 issue "letsencrypt.org"'] },
    cname,
  ]
}

/** A new domain gets a brand of its own. */
function brandFor(call: OktaCall, name: string): string {
  const id = newId(call, PREFIX.brand)
  const times = { created: call.now, lastUpdated: call.now }
  call.tables.brands.insert({
    id,
    ...times,
    data: {
      name,
      removePoweredByOkta: false,
      customPrivacyPolicyUrl: null,
      agreeToCustomPrivacyPolicy: false,
      isDefault: false,
    },
  })
  call.tables.themes.insert({ id: newId(call, PREFIX.theme), parent: id, ...times, data: THEME })
  return id
}

const family: Resource = {
  table: (tables) => tables.domains,
  prefix: PREFIX.domain,
  kind: 'Domain',
  param: 'domainId',
  operations: {
    list: 'listCustomDomains',
    create: 'createCustomDomain',
    get: 'getCustomDomain',
    replace: 'replaceCustomDomain',
    remove: 'deleteCustomDomain',
  },
  find: (call, id) => (id === 'default' ? defaultDomain(call) : (call.tables.domains.get(id) ?? fail('E0000163'))),
  list: (call, rows) => [...rows, defaultDomain(call)],
  // Lists leave the records out.
  listed: ({ data: { dnsRecords: _, ...data }, ...row }, call) => domainView(call, { ...row, data }),
  wrap: (domains) => ({ domains }),
  createdStatus: 201,
  data(body, call, before) {
    if (before) {
      requireFields(body, ['brandId'])
      const brand = call.tables.brands.get(body.brandId as string)
      if (!brand || brand.data.isDefault) fail('E0000203')
      return { ...before.data, brandId: body.brandId }
    }
    requireFields(body, ['domain'])
    const domain = String(body.domain).toLowerCase()
    if (body.certificateSourceType === 'OKTA_MANAGED' && RESERVED.test(domain)) {
      invalid('domain', ['domain: Prohibited custom domain name.'])
    }
    if (PROHIBITED.test(domain) || !domain.includes('.')) invalid('domain', ['domain: Prohibited custom domain name.'])
    if (call.tables.domains.all().some((row) => row.data.domain === domain)) fail('E0000161')
    const certificateSourceType = String(body.certificateSourceType ?? 'MANUAL')
    return {
      domain,
      certificateSourceType,
      validationStatus: 'NOT_STARTED',
      brandId: brandFor(call, domain),
      dnsRecords: dnsRecords(call, domain, certificateSourceType),
    }
  },
  guard(verb, row) {
    if (row.id === 'default' && verb !== 'get') invalid('id', ['This operation is not supported for this domain'])
  },
  view: (row, call) => domainView(call, row, ALLOWED[call.request.method]),
  events: { create: 'system.custom_url_domain.initiate', remove: 'system.custom_url_domain.delete', target: 'Domain' },
}

/** Records nobody can have set are not found. */
const DNS = { resolves: (_domain: string) => false }

const emailFamily: Resource = {
  table: (tables) => tables.emailDomains,
  prefix: PREFIX.emailDomain,
  kind: 'EmailDomain',
  param: 'emailDomainId',
  operations: {
    list: 'listEmailDomains',
    create: 'createEmailDomain',
    get: 'getEmailDomain',
    replace: 'replaceEmailDomain',
  },
  createdStatus: 201,
  required: ['displayName', 'userName'],
  data(body, call, before) {
    if (before) return { ...before.data, displayName: body.displayName, userName: body.userName }
    requireFields(body, ['domain', 'brandId'])
    const domain = String(body.domain)
    if (!call.tables.brands.has(String(body.brandId))) fail('E0000203')
    const live = call.tables.emailDomains.all().filter((row) => row.data.validationStatus !== 'DELETED')
    if (live.some((row) => row.data.domain === domain)) fail('E0000197')
    const sub = (body.validationSubdomain as string | undefined) ?? 'mail'
    const host = `u${call.random.text(8, '0123456789')}.wl${call.random.text(3, '0123456789')}.sendgrid.net`
    const name = domain.toLowerCase()
    return {
      brandId: body.brandId,
      validationStatus: 'NOT_STARTED',
      displayName: body.displayName,
      userName: body.userName,
      domain,
      validationSubdomain: sub,
      dnsValidationRecords: [
        { recordType: 'TXT', fqdn: `_oktaverification.${domain}`, verificationValue: call.random.text(32, HEX) },
        { recordType: 'cname', fqdn: `${sub}.${name}`, verificationValue: host },
        { recordType: 'cname', fqdn: `okt._domainkey.${name}`, verificationValue: `okt.domainkey.${host}` },
        { recordType: 'cname', fqdn: `okt2._domainkey.${name}`, verificationValue: `okt2.domainkey.${host}` },
      ],
    }
  },
  view: (row, call) => emailDomainView(call, row),
  events: { create: 'system.email_domain.create' },
}

const serverView = (row: Document) => {
  const { alias, host, port, username, enabled, authType } = row.data
  return { alias, host, port, id: row.id, username, enabled, ...(authType ? { authType } : {}) }
}

const serverFamily: Resource = {
  table: (tables) => tables.emailServers,
  prefix: 'ces',
  kind: 'EmailServer',
  param: 'emailServerId',
  operations: {
    list: 'listEmailServers',
    create: 'createEmailServer',
    get: 'getEmailServer',
    update: 'updateEmailServer',
    remove: 'deleteEmailServer',
  },
  createdStatus: 201,
  required: ['alias', 'host', 'port', 'username'],
  wrap: (servers) => ({ 'email-servers': servers }),
  data({ password: _, ...body }, call, before) {
    const enabled = body.enabled === true
    const other = call.tables.emailServers.all().some((row) => row.id !== before?.id && row.data.enabled)
    if (enabled && other) fail('E0000222')
    return { ...body, enabled }
  },
  view: serverView,
  events: {
    create: 'system.custom_smtp.create',
    update: 'system.custom_smtp.update',
    remove: 'system.custom_smtp.delete',
  },
}

/** What the text of every template must hold: where the code goes. */
const CODE = `\${code}`

const smsFamily: Resource = {
  table: (tables) => tables.smsTemplates,
  prefix: PREFIX.smsTemplate,
  // Okta's 404 calls them app instances: seen in traffic.
  kind: 'AppInstance',
  param: 'templateId',
  operations: {
    list: 'listSmsTemplates',
    create: 'createSmsTemplate',
    get: 'getSmsTemplate',
    replace: 'replaceSmsTemplate',
    update: 'updateSmsTemplate',
  },
  list(call, rows) {
    const { templateType } = call.query as { templateType?: string }
    return templateType === undefined ? rows : rows.filter((row) => row.data.type === templateType)
  },
  required: ['name', 'template'],
  data(body, call, before) {
    if (!String(body.template).includes(CODE))
      invalid('template', [`template: The template must contain the ${CODE} variable`])
    const { name, type = 'SMS_VERIFY_CODE', template, translations } = body
    // A partial update adds languages and leaves the others: okta-sdk-python expects so.
    const kept = call.operation.operationId === 'updateSmsTemplate' ? before?.data.translations : undefined
    const all = kept || translations ? { ...(kept as Json), ...(translations as Json) } : undefined
    return { name, type, template, ...(all && { translations: all }) }
  },
  view({ id, created, lastUpdated, data }) {
    const { name, type, template, translations } = data
    const times = {
      created: `${new Date(created).toISOString().slice(0, 19)}.000Z`,
      lastUpdated: `${new Date(lastUpdated).toISOString().slice(0, 19)}.000Z`,
    }
    return { id, name, type, template, ...times, ...(translations ? { translations } : {}) }
  },
}

const UNREADABLE = 'Invalid email address. The provided email address failed validation against RFC 3696.'
const NOBODYS = 'This email address does not belong to any user in your organization.'

/** Custom domains, sender domains, mail servers and text messages. */
export const domains = {
  ...resource(family),
  ...resource(emailFamily),
  ...resource(serverFamily),
  ...resource(smsFamily),
  ...operations({
    verifyDomain(call) {
      const domain = found(family, call)
      if (domain.id === 'default') invalid('id', ['This operation is not supported for this domain'])
      const validationStatus = DNS.resolves(String(domain.data.domain)) ? 'VERIFIED' : 'FAILED_TO_VERIFY'
      const row = call.tables.domains.patch(domain.id, {
        data: { ...domain.data, validationStatus },
        lastUpdated: call.now,
      })
      return ok(domainView(call, row))
    },

    upsertCertificate(call) {
      const domain = found(family, call)
      if (domain.data.validationStatus !== 'VERIFIED' && domain.data.validationStatus !== 'COMPLETED') fail('E0000165')
      return noContent()
    },

    verifyEmailDomain(call) {
      const domain = found(emailFamily, call)
      const validationStatus = DNS.resolves(String(domain.data.domain)) ? 'VERIFIED' : 'ERROR'
      const row = call.tables.emailDomains.patch(domain.id, {
        data: { ...domain.data, validationStatus },
        lastUpdated: call.now,
      })
      return ok(emailDomainView(call, row))
    },

    testEmailServer(call) {
      found(serverFamily, call)
      requireFields(objectBody(call as { body: unknown }), ['fromAddress', 'toAddress'])
      return noContent()
    },

    /** Deleting what is gone succeeds. */
    deleteSmsTemplate(call) {
      call.tables.smsTemplates.remove(call.params.templateId)
      return noContent()
    },

    /** A deleted sender domain stays in the list, marked. */
    deleteEmailDomain(call) {
      const row = found(emailFamily, call)
      call.tables.emailDomains.patch(row.id, {
        data: { ...row.data, validationStatus: 'DELETED' },
        lastUpdated: call.now,
      })
      record(call, 'system.email_domain.delete', [target('EmailDomain', row.id, String(row.data.domain))])
      return noContent()
    },

    /** Addresses that are none, or nobody's here, are named; the others are tried again. */
    bulkRemoveEmailAddressBounces(call) {
      const { emailAddresses } = objectBody(call as { body: unknown }) as { emailAddresses?: string[] | null }
      if (!emailAddresses?.length) return invalid('emailAddresses', [blank('emailAddresses')])
      const known = new Set(call.tables.users.all().map(({ profile }) => String(profile.email).toLowerCase()))
      const reasonOf = (address: string) => {
        if (!address.includes('@')) return UNREADABLE
        return known.has(address.toLowerCase()) ? undefined : NOBODYS
      }
      const errors = emailAddresses.flatMap((emailAddress) => {
        const reason = reasonOf(emailAddress)
        return reason ? [{ emailAddress, reason }] : []
      })
      return ok({ errors })
    },
  }),
}
