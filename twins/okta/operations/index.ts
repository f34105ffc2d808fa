import { appCredentials, clientKeys } from './appCredentials.ts'
import { appGroups } from './appGroups.ts'
import { apps } from './apps.ts'
import { appUsers } from './appUsers.ts'
import { configurationOperations } from './configuration.ts'
import { groupOwners } from './groupOwners.ts'
import { groupRules } from './groupRules.ts'
import { groups } from './groups.ts'
import { userCredentials } from './userCredentials.ts'
import { userLifecycle } from './userLifecycle.ts'
import { users } from './users.ts'

/** Every handler, by family: people, groups, apps, then what okta.com calls security, customisation and workflow. */
export const allOperations = [
  users,
  userLifecycle,
  userCredentials,
  groups,
  groupRules,
  groupOwners,
  apps,
  appUsers,
  appGroups,
  appCredentials,
  clientKeys,
  ...configurationOperations,
]
