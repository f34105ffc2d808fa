import type { Recorder } from '../events.ts'
import { newId } from '../ids.ts'
import type { User } from '../tables/directory.ts'
import type { Document, Json } from '../tables/document.ts'
import { holdersOf, takeAccess } from './access.ts'
import { ExpressionError, evaluate, holds, parseExpression } from './expression.ts'
import { userScope } from './groupRules.ts'
import { findUser } from './users.ts'

type Reader = Pick<Recorder, 'tables' | 'now'>

/** Who reviews: one person, or a group that shares the work. */
export interface Reviewer {
  readonly reviewerType: 'USER' | 'GROUP' | 'RESOURCE_OWNER'
  readonly reviewerId?: string
  readonly reviewerGroupId?: string
}

interface ReviewerSettings {
  readonly type?: string
  readonly reviewerId?: string
  readonly reviewerGroupId?: string
  readonly reviewerScopeExpression?: string
  readonly fallBackReviewerId?: string
  readonly selfReviewDisabled?: boolean
  readonly reviewerLevels?: readonly ReviewerSettings[]
}

interface PrincipalScope {
  readonly userScopeExpression?: string
  readonly excludedUserIds?: readonly string[]
  readonly userIds?: readonly string[]
  readonly groupIds?: readonly string[]
  readonly includeOnlyActiveUsers?: boolean
}

function inScope(call: Reader, user: User, scope: PrincipalScope): boolean {
  const { userIds = [], groupIds = [], excludedUserIds = [], userScopeExpression } = scope
  if (excludedUserIds.includes(user.id) || user.status === 'DEPROVISIONED') return false
  if (scope.includeOnlyActiveUsers && user.status !== 'ACTIVE') return false
  if (userIds.length > 0 && !userIds.includes(user.id)) return false
  const own = call.tables.memberships.where('user', user.id).map(({ groupId }) => groupId)
  if (groupIds.length > 0 && !groupIds.some((id) => own.includes(id))) return false
  return !userScopeExpression || computed(call, user, userScopeExpression, holds) === true
}

/** An expression about a user; what cannot be computed is nothing. */
function computed<T>(
  call: Reader,
  user: User,
  text: string,
  compute: (expression: ReturnType<typeof parseExpression>, scope: ReturnType<typeof userScope>) => T,
): T | undefined {
  try {
    const scope = userScope(call, user)
    // Governance writes `user.profile.managerId` where group rules write `user.managerId`.
    const names = { ...scope.names, user: { ...(scope.names.user as Json), profile: user.profile } }
    return compute(parseExpression(text), { ...scope, names })
  } catch (error) {
    if (error instanceof ExpressionError) return undefined
    throw error
  }
}

/** The owner of a resource: of a group its owners, of anything those that Governance was told of. */
function ownerOf(call: Reader, resourceId: string): string | undefined {
  const told = call.tables.resourceOwners.all().find(({ id }) => id.endsWith(`:${resourceId}`))
  const [first] = (told?.data.principals ?? []) as string[]
  return first?.split(':').at(-1) ?? call.tables.groupOwners.where('group', resourceId)[0]?.ownerId
}

function person(call: Reader, user: User, resourceId: string, settings: ReviewerSettings): string | undefined {
  if (settings.type === 'USER') return settings.reviewerId
  if (settings.type === 'RESOURCE_OWNER') return ownerOf(call, resourceId)
  const named = computed(call, user, settings.reviewerScopeExpression ?? 'null', evaluate)
  return typeof named === 'string' ? findUser(call.tables, named)?.id : undefined
}

/** Who reviews that somebody has something; the fallback where nobody else does, or only they themselves. */
function reviewerOf(call: Reader, user: User, resourceId: string, settings: ReviewerSettings): Reviewer {
  const { type, reviewerLevels, reviewerGroupId, fallBackReviewerId, selfReviewDisabled } = settings
  if (type === 'MULTI_LEVEL') return reviewerOf(call, user, resourceId, reviewerLevels?.[0] ?? {})
  if (type === 'GROUP') return { reviewerType: 'GROUP', reviewerGroupId }
  const found = person(call, user, resourceId, settings)
  const reviewerId = found === undefined || (selfReviewDisabled && found === user.id) ? fallBackReviewerId : found
  return { reviewerType: type === 'RESOURCE_OWNER' && found ? 'RESOURCE_OWNER' : 'USER', reviewerId }
}

interface Target {
  readonly resourceId: string
}

/** Starts a campaign: a review of everybody in its scope who has one of its resources. */
export function launch(call: Recorder, campaign: Document): void {
  const { resourceSettings, principalScopeSettings, reviewerSettings, createdBy } = campaign.data
  const targets = ((resourceSettings as Json).targetResources ?? []) as Target[]
  for (const { resourceId } of targets) {
    for (const user of holdersOf(call, resourceId)) {
      if (!inScope(call, user, principalScopeSettings as PrincipalScope)) continue
      const reviewer = reviewerOf(call, user, resourceId, reviewerSettings as ReviewerSettings)
      call.tables.reviews.insert({
        id: newId(call, 'icr'),
        parent: campaign.id,
        status: 'UNREVIEWED',
        created: call.now,
        lastUpdated: call.now,
        data: { createdBy, resourceId, principalId: user.id, remediationStatus: 'NONE', ...reviewer },
      })
    }
  }
  call.tables.campaigns.patch(campaign.id, { status: 'ACTIVE', lastUpdated: call.now })
}

interface Remediation {
  readonly accessRevoked?: string
  readonly noResponse?: string
}

const remediationOf = (campaign: Document | undefined) => (campaign?.data.remediationSettings ?? {}) as Remediation

/** Takes away what a review found wrong, where the campaign says so. */
function remediate(call: Recorder, review: Document): 'SUCCESS' | 'MANUAL' {
  const user = call.tables.users.get(String(review.data.principalId))
  return user ? takeAccess(call, String(review.data.resourceId), user) : 'SUCCESS'
}

/** What a reviewer decides. Revoked access is taken away at once. */
export function decide(call: Recorder, review: Document, decision: 'APPROVE' | 'REVOKE', note?: string): void {
  const campaign = call.tables.campaigns.get(review.parent as string)
  const denies = decision === 'REVOKE' && remediationOf(campaign).accessRevoked === 'DENY'
  call.tables.reviews.patch(review.id, {
    status: decision,
    lastUpdated: call.now,
    data: {
      ...review.data,
      decided: call.now,
      ...(note !== undefined && { note }),
      remediationStatus: denies ? remediate(call, review) : 'NONE',
    },
  })
}

/**
 * Ends a campaign. Who was not reviewed loses access where the campaign says so.
 *
 * @param skipRemediation ends it without taking anything away
 */
export function end(call: Recorder, campaign: Document, skipRemediation: boolean): void {
  const denies = remediationOf(campaign).noResponse === 'DENY' && !skipRemediation
  for (const review of call.tables.reviews.where('parent', campaign.id)) {
    if (review.status !== 'UNREVIEWED' || !denies) continue
    const remediationStatus = remediate(call, review)
    call.tables.reviews.patch(review.id, { lastUpdated: call.now, data: { ...review.data, remediationStatus } })
  }
  call.tables.campaigns.patch(campaign.id, { status: 'COMPLETED', lastUpdated: call.now })
}
