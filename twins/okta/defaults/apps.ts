import { newId, PREFIX } from '../ids.ts'
import type { OktaMoment } from '../operations/define.ts'
import { orgKeyId } from '../rules/appKeys.ts'
import { subdomainOf } from '../rules/apps.ts'
import { addMappings, OKTA_VERIFY } from '../rules/mappings.ts'
import type { App } from '../tables/applications.ts'
import type { Json } from '../tables/document.ts'

interface BuiltIn {
  readonly name: string
  readonly label: string
  /** The access policy that is its own, by name. Default: the org's. */
  readonly policy?: string
  readonly links?: Readonly<Record<string, boolean>>
  readonly hidden?: boolean
  readonly features?: readonly string[]
  /** Of an integration of the catalogue, which shows what any such has; the others are parts of Okta itself. */
  readonly settings?: (subdomain: string, id: string) => Json
}

const FLOWS = 'https://oauth.workflows.okta.com'

/** Okta's own apps in every Identity Engine org, as recorded of fresh ones. */
const BUILT_IN: readonly BuiltIn[] = [
  { name: 'saasure', label: 'Okta Admin Console', policy: 'Okta Admin Console', links: { admin: true } },
  { name: 'okta_enduser', label: 'Okta Dashboard', policy: 'Okta Dashboard' },
  { name: 'okta_browser_plugin', label: 'Okta Browser Plugin', policy: 'Okta Browser Plugin' },
  { name: 'okta_account_settings', label: 'Okta End User Settings', policy: 'Okta End User Settings' },
  {
    name: 'okta_flow_sso',
    label: 'Okta Workflows',
    links: { workflow_login: true },
    features: [
      'IMPORT_PROFILE_UPDATES',
      'PUSH_NEW_USERS',
      'PUSH_USER_DEACTIVATION',
      'SCIM_PROVISIONING',
      'GROUP_PUSH',
      'REACTIVATE_USERS',
      'IMPORT_NEW_USERS',
      'PUSH_PROFILE_UPDATES',
    ],
    settings: (subdomain, id) => ({
      redirectURI: `https://${subdomain}.workflows.okta.com/oidc/${id}/cb`,
      initiateLoginURI: `https://${subdomain}.workflows.okta.com/oidc/${id}/login`,
    }),
  },
  {
    name: 'flow',
    label: 'Okta Workflows OAuth',
    hidden: true,
    settings: () => ({ redirectURI: `${FLOWS}/oauth/okta/cb`, serviceDomain: FLOWS }),
  },
]

/** Makes the built-in apps. They have no client that could be used. */
export function seedApps(moment: OktaMoment): void {
  const { tables } = moment
  addMappings(moment, { id: newId(moment, PREFIX.app), name: OKTA_VERIFY }, true)
  const access = tables.policies.all().filter((policy) => policy.type === 'ACCESS_POLICY')
  const accessPolicyId = access.find((policy) => policy.system)?.id
  const enrollmentPolicyId = tables.policies.all().find((policy) => policy.type === 'PROFILE_ENROLLMENT')?.id
  for (const app of BUILT_IN) {
    const own = access.find((policy) => policy.name === app.policy)?.id
    tables.apps.insert({ ...builtIn(moment, app), accessPolicyId: own ?? accessPolicyId, enrollmentPolicyId })
  }
}

function builtIn(moment: OktaMoment, { name, label, links, hidden = false, features = [], settings }: BuiltIn): App {
  const id = newId(moment, PREFIX.app)
  const subdomain = subdomainOf(moment.tables)
  return {
    id,
    name,
    label,
    status: 'ACTIVE',
    created: moment.now,
    lastUpdated: moment.now,
    signOnMode: 'OPENID_CONNECT',
    features,
    accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
    visibility: {
      ...(settings && { autoLaunch: false }),
      autoSubmitToolbar: false,
      hide: { iOS: hidden, web: hidden },
      appLinks: links ?? {},
    },
    credentials: { userNameTemplate: { template: SOURCE_LOGIN, type: 'BUILT_IN' } },
    settings: {
      app: settings?.(subdomain, id) ?? {},
      notifications: { vpn: { network: { connection: 'DISABLED' }, message: null, helpUrl: null } },
      manualProvisioning: false,
      implicitAssignment: false,
      emOptInStatus: 'NONE',
      ...(settings && { notes: { admin: null, enduser: null } }),
    },
    builtIn: true,
    kid: orgKeyId(),
    externalKey: newId(moment, PREFIX.samlKey),
  }
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: Okta's own placeholder
const SOURCE_LOGIN = '${source.login}'
