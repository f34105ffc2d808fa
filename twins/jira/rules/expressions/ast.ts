/** A Jira expression: the subset of JavaScript that Atlassian documents, as a tree. */
export type Node =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly (string | Node)[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly entries: readonly { readonly key: string; readonly value: Node }[] }
  | { readonly kind: 'member'; readonly of: Node; readonly key: Node; readonly optional: boolean }
  | { readonly kind: 'call'; readonly callee: Node; readonly given: readonly Node[] }
  | { readonly kind: 'new'; readonly name: string; readonly given: readonly Node[] }
  | { readonly kind: 'arrow'; readonly names: readonly string[]; readonly body: Node }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Node }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Node; readonly right: Node }
  | { readonly kind: 'choice'; readonly test: Node; readonly yes: Node; readonly no: Node }
  | { readonly kind: 'let'; readonly name: string; readonly value: Node; readonly body: Node }

/** Something an expression cannot be read as. Lines and columns count from 1. */
export class ExpressionSyntaxError extends Error {
  readonly line: number
  readonly column: number
  constructor(message: string, source: string, at: number) {
    super(message)
    const before = source.slice(0, at).split('\n')
    this.line = before.length
    this.column = (before.at(-1) ?? '').length + 1
  }
}

/** What went wrong while an expression was worked out. */
export class EvaluationError extends Error {}

/** The parts of a node, in order. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return []
    case 'template':
      return node.parts.filter((part) => typeof part !== 'string')
    case 'list':
      return node.items
    case 'object':
      return node.entries.map((entry) => entry.value)
    case 'member':
      return [node.of, node.key]
    case 'call':
      return [node.callee, ...node.given]
    case 'new':
      return node.given
    case 'arrow':
      return [node.body]
    case 'unary':
      return [node.operand]
    case 'binary':
      return [node.left, node.right]
    case 'choice':
      return [node.test, node.yes, node.no]
    case 'let':
      return [node.value, node.body]
  }
}
