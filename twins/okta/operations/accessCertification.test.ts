import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { member, type Org, openOrg, refused } from '../testing.ts'

const V1 = '/governance/api/v1'

let org: Org
let admin: { id: string; profile: { login: string } }
let group: { id: string }
let people: { id: string; profile: { login: string } }[]

beforeAll(async () => {
  org = await openOrg()
  admin = (await org.get('/api/v1/users/me')).body
  group = (await org.post('/api/v1/groups', { profile: { name: 'Sales' } })).body
  people = [await member(org, 'ann@acme.test'), await member(org, 'bob@acme.test')]
  for (const { id } of people) await org.put(`/api/v1/groups/${group.id}/users/${id}`)
})
afterAll(() => org.close())

async function running(more: { reviewerSettings?: object; remediationSettings?: object } = {}): Promise<string> {
  const { body } = await org.post(`${V1}/campaigns`, {
    name: 'Sales review',
    scheduleSettings: { type: 'ONE_OFF', startDate: '2027-03-01T09:00:00Z', durationInDays: 7, timeZone: 'UTC' },
    resourceSettings: { type: 'GROUP', targetResources: [{ resourceId: group.id, resourceType: 'GROUP' }] },
    reviewerSettings: { type: 'USER', reviewerId: admin.id },
    remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'NO_ACTION' },
    ...more,
  })
  await org.post(`${V1}/campaigns/${body.id}/launch`)
  return body.id
}

async function reviewsOf(campaign: string) {
  const filter = encodeURIComponent(`campaignId eq "${campaign}"`)
  return (await org.get(`${V1}/reviews?filter=${filter}`)).body.data
}

describe('reviews', () => {
  it('are made for everybody who has the resource, and revoked access goes', async () => {
    const campaign = await running()
    const reviews = await reviewsOf(campaign)
    expect(reviews).toHaveLength(2)
    expect(reviews[0]).toMatchObject({
      campaignId: campaign,
      resourceId: group.id,
      decision: 'UNREVIEWED',
      remediationStatus: 'NONE',
      reviewerType: 'USER',
      reviewerProfile: { id: admin.id },
    })
    const { login } = admin.profile
    org.act('decideReview', { id: reviews[0].id, login, approve: true })
    org.act('decideReview', { id: reviews[1].id, login, approve: false })
    expect(
      (await reviewsOf(campaign)).map(({ decision, remediationStatus }: never) => [decision, remediationStatus]),
    ).toEqual([
      ['APPROVE', 'NONE'],
      ['REVOKE', 'SUCCESS'],
    ])
    const members = (await org.get(`/api/v1/groups/${group.id}/users`)).body.map(({ id }: { id: string }) => id)
    expect(members).toEqual([reviews[0].principalProfile.id])
    await org.put(`/api/v1/groups/${group.id}/users/${reviews[1].principalProfile.id}`)
  })

  it('go to the manager an expression names, else to the fallback', async () => {
    const [ann, bob] = people as [(typeof people)[0], (typeof people)[0]]
    await org.post(`/api/v1/users/${ann.id}`, { profile: { managerId: bob.id } })
    const reviewerSettings = {
      type: 'REVIEWER_EXPRESSION',
      reviewerScopeExpression: 'user.profile.managerId',
      fallBackReviewerId: admin.id,
    }
    const found = await reviewsOf(await running({ reviewerSettings }))
    const reviewers = found.map((review: { principalProfile: { id: string }; reviewerProfile: { id: string } }) => [
      review.principalProfile.id,
      review.reviewerProfile.id,
    ])
    expect(Object.fromEntries(reviewers)).toEqual({ [ann.id]: bob.id, [bob.id]: admin.id })
  })

  it('are handed to another reviewer once', async () => {
    const campaign = await running()
    const [review] = await reviewsOf(campaign)
    const body = { reviewerId: people[0]?.id, reviewIds: [review.id], note: 'On leave' }
    const path = `${V1}/campaigns/${campaign}/reviews/reassign`
    expect((await org.post(path, body)).body.data[0].reviewerProfile.id).toBe(people[0]?.id)
    expect(await org.post(path, body)).toMatchObject(refused(409, 'E0000174'))
    expect((await org.get(`${V1}/reviews/${review.id}`)).body.note).toMatchObject({ note: 'On leave' })
  })

  it('of a campaign with levels tell which they are at', async () => {
    const level = { type: 'USER', reviewerId: admin.id, startReview: 'WHEN_CAMPAIGN_STARTS' }
    const [review] = await reviewsOf(
      await running({ reviewerSettings: { type: 'MULTI_LEVEL', reviewerLevels: [level] } }),
    )
    expect((await org.get(`${V1}/reviews/${review.id}`)).body).toMatchObject({
      currentReviewerLevel: 'FIRST',
      allReviewerLevels: [{ reviewerLevel: 'FIRST', decision: 'UNREVIEWED', reviewerProfile: { id: admin.id } }],
    })
  })

  it('end with the campaign: who was not reviewed loses access where it says so', async () => {
    const remediationSettings = { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'DENY' }
    const campaign = await running({ remediationSettings })
    await org.post(`${V1}/campaigns/${campaign}/end`, { skipRemediation: true })
    expect((await org.get(`/api/v1/groups/${group.id}/users`)).body).toHaveLength(2)
    await org.post(`${V1}/campaigns/${await running({ remediationSettings })}/end`)
    expect((await org.get(`/api/v1/groups/${group.id}/users`)).body).toHaveLength(0)
  })
})

describe('lists of campaigns', () => {
  const list = (query: string) => org.get(`${V1}/campaigns?${query}`)

  it('are narrowed, ordered and paged', async () => {
    const completed = await list(`filter=${encodeURIComponent('status eq "COMPLETED"')}`)
    expect(completed.body.data).toHaveLength(2)
    expect(completed.body.data[0]).toMatchObject({ scheduleType: 'ONE_OFF', reviewerType: 'USER' })
    const first = await list('limit=1&orderBy=created%20desc')
    const next = new URL(first.body._links.next.href)
    const second = await org.get(next.pathname + next.search)
    expect(second.body.data[0].id < first.body.data[0].id).toBe(true)
  })

  it.each([
    ['limit=201', 'E0000029'],
    ['orderBy=color', 'E0000029'],
    ['after=icinone', 'E0000029'],
    [`filter=${encodeURIComponent('color eq "red"')}`, 'E0000053'],
  ])('%s is refused', async (query, code) => {
    expect(await list(query)).toMatchObject(refused(400, code))
  })
})
