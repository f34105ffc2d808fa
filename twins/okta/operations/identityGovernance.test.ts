import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gone, type Org, openOrg, refused } from '../testing.ts'

let org: Org
let app: { id: string }

beforeAll(async () => {
  org = await openOrg()
  const settings = { app: { url: 'https://acme.test' } }
  app = (await org.post('/api/v1/apps', { name: 'bookmark', label: 'Ledger', signOnMode: 'BOOKMARK', settings })).body
})
afterAll(() => org.close())

const CAMPAIGN = {
  name: 'Yearly review',
  scheduleSettings: {
    type: 'ONE_OFF',
    startDate: '2027-03-01T09:00:00Z',
    durationInDays: 30,
    timeZone: 'America/Los_Angeles',
    recurrence: { interval: '' },
  },
  resourceSettings: { type: 'GROUP' },
  reviewerSettings: { type: 'USER', reviewerId: 'me' },
}

it("the org's settings are changed one by one", async () => {
  const path = '/governance/api/v1/settings'
  expect((await org.get(path)).body).toEqual({ delegates: { enduser: {} } })
  const governanceAI = { enabled: true }
  expect((await org.patch(path, { governanceAI })).body).toEqual({ delegates: { enduser: {} }, governanceAI })
  expect((await org.get(path)).body.governanceAI).toEqual(governanceAI)
})

describe('campaigns', () => {
  it('are scheduled in their own time zone, launched and ended', async () => {
    const { status, body } = await org.post('/governance/api/v1/campaigns', CAMPAIGN)
    expect({ status, body }).toMatchObject({ status: 201, body: { status: 'SCHEDULED', campaignType: 'RESOURCE' } })
    // The clocks of California change in between.
    expect(body.scheduleSettings).toMatchObject({
      startDate: '2027-03-01T01:00:00-08:00',
      endDate: '2027-03-31T02:00:00-07:00',
    })
    expect(body.scheduleSettings.recurrence).toBeUndefined()
    const path = `/governance/api/v1/campaigns/${body.id}`
    expect((await org.post(`${path}/launch`)).status).toBe(202)
    expect((await org.get(path)).body.status).toBe('ACTIVE')
    const started = 'Campaign must be scheduled before it can be started'
    expect(await org.post(`${path}/launch`)).toMatchObject(refused(409, 'E0000195', { causes: [started] }))
    expect(await org.delete(path)).toMatchObject(refused(409, 'E0000169'))
    expect((await org.post(`${path}/end`)).status).toBe(202)
    expect(await org.post(`${path}/end`)).toMatchObject(refused(409, 'E0000170'))
  })

  it('are removed before they start', async () => {
    const { body } = await org.post('/governance/api/v1/campaigns', CAMPAIGN)
    const path = `/governance/api/v1/campaigns/${body.id}`
    expect((await org.delete(path)).status).toBe(204)
    expect(await org.get(path)).toMatchObject(gone(body.id, 'Campaign'))
  })
})

describe('entitlements', () => {
  it('are shown in the bundles that hold them', async () => {
    const parent = { externalId: app.id, type: 'APPLICATION' }
    const entitlement = await org.post('/governance/api/v1/entitlements', {
      name: 'License',
      externalValue: 'license',
      parent,
      values: [{ name: 'Reader', externalValue: 'reader' }],
    })
    expect(entitlement.body).toMatchObject({ dataType: 'string', multiValue: false, parent })
    const [value] = entitlement.body.values
    const bundle = await org.post('/governance/api/v1/entitlement-bundles', {
      name: 'Readers',
      target: parent,
      entitlements: [{ id: entitlement.body.id, values: [{ id: value.id }] }],
    })
    expect(bundle).toMatchObject({ status: 201, body: { status: 'ACTIVE' } })
    expect(bundle.body.targetResourceOrn).toMatch(new RegExp(`:apps:bookmark:${app.id}$`))
    // A write answers with ids, a read with names.
    expect(bundle.body.entitlements).toEqual([{ id: entitlement.body.id, values: [{ id: value.id }] }])
    const read = (await org.get(`/governance/api/v1/entitlement-bundles/${bundle.body.id}`)).body
    expect(read.entitlements).toEqual([
      expect.objectContaining({ name: 'License', values: [expect.objectContaining({ name: 'Reader' })] }),
    ])
    const filter = encodeURIComponent(`target.externalId eq "${app.id}"`)
    expect((await org.get(`/governance/api/v1/entitlement-bundles?filter=${filter}`)).body.data).toHaveLength(1)
  })
})

describe('access requests', () => {
  it('have conditions, which are inactive at first', async () => {
    const path = `/governance/api/v2/resources/${app.id}/request-conditions`
    const given = {
      name: 'Everybody',
      approvalSequenceId: '68920b41386747a673869356',
      accessScopeSettings: { type: 'RESOURCE_DEFAULT' },
      requesterSettings: { type: 'EVERYONE' },
    }
    const { status, body } = await org.post(path, given)
    expect({ status, body }).toMatchObject({ status: 201, body: { ...given, status: 'INACTIVE', priority: 0 } })
    expect((await org.post(`${path}/${body.id}/activate`)).body.status).toBe('ACTIVE')
    expect((await org.patch(`${path}/${body.id}`, { name: 'All' })).body).toMatchObject({ ...given, name: 'All' })
    expect((await org.delete(`${path}/${body.id}`)).status).toBe(204)
    expect((await org.get('/governance/api/v2/resources/none/request-settings')).status).toBe(404)
  })

  it('have settings, of which null takes one away', async () => {
    const path = `/governance/api/v2/resources/${app.id}/request-settings`
    const allowed = { requestOnBehalfOfSettings: { allowed: true } }
    expect((await org.patch(path, allowed)).body).toMatchObject(allowed)
    expect((await org.patch(path, { requestOnBehalfOfSettings: null })).body).not.toHaveProperty(
      'requestOnBehalfOfSettings',
    )
  })
})

describe('factors of the org', () => {
  it('are switched on and off, and hardware tokens have profiles', async () => {
    await org.post('/api/v1/org/factors/duo/lifecycle/activate')
    expect((await org.get('/api/v1/org/factors/duo')).body).toMatchObject({ provider: 'DUO', status: 'ACTIVE' })
    const { body } = await org.post('/api/v1/org/factors/hotp/profiles', { name: 'Tokens', settings: { timeStep: 15 } })
    expect(body).toMatchObject({ default: true, settings: { timeStep: 15, otpLength: 6 } })
    expect(await org.get('/api/v1/org/factors/none')).toMatchObject(gone('none', 'Factor'))
  })
})
