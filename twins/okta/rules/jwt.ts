import {
  constants,
  createHash,
  createHmac,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'

/** The claims of a token, as RFC 7519 has them. */
export type Claims = Readonly<Record<string, unknown>>

export interface JwtHeader {
  readonly alg: string
  readonly kid?: string
  readonly typ?: string
  /** The public key a DPoP proof carries. */
  readonly jwk?: JsonWebKey
}

/** A token taken apart. Nothing about it is verified. */
export interface Jwt {
  readonly header: JwtHeader
  readonly claims: Claims
  /** What the signature covers. */
  readonly signed: string
  readonly signature: Buffer
}

/** A private key with the name under which its public half is published. */
export interface Signer {
  readonly kid: string
  readonly privateKey: KeyObject
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * An RS256 token, which is what Okta signs everything with.
 *
 * @example signJwt({ sub: 'ada' }, signer) // 'eyJraWQiOi…'
 */
export function signJwt(claims: Claims, signer: Signer, typ?: string): string {
  // Okta's header order: kid, typ when there is one, alg.
  const signed = `${encode({ kid: signer.kid, ...(typ ? { typ } : {}), alg: 'RS256' })}.${encode(claims)}`
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), signer.privateKey).toString('base64url')}`
}

/** Takes a compact JWS apart; `undefined` when it is not one. */
export function readJwt(token: string): Jwt | undefined {
  const parts = token.split('.')
  if (parts.length !== 3) return undefined
  const [head, body, signature] = parts as [string, string, string]
  const header = readObject(head)
  const claims = readObject(body)
  if (!header || !claims || typeof header.alg !== 'string') return undefined
  return {
    header: header as unknown as JwtHeader,
    claims,
    signed: `${head}.${body}`,
    signature: Buffer.from(signature, 'base64url'),
  }
}

function readObject(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

const HASHES: Readonly<Record<string, string>> = { 256: 'sha256', 384: 'sha384', 512: 'sha512' }

/** Whether a public key made the signature. Algorithms: RS, PS and ES with 256, 384 and 512 bits. */
export function signedBy(jwt: Jwt, key: JsonWebKey | KeyObject): boolean {
  const hash = HASHES[jwt.header.alg.slice(2)]
  if (!hash) return false
  const family = jwt.header.alg.slice(0, 2)
  try {
    const publicKey = 'kty' in key ? createPublicKey({ key, format: 'jwk' }) : (key as KeyObject)
    const data = Buffer.from(jwt.signed)
    if (family === 'ES') return verify(hash, data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, jwt.signature)
    if (family === 'RS') return verify(hash, data, publicKey, jwt.signature)
    if (family !== 'PS') return false
    const padding = constants.RSA_PKCS1_PSS_PADDING
    return verify(hash, data, { key: publicKey, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, jwt.signature)
  } catch {
    return false // a key of another kind than the algorithm needs
  }
}

/** Whether a shared secret made the signature (`client_secret_jwt`): HS256, HS384, HS512. */
export function signedWithSecret(jwt: Jwt, secret: string): boolean {
  const hash = HASHES[jwt.header.alg.slice(2)]
  if (!hash || !jwt.header.alg.startsWith('HS')) return false
  const expected = createHmac(hash, secret).update(jwt.signed).digest()
  return expected.length === jwt.signature.length && timingSafeEqual(expected, jwt.signature)
}

/** The left half of a token's SHA-256: `at_hash`, `c_hash`. */
export const halfHash = (token: string): string =>
  createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url')

/** RFC 7638 thumbprint of a public key: the `jkt` a DPoP-bound token is confirmed by. */
export function thumbprint(jwk: JsonWebKey): string | undefined {
  const { kty, e, n, crv, x, y } = jwk
  const members =
    kty === 'RSA' && e && n
      ? { e, kty, n }
      : kty === 'EC' && crv && x && y
        ? { crv, kty, x, y }
        : kty === 'OKP' && crv && x
          ? { crv, kty, x }
          : undefined
  return members && createHash('sha256').update(JSON.stringify(members)).digest('base64url')
}
