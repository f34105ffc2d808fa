import { ServiceError } from '../../../shared/kernel/dialect.ts'
import { nextId } from '../context.ts'
import { badRequest, errorBody, fieldErrors, notFound } from '../errors.ts'
import type { Comment, Issue, Visibility } from '../tables.ts'
import { fromWiki } from './adf/from-wiki.ts'
import { isEmpty } from './adf/text.ts'
import type { AdfDocument } from './adf/types.ts'
import { isDocument } from './adf/validate.ts'
import { isObject, withMentionNames } from './fields/values.ts'
import type { Writer } from './issues/create.ts'
import { projectOf } from './issues/find.ts'
import { can, canRead } from './permissions.ts'

/** A comment's or worklog's text: ADF in version 3, wiki text in version 2. */
export function richBody({ site, api }: Writer, value: unknown): AdfDocument | undefined {
  if (api === '2') return typeof value === 'string' ? fromWiki(value) : undefined
  return isDocument(value) ? withMentionNames(value, site) : undefined
}

/** The group or role a comment or worklog is kept for. */
export function visibilityOf({ site, user }: Writer, projectId: string, value: unknown): Visibility | undefined {
  if (!isObject(value) || !value.type) return undefined
  const name = String(value.value ?? '')
  if (value.type === 'group') {
    const group = value.identifier
      ? site.tables.groups.get(String(value.identifier))
      : site.tables.groups.by('name', name.toLowerCase())
    if (!group) throw fieldErrors({ commentLevel: `Group: ${name} does not exist.` })
    return { type: 'group', identifier: group.groupId, value: group.name }
  }
  const role = site.tables.roles
    .all()
    .find((candidate) => String(candidate.id) === String(value.identifier) || candidate.name === name)
  if (!role) throw fieldErrors({ commentLevel: `Role: ${name} does not exist.` })
  const visibility: Visibility = { type: 'role', identifier: String(role.id), value: role.name }
  if (!canRead(site, user, projectId, visibility))
    throw fieldErrors({ commentLevel: `You are currently not a member of the project role: ${role.name}.` })
  return visibility
}

const NO_PERMISSION = 'You do not have the permission to comment on this issue.'

/** Adds a comment. Body and permission are checked together: both objections come in one answer. */
export function addComment(writer: Writer, issue: Issue, given: Readonly<Record<string, unknown>>): Comment {
  const { site, user } = writer
  const project = projectOf(site, issue)
  const messages = can(site, user, 'ADD_COMMENTS', project, issue) && !issue.archived ? [] : [NO_PERMISSION]
  const body = richBody(writer, given.body)
  const errors = commentErrors(body, given.body)
  if (messages.length > 0 || errors) throw new ServiceError({ status: 400, body: errorBody(messages, errors ?? {}) })
  const visibility = visibilityOf(writer, project.id, given.visibility)
  const internal = (Array.isArray(given.properties) ? given.properties : []).some(
    (property) => property?.key === 'sd.public.comment' && property.value?.internal === true,
  )
  const comment = site.tables.comments.insert({
    id: nextId(site, 'comment'),
    issueId: issue.id,
    authorId: user?.accountId ?? null,
    updateAuthorId: user?.accountId ?? null,
    body: body as AdfDocument,
    created: site.now,
    updated: site.now,
    ...(visibility && { visibility }),
    ...(given.parentId !== undefined && { parentId: String(given.parentId) }),
    jsdPublic: !internal,
  })
  for (const property of Array.isArray(given.properties) ? given.properties : []) {
    site.tables.properties.put({
      kind: 'comment',
      entityId: comment.id,
      key: String(property.key),
      value: property.value,
    })
  }
  touch(writer, issue)
  site.emit({ type: 'comment_created', commentId: comment.id, issueId: issue.id, accountId: user?.accountId ?? null })
  return comment
}

function commentErrors(body: AdfDocument | undefined, sent: unknown): Record<string, string> | undefined {
  if (!body)
    return {
      comment:
        sent === undefined || sent === '' || sent === null
          ? 'Comment body can not be empty!'
          : 'Comment body is not valid!',
    }
  return isEmpty(body) ? { comment: 'Comment body can not be empty!' } : undefined
}

const touch = ({ site }: Writer, issue: Issue) => site.tables.issues.patch(issue.id, { updated: site.now })

/** A comment of an issue that the caller may read, or its 404. */
export function commentOf({ site, user }: Writer, issue: Issue, id: string): Comment {
  const comment = site.tables.comments.get(id)
  if (comment?.issueId === issue.id && canRead(site, user, issue.projectId, comment.visibility)) return comment
  throw notFound(`Can not find a comment for the id: ${id}.`)
}

const mayDo = (writer: Writer, issue: Issue, authorId: string | null, verb: 'EDIT' | 'DELETE') => {
  const { site, user } = writer
  const project = projectOf(site, issue)
  const own = authorId !== null && authorId === user?.accountId
  return (
    can(site, user, `${verb}_ALL_COMMENTS`, project, issue) ||
    (own && can(site, user, `${verb}_OWN_COMMENTS`, project, issue))
  )
}

export function editComment(
  writer: Writer,
  issue: Issue,
  id: string,
  given: Readonly<Record<string, unknown>>,
): Comment {
  const { site, user } = writer
  const comment = commentOf(writer, issue, id)
  if (!mayDo(writer, issue, comment.authorId, 'EDIT')) {
    throw badRequest(`You do not have permission to edit comment with id '${id}'.`)
  }
  const body = given.body === undefined ? comment.body : richBody(writer, given.body)
  const errors = commentErrors(body, given.body)
  if (errors) throw fieldErrors(errors)
  const { visibility: before, ...rest } = comment
  const visibility = 'visibility' in given ? visibilityOf(writer, issue.projectId, given.visibility) : before
  const edited = site.tables.comments.replace({
    ...rest,
    body: body as AdfDocument,
    updated: Math.max(site.now, comment.created + 1),
    updateAuthorId: user?.accountId ?? null,
    ...(visibility && { visibility }),
  })
  for (const property of Array.isArray(given.properties) ? given.properties : []) {
    site.tables.properties.put({ kind: 'comment', entityId: id, key: String(property.key), value: property.value })
  }
  touch(writer, issue)
  site.emit({ type: 'comment_updated', commentId: id, issueId: issue.id, accountId: user?.accountId ?? null })
  return edited
}

export function removeComment(writer: Writer, issue: Issue, id: string): void {
  const { site, user } = writer
  const comment = commentOf(writer, issue, id)
  if (!mayDo(writer, issue, comment.authorId, 'DELETE')) {
    throw badRequest(`You do not have permission to delete comment with id: ${id}`)
  }
  site.emit({ type: 'comment_deleted', comment, issueId: issue.id, accountId: user?.accountId ?? null })
  site.tables.comments.remove(id)
  touch(writer, issue)
}
