import { afterAll, beforeAll, expect, it } from 'vitest'
import { gone, member, type Org, openOrg, refused } from '../testing.ts'

/** Devices, which people enrol and administrators stop. */
const LOGIN = 'asta.nyb@acme.test'
let org: Org
let userId: string
beforeAll(async () => {
  org = await openOrg()
  userId = (await member(org, LOGIN)).id
})
afterAll(() => org.close())

it('a device is stopped and started again, and removed once it is deactivated', async () => {
  const { id } = org.act('enrolDevice', { login: LOGIN, displayName: 'Pad', platform: 'ANDROID' })
  const path = `/api/v1/devices/${id}`
  const device = (await org.get(path)).body
  expect(device).toMatchObject({ id, status: 'ACTIVE', profile: { displayName: 'Pad', platform: 'ANDROID' } })
  expect(Object.keys(device._links).sort()).toEqual(['deactivate', 'self', 'suspend', 'users'])
  const move = async (name: string) => (await org.post(`${path}/lifecycle/${name}`)).status
  const status = async () => (await org.get(path)).body.status
  const illegal = refused(403, 'E0000152')
  expect(await org.post(`${path}/lifecycle/unsuspend`)).toMatchObject(illegal)
  expect([await move('suspend'), await status()]).toEqual([204, 'SUSPENDED'])
  expect([await move('unsuspend'), await status()]).toEqual([204, 'ACTIVE'])
  expect(await org.delete(path)).toMatchObject(illegal)
  expect([await move('activate'), await status()]).toEqual([204, 'ACTIVE'])
  expect(device._embedded.originatedFrom).toMatchObject([{ key: 'okta_verify', name: 'Okta Verify' }])
  expect([await move('deactivate'), await status()]).toEqual([204, 'DEACTIVATED'])
  const stopped = (await org.get(path)).body._links
  expect(Object.keys(stopped)).toEqual(['activate', 'self'])
  expect(stopped.self.hints.allow).toEqual(['GET', 'DELETE'])
  expect([await move('activate'), await status()]).toEqual([204, 'ACTIVE'])
  expect(await move('deactivate')).toBe(204)
  expect((await org.delete(path)).status).toBe(204)
  expect(await org.get(path)).toMatchObject(gone(id, 'Device'))
  expect((await org.events('device.lifecycle.suspend')).at(-1)?.target?.[0]?.id).toBe(id)
  expect((await org.events('device.lifecycle.delete')).at(-1)?.target?.[0]?.id).toBe(id)
})

it('is found by what it is, and knows its people as they know it', async () => {
  const phone = org.act('enrolDevice', { login: LOGIN, displayName: 'Phone of Asta' })
  org.act('enrolDevice', { login: LOGIN, displayName: 'Laptop', platform: 'MACOS' })
  const search = async (text: string) => (await org.get(`/api/v1/devices?search=${encodeURIComponent(text)}`)).body
  expect(await search('profile.displayName sw "Phone"')).toMatchObject([{ id: phone.id }])
  expect(await search('profile.platform eq "MACOS"')).toHaveLength(1)
  expect(await search('profile.platform eq "MACOS" or profile.displayName co "asta"')).toHaveLength(2)
  expect(await search('status eq "active" and lastUpdated gt "2020-01-01T00:00:00.000Z"')).toHaveLength(2)
  for (const text of ['what', 'color eq "red"', 'status ne "ACTIVE"'])
    expect([text, (await search(text)).errorCode]).toEqual([text, 'E0000031'])
  const expanded = async (how: string) => (await org.get(`/api/v1/devices?expand=${how}`)).body[0]._embedded.users[0]
  expect((await expanded('user')).user).toMatchObject({ id: userId, status: 'ACTIVE' })
  expect((await expanded('userSummary')).user).not.toHaveProperty('status')
  const first = await org.get('/api/v1/devices?limit=1')
  expect(first.body).toHaveLength(1)
  expect(first.headers.get('link')).toContain('rel="next"')
  const users = (await org.get(`/api/v1/devices/${phone.id}/users`)).body
  expect(users).toMatchObject([{ managementStatus: 'NOT_MANAGED', user: { id: userId } }])
  const devices = (await org.get(`/api/v1/users/${userId}/devices`)).body
  expect(
    devices.map((one: { device: { profile: { displayName: string } } }) => one.device.profile.displayName),
  ).toEqual(expect.arrayContaining(['Phone of Asta', 'Laptop']))
  expect(await org.get('/api/v1/devices/none/users')).toMatchObject(gone('none', 'GenericUDObject'))
})

it('other vouchers are switched on and off', async () => {
  const list = (await org.get('/api/v1/device-integrations')).body
  expect(list.length).toBeGreaterThan(0)
  const [{ id, status }] = list
  const path = `/api/v1/device-integrations/${id}`
  const [first, second] = status === 'ACTIVE' ? ['deactivate', 'activate'] : ['activate', 'deactivate']
  const moved = (await org.post(`${path}/lifecycle/${first}`)).body
  expect(moved.status).not.toBe(status)
  expect((await org.get(path)).body).toEqual(moved)
  expect((await org.post(`${path}/lifecycle/${second}`)).body.status).toBe(status)
  expect((await org.get('/api/v1/device-integrations/none')).status).toBe(404)
})
