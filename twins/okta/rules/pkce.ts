import { createHash } from 'node:crypto'

/** RFC 7636: 43 to 128 unreserved characters. */
const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/

/** The S256 challenge of a verifier. Okta offers no other method. */
export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')

/** Whether a verifier answers a challenge. */
export const answers = (verifier: string, challenge: string): boolean =>
  VERIFIER.test(verifier) && challengeOf(verifier) === challenge
