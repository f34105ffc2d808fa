import { invalid } from '../errors.ts'
import type { SignOnMode } from '../tables/applications.ts'
import type { Json } from '../tables/document.ts'

/** Literally so: Okta fills it in when an assertion is made. */
export const IDP_ISSUER = `http://www.okta.com/\${org.externalKey}`

const text = (value: unknown): unknown => (value === undefined || value === '' ? null : value)

/** The overrides a catalogue SAML app has beside its own sign-on settings. */
const OVERRIDES = [
  'defaultRelayState',
  'ssoAcsUrlOverride',
  'audienceOverride',
  'recipientOverride',
  'destinationOverride',
]

/** `settings.signOn` of a SAML app: a custom one says everything, one of the catalogue only overrides. */
export function samlSignOn(given: Json, mode: SignOnMode, custom: boolean): Json {
  if (mode === 'SAML_1_1') {
    return Object.fromEntries(OVERRIDES.slice(0, 4).map((name) => [name, text(given[name])]))
  }
  if (!custom) {
    const overrides = Object.fromEntries(OVERRIDES.map((name) => [name, text(given[name])]))
    return { ...overrides, attributeStatements: given.attributeStatements ?? [] }
  }
  requireSignOn(given)
  return {
    defaultRelayState: text(given.defaultRelayState),
    ssoAcsUrl: given.ssoAcsUrl ?? null,
    idpIssuer: given.idpIssuer || IDP_ISSUER,
    audience: given.audience ?? null,
    recipient: given.recipient ?? null,
    destination: given.destination ?? null,
    subjectNameIdTemplate: given.subjectNameIdTemplate ?? null,
    subjectNameIdFormat: given.subjectNameIdFormat ?? null,
    responseSigned: given.responseSigned ?? null,
    assertionSigned: given.assertionSigned ?? null,
    signatureAlgorithm: given.signatureAlgorithm ?? null,
    digestAlgorithm: given.digestAlgorithm ?? null,
    honorForceAuthn: given.honorForceAuthn ?? null,
    authnContextClassRef: given.authnContextClassRef ?? null,
    spIssuer: text(given.spIssuer ?? (given.slo as Json | undefined)?.issuer),
    requestCompressed: given.requestCompressed ?? false,
    attributeStatements: given.attributeStatements ?? [],
    inlineHooks: given.inlineHooks ?? [],
    ...(given.participateSlo !== undefined && { participateSlo: given.participateSlo }),
    ...(given.spCertificate !== undefined && { spCertificate: given.spCertificate }),
    assertionEncryption: given.assertionEncryption ?? { enabled: false },
    allowMultipleAcsEndpoints: given.allowMultipleAcsEndpoints ?? false,
    acsEndpoints: given.acsEndpoints ?? [],
    samlSignedRequestEnabled: given.samlSignedRequestEnabled ?? false,
    slo: given.slo ?? { enabled: false },
  }
}

/** What a custom SAML app cannot be without. */
function requireSignOn(given: Json): void {
  const needed = ['ssoAcsUrl', 'audience', 'recipient', 'destination']
  const missing = needed.filter((name) => !given[name])
  if (missing.length) {
    invalid(
      'settings.signOn',
      missing.map((name) => `settings.signOn.${name}: The field cannot be left blank`),
    )
  }
}
