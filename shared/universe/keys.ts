import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** An RSA key pair of the pool. Public by design: it protects nothing outside a twin. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** PKCS #8. */
  readonly privateKeyPem: string
  /** SPKI. */
  readonly publicKeyPem: string
  readonly publicJwk: { readonly kty: 'RSA'; readonly n: string; readonly e: string }
}

let pool: JsonWebKey[] | undefined
const made = new Map<number, SigningKey>()

/**
 * Key `n` of a fixed pool of RSA keys (n wraps around): making keys is slow, and two runs of one seed must sign alike.
 * Who needs a key of its own in a rotation takes the next number.
 */
export function signingKey(n: number): SigningKey {
  pool ??= JSON.parse(readFileSync(new URL('signing-keys.json', import.meta.url), 'utf8')) as JsonWebKey[]
  const position = n % pool.length
  let key = made.get(position)
  if (!key) {
    const jwk = pool[position] as JsonWebKey & { n: string; e: string }
    const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
    const publicKey = createPublicKey(privateKey)
    key = {
      kid: jwk.n.slice(0, 43),
      privateKey,
      publicKey,
      privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
      publicJwk: { kty: 'RSA', n: jwk.n, e: jwk.e },
    }
    made.set(position, key)
  }
  return key
}
