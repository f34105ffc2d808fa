import { apiTokens } from './apiTokens.ts'
import { appCredentials, clientKeys } from './appCredentials.ts'
import { appGroups } from './appGroups.ts'
import { appGrants, federatedClaims } from './appSettings.ts'
import { appSignOn } from './appSignOn.ts'
import { apps } from './apps.ts'
import { appUsers } from './appUsers.ts'
import { configurationOperations } from './configuration.ts'
import { crossAppConnections } from './crossAppAccess.ts'
import { customRoles } from './customRoles.ts'
import { enrollments } from './enrollments.ts'
import { factors } from './factors.ts'
import { groupOwners } from './groupOwners.ts'
import { groupPush } from './groupPush.ts'
import { groupRules } from './groupRules.ts'
import { groups } from './groups.ts'
import { linkedObjects } from './linkedObjects.ts'
import { org } from './org.ts'
import { profileMappings } from './profileMappings.ts'
import { provisioning } from './provisioning.ts'
import { resourceSets } from './resourceSets.ts'
import { clientRoles, groupRoles, roleHolders, userRoles } from './roleAssignments.ts'
import { clientTargets, groupTargets, userTargets } from './roleTargets.ts'
import { schemas } from './schemas.ts'
import { sessions } from './sessions.ts'
import { roleSubscriptions, userSubscriptions } from './subscriptions.ts'
import { systemLog } from './systemLog.ts'
import { userCredentials } from './userCredentials.ts'
import { userGrants } from './userGrants.ts'
import { userLifecycle } from './userLifecycle.ts'
import { userResources } from './userResources.ts'
import { users } from './users.ts'
import { userTypes } from './userTypes.ts'
import { webSso } from './webSso.ts'

/** Every handler, by family: people, groups, apps, then what okta.com calls security, customisation and workflow. */
export const allOperations = [
  users,
  userGrants,
  userLifecycle,
  userCredentials,
  groups,
  groupRules,
  groupOwners,
  apps,
  appUsers,
  appGroups,
  appCredentials,
  appSignOn,
  webSso,
  clientKeys,
  schemas,
  userTypes,
  linkedObjects,
  profileMappings,
  sessions,
  userRoles,
  groupRoles,
  clientRoles,
  roleHolders,
  userTargets,
  groupTargets,
  clientTargets,
  customRoles,
  resourceSets,
  userSubscriptions,
  roleSubscriptions,
  apiTokens,
  systemLog,
  org,
  appGrants,
  groupPush,
  crossAppConnections,
  federatedClaims,
  provisioning,
  factors,
  enrollments,
  userResources,
  ...configurationOperations,
]
