import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gone, member, type Org, openOrg, refused } from '../testing.ts'

const V2 = '/governance/api/v2'
const REQUESTS = `${V2}/requests`

let org: Org
let admin: { id: string; profile: { login: string } }
let app: { id: string }
let sequence: { id: string; fields: { id: string }[] }
let conditions: string

beforeAll(async () => {
  org = await openOrg()
  admin = (await org.get('/api/v1/users/me')).body
  const settings = { app: { url: 'https://acme.test' } }
  app = (await org.post('/api/v1/apps', { name: 'bookmark', label: 'Ledger', signOnMode: 'BOOKMARK', settings })).body
  conditions = `${V2}/resources/${app.id}/request-conditions`
  sequence = org.act('drawSequence', {
    name: 'Justified',
    fields: [{ label: 'Why?' }, { label: 'Sure?', type: 'SELECT', choices: ['Yes', 'No'] }],
    approvers: [admin.profile.login],
  })
})
afterAll(() => org.close())

const condition = (more: object = {}) => ({
  name: 'Everybody',
  approvalSequenceId: sequence.id,
  accessScopeSettings: { type: 'RESOURCE_DEFAULT' },
  requesterSettings: { type: 'EVERYONE' },
  ...more,
})

async function entries(filter: string, catalog = 'catalogs/default/entries') {
  return (await org.get(`${V2}/${catalog}?filter=${encodeURIComponent(filter)}`)).body.data
}

async function entry(): Promise<{ id: string }> {
  const [top] = await entries('not(parent pr)')
  const [own] = await entries(`parent eq "${top.id}"`)
  return own
}

const ask = async (answers: object[], userId = admin.id) =>
  org.post(REQUESTS, {
    requested: { type: 'CATALOG_ENTRY', entryId: (await entry()).id },
    requestedFor: { type: 'OKTA_USER', externalId: userId },
    requesterFieldValues: answers,
  })

describe('conditions', () => {
  it('fill the catalogue while they are active', async () => {
    const { body } = await org.post(conditions, condition())
    expect(await entries('not(parent pr)')).toEqual([])
    await org.post(`${conditions}/${body.id}/activate`)
    const [top] = await entries('not(parent pr)')
    expect(top).toMatchObject({ name: 'Ledger', requestable: false })
    expect(await entries(`parent eq "${top.id}"`)).toEqual([
      expect.objectContaining({ name: 'Ledger', label: 'Application', parent: top.id, requestable: true }),
    ])
    const only = (status: string, done: string) => `Only Request Condition with status=${status} may be ${done}`
    expect(await org.post(`${conditions}/${body.id}/activate`)).toMatchObject(
      refused(409, 'E0000195', { causes: [only('INACTIVE', 'activated')] }),
    )
    await org.post(`${conditions}/${body.id}/deactivate`)
    expect(await entries('not(parent pr)')).toEqual([])
    await org.post(`${conditions}/${body.id}/activate`)
  })

  it('give access for a time that is not too long', async () => {
    const most = 'Maximum weeks for access duration is 12 weeks.'
    const accessDurationSettings = { type: 'ADMIN_FIXED_DURATION', duration: 'P13W' }
    expect(await org.post(conditions, condition({ accessDurationSettings }))).toMatchObject(
      refused(400, 'E0000001', { causes: [most] }),
    )
  })

  it('are tried by priority, each for its own people', async () => {
    const { body: group } = await org.post('/api/v1/groups', { profile: { name: 'Auditors' } })
    const ann = await member(org, 'ann@acme.test')
    await org.put(`/api/v1/groups/${group.id}/users/${ann.id}`)
    const { body } = await org.post(
      conditions,
      condition({
        name: 'Auditors',
        priority: -1,
        requesterSettings: { type: 'GROUPS', groups: [{ id: group.id }] },
        accessDurationSettings: { type: 'REQUESTER_SPECIFIED_DURATION', maximumDuration: 'P30D' },
      }),
    )
    await org.post(`${conditions}/${body.id}/activate`)
    const { id } = await entry()
    const fieldsFor = async (user: string) =>
      (await org.get(`${V2}/catalogs/default/entries/${id}/users/${user}/request-fields`)).body.data
    expect(await fieldsFor(admin.id)).toHaveLength(2)
    const [, , duration] = await fieldsFor(ann.id)
    expect(duration).toMatchObject({ id: 'ACCESS_DURATION', required: true, maximumValue: 'P30D' })
    expect((await org.get(conditions)).body.data.map(({ name }: { name: string }) => name)).toEqual([
      'Auditors',
      'Everybody',
    ])
    await org.delete(`${conditions}/${body.id}`)
  })
})

