import { callerUser, type GoogleCall } from './caller.ts'
import { newCommentId } from './ids.ts'
import type { Comment, Reply } from './tables.ts'

/** Counted in UTF-16 code units. */
const MAX_CONTENT = 2048

/** How a service says no. */
export interface CommentRefusals {
  invalid(message: string): Error
  forbidden(): Error
}

export interface NewComment {
  readonly content?: string
  readonly assignee?: string
  /** What it is about, in the editor's own words. */
  readonly anchor: string
  /** The text it is about. */
  readonly quote: string
}

export interface NewPost {
  readonly content?: string
  readonly commentAction?: string
  readonly assigneeEmail?: string
}

const ACTIONS: Readonly<Record<string, Reply['action']>> = { RESOLVE: 'resolve', REOPEN: 'reopen' }

/** The comments of a file as the requests of Docs and Sheets write them: the rows that Drive lists. */
export class CommentDesk {
  readonly #call: GoogleCall
  readonly #fileId: string
  readonly #refusals: CommentRefusals

  constructor(call: GoogleCall, fileId: string, refusals: CommentRefusals) {
    this.#call = call
    this.#fileId = fileId
    this.#refusals = refusals
  }

  insert({ content, assignee, anchor, quote }: NewComment): Comment {
    const { tables, random, now } = this.#call
    const last = tables.comments.scan('file', { prefix: this.#fileId, reverse: true }).next().value
    return tables.comments.insert({
      fileId: this.#fileId,
      id: newCommentId(random),
      order: (last?.order ?? 0) + 1,
      authorId: callerUser(this.#call).id,
      createdTime: now,
      modifiedTime: now,
      content: this.#content(content),
      anchor,
      ...(quote !== '' && { quotedFileContent: { mimeType: 'text/html', value: quote } }),
      ...(assignee && { assignee }),
      deleted: false,
      replies: [],
    })
  }

  /** Adds a reply; with an action it resolves or reopens the comment, and needs no content. */
  reply(commentId: string | undefined, post: NewPost): Reply {
    const { random, now } = this.#call
    const comment = this.#comment(commentId)
    const action = ACTIONS[post.commentAction ?? '']
    if (action === 'reopen' && !comment.resolved)
      throw this.#refusals.invalid('Only a resolved comment can be reopened.')
    const reply: Reply = {
      id: newCommentId(random),
      authorId: callerUser(this.#call).id,
      createdTime: now,
      modifiedTime: now,
      ...(post.content || !action ? { content: this.#content(post.content) } : {}),
      ...(action && { action }),
      ...(post.assigneeEmail && { assignee: post.assigneeEmail }),
      deleted: false,
    }
    this.#put({
      ...comment,
      modifiedTime: now,
      replies: [...comment.replies, reply],
      ...(action && { resolved: action === 'resolve' }),
      ...(reply.assignee && { assignee: reply.assignee }),
    })
    return reply
  }

  /** Rewrites a post: a reply, or without its id the comment itself. */
  edit(commentId: string | undefined, postId: string | undefined, content: string | undefined): void {
    const comment = this.#comment(commentId)
    const changes = { content: this.#content(content), modifiedTime: this.#call.now }
    if (postId !== undefined && postId !== comment.id) this.#changeReply(comment, postId, changes)
    else {
      this.#assertAuthor(comment)
      this.#put({ ...comment, ...changes })
    }
  }

  remove(commentId: string | undefined): Comment {
    const comment = this.#comment(commentId)
    this.#assertAuthor(comment)
    this.#put({ ...comment, deleted: true, modifiedTime: this.#call.now })
    return comment
  }

  removeReply(commentId: string | undefined, postId: string | undefined): void {
    this.#changeReply(this.#comment(commentId), postId, { deleted: true })
  }

  #changeReply(comment: Comment, postId: string | undefined, changes: Partial<Reply>): void {
    const reply = comment.replies.find(({ id, deleted }) => id === postId && !deleted)
    if (!reply) throw this.#refusals.invalid(`No post with id: ${postId}`)
    this.#assertAuthor(reply)
    this.#put({
      ...comment,
      replies: comment.replies.map((other) => (other === reply ? { ...reply, ...changes } : other)),
    })
  }

  #comment(id: string | undefined): Comment {
    const comment = this.#call.tables.comments.get(`${this.#fileId}/${id}`)
    if (!comment || comment.deleted) throw this.#refusals.invalid(`No comment with id: ${id}`)
    return comment
  }

  #put(comment: Comment): void {
    this.#call.tables.comments.replace(comment)
  }

  #content(content: string | undefined): string {
    if (!content) throw this.#refusals.invalid('The comment content must not be empty.')
    if (content.length > MAX_CONTENT)
      throw this.#refusals.invalid(`The comment content must not be longer than ${MAX_CONTENT} characters.`)
    return content
  }

  /** Only who wrote a post changes or deletes it. */
  #assertAuthor({ authorId }: { readonly authorId: string }): void {
    if (this.#call.caller.user?.id !== authorId) throw this.#refusals.forbidden()
  }
}
