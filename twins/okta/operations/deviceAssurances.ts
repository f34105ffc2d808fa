import { noContent } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound } from '../errors.ts'
import { record, target } from '../events.ts'
import { PREFIX } from '../ids.ts'
import { hinted } from '../links.ts'
import { type Resource, resource } from '../resource.ts'
import type { Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { operations } from './define.ts'

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

/** What is demanded of devices. */
export const deviceAssurances = {
  ...resource(assuranceFamily),
  ...operations({
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

    listDevicePostureChecks: gated,
    createDevicePostureCheck: gated,
    listDefaultDevicePostureChecks: gated,
    getDevicePostureCheck: gated,
    replaceDevicePostureCheck: gated,
    deleteDevicePostureCheck: gated,
  }),
}
