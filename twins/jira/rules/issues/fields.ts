import type { Site } from '../../context.ts'
import type { Issue, Project, User } from '../../tables.ts'
import { applies, fieldOf } from '../fields/registry.ts'
import { type Field, FieldProblem, type WriteContext } from '../fields/types.ts'
import { isObject } from '../fields/values.ts'
import { can } from '../permissions.ts'

/** What a write found: changes of the row, errors by field, and the verbs that write other rows. */
export interface Written {
  readonly change: Partial<Issue>
  readonly errors: Record<string, string>
  readonly deferred: readonly Deferred[]
}

/** `update.comment[{add}]` and its kin, done once the issue is saved. */
export interface Deferred {
  readonly field: 'comment' | 'worklog' | 'issuelinks' | 'attachment'
  readonly verb: string
  readonly value: unknown
}

const DEFERRED: readonly string[] = ['comment', 'worklog', 'issuelinks', 'attachment']

export interface Target {
  readonly site: Site
  readonly user: User | undefined
  readonly api: '2' | '3'
  readonly project: Project
  readonly typeId: string
  /** The issue as it is, or as it is about to be made. */
  readonly issue: Issue
  readonly creating: boolean
  /** Whether a field may be set here: on the screen, in view of the caller's permissions. */
  allows(field: Field): boolean
}

export const notOnScreen = (id: string) =>
  `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`

/** Reads `fields` and `update` of a request. All errors are collected; nothing is written here. */
export function readFields(target: Target, fields: unknown, update: unknown): Written {
  const { site } = target
  const errors: Record<string, string> = {}
  const deferred: Deferred[] = []
  let issue = target.issue
  const put = (field: Field, stored: unknown) => {
    issue = { ...issue, ...field.set?.(stored, issue) }
  }
  const given = isObject(fields) ? fields : {}
  const verbs = isObject(update) ? update : {}
  for (const id of Object.keys(given)) {
    if (id in verbs) errors[id] = `Field '${id}' cannot appear in both 'fields' and 'update'`
  }
  for (const [id, value] of Object.entries(given)) {
    if (id in errors || id === 'project' || id === 'issuetype' || id === 'parent') continue
    attempt(errors, id, () => {
      const field = writable(target, id)
      put(field, field.kind.parse?.(value, context(target, field)))
    })
  }
  for (const [id, operations] of Object.entries(verbs)) {
    if (id in errors || id === 'parent') continue
    attempt(errors, id, () => {
      if (!Array.isArray(operations)) throw new FieldProblem('data was not an array')
      for (const operation of operations) {
        const [verb, value] = Object.entries(isObject(operation) ? operation : {})[0] ?? []
        if (verb === undefined) continue
        if (DEFERRED.includes(id)) deferred.push({ field: id as Deferred['field'], verb, value })
        else {
          const field = writable(target, id)
          put(field, applied(target, field, field.get(issue), verb, value))
        }
      }
    })
  }
  return { change: difference(target.issue, issue), errors, deferred: site ? deferred : [] }
}

function attempt(errors: Record<string, string>, id: string, work: () => void) {
  try {
    work()
  } catch (error) {
    if (!(error instanceof FieldProblem)) throw error
    errors[id] = error.message
  }
}

const context = ({ site, user, api, project, typeId, issue }: Target, field: Field): WriteContext => ({
  site,
  user,
  api,
  project,
  typeId,
  issue,
  field,
})

function writable(target: Target, id: string): Field {
  const { site, project, typeId } = target
  const field = fieldOf(site, id)
  if (!field?.set || !field.kind.parse || !applies(site, field, project, typeId) || !target.allows(field)) {
    throw new FieldProblem(notOnScreen(id))
  }
  return field
}

/** One verb of `update` on a field's value. */
function applied(target: Target, field: Field, before: unknown, verb: string, value: unknown): unknown {
  const { kind } = field
  if (!kind.operations.includes(verb)) {
    throw new FieldProblem(
      `Field with id '${field.id}' and name '${field.name}' does not support operation '${verb}' Supported operation(s) are: '${kind.operations.join(', ')}'`,
    )
  }
  if (verb === 'set' || verb === 'edit') return kind.parse?.(value, context(target, field))
  const [changed] = (kind.parse?.([value], context(target, field)) ?? []) as unknown[]
  const list = (before ?? []) as unknown[]
  if (verb === 'remove') return list.filter((item) => item !== changed)
  const next = list.includes(changed) ? list : [...list, changed]
  return field.schema?.items === 'string' ? [...(next as string[])].sort() : next
}

function difference(before: Issue, after: Issue): Partial<Issue> {
  const entries = Object.entries(after).filter(([name, value]) => before[name as keyof Issue] !== value)
  return Object.fromEntries(entries)
}

/** Permission a field needs beside that of editing or creating. */
const NEEDS: Readonly<Record<string, string>> = {
  reporter: 'MODIFY_REPORTER',
  assignee: 'ASSIGN_ISSUES',
  duedate: 'SCHEDULE_ISSUES',
  security: 'SET_ISSUE_SECURITY',
  resolution: 'RESOLVE_ISSUES',
  fixVersions: 'RESOLVE_ISSUES',
}

export function permitted(site: Site, user: User | undefined, project: Project, field: Field, issue?: Issue): boolean {
  const needed = NEEDS[field.id]
  return needed === undefined || can(site, user, needed, project, issue)
}
