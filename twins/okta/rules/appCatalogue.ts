import type { SignOnMode } from '../tables/applications.ts'
import type { Json } from '../tables/document.ts'

/** What the org knows of a catalogue app: which settings it has (null until given) and how it signs on. */
interface CatalogueApp {
  readonly settings: Json
  readonly features?: readonly string[]
  /** Name of its link in `visibility.appLinks`. Default `{name}_link`. */
  readonly links?: Readonly<Record<string, boolean>>
  readonly modes?: readonly SignOnMode[]
  /** Users can be provisioned to it. */
  readonly provisioning?: boolean
  /** How it takes part in universal logout, when it can. */
  readonly universalLogout?: Json
  /** What is wrong with its settings for a way to sign on. */
  readonly complaint?: (settings: Json, mode: SignOnMode | null) => string | undefined
  /** Where its assertions go and whom they are for, the same for all its customers. */
  readonly receiver?: { readonly acs: string; readonly audience: string }
  /** It is sold by the seat. */
  readonly licensing?: Json
}

const LOGIN = { login: true }

/** One link for each program of the suite, only the front page shown. */
const OFFICE = {
  ...Object.fromEntries(
    [
      'calendar',
      'mail',
      'teams',
      'sites',
      'delve',
      'sway',
      'powerbi',
      'people',
      'excel',
      'yammer',
      'newsfeed',
      'onedrive',
      'word',
      'planner',
      'powerpoint',
      'tasks',
      'forms',
      'crm',
    ].map((program) => [program, false]),
  ),
  ...LOGIN,
}

/** Template apps and the integrations that traffic was seen of; any other catalogue key takes the settings it is given. */
export const CATALOGUE_APPS: Readonly<Record<string, CatalogueApp>> = {
  bookmark: { settings: { requestIntegration: false, url: null }, links: LOGIN, modes: ['BOOKMARK'] },
  template_basic_auth: {
    settings: { loginUrlRegex: null, authURL: null, url: null },
    links: LOGIN,
    modes: ['BASIC_AUTH'],
  },
  template_swa: {
    settings: {
      loginUrlRegex: null,
      usernameField: null,
      buttonField: null,
      checkbox: null,
      redirectUrl: null,
      passwordField: null,
      url: null,
    },
    links: LOGIN,
    modes: ['BROWSER_PLUGIN'],
  },
  template_swa3field: {
    settings: {
      loginUrlRegex: null,
      extraFieldSelector: null,
      extraFieldValue: null,
      redirectUrl: null,
      userNameSelector: null,
      passwordSelector: null,
      buttonSelector: null,
      targetURL: null,
    },
    links: LOGIN,
    modes: ['BROWSER_PLUGIN'],
  },
  template_sps: {
    settings: {
      usernameField: null,
      optionalField1: null,
      optionalField2Value: null,
      optionalField3Value: null,
      passwordField: null,
      url: null,
      optionalField1Value: null,
      optionalField2: null,
      optionalField3: null,
    },
    links: LOGIN,
    modes: ['SECURE_PASSWORD_STORE'],
  },
  template_saml_2_0: {
    settings: {
      audienceRestriction: null,
      groupName: null,
      forceAuthn: false,
      defaultRelayState: null,
      postBackURL: null,
      authnContextClassRef: null,
      configuredIssuer: null,
      requestCompressed: null,
      groupFilter: null,
      recipient: null,
      signAssertion: null,
      destination: null,
      signResponse: null,
      nameIDFormat: null,
      attributeStatements: null,
    },
    links: LOGIN,
    modes: ['SAML_2_0'],
  },
  template_wsfed: {
    settings: {
      audienceRestriction: null,
      groupName: null,
      groupValueFormat: null,
      realm: null,
      wReplyURL: null,
      attributeStatements: null,
      nameIDFormat: null,
      authnContextClassRef: null,
      siteURL: null,
      wReplyOverride: false,
      groupFilter: null,
      usernameAttribute: null,
    },
    links: LOGIN,
    modes: ['WS_FEDERATION'],
  },
  okta_org2org: {
    settings: {
      acsUrl: null,
      audRestriction: null,
      baseUrl: null,
      creationState: null,
      preferUsernameOverEmail: null,
      token: null,
    },
    links: LOGIN,
    provisioning: true,
  },
  oidc_client: { settings: {}, modes: ['OPENID_CONNECT'] },
  office365: {
    settings: {
      tenantType: null,
      wsFedConfigureType: null,
      occSettings: null,
      windowsTransportEnabled: false,
      domain: null,
      msftTenant: null,
      domains: [],
      office365ProvisioningType: null,
      requireAdminConsent: false,
      office365FlexibleProvisioningMode: null,
    },
    links: OFFICE,
    universalLogout: {
      status: 'DISABLED',
      supportType: 'PARTIAL',
      identityStack: 'SHARED',
      protocol: 'PROPRIETARY',
    },
    licensing: { seatCount: 0 },
    complaint: ({ wsFedConfigureType, requireAdminConsent }, mode) =>
      mode !== 'BROWSER_PLUGIN' && wsFedConfigureType === 'AUTO' && !requireAdminConsent
        ? 'In order to continue using WS-FED Auto for SSO, you must grant admin consent.'
        : undefined,
  },
  deelhr: { settings: {}, modes: [] },
  amazon_aws: {
    settings: {},
    receiver: { acs: 'https://signin.aws.amazon.com/saml', audience: 'urn:amazon:webservices' },
  },
  aws_console: { settings: {}, links: { aws_console_login: true } },
  pagerduty: { settings: { adminUserId: null, baseUrl: null, subdomain: null }, links: LOGIN },
  strongdm: { settings: { base_url: null } },
  sharepoint_onpremise: { settings: { groupFilter: null, siteURL: null, attributeStatements: null }, links: LOGIN },
}

/** Sign-on modes whose apps keep somebody's user name and password. */
export const PASSWORD_MODES: ReadonlySet<string> = new Set([
  'BASIC_AUTH',
  'BROWSER_PLUGIN',
  'SECURE_PASSWORD_STORE',
  'AUTO_LOGIN',
])

/** Sign-on modes of apps of one's own, which Okta names; all others are instances of a template or an integration. */
export const CUSTOM_MODES: ReadonlySet<string> = new Set<SignOnMode>(['AUTO_LOGIN', 'SAML_2_0'])

export const SIGN_ON_MODES: ReadonlySet<string> = new Set<SignOnMode>([
  'AUTO_LOGIN',
  'BASIC_AUTH',
  'BOOKMARK',
  'BROWSER_PLUGIN',
  'OPENID_CONNECT',
  'SAML_1_1',
  'SAML_2_0',
  'SECURE_PASSWORD_STORE',
  'WS_FEDERATION',
])
