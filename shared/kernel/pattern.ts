/** Java's names of ASCII classes, which JavaScript does not know: Jira's contract has `\p{Digit}`. */
const JAVA: Readonly<Record<string, string>> = {
  Digit: '0-9',
  Alpha: 'a-zA-Z',
  Alnum: 'a-zA-Z0-9',
  Lower: 'a-z',
  Upper: 'A-Z',
}

/**
 * A contract's `pattern` as a regular expression: Java's classes read as Java does. One that still cannot be read (Okta
 * has such) refuses nothing.
 *
 * @example readPattern('^\\p{Digit}+$', 'u').test('12') // true
 */
export function readPattern(pattern: string, flags: string): RegExp {
  const read = pattern.replace(/\[[^\]]*\]|\\p\{(\w+)\}/g, (part) => {
    const inClass = part.startsWith('[')
    return part.replace(/\\p\{(\w+)\}/g, (whole, name) => {
      const range = JAVA[name]
      if (range === undefined) return whole
      return inClass ? range : `[${range}]`
    })
  })
  try {
    return new RegExp(read, flags)
  } catch {
    return /(?:)/
  }
}
// Ajv writes this name into code that it prints; nothing here prints any.
readPattern.code = 'readPattern'
