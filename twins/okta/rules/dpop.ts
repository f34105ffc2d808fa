import { createHash } from 'node:crypto'
import { readJwt, signedBy, thumbprint } from './jwt.ts'

/** What a proof is held against. Times in seconds. */
export interface ProofContext {
  readonly method: string
  /** The URL called, without query and fragment. */
  readonly url: string
  readonly now: number
  /** Whether a `jti` was used before within the window. */
  readonly seen: (jti: string) => boolean
  /** Whether a nonce is one this server handed out lately; left out where no nonce is asked for. */
  readonly nonce?: (nonce: string) => boolean
  /** The access token the proof goes with, at a resource. */
  readonly accessToken?: string
}

export type ProofResult =
  | { readonly ok: true; readonly jkt: string; readonly jti: string }
  | { readonly ok: false; readonly error: 'invalid_dpop_proof' | 'use_dpop_nonce'; readonly description: string }

const WINDOW = 300
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512']

const refuse = (description: string): ProofResult => ({ ok: false, error: 'invalid_dpop_proof', description })

/**
 * Checks a DPoP proof (RFC 9449) with Okta's wording of what is wrong with it.
 *
 * @example checkProof(request.header('dpop'), { method: 'POST', url, now, seen, nonce })
 */
export function checkProof(proof: string | undefined, context: ProofContext): ProofResult {
  if (!proof) return refuse('The DPoP proof JWT header is missing.')
  const jwt = readJwt(proof)
  if (!jwt) return refuse('The DPoP proof JWT is not a valid JWT.')
  const { header, claims } = jwt
  if (header.typ !== 'dpop+jwt') return refuse("The DPoP proof JWT header 'typ' must be 'dpop+jwt'.")
  if (!ALGORITHMS.includes(header.alg)) return refuse("The DPoP proof JWT header 'alg' is not supported.")
  const jkt = header.jwk && thumbprint(header.jwk)
  if (!header.jwk || !jkt) return refuse("The DPoP proof JWT header 'jwk' is missing or invalid.")
  if (header.jwk.d) return refuse("The DPoP proof JWT header 'jwk' must not contain a private key.")
  if (!signedBy(jwt, header.jwk)) return refuse('The DPoP proof JWT signature is invalid.')
  const { htm, htu, iat, jti, nonce, ath } = claims
  if (typeof htm !== 'string' || htm !== context.method) {
    return refuse("The DPoP proof JWT 'htm' claim does not match the HTTP method of the request.")
  }
  if (typeof htu !== 'string' || bare(htu) !== bare(context.url)) {
    return refuse("The DPoP proof JWT 'htu' claim does not match the HTTP URI of the request.")
  }
  if (typeof iat !== 'number' || Math.abs(context.now - iat) > WINDOW) {
    return refuse("The DPoP proof JWT 'iat' claim is not within the acceptable time window.")
  }
  if (typeof jti !== 'string' || jti === '') return refuse("The DPoP proof JWT 'jti' claim is missing.")
  if (context.nonce && !(typeof nonce === 'string' && context.nonce(nonce))) {
    return { ok: false, error: 'use_dpop_nonce', description: 'Authorization server requires nonce in DPoP proof.' }
  }
  if (context.accessToken && ath !== createHash('sha256').update(context.accessToken).digest('base64url')) {
    return refuse("The DPoP proof JWT 'ath' claim does not match the access token.")
  }
  if (context.seen(jti)) return refuse("The DPoP proof JWT 'jti' has already been used.")
  return { ok: true, jkt, jti }
}

const bare = (url: string) =>
  url
    .replace(/[?#].*$/, '')
    .replace(/\/$/, '')
    .toLowerCase()
