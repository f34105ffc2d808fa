import type {
  AddCommentReplyRequest,
  DeleteCommentReplyRequest,
  DeleteCommentRequest,
  InsertCommentRequest,
  Post,
  UpdateCommentPostRequest,
} from '../../../../openapi/types/docs.ts'
import { paragraphsIn } from '../model/content.ts'
import { textOf } from '../model/inlines.ts'
import { refuse, UnmodelledRequest } from '../model/refused.ts'
import type { Draft, Stretch } from './draft.ts'

/** Comments of the document's file, as they are written and shown. */
export interface DocumentComments {
  insert(comment: { content?: string; assignee?: string; anchor: string; quote: string }): object
  reply(commentId: string | undefined, post: Post): object
  edit(commentId: string | undefined, postId: string | undefined, content: string | undefined): void
  /** Returns the anchor of the comment that went. */
  remove(commentId: string | undefined): string | undefined
  removeReply(commentId: string | undefined, postId: string | undefined): void
}

function commentsOf(draft: Draft): DocumentComments {
  const { comments } = draft.around
  if (!comments) throw refuse('Comments can only be written by a signed-in user.')
  return comments
}

/** Threads of suggestions have posts of their own in the service. */
function assertComment(kind: string, { suggestionId }: { readonly suggestionId?: string }): void {
  if (suggestionId !== undefined) throw new UnmodelledRequest(`${kind} on a suggestion`)
}

/** Begins a thread about a range, which an anchor follows through later edits. */
function insertComment(draft: Draft, { content, assigneeEmailAddress: assignee, range }: InsertCommentRequest): object {
  const stretch = draft.stretch(range)
  const anchorId = draft.around.id()
  const quote = quoted(draft, stretch)
  const commentThread = commentsOf(draft).insert({ content, assignee, anchor: anchorId, quote })
  const { tabId, segmentId, start, end } = stretch
  const { commentAnchors = [] } = draft.tab(tabId)
  const anchor = { anchorId, ranges: [{ segmentId, start, end }] }
  draft.patchTab(tabId, { commentAnchors: [...commentAnchors, anchor] })
  return { insertComment: { commentThread } }
}

/** The text of a range, without what is not text. */
function quoted(draft: Draft, { start, end, ...place }: Stretch): string {
  const parts = [...paragraphsIn(draft.content(place), start, end)].map(({ paragraph, start: at }) =>
    textOf(paragraph.inlines).slice(Math.max(0, start - at), end - at),
  )
  return parts.join('').replaceAll('\uFFFC', '').trim()
}

function addCommentReply(draft: Draft, request: AddCommentReplyRequest): object {
  assertComment('addCommentReply', request)
  return { addCommentReply: { post: commentsOf(draft).reply(request.commentId, request.post ?? {}) } }
}

function updateCommentPost(draft: Draft, request: UpdateCommentPostRequest): void {
  assertComment('updateCommentPost', request)
  commentsOf(draft).edit(request.commentId, request.postId, request.content)
}

function deleteCommentReply(draft: Draft, request: DeleteCommentReplyRequest): void {
  assertComment('deleteCommentReply', request)
  commentsOf(draft).removeReply(request.commentId, request.postId)
}

/** Ends a thread; its anchor goes with it. */
function deleteComment(draft: Draft, { commentId }: DeleteCommentRequest): void {
  const anchorId = commentsOf(draft).remove(commentId)
  for (const { tabId, commentAnchors } of draft.document.tabs) {
    if (!commentAnchors?.some((anchor) => anchor.anchorId === anchorId)) continue
    draft.patchTab(tabId, { commentAnchors: commentAnchors.filter((anchor) => anchor.anchorId !== anchorId) })
  }
}

export const COMMENT_EFFECTS = {
  addCommentReply,
  deleteComment,
  deleteCommentReply,
  insertComment,
  updateCommentPost,
}