describe('requests', () => {
  const answers = (why: string, sure: string) => [
    { id: sequence.fields[0]?.id, value: why },
    { id: sequence.fields[1]?.id, value: sure },
  ]

  it('are approved, and the access given', async () => {
    const asked = await ask(answers('To audit', 'Yes'))
    expect(asked).toMatchObject({ status: 202, body: { status: 'SUBMITTED', requestedBy: { externalId: admin.id } } })
    const path = `${REQUESTS}/${asked.body.id}`
    expect((await org.get(path)).body).toMatchObject({
      status: 'PENDING',
      requesterFieldValues: [{ label: 'Why?', type: 'TEXT', value: 'To audit' }, { label: 'Sure?' }],
      requestApproval: { decisions: [] },
    })
    expect((await org.get(`/api/v1/apps/${app.id}/users/${admin.id}`)).status).toBe(404)
    org.act('decideRequest', { id: asked.body.id, login: admin.profile.login })
    expect((await org.get(path)).body).toMatchObject({
      status: 'APPROVED',
      grantStatus: 'GRANTED',
      requestApproval: { status: 'APPROVED', decisions: [{ deciderId: admin.id, decision: 'APPROVED' }] },
    })
    expect((await org.get(`/api/v1/apps/${app.id}/users/${admin.id}`)).status).toBe(200)
    const approved = await org.get(`${REQUESTS}?filter=${encodeURIComponent('status eq "APPROVED"')}`)
    expect(approved.body.data.map(({ id }: { id: string }) => id)).toEqual([asked.body.id])
  })

  it.each([
    ['nothing is answered', () => []],
    ['a choice is none of the choices', () => answers('To audit', 'Perhaps')],
  ])('are rejected when %s', async (_, given) => {
    const { status, body } = await ask(given())
    expect({ status, said: body.status }).toEqual({ status: 202, said: 'SUBMITTED' })
    expect((await org.get(`${REQUESTS}/${body.id}`)).body).toMatchObject({
      status: 'REJECTED',
      requestApproval: { externalRequestId: 'N/A' },
    })
  })

  it('for others need the leave of the resource', async () => {
    const bob = await member(org, 'bob@acme.test')
    const before = await ask(answers('For Bob', 'Yes'), bob.id)
    expect((await org.get(`${REQUESTS}/${before.body.id}`)).body.status).toBe('REJECTED')
    await org.patch(`${V2}/resources/${app.id}/request-settings`, { requestOnBehalfOfSettings: { allowed: true } })
    const after = await ask(answers('For Bob', 'Yes'), bob.id)
    expect((await org.get(`${REQUESTS}/${after.body.id}`)).body.status).toBe('PENDING')
  })

  it('are made and read by end users in their own catalogue', async () => {
    const { id } = await entry()
    const path = `${V2}/my/catalogs/default/entries/${id}`
    const { body, status } = await org.post(`${path}/requests`, { requesterFieldValues: answers('Mine', 'No') })
    expect({ status, said: body.status }).toEqual({ status: 202, said: 'SUBMITTED' })
    const read = (await org.get(`${path}/requests/${body.id}`)).body
    expect(read).toMatchObject({ status: 'PENDING', requested: { entryId: id, accessScopeType: 'APPLICATION' } })
    expect(read._links.catalogEntry.href).toMatch(new RegExp(`${path}$`))
    expect(await org.get(`${path}/requests/reqnone`)).toMatchObject(gone('reqnone', 'AccessRequest'))
    const { data } = (await org.get(`${path}/users?filter=${encodeURIComponent('firstName sw "Ni"')}`)).body
    expect(data.map(({ email }: { email: string }) => email)).toContain('bob@acme.test')
  })

  it('name what they lack', async () => {
    expect(await org.post(REQUESTS, { requestedFor: {} })).toMatchObject(
      refused(400, 'E0000001', { causes: ["must have required property 'requested'"] }),
    )
    const requested = { type: 'CATALOG_ENTRY', entryId: 'cennone' }
    expect(await org.post(REQUESTS, { requested, requestedFor: { externalId: admin.id } })).toMatchObject(
      refused(400, 'E0000001', { causes: ['cennone not found'] }),
    )
  })
})

