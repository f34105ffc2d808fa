import type { OktaContext } from '../operations/define.ts'
import type { App } from '../tables/applications.ts'
import type { Session, User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { amazonAttributes } from './amazonRoles.ts'
import { CATALOGUE_APPS } from './appCatalogue.ts'
import { keysOf } from './appKeys.ts'
import { attributesFor, nameIdFor } from './samlAttributes.ts'
import type { SamlRequest } from './samlRequest.ts'
import { samlResponse } from './samlResponse.ts'
import { IDP_ISSUER } from './samlSettings.ts'

const UNSPECIFIED = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'
const PASSWORD = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'

/** Where an assertion goes and whom it is meant for. */
interface Receiver {
  readonly acs: string
  readonly recipient: string
  readonly destination: string
  readonly audience: string
}

export interface SignedOn {
  readonly acs: string
  /** The document, in base64. */
  readonly response: string
}

const text = (...values: unknown[]): string | undefined =>
  values.find((value): value is string => typeof value === 'string' && value !== '')

/** Signs somebody on at an app by SAML; `undefined` when the app has nowhere to take an assertion. */
export function assertionFor(
  call: OktaContext,
  app: App,
  user: User,
  session: Session,
  request: SamlRequest | undefined,
): SignedOn | undefined {
  const signOn = (app.settings.signOn ?? {}) as Json
  const receiver = receiverOf(app, signOn, request)
  const key = keysOf(call, app).find(({ kid }) => kid === app.kid)
  if (!receiver || !key) return undefined
  const id = () => `id${call.random.text(38, '0123456789')}`
  const xml = samlResponse(
    {
      ...receiver,
      responseId: id(),
      assertionId: id(),
      sessionIndex: request?.id ?? id(),
      inResponseTo: request?.id,
      issuer: issuerOf(app, signOn),
      nameId: nameIdFor(call, app, user, signOn.subjectNameIdTemplate),
      nameIdFormat: text(signOn.subjectNameIdFormat) ?? UNSPECIFIED,
      contextClass: text(signOn.authnContextClassRef) ?? PASSWORD,
      attributes: [
        ...attributesFor(call, app, user, (signOn.attributeStatements ?? []) as Json[]),
        ...(app.name === 'amazon_aws' ? amazonAttributes(call.tables, app, user) : []),
      ],
      issuedAt: call.now,
      authenticatedAt: session.lastPasswordVerification ?? session.createdAt,
      responseSigned: signOn.responseSigned !== false,
      assertionSigned: signOn.assertionSigned !== false,
    },
    { key, signature: signOn.signatureAlgorithm, digest: signOn.digestAlgorithm },
  )
  return { acs: receiver.acs, response: Buffer.from(xml).toString('base64') }
}

/** The issuer is a template of the app's settings. */
const issuerOf = (app: App, signOn: Json): string =>
  (text(signOn.idpIssuer) ?? IDP_ISSUER).replace(/\$\{org\.externalKey\}/g, app.externalKey)

/** A custom app says everything itself; one of the catalogue knows its place from its settings or an override. */
function receiverOf(app: App, signOn: Json, request: SamlRequest | undefined): Receiver | undefined {
  const own = (app.settings.app ?? {}) as Json
  const chosen = chosenEndpoint(signOn, request)
  const known = CATALOGUE_APPS[app.name]?.receiver
  const said = text(chosen, signOn.ssoAcsUrl, signOn.ssoAcsUrlOverride, own.postBackURL, own.acsUrl)
  const acs = said ?? known?.acs ?? request?.acsUrl
  if (acs === undefined) return undefined
  return {
    acs,
    recipient: text(chosen, signOn.recipient, signOn.recipientOverride, own.recipient) ?? acs,
    destination: text(chosen, signOn.destination, signOn.destinationOverride, own.destination) ?? acs,
    audience:
      text(signOn.audience, signOn.audienceOverride, own.audienceRestriction, own.audRestriction) ??
      known?.audience ??
      request?.issuer ??
      acs,
  }
}

/** Which of several endpoints a request asks for, by address or by number. */
function chosenEndpoint({ allowMultipleAcsEndpoints, acsEndpoints }: Json, request: SamlRequest | undefined) {
  if (allowMultipleAcsEndpoints !== true || !request) return undefined
  const endpoints = (acsEndpoints ?? []) as { url: string; index: number }[]
  return endpoints.find(({ url, index }) => url === request.acsUrl || index === request.acsIndex)?.url
}
