/** How long a page token lives: seven days, ms. */
const LIFE = 7 * 86_400_000

/** A varint of protobuf. */
function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return [...bytes, rest]
}

const text = (field: number, value: string): number[] => {
  const bytes = [...Buffer.from(value, 'utf8')]
  return [(field << 3) | 2, ...varint(bytes.length), ...bytes]
}

/**
 * The token of the page after `served` issues: base64 of a protobuf, 2 = served, 3 = time, 4 = the JQL, 5 = `[]`,
 * 6 = a reason (seen in recordings).
 */
export function nextToken(served: number, jql: string, now: number): string {
  const bytes = [
    (2 << 3) | 0,
    ...varint(served),
    (3 << 3) | 0,
    ...varint(now),
    ...text(4, jql),
    ...text(5, '[]'),
    ...text(6, 'UNSUPPORTED_JQL'),
  ]
  return Buffer.from(bytes).toString('base64')
}

/** Issues served before a token's page; `undefined` for a token of another query, too old, or no token at all. */
export function readToken(token: string, jql: string, now: number): number | undefined {
  const bytes = Buffer.from(token, 'base64')
  let at = 0
  const number = () => {
    let [value, scale] = [0, 1]
    while (at < bytes.length) {
      const byte = bytes[at++] as number
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 0x80
    }
    return Number.NaN
  }
  if (bytes[at++] !== 0x10) return undefined
  const served = number()
  if (bytes[at++] !== 0x18) return undefined
  const issued = number()
  if (bytes[at++] !== 0x22) return undefined
  const length = number()
  const query = bytes.subarray(at, at + length).toString('utf8')
  return query === jql && now - issued <= LIFE && Number.isSafeInteger(served) ? served : undefined
}
