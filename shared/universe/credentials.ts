import { createHash } from 'node:crypto'
import { BASE36 } from './random.ts'

/** Length of the tag that ends every credential of a universe. */
export const TAG_LENGTH = 10

/**
 * The tag of a universe, from its id alone: ten characters `[0-9a-z]`.
 *
 * A credential is stored as a secret that is the same in every fork; on the wire the universe's tag is appended. So a
 * credential alone names its universe, a fork has credentials of its own without a changed row, and the credential of
 * one universe is refused by every other.
 */
export function tagOf(universeId: string): string {
  const digest = createHash('sha256').update(universeId).digest()
  let tag = ''
  for (let i = 0; i < TAG_LENGTH; i++) tag += BASE36[(digest[i] as number) % 36]
  return tag
}
