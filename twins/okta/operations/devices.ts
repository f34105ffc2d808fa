import { noContent, ok, type Reply } from '../../../shared/kernel/reply.ts'
import { fail, notFound } from '../errors.ts'
import { record, target } from '../events.ts'
import { PREFIX } from '../ids.ts'
import { hinted } from '../links.ts'
import { page, whole } from '../paging.ts'
import { found, type Resource, resource } from '../resource.ts'
import { checkFilter, FilterError, matches, type Operator, parseFilter } from '../rules/filter.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { userView } from '../views/users.ts'
import { type OktaCall, operations } from './define.ts'

/** Status of a device → what may be done with it, where its links say so. */
const LINKED: Readonly<Record<string, readonly string[]>> = {
  CREATED: ['activate', 'deactivate'],
  ACTIVE: ['suspend', 'deactivate'],
  SUSPENDED: ['unsuspend', 'deactivate'],
  DEACTIVATED: ['activate'],
}

/** Whether a device may be moved. Activating an active one changes nothing (recorded). */
const mayMove = (status: string, move: string): boolean =>
  LINKED[status]?.includes(move) === true || (status === 'ACTIVE' && move === 'activate')

const NEXT: Readonly<Record<string, string>> = {
  activate: 'ACTIVE',
  deactivate: 'DEACTIVATED',
  suspend: 'SUSPENDED',
  unsuspend: 'ACTIVE',
}

function deviceView(call: OktaCall, device: Document) {
  return {
    id: device.id,
    status: device.status,
    created: isoTime(device.created),
    lastUpdated: isoTime(device.lastUpdated),
    profile: device.data.profile,
    resourceType: 'UDDevice',
    resourceDisplayName: { value: (device.data.profile as Json).displayName, sensitive: false },
    resourceId: device.id,
    resourceAlternateId: null,
    _links: deviceLinks(call, device),
  }
}

/** A deactivated device can be removed, not changed, and tells of no people (recorded). */
function deviceLinks(call: OktaCall, { id, status = '' }: Document) {
  const path = `/api/v1/devices/${id}`
  const link = (move: string) => [move, hinted(call, `${path}/lifecycle/${move}`, 'POST')] as const
  const moves = LINKED[status] ?? []
  const stopped = status === 'DEACTIVATED'
  return {
    ...Object.fromEntries(moves.filter((move) => move !== 'deactivate').map(link)),
    self: stopped ? hinted(call, path, 'GET', 'DELETE') : hinted(call, path, 'GET', 'PATCH', 'PUT'),
    ...(!stopped && { users: hinted(call, `${path}/users`, 'GET') }),
    ...Object.fromEntries(moves.filter((move) => move === 'deactivate').map(link)),
  }
}

/** The authenticator a device enrolled with: a device alone tells, lists do not (recorded). */
function origin(call: OktaCall) {
  const authenticator = call.tables.authenticators.all().find(({ data }) => data.key === 'okta_verify')
  if (!authenticator) return {}
  const { name, key } = authenticator.data
  return { _embedded: { originatedFrom: [{ id: authenticator.id, name, key }] } }
}

/** The people of the devices in a list, whole or in short. */
function people(call: OktaCall, device: Document, expand: string | undefined) {
  if (expand === undefined) return {}
  const users = usersOf(call, device.id).map((one) => {
    if (expand !== 'userSummary' || !one.user) return one
    const { login, email, firstName, lastName } = one.user.profile
    return { ...one, user: { id: one.user.id, profile: { firstName, lastName, login, email } } }
  })
  return { _embedded: { users } }
}

const SEARCHED: readonly Operator[] = ['eq', 'sw', 'co', 'gt', 'ge', 'lt', 'le', 'pr']

/** What a search lets through: any attribute of a device, spelled as it is shown. */
function passes(text: string): (device: Document) => boolean {
  try {
    const filter = parseFilter(text)
    const known = (name: string) => /^(id|status|created|lastUpdated|profile\.\w+)$/.test(name)
    checkFilter(filter, { operators: (name) => (known(name) ? SEARCHED : undefined) })
    return (device) => {
      const { id, status, created, lastUpdated } = device
      const shown: Json = { id, status, created: isoTime(created), lastUpdated: isoTime(lastUpdated) }
      const read = (name: string) => shown[name] ?? (device.data.profile as Json)[name.replace('profile.', '')]
      return matches(filter, read, { ignoreCase: true })
    }
  } catch (error) {
    if (error instanceof FilterError) return fail('E0000031')
    throw error
  }
}

