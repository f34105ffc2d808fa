/** One component of a table key. Numbers must be safe integers ≥ 0, so that their encoding keeps their order. */
export type KeyPart = string | number
/** A primary or index key: one part, or several compared left to right. */
export type Key = KeyPart | readonly KeyPart[]

/** Sorts below every character a service puts in an id, so a shorter key sorts before the longer keys it begins. */
const SEPARATOR = '\u0000'
const AFTER_SEPARATOR = '\u0001'

/**
 * Encodes a key as one string whose order is the order of its parts.
 *
 * @example encodeKey(['C1', 42]) < encodeKey(['C1', 100]) // true: numbers compare by value
 */
export function encodeKey(key: Key): string {
  if (typeof key === 'string') return key
  if (typeof key === 'number') return encodeNumber(key)
  let encoded = ''
  for (let i = 0; i < key.length; i++) {
    const part = key[i] as KeyPart
    if (i > 0) encoded += SEPARATOR
    encoded += typeof part === 'number' ? encodeNumber(part) : part
  }
  return encoded
}

/** Digits prefixed by their count: `9` → `B9`, `10` → `C10`. */
function encodeNumber(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`Not a table key: ${value}`)
  const digits = String(value)
  return String.fromCharCode(65 + digits.length) + digits
}

/** The half-open range of encoded keys that begin with `prefix` and have further parts. */
export function prefixRange(prefix: Key): { low: string; high: string } {
  const encoded = encodeKey(prefix)
  return { low: encoded + SEPARATOR, high: encoded + AFTER_SEPARATOR }
}

/** Appends the primary key, which makes an entry of a non-unique index unique. */
export function indexEntry(key: Key, id: string): string {
  return encodeKey(key) + SEPARATOR + id
}
