import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, requireFields } from '../errors.ts'
import { record } from '../events.ts'
import { PREFIX } from '../ids.ts'
import { hinted } from '../links.ts'
import { resource } from '../resource.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { type OktaCall, operations } from './define.ts'
import { settingOf, singleton } from './singletons.ts'

const CAPTCHA_SETTINGS = { name: 'captcha', initial: { captchaId: null, enabledPages: [] } }

const PAGES = ['SSR', 'SSPR', 'SIGN_IN']

const captchaSettingsView = (call: OktaCall) => {
  const { captchaId, enabledPages } = settingOf(call, CAPTCHA_SETTINGS)
  const pages = enabledPages as string[] | null
  return {
    enabledPages: pages && PAGES.filter((page) => pages.includes(page)),
    captchaId,
    _links: {
      ...(captchaId ? { captcha: hinted(call, `/api/v1/captchas/${captchaId}`, 'GET', 'POST', 'PUT', 'DELETE') } : {}),
      self: hinted(call, '/api/v1/org/captcha', 'GET', 'PUT'),
    },
  }
}

const captchas = resource({
  table: (tables) => tables.captchas,
  prefix: PREFIX.captcha,
  kind: 'Captcha',
  param: 'captchaId',
  operations: {
    list: 'listCaptchaInstances',
    create: 'createCaptchaInstance',
    get: 'getCaptchaInstance',
    replace: 'replaceCaptchaInstance',
    update: 'updateCaptchaInstance',
    remove: 'deleteCaptchaInstance',
  },
  createdStatus: 201,
  required: ['name', 'siteKey', 'type'],
  data({ name, siteKey, type, secretKey }, call, before) {
    if (!before && call.tables.captchas.size > 0) {
      const text =
        'CAPTCHA count limit reached. At most one CAPTCHA instance is allowed per Org. Please remove existing CAPTCHA to create a new one.'
      fail('E0000166', '', [
        { errorSummary: text, reason: 'EXCEEDS_MAX_VALUE', locationType: 'url', domain: 'captcha' },
      ])
    }
    return { name, siteKey, type, ...(secretKey ? { secretKey } : {}) }
  },
  guard(verb, row, call) {
    if (verb === 'remove' && settingOf(call, CAPTCHA_SETTINGS).captchaId === row.id) fail('E0000168')
  },
  view: ({ id, data: { name, siteKey, type } }, call) => ({
    id,
    name,
    siteKey,
    type,
    _links: { self: hinted(call, `/api/v1/captchas/${id}`, 'GET', 'POST', 'PUT', 'DELETE') },
  }),
  events: { create: 'security.captcha.create', replace: 'security.captcha.update', remove: 'security.captcha.delete' },
})

/** Who made and changed a limit, in seconds without a fraction: this family writes time as no other does. */
const wholeSeconds = (instant: number): string => `${isoTime(instant).slice(0, 19)}Z`

const principalView = (row: Document, call: OktaCall) => ({
  id: row.id,
  orgId: call.tables.org.all()[0]?.id,
  principalId: row.data.principalId,
  principalType: row.data.principalType,
  defaultPercentage: row.data.defaultPercentage,
  defaultConcurrencyPercentage: row.data.defaultConcurrencyPercentage,
  lastUpdate: wholeSeconds(row.lastUpdated),
  lastUpdatedBy: row.data.lastUpdatedBy,
  createdDate: wholeSeconds(row.created),
  createdBy: row.data.createdBy,
})

const principalRateLimits = resource({
  table: (tables) => tables.principalRateLimits,
  prefix: PREFIX.principalRateLimit,
  kind: 'PrincipalRateLimit',
  param: 'principalRateLimitId',
  operations: {
    list: 'listPrincipalRateLimitEntities',
    create: 'createPrincipalRateLimitEntity',
    get: 'getPrincipalRateLimitEntity',
    replace: 'replacePrincipalRateLimitEntity',
  },
  page: { limit: 20, max: 200 },
  list(call, rows) {
    const { filter = '' } = call.query as { filter?: string }
    const type = /principalType\s+eq\s+"([^"]+)"/.exec(filter)?.[1]
    if (!type) {
      const cause = 'The provided filter parameter did not contain the required attrbute filter "principalType"' // Okta's spelling
      return invalid('principalRateLimitMediated', [cause])
    }
    const id = /principalId\s+eq\s+"([^"]+)"/.exec(filter)?.[1]
    return rows.filter((row) => row.data.principalType === type && (id === undefined || row.data.principalId === id))
  },
  required: ['principalId', 'principalType'],
  createdStatus: 201,
  data(body, call, before) {
    const twin = call.tables.principalRateLimits.all().find((row) => row.data.principalId === body.principalId)
    const known =
      body.principalType === 'SSWS_TOKEN'
        ? call.tables.apiTokens.has(String(body.principalId))
        : call.tables.apps.by('client', String(body.principalId)) !== undefined
    // A second entity for one principal, or one for nobody, is refused without a word.
    if (!before && (twin || !known)) invalid('principalRateLimitMediated')
    for (const name of ['defaultPercentage', 'defaultConcurrencyPercentage']) {
      const value = Number(body[name] ?? 50)
      if (!(value >= 0 && value <= 100)) invalid(name, [`${name}: The value must be between 0 and 100`])
    }
    return {
      principalId: body.principalId,
      principalType: body.principalType,
      defaultPercentage: body.defaultPercentage ?? 50,
      defaultConcurrencyPercentage: body.defaultConcurrencyPercentage ?? 50,
      createdBy: before?.data.createdBy ?? call.caller.userId ?? null,
      lastUpdatedBy: call.caller.userId ?? null,
    }
  },
  view: principalView,
})

