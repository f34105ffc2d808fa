import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { BASE64URL } from '../../../shared/universe/random.ts'
import { callerUser } from '../../google/caller.ts'
import { legacyError } from '../../google/errors.ts'
import { parseTimestamp, timestamp } from '../../google/time.ts'
import { ensureUser, findUser } from '../../google/users.ts'
import { insufficientFilePermissions, invalidBody, notFound } from '../errors.ts'
import { fileFor, fileOf } from '../rules/lookup.ts'
import { pageByText } from '../rules/paging.ts'
import { grant } from '../rules/sharing.ts'
import type { Approval } from '../tables.ts'
import { userOf } from '../views/user.ts'
import { type DriveCall, operations } from './define.ts'

/** Approvals of a file's content, and requests for access to it. */

type ApprovalCall = DriveCall & { readonly params: { readonly fileId: string; readonly approvalId: string } }

const approvalView = (call: DriveCall, approval: Approval) => ({
  kind: 'drive#approval',
  approvalId: approval.id,
  targetFileId: approval.fileId,
  createTime: timestamp(approval.createTime),
  modifyTime: timestamp(approval.modifyTime),
  ...(approval.completeTime !== undefined && { completeTime: timestamp(approval.completeTime) }),
  ...(approval.dueTime !== undefined && { dueTime: timestamp(approval.dueTime) }),
  status: approval.status,
  initiator: userOf(call, approval.initiatorId),
  reviewerResponses: approval.reviewers.map(({ userId, response }) => ({
    kind: 'drive#reviewerResponse',
    reviewer: userOf(call, userId),
    response,
  })),
})

function approvalOf(call: ApprovalCall): Approval {
  const { file } = fileOf(call, call.params.fileId)
  const approval = call.tables.approvals.get(`${file.id}/${call.params.approvalId}`)
  if (!approval) throw notFound('Approval', call.params.approvalId, 'approvalId')
  return approval
}

function openApproval(call: ApprovalCall): Approval {
  const approval = approvalOf(call)
  if (approval.status !== 'IN_PROGRESS') {
    throw legacyError({
      code: 400,
      reason: 'failedPrecondition',
      message: 'The approval is already complete.',
      status: 'FAILED_PRECONDITION',
    })
  }
  return approval
}

/** One reviewer's answer; all approving approves, one declining declines. */
function respond(call: ApprovalCall, response: 'APPROVED' | 'DECLINED') {
  const approval = openApproval(call)
  const me = callerUser(call).id
  if (!approval.reviewers.some(({ userId }) => userId === me)) throw insufficientFilePermissions()
  const reviewers = approval.reviewers.map((one) => (one.userId === me ? { ...one, response } : one))
  const done = response === 'DECLINED' || reviewers.every((one) => one.response === 'APPROVED')
  return save(call, { ...approval, reviewers, ...(done && { status: response, completeTime: call.now }) })
}

const save = (call: DriveCall, approval: Approval) =>
  ok(approvalView(call, call.tables.approvals.put({ ...approval, modifyTime: call.now })))

