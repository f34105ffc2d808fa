import { newCommentId } from '../../../google/ids.ts'
import { callerUser } from '../../../google/index.ts'
import type { Comment, Reply } from '../../../google/tables.ts'
import { forbidden, invalid } from '../../errors.ts'
import { locate } from '../../resolve.ts'
import { quoteTitle } from '../../rules/a1.ts'
import { cellName } from '../../rules/address.ts'
import { postView, threadView } from '../../views/comments.ts'
import { shown } from '../../views/values.ts'
import { type RequestContext, requests } from './define.ts'

const MAX_CONTENT = 2048

function contentOf(content: string | undefined): string {
  if (!content) throw invalid('The comment content must not be empty.')
  if (content.length > MAX_CONTENT)
    throw invalid(`The comment content must not be longer than ${MAX_CONTENT} characters.`)
  return content
}

function commentOf({ call, book }: RequestContext, id: string | undefined): Comment {
  const comment = call.tables.comments.get(`${book.id}/${id}`)
  if (!comment || comment.deleted) throw invalid(`No comment with id: ${id}`)
  return comment
}

/** Only who wrote a post changes or deletes it. */
function assertAuthor({ call }: RequestContext, authorId: string): void {
  if (call.caller.user?.id !== authorId) throw forbidden()
}

function insertComment(
  context: RequestContext,
  request: {
    content?: string
    assigneeEmailAddress?: string
    coordinate?: { sheetId?: number; rowIndex?: number; columnIndex?: number }
  },
) {
  const { call, book } = context
  const content = contentOf(request.content)
  const { sheetId, rowIndex: row = 0, columnIndex: column = 0 } = request.coordinate ?? {}
  const { sheet } = locate(book, {
    sheetId,
    startRowIndex: row,
    endRowIndex: row + 1,
    startColumnIndex: column,
    endColumnIndex: column + 1,
  })
  const last = call.tables.comments.scan('file', { prefix: book.id, reverse: true }).next().value
  const quote = shown(book, sheet.id, row, column)
  const comment: Comment = {
    fileId: book.id,
    id: newCommentId(call.random),
    order: (last?.order ?? 0) + 1,
    authorId: callerUser(call).id,
    createdTime: call.now,
    modifiedTime: call.now,
    content,
    anchor: JSON.stringify({
      type: 'workbook-range',
      id: String(book.newId(() => false)),
      range: `${quoteTitle(sheet.title)}!${cellName(row, column)}`,
    }),
    ...(quote !== '' && { quotedFileContent: { mimeType: 'text/html', value: quote } }),
    ...(request.assigneeEmailAddress && { assignee: request.assigneeEmailAddress }),
    deleted: false,
    replies: [],
  }
  call.tables.comments.insert(comment)
  return { commentThread: threadView(call, comment) }
}

export const commentRequests = requests({
  insertComment,

  addCommentReply: (context, { commentId, post = {} }) => {
    const { call } = context
    const comment = commentOf(context, commentId)
    const action = post.commentAction === 'RESOLVE' ? 'resolve' : post.commentAction === 'REOPEN' ? 'reopen' : undefined
    if (action === 'reopen' && !comment.resolved) throw invalid('Only a resolved comment can be reopened.')
    const reply: Reply = {
      id: newCommentId(call.random),
      authorId: callerUser(call).id,
      createdTime: call.now,
      modifiedTime: call.now,
      ...(post.content || !action ? { content: contentOf(post.content) } : {}),
      ...(action && { action }),
      ...(post.assigneeEmail && { assignee: post.assigneeEmail }),
      deleted: false,
    }
    call.tables.comments.replace({
      ...comment,
      modifiedTime: call.now,
      replies: [...comment.replies, reply],
      ...(action && { resolved: action === 'resolve' }),
      ...(reply.assignee && { assignee: reply.assignee }),
    })
    return { post: postView(call, reply, action) }
  },

  updateCommentPost: (context, { commentId, postId, content }) => {
    const { call } = context
    const comment = commentOf(context, commentId)
    const text = contentOf(content)
    if (postId === undefined || postId === comment.id) {
      assertAuthor(context, comment.authorId)
      call.tables.comments.replace({ ...comment, content: text, modifiedTime: call.now })
      return undefined
    }
    const reply = comment.replies.find(({ id, deleted }) => id === postId && !deleted)
    if (!reply) throw invalid(`No post with id: ${postId}`)
    assertAuthor(context, reply.authorId)
    const replies = comment.replies.map((other) =>
      other === reply ? { ...reply, content: text, modifiedTime: call.now } : other,
    )
    call.tables.comments.replace({ ...comment, replies })
    return undefined
  },

  deleteComment: (context, { commentId }) => {
    const comment = commentOf(context, commentId)
    assertAuthor(context, comment.authorId)
    context.call.tables.comments.replace({ ...comment, deleted: true, modifiedTime: context.call.now })
    return undefined
  },

  deleteCommentReply: (context, { commentId, postId }) => {
    const comment = commentOf(context, commentId)
    const reply = comment.replies.find(({ id, deleted }) => id === postId && !deleted)
    if (!reply) throw invalid(`No post with id: ${postId}`)
    assertAuthor(context, reply.authorId)
    const replies = comment.replies.map((other) => (other === reply ? { ...reply, deleted: true } : other))
    context.call.tables.comments.replace({ ...comment, replies })
    return undefined
  },
})
