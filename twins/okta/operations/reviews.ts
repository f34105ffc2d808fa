import { ok } from '../../../shared/kernel/reply.ts'
import { fail, notFound, requireFields } from '../errors.ts'
import { newId } from '../ids.ts'
import { objectBody } from '../resource.ts'
import type { Document, Json } from '../tables/document.ts'
import { governed, history, profileView, second } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'
import { attributeOf, governanceList, type Listing } from './governanceLists.ts'

const REVIEWS = '/governance/api/v1/reviews'

const reassignPath = (row: Document) => `/governance/api/v1/campaigns/${row.parent}/reviews/reassign`

function reviewView(call: OktaCall, row: Document) {
  const { resourceId, principalId, reviewerId, reviewerGroupId, reviewerType, remediationStatus, decided } = row.data
  const principal = call.tables.users.get(String(principalId))
  const reviewer = call.tables.users.get(String(reviewerId))
  const group = call.tables.groups.get(String(reviewerGroupId))
  return {
    campaignId: row.parent,
    resourceId,
    decision: row.status,
    ...(typeof decided === 'number' && { decided: second(decided) }),
    remediationStatus,
    ...(principal && { principalProfile: profileView(principal) }),
    ...(reviewer && { reviewerProfile: profileView(reviewer) }),
    reviewerType,
    ...(group && { reviewerGroupProfile: { name: group.profile.name, groupId: group.id, groupType: 'GROUP' } }),
    _links: {
      self: governed(call, `${REVIEWS}/${row.id}`),
      reassignReview: governed(call, reassignPath(row)),
    },
    ...history(row),
  }
}

/** Levels are told of where a campaign has several: terraform-provider-okta cannot read them elsewhere. */
function full(call: OktaCall, row: Document) {
  const { note } = row.data
  const shown = reviewView(call, row)
  const { reviewerProfile, reviewerType, decision } = shown
  const level = { reviewerLevel: 'FIRST', decision, reviewerProfile, reviewerType, ...history(row) }
  const settings = call.tables.campaigns.get(row.parent as string)?.data.reviewerSettings
  const layered = (settings as Json | undefined)?.type === 'MULTI_LEVEL'
  return {
    ...shown,
    ...(note !== undefined && { note }),
    ...(layered && { currentReviewerLevel: 'FIRST', allReviewerLevels: [level] }),
  }
}

const LISTING: Listing<Document> = {
  filter: Object.fromEntries(
    ['campaignId', 'decision', 'reviewerId', 'resourceId', 'principalId', 'reviewerType', 'reviewerLevel'].map(
      (name) => [name, ['eq' as const]],
    ),
  ),
  order: ['created', 'lastUpdated', 'decision'],
  read(row, name) {
    if (name === 'campaignId') return row.parent
    if (name === 'decision') return row.status
    return name === 'reviewerLevel' ? 'FIRST' : attributeOf(row, name)
  },
}

/** Reviews of a running campaign. Reviewers decide with the act `decideReview`. */
export const reviews = operations({
  listReviews: (call) => governanceList(call, call.tables.reviews.all(), LISTING, (row) => reviewView(call, row)),
  getReview(call) {
    const { reviewId } = call.params
    return ok(full(call, call.tables.reviews.get(reviewId) ?? notFound(reviewId, 'Review')))
  },
  reassignReviews(call) {
    const { campaignId } = call.params
    const campaign = call.tables.campaigns.get(campaignId) ?? notFound(campaignId, 'Campaign')
    if (campaign.status !== 'ACTIVE') fail('E0000195', 'Campaign', ['Campaign must be active to reassign its reviews'])
    const body = objectBody(call)
    requireFields(body, ['reviewerId', 'reviewIds', 'note'])
    const reviewerId = String(body.reviewerId)
    if (!call.tables.users.has(reviewerId)) notFound(reviewerId, 'User')
    const rows = (body.reviewIds as string[]).map((id) => {
      const row = call.tables.reviews.get(id)
      return row?.parent === campaign.id ? row : notFound(id, 'Review')
    })
    if (rows.some((row) => row.data.reviewerId === reviewerId)) fail('E0000174')
    if (rows.some((row) => row.status !== 'UNREVIEWED')) fail('E0000169')
    const note = { id: newId(call, 'icn'), note: body.note }
    const moved = rows.map(({ id, data: { reviewerGroupId: _, ...data } }) =>
      call.tables.reviews.patch(id, {
        lastUpdated: call.now,
        data: { ...data, reviewerId, reviewerType: 'USER', note },
      }),
    )
    const list = `${REVIEWS}?filter=${encodeURIComponent(`campaignId eq "${campaign.id}"`)}`
    return ok({
      data: moved.map((row) => reviewView(call, row)),
      _links: { self: governed(call, call.request.path), reviews: governed(call, list) },
    })
  },
})
