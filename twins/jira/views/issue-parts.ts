import { type Reader, self, shown } from '../context.ts'
import { toHtml } from '../rules/adf/html.ts'
import { toWiki } from '../rules/adf/to-wiki.ts'
import type { AdfDocument } from '../rules/adf/types.ts'
import { formatDuration } from '../rules/duration.ts'
import { canRead } from '../rules/permissions.ts'
import type {
  Attachment,
  Change,
  Comment,
  Issue,
  IssueLink,
  IssueLinkType,
  RemoteLink,
  Visibility,
  Worklog,
} from '../tables.ts'
import { categoryView, issueTypeView, priorityView, statusView } from './configuration.ts'
import { userView } from './people.ts'

export const richText = (reader: Reader, body: AdfDocument) => (reader.api === '2' ? toWiki(body) : body)

const visibilityView = ({ type, value, identifier }: Visibility) => ({ type, value, identifier })

export function commentView(reader: Reader, comment: Comment, expand: readonly string[] = []) {
  const properties = reader.site.tables.properties.where('entity', ['comment', comment.id])
  return {
    self: self(reader, `issue/${comment.issueId}/comment/${comment.id}`),
    id: comment.id,
    author: userView(reader, comment.authorId),
    body: richText(reader, comment.body),
    ...(expand.includes('renderedBody') && { renderedBody: toHtml(comment.body) }),
    updateAuthor: userView(reader, comment.updateAuthorId),
    created: shown(reader, comment.created),
    updated: shown(reader, comment.updated),
    ...(comment.visibility && { visibility: visibilityView(comment.visibility) }),
    ...(comment.parentId && { parentId: Number(comment.parentId) }),
    jsdPublic: comment.jsdPublic,
    ...(expand.includes('properties') && { properties: properties.map(({ key, value }) => ({ key, value })) }),
  }
}

/** Comments of an issue that the reader may read, oldest first. */
export const readableComments = (reader: Reader, issue: Issue): Comment[] =>
  reader.site.tables.comments
    .where('issue', issue.id)
    .filter((comment) => canRead(reader.site, reader.user, issue.projectId, comment.visibility))

export const readableWorklogs = (reader: Reader, issue: Issue): Worklog[] =>
  reader.site.tables.worklogs
    .where('issue', issue.id)
    .filter((worklog) => canRead(reader.site, reader.user, issue.projectId, worklog.visibility))

/** The `comment` field. */
export function commentField(reader: Reader, issue: Issue) {
  const comments = readableComments(reader, issue).map((comment) => commentView(reader, comment))
  return {
    comments,
    self: self(reader, `issue/${issue.id}/comment`),
    maxResults: comments.length,
    total: comments.length,
    startAt: 0,
  }
}

export function worklogView(reader: Reader, worklog: Worklog, expand: readonly string[] = []) {
  const properties = reader.site.tables.properties.where('entity', ['worklog', worklog.id])
  return {
    self: self(reader, `issue/${worklog.issueId}/worklog/${worklog.id}`),
    author: userView(reader, worklog.authorId),
    updateAuthor: userView(reader, worklog.updateAuthorId),
    ...(worklog.comment && { comment: richText(reader, worklog.comment) }),
    created: shown(reader, worklog.created),
    updated: shown(reader, worklog.updated),
    ...(worklog.visibility && { visibility: visibilityView(worklog.visibility) }),
    started: shown(reader, worklog.started),
    timeSpent: formatDuration(worklog.seconds),
    timeSpentSeconds: worklog.seconds,
    id: worklog.id,
    issueId: worklog.issueId,
    ...(expand.includes('properties') && { properties: properties.map(({ key, value }) => ({ key, value })) }),
  }
}

/** The `worklog` field: the twenty oldest. */
export function worklogField(reader: Reader, issue: Issue) {
  const worklogs = readableWorklogs(reader, issue)
  return {
    startAt: 0,
    maxResults: 20,
    total: worklogs.length,
    worklogs: worklogs.slice(0, 20).map((worklog) => worklogView(reader, worklog)),
  }
}

const isImage = (attachment: Attachment) => attachment.mimeType.startsWith('image/')

export function attachmentView(reader: Reader, attachment: Attachment) {
  return {
    self: self(reader, `attachment/${attachment.id}`),
    id: attachment.id,
    filename: attachment.filename,
    author: userView(reader, attachment.authorId),
    created: shown(reader, attachment.created),
    size: attachment.bytes.byteLength,
    mimeType: attachment.mimeType,
    content: self(reader, `attachment/content/${attachment.id}`),
    ...(isImage(attachment) && { thumbnail: self(reader, `attachment/thumbnail/${attachment.id}`) }),
  }
}

export const linkTypeView = (reader: Reader, type: IssueLinkType) => ({
  id: type.id,
  name: type.name,
  inward: type.inward,
  outward: type.outward,
  self: self(reader, `issueLinkType/${type.id}`),
})

/** An issue within another one: parent, sub-task, linked issue. */
export function slimIssue(reader: Reader, issue: Issue) {
  const { tables } = reader.site
  const status = tables.statuses.get(issue.statusId)
  const priority = issue.priorityId ? tables.priorities.get(issue.priorityId) : undefined
  const type = tables.issueTypes.get(issue.typeId)
  return {
    id: issue.id,
    key: issue.key,
    self: self(reader, `issue/${issue.id}`),
    fields: {
      summary: issue.summary,
      ...(status && { status: statusView(reader, status) }),
      ...(priority && { priority: priorityView(reader, priority) }),
      ...(type && { issuetype: issueTypeView(reader, type) }),
    },
  }
}

/** A link as one of its ends shows it: the source sees `outwardIssue`, the target `inwardIssue`. */
export function linkView(reader: Reader, link: IssueLink, from?: string) {
  const { tables } = reader.site
  const type = tables.issueLinkTypes.get(link.typeId)
  const [source, target] = [tables.issues.get(link.sourceId), tables.issues.get(link.targetId)]
  return {
    id: link.id,
    self: self(reader, `issueLink/${link.id}`),
    ...(type && { type: linkTypeView(reader, type) }),
    ...(from !== link.sourceId && source && { inwardIssue: slimIssue(reader, source) }),
    ...(from !== link.targetId && target && { outwardIssue: slimIssue(reader, target) }),
  }
}

export const remoteLinkView = (reader: Reader, link: RemoteLink) => ({
  id: Number(link.id),
  self: self(reader, `issue/${link.issueId}/remotelink/${link.id}`),
  ...(link.globalId !== undefined && { globalId: link.globalId }),
  application: link.application ?? {},
  ...(link.relationship !== undefined && { relationship: link.relationship }),
  object: link.object,
})

/** One entry of the history. */
export const changeView = (reader: Reader, change: Change) => ({
  id: change.id,
  ...(change.authorId && { author: userView(reader, change.authorId) }),
  created: shown(reader, change.created),
  items: change.items,
  ...(change.historyMetadata && { historyMetadata: change.historyMetadata }),
})

export const statusCategoryOf = (reader: Reader, issue: Issue) => {
  const status = reader.site.tables.statuses.get(issue.statusId)
  return status ? categoryView(reader, status.category) : null
}
