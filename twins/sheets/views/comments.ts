import type { CommentThread, Post } from '../../../openapi/types/sheets.ts'
import { timestamp } from '../../google/index.ts'
import type { Comment, Reply } from '../../google/tables.ts'
import type { SheetsCall } from '../access.ts'
import { escapeXml } from '../formats/table.ts'

/** Comments are Drive's rows: a thread made here is listed by drive.comments.list, and the other way round. */

interface Written {
  readonly id: string
  readonly authorId: string
  readonly createdTime: number
  readonly modifiedTime: number
  readonly content?: string
  readonly deleted: boolean
  readonly assignee?: string
}

export function postView(call: SheetsCall, post: Written, action?: Reply['action']): Post {
  const author = call.tables.users.get(post.authorId)
  return {
    postId: post.id,
    author: {
      displayName: author?.displayName ?? '',
      ...(author?.id === call.caller.user?.id && { me: true }),
      ...(author && { user: author.email }),
    },
    ...(post.content !== undefined && { content: post.content, contentHtml: escapeXml(post.content) }),
    createTime: timestamp(post.createdTime),
    ...(post.modifiedTime !== post.createdTime && { updateTime: timestamp(post.modifiedTime) }),
    ...(post.assignee !== undefined && { assigneeEmail: post.assignee }),
    ...(action && { commentAction: action === 'resolve' ? ('RESOLVE' as const) : ('REOPEN' as const) }),
    ...(post.deleted && { deleted: true }),
  }
}

export function threadView(call: SheetsCall, comment: Comment): CommentThread {
  const replies = comment.replies.filter(({ deleted }) => !deleted)
  return {
    commentId: comment.id,
    ...(comment.anchor !== undefined && { anchorId: anchorId(comment.anchor) }),
    headPost: postView(call, comment),
    ...(replies.length > 0 && { replies: replies.map((reply) => postView(call, reply, reply.action)) }),
    ...(comment.quotedFileContent?.value !== undefined && { plainTextQuote: comment.quotedFileContent.value }),
    status: comment.resolved ? 'RESOLVED' : 'OPEN',
  }
}

/** Drive's anchors are JSON; the id in it is what Sheets shows. */
function anchorId(anchor: string): string {
  try {
    const parsed: unknown = JSON.parse(anchor)
    return typeof parsed === 'object' && parsed !== null && 'id' in parsed ? String(parsed.id) : anchor
  } catch {
    return anchor
  }
}

/** Threads of a spreadsheet in the order they were begun. */
export const threadsOf = (call: SheetsCall, spreadsheetId: string): CommentThread[] =>
  call.tables.comments
    .where('file', spreadsheetId)
    .filter(({ deleted }) => !deleted)
    .map((comment) => threadView(call, comment))
