import type { CommentThread, Post, PostAuthor } from '../../../openapi/types/docs.ts'
import type { Instant } from '../../../shared/universe/clock.ts'
import { timestamp } from '../../google/index.ts'
import type { Comment, Reply } from '../../google/tables.ts'
import { escaped } from '../formats/html.ts'
import type { DocsCall } from '../operations/open.ts'

/** Comments are Drive's; `documents.get` shows them as threads when asked to. Deleted ones are left out. */
export const commentThreads = (call: DocsCall, fileId: string): CommentThread[] =>
  call.tables.comments
    .where('file', fileId)
    .filter(({ deleted }) => !deleted)
    .map((comment) => threadView(call, comment))

export function threadView(call: DocsCall, comment: Comment): CommentThread {
  const replies = comment.replies.filter(({ deleted }) => !deleted)
  return {
    commentId: comment.id,
    ...(comment.anchor?.startsWith('kix.') && { anchorId: comment.anchor }),
    ...(comment.quotedFileContent?.value && { plainTextQuote: comment.quotedFileContent.value }),
    headPost: postView(call, comment),
    ...(replies.length > 0 && { replies: replies.map((reply) => postView(call, reply)) }),
    status: comment.resolved ? 'RESOLVED' : 'OPEN',
  }
}

const ACTIONS = { resolve: 'RESOLVE', reopen: 'REOPEN' } as const

interface Written {
  readonly id: string
  readonly content?: string
  readonly authorId: string
  readonly createdTime: Instant
  readonly modifiedTime: Instant
  readonly action?: Reply['action']
  readonly assignee?: string
}

export const postView = (
  call: DocsCall,
  { id, content, authorId, createdTime, modifiedTime, action, assignee }: Written,
): Post => ({
  postId: id,
  ...(content && { content, contentHtml: escaped(content) }),
  author: author(call, authorId),
  createTime: timestamp(createdTime),
  updateTime: timestamp(modifiedTime),
  ...(assignee && { assigneeEmail: assignee }),
  commentAction: action ? ACTIONS[action] : 'NO_COMMENT_ACTION_CHANGE',
})

function author(call: DocsCall, id: string): PostAuthor {
  const user = call.tables.users.get(id)
  if (!user) return { anonymous: true }
  return {
    displayName: user.displayName,
    ...(user.id === call.caller.user?.id && { me: true }),
    user: `users/${user.subject}`,
  }
}
