import { raise } from '../values.ts'

const cache = new Map<string, RegExp>()

/**
 * A pattern in RE2's language as Sheets takes it: leading flags `(?i)`, named groups `(?P<name>…)`, `\z`. Look-around
 * and back references are refused, as RE2 does.
 */
export function regularExpression(name: string, pattern: string, flags = ''): RegExp {
  const key = `${flags}/${pattern}`
  let compiled = cache.get(key)
  if (compiled) {
    compiled.lastIndex = 0
    return compiled
  }
  if (/\(\?<?[=!]/.test(pattern) || /\\[1-9]/.test(pattern)) return invalid(name, pattern)
  const inline = /^\(\?([ims]+)\)/.exec(pattern)
  const source = pattern
    .slice(inline?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\z', '$')
    .replaceAll('\\A', '^')
  try {
    compiled = new RegExp(source, `${flags}${inline?.[1] ?? ''}u`)
  } catch {
    try {
      compiled = new RegExp(source, `${flags}${inline?.[1] ?? ''}`)
    } catch {
      return invalid(name, pattern)
    }
  }
  if (cache.size > 2000) cache.clear()
  cache.set(key, compiled)
  return compiled
}

const invalid = (name: string, pattern: string) =>
  raise('REF', `Function ${name} parameter 2 value "${pattern}" is not a valid regular expression.`)
