import { created, ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound } from '../errors.ts'
import { record, target } from '../events.ts'
import { hinted, plain } from '../links.ts'
import { objectBody } from '../resource.ts'
import type { Org } from '../tables/administration.ts'
import type { Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { bodyOf, objectIn, textIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

const HOUR = 3600 * 1000

/** What an org says of itself besides its name and dates. */
const CONTACT_FIELDS = [
  'website',
  'phoneNumber',
  'endUserSupportHelpURL',
  'supportPhoneNumber',
  'address1',
  'address2',
  'city',
  'state',
  'country',
  'postalCode',
]
// biome-ignore format: a list of names

/** The org itself: its settings, contacts, preferences, and what Okta may do in it. */
export const org = operations({
  getWellknownOrgMetadata(call) {
    const found = orgOf(call)
    return ok({
      id: found.id,
      cell: 'op3',
      _links: { organization: plain(call, '') },
      pipeline: 'idx',
      settings: {
        analyticsCollectionEnabled: false,
        bugReportingEnabled: true,
        omEnabled: false,
        pssoEnabled: false,
        desktopMFAEnabled: false,
        itpEnabled: false,
      },
    })
  },

  getOrgSettings(call) {
    return ok(orgView(orgOf(call), call))
  },

  updateOrgSettings(call) {
    return changed(call, { ...orgOf(call).contact, ...contactIn(objectBody(call)) })
  },

  replaceOrgSettings(call) {
    return changed(call, contactIn(objectBody(call)))
  },

  listOrgContactTypes(call) {
    return ok(
      CONTACTS.map((contactType) => ({
        contactType,
        _links: { [contactType.toLowerCase()]: hinted(call, `/api/v1/org/contacts/${contactType.toLowerCase()}`, 'GET', 'PUT') },
      })),
    )
  },

  getOrgContactUser(call) {
    return ok(contactView(call, contactType(call)))
  },

  replaceOrgContactUser(call) {
    const type = contactType(call)
    const userId = textIn(objectBody(call), 'userId') ?? ''
    if (!call.tables.users.has(userId)) notFound(userId, 'User')
    put(call, 'contacts', { ...settingOf(call, 'contacts'), [type]: userId })
    return ok(contactView(call, type))
  },

  getOrgPreferences(call) {
    return ok(preferencesView(call))
  },

  setOrgHideOktaUIFooter(call) {
    put(call, 'preferences', { showEndUserFooter: false })
    return ok(preferencesView(call))
  },

  setOrgShowOktaUIFooter(call) {
    put(call, 'preferences', { showEndUserFooter: true })
    return ok(preferencesView(call))
  },

  getOktaCommunicationSettings(call) {
    return ok(communicationView(call))
  },

  optInUsersToOktaCommunicationEmails(call) {
    put(call, 'communication', { optOutEmailUsers: false })
    return ok(communicationView(call))
  },

  optOutUsersFromOktaCommunicationEmails(call) {
    put(call, 'communication', { optOutEmailUsers: true })
    return ok(communicationView(call))
  },

  getOrgOktaSupportSettings(call) {
    return ok(supportView(call))
  },

  /** Okta's support may look in, for eight hours. */
  grantOktaSupport(call) {
    put(call, 'support', { support: 'ENABLED', expiration: call.now + 8 * HOUR })
    return ok(supportView(call))
  },

  extendOktaSupport(call) {
    const until = settingOf(call, 'support').expiration
    if (typeof until !== 'number') invalid('support', ['Okta Support access is not enabled'])
    put(call, 'support', { support: 'ENABLED', expiration: (until as number) + 24 * HOUR })
    return ok(supportView(call))
  },

  revokeOktaSupport(call) {
    put(call, 'support', { support: 'DISABLED' })
    return ok(supportView(call))
  },

  listOktaSupportCases() {
    return ok({ supportCases: [] })
  },

  updateOktaSupportCase(call) {
    return notFound(call.params.caseNumber, 'OktaSupportCase')
  },

  getAerialConsent(call) {
    return ok(aerialView(call))
  },

  grantAerialConsent(call) {
    const accountId = textIn(objectBody(call), 'accountId')
    if (!accountId) invalid('accountId', ['accountId: The field cannot be left blank'])
    if (settingOf(call, 'aerial').accountId !== undefined)
      invalid('account', ['The org already has a consent grant added to Aerial.'])
    put(call, 'aerial', { accountId, grantedBy: call.caller.userId, grantedDate: call.now })
    return ok(aerialView(call))
  },

  revokeAerialConsent(call) {
    put(call, 'aerial', {})
    return ok({ _links: { grant: hinted(call, '/api/v1/org/privacy/aerial/grant', 'POST') } })
  },

  getClientPrivilegesSetting(call) {
    return ok({ clientPrivilegesSetting: settingOf(call, 'clientPrivileges').on ?? false })
  },

  assignClientPrivilegesSetting(call) {
    const on = objectBody(call).clientPrivilegesSetting === true
    put(call, 'clientPrivileges', { on })
    return ok({ clientPrivilegesSetting: on })
  },

  getAutoAssignAdminAppSetting(call) {
    return ok({ autoAssignAdminAppSetting: settingOf(call, 'autoAssign').on ?? true })
  },

  updateAutoAssignAdminAppSetting(call) {
    const on = objectBody(call).autoAssignAdminAppSetting === true
    put(call, 'autoAssign', { on })
    return ok({ autoAssignAdminAppSetting: on })
  },

  getThirdPartyAdminSetting(call) {
    return ok({ thirdPartyAdmin: settingOf(call, 'thirdParty').on ?? false })
  },

  updateThirdPartyAdminSetting(call) {
    const on = objectBody(call).thirdPartyAdmin === true
    put(call, 'thirdParty', { on })
    return ok({ thirdPartyAdmin: on })
  },

  uploadOrgLogo(call) {
    if (call.request.bytes.length === 0) fail('E0000003')
    const location = call.link(`/fs/bco/1/${orgOf(call).id}`)
    put(call, 'logo', { location: `/fs/bco/1/${orgOf(call).id}` })
    return created(undefined, { location })
  },

  getDesktopMFAEnforceNumberMatchingChallengeOrgSetting(call) {
    return ok({ desktopMFAEnforceNumberMatchingChallengeEnabled: settingOf(call, 'numberMatching').on ?? false })
  },

  replaceDesktopMFAEnforceNumberMatchingChallengeOrgSetting(call) {
    const on = bodyOf(call).desktopMFAEnforceNumberMatchingChallengeEnabled === true
    put(call, 'numberMatching', { on })
    return ok({ desktopMFAEnforceNumberMatchingChallengeEnabled: on })
  },

  getDesktopMFARecoveryPinOrgSetting(call) {
    return ok({ desktopMFARecoveryPinEnabled: settingOf(call, 'recoveryPin').on ?? false })
  },

  replaceDesktopMFARecoveryPinOrgSetting(call) {
    const on = bodyOf(call).desktopMFARecoveryPinEnabled === true
    put(call, 'recoveryPin', { on })
    return ok({ desktopMFARecoveryPinEnabled: on })
  },

  getSecurityNotificationSettings(call) {
    return ok(notificationsView(call))
  },

  replaceSecurityNotificationSettings(call) {
    put(call, 'notifications', { ...settingOf(call, 'notifications'), ...bodyOf(call) })
    return ok(notificationsView(call))
  },
})

function orgOf(call: OktaCall): Org {
  const [found] = call.tables.org.all()
  return found ?? fail('E0000009')
}

const settingOf = (call: OktaCall, name: string): Json => objectIn(orgOf(call).settings, name)

function put(call: OktaCall, name: string, setting: Json): void {
  const { id, settings } = orgOf(call)
  call.tables.org.patch(id, { settings: { ...settings, [name]: setting }, lastUpdated: call.now })
  record(call, 'system.org.settings.update', [target('Organization', id, name)])
}

const contactIn = (body: Json): Json =>
  Object.fromEntries(
    ['companyName', ...CONTACT_FIELDS].flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
  )

function changed(call: OktaCall, contact: Json) {
  const before = orgOf(call)
  const { companyName, ...rest } = contact
  const found = call.tables.org.patch(before.id, {
    contact: rest,
    ...(typeof companyName === 'string' && { companyName }),
    lastUpdated: call.now,
  })
  return ok(orgView(found, call))
}

const orgView = (found: Org, call: OktaCall) => ({
  id: found.id,
  subdomain: found.subdomain,
  companyName: found.companyName,
  status: found.status,
  ...Object.fromEntries(CONTACT_FIELDS.map((name) => [name, found.contact[name] ?? null])),
  created: isoTime(found.created),
  lastUpdated: isoTime(found.lastUpdated),
  expiresAt: null,
  _links: {
    preferences: plain(call, '/api/v1/org/preferences'),
    uploadLogo: hinted(call, '/api/v1/org/logo', 'POST'),
    oktaCommunication: plain(call, '/api/v1/org/privacy/oktaCommunication'),
    logo: null,
    oktaSupport: plain(call, '/api/v1/org/privacy/oktaSupport'),
    contacts: plain(call, '/api/v1/org/contacts'),
  },
})

const CONTACTS = ['BILLING', 'TECHNICAL']

function contactType(call: OktaCall): string {
  const { contactType: name } = call.params as { contactType: string }
  const type = name.toUpperCase()
  return CONTACTS.includes(type) ? type : notFound(name, 'OrgContact')
}

function contactView(call: OktaCall, type: string) {
  const userId = settingOf(call, 'contacts')[type] ?? orgOf(call).adminUserId
  return { userId, _links: { user: plain(call, `/api/v1/users/${userId}`) } }
}

function preferencesView(call: OktaCall) {
  const showEndUserFooter = settingOf(call, 'preferences').showEndUserFooter ?? true
  const other = showEndUserFooter ? 'hideEndUserFooter' : 'showEndUserFooter'
  return { showEndUserFooter, _links: { [other]: hinted(call, `/api/v1/org/preferences/${other}`, 'POST') } }
}

function communicationView(call: OktaCall) {
  const optOutEmailUsers = settingOf(call, 'communication').optOutEmailUsers ?? false
  const other = optOutEmailUsers ? 'optIn' : 'optOut'
  return {
    optOutEmailUsers,
    _links: { [other]: hinted(call, `/api/v1/org/privacy/oktaCommunication/${other}`, 'POST') },
  }
}

function supportView(call: OktaCall) {
  const { support = 'DISABLED', expiration } = settingOf(call, 'support')
  const on = support === 'ENABLED' && typeof expiration === 'number' && expiration > call.now
  const root = '/api/v1/org/privacy/oktaSupport'
  return {
    support: on ? 'ENABLED' : 'DISABLED',
    expiration: on ? isoTime(expiration as number) : null,
    _links: on
      ? { extend: hinted(call, `${root}/extend`, 'POST'), revoke: hinted(call, `${root}/revoke`, 'POST') }
      : { grant: hinted(call, `${root}/grant`, 'POST') },
  }
}

function aerialView(call: OktaCall) {
  const { accountId, grantedBy, grantedDate } = settingOf(call, 'aerial')
  const root = '/api/v1/org/privacy/aerial'
  if (accountId === undefined) return notFound('aerial', 'OrgAerialConsent')
  return {
    accountId,
    grantedBy,
    grantedDate: isoTime(grantedDate as number),
    _links: { revoke: hinted(call, `${root}/revoke`, 'POST') },
  }
}

const notificationsView = (call: OktaCall) => ({
  sendEmailForNewDeviceEnabled: true,
  sendEmailForFactorEnrollmentEnabled: true,
  sendEmailForFactorResetEnabled: true,
  sendEmailForPasswordChangedEnabled: true,
  reportSuspiciousActivityEnabled: true,
  customizedEmailsList: [],
  customizedEmailsWithReportButtonList: [],
  ...settingOf(call, 'notifications'),
})
