import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { reader } from '../context.ts'
import { expandOf, idsOf, namedPage, orderOf, pageBean, window } from '../paging.ts'
import { addComment, commentOf, editComment, removeComment } from '../rules/comments.ts'
import { visibleIssue } from '../rules/issues/find.ts'
import { canRead, canSee } from '../rules/permissions.ts'
import type { Comment } from '../tables.ts'
import { commentView, readableComments } from '../views/issue-parts.ts'
import { operations } from './define.ts'
import { bodyOf, writer } from './shared.ts'

export const comments = operations({
  getComments(call) {
    const { descending } = orderOf(call.query.orderBy, ['created'], 'created')
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const rows = readableComments(reader(call), issue)
    const expand = expandOf(call.query.expand)
    const at = window(call.query, 100)
    return ok(
      namedPage('comments', descending ? rows.reverse() : rows, at, (comment) =>
        commentView(reader(call), comment, expand),
      ),
    )
  },

  addComment(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const comment = commentView(
      reader(call),
      addComment(writer(call), issue, bodyOf(call)),
      expandOf(call.query.expand),
    )
    return created(comment, { location: comment.self })
  },

  getComment(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    return ok(commentView(reader(call), commentOf(writer(call), issue, call.params.id), expandOf(call.query.expand)))
  },

  updateComment(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const comment = editComment(writer(call), issue, call.params.id, bodyOf(call))
    const view = commentView(reader(call), comment, expandOf(call.query.expand))
    return ok(view, { location: view.self })
  },

  deleteComment(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    removeComment(writer(call), issue, call.params.id)
    return noContent()
  },

  getCommentsByIds(call) {
    const { user } = call.caller
    const visible = (comment: Comment | undefined): comment is Comment => {
      const issue = comment && call.tables.issues.get(comment.issueId)
      return !!issue && canSee(call, user, issue) && canRead(call, user, issue.projectId, comment?.visibility)
    }
    const rows = idsOf(bodyOf(call).ids)
      .slice(0, 1000)
      .map((id) => call.tables.comments.get(id))
      .filter(visible)
    const expand = expandOf(call.query.expand)
    const { self: _, ...page } = pageBean(call, rows, (comment) => commentView(reader(call), comment, expand), 1000)
    return ok(page)
  },
})