describe('sequences', () => {
  it('are listed for what they fit, and stay while a condition needs them', async () => {
    const { id } = org.act('drawSequence', { name: 'Groups only', compatibleResourceTypes: ['GROUP'] })
    const path = `${V2}/resources/${app.id}/request-sequences`
    expect((await org.get(path)).body.data).toEqual([
      expect.objectContaining({ id: sequence.id, compatibleResourceTypes: ['APP', 'GROUP'] }),
    ])
    expect(await org.delete(`${V2}/request-sequences/${sequence.id}`)).toMatchObject(refused(409, 'E0000169'))
    expect((await org.delete(`${V2}/request-sequences/${id}`)).status).toBe(204)
    expect((await org.get(`${path}/${id}`)).status).toBe(404)
  })

  it('without approvers grant at once', async () => {
    const { body: group } = await org.post('/api/v1/groups', { profile: { name: 'Readers' } })
    const open = org.act('drawSequence', { name: 'Open' })
    const path = `${V2}/resources/${group.id}/request-conditions`
    const { body } = await org.post(path, condition({ approvalSequenceId: open.id }))
    await org.post(`${path}/${body.id}/activate`)
    const found = await entries('parent pr')
    const own = found.find(({ name }: { name: string }) => name === 'Readers')
    const mine = `${V2}/my/catalogs/default/entries/${own.id}/requests`
    const asked = await org.post(mine, {})
    expect((await org.get(`${mine}/${asked.body.id}`)).body.status).toBe('APPROVED')
    expect((await org.get(`/api/v1/groups/${group.id}/users`)).body).toHaveLength(1)
  })
})

describe('request types', () => {
  it('belong to teams; their requests go through every approver', async () => {
    const team = org.act('formTeam', { name: 'Desk' })
    const path = '/governance/api/v1/request-types'
    const type = {
      name: 'Ledger',
      ownerId: team.id,
      resourceSettings: { type: 'APPS', targetResources: [{ resourceId: app.id }] },
      requestSettings: { type: 'EVERYONE', requesterFields: [{ type: 'TEXT', prompt: 'Why?' }] },
      approvalSettings: { type: 'SERIAL', approvals: [{ approverType: 'USER', approverUserId: admin.id }] },
    }
    expect(await org.post(path, { ...type, ownerId: 'none' })).toMatchObject(
      refused(400, 'E0000001', { causes: ['ownerId must be a Team in your organization.'] }),
    )
    const { body: made } = await org.post(path, type)
    const cleo = await member(org, 'cleo@acme.test')
    const asked = {
      requestTypeId: made.id,
      subject: 'Ledger for Cleo',
      requesterUserIds: [cleo.id],
      requesterFieldValues: [{ id: made.requestSettings.requesterFields[0].id, value: 'To audit' }],
    }
    const requests = '/governance/api/v1/requests'
    expect(await org.post(requests, asked)).toMatchObject(refused(409, 'E0000195'))
    await org.post(`${path}/${made.id}/publish`)
    const { status, body } = await org.post(requests, asked)
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { requestStatus: 'OPEN', approvals: [{ status: 'PENDING' }] },
    })
    org.act('decideRequest', { id: body.id, login: admin.profile.login })
    expect((await org.get(`${requests}/${body.id}`)).body).toMatchObject({
      requestStatus: 'RESOLVED',
      approvals: [{ status: 'COMPLETED', decision: 'APPROVED', approverId: admin.id }],
      actions: [{ status: 'COMPLETED', action: 'ASSIGN_APP_TO_USER', actionStatus: 'SUCCEEDED' }],
    })
    expect((await org.get(`/api/v1/apps/${app.id}/users/${cleo.id}`)).status).toBe(200)
  })
})
