import { groupIdsOf, isAdmin, type Site } from '../context.ts'
import type { Issue, Project, User } from '../tables.ts'

/** A permission as `/permissions` lists it. */
export interface PermissionInfo {
  readonly key: string
  readonly name: string
  readonly type: 'GLOBAL' | 'PROJECT'
  readonly description: string
}

const global = (key: string, name: string, description: string): PermissionInfo => ({
  key,
  name,
  type: 'GLOBAL',
  description,
})
const project = (key: string, name: string, description: string): PermissionInfo => ({
  key,
  name,
  type: 'PROJECT',
  description,
})

/** Every permission Jira has, in the order of `/permissions`. */
export const PERMISSIONS: readonly PermissionInfo[] = [
  project('ADD_COMMENTS', 'Add Comments', 'Ability to comment on issues.'),
  global(
    'ADMINISTER',
    'Administer Jira',
    'Create and administer projects, issue types, fields, workflows, and schemes for all projects. Users with this permission can perform most administration tasks, except: managing users, importing data, and editing system email settings.',
  ),
  project('ADMINISTER_PROJECTS', 'Administer Projects', 'Ability to administer a project in Jira.'),
  project('ARCHIVE_ISSUES', 'Archive Issues', 'Ability to archive issues for a specific project.'),
  project('ASSIGNABLE_USER', 'Assignable User', 'Users with this permission may be assigned to issues.'),
  project('ASSIGN_ISSUES', 'Assign Issues', 'Ability to assign issues to other people.'),
  project('BROWSE_PROJECTS', 'Browse Projects', 'Ability to browse projects and the issues within them.'),
  global(
    'BULK_CHANGE',
    'Make bulk changes',
    'Modify collections of issues at once. For example, resolve multiple issues in one step.',
  ),
  project(
    'CLOSE_ISSUES',
    'Close Issues',
    'Ability to close issues. Often useful where your developers resolve issues, and a QA department closes them.',
  ),
  project('CREATE_ATTACHMENTS', 'Create Attachments', 'Users with this permission may create attachments.'),
  project('CREATE_ISSUES', 'Create Issues', 'Ability to create issues.'),
  global(
    'CREATE_PROJECT',
    'Create team-managed projects',
    'Create projects separate from shared configurations and schemes.',
  ),
  global('CREATE_SHARED_OBJECTS', 'Share dashboards and filters', 'Share dashboards and filters with other users.'),
  project('DELETE_ALL_ATTACHMENTS', 'Delete All Attachments', 'Users with this permission may delete all attachments.'),
  project('DELETE_ALL_COMMENTS', 'Delete All Comments', 'Ability to delete all comments made on issues.'),
  project('DELETE_ALL_WORKLOGS', 'Delete All Worklogs', 'Ability to delete all worklogs made on issues.'),
  project('DELETE_ISSUES', 'Delete Issues', 'Ability to delete issues.'),
  project('DELETE_OWN_ATTACHMENTS', 'Delete Own Attachments', 'Users with this permission may delete own attachments.'),
  project('DELETE_OWN_COMMENTS', 'Delete Own Comments', 'Ability to delete own comments made on issues.'),
  project('DELETE_OWN_WORKLOGS', 'Delete Own Worklogs', 'Ability to delete own worklogs made on issues.'),
  project('EDIT_ALL_COMMENTS', 'Edit All Comments', 'Ability to edit all comments made on issues.'),
  project('EDIT_ALL_WORKLOGS', 'Edit All Worklogs', 'Ability to edit all worklogs made on issues.'),
  project('EDIT_ISSUES', 'Edit Issues', 'Ability to edit issues.'),
  project('EDIT_ISSUE_LAYOUT', 'Edit Issue Layout', 'Users with this permission may edit the issue layout.'),
  project('EDIT_OWN_COMMENTS', 'Edit Own Comments', 'Ability to edit own comments made on issues.'),
  project('EDIT_OWN_WORKLOGS', 'Edit Own Worklogs', 'Ability to edit own worklogs made on issues.'),
  project('EDIT_WORKFLOW', 'Edit Workflows', 'Users with this permission may edit workflows.'),
  project(
    'LINK_ISSUES',
    'Link Issues',
    'Ability to link issues together and create linked issues. Only useful if issue linking is turned on.',
  ),
  global(
    'MANAGE_GROUP_FILTER_SUBSCRIPTIONS',
    'Manage group filter subscriptions',
    'Create and delete group filter subscriptions.',
  ),
  project('MANAGE_SPRINTS_PERMISSION', 'Manage sprints', 'Ability to manage sprints.'),
  project('MANAGE_WATCHERS', 'Manage Watchers', 'Ability to manage the watchers of an issue.'),
  project('MODIFY_REPORTER', 'Modify Reporter', 'Ability to modify the reporter when creating or editing an issue.'),
  project(
    'MOVE_ISSUES',
    'Move Issues',
    'Ability to move issues between projects or between workflows of the same project (if applicable). Note the user can only move issues to a project he or she has the create permission for.',
  ),
  project(
    'RESOLVE_ISSUES',
    'Resolve Issues',
    'Ability to resolve and reopen issues. This includes the ability to set a fix version.',
  ),
  project('SCHEDULE_ISSUES', 'Schedule Issues', "Ability to view or edit an issue's due date."),
  project(
    'SERVICEDESK_AGENT',
    'Service Project Agent',
    'Allows users to interact with customers and access Jira Service Management features of a project.',
  ),
  project(
    'SET_ISSUE_SECURITY',
    'Set Issue Security',
    'Ability to set the level of security on an issue so that only people in that security level can see the issue.',
  ),
  global(
    'SYSTEM_ADMIN',
    'System administer Jira',
    'Perform all administration functions. There must be at least one group with this permission.',
  ),
  project('TRANSITION_ISSUES', 'Transition Issues', 'Ability to transition issues.'),
  project('UNARCHIVE_ISSUES', 'Restore Issues', 'Ability to restore issues for a specific project.'),
  global(
    'USER_PICKER',
    'Browse users and groups',
    'View and select users or groups from the user picker, and share issues. Users without this permission can still see user names.',
  ),
  project('VIEW_AGGREGATED_DATA', 'View Aggregated Data', 'View aggregated data of a project.'),
  project(
    'VIEW_DEV_TOOLS',
    'View Development Tools',
    'Allows users to view development-related information on the view issue screen, like commits, reviews and build information.',
  ),
  project('VIEW_ISSUES', 'View Issues', 'Ability to view issues.'),
  project('VIEW_PROJECTS', 'View Projects', 'Ability to view projects.'),
  project(
    'VIEW_READONLY_WORKFLOW',
    'View Read-Only Workflow',
    'Users with this permission may view a read-only version of a workflow.',
  ),
  project(
    'VIEW_VOTERS_AND_WATCHERS',
    'View Voters and Watchers',
    'Ability to view the voters and watchers of an issue.',
  ),
  project(
    'WORK_ON_ISSUES',
    'Work On Issues',
    'Ability to log work done against an issue. Only useful if Time Tracking is turned on.',
  ),
]

