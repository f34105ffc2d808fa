import { appOnly } from './app-only.ts'
import { archiving } from './archiving.ts'
import { attachments } from './attachments.ts'
import { avatars } from './avatars.ts'
import { boardFeatures } from './board-features.ts'
import { boards } from './boards.ts'
import { bulk } from './bulk.ts'
import { classification } from './classification.ts'
import { comments } from './comments.ts'
import { contexts } from './contexts.ts'
import { dashboards } from './dashboards.ts'
import { expressions } from './expressions.ts'
import { fieldAssociations } from './field-associations.ts'
import { fieldConfigurations } from './field-configurations.ts'
import { fieldSchemeContents } from './field-scheme-contents.ts'
import { fieldSchemes } from './field-schemes.ts'
import { createMetadata, fields } from './fields.ts'
import { filters } from './filters.ts'
import { issueTypeSchemes } from './issue-type-schemes.ts'
import { issueTypes } from './issue-types.ts'
import { issues } from './issues.ts'
import { jql } from './jql.ts'
import { links } from './links.ts'
import { notificationSchemes } from './notification-schemes.ts'
import { oauth } from './oauth.ts'
import { components, versions } from './parts.ts'
import { permissionSchemes } from './permission-schemes.ts'
import { permissions } from './permissions.ts'
import { planTeams } from './plan-teams.ts'
import { plans } from './plans.ts'
import { priorities } from './priorities.ts'
import { prioritySchemes } from './priority-schemes.ts'
import { projectTemplates } from './project-templates.ts'
import { projects } from './projects.ts'
import { properties } from './properties.ts'
import { redaction } from './redaction.ts'
import { resolutions } from './resolutions.ts'
import { roles } from './roles.ts'
import { issueTypeScreenSchemes, screenSchemes, screens } from './screens.ts'
import { searches } from './search.ts'
import { securitySchemes } from './security-schemes.ts'
import { site } from './site.ts'
import { sprints } from './sprints.ts'
import { statuses } from './statuses.ts'
import { transitionProperties } from './transition-properties.ts'
import { groups, myself, users } from './users.ts'
import { watching } from './watching.ts'
import { webhooks } from './webhooks.ts'
import { workflowHistory } from './workflow-history.ts'
import { workflowPreviews } from './workflow-previews.ts'
import { workflowSchemeChanges } from './workflow-scheme-changes.ts'
import { workflowSchemeDrafts } from './workflow-scheme-drafts.ts'
import { workflowSchemes } from './workflow-schemes.ts'
import { workflows } from './workflows.ts'
import { worklogs } from './worklogs.ts'

export const all = [
  issues,
  comments,
  searches,
  worklogs,
  properties,
  users,
  groups,
  myself,
  watching,
  links,
  attachments,
  projects,
  projectTemplates,
  roles,
  components,
  versions,
  createMetadata,
  fields,
  contexts,
  jql,
  filters,
  permissions,
  plans,
  planTeams,
  boards,
  boardFeatures,
  sprints,
  site,
  priorities,
  prioritySchemes,
  resolutions,
  statuses,
  issueTypes,
  issueTypeSchemes,
  avatars,
  dashboards,
  permissionSchemes,
  notificationSchemes,
  securitySchemes,
  screens,
  screenSchemes,
  issueTypeScreenSchemes,
  appOnly,
  workflows,
  workflowSchemes,
  workflowSchemeDrafts,
  workflowSchemeChanges,
  workflowHistory,
  workflowPreviews,
  transitionProperties,
  bulk,
  expressions,
  archiving,
  classification,
  redaction,
  webhooks,
  oauth,
  fieldConfigurations,
  fieldSchemes,
  fieldSchemeContents,
  fieldAssociations,
]
