import { children, ExpressionSyntaxError, type Node } from './ast.ts'
import { EXPENSIVE } from './evaluate.ts'
import { leaves, parse } from './parser.ts'

const LENGTH_LIMIT = 1000
const LEAF_LIMIT = 100

export interface Finding {
  readonly line?: number
  readonly column?: number
  readonly message: string
  readonly type: 'syntax' | 'type' | 'other'
}

/** An expression's tree, or why it cannot be used. */
export function checked(source: string): { readonly node?: Node; readonly errors: readonly Finding[] } {
  const errors: Finding[] = []
  if (source.length > LENGTH_LIMIT)
    errors.push({
      message: `Jira expression is too long (${source.length}), limit: ${LENGTH_LIMIT} characters`,
      type: 'other',
    })
  try {
    const node = parse(source)
    const count = leaves(node)
    if (count > LEAF_LIMIT)
      errors.push({
        message: `Jira expression has too many nodes (${count}), limit: ${LEAF_LIMIT} leaves`,
        type: 'other',
      })
    return { node, errors }
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error
    return { errors: [...errors, { line: error.line, column: error.column, message: error.message, type: 'syntax' }] }
  }
}

/** Variables an expression uses that nothing in it or in the context defines. */
export function unknownNames(node: Node, known: ReadonlySet<string>): string[] {
  if (node.kind === 'name') return known.has(node.name) ? [] : [node.name]
  if (node.kind === 'arrow') return unknownNames(node.body, new Set([...known, ...node.names]))
  if (node.kind === 'let')
    return [...unknownNames(node.value, known), ...unknownNames(node.body, new Set([...known, node.name]))]
  return children(node).flatMap((part) => unknownNames(part, known))
}

const RESULT: Readonly<Record<string, string>> = { object: 'Map', list: 'List', template: 'String', arrow: 'Function' }
const LITERAL: Readonly<Record<string, string>> = { number: 'Number', string: 'String', boolean: 'Boolean' }

/** The type of a value as far as it can be told without evaluating. */
export function typeOf(node: Node): string {
  if (node.kind === 'literal') return node.value === null ? 'null' : (LITERAL[typeof node.value] as string)
  if (node.kind === 'new') return node.name
  if (node.kind === 'let') return typeOf(node.body)
  if (node.kind === 'unary') return { '!': 'Boolean', '-': 'Number', typeof: 'String' }[node.operator] as string
  if (node.kind === 'choice') return typeOf(node.yes) === typeOf(node.no) ? typeOf(node.yes) : 'Any'
  if (node.kind === 'binary') {
    if (/^([=!]=|[<>]=?|&&|\|\|)$/.test(node.operator)) return 'Boolean'
    if (/^[-*/%]$/.test(node.operator)) return 'Number'
    if (node.operator !== '+') return 'Any'
    const types = [typeOf(node.left), typeOf(node.right)]
    return types.includes('String') ? 'String' : types.every((type) => type === 'Number') ? 'Number' : 'Any'
  }
  return RESULT[node.kind] ?? 'Any'
}

/** How an expensive operation repeats: once, or once per element of a list that a variable stands for. */
export function complexity(node: Node): { expensiveOperations: string; variables: Record<string, string> } {
  const variables = new Map<string, string>()
  const counts = new Map<string, number>()
  const walk = (part: Node, factor: string) => {
    if (part.kind === 'member' && part.key.kind === 'literal' && EXPENSIVE.includes(String(part.key.value)))
      counts.set(factor, (counts.get(factor) ?? 0) + 1)
    if (part.kind === 'call' && part.callee.kind === 'member' && part.given.some(({ kind }) => kind === 'arrow')) {
      const list = written(part.callee.of)
      const name = variables.get(list) ?? (variables.size === 0 ? 'N' : `N${variables.size}`)
      walk(part.callee, factor)
      const before = counts.size
      for (const given of part.given) walk(given, factor === '' ? name : `${factor} * ${name}`)
      if (counts.size > before) variables.set(list, name)
      return
    }
    for (const inner of children(part)) walk(inner, factor)
  }
  walk(node, '')
  const terms = [...counts].map(([factor, count]) =>
    factor === '' ? String(count) : count === 1 ? factor : `${count} * ${factor}`,
  )
  return {
    expensiveOperations: terms.join(' + ') || '0',
    variables: Object.fromEntries([...variables].map(([list, name]) => [name, list])),
  }
}

/** A list's expression in words short enough to name it. */
function written(node: Node): string {
  if (node.kind === 'name') return node.name
  if (node.kind === 'member' && node.key.kind === 'literal') return `${written(node.of)}.${node.key.value}`
  return '…'
}
