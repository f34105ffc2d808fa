import { documents } from './document.ts'

/** Families whose objects are plain configuration: see `operations/resource.ts`. `parent` is named where there is one. */
export const configuration = {
  zones: documents('zones'),
  trustedOrigins: documents('trustedOrigins'),
  behaviors: documents('behaviors'),
  eventHooks: documents('eventHooks'),
  inlineHooks: documents('inlineHooks'),
  hookKeys: documents('hookKeys'),
  idps: documents('idps'),
  idpKeys: documents('idpKeys'),
  /** `parent`: the identity provider. */
  idpSigningKeys: documents('idpSigningKeys'),
  idpCsrs: documents('idpCsrs'),
  idpUsers: documents('idpUsers'),
  brands: documents('brands'),
  /** `parent`: the brand, here and below. */
  themes: documents('themes'),
  /** Email customizations: `parent` is brand and template, `brand/template`. */
  emailCustomizations: documents('emailCustomizations'),
  /** Customised and preview pages, template settings, well-known URIs: one row per place. */
  brandPages: documents('brandPages'),
  domains: documents('domains'),
  emailDomains: documents('emailDomains'),
  emailServers: documents('emailServers'),
  smsTemplates: documents('smsTemplates'),
  logStreams: documents('logStreams'),
  devices: documents('devices'),
  /** Users of a device: `parent` is the device. */
  deviceUsers: documents('deviceUsers'),
  deviceAssurances: documents('deviceAssurances'),
  deviceIntegrations: documents('deviceIntegrations'),
  devicePostureChecks: documents('devicePostureChecks'),
  realms: documents('realms'),
  realmAssignments: documents('realmAssignments'),
  realmOperations: documents('realmOperations'),
  features: documents('features'),
  captchas: documents('captchas'),
  authenticators: documents('authenticators'),
  /** `parent`: the authenticator. */
  authenticatorMethods: documents('authenticatorMethods'),
  aaguids: documents('aaguids'),
  hotpProfiles: documents('hotpProfiles'),
  pushProviders: documents('pushProviders'),
  uiSchemas: documents('uiSchemas'),
  principalRateLimits: documents('principalRateLimits'),
  agentPools: documents('agentPools'),
  /** `parent`: the agent pool. */
  agentPoolUpdates: documents('agentPoolUpdates'),
  identitySourceSessions: documents('identitySourceSessions'),
  identitySourceUsers: documents('identitySourceUsers'),
  identitySourceGroups: documents('identitySourceGroups'),
  identitySourceMemberships: documents('identitySourceMemberships'),
  ssfStreams: documents('ssfStreams'),
  securityEventsProviders: documents('securityEventsProviders'),
  governanceBundles: documents('governanceBundles'),
  campaigns: documents('campaigns'),
  entitlements: documents('entitlements'),
  entitlementBundles: documents('entitlementBundles'),
  /** `parent`: the app or group that is asked for. */
  requestConditions: documents('requestConditions'),
  requestSequences: documents('requestSequences'),
  /** What people may ask for. `parent`: the app or group it is of. */
  catalogEntries: documents('catalogEntries'),
  accessRequests: documents('accessRequests'),
  /** Requests of the older kind, by request types. */
  requestTypes: documents('requestTypes'),
  typedRequests: documents('typedRequests'),
  requestTeams: documents('requestTeams'),
  /** `parent`: the campaign. */
  reviews: documents('reviews'),
  governanceGrants: documents('governanceGrants'),
  collections: documents('collections'),
  /** `parent`: the collection, here and below. */
  collectionResources: documents('collectionResources'),
  collectionAssignments: documents('collectionAssignments'),
  riskRules: documents('riskRules'),
  governanceLabels: documents('governanceLabels'),
  /** Labels and owners of a resource: the id is its ORN. */
  resourceLabels: documents('resourceLabels'),
  resourceOwners: documents('resourceOwners'),
  /** Whom people let act for them: the id is the user's. */
  principalSettings: documents('principalSettings'),
  telephonyProviders: documents('telephonyProviders'),
  apiServices: documents('apiServices'),
  /** `parent`: the integration. */
  apiServiceSecrets: documents('apiServiceSecrets'),
  serviceAccounts: documents('serviceAccounts'),
  managedAccounts: documents('managedAccounts'),
  attributeQueries: documents('attributeQueries'),
  preregistrations: documents('preregistrations'),
  /** Phones, e-mail addresses and devices people manage themselves: `parent` is the user. */
  accountPhones: documents('accountPhones'),
  accountEmails: documents('accountEmails'),
  accountAuthenticators: documents('accountAuthenticators'),
  accountWebAuthn: documents('accountWebAuthn'),
  challenges: documents('challenges'),
  /** Objects of which an org has one, by name: `threatInsight`, `rateLimits.perClient`, … */
  settings: documents('settings'),
}
