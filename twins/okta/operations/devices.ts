import { noContent, ok, type Reply } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound } from '../errors.ts'
import { record, target } from '../events.ts'
import { PREFIX } from '../ids.ts'
import { type Allow, hinted } from '../links.ts'
import { page, whole } from '../paging.ts'
import { found, type Resource, resource } from '../resource.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { userView } from '../views/users.ts'
import { type OktaCall, operations } from './define.ts'

/** Status of a device → what may be done with it. */
const MOVES: Readonly<Record<string, readonly string[]>> = {
  CREATED: ['activate', 'deactivate'],
  ACTIVE: ['suspend', 'deactivate'],
  SUSPENDED: ['unsuspend', 'deactivate'],
  DEACTIVATED: ['activate'],
}

const NEXT: Readonly<Record<string, string>> = {
  activate: 'ACTIVE',
  deactivate: 'DEACTIVATED',
  suspend: 'SUSPENDED',
  unsuspend: 'ACTIVE',
}

function deviceView(call: OktaCall, device: Document) {
  const path = `/api/v1/devices/${device.id}`
  const moves = MOVES[device.status ?? ''] ?? []
  const self: Allow[] = device.status === 'DEACTIVATED' ? ['GET', 'PATCH', 'PUT', 'DELETE'] : ['GET', 'PATCH', 'PUT']
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
    _links: {
      ...Object.fromEntries(moves.map((move) => [move, hinted(call, `${path}/lifecycle/${move}`, 'POST')])),
      self: hinted(call, path, ...self),
      users: hinted(call, `${path}/users`, 'GET'),
    },
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
    if (!MOVES[device.status ?? '']?.includes(move)) fail('E0000152')
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

const assuranceFamily: Resource = {
  table: (tables) => tables.deviceAssurances,
  prefix: PREFIX.deviceAssurance,
  // What reads and what deletes fail in different classes of Okta's: seen in traffic.
  kind: 'DeviceAssuranceRuleManagerImpl',
  param: 'deviceAssuranceId',
  operations: {
    list: 'listDeviceAssurancePolicies',
    create: 'createDeviceAssurancePolicy',
    get: 'getDeviceAssurancePolicy',
    replace: 'replaceDeviceAssurancePolicy',
  },
  required: ['name', 'platform'],
  unique: 'name',
  data(body, call, before) {
    const {
      name,
      platform,
      id: _,
      createdDate: __,
      lastUpdate: ___,
      createdBy: ____,
      lastUpdatedBy: _____,
      _links,
      ...rest
    } = body
    if (before && before.data.platform !== platform) invalid('platform', ['platform: The platform cannot be changed'])
    if (Object.keys(rest).length === 0)
      invalid('deviceAssurance', ['Please select at least one device condition before saving'])
    return {
      name,
      platform,
      rest,
      createdBy: before?.data.createdBy ?? call.caller.userId,
      lastUpdatedBy: call.caller.userId,
    }
  },
  view({ id, created, lastUpdated, data }, call) {
    const { name, platform, rest, createdBy, lastUpdatedBy } = data
    return {
      name,
      platform,
      id,
      ...ordered(rest as Json),
      // The answer to a replacement does not say who made it.
      ...(call.operation.operationId !== 'replaceDeviceAssurancePolicy' && {
        createdDate: isoTime(created),
        createdBy,
      }),
      lastUpdate: isoTime(lastUpdated),
      lastUpdatedBy,
      resourceType: 'DeviceAssurancePolicyEntity',
      resourceDisplayName: { value: name, sensitive: false },
      resourceId: id,
      _links: { self: hinted(call, `/api/v1/device-assurances/${id}`, 'GET', 'PUT', 'DELETE') },
    }
  },
  events: { create: 'policy.device_assurance.create', replace: 'policy.device_assurance.update' },
}

const ORDER = [
  'osVersion',
  'osVersionConstraints',
  'secureHardwarePresent',
  'diskEncryptionType',
  'screenLockType',
  'jailbreak',
  'thirdPartySignalProviders',
  'devicePostureChecks',
  'displayRemediationMode',
  'gracePeriod',
]

const ordered = (members: Json): Json =>
  Object.fromEntries(
    [...ORDER, ...Object.keys(members).filter((name) => !ORDER.includes(name))]
      .filter((name) => members[name] !== undefined)
      .map((name) => [name, members[name]]),
  )

/** Posture checks belong to a feature that fresh orgs do not have. */
const gated = (): never => fail('E0000015')

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

/** Devices, what is demanded of them, and who else vouches for them. */
export const devices = {
  ...resource(assuranceFamily),
  ...resource(integrationFamily),
  ...operations({
    listDevices(call) {
      const { search } = call.query
      const wanted =
        search === undefined ? undefined : /^\s*(status|id|profile\.\w+)\s+(eq|sw|co)\s+"([^"]*)"\s*$/.exec(search)
      if (search !== undefined && !wanted) fail('E0000031')
      const rows = call.tables.devices.all().filter((device) => {
        if (!wanted) return true
        const [, name = '', operator, value = ''] = wanted
        const profile = device.data.profile as Json
        const held = String(
          name === 'status' ? device.status : name === 'id' ? device.id : profile[name.slice(8)],
        ).toLowerCase()
        const text = value.toLowerCase()
        return operator === 'eq' ? held === text : operator === 'sw' ? held.startsWith(text) : held.includes(text)
      })
      return page(call, rows, { limit: 200, max: 200 }, (device) => deviceView(call, device))
    },
    getDevice: (call) => ok(deviceView(call, deviceOf(call))),
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
      return whole(call.tables.deviceUsers.where('parent', deviceId), (link) => deviceUserView(call, link))
    },

    deleteDeviceAssurancePolicy(call) {
      const { deviceAssuranceId } = call.params
      const row =
        call.tables.deviceAssurances.get(deviceAssuranceId) ?? notFound(deviceAssuranceId, 'DeviceAssuranceEntity')
      const used = call.tables.policyRules.all().some((rule) => JSON.stringify(rule.conditions).includes(`"${row.id}"`))
      if (used) invalid('deviceAssurance', ['This device assurance policy is used by an authentication policy.'])
      call.tables.deviceAssurances.remove(row.id)
      record(call, 'policy.device_assurance.delete', [target('DeviceAssurance', row.id, String(row.data.name))])
      return noContent()
    },

    activateDeviceIntegration: switched('ACTIVE'),
    deactivateDeviceIntegration: switched('DEACTIVATED'),

    listDevicePostureChecks: gated,
    createDevicePostureCheck: gated,
    listDefaultDevicePostureChecks: gated,
    getDevicePostureCheck: gated,
    replaceDevicePostureCheck: gated,
    deleteDevicePostureCheck: gated,
  }),
}
