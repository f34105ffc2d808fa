import { fieldErrors } from '../../errors.ts'
import type { Issue } from '../../tables.ts'
import { addComment, editComment, removeComment } from '../comments.ts'
import { isObject } from '../fields/values.ts'
import { linkIssues } from '../links.ts'
import { addWorklog, removeWorklog } from '../worklogs.ts'
import type { Writer } from './create.ts'
import type { Deferred } from './fields.ts'

/** Runs the verbs of `update` that write other rows than the issue's. */
export function runDeferred(writer: Writer, issue: Issue, deferred: readonly Deferred[]): void {
  for (const { field, verb, value } of deferred) {
    const given = isObject(value) ? value : {}
    const work = WORK[`${field}.${verb}`]
    if (!work) throw fieldErrors({ [field]: `Field with id '${field}' does not support operation '${verb}'` })
    work(writer, issue, given)
  }
}

const WORK: Readonly<Record<string, (writer: Writer, issue: Issue, given: Record<string, unknown>) => unknown>> = {
  'comment.add': (writer, issue, given) => addComment(writer, issue, given),
  'comment.edit': (writer, issue, given) => editComment(writer, issue, String(given.id), given),
  'comment.remove': (writer, issue, given) => removeComment(writer, issue, String(given.id)),
  'worklog.add': (writer, issue, given) => addWorklog(writer, issue, given, {}),
  'worklog.remove': (writer, issue, given) => removeWorklog(writer, issue, String(given.id), {}),
  'issuelinks.add': (writer, issue, given) =>
    linkIssues(writer, {
      ...given,
      ...(given.outwardIssue ? { inwardIssue: { id: issue.id } } : { outwardIssue: { id: issue.id } }),
    }),
}
