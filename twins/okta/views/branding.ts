import { type Allow, hinted, type Linker } from '../links.ts'
import type { Document } from '../tables/document.ts'
import { isoTime } from '../time.ts'

/** @param landing the app people land in when the brand names none */
export function brandView(call: Linker, brand: Document, landing?: string) {
  const path = `/api/v1/brands/${brand.id}`
  const { name, removePoweredByOkta, customPrivacyPolicyUrl, agreeToCustomPrivacyPolicy, isDefault, locale } =
    brand.data
  const { emailDomainId } = brand.data
  const app = brand.data.defaultApp as { appInstanceId: string | null }
  return {
    id: brand.id,
    name,
    removePoweredByOkta,
    customPrivacyPolicyUrl,
    agreeToCustomPrivacyPolicy,
    isDefault,
    ...(locale ? { locale } : {}),
    ...(emailDomainId ? { emailDomainId } : {}),
    defaultApp: { ...app, appInstanceId: app.appInstanceId ?? landing ?? null },
    _links: { themes: hinted(call, `${path}/themes`, 'GET'), self: hinted(call, path, 'GET', 'PUT', 'DELETE') },
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
      ...(embedded && { settings: hinted(call, `${path}/settings`, 'GET', 'PUT') }),
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

/** @param allowed what its own link says may be done, which differs from call to call: recorded */
export function domainView(call: Linker, domain: Document, allowed: readonly Allow[] = ['GET', 'DELETE']) {
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
      self: fixed ? hinted(call, path, 'GET') : hinted(call, path, ...allowed),
      brand: hinted(call, `/api/v1/brands/${brandId}`, 'GET', 'PUT', 'DELETE'),
      ...(!fixed && { verify: hinted(call, `${path}/verify`, 'POST') }),
    },
  }
}

export function emailDomainView(_call: Linker, row: Document) {
  const { validationStatus, displayName, userName, domain, validationSubdomain, dnsValidationRecords } = row.data
  return { id: row.id, validationStatus, displayName, userName, domain, validationSubdomain, dnsValidationRecords }
}
