import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { member, type Org, openOrg, refused } from '../testing.ts'

const V1 = '/governance/api/v1'

let org: Org
let app: { id: string; orn: string }
let license: { id: string; values: { id: string; name: string }[] }
let bundle: { id: string }
let user: { id: string }
const parent = () => ({ externalId: app.id, type: 'APPLICATION' })
const principal = () => ({ externalId: user.id, type: 'OKTA_USER' })

beforeAll(async () => {
  org = await openOrg()
  user = await member(org, 'ann@acme.test')
  const settings = { app: { url: 'https://acme.test' } }
  app = (await org.post('/api/v1/apps', { name: 'bookmark', label: 'Ledger', signOnMode: 'BOOKMARK', settings })).body
  const values = ['reader', 'writer', 'owner'].map((name) => ({ name, externalValue: name }))
  const given = { name: 'License', externalValue: 'license', multiValue: true, parent: parent(), values }
  license = (await org.post(`${V1}/entitlements`, given)).body
  const picked = [{ id: license.id, values: [{ id: license.values[0]?.id }] }]
  bundle = (await org.post(`${V1}/entitlement-bundles`, { name: 'Readers', target: parent(), entitlements: picked }))
    .body
})
afterAll(() => org.close())

const query = () =>
  encodeURIComponent(
    `parent.externalId eq "${app.id}" AND parent.type eq "APPLICATION" AND ` +
      `targetPrincipal.externalId eq "${user.id}" AND targetPrincipal.type eq "OKTA_USER"`,
  )

describe('entitlements', () => {
  it('are changed piece by piece, and the answer shows the pieces', async () => {
    const path = `${V1}/entitlements/${license.id}`
    const value = { name: 'guest', externalValue: 'guest' }
    const { body } = await org.patch(path, [
      { op: 'ADD', path: '/values/-', value, refType: 'ENTITLEMENT-VALUE' },
      { op: 'REPLACE', path: '/description', value: 'What one may do', refType: 'ENTITLEMENT' },
    ])
    expect(body).toMatchObject({ description: 'What one may do', values: [value] })
    const remove = { op: 'REMOVE', path: `/values/${body.values[0].id}`, refType: 'ENTITLEMENT-VALUE' }
    expect((await org.patch(path, [remove])).body.values).toEqual([])
    expect((await org.patch(path, [remove])).status).toBe(404)
  })

  it('have values that are found by name', async () => {
    const filter = encodeURIComponent(`parent.externalId eq "${app.id}" AND name sw "wri"`)
    const { body } = await org.get(`${V1}/entitlements/values?filter=${filter}`)
    expect(body).toMatchObject({ data: [{ name: 'writer', entitlementId: license.id }], metadata: { total: 1 } })
    const one = await org.get(`${V1}/entitlements/${license.id}/values/${body.data[0].id}`)
    expect(one.body).toMatchObject({ name: 'writer', parent: parent() })
  })
})

