import { hinted, type Linker } from '../links.ts'
import type { Document } from '../tables/document.ts'
import { isoTime } from '../time.ts'

const AUTHORIZE =
  'client_id={clientId}&response_type={responseType}&response_mode={responseMode}&scope={scopes}&redirect_uri={redirectUri}&state={state}&nonce={nonce}'

export function idpView(call: Linker, idp: Document, created: string | null = isoTime(idp.created)) {
  const { type, name, issuerMode, protocol, policy, properties } = idp.data
  return {
    id: idp.id,
    // SAML providers do not say it.
    ...(type !== 'SAML2' && { issuerMode }),
    name,
    status: idp.status,
    created,
    lastUpdated: isoTime(idp.lastUpdated),
    protocol,
    policy,
    ...(properties ? { properties } : {}),
    type,
    _links: type === 'SAML2' ? samlLinks(call, idp) : authorizeLinks(call, idp),
  }
}

function samlLinks(call: Linker, { id, status }: Document) {
  const path = `/api/v1/idps/${id}`
  const next = status === 'INACTIVE' ? 'activate' : 'deactivate'
  return {
    metadata: { href: call.link(`${path}/metadata.xml`), type: 'application/xml', hints: { allow: ['GET'] } },
    acs: { href: call.link(`/sso/saml2/${id}`), type: 'application/xml', hints: { allow: ['POST'] } },
    users: hinted(call, `${path}/users`, 'GET'),
    [next]: hinted(call, `${path}/lifecycle/${next}`, 'POST'),
  }
}

const authorizeLinks = (call: Linker, { id }: Document) => ({
  authorize: {
    href: `${call.link('/oauth2/v1/authorize')}?idp=${id}&${AUTHORIZE}`,
    templated: true,
    hints: { allow: ['GET'] },
  },
  clientRedirectUri: hinted(call, '/oauth2/v1/authorize/callback', 'POST'),
})

/** A trusted certificate, or a key Okta signs its own requests with. */
export function idpKeyView(key: Document) {
  const { kid, alg, x5c, thumbprint, e, n, expiresAt } = key.data
  return {
    kty: 'RSA',
    created: isoTime(key.created),
    lastUpdated: isoTime(key.lastUpdated),
    expiresAt: isoTime(expiresAt as number),
    ...(alg ? { alg } : {}),
    kid,
    use: 'sig',
    x5c,
    'x5t#S256': thumbprint,
    e,
    n,
  }
}

export function csrView(call: Linker, csr: Document, base: string) {
  const path = `${base}/credentials/csrs/${csr.id}`
  return {
    id: csr.id,
    created: isoTime(csr.created),
    csr: csr.data.csr,
    kty: 'RSA',
    _links: {
      self: { href: call.link(path), hints: { allow: ['GET', 'DELETE'] } },
      publish: {
        href: call.link(`${path}/lifecycle/publish`),
        hints: { allow: ['POST'] },
      },
    },
  }
}

/** What a SAML provider is given to set up its side. */
export function idpMetadata(call: Linker, idp: Document, certificate: string): string {
  const { credentials, settings } = idp.data.protocol as {
    credentials: { trust: { audience: string } }
    settings: { nameFormat: string }
  }
  const keyInfo = `<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`
  const methods = ['04/xmlenc#aes128-cbc', '04/xmlenc#aes192-cbc', '04/xmlenc#aes256-cbc']
    .map((method) => `<md:EncryptionMethod Algorithm="http://www.w3.org/2001/${method}"/>`)
    .join('')
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<md:EntityDescriptor entityID="${credentials.trust.audience}" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">` +
    '<md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">' +
    `<md:KeyDescriptor use="encryption">${keyInfo}${methods}</md:KeyDescriptor><md:KeyDescriptor use="signing">${keyInfo}</md:KeyDescriptor>` +
    `<md:NameIDFormat>${settings.nameFormat}</md:NameIDFormat>` +
    `<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${call.link(`/sso/saml2/${idp.id}`)}" index="0" isDefault="true"/>` +
    '</md:SPSSODescriptor></md:EntityDescriptor>'
  )
}
