import type { Reply } from '../../shared/kernel/reply.ts'

/** `fields=id,status,profile:(firstName,city)`: the named members, `id` always among them. */
export function projected(reply: Reply, fields: string | undefined): Reply {
  if (!fields || reply.status !== 200) return reply
  const keep = fieldTree(fields)
  const cut = (value: unknown): unknown => (Array.isArray(value) ? value.map(cut) : select(value, keep, true))
  return { ...reply, body: cut(reply.body) }
}

type FieldTree = Map<string, FieldTree | undefined>

function fieldTree(text: string): FieldTree {
  const tree: FieldTree = new Map()
  for (const [, name, nested] of text.matchAll(/([\w.]+)(?::\(([^()]*)\))?/g)) {
    tree.set(name as string, nested === undefined ? undefined : fieldTree(nested))
  }
  return tree
}

function select(value: unknown, tree: FieldTree, root: boolean): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      if (root && (name === 'id' || name === '_links')) return [[name, member]]
      if (!tree.has(name)) return []
      const nested = tree.get(name)
      return [[name, nested ? select(member, nested, false) : member]]
    }),
  )
}
