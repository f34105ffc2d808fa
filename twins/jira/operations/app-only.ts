import type { Operations } from '../../../openapi/types/jira.ts'
import { type JiraCall, signedIn } from '../context.ts'
import { forbidden } from '../errors.ts'

/** Operations that only Connect and Forge apps may use: a user is refused before anything of the request is read. */
const APP_ONLY = [
  'AddonPropertiesResource.deleteAddonProperty_delete',
  'AddonPropertiesResource.getAddonProperties_get',
  'AddonPropertiesResource.getAddonProperty_get',
  'AddonPropertiesResource.putAddonProperty_put',
  'AppIssueFieldValueUpdateResource.updateIssueFields_put',
  'ConnectToForgeMigrationFetchTaskResource.fetchMigrationTask_get',
  'ConnectToForgeMigrationTaskSubmissionResource.submitTask_post',
  'DynamicModulesResource.getModules_get',
  'DynamicModulesResource.registerModules_post',
  'DynamicModulesResource.removeModules_delete',
  'MigrationResource.updateEntityPropertiesValue_put',
  'MigrationResource.workflowRuleSearch_post',
  'ServiceRegistryResource.services_get',
  'getForgeAppPropertyKeys',
  'getForgeAppProperty',
  'putForgeAppProperty',
  'deleteForgeAppProperty',
  'getPrecomputations',
  'updatePrecomputations',
  'getPrecomputationsByID',
  'getCustomFieldsConfigurations',
  'getCustomFieldConfiguration',
  'updateCustomFieldConfiguration',
  'updateMultipleCustomFieldValues',
  'updateCustomFieldValue',
  'getAllIssueFieldOptions',
  'createIssueFieldOption',
  'getSelectableIssueFieldOptions',
  'getVisibleIssueFieldOptions',
  'getIssueFieldOption',
  'updateIssueFieldOption',
  'deleteIssueFieldOption',
  'replaceIssueFieldOption',
  'getWorkflowTransitionRuleConfigurations',
  'updateWorkflowTransitionRuleConfigurations',
  'deleteWorkflowTransitionRuleConfigurations',
  'getUiModifications',
  'createUiModification',
  'updateUiModification',
  'deleteUiModification',
  'getPolicy',
  'getPolicies',
  'submitBuilds',
  'deleteBuildsByProperty',
  'getBuildByKey',
  'deleteBuildByKey',
  'submitDeployments',
  'deleteDeploymentsByProperty',
  'getDeploymentByKey',
  'deleteDeploymentByKey',
  'getDeploymentGatingStatusByKey',
  'storeDevelopmentInformation',
  'deleteByProperties',
  'existsByProperties',
  'getRepository',
  'deleteRepository',
  'deleteEntity',
  'submitComponents',
  'deleteComponentsByProperty',
  'getComponentById',
  'deleteComponentById',
  'submitFeatureFlags',
  'deleteFeatureFlagsByProperty',
  'getFeatureFlagById',
  'deleteFeatureFlagById',
  'submitEntity',
  'deleteEntityByProperty',
  'getIncidentById',
  'deleteIncidentById',
  'getWorkspaces',
  'submitOperationsWorkspaces',
  'deleteWorkspaces',
  'getReviewById',
  'deleteReviewById',
  'submitRemoteLinks',
  'deleteRemoteLinksByProperty',
  'getRemoteLinkById',
  'deleteRemoteLinkById',
  'submitVulnerabilities',
  'deleteVulnerabilitiesByProperty',
  'getLinkedWorkspaces',
  'submitWorkspaces',
  'deleteLinkedWorkspaces',
  'getLinkedWorkspaceById',
  'getVulnerabilityById',
  'deleteVulnerabilityById',
] as const satisfies readonly (keyof Operations)[]

export const APP_ONLY_OPERATIONS: ReadonlySet<string> = new Set(APP_ONLY)

export const NOT_AN_APP = 'The request is not from a Connect app.'

/** The refusal: 401 for nobody, 403 for a user. */
export function refuseUsers(call: JiraCall): never {
  signedIn(call)
  throw forbidden(NOT_AN_APP)
}

export const appOnly = Object.fromEntries(APP_ONLY.map((id) => [id, refuseUsers])) as Record<
  (typeof APP_ONLY)[number],
  typeof refuseUsers
>
