import { blank, fail, invalid } from '../errors.ts'
import { found, type Resource, resource } from '../resource.ts'
import { end, launch } from '../rules/certification.ts'
import type { Document, Json } from '../tables/document.ts'
import { governed, history } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'
import { attributeOf, governanceList, type Listing } from './governanceLists.ts'

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

function links(row: Document, call: OktaCall) {
  const path = `${CAMPAIGNS}/${row.id}`
  const reviews = `/governance/api/v1/reviews?filter=${encodeURIComponent(`campaignId eq "${row.id}"`)}`
  return {
    launchCampaign: governed(call, `${path}/launch`),
    endCampaign: governed(call, `${path}/end`),
    reviews: governed(call, reviews),
    self: governed(call, path),
  }
}

const family: Resource = {
  table: (tables) => tables.campaigns,
  prefix: 'ici',
  kind: 'Campaign',
  param: 'campaignId',
  operations: { create: 'createCampaign', get: 'getCampaign', remove: 'deleteCampaign' },
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
    const { createdBy: _, ...shown } = row.data
    return {
      _links: links(row, call),
      ...history(row),
      ...shown,
      status: row.status,
    }
  },
  guard(verb, row) {
    if (verb === 'remove' && !['SCHEDULED', 'ERROR'].includes(row.status as string)) fail('E0000169')
  },
}

/** Lists show of a campaign when it runs and who reviews. */
function sparse(row: Document, call: OktaCall) {
  const { name, description, scheduleSettings, reviewerSettings } = row.data
  const { type: scheduleType, startDate, endDate } = scheduleSettings as Json
  return {
    _links: links(row, call),
    ...history(row),
    name,
    ...(description !== undefined && { description }),
    startDate,
    endDate,
    scheduleType,
    reviewerType: (reviewerSettings as Json).type,
    status: row.status,
  }
}

const LISTING: Listing<Document> = {
  filter: {
    name: ['eq', 'sw', 'co'],
    status: ['eq'],
    scheduleType: ['eq'],
    reviewerType: ['eq'],
    recurringCampaignId: ['eq'],
    startDate: ['gt', 'ge', 'lt', 'le'],
    endDate: ['gt', 'ge', 'lt', 'le'],
  },
  order: ['name', 'created', 'startDate', 'endDate', 'status'],
}

/** Access certifications: campaigns in which reviewers look at who has what. */
export const certifications = {
  ...resource(family),
  ...operations({
    listCampaigns: (call) =>
      governanceList(
        call,
        call.tables.campaigns.all(),
        { ...LISTING, read: (row, name) => (sparse(row, call) as Json)[name] ?? attributeOf(row, name) },
        (row) => sparse(row, call),
      ),
    launchCampaign(call) {
      const campaign = found(family, call)
      const text = 'Campaign must be scheduled before it can be started'
      if (campaign.status !== 'SCHEDULED') fail('E0000195', 'Campaign', [text])
      launch(call, campaign)
      return { status: 202 }
    },
    endCampaign(call) {
      const campaign = found(family, call)
      if (campaign.status !== 'ACTIVE') fail('E0000170', 'An inactive campaign may not be ended.')
      end(call, campaign, (call.body as Json | undefined)?.skipRemediation === true)
      return { status: 202 }
    },
  }),
}
