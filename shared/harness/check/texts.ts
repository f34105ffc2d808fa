import { changesOf } from './changes.ts'
import type { Facts } from './facts.ts'

/** Kinds in which people read what software wrote. */
const READ = ['slack.messages', 'slack.ephemerals', 'jira.comments', 'jira.issues', 'docs.documents', 'drive.comments']

/** Every text that came or changed in the kinds people read, with its row. */
export function textsOf(facts: Facts): { text: string; ref: string }[] {
  return READ.filter((kind) => facts.kinds.includes(kind)).flatMap((kind) =>
    changesOf(kind, facts)
      .filter(({ after }) => after !== undefined)
      .map(({ after, id }) => ({ text: strings(after).join('\n'), ref: `D ${kind} ${id}` })),
  )
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(strings)
}
