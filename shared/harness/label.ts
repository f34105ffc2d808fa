import type { Facts } from './check.ts'
import { valueAt } from './predicate.ts'

/** Members by which people know a row, the most telling first. */
const TELLING = ['profile.login', 'profile.name', 'spreadsheet', 'name', 'title', 'displayName', 'real_name']

/**
 * What people call a row: `KAN-6 The belt is loose`, `grace.hall@acme.test`, `Acme handbook`; `undefined` for one that is
 * known by its id alone.
 */
export function labelOf(row: object): string | undefined {
  const [key, summary] = [valueAt(row, 'key'), valueAt(row, 'fields.summary')]
  if (typeof key === 'string') return typeof summary === 'string' ? `${key} ${summary}` : key
  const found = TELLING.map((path) => valueAt(row, path)).find((value) => typeof value === 'string' && value !== '')
  return found as string | undefined
}

/** Names of the people of Slack who occur in a text, by id. */
export function namesIn(text: string, facts: Facts): Record<string, string> {
  if (!facts.kinds.includes('slack.users')) return {}
  const people = facts.after('slack.users') as readonly { id: string; real_name?: string; name?: string }[]
  return Object.fromEntries(
    people.filter(({ id }) => text.includes(id)).map(({ id, real_name, name }) => [id, real_name || name || id]),
  )
}