describe('grants', () => {
  it('add up to what somebody may do', async () => {
    const custom = [{ id: license.id, values: [{ id: license.values[1]?.id }] }]
    const given = { grantType: 'CUSTOM', target: parent(), targetPrincipal: principal(), entitlements: custom }
    const first = await org.post(`${V1}/grants`, given)
    expect(first).toMatchObject({ status: 201, body: { status: 'ACTIVE', action: 'ALLOW', actor: 'API' } })
    const bundled = { grantType: 'ENTITLEMENT-BUNDLE', entitlementBundleId: bundle.id, targetPrincipal: principal() }
    const second = await org.post(`${V1}/grants`, bundled)
    expect(second.body).toMatchObject({ target: parent(), entitlementBundleId: bundle.id })
    const { body } = await org.get(`${V1}/principal-entitlements?filter=${query()}`)
    expect(body.data).toEqual([
      expect.objectContaining({ id: license.id, parent: parent(), targetPrincipal: principal() }),
    ])
    const names = body.data[0].values.map(({ name }: { name: string }) => name)
    expect(names.toSorted()).toEqual(['reader', 'writer'])
    expect((await org.get(`${V1}/principal-access?filter=${query()}`)).body).toMatchObject({
      base: { grantType: 'CUSTOM', grant: { id: first.body.id } },
      additional: [{ grantType: 'ENTITLEMENT-BUNDLE', bundle: { id: bundle.id, name: 'Readers' } }],
    })
    expect((await org.get(`/api/v1/apps/${app.id}/users/${user.id}`)).status).toBe(200)

    const expirationDate = '2020-01-01T00:00:00Z'
    const over = { id: second.body.id, scheduleSettings: { expirationDate } }
    expect((await org.patch(`${V1}/grants/${second.body.id}`, over)).body.status).toBe('EXPIRED')
    const rest = (await org.get(`${V1}/principal-entitlements?filter=${query()}`)).body.data[0].values
    expect(rest).toHaveLength(1)
  })

  it('name what is not there', async () => {
    const absent = { grantType: 'ENTITLEMENT-BUNDLE', entitlementBundleId: 'enbnone', targetPrincipal: principal() }
    expect(await org.post(`${V1}/grants`, absent)).toMatchObject(
      refused(400, 'E0000001', { causes: ['enbnone not found'] }),
    )
    expect(await org.get(`${V1}/principal-entitlements`)).toMatchObject(refused(400, 'E0000053'))
  })
})

describe('risk rules', () => {
  it('tell who would be in conflict', async () => {
    const list = (name: string, value: number) => ({
      name,
      attribute: 'principal.effective_grants',
      operation: 'CONTAINS_ONE',
      value: { type: 'ENTITLEMENTS', value: [{ id: license.id, values: [{ id: license.values[value]?.id }] }] },
    })
    const rule = {
      name: 'Write or own',
      type: 'SEPARATION_OF_DUTIES',
      resources: [{ resourceOrn: app.orn }],
      conflictCriteria: { and: [list('one', 1), list('two', 2)] },
    }
    const made = await org.post(`${V1}/risk-rules`, rule)
    expect(made).toMatchObject({ status: 201, body: { status: 'ACTIVE' } })
    expect(made.body.conflictCriteria.and[0].value.value[0]).toMatchObject({
      name: 'License',
      values: [{ name: 'writer' }],
    })
    expect(await org.post(`${V1}/risk-rules`, rule)).toMatchObject(
      refused(400, 'E0000028', { causes: ['The rule name needs to be unique.'] }),
    )
    const assess = async (id: string) => {
      const body = { principalOrn: `orn:okta:directory:00o1:users:${id}`, resourceOrn: app.orn }
      return (await org.post(`${V1}/risk-rule-assessments`, body)).body.data
    }
    expect(await assess(user.id)).toEqual([expect.objectContaining({ ruleId: made.body.id, ruleName: 'Write or own' })])
    expect(await assess((await member(org, 'bob@acme.test')).id)).toEqual([])
  })
})

describe('collections', () => {
  it('give their apps and entitlements to whom they are assigned, and take them back', async () => {
    const cleo = await member(org, 'cleo@acme.test')
    const { body: made } = await org.post(`${V1}/collections`, { name: 'Bookkeeping' })
    const path = `${V1}/collections/${made.id}`
    const owner = [{ id: license.id, values: [{ id: license.values[2]?.id }] }]
    expect(await org.post(`${path}/resources`, [{ resourceOrn: 'orn:okta:idp:00o1:apps:bookmark' }])).toMatchObject(
      refused(400, 'E0000028'),
    )
    const { body: added } = await org.post(`${path}/resources`, [{ resourceOrn: app.orn, entitlements: owner }])
    expect(added.data[0].resourceProfile).toMatchObject({ id: app.id, label: 'Ledger' })
    const assignment = [{ principal: { externalId: cleo.id, type: 'OKTA_USER' }, actor: 'ADMIN' }]
    expect((await org.post(`${path}/assignments`, assignment)).status).toBe(201)
    await org.post(`${path}/assignments`, assignment)
    const { data } = (await org.get(`${path}/assignments`)).body
    expect(data).toHaveLength(1)
    const mine = encodeURIComponent(`parent.externalId eq "${app.id}" AND targetPrincipal.externalId eq "${cleo.id}"`)
    const held = async () => (await org.get(`${V1}/principal-entitlements?filter=${mine}`)).body.data
    expect((await held())[0].values).toEqual([expect.objectContaining({ name: 'owner' })])
    expect((await org.get(path)).body.counts).toEqual({
      principalAssignmentCount: 1,
      resourceCounts: { applications: 1 },
    })
    await org.patch(`${path}/assignments/${data[0].id}`, [
      { op: 'ADD', path: '/expirationTime', value: '2020-01-01T00:00:00Z' },
    ])
    expect(await held()).toEqual([])
    expect((await org.delete(`${path}/assignments/${data[0].id}`)).status).toBe(204)
    expect((await org.get(`/api/v1/apps/${app.id}/users/${cleo.id}`)).status).toBe(404)
  })
})

