import { accessRequests } from './accessRequests.ts'
import { accounts } from './accounts.ts'
import { agentPools } from './agentPools.ts'
import { authenticatorMethods } from './authenticatorMethods.ts'
import { authenticators } from './authenticators.ts'
import { authn } from './authn.ts'
import { authorizationServerPolicies } from './authorizationServerPolicies.ts'
import { authorizationServerScopes } from './authorizationServerScopes.ts'
import { authorizationServers } from './authorizationServers.ts'
import { authorizeOperations } from './authorize.ts'
import { behaviors } from './behaviors.ts'
import { brandPages } from './brandPages.ts'
import { brands } from './brands.ts'
import { certifications } from './certifications.ts'
import { clients } from './clients.ts'
import { collections } from './collections.ts'
import { delegates } from './delegates.ts'
import { deviceAssurances } from './deviceAssurances.ts'
import { devices } from './devices.ts'
import { discovery } from './discovery.ts'
import { domains } from './domains.ts'
import { emailTemplates } from './emailTemplates.ts'
import { entitlements } from './entitlements.ts'
import { eventHooks } from './eventHooks.ts'
import { features } from './features.ts'
import { governance } from './governance.ts'
import { grants } from './grants.ts'
import { hookKeys } from './hookKeys.ts'
import { identitySources } from './identitySources.ts'
import { idpSigningKeys } from './idpSigningKeys.ts'
import { idps } from './idps.ts'
import { inlineHooks } from './inlineHooks.ts'
import { integrations } from './integrations.ts'
import { logStreamSchemas } from './logStreamSchemas.ts'
import { myAccount } from './myAccount.ts'
import { myAuthenticators } from './myAuthenticators.ts'
import { myProfile } from './myProfile.ts'
import { orgFactors } from './orgFactors.ts'
import { outOfBand } from './outOfBand.ts'
import { policies } from './policies.ts'
import { protection } from './protection.ts'
import { realms } from './realms.ts'
import { requestCatalog } from './requestCatalog.ts'
import { requestSequences } from './requestSequences.ts'
import { requestTypes } from './requestTypes.ts'
import { resourceLabels } from './resourceLabels.ts'
import { resourceOwners } from './resourceOwners.ts'
import { reviews } from './reviews.ts'
import { riskRules } from './riskRules.ts'
import { sharedSignals } from './sharedSignals.ts'
import { submittedRequests } from './submittedRequests.ts'
import { tokenOperations } from './token.ts'
import { trustedOrigins } from './trustedOrigins.ts'
import { zones } from './zones.ts'

/** Handlers of sign-in, security, customisation and everything else that configures an org. */
export const configurationOperations = [
  authenticators,
  authenticatorMethods,
  authorizationServerPolicies,
  authorizationServerScopes,
  authorizationServers,
  authorizeOperations,
  behaviors,
  discovery,
  eventHooks,
  hookKeys,
  idps,
  idpSigningKeys,
  inlineHooks,
  outOfBand,
  policies,
  tokenOperations,
  trustedOrigins,
  zones,
  brands,
  brandPages,
  domains,
  emailTemplates,
  protection,
  devices,
  deviceAssurances,
  realms,
  integrations,
  features,
  authn,
  clients,
  identitySources,
  agentPools,
  sharedSignals,
  governance,
  certifications,
  entitlements,
  accessRequests,
  collections,
  delegates,
  grants,
  requestCatalog,
  requestSequences,
  requestTypes,
  resourceLabels,
  resourceOwners,
  reviews,
  riskRules,
  submittedRequests,
  orgFactors,
  accounts,
  myAccount,
  myAuthenticators,
  myProfile,
  logStreamSchemas,
]
