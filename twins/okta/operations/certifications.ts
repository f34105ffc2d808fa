import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { blank, fail, invalid } from '../errors.ts'
import { found, type Resource, resource } from '../resource.ts'
import type { Document, Json } from '../tables/document.ts'
import { governed, history, list } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'

const CAMPAIGNS = '/governance/api/v1/campaigns'
const DAY = 24 * 3600 * 1000

const PRINCIPALS: Json = {
  type: 'USERS',
  excludedUserIds: [],
  userIds: [],
  groupIds: [],
  includeOnlyActiveUsers: false,
  onlyIncludeUsersWithSODConflicts: false,
}

const RESOURCES: Json = {
  targetResources: [],
  excludedResources: [],
  individuallyAssignedAppsOnly: false,
  individuallyAssignedGroupsOnly: false,
  includeEntitlements: false,
  onlyIncludeOutOfPolicyEntitlements: false,
  includeAdminRoles: false,
}

const REVIEWERS: Json = {
  selfReviewDisabled: false,
  justificationRequired: false,
  bulkDecisionDisabled: false,
  reassignmentDisabled: false,
}

const NOTIFICATIONS: Json = {
  notifyReviewerWhenReviewAssigned: false,
  notifyReviewerAtCampaignEnd: false,
  notifyReviewerWhenOverdue: false,
  notifyReviewerDuringMidpointOfReview: false,
  notifyReviewPeriodEnd: false,
}

const REMEDIATION: Json = { accessApproved: 'NO_ACTION', accessRevoked: 'NO_ACTION', noResponse: 'NO_ACTION' }

/** A campaign ends so many days after it starts, both told in its own time zone; an empty recurrence is none. */
function schedule({ recurrence, ...given }: Json): Json {
  const start = Date.parse(String(given.startDate ?? ''))
  if (Number.isNaN(start)) invalid('scheduleSettings', ['startDate: The field cannot be left blank'])
  const zone = String(given.timeZone ?? 'UTC')
  const repeats = (recurrence as { interval?: string } | undefined)?.interval
  return {
    ...given,
    startDate: zoned(start, zone),
    ...(repeats && { recurrence }),
    endDate: zoned(start + Number(given.durationInDays ?? 0) * DAY, zone),
  }
}

/** An instant as a clock of the zone shows it: `2025-10-04T06:43:40-07:00`. */
function zoned(instant: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  const local = parts.format(instant).replace(' ', 'T')
  const minutes = Math.round((Date.parse(`${local}Z`) - instant) / 60_000)
  const clock = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0')
  return `${local}${minutes < 0 ? '-' : '+'}${clock(minutes / 60)}:${clock(minutes % 60)}`
}

const part = (body: Json, name: string): Json => (body[name] ?? {}) as Json

const family: Resource = {
  table: (tables) => tables.campaigns,
  prefix: 'ici',
  kind: 'Campaign',
  param: 'campaignId',
  operations: { list: 'listCampaigns', create: 'createCampaign', get: 'getCampaign', remove: 'deleteCampaign' },
  page: { limit: 20, max: 200 },
  wrap: list(CAMPAIGNS),
  createdStatus: 201,
  required: ['name'],
  status: 'SCHEDULED',
  data(body, call) {
    if (!body.reviewerSettings) invalid('reviewerSettings', [blank('reviewerSettings')])
    return {
      name: body.name,
      description: body.description,
      campaignType: body.campaignType ?? 'RESOURCE',
      scheduleSettings: schedule(part(body, 'scheduleSettings')),
      resourceSettings: { ...RESOURCES, ...part(body, 'resourceSettings') },
      principalScopeSettings: { ...PRINCIPALS, ...part(body, 'principalScopeSettings') },
      reviewerSettings: { ...REVIEWERS, ...part(body, 'reviewerSettings') },
      notificationSettings: { ...NOTIFICATIONS, ...part(body, 'notificationSettings') },
      remediationSettings: { ...REMEDIATION, ...part(body, 'remediationSettings') },
      createdBy: call.caller.userId,
    }
  },
  view(row, call) {
    const path = `${CAMPAIGNS}/${row.id}`
    const { createdBy: _, ...shown } = row.data
    const reviews = `/governance/api/v1/reviews?filter=${encodeURIComponent(`campaignId eq "${row.id}"`)}`
    return {
      _links: {
        launchCampaign: governed(call, `${path}/launch`),
        endCampaign: governed(call, `${path}/end`),
        reviews: governed(call, reviews),
        self: governed(call, path),
      },
      ...history(row),
      ...shown,
      status: row.status,
    }
  },
  guard(verb, row) {
    if (verb === 'remove' && row.status === 'ACTIVE') fail('E0000107')
  },
}

const move = (from: string, to: string) => (call: OktaCall) => {
  const campaign: Document = found(family, call)
  if (campaign.status !== from) fail('E0000107')
  call.tables.campaigns.patch(campaign.id, { status: to, lastUpdated: call.now })
  return noContent()
}

/** Access certifications: campaigns in which reviewers look at who may do what. Nobody reviews by himself. */
export const certifications = {
  ...resource(family),
  ...operations({
    launchCampaign: move('SCHEDULED', 'ACTIVE'),
    endCampaign: move('ACTIVE', 'COMPLETED'),
    listReviews: (call) => ok(list('/governance/api/v1/reviews')([], call)),
  }),
}
