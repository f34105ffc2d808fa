import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { callerUser } from '../../google/caller.ts'
import { newCommentId } from '../../google/ids.ts'
import type { Comment, Reply } from '../../google/tables.ts'
import { parseTimestamp } from '../../google/time.ts'
import { commentNotFound, insufficientFilePermissions, invalidBody, invalidValue, replyNotFound } from '../errors.ts'
import { fileFor, fileOf, requireFields } from '../rules/lookup.ts'
import { pageByOrder } from '../rules/paging.ts'
import { commentView, replyView } from '../views/comment.ts'
import { type DriveCall, operations } from './define.ts'

interface CommentParams {
  readonly fileId: string
  readonly commentId: string
}

/** A comment of a file the caller can see; deleted ones only on request. */
function commentOf(call: DriveCall & { params: CommentParams }, includeDeleted = false): Comment {
  const { file } = fileOf(call, call.params.fileId)
  const comment = call.tables.comments.get(`${file.id}/${call.params.commentId}`)
  if (!comment || (comment.deleted && !includeDeleted)) throw commentNotFound(call.params.commentId)
  return comment
}

function replyOf(
  call: DriveCall & { params: CommentParams & { replyId: string } },
  includeDeleted = false,
): { comment: Comment; reply: Reply } {
  const comment = commentOf(call, includeDeleted)
  const reply = comment.replies.find(({ id }) => id === call.params.replyId)
  if (!reply || (reply.deleted && !includeDeleted)) throw replyNotFound(call.params.replyId)
  return { comment, reply }
}

/** Only who wrote it edits it. */
function checkAuthor(call: DriveCall, authorId: string): void {
  if (call.caller.user?.id !== authorId) throw insufficientFilePermissions()
}

const withReply = (comment: Comment, reply: Reply): Comment => ({
  ...comment,
  replies: comment.replies.map((other) => (other.id === reply.id ? reply : other)),
})

/** An action or an assignment on a comment: what `resolved` and the assignee become. */
const STATES: Readonly<Record<string, boolean>> = { resolve: true, reopen: false }

export const comments = operations({
  'drive.comments.list': (call) => {
    requireFields(call)
    const { file } = fileOf(call, call.params.fileId)
    const { includeDeleted = false, pageSize = 20, pageToken, startModifiedTime } = call.query
    const since = startModifiedTime === undefined ? 0 : parseTimestamp(startModifiedTime)
    if (since === undefined) throw invalidValue('startModifiedTime')
    const rows = call.tables.comments
      .where('file', file.id)
      .filter((comment) => (includeDeleted || !comment.deleted) && comment.modifiedTime >= since)
      .reverse()
      .map((comment) => ({ comment, order: -comment.order }))
    const { items, nextPageToken } = pageByOrder(rows, pageSize, pageToken, file.id)
    return ok({
      kind: 'drive#commentList',
      comments: items.map(({ comment }) => commentView(call, comment, includeDeleted)),
      ...(nextPageToken && { nextPageToken }),
    })
  },

  'drive.comments.get': (call) => {
    requireFields(call)
    const { includeDeleted } = call.query
    return ok(commentView(call, commentOf(call, includeDeleted), includeDeleted))
  },

  'drive.comments.create': (call) => {
    requireFields(call)
    const { file } = fileFor(call, call.params.fileId, 'canComment')
    const { content, anchor, quotedFileContent, assigneeEmailAddress } = call.body ?? {}
    if (!content) throw invalidBody('The comment content is required.')
    const last = call.tables.comments.scan('file', { prefix: file.id, reverse: true }).next().value
    const comment = call.tables.comments.insert({
      fileId: file.id,
      id: newCommentId(call.random),
      order: (last?.order ?? 0) + 1,
      authorId: callerUser(call).id,
      createdTime: call.now,
      modifiedTime: call.now,
      content,
      ...(anchor !== undefined && { anchor }),
      ...(quotedFileContent && { quotedFileContent }),
      ...(assigneeEmailAddress && { assignee: assigneeEmailAddress }),
      deleted: false,
      replies: [],
    })
    return ok(commentView(call, comment))
  },

  // `resolved` is read-only here: only a reply resolves.
  'drive.comments.update': (call) => {
    requireFields(call)
    const comment = commentOf(call)
    checkAuthor(call, comment.authorId)
    const { content } = call.body ?? {}
    if (content === '') throw invalidBody('The comment content is required.')
    const changed = content === undefined ? comment : { ...comment, content, modifiedTime: call.now }
    return ok(commentView(call, call.tables.comments.replace(changed)))
  },

  'drive.comments.delete': (call) => {
    const comment = commentOf(call)
    checkAuthor(call, comment.authorId)
    call.tables.comments.replace({ ...comment, deleted: true, modifiedTime: call.now })
    return noContent()
  },

  'drive.replies.list': (call) => {
    requireFields(call)
    const { includeDeleted = false, pageSize = 20, pageToken } = call.query
    const comment = commentOf(call, includeDeleted)
    const rows = comment.replies
      .map((reply, order) => ({ reply, order }))
      .filter(({ reply }) => includeDeleted || !reply.deleted)
    const { items, nextPageToken } = pageByOrder(rows, pageSize, pageToken, comment.id)
    return ok({
      kind: 'drive#replyList',
      replies: items.map(({ reply }) => replyView(call, reply)),
      ...(nextPageToken && { nextPageToken }),
    })
  },

  'drive.replies.get': (call) => {
    requireFields(call)
    return ok(replyView(call, replyOf(call, call.query.includeDeleted).reply))
  },

  'drive.replies.create': (call) => {
    requireFields(call)
    fileFor(call, call.params.fileId, 'canComment')
    const comment = commentOf(call)
    const { content, action, assigneeEmailAddress } = call.body ?? {}
    if (action !== undefined && !(action in STATES)) throw invalidBody('The specified action is invalid.')
    if (!content && action === undefined) throw invalidBody('A reply needs content or an action.')
    const reply: Reply = {
      id: newCommentId(call.random),
      authorId: callerUser(call).id,
      createdTime: call.now,
      modifiedTime: call.now,
      ...(content !== undefined && { content }),
      ...(action !== undefined && { action: action as Reply['action'] }),
      ...(assigneeEmailAddress && { assignee: assigneeEmailAddress }),
      deleted: false,
    }
    call.tables.comments.replace({
      ...comment,
      modifiedTime: call.now,
      replies: [...comment.replies, reply],
      ...(action !== undefined && { resolved: STATES[action] }),
      ...(assigneeEmailAddress && { assignee: assigneeEmailAddress }),
    })
    return ok(replyView(call, reply))
  },

  'drive.replies.update': (call) => {
    requireFields(call)
    const { comment, reply } = replyOf(call)
    checkAuthor(call, reply.authorId)
    const { content } = call.body ?? {}
    if (!content) throw invalidBody('The reply content is required.')
    const changed = { ...reply, content, modifiedTime: call.now }
    call.tables.comments.replace({ ...withReply(comment, changed), modifiedTime: call.now })
    return ok(replyView(call, changed))
  },

  'drive.replies.delete': (call) => {
    const { comment, reply } = replyOf(call)
    checkAuthor(call, reply.authorId)
    call.tables.comments.replace(withReply(comment, { ...reply, deleted: true, modifiedTime: call.now }))
    return noContent()
  },
})