export const permissionInfo = (key: string): PermissionInfo | undefined => PERMISSIONS.find((info) => info.key === key)

/** Only administrators: the rest of the global permissions belongs to everybody who may use Jira. */
const FOR_ADMINISTRATORS: readonly string[] = ['ADMINISTER', 'SYSTEM_ADMIN']

/** Whether a user has a global permission. */
export function canGlobally(site: Site, user: User | undefined, permission: string): boolean {
  if (!user?.active) return false
  return !FOR_ADMINISTRATORS.includes(permission) || isAdmin(site, user)
}

interface Holder {
  readonly type: string
  readonly parameter?: string
  readonly value?: string
}

/** Whether a user is meant by a holder of a permission, notification or security level. */
export function holds(site: Site, user: User | undefined, holder: Holder, at: Project, issue?: Issue): boolean {
  if (holder.type === 'anyone') return true
  if (!user) return false
  const wanted = holder.value ?? holder.parameter
  switch (holder.type) {
    case 'applicationRole':
      return user.accountType === 'atlassian'
    case 'group':
      return site.tables.groups
        .where('member', user.accountId)
        .some((g) => g.groupId === wanted || g.name === holder.parameter)
    case 'user':
      return user.accountId === wanted
    case 'projectLead':
      return at.leadId === user.accountId
    case 'projectRole':
      return inRole(site, user, at.id, Number(wanted))
    case 'reporter':
      return issue === undefined || issue.reporterId === user.accountId
    case 'assignee':
      return issue === undefined || issue.assigneeId === user.accountId
    case 'userCustomField':
      return [issue?.custom[wanted ?? '']].flat().includes(user.accountId)
    case 'groupCustomField':
      return [issue?.custom[wanted ?? '']]
        .flat()
        .some((group) => groupIdsOf(site, user.accountId).includes(String(group)))
    default:
      return false
  }
}

/** Membership in a project role, directly or by a group. */
export function inRole(site: Site, user: User, projectId: string, roleId: number): boolean {
  return site.tables.roleActors
    .where('role', [projectId, roleId])
    .some(({ type, holder }) =>
      type === 'user' ? holder === user.accountId : groupIdsOf(site, user.accountId).includes(holder),
    )
}

const READS: readonly string[] = ['BROWSE_PROJECTS', 'VIEW_PROJECTS', 'VIEW_ISSUES']

/** Whether a user has a permission in a project, or on one of its issues. */
export function can(site: Site, user: User | undefined, permission: string, at: Project, issue?: Issue): boolean {
  if (user && !user.active) return false
  if (permission === 'ADMINISTER_PROJECTS' && isAdmin(site, user)) return true
  if (at.archived && !READS.includes(permission) && permission !== 'ADMINISTER_PROJECTS') return false
  if (at.access === 'private' && user && isAdmin(site, user) && READS.includes(permission)) return true
  const scheme = site.tables.permissionSchemes.get(at.schemes.permission)
  return !!scheme?.grants.some((grant) => grant.permission === permission && holds(site, user, grant.holder, at, issue))
}

/** Whether a user may see a project. */
export const canBrowse = (site: Site, user: User | undefined, at: Project): boolean =>
  !at.deleted && (can(site, user, 'BROWSE_PROJECTS', at) || can(site, user, 'ADMINISTER_PROJECTS', at))

/** Whether a user may see an issue: the project, and the issue's security level. */
export function canSee(site: Site, user: User | undefined, issue: Issue): boolean {
  const at = site.tables.projects.get(issue.projectId)
  if (!at || at.deleted || !can(site, user, 'BROWSE_PROJECTS', at, issue)) return false
  if (!issue.securityId) return true
  const level = site.tables.securitySchemes
    .get(at.schemes.security ?? '')
    ?.levels.find((candidate) => candidate.id === issue.securityId)
  return !level || level.members.some((member) => holds(site, user, member.holder, at, issue))
}

/** Whether a comment or worklog restricted to a group or role is for this user. */
export function canRead(
  site: Site,
  user: User | undefined,
  projectId: string,
  visibility: { readonly type: string; readonly identifier: string } | undefined,
): boolean {
  if (!visibility) return true
  if (!user) return false
  if (visibility.type === 'group') return groupIdsOf(site, user.accountId).includes(visibility.identifier)
  return inRole(site, user, projectId, Number(visibility.identifier))
}
