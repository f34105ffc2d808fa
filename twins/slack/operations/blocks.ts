import { done, fail, invalidArguments } from '../errors.ts'
import { json, text } from '../rules/arguments.ts'
import { messageIssues } from '../rules/blocks/blocks.ts'
import type { Issue } from '../rules/blocks/check.ts'
import { viewIssues } from '../rules/blocks/view.ts'
import { operations } from './define.ts'

const KINDS = ['blocks', 'message', 'view'] as const

const issuesOf: Record<(typeof KINDS)[number], (value: unknown) => Issue[]> = {
  blocks: (value) => messageIssues(value),
  message: (value) => messageIssues((value as { blocks?: unknown } | undefined)?.blocks ?? [], '/message/blocks'),
  view: viewIssues,
}

export const blocks = operations({
  'blocks.validate': ({ query }) => {
    const given = KINDS.filter((kind) => text(query[kind] as unknown) !== undefined)
    const [kind] = given
    if (!kind || given.length > 1) throw invalidArguments('must provide exactly one of blocks, message or view')
    const issues = issuesOf[kind](json(query[kind]))
    if (issues.length === 0) return done()
    throw fail(`invalid_${kind}`, {
      errors: issues.map(({ message, pointer, constraint }) => ({
        code: 'failed_constraint',
        message,
        pointer,
        constraint,
      })),
    })
  },
})
