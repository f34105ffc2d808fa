import { createHash, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import type { Password, User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import type { OktaTables } from '../tables.ts'

/** A digest of our own: quick, since it protects nothing outside a test. */
export function hashPassword(value: string, salt: string): Password {
  return { algorithm: 'TWIN', salt, value: createHash('sha256').update(`${salt}\u0000${value}`).digest('base64') }
}

/** Whether a password is the stored one. Imported SHA, MD5 and PBKDF2 hashes are computed as their source did. */
export function passwordMatches(stored: Password, given: string): boolean {
  const { algorithm, value } = stored
  if (algorithm === 'TWIN') return hashPassword(given, stored.salt ?? '').value === value
  if (algorithm === 'PBKDF2') {
    const digest = stored.digestAlgorithm?.replace(/_HMAC$/, '') ?? 'SHA256'
    const salt = Buffer.from(stored.salt ?? '', 'base64')
    const length = stored.keySize ?? 32
    return equal(pbkdf2Sync(given, salt, stored.iterationCount ?? 4096, length, digest.toLowerCase()), value)
  }
  const name = { 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-512': 'sha512', MD5: 'md5' }[algorithm]
  if (!name) return false
  const salt = Buffer.from(stored.salt ?? '', 'base64')
  const parts = stored.saltOrder === 'PREFIX' ? [salt, Buffer.from(given)] : [Buffer.from(given), salt]
  return equal(createHash(name).update(Buffer.concat(parts)).digest(), value)
}

const equal = (digest: Buffer, base64: string): boolean => {
  const other = Buffer.from(base64, 'base64')
  return other.length === digest.length && timingSafeEqual(digest, other)
}

interface Complexity {
  readonly minLength: number
  readonly minLowerCase: number
  readonly minUpperCase: number
  readonly minNumber: number
  readonly minSymbol: number
  readonly excludeUsername: boolean
  readonly excludeAttributes: readonly string[]
}

interface PasswordSettings {
  readonly complexity: Complexity
  readonly historyCount: number
  readonly maxAttempts: number
  readonly autoUnlockMinutes: number
  readonly tokenLifetimeMinutes: number
}

const COMPLEXITY: Complexity = {
  minLength: 8,
  minLowerCase: 1,
  minUpperCase: 1,
  minNumber: 1,
  minSymbol: 0,
  excludeUsername: true,
  excludeAttributes: [],
}

/** The settings of the PASSWORD policy in force for somebody in these groups: the first by priority that names one. */
export function passwordSettings(tables: OktaTables, groupIds: readonly string[]): PasswordSettings {
  const policy = tables.policies
    .all()
    .filter((row) => row.type === 'PASSWORD' && row.status === 'ACTIVE')
    .sort((a, b) => Number(a.system) - Number(b.system) || a.priority - b.priority)
    .find((row) => row.system || appliesTo(row.conditions, groupIds))
  const password = at(policy?.settings, 'password')
  const lockout = at(password, 'lockout')
  const token = at(policy?.settings, 'recovery', 'factors', 'okta_email', 'properties', 'recoveryToken')
  return {
    complexity: { ...COMPLEXITY, ...at(password, 'complexity') },
    historyCount: number(at(password, 'age').historyCount, 4),
    maxAttempts: number(lockout.maxAttempts, 10),
    autoUnlockMinutes: number(lockout.autoUnlockMinutes, 0),
    tokenLifetimeMinutes: number(token.tokenLifetimeMinutes, 60),
  }
}

const number = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise)

function at(value: unknown, ...path: string[]): Json {
  let part = value as Json | undefined
  for (const name of path) part = part?.[name] as Json | undefined
  return part ?? {}
}

function appliesTo(conditions: Json | null, groupIds: readonly string[]): boolean {
  const include = at(conditions, 'people', 'groups').include
  return Array.isArray(include) && include.some((id) => groupIds.includes(id as string))
}

/** What a policy demands, as the refusal lists it. */
function demands(complexity: Complexity): string[] {
  const { minLength, minLowerCase, minUpperCase, minNumber, minSymbol, excludeUsername, excludeAttributes } = complexity
  return [
    ...(minLength > 0 ? [`at least ${minLength} characters`] : []),
    ...(minLowerCase > 0 ? ['a lowercase letter'] : []),
    ...(minUpperCase > 0 ? ['an uppercase letter'] : []),
    ...(minNumber > 0 ? ['a number'] : []),
    ...(minSymbol > 0 ? ['a symbol'] : []),
    ...(excludeUsername ? ['no parts of your username'] : []),
    ...(excludeAttributes.includes('firstName') ? ['does not include your first name'] : []),
    ...(excludeAttributes.includes('lastName') ? ['does not include your last name'] : []),
  ]
}

/** What a policy demands, as a sentence. */
export const passwordDescription = ({ complexity, historyCount }: PasswordSettings): string =>
  `Password requirements: ${demands(complexity).join(', ')}.${historyCount > 0 ? ` Your password cannot be any of your last ${historyCount} password(s).` : ''}`

/** What is wrong with a new password under a policy, in Okta's words; `undefined` when nothing is. */
export function passwordComplaint(
  settings: PasswordSettings,
  value: string,
  user: Pick<User, 'profile' | 'password' | 'passwordHistory'>,
  options: { readonly history: boolean },
): string | undefined {
  const { complexity } = settings
  const count = (pattern: RegExp) => value.match(pattern)?.length ?? 0
  const login = user.profile.login.toLowerCase()
  const parts = login.split(/[@.,\-_#]/).filter((part) => part.length >= 4)
  const holds = (name: string) => {
    const text = String(user.profile[name] ?? '').toLowerCase()
    return text.length > 2 && value.toLowerCase().includes(text)
  }
  const weak =
    value.length < complexity.minLength ||
    count(/[a-z]/g) < complexity.minLowerCase ||
    count(/[A-Z]/g) < complexity.minUpperCase ||
    count(/[0-9]/g) < complexity.minNumber ||
    count(/[^A-Za-z0-9]/g) < complexity.minSymbol ||
    (complexity.excludeUsername && parts.some((part) => value.toLowerCase().includes(part))) ||
    complexity.excludeAttributes.some(holds)
  const requirements = demands(complexity)
  if (weak) {
    const history = settings.historyCount > 0 && options.history
    const tail = history ? ` Your password cannot be any of your last ${settings.historyCount} passwords.` : ''
    return `Password requirements were not met. Password requirements: ${requirements.join(', ')}.${tail}`
  }
  if (!options.history) return undefined
  const earlier = [...(user.password ? [user.password] : []), ...(user.passwordHistory ?? [])].slice(
    0,
    settings.historyCount,
  )
  return earlier.some((old) => passwordMatches(old, value)) ? 'Password has been used too recently' : undefined
}
