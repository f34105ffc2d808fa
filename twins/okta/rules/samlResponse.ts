import type { Instant } from '../../../shared/universe/clock.ts'
import { isoMillis } from '../time.ts'
import { element } from './canonicalXml.ts'
import { envelopedSignature, type SignatureMethod } from './xmlSignature.ts'

const NAMES = 'urn:oasis:names:tc:SAML:2.0'
const ASSERTION = { 'xmlns:saml2': `${NAMES}:assertion` }
const SCHEMA = 'http://www.w3.org/2001/XMLSchema'
const MINUTES = 60_000

/** How long before and after its making an assertion holds. */
const TOLERANCE = 5 * MINUTES

export interface SamlAttribute {
  readonly name: string
  readonly format: string
  readonly values: readonly string[]
}

/** Everything an assertion says. Times are instants; ids are XML names. */
export interface SamlStatement {
  readonly responseId: string
  readonly assertionId: string
  readonly sessionIndex: string
  readonly issuer: string
  readonly destination: string
  readonly recipient: string
  readonly audience: string
  readonly inResponseTo?: string
  readonly nameId: string
  readonly nameIdFormat: string
  readonly contextClass: string
  readonly attributes: readonly SamlAttribute[]
  readonly issuedAt: Instant
  readonly authenticatedAt: Instant
  readonly responseSigned: boolean
  readonly assertionSigned: boolean
}

/** The document that signs a person on at an app: a successful response with one assertion, signed as its settings say. */
export function samlResponse(said: SamlStatement, method: SignatureMethod): string {
  const issuer = (namespace: Record<string, string>) =>
    element('saml2:Issuer', { ...namespace, Format: `${NAMES}:nameid-format:entity` }, said.issuer)
  const when = { IssueInstant: isoMillis(said.issuedAt), Version: '2.0' }
  const assertion = withSignature(said.assertionSigned, said.assertionId, method, (signature) =>
    element('saml2:Assertion', { ...ASSERTION, ID: said.assertionId, ...when }, [
      issuer({}),
      signature,
      subject(said),
      conditions(said),
      authentication(said),
      attributeStatement(said.attributes),
    ]),
  )
  const attributes = { ID: said.responseId, Destination: said.destination, InResponseTo: said.inResponseTo, ...when }
  const success = element('saml2p:StatusCode', { Value: `${NAMES}:status:Success` })
  const response = withSignature(said.responseSigned, said.responseId, method, (signature) =>
    element('saml2p:Response', { 'xmlns:saml2p': `${NAMES}:protocol`, ...attributes }, [
      issuer(ASSERTION),
      signature,
      element('saml2p:Status', {}, [success]),
      assertion,
    ]),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>${response}`
}

/** An element with its signature inside, made over the element without it. */
function withSignature(
  signed: boolean,
  id: string,
  method: SignatureMethod,
  build: (signature?: string) => string,
): string {
  return build(signed ? envelopedSignature(build(), id, method) : undefined)
}

function subject({ nameId, nameIdFormat, inResponseTo, issuedAt, recipient }: SamlStatement): string {
  const data = { InResponseTo: inResponseTo, NotOnOrAfter: isoMillis(issuedAt + TOLERANCE), Recipient: recipient }
  return element('saml2:Subject', {}, [
    element('saml2:NameID', { Format: nameIdFormat }, nameId),
    element('saml2:SubjectConfirmation', { Method: `${NAMES}:cm:bearer` }, [
      element('saml2:SubjectConfirmationData', data),
    ]),
  ])
}

function conditions({ issuedAt, audience }: SamlStatement): string {
  const times = { NotBefore: isoMillis(issuedAt - TOLERANCE), NotOnOrAfter: isoMillis(issuedAt + TOLERANCE) }
  return element('saml2:Conditions', times, [
    element('saml2:AudienceRestriction', {}, [element('saml2:Audience', {}, audience)]),
  ])
}

function authentication({ authenticatedAt, sessionIndex, contextClass }: SamlStatement): string {
  const attributes = { AuthnInstant: isoMillis(authenticatedAt), SessionIndex: sessionIndex }
  return element('saml2:AuthnStatement', attributes, [
    element('saml2:AuthnContext', {}, [element('saml2:AuthnContextClassRef', {}, contextClass)]),
  ])
}

const TYPED = { 'xmlns:xs': SCHEMA, 'xmlns:xsi': `${SCHEMA}-instance`, 'xsi:type': 'xs:string' }

function attributeStatement(attributes: readonly SamlAttribute[]): string | undefined {
  if (attributes.length === 0) return undefined
  const written = attributes.map(({ name, format, values }) =>
    element(
      'saml2:Attribute',
      { Name: name, NameFormat: format },
      values.map((value) => element('saml2:AttributeValue', TYPED, value)),
    ),
  )
  return element('saml2:AttributeStatement', {}, written)
}
