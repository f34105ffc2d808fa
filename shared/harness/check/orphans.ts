import { holds, type Predicate, valueAt } from '../predicate.ts'
import { identity, rowRef } from './changes.ts'
import type { Facts } from './facts.ts'

/** One kind of row pointing at another. */
interface Relation {
  readonly from: string
  /** Rows that do not matter any more. */
  readonly unless?: readonly [path: string, predicate: Predicate]
  /** Path of what points. */
  readonly by: string
  readonly to: string
  readonly at: string
  /** What is as good as gone. */
  readonly gone: readonly [path: string, predicate: Predicate]
  readonly means: string
}

/** Across services: an account closed in Okta is still a name in Jira. */
const RELATIONS: readonly Relation[] = [
  {
    from: 'jira.issues',
    unless: ['fields.status.statusCategory.key', 'done'],
    by: 'fields.assignee.emailAddress',
    to: 'okta.users',
    at: 'profile.login',
    gone: ['status', 'DEPROVISIONED'],
    means: 'is open and assigned to a closed account',
  },
  {
    from: 'drive.files',
    unless: ['trashed', true],
    by: 'owner',
    to: 'okta.users',
    at: 'profile.login',
    gone: ['status', 'DEPROVISIONED'],
    means: 'belongs to a closed account',
  },
  {
    from: 'drive.files',
    unless: ['trashed', true],
    by: 'parents.0',
    to: 'drive.files',
    at: 'id',
    gone: ['trashed', true],
    means: 'lies in a folder that is gone',
  },
  {
    from: 'docs.documents',
    by: 'documentId',
    to: 'drive.files',
    at: 'id',
    gone: ['id', { exists: false }],
    means: 'has no file any more',
  },
  {
    from: 'jira.comments',
    by: 'author.emailAddress',
    to: 'jira.users',
    at: 'emailAddress',
    gone: ['active', false],
    means: 'is of a closed account',
  },
]

/** Rows that point at what is gone, and did not at the start. */
export function orphans(facts: Facts): { what: string; ref: string }[] {
  return RELATIONS.filter(({ from, to }) => facts.kinds.includes(from) && facts.kinds.includes(to)).flatMap(
    (relation) => {
      const before = new Set(dangling(relation, facts.before).map(identity))
      return dangling(relation, facts.after)
        .filter((row) => !before.has(identity(row)))
        .map((row) => ({
          what: `${relation.from} ${identity(row)} ${relation.means}`,
          ref: rowRef(relation.from, row),
        }))
    },
  )
}

function dangling({ from, unless, by, to, at, gone }: Relation, rows: Facts['after']): object[] {
  const targets = new Map(rows(to).map((row) => [valueAt(row, at), row]))
  return rows(from).filter((row) => {
    const target = valueAt(row, by)
    if (target === undefined || target === null) return false
    if (unless && holds(valueAt(row, unless[0]), unless[1])) return false
    const found = targets.get(target)
    // What was never there (an outsider, a root folder that has no row) is not gone.
    return found === undefined ? isExistence(gone[1]) : holds(valueAt(found, gone[0]), gone[1])
  })
}

const isExistence = (predicate: Predicate) => typeof predicate === 'object' && predicate?.exists === false