const deviceTarget = (device: Document) =>
  target('Device', device.id, String((device.data.profile as Json).displayName))

/** Devices come by enrolment, never by the API. */
const deviceOf = (call: OktaCall): Document => {
  const { deviceId } = call.params as { deviceId: string }
  return call.tables.devices.get(deviceId) ?? notFound(deviceId, 'Device')
}

const moved =
  (move: string) =>
  (call: OktaCall): Reply => {
    const device = deviceOf(call)
    if (!mayMove(device.status ?? '', move)) fail('E0000152')
    call.tables.devices.patch(device.id, { status: NEXT[move] as string, lastUpdated: call.now })
    record(call, `device.lifecycle.${move}`, [deviceTarget(device)])
    return noContent()
  }

function deviceUserView(call: OktaCall, link: Document) {
  const user = call.tables.users.get(link.data.userId as string)
  return {
    created: isoTime(link.created),
    managementStatus: link.data.managementStatus ?? 'NOT_MANAGED',
    screenLockType: link.data.screenLockType ?? 'BIOMETRIC',
    ...(user && { user: userView(user, call) }),
  }
}

const usersOf = (call: OktaCall, deviceId: string) =>
  call.tables.deviceUsers.where('parent', deviceId).map((link) => deviceUserView(call, link))

const integrationView = (call: OktaCall, row: Document) => {
  const path = `/api/v1/device-integrations/${row.id}`
  const next = row.status === 'ACTIVE' ? 'deactivate' : 'activate'
  return {
    id: row.id,
    ...row.data,
    status: row.status,
    _links: { self: hinted(call, path, 'GET'), [next]: hinted(call, `${path}/lifecycle/${next}`, 'POST') },
  }
}

const integrationFamily: Resource = {
  table: (tables) => tables.deviceIntegrations,
  prefix: PREFIX.deviceIntegration,
  kind: 'DeviceIntegration',
  param: 'deviceIntegrationId',
  operations: { list: 'listDeviceIntegrations', get: 'getDeviceIntegration' },
  view: (row, call) => integrationView(call, row),
}

const switched = (status: string) => (call: OktaCall) => {
  const { id } = found(integrationFamily, call)
  return ok(integrationView(call, call.tables.deviceIntegrations.patch(id, { status, lastUpdated: call.now })))
}

/** Devices, and who else vouches for them. */
export const devices = {
  ...resource(integrationFamily),
  ...operations({
    listDevices(call) {
      const { search, expand } = call.query
      const all = call.tables.devices.all()
      const rows = search === undefined ? all : all.filter(passes(search))
      return page(call, rows, { limit: 200, max: 200 }, (device) => ({
        ...deviceView(call, device),
        ...people(call, device, expand),
      }))
    },
    getDevice: (call) => ok({ ...deviceView(call, deviceOf(call)), ...origin(call) }),
    deleteDevice(call) {
      const device = deviceOf(call)
      if (device.status !== 'DEACTIVATED') fail('E0000152')
      for (const link of call.tables.deviceUsers.where('parent', device.id)) call.tables.deviceUsers.remove(link.id)
      call.tables.devices.remove(device.id)
      record(call, 'device.lifecycle.delete', [deviceTarget(device)])
      return noContent()
    },
    activateDevice: moved('activate'),
    deactivateDevice: moved('deactivate'),
    suspendDevice: moved('suspend'),
    unsuspendDevice: moved('unsuspend'),
    listDeviceUsers(call) {
      const { deviceId } = call.params
      if (!call.tables.devices.has(deviceId)) return notFound(deviceId, 'GenericUDObject')
      return whole(usersOf(call, deviceId), (user) => user)
    },

    activateDeviceIntegration: switched('ACTIVE'),
    deactivateDeviceIntegration: switched('DEACTIVATED'),
  }),
}