const oldTime = (instant: number) => isoTime(instant).slice(0, 19).replace('T', ' ')

const threatInsight = singleton({
  name: 'threatInsight',
  initial: { action: 'audit', excludeZones: [] },
  get: 'getCurrentConfiguration',
  replace: 'updateConfiguration',
  check(body, call) {
    if (!['none', 'audit', 'block'].includes(String(body.action)))
      invalid('action', ['action: The field has an invalid value'])
    const unknown = ((body.excludeZones ?? []) as string[]).find((id) => !call.tables.zones.has(id))
    if (unknown) invalid('excludeZones', [`excludeZones: Invalid zone: ${unknown}`])
  },
  view: ({ action, excludeZones }, call, row) => {
    const made = row?.created ?? call.tables.org.all()[0]?.created ?? call.now
    return {
      action,
      excludeZones,
      created: row ? isoTime(made) : oldTime(made),
      lastUpdated: row ? isoTime(row.lastUpdated) : oldTime(made),
      _links: { self: hinted(call, '/api/v1/threats/configuration', 'GET', 'POST') },
    }
  },
  event: (call) => record(call, 'security.threat.configuration.update'),
})

const MODES = ['ENFORCE', 'DISABLE', 'PREVIEW']

const percentage = (body: Json) => {
  const value = body.warningThreshold
  if (typeof value !== 'number' || value < 30 || value > 90) {
    invalid('warningThreshold', ['warningThreshold: The value must be between 30 and 90'])
  }
}

/** CAPTCHA, rate limits, threat insight, attack and bot protection. */
export const protection = {
  ...captchas,
  ...principalRateLimits,
  ...threatInsight,
  ...singleton({
    name: 'rateLimits.adminNotifications',
    initial: { notificationsEnabled: true },
    get: 'getRateLimitSettingsAdminNotifications',
    replace: 'replaceRateLimitSettingsAdminNotifications',
    check: (body) => requireFields(body, ['notificationsEnabled']),
  }),
  ...singleton({
    name: 'rateLimits.perClient',
    initial: { defaultMode: 'ENFORCE' },
    get: 'getRateLimitSettingsPerClient',
    replace: 'replaceRateLimitSettingsPerClient',
    check(body) {
      if (!MODES.includes(String(body.defaultMode)))
        invalid('defaultMode', ['defaultMode: The field has an invalid value'])
    },
  }),
  ...singleton({
    name: 'rateLimits.warningThreshold',
    initial: { warningThreshold: 60 },
    get: 'getRateLimitSettingsWarningThreshold',
    replace: 'replaceRateLimitSettingsWarningThreshold',
    check: percentage,
  }),
  ...singleton({
    name: 'attackProtection.authenticators',
    initial: { verifyKnowledgeSecondWhen2faRequired: false },
    get: 'getAuthenticatorSettings',
    replace: 'replaceAuthenticatorSettings',
  }),
  ...singleton({
    name: 'attackProtection.lockout',
    initial: { preventBruteForceLockoutFromUnknownDevices: false },
    get: 'getUserLockoutSettings',
    replace: 'replaceUserLockoutSettings',
  }),
  ...singleton({
    name: 'botProtection',
    initial: { mode: 'DISABLED', level: 'MEDIUM', enforcementType: 'OKTA_CHALLENGE', supportedFlows: [] },
    get: 'getBotProtectionConfiguration',
    replace: 'updateBotProtectionConfiguration',
    merges: true,
  }),
  ...operations({
    getOrgCaptchaSettings: (call) => ok(captchaSettingsView(call)),
    replacesOrgCaptchaSettings(call) {
      const { captchaId = null, enabledPages = [] } = call.body as {
        captchaId?: string | null
        enabledPages?: string[] | null
      }
      if (captchaId !== null && !call.tables.captchas.has(captchaId))
        invalid('captchaId', ['captchaId: Invalid CAPTCHA ID.'])
      const wrong = enabledPages?.some((page) => !PAGES.includes(page))
      if (wrong || (enabledPages?.length && captchaId === null))
        invalid('enabledPages', ['enabledPages: The field has an invalid value'])
      const data = { captchaId, enabledPages }
      call.tables.settings.put({ id: CAPTCHA_SETTINGS.name, created: call.now, lastUpdated: call.now, data })
      return ok(captchaSettingsView(call))
    },
    deleteOrgCaptchaSettings(call) {
      call.tables.settings.remove(CAPTCHA_SETTINGS.name)
      return noContent()
    },
  }),
}
