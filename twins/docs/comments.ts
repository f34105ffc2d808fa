import { CommentDesk } from '../google/comments.ts'
import { forbidden } from './errors.ts'
import type { DocsCall } from './operations/open.ts'
import type { DocumentComments } from './rules/edit/comments.ts'
import { refuse } from './rules/model/refused.ts'
import { postView, threadView } from './views/comments.ts'

/** The comments of a document as its requests write them: Drive's rows, shown as threads and posts. */
export function documentComments(call: DocsCall, fileId: string): DocumentComments {
  const desk = new CommentDesk(call, fileId, { invalid: refuse, forbidden })
  return {
    insert: (comment) => threadView(call, desk.insert(comment)),
    reply: (commentId, post) => postView(call, desk.reply(commentId, post)),
    edit: (commentId, postId, content) => desk.edit(commentId, postId, content),
    remove: (commentId) => desk.remove(commentId).anchor,
    removeReply: (commentId, postId) => desk.removeReply(commentId, postId),
  }
}
