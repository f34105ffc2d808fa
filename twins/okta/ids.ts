import { createHash } from 'node:crypto'
import type { Instant } from '../../shared/universe/clock.ts'
import { BASE62, BASE64URL, type Random } from '../../shared/universe/random.ts'

/** The last characters of every id of one Okta cell. */
const CELL = '1d7'

/** The partition in resource names (`orn:…`): orgs of the preview cells, as all the recorded ones. */
export const PARTITION = 'oktapreview'

/** What an id is made of. Every call and every moment has it. */
export interface IdSource {
  readonly now: Instant
  readonly random: Random
  sequence(counter: string, start?: number): number
}

/** Id prefixes by what they name. Okta gives several kinds the prefix `0oa`, rules of old policies `0pr`. */
export const PREFIX = {
  org: '00o',
  user: '00u',
  group: '00g',
  groupRule: '0pr',
  app: '0oa',
  policy: '00p',
  accessPolicy: 'rst',
  rule: '0pr',
  accessRule: 'rul',
  authorizationServer: 'aus',
  scope: 'scp',
  claim: 'ocl',
  clientSecret: 'ocs',
  appGrant: 'oag',
  refreshToken: 'oar',
  apiToken: '00T',
  userType: 'oty',
  schema: 'osc',
  zone: 'nzo',
  trustedOrigin: 'tos',
  eventHook: 'who',
  inlineHook: 'cal',
  brand: 'bnd',
  theme: 'the',
  emailCustomization: 'oel',
  domain: 'OcD',
  emailDomain: 'OeD',
  authenticator: 'aut',
  mapping: 'prm',
  principalRateLimit: 'prl',
  roleAssignment: 'ra1',
  customRole: 'cr0',
  resourceSet: 'iam',
  resource: 'ire',
  member: 'irb',
  deviceAssurance: 'dae',
  deviceIntegration: 'din',
  behavior: 'bhv',
  captcha: 'cap',
  pushProvider: 'ppc',
  smsTemplate: 'cst',
  uiSchema: 'uis',
  connection: 'con',
  samlKey: 'exk',
  appLink: 'aln',
  feature: 'ftr',
  systemPrincipal: 'spr',
  realm: 'guo',
  device: 'guo',
  hookKey: 'HKY',
} as const
// biome-ignore format: a table

/**
 * A fresh id: three characters of prefix, a part that ascends with time and count, chance, the cell.
 *
 * @example newId(call, PREFIX.user) // '00u1T0Wk7001xYbP2Q1d7'
 */
export function newId(source: IdSource, prefix: string): string {
  return prefix + idTail(source)
}

/** What follows the prefix: a user type and its schema share it. */
export function idTail(source: IdSource): string {
  const count = base62(source.sequence('okta.id') % 62 ** 3, 3)
  return base62(Math.floor(source.now / 1000), 6) + count + source.random.text(5, BASE62) + CELL
}

function base62(value: number, width: number): string {
  let text = ''
  for (let rest = value; text.length < width; rest = Math.floor(rest / 62)) text = BASE62[rest % 62] + text
  return text
}

/** Activation, recovery and reset tokens: 20 characters. */
export const oneTimeToken = (source: IdSource): string => source.random.text(20, BASE64URL)

/** A client secret: 64 characters. */
export const clientSecret = (source: IdSource): string => source.random.text(64, BASE64URL)

/** A key id: 43 characters, as long as a base64url SHA-256. */
export const keyId = (source: IdSource): string => source.random.text(43, BASE64URL)

/** A session id: `102` and 22 characters. */
export const sessionId = (source: IdSource): string => `102${source.random.text(22, BASE64URL)}`

/** Ids that depend on a name alone, the same in every org: features, scoped role assignments. */
export const fixedId = (prefix: string, name: string): string =>
  prefix + createHash('sha256').update(name).digest('base64').replace(/[+/=]/g, '').slice(0, 17)

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Unpadded base32: the id of a scoped standard role assignment is its type so encoded (`APP_ADMIN` → `IFIFAX2BIRGUSTQ`, seen in traffic). */
export function base32(text: string): string {
  let bits = 0
  let held = 0
  let out = ''
  for (const byte of Buffer.from(text)) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      out += BASE32[(held >>> (bits - 5)) & 31]
      bits -= 5
    }
    held &= (1 << bits) - 1
  }
  if (bits > 0) out += BASE32[(held << (5 - bits)) & 31]
  return out
}