describe('labels, owners and delegates', () => {
  it('labels are put on resources and taken off', async () => {
    const values = [{ name: 'SOX' }, { name: 'PII' }]
    const { body: label } = await org.post(`${V1}/labels`, { name: 'Compliance', values })
    const [sox, pii] = label.values.map(({ labelValueId }: { labelValueId: string }) => labelValueId)
    const both = { resourceOrns: [app.orn], labelValueIds: [sox, pii] }
    const { body } = await org.post(`${V1}/resource-labels/assign`, both)
    expect(body.data[0]).toMatchObject({ orn: app.orn, labels: [{ name: 'Compliance', values }] })
    await org.post(`${V1}/resource-labels/unassign`, { ...both, labelValueIds: [sox] })
    const { data } = (await org.get(`${V1}/resource-labels`)).body
    expect(data[0].labels[0].values).toEqual([expect.objectContaining({ name: 'PII' })])
    const change = { op: 'REPLACE', path: `/values/${pii}/name`, value: { name: 'Personal' }, refType: 'LABEL-VALUE' }
    expect((await org.patch(`${V1}/labels/${label.labelId}`, [change])).body.values[1].name).toBe('Personal')
  })

  it('resources have owners', async () => {
    const owner = `orn:okta:directory:00o1:users:${user.id}`
    const filter = encodeURIComponent(`parentResourceOrn eq "${app.orn}"`)
    const unowned = async () => (await org.get(`${V1}/resource-owners/catalog/resources?filter=${filter}`)).body.data
    expect(await unowned()).toHaveLength(2)
    const { body } = await org.put(`${V1}/resource-owners`, { resourceOrns: [app.orn], principalOrns: [owner] })
    expect(body.data[0]).toMatchObject({ principals: [{ id: user.id, type: 'OKTA_USER' }], resource: { id: app.id } })
    expect(await unowned()).toHaveLength(1)
    const data = [{ op: 'REMOVE', path: '/principalOrn', value: owner }]
    expect((await org.patch(`${V1}/resource-owners`, { resourceOrn: app.orn, data })).body.data[0].principals).toEqual(
      [],
    )
  })

  it('people let one other act for them', async () => {
    const path = `${V1}/principal-settings/${user.id}`
    const admin = (await org.get('/api/v1/users/me')).body
    const delegate = { externalId: admin.id, type: 'OKTA_USER' }
    const appoint = (...appointments: object[]) => org.patch(path, { delegates: { appointments } })
    expect((await appoint({ delegate, note: 'On leave' })).body.delegates.appointments).toEqual([
      expect.objectContaining({ delegate, delegator: principal(), note: 'On leave' }),
    ])
    expect((await org.get(`${V1}/delegates`)).body.data).toHaveLength(1)
    expect(await appoint({ delegate, color: 'red' })).toMatchObject(
      refused(400, 'E0000001', { causes: ['Governance settings has invalid properties: color'] }),
    )
    expect((await appoint()).body.delegates.appointments).toEqual([])
  })
})
