import { nextId } from '../context.ts'
import { badRequest, notFound, payloadError } from '../errors.ts'
import type { ChangeItem, Issue, IssueLink, IssueLinkType } from '../tables.ts'
import { record } from './changelog.ts'
import { addComment } from './comments.ts'
import { isObject } from './fields/values.ts'
import type { Writer } from './issues/create.ts'
import { projectOf, seenBy } from './issues/find.ts'
import { can } from './permissions.ts'

function typeOf({ site }: Writer, value: unknown): IssueLinkType {
  if (!isObject(value)) throw payloadError()
  const types = site.tables.issueLinkTypes.all()
  const lower = (text: unknown) => String(text ?? '').toLowerCase()
  const type =
    value.id !== undefined
      ? site.tables.issueLinkTypes.get(String(value.id))
      : types.find((t) => lower(t.name) === lower(value.name ?? value.inward ?? value.outward))
  if (type) return type
  throw notFound(
    value.id !== undefined
      ? `No issue link type with id '${value.id}' found.`
      : `No issue link type with name '${value.name}' found.`,
  )
}

/**
 * Links two issues. `inwardIssue` is the source ("blocks"), `outwardIssue` the destination; linking twice makes one
 * link and answers the same.
 */
export function linkIssues(writer: Writer, given: Readonly<Record<string, unknown>>): void {
  const { site, user } = writer
  const type = typeOf(writer, given.type)
  const issueOf = (value: unknown): Issue => {
    if (!isObject(value) || (value.id === undefined && value.key === undefined)) throw payloadError()
    return seenBy(site, user, String(value.id ?? value.key))
  }
  const source = issueOf(given.inwardIssue)
  const target = issueOf(given.outwardIssue)
  if (source.id === target.id) throw badRequest('You cannot link an issue to itself.')
  const project = projectOf(site, source)
  if (!can(site, user, 'LINK_ISSUES', project, source))
    throw notFound(`No Link Issue Permission for issue '${source.key}'`)
  const known = site.tables.issueLinks
    .where('issue', source.id)
    .some((link) => link.typeId === type.id && link.sourceId === source.id && link.targetId === target.id)
  if (!known) insertLink(writer, type, source, target)
  if (isObject(given.comment)) addComment(writer, source, given.comment)
}

function insertLink(writer: Writer, type: IssueLinkType, source: Issue, target: Issue) {
  const { site } = writer
  const link = site.tables.issueLinks.insert({
    id: nextId(site, 'issueLink'),
    typeId: type.id,
    sourceId: source.id,
    targetId: target.id,
  })
  note(writer, source, target, `This issue ${type.outward} ${target.key}`, 'add')
  note(writer, target, source, `This issue ${type.inward} ${source.key}`, 'add')
  site.emit({ type: 'issuelink_created', link })
}

export function unlink(writer: Writer, link: IssueLink): void {
  const { site } = writer
  const type = site.tables.issueLinkTypes.get(link.typeId)
  const [source, target] = [site.tables.issues.get(link.sourceId), site.tables.issues.get(link.targetId)]
  site.tables.issueLinks.remove(link.id)
  if (type && source && target) {
    note(writer, source, target, `This issue ${type.outward} ${target.key}`, 'remove')
    note(writer, target, source, `This issue ${type.inward} ${source.key}`, 'remove')
  }
  site.emit({ type: 'issuelink_deleted', link })
}

function note({ site, user }: Writer, issue: Issue, other: Issue, text: string, verb: 'add' | 'remove') {
  const [id, words] = [other.key, text]
  const item: ChangeItem = {
    field: 'Link',
    fieldtype: 'jira',
    fieldId: 'issuelinks',
    from: verb === 'remove' ? id : null,
    fromString: verb === 'remove' ? words : null,
    to: verb === 'add' ? id : null,
    toString: verb === 'add' ? words : null,
  }
  record(site, user, issue.id, [item])
  site.tables.issues.patch(issue.id, { updated: site.now })
}
