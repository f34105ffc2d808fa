import { numberIn } from '../coerce.ts'
import type { Scope } from '../scope.ts'
import { CellError, compare, type Scalar } from '../values.ts'

export type Test = (value: Scalar) => boolean

/** A pattern with `*`, `?` and `~` as a regular expression over the whole text. */
export function wildcard(pattern: string): RegExp {
  let source = ''
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] as string
    if (character === '~' && i + 1 < pattern.length) source += escapePattern(pattern[++i] as string)
    else if (character === '*') source += '[\\s\\S]*'
    else if (character === '?') source += '[\\s\\S]'
    else source += escapePattern(character)
  }
  return new RegExp(`^${source}$`, 'iu')
}

export const hasWildcard = (text: string) => /[*?~]/.test(text)
const escapePattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')

/** The condition of SUMIF and its kin: `">5"`, `"<>"`, `"a*"`, a value. */
export function criterion(condition: Scalar, scope: Scope): Test {
  if (condition instanceof CellError) return (value) => value instanceof CellError && value.type === condition.type
  if (typeof condition !== 'string') {
    if (condition === null) return equals(0)
    return equals(condition)
  }
  const [, operator = '=', operand = ''] = /^(<>|<=|>=|<|>|=)?([\s\S]*)$/.exec(condition) ?? []
  const explicit = /^[<>=]/.test(condition)
  const number = operand === '' ? undefined : numberIn(operand, scope)
  const boolean = /^(true|false)$/i.test(operand) ? operand.toLowerCase() === 'true' : undefined
  if (operator === '=' || operator === '<>') {
    const test = equality(operand, number, boolean, explicit)
    return operator === '=' ? test : (value) => !test(value)
  }
  const bound = number ?? boolean ?? operand
  return (value) => {
    if (value === null || value instanceof CellError || typeof value !== typeof bound) return false
    const order = compare(value, bound)
    return operator === '<' ? order < 0 : operator === '>' ? order > 0 : operator === '<=' ? order <= 0 : order >= 0
  }
}

function equality(operand: string, number: number | undefined, boolean: boolean | undefined, explicit: boolean): Test {
  if (operand === '') return explicit ? (value) => value === null : (value) => value === null || value === ''
  if (number !== undefined)
    return (value) => value === number || (typeof value === 'string' && value.toLowerCase() === operand.toLowerCase())
  if (boolean !== undefined) return (value) => value === boolean
  const pattern = wildcard(operand)
  return (value) => typeof value === 'string' && pattern.test(value)
}

const equals =
  (expected: number | boolean): Test =>
  (value) =>
    value === expected ||
    (typeof value === 'string' && typeof expected === 'number' && value.trim() !== '' && Number(value) === expected)
