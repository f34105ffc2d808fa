import { newId, PREFIX } from '../ids.ts'
import type { OktaMoment } from '../operations/define.ts'
import { orgKeyId } from '../rules/appKeys.ts'
import { addMappings, OKTA_VERIFY } from '../rules/mappings.ts'

/** Okta's own apps in every Identity Engine org: name, label, and the policy that is theirs by name. */
const BUILT_IN = [
  ['saasure', 'Okta Admin Console', 'Okta Admin Console'],
  ['okta_enduser', 'Okta Dashboard', 'Okta Dashboard'],
  ['okta_browser_plugin', 'Okta Browser Plugin', 'Okta Browser Plugin'],
  ['okta_account_settings', 'Okta End User Settings', 'Okta End User Settings'],
  ['flow', 'Okta Workflows OAuth', undefined],
  ['okta_flow_sso', 'Okta Workflows', undefined],
] as const

/** Makes the built-in apps. They have no client that could be used. */
export function seedApps(moment: OktaMoment): void {
  const { tables, now } = moment
  addMappings(moment, { id: newId(moment, PREFIX.app), name: OKTA_VERIFY }, true)
  const policies = tables.policies.all()
  const fallback = policies.find((policy) => policy.type === 'ACCESS_POLICY' && policy.system)?.id
  const enrollmentPolicyId = policies.find((policy) => policy.type === 'PROFILE_ENROLLMENT')?.id
  for (const [name, label, policyName] of BUILT_IN) {
    const own = policies.find((policy) => policy.type === 'ACCESS_POLICY' && policy.name === policyName)?.id
    const accessPolicyId = own ?? fallback
    tables.apps.insert({
      id: newId(moment, PREFIX.app),
      name,
      label,
      status: 'ACTIVE',
      created: now,
      lastUpdated: now,
      signOnMode: 'OPENID_CONNECT',
      features: [],
      accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
      visibility: {
        autoSubmitToolbar: false,
        hide: { iOS: name === 'flow', web: name === 'flow' },
        appLinks: LINKS[name] ?? {},
      },
      credentials: { userNameTemplate: { template: SOURCE_LOGIN, type: 'BUILT_IN' } },
      settings: {
        app: {},
        notifications: { vpn: { network: { connection: 'DISABLED' }, message: null, helpUrl: null } },
        manualProvisioning: false,
        implicitAssignment: false,
        emOptInStatus: 'NONE',
      },
      builtIn: true,
      kid: orgKeyId(),
      externalKey: newId(moment, PREFIX.samlKey),
      ...(accessPolicyId !== undefined && { accessPolicyId }),
      ...(enrollmentPolicyId !== undefined && { enrollmentPolicyId }),
    })
  }
}

/** The two that show on a dashboard. */
const LINKS: Readonly<Record<string, Record<string, boolean>>> = {
  saasure: { admin: true },
  okta_flow_sso: { workflow_login: true },
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: Okta's own placeholder
const SOURCE_LOGIN = '${source.login}'
