import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Org, openOrg, refused, webApp } from '../testing.ts'

let org: Org
let mappings: string
beforeAll(async () => {
  org = await openOrg()
  mappings = `/api/v1/apps/${(await webApp(org, 'Main')).id}/group-push/mappings`
})
afterAll(() => org.close())

const group = async (name: string) => (await org.post('/api/v1/groups', { profile: { name } })).body.id as string

it('a pushed group is stopped before it goes, and takes its copy along when asked', async () => {
  const sourceGroupId = await group('Pushed')
  const made = await org.post(mappings, { sourceGroupId, targetGroupName: 'Pushed there' })
  expect(made).toMatchObject({ status: 200, body: { sourceGroupId, status: 'ACTIVE' } })
  const copy = `/api/v1/groups/${made.body.targetGroupId}`
  expect((await org.get(copy)).body).toMatchObject({ type: 'APP_GROUP', profile: { name: 'Pushed there' } })
  const one = `${mappings}/${made.body.id}`
  expect((await org.delete(`${one}?deleteTargetGroup=true`)).status).toBe(400)
  expect((await org.patch(one, { status: 'INACTIVE' })).body.status).toBe('INACTIVE')
  expect((await org.delete(`${one}?deleteTargetGroup=true`)).status).toBe(200)
  expect([(await org.get(one)).status, (await org.get(copy)).status]).toEqual([404, 404])
})

it('a group is pushed to a group: one that is there, or a new one', async () => {
  const sourceGroupId = await group('Source')
  expect(await org.post(mappings, { sourceGroupId })).toMatchObject(refused(400, 'E0000001'))
  const targetGroupId = await group('Target')
  expect((await org.post(mappings, { sourceGroupId, targetGroupId })).body).toMatchObject({ targetGroupId })
  const another = { sourceGroupId: await group('Another'), targetGroupId }
  expect(await org.post(mappings, another)).toMatchObject(refused(400, 'E0000001'))
})

it('a group of a directory keeps what the directory is told of it', async () => {
  const appConfig = {
    type: 'ACTIVE_DIRECTORY',
    distinguishedName: 'CN=Staff,DC=acme,DC=test',
    groupScope: 'DOMAIN_LOCAL',
    groupType: 'SECURITY',
    samAccountName: 'staff',
  }
  const made = await org.post(mappings, { sourceGroupId: await group('Staff'), targetGroupName: 'Staff', appConfig })
  expect(made.body.appConfig).toEqual(appConfig)
  expect((await org.get(`${mappings}/${made.body.id}`)).body).toEqual(made.body)
})
