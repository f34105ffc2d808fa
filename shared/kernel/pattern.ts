/**
 * A contract's `pattern` as a regular expression. Jira's are Java's, whose class of digits has another name here. One
 * that still cannot be read (Okta has such) refuses nothing.
 *
 * @example readPattern('^\\p{Digit}+$', 'u').test('12') // true
 */
export function readPattern(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern.replaceAll('\\p{Digit}', '\\d'), flags)
  } catch {
    return /(?:)/
  }
}
// Ajv writes this name into code that it prints; nothing here prints any.
readPattern.code = 'readPattern'