export const approvals = operations({
  'drive.approvals.list': (call) => {
    const { file } = fileOf(call, call.params.fileId)
    const { pageSize = 100, pageToken } = call.query
    const { items, nextPageToken } = pageByText(
      call.tables.approvals.where('file', file.id),
      pageSize,
      pageToken,
      file.id,
      ({ id }) => id,
    )
    return ok({
      kind: 'drive#approvalList',
      items: items.map((one) => approvalView(call, one)),
      ...(nextPageToken && { nextPageToken }),
    })
  },
  'drive.approvals.get': (call) => ok(approvalView(call, approvalOf(call))),

  'drive.approvals.start': (call) => {
    const { file } = fileFor(call, call.params.fileId, 'canStartApproval')
    const { reviewerEmails = [], dueTime } = call.body ?? {}
    if (reviewerEmails.length === 0) throw invalidBody('At least one reviewer is required.')
    if (call.tables.approvals.where('file', file.id).some(({ status }) => status === 'IN_PROGRESS')) {
      throw legacyError({
        code: 409,
        reason: 'alreadyExists',
        message: 'The file already has an approval in progress.',
        status: 'ALREADY_EXISTS',
      })
    }
    const due = dueTime === undefined ? undefined : parseTimestamp(dueTime)
    return save(call, {
      fileId: file.id,
      id: call.random.text(22, BASE64URL),
      initiatorId: callerUser(call).id,
      status: 'IN_PROGRESS',
      createTime: call.now,
      modifyTime: call.now,
      ...(due !== undefined && { dueTime: due }),
      reviewers: reviewerEmails.map((email) => ({ userId: ensureUser(call, email).id, response: 'NO_RESPONSE' })),
    })
  },
  'drive.approvals.approve': (call) => respond(call, 'APPROVED'),
  'drive.approvals.decline': (call) => respond(call, 'DECLINED'),
  'drive.approvals.cancel': (call) => {
    const approval = openApproval(call)
    if (approval.initiatorId !== callerUser(call).id) throw insufficientFilePermissions()
    return save(call, { ...approval, status: 'CANCELLED', completeTime: call.now })
  },
  // A comment is told to people by e-mail; the approval only shows that something happened.
  'drive.approvals.comment': (call) => save(call, openApproval(call)),

  'drive.approvals.reassign': (call) => {
    const approval = openApproval(call)
    const { addReviewers = [], replaceReviewers = [] } = call.body ?? {}
    let reviewers = [...approval.reviewers]
    for (const { addedReviewerEmail } of addReviewers) {
      const userId = ensureUser(call, addedReviewerEmail ?? '').id
      if (!reviewers.some((one) => one.userId === userId)) reviewers.push({ userId, response: 'NO_RESPONSE' })
    }
    for (const { addedReviewerEmail, removedReviewerEmail } of replaceReviewers) {
      const removed = findUser(call, removedReviewerEmail ?? '')?.id
      if (!reviewers.some(({ userId }) => userId === removed))
        throw invalidBody('The reviewer to be replaced is not a reviewer of this approval.')
      const userId = ensureUser(call, addedReviewerEmail ?? '').id
      reviewers = reviewers.map((one) => (one.userId === removed ? { userId, response: 'NO_RESPONSE' } : one))
    }
    return save(call, { ...approval, reviewers })
  },

  'drive.accessproposals.list': (call) => {
    const { file, capabilities } = fileOf(call, call.params.fileId)
    if (!capabilities.canShare) throw insufficientFilePermissions()
    const { pageSize = 100, pageToken } = call.query
    const rows = call.tables.accessProposals.where('file', file.id)
    const { items, nextPageToken } = pageByText(rows, pageSize, pageToken, file.id, ({ id }) => id)
    return ok({ accessProposals: items.map(proposalView), ...(nextPageToken && { nextPageToken }) })
  },
  'drive.accessproposals.get': (call) => ok(proposalView(proposalOf(call))),
  'drive.accessproposals.resolve': (call) => {
    const proposal = proposalOf(call)
    const { action, role = [] } = call.body ?? {}
    if (action !== 'ACCEPT' && action !== 'DENY') throw invalidBody('The action must be ACCEPT or DENY.')
    if (action === 'ACCEPT') {
      if (role.length === 0) throw invalidBody('A role is required to accept an access proposal.')
      const open = fileOf(call, call.params.fileId)
      for (const one of role) grant(call, open, { type: 'user', role: one, emailAddress: proposal.recipientEmail }, {})
    }
    call.tables.accessProposals.remove(`${proposal.fileId}/${proposal.id}`)
    return noContent()
  },
})

function proposalOf(call: DriveCall & { readonly params: { readonly fileId: string; readonly proposalId: string } }) {
  const { file } = fileFor(call, call.params.fileId, 'canShare')
  const proposal = call.tables.accessProposals.get(`${file.id}/${call.params.proposalId}`)
  if (!proposal) throw notFound('Access proposal', call.params.proposalId, 'proposalId')
  return proposal
}

const proposalView = (proposal: ReturnType<typeof proposalOf>) => ({
  fileId: proposal.fileId,
  proposalId: proposal.id,
  requesterEmailAddress: proposal.requesterEmail,
  recipientEmailAddress: proposal.recipientEmail,
  rolesAndViews: [{ role: proposal.role }],
  ...(proposal.message !== undefined && { requestMessage: proposal.message }),
  createTime: timestamp(proposal.createTime),
})
