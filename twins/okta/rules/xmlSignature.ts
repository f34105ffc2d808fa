import { createHash, sign } from 'node:crypto'
import { signingKey } from '../../../shared/universe/keys.ts'
import type { AppKey } from '../tables/applications.ts'
import { element } from './canonicalXml.ts'

const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'

const SIGNATURES = {
  RSA_SHA256: ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'sha256'],
  RSA_SHA1: [`${DSIG}rsa-sha1`, 'sha1'],
} as const

const DIGESTS = {
  SHA256: ['http://www.w3.org/2001/04/xmlenc#sha256', 'sha256'],
  SHA1: [`${DSIG}sha1`, 'sha1'],
} as const

/** What an app signs with, in the words of its settings; SHA-256 unless it asks for SHA-1. */
export interface SignatureMethod {
  readonly key: AppKey
  readonly signature: unknown
  readonly digest: unknown
}

/** The enveloped signature of an element: `xml` is the element without it, in canonical form, and `id` its ID. */
export function envelopedSignature(xml: string, id: string, method: SignatureMethod): string {
  const [signatureUri, signatureHash] = SIGNATURES[method.signature === 'RSA_SHA1' ? 'RSA_SHA1' : 'RSA_SHA256']
  const [digestUri, digestHash] = DIGESTS[method.digest === 'SHA1' ? 'SHA1' : 'SHA256']
  // `xs` stands only inside attribute values, where a canonicaliser would not see it.
  const inclusive = element('ec:InclusiveNamespaces', { 'xmlns:ec': EXCLUSIVE, PrefixList: 'xs' })
  const reference = element('ds:Reference', { URI: `#${id}` }, [
    element('ds:Transforms', {}, [
      element('ds:Transform', { Algorithm: `${DSIG}enveloped-signature` }),
      element('ds:Transform', { Algorithm: EXCLUSIVE }, [inclusive]),
    ]),
    element('ds:DigestMethod', { Algorithm: digestUri }),
    element('ds:DigestValue', {}, createHash(digestHash).update(xml).digest('base64')),
  ])
  const signed = (namespace: Record<string, string>) =>
    element('ds:SignedInfo', namespace, [
      element('ds:CanonicalizationMethod', { Algorithm: EXCLUSIVE }),
      element('ds:SignatureMethod', { Algorithm: signatureUri }),
      reference,
    ])
  const value = sign(signatureHash, Buffer.from(signed({ 'xmlns:ds': DSIG })), signingKey(method.key.pool).privateKey)
  const certificate = element('ds:X509Data', {}, [element('ds:X509Certificate', {}, method.key.certificate)])
  return element('ds:Signature', { 'xmlns:ds': DSIG }, [
    signed({}),
    element('ds:SignatureValue', {}, value.toString('base64')),
    element('ds:KeyInfo', {}, [certificate]),
  ])
}
