import type { Comment, Reply } from '../../google/tables.ts'
import { timestamp } from '../../google/time.ts'
import type { DriveCall } from '../operations/define.ts'
import { authorView } from './user.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Content as HTML: escaped, lines broken, addresses linked. */
export const htmlOf = (text: string): string =>
  text
    .replace(/[&<>"']/g, (character) => ESCAPES[character] as string)
    .replace(/\bhttps?:\/\/[^\s<]+/g, (url) => `<a href="${url}" data-rawHref="${url}" target="_blank">${url}</a>`)
    .replaceAll('\n', '<br>')

function authorOf(call: DriveCall, id: string) {
  const user = call.tables.users.get(id)
  return user && { author: authorView(user, call.caller) }
}

/** drive#comment. A deleted one is a tombstone: no author, no content. `resolved` appears with the first action. */
export const commentView = (call: DriveCall, comment: Comment, includeDeleted = false) => ({
  kind: 'drive#comment',
  id: comment.id,
  createdTime: timestamp(comment.createdTime),
  modifiedTime: timestamp(comment.modifiedTime),
  ...(comment.resolved !== undefined && { resolved: comment.resolved }),
  ...(comment.anchor !== undefined && { anchor: comment.anchor }),
  replies: comment.replies.filter(({ deleted }) => includeDeleted || !deleted).map((reply) => replyView(call, reply)),
  ...(!comment.deleted && {
    ...authorOf(call, comment.authorId),
    htmlContent: htmlOf(comment.content),
    content: comment.content,
    ...mentions(comment.content),
  }),
  deleted: comment.deleted,
  ...(comment.quotedFileContent && { quotedFileContent: comment.quotedFileContent }),
  ...(comment.assignee && { assigneeEmailAddress: comment.assignee }),
})

/** drive#reply. */
export const replyView = (call: DriveCall, reply: Reply) => ({
  kind: 'drive#reply',
  id: reply.id,
  createdTime: timestamp(reply.createdTime),
  modifiedTime: timestamp(reply.modifiedTime),
  ...(reply.action && { action: reply.action }),
  ...(!reply.deleted && {
    ...authorOf(call, reply.authorId),
    ...(reply.content !== undefined && {
      htmlContent: htmlOf(reply.content),
      content: reply.content,
      ...mentions(reply.content),
    }),
  }),
  deleted: reply.deleted,
  ...(reply.assignee && { assigneeEmailAddress: reply.assignee }),
})

/** People addressed as `@name@example.com` or `+name@example.com`. */
function mentions(content: string) {
  const found = [...content.matchAll(/(?:^|\s)[@+]([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/g)].map((match) => match[1] as string)
  return found.length > 0 && { mentionedEmailAddresses: found }
}
