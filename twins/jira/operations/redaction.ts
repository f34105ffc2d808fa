import { createHash } from 'node:crypto'
import { ServiceError } from '../../../shared/kernel/dialect.ts'
import { ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, requireAdmin } from '../context.ts'
import { badRequest, forbidden, notFound } from '../errors.ts'
import type { AdfDocument } from '../rules/adf/types.ts'
import { fieldOf } from '../rules/fields/registry.ts'
import { isObject } from '../rules/fields/values.ts'
import { saveIssue } from '../rules/issues/save.ts'
import { patched, valueAt } from '../rules/json-patch.ts'
import type { Issue } from '../tables.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

/** Redacting needs Guard Premium, which comes with the Enterprise plan. */
function requireGuard(call: JiraCall): void {
  requireAdmin(call)
  if (call.tables.settings.get('plan')?.value !== 'enterprise')
    throw forbidden('Redacting needs a subscription of Atlassian Guard Premium.')
}

interface Position {
  readonly adfPointer?: unknown
  readonly expectedText: string
  readonly from: number
  readonly to: number
}

/** What blacked-out text consists of. */
const BLACK = '█'

/** SHA-256 as its caller encodes it: the hexadecimal digest in Base64. */
const digest = (text: string) => Buffer.from(createHash('sha256').update(text).digest('hex')).toString('base64')

function blackOut(text: unknown, { from, to, expectedText }: Position): string {
  if (typeof text !== 'string' || from < 0 || to <= from || to > text.length)
    throw badRequest('The position is not in the text.')
  if (digest(text.slice(from, to)) !== expectedText) throw badRequest('The text at the position is another one.')
  return text.slice(0, from) + BLACK.repeat(to - from) + text.slice(to)
}

/** A plain text, or one text of a document. */
function redacted(value: unknown, position: Position): unknown {
  if (!isObject(value)) return blackOut(value, position)
  const path = String(position.adfPointer ?? '')
  return patched(value, [{ op: 'replace', path, value: blackOut(valueAt(value, path), position) }])
}

function redactField(call: JiraCall, issue: Issue, fieldId: string, position: Position): void {
  const field = fieldOf(call, fieldId)
  if (!field?.set) throw badRequest(`The field '${fieldId}' cannot be redacted.`)
  saveIssue(call, call.caller.user, issue, field.set(redacted(field.get(issue), position), issue))
}

function redact(call: JiraCall, item: Record<string, unknown>, position: Position): void {
  const issue = call.tables.issues.get(String(item.id))
  if (!issue) throw notFound('The issue does not exist.')
  const entityId = String(item.entityId)
  if (item.entityType === 'issuefieldvalue') {
    redactField(call, issue, entityId, position)
    return
  }
  const comment = item.entityType === 'issue-comment' ? call.tables.comments.get(entityId) : undefined
  if (comment?.issueId === issue.id) {
    call.tables.comments.replace({ ...comment, body: redacted(comment.body, position) as AdfDocument })
    return
  }
  const worklog = item.entityType === 'issue-worklog' ? call.tables.worklogs.get(entityId) : undefined
  if (worklog?.issueId !== issue.id) throw notFound('There is nothing to redact.')
  call.tables.worklogs.replace({ ...worklog, comment: redacted(worklog.comment, position) as AdfDocument })
}

/** One redaction; what cannot be done is told, and stops no other. */
function attempt(call: JiraCall, given: Record<string, unknown>): boolean {
  const { contentItem, redactionPosition } = given
  if (!isObject(contentItem) || !isObject(redactionPosition)) return false
  const { adfPointer, expectedText, from, to } = redactionPosition
  try {
    const position = { adfPointer, expectedText: String(expectedText), from: Number(from), to: Number(to) }
    redact(call, contentItem, position)
    return true
  } catch (error) {
    if (error instanceof ServiceError) return false
    throw error
  }
}

/** Blacks out parts of texts for good. Jobs are done at once. */
export const redaction = operations({
  redact(call) {
    requireGuard(call)
    const { redactions } = bodyOf(call)
    const rows = (Array.isArray(redactions) ? redactions : []).filter(isObject)
    if (rows.length === 0) throw badRequest('At least one redaction must be provided.')
    const ids = rows.map((row) => String(row.externalId))
    if (new Set(ids).size < ids.length) throw badRequest('The external ids of redactions must be unique.')
    const results = rows.map((row) => ({ externalId: String(row.externalId), successful: attempt(call, row) }))
    const job = call.tables.redactionJobs.insert({ id: call.random.uuid(), results })
    return { status: 202, body: job.id }
  },
  getRedactionStatus(call) {
    requireGuard(call)
    const job = call.tables.redactionJobs.get(call.params.jobId)
    if (!job) throw notFound(`The redaction job ${call.params.jobId} was not found.`)
    return ok({ jobStatus: 'COMPLETED', bulkRedactionResponse: { results: job.results } })
  },
})
