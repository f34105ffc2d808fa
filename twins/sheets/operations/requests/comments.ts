import type { InsertCommentRequest } from '../../../../openapi/types/sheets.ts'
import { CommentDesk } from '../../../google/comments.ts'
import { forbidden, invalid } from '../../errors.ts'
import { locate } from '../../resolve.ts'
import { quoteTitle } from '../../rules/a1.ts'
import { cellName } from '../../rules/address.ts'
import { postView, threadView } from '../../views/comments.ts'
import { shown } from '../../views/values.ts'
import { type RequestContext, requests } from './define.ts'

const desk = ({ call, book }: RequestContext) => new CommentDesk(call, book.id, { invalid, forbidden })

function insertComment(context: RequestContext, request: InsertCommentRequest) {
  const { call, book } = context
  const { sheetId, rowIndex: row = 0, columnIndex: column = 0 } = request.coordinate ?? {}
  const { sheet } = locate(book, {
    sheetId,
    startRowIndex: row,
    endRowIndex: row + 1,
    startColumnIndex: column,
    endColumnIndex: column + 1,
  })
  const comment = desk(context).insert({
    content: request.content,
    assignee: request.assigneeEmailAddress,
    quote: shown(book, sheet.id, row, column),
    anchor: JSON.stringify({
      type: 'workbook-range',
      id: String(book.newId(() => false)),
      range: `${quoteTitle(sheet.title)}!${cellName(row, column)}`,
    }),
  })
  return { commentThread: threadView(call, comment) }
}

export const commentRequests = requests({
  insertComment,

  addCommentReply: (context, { commentId, post = {} }) => {
    const reply = desk(context).reply(commentId, post)
    return { post: postView(context.call, reply, reply.action) }
  },

  updateCommentPost: (context, { commentId, postId, content }) => {
    desk(context).edit(commentId, postId, content)
    return undefined
  },

  deleteComment: (context, { commentId }) => {
    desk(context).remove(commentId)
    return undefined
  },

  deleteCommentReply: (context, { commentId, postId }) => {
    desk(context).removeReply(commentId, postId)
    return undefined
  },
})
