import type { Linker } from '../links.ts'
import type { App, AppKey } from '../tables/applications.ts'

const BINDING = 'urn:oasis:names:tc:SAML:2.0:bindings'

/** The metadata document of a SAML app: who Okta is to it, and where to send its users. */
export function samlMetadata(call: Linker, app: App, key: AppKey | undefined): string {
  const signOn = (app.settings.signOn ?? {}) as {
    subjectNameIdFormat?: string
    samlSignedRequestEnabled?: boolean
    slo?: { enabled?: boolean }
  }
  const format = signOn.subjectNameIdFormat ?? 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'
  const service = (element: string, path: string) =>
    ['HTTP-POST', 'HTTP-Redirect']
      .map(
        (binding) =>
          `<md:${element} Binding="${BINDING}:${binding}" Location="${call.link(`/app/${app.name}/${app.externalKey}/${path}`)}"/>`,
      )
      .join('')
  const certificate = key ? (key.certificate.match(/.{1,76}/g) ?? []).join('\n') : ''
  const keyInfo = certificate
    ? `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
    : ''
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<md:EntityDescriptor entityID="http://www.okta.com/${app.externalKey}" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">`,
    `<md:IDPSSODescriptor WantAuthnRequestsSigned="${signOn.samlSignedRequestEnabled ?? false}" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">`,
    keyInfo,
    signOn.slo?.enabled ? service('SingleLogoutService', 'slo/saml') : '',
    `<md:NameIDFormat>${format}</md:NameIDFormat>`,
    service('SingleSignOnService', 'sso/saml'),
    '</md:IDPSSODescriptor></md:EntityDescriptor>',
  ].join('')
}
