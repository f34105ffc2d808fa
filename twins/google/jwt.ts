import { sign, verify } from 'node:crypto'
import { type SigningKey, signingKey } from '../../shared/universe/keys.ts'

export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
  /** What was signed. */
  readonly input: string
  readonly signature: Buffer
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Takes a JWT apart without checking its signature. */
export function decodeJwt(token: string): Jwt | undefined {
  const [header, payload, signature, more] = token.split('.')
  if (!header || !payload || signature === undefined || more !== undefined) return undefined
  try {
    return {
      header: JSON.parse(Buffer.from(header, 'base64url').toString()),
      payload: JSON.parse(Buffer.from(payload, 'base64url').toString()),
      input: `${header}.${payload}`,
      signature: Buffer.from(signature, 'base64url'),
    }
  } catch {
    return undefined
  }
}

export const verifyJwt = ({ input, signature }: Jwt, key: SigningKey): boolean =>
  verify('RSA-SHA256', Buffer.from(input), key.publicKey, signature)

/** Key of the pool that signs Google's own ID tokens. */
export const GOOGLE_KEY = 0

/** An ID token, as accounts.google.com signs it. */
export function signJwt(payload: object): string {
  const key = signingKey(GOOGLE_KEY)
  const input = `${encode({ alg: 'RS256', kid: key.kid, typ: 'JWT' })}.${encode(payload)}`
  return `${input}.${sign('RSA-SHA256', Buffer.from(input), key.privateKey).toString('base64url')}`
}
