import { type Allow, hinted, type Linker } from '../links.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'

/** What people see first when a brand names no app. */
export const NO_APP: Json = { appInstanceId: null, appLinkName: null, classicApplicationUri: null }

/**
 * @param landing the app people land in as long as nobody said anything of it
 * @param emailDomain id of the domain the brand sends mail from
 */
export function brandView(call: Linker, brand: Document, more: { landing?: string; emailDomain?: string }) {
  const path = `/api/v1/brands/${brand.id}`
  const { name, removePoweredByOkta, customPrivacyPolicyUrl, agreeToCustomPrivacyPolicy, isDefault, locale } =
    brand.data
  const { emailDomain, landing } = more
  const sender = emailDomain && hinted(call, `/api/v1/email-domains/${emailDomain}`, 'GET', 'PUT')
  return {
    id: brand.id,
    name,
    removePoweredByOkta,
    customPrivacyPolicyUrl,
    agreeToCustomPrivacyPolicy,
    isDefault,
    ...(locale ? { locale } : {}),
    ...(emailDomain && { emailDomainId: emailDomain }),
    defaultApp: brand.data.defaultApp ?? { ...NO_APP, appInstanceId: landing ?? null },
    _links: {
      themes: hinted(call, `${path}/themes`, 'GET'),
      ...(sender && { emailDomain: sender }),
      self: hinted(call, path, 'GET', 'PUT', 'DELETE'),
    },
  }
}

const LOGO = '/assets/img/logos/okta-logo.47066819ac7db5c13f4c431b2687cef6.png'

export function themeView(call: Linker, theme: Document) {
  const path = `/api/v1/brands/${theme.parent}/themes/${theme.id}`
  const { logo, favicon, backgroundImage, ...rest } = theme.data as Record<string, string | undefined>
  const image = (name: string) => hinted(call, `${path}/${name}`, 'POST', 'DELETE')
  return {
    id: theme.id,
    logo: call.link(logo ?? LOGO),
    favicon: call.link(favicon ?? '/favicon.ico'),
    backgroundImage: backgroundImage ? call.link(backgroundImage) : null,
    ...rest,
    _links: {
      favicon: image('favicon'),
      self: hinted(call, path, 'GET', 'PUT'),
      logo: image('logo'),
      'background-image': image('background-image'),
    },
  }
}

export const templatePath = (brandId: string, name: string): string =>
  `/api/v1/brands/${brandId}/templates/email/${name}`

export function templateView(call: Linker, brandId: string, name: string, embedded?: object) {
  const path = templatePath(brandId, name)
  return {
    name,
    ...(embedded && { _embedded: embedded }),
    _links: {
      settings: hinted(call, `${path}/settings`, 'GET', 'PUT'),
      self: hinted(call, path, 'GET'),
      defaultContent: hinted(call, `${path}/default-content`, 'GET'),
      customizations: hinted(call, `${path}/customizations`, 'GET', 'POST', 'DELETE'),
      test: hinted(call, `${path}/test`, 'POST'),
    },
  }
}

export function customizationView(call: Linker, brandId: string, name: string, row: Document) {
  const path = templatePath(brandId, name)
  const { subject, body, language, isDefault } = row.data
  const self = `${path}/customizations/${row.id}`
  return {
    subject,
    body,
    id: row.id,
    language,
    isDefault,
    created: isoTime(row.created),
    lastUpdated: isoTime(row.lastUpdated),
    _links: {
      preview: hinted(call, `${self}/preview`, 'GET'),
      settings: hinted(call, `${path}/settings`, 'GET', 'PUT'),
      template: hinted(call, path, 'GET'),
      self: hinted(call, self, 'GET', 'PUT', 'DELETE'),
      test: hinted(call, `${path}/test`, 'POST'),
    },
  }
}

/**
 * @param allowed what its own link says may be done, which differs from call to call. Lists and the answer to a
 * verification say another thing, and do not lead to a verification. Recorded.
 */
export function domainView(call: Linker, domain: Document, allowed?: readonly Allow[]) {
  const { domain: name, certificateSourceType, validationStatus, brandId, dnsRecords, publicCertificate } = domain.data
  const path = `/api/v1/domains/${domain.id}`
  const fixed = domain.id === 'default'
  return {
    id: domain.id,
    domain: name,
    certificateSourceType,
    validationStatus,
    brandId,
    ...(dnsRecords ? { dnsRecords } : {}),
    ...(publicCertificate ? { publicCertificate } : {}),
    _links: {
      self: fixed ? hinted(call, path, 'GET') : hinted(call, path, ...(allowed ?? (['GET', 'DELETE'] as const))),
      ...(!fixed && allowed && { verify: hinted(call, `${path}/verify`, 'POST') }),
      brand: hinted(call, `/api/v1/brands/${brandId}`, 'GET', 'PUT', 'DELETE'),
    },
  }
}

export function emailDomainView(_call: Linker, row: Document) {
  const { validationStatus, displayName, userName, domain, validationSubdomain, dnsValidationRecords } = row.data
  return { id: row.id, validationStatus, displayName, userName, domain, validationSubdomain, dnsValidationRecords }
}
