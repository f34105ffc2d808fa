import type { Result, Router } from 'hono/router'

interface Node<T> {
  /** Fixed segments. */
  literals: Map<string, Node<T>> | undefined
  /** Segments with a parameter, most specific first: `{range}:append` before `{range}`. */
  patterns: Pattern<T>[]
  /** Handlers by verb. */
  leaves: Map<string, Leaf<T>> | undefined
}

interface Pattern<T> {
  /** Text before and after the parameter inside the segment. */
  readonly before: string
  readonly after: string
  readonly node: Node<T>
}

interface Leaf<T> {
  readonly handler: T
  readonly names: readonly string[]
}

const node = <T>(): Node<T> => ({ literals: undefined, patterns: [], leaves: undefined })

/**
 * A trie over the contract's paths, as Hono's `Router`.
 *
 * Hono's fastest router refuses the ambiguous siblings of our contracts and its fallback is several times slower. This
 * one prefers literals, then parameters with fixed text around them, then bare parameters, and goes back when a choice
 * leads nowhere. Google's custom verbs (`{range}:append`) are text after a parameter, so only a verb the contract
 * declares is split off, and at the last colon: `Sheet1!A1:B2:append` has range `Sheet1!A1:B2`.
 */
export class ContractRouter<T> implements Router<T> {
  readonly name = 'ContractRouter'
  readonly #root: Node<T> = node()

  /** `path` is an OpenAPI path template. */
  add(method: string, path: string, handler: T): void {
    const names: string[] = []
    let at = this.#root
    for (const segment of split(path)) {
      const open = segment.indexOf('{')
      if (open < 0) {
        at.literals ??= new Map()
        const next = at.literals.get(segment) ?? node<T>()
        at.literals.set(segment, next)
        at = next
        continue
      }
      const close = segment.indexOf('}', open)
      const before = segment.slice(0, open)
      const after = segment.slice(close + 1)
      names.push(segment.slice(open + 1, close))
      let pattern = at.patterns.find((known) => known.before === before && known.after === after)
      if (!pattern) {
        pattern = { before, after, node: node() }
        at.patterns.push(pattern)
        at.patterns.sort((a, b) => b.before.length + b.after.length - (a.before.length + a.after.length))
      }
      at = pattern.node
    }
    at.leaves ??= new Map()
    if (at.leaves.has(method)) throw new Error(`${method} ${path} has two operations`)
    at.leaves.set(method, { handler, names })
  }

  match(method: string, path: string): Result<T> {
    const values: string[] = []
    const leaf = find(this.#root, split(path), 0, values, method)
    if (!leaf) return [[]]
    const params: Record<string, string> = {}
    for (let i = 0; i < leaf.names.length; i++) params[leaf.names[i] as string] = values[i] as string
    return [[[leaf.handler, params]]]
  }

  /** Verbs that some operation of this path has; empty when the path is unknown. */
  allowed(path: string): string[] {
    const verbs = new Set<string>()
    collect(this.#root, split(path), 0, verbs)
    return [...verbs]
  }
}

function split(path: string): string[] {
  return path.split('/')
}

function find<T>(
  at: Node<T>,
  segments: string[],
  depth: number,
  values: string[],
  method: string,
): Leaf<T> | undefined {
  if (depth === segments.length) return at.leaves?.get(method)
  const segment = segments[depth] as string
  const literal = at.literals?.get(segment)
  if (literal) {
    const leaf = find(literal, segments, depth + 1, values, method)
    if (leaf) return leaf
  }
  for (const { before, after, node } of at.patterns) {
    if (!fits(segment, before, after)) continue
    values.push(segment.slice(before.length, segment.length - after.length))
    const leaf = find(node, segments, depth + 1, values, method)
    if (leaf) return leaf
    values.pop()
  }
  return undefined
}

function collect<T>(at: Node<T>, segments: string[], depth: number, verbs: Set<string>): void {
  if (depth === segments.length) {
    for (const verb of at.leaves?.keys() ?? []) verbs.add(verb)
    return
  }
  const segment = segments[depth] as string
  const literal = at.literals?.get(segment)
  if (literal) collect(literal, segments, depth + 1, verbs)
  for (const { before, after, node } of at.patterns) {
    if (fits(segment, before, after)) collect(node, segments, depth + 1, verbs)
  }
}

/** A parameter is never empty, and takes what the fixed text around it leaves. */
function fits(segment: string, before: string, after: string): boolean {
  return segment.length > before.length + after.length && segment.startsWith(before) && segment.endsWith(after)
}
