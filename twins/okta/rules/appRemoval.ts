import { appTarget, type Recorder, record } from '../events.ts'
import { type App, pairKey } from '../tables/applications.ts'
import { unassign } from './assignments.ts'
import { removeMappings } from './mappings.ts'
import { dropRateLimit } from './principalRateLimits.ts'
import { dropAssignment } from './roles.ts'

/** Removes an app. Everything that hangs on it goes with it. */
export function removeApp(call: Recorder, app: App): void {
  const { tables } = call
  for (const { groupId } of tables.appGroups.where('app', app.id)) tables.appGroups.remove(pairKey(app.id, groupId))
  for (const assignment of tables.appUsers.where('app', app.id)) {
    unassign(call, assignment, tables.users.get(assignment.userId))
  }
  for (const secret of tables.clientSecrets.where('app', app.id)) tables.clientSecrets.remove(secret.id)
  for (const key of tables.appKeys.where('app', app.id)) tables.appKeys.remove(`${app.id}/${key.kid}`)
  const owned = [
    tables.clientKeys,
    tables.appCsrs,
    tables.appGrants,
    tables.appFeatures,
    tables.federatedClaims,
    tables.groupPushMappings,
    tables.interclientTrust,
  ]
  for (const table of owned) for (const row of table.where('parent', app.id)) table.remove(row.id)
  for (const { id, data } of tables.crossAppConnections.all()) {
    if (data.requestingAppInstanceId === app.id || data.resourceAppInstanceId === app.id)
      tables.crossAppConnections.remove(id)
  }
  for (const { id, data } of tables.interclientTrust.all())
    if (data.allowed === app.id) tables.interclientTrust.remove(id)
  if (app.clientId !== undefined) {
    for (const role of tables.roleAssignments.where('holder', app.clientId)) dropAssignment(tables, role)
    dropRateLimit(call, app.clientId)
  }
  for (const aim of tables.roleTargets.all()) if (aim.appId === app.id) tables.roleTargets.remove(aim.key)
  tables.schemas.remove(app.id)
  removeMappings(call, app.id)
  tables.apps.remove(app.id)
  record(call, 'application.lifecycle.delete', [appTarget(app)])
}
