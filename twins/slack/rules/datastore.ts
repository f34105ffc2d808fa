import type { Json } from '../tables.ts'

/**
 * Expressions of a datastore query: `#name = :value and begins_with(#other, :start)`, a subset of DynamoDB's.
 *
 * @returns `undefined` when the expression cannot be read
 */
export function matcher(
  expression: string,
  attributes: Readonly<Record<string, string>>,
  values: Json,
): ((item: Json) => boolean) | undefined {
  const tests: ((item: Json) => boolean)[] = []
  for (const clause of splitClauses(expression)) {
    const test = clauseTest(clause.trim(), attributes, values)
    if (!test) return undefined
    tests.push(test)
  }
  return (item) => tests.every((test) => test(item))
}

/** Splits at `and`, but not inside `between :a and :b`. */
const splitClauses = (expression: string): string[] =>
  expression.replace(/between\s+(\S+)\s+and\s+(\S+)/gi, 'between $1 & $2').split(/\s+and\s+/i)

const OPERATORS: Readonly<Record<string, (a: unknown, b: unknown) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => (a as number) < (b as number),
  '<=': (a, b) => (a as number) <= (b as number),
  '>': (a, b) => (a as number) > (b as number),
  '>=': (a, b) => (a as number) >= (b as number),
}

function clauseTest(clause: string, attributes: Readonly<Record<string, string>>, values: Json) {
  const name = (token: string | undefined) => attributes[token ?? '']
  const compare = /^(#\w+)\s*(=|<=|>=|<|>)\s*(:\w+)$/.exec(clause)
  if (compare) {
    const [, attribute, sign, value] = compare
    const member = name(attribute)
    const operator = OPERATORS[sign as string]
    return member && operator ? (item: Json) => operator(item[member], values[value as string]) : undefined
  }
  const between = /^(#\w+)\s+between\s+(:\w+)\s+&\s+(:\w+)$/i.exec(clause)
  if (between) {
    const member = name(between[1])
    const [low, high] = [values[between[2] as string], values[between[3] as string]] as [number, number]
    return member ? (item: Json) => (item[member] as number) >= low && (item[member] as number) <= high : undefined
  }
  const call = /^(begins_with|contains)\(\s*(#\w+)\s*,\s*(:\w+)\s*\)$/i.exec(clause)
  const member = name(call?.[2])
  if (!call || !member) return undefined
  const wanted = String(values[call[3] as string])
  const starts = call[1]?.toLowerCase() === 'begins_with'
  return (item: Json) =>
    starts ? String(item[member] ?? '').startsWith(wanted) : String(item[member] ?? '').includes(wanted)
}
