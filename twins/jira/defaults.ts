import { BASE62 } from '../../shared/universe/random.ts'
import { nextId, type Site } from './context.ts'
import { PERMISSIONS } from './rules/permissions.ts'
import { createProject } from './rules/projects.ts'
import type { User } from './tables.ts'

const SOFTWARE = 'com.pyxis.greenhopper.jira:'
const TYPES = 'com.atlassian.jira.plugin.system.customfieldtypes:'
const DEVELOPMENT = 'com.atlassian.jira.plugins.jira-development-integration-plugin:'

/** The administrator every site begins with, whose API token is the ready-made credential. */
export const ADMIN_ID = '712020:1c6a2f6e-0d3b-4f6e-9a53-5b8c2f1e7d90'
export const ADMIN_EMAIL = 'admin@example.com'
export const ADMIN_TOKEN = 'ATATT3xFfGF0twinAdminToken'
export const ADMIN_ACCESS = 'eyJhbGciOiJIUzI1NiJ9twinAccess'
export const CLOUD_ID = '11223344-a1b2-4c3d-8e4f-5566778899aa'
export const OAUTH_CLIENT = { clientId: 'twinOAuthClient', secret: 'ATOAtwinOAuthSecret' }

const PRIORITIES = [
  ['1', 'Highest', 'This problem will block progress.', '#d04437', '/images/icons/priorities/highest_new.svg'],
  ['2', 'High', 'Serious problem that could block progress.', '#f15C75', '/images/icons/priorities/high_new.svg'],
  ['3', 'Medium', 'Has the potential to affect progress.', '#f79232', '/images/icons/priorities/medium_new.svg'],
  ['4', 'Low', 'Minor problem or easily worked around.', '#707070', '/images/icons/priorities/low_new.svg'],
  [
    '5',
    'Lowest',
    'Trivial problem with little or no impact on progress.',
    '#999999',
    '/images/icons/priorities/lowest_new.svg',
  ],
] as const

const RESOLUTIONS = [
  ['10000', 'Done', 'Work has been completed on this issue.'],
  ['10001', "Won't Do", "This issue won't be actioned."],
  ['10002', 'Duplicate', 'The problem is a duplicate of an existing issue.'],
  [
    '10003',
    'Cannot Reproduce',
    'All attempts at reproducing this issue failed, or not enough information was available to reproduce the issue. Reading the code produces no clues as to why this behavior would occur. If more information appears later, please reopen the issue.',
  ],
] as const

const LINK_TYPES = [
  ['10000', 'Blocks', 'is blocked by', 'blocks'],
  ['10001', 'Cloners', 'is cloned by', 'clones'],
  ['10002', 'Duplicate', 'is duplicated by', 'duplicates'],
  ['10003', 'Relates', 'relates to', 'relates to'],
] as const

/** Custom fields of a Software site: number, name, type. Locked: they came with the product. */
const FIELDS: readonly (readonly [number, string, string])[] = [
  [10_000, 'Development', `${DEVELOPMENT}devsummarycf`],
  [10_001, 'Team', `${TYPES}atlassian-team`],
  [10_011, 'Epic Name', `${SOFTWARE}gh-epic-label`],
  [10_014, 'Epic Link', `${SOFTWARE}gh-epic-link`],
  [10_015, 'Start date', `${TYPES}datepicker`],
  [10_016, 'Story point estimate', `${SOFTWARE}jsw-story-points`],
  [10_017, 'Issue color', `${SOFTWARE}jsw-issue-color`],
  [10_019, 'Rank', `${SOFTWARE}gh-lexo-rank`],
  [10_020, 'Sprint', `${SOFTWARE}gh-sprint`],
  [10_021, 'Flagged', `${TYPES}multicheckboxes`],
  [10_026, 'Story Points', `${TYPES}float`],
  [10_034, 'Vulnerability', `${DEVELOPMENT}vulnerabilitycf`],
  [10_035, 'Design', `${DEVELOPMENT}designcf`],
]

const COMPANY_TYPES = [
  [
    'Epic',
    'A big user story that needs to be broken down. Created by Jira Software - do not edit or delete.',
    1,
    10_307,
  ],
] as const
const MORE_TYPES = [
  ['Story', 'Functionality or a feature expressed as a user goal.', 0, 10_315],
  ['Task', 'A small, distinct piece of work.', 0, 10_318],
  ['Sub-task', "A small piece of work that's part of a larger task.", -1, 10_316],
  ['Bug', 'A problem or error.', 0, 10_303],
] as const

/** What a fresh Jira Software site contains, with the team-managed project "My Kanban Project" the sign-up creates. */
export function defaults(site: Site): void {
  const admin = people(site)
  const { tables } = site
  for (const [id, name, description, statusColor, icon] of PRIORITIES) {
    tables.priorities.insert({ id, name, description, statusColor, icon, sequence: Number(id), isDefault: id === '3' })
  }
  for (const [id, name, description] of RESOLUTIONS) {
    tables.resolutions.insert({ id, name, description, sequence: Number(id) - 9999, isDefault: false })
  }
  for (const [id, name, inward, outward] of LINK_TYPES) tables.issueLinkTypes.insert({ id, name, inward, outward })
  fields(site)
  schemes(site)
  issueTypes(site, COMPANY_TYPES)
  createProject(site, {
    key: 'KAN',
    name: 'My Kanban Project',
    leadId: admin.accountId,
    templateKey: `${SOFTWARE}gh-simplified-agility-kanban`,
  })
  issueTypes(site, MORE_TYPES)
  companyStatuses(site)
  tables.dashboards.insert({
    id: '10000',
    name: 'Default dashboard',
    description: '',
    share: [{ id: 10_000, type: 'global' }],
    edit: [],
    favouriteOf: [],
    gadgets: [],
    isSystem: true,
  })
  tables.settings.insert({ key: 'cloudId', value: CLOUD_ID })
  // The counters of what was inserted with fixed ids go on after it.
  for (const [kind, used] of [
    ['resolution', 4],
    ['issueLinkType', 4],
    ['dashboard', 1],
  ] as const) {
    for (let i = 0; i < used; i++) nextId(site, kind)
  }
}

function people(site: Site): User {
  const { tables } = site
  const admin = tables.users.insert({
    accountId: ADMIN_ID,
    accountType: 'atlassian',
    email: ADMIN_EMAIL,
    displayName: 'Site Admin',
    active: true,
    timeZone: 'Etc/UTC',
    locale: 'en_US',
  })
  for (const [accountId, displayName] of [
    ['557058:f58131cb-b67d-43c7-b30d-6b58d40bd077', 'Automation for Jira'],
    ['5d53f3cbc6b9320d9ea5bdc2', 'Jira Outlook'],
  ] as const) {
    tables.users.insert({
      accountId,
      accountType: 'app',
      displayName,
      active: true,
      timeZone: 'Etc/UTC',
      locale: 'en_US',
    })
  }
  for (const name of ['org-admins', 'site-admins', 'jira-administrators', 'jira-software-users', 'jira-users']) {
    tables.groups.insert({ groupId: site.random.uuid(), name, members: [admin.accountId] })
  }
  const administrators = tables.groups.by('name', 'jira-administrators')?.groupId ?? ''
  tables.roles.insert({
    id: 10_002,
    name: 'Administrators',
    description: 'A project role that represents administrators in a project',
    defaultUsers: [],
    defaultGroups: [administrators],
  })
  tables.roles.insert({
    id: 10_003,
    name: 'atlassian-addons-project-access',
    description:
      'A project role that represents Connect add-ons declaring a scope that requires more than read issue permissions',
    defaultUsers: [],
    defaultGroups: [],
  })
  tables.roles.insert({
    id: 10_004,
    name: 'Member',
    description: 'A project role that represents members of a project',
    defaultUsers: [],
    defaultGroups: [],
  })
  tables.roles.insert({
    id: 10_005,
    name: 'Viewer',
    description: 'A project role that represents viewers of a project',
    defaultUsers: [],
    defaultGroups: [],
  })
  tables.tokens.insert({ secret: ADMIN_TOKEN, kind: 'api', accountId: admin.accountId })
  tables.tokens.insert({ secret: ADMIN_ACCESS, kind: 'access', accountId: admin.accountId })
  tables.oauthApps.insert({ ...OAUTH_CLIENT, name: 'Twin app', redirectUris: [] })
  return admin
}

function fields(site: Site): void {
  for (const [number, name, type] of FIELDS) {
    const id = `customfield_${number}`
    site.tables.customFields.insert({
      id,
      number,
      name,
      description: '',
      type,
      locked: true,
      ...(number === 10_000 && { untranslatedName: 'development' }),
    })
    const contextId = nextId(site, 'fieldContext', 10_100)
    site.tables.fieldContexts.insert({
      id: contextId,
      fieldId: id,
      name: `Default Configuration Scheme for ${name}`,
      description: '',
      projectIds: [],
      issueTypeIds: [],
    })
    if (number === 10_021) {
      site.tables.fieldOptions.insert({
        id: nextId(site, 'fieldOption', 10_019),
        fieldId: id,
        contextId,
        value: 'Impediment',
        disabled: false,
        position: 0,
      })
    }
  }
  for (let number = 10_000; number <= 10_035; number++) site.sequence('jira.customField', 10_000)
}

function issueTypes(site: Site, types: readonly (readonly [string, string, number, number])[]): void {
  for (const [name, description, hierarchyLevel, avatarId] of types) {
    const id = nextId(site, 'issueType')
    site.tables.issueTypes.insert({ id, name, description, hierarchyLevel, avatarId })
    const scheme = site.tables.issueTypeSchemes.all().find((row) => row.isDefault)
    if (scheme) site.tables.issueTypeSchemes.replace({ ...scheme, issueTypeIds: [...scheme.issueTypeIds, id] })
  }
}

/** Statuses that company-managed projects share; In Progress has been number 3 since Jira 3. */
function companyStatuses(site: Site): void {
  const row = (
    id: string,
    name: string,
    description: string,
    category: 'TODO' | 'IN_PROGRESS' | 'DONE',
    icon: string,
  ) => site.tables.statuses.insert({ id, name, description, category, icon })
  row(
    '1',
    'Open',
    'The issue is open and ready for the assignee to start work on it.',
    'TODO',
    '/images/icons/statuses/open.png',
  )
  row(
    '3',
    'In Progress',
    'This issue is being actively worked on at the moment by the assignee.',
    'IN_PROGRESS',
    '/images/icons/statuses/inprogress.png',
  )
  row(
    '4',
    'Reopened',
    'This issue was once resolved, but the resolution was deemed incorrect. From here issues are either marked assigned or resolved.',
    'TODO',
    '/images/icons/statuses/reopened.png',
  )
  row(
    '5',
    'Resolved',
    'A resolution has been taken, and it is awaiting verification by reporter. From here issues are either reopened, or are closed.',
    'DONE',
    '/images/icons/statuses/resolved.png',
  )
  row(
    '6',
    'Closed',
    'The issue is considered finished, the resolution is correct. Issues which are closed can be reopened.',
    'DONE',
    '/images/icons/statuses/closed.png',
  )
  row(nextId(site, 'status'), 'To Do', '', 'TODO', '/')
  row(nextId(site, 'status'), 'Done', '', 'DONE', '/')
  const way = (id: string, name: string, from: string[], to: string, screenId?: number) => ({
    id,
    name,
    description: '',
    type: 'DIRECTED' as const,
    from,
    to,
    ...(screenId && { screenId }),
  })
  site.tables.workflows.insert({
    id: 'jira',
    name: 'jira',
    description: 'The default Jira workflow.',
    statusIds: ['1', '3', '5', '4', '6'],
    transitions: [
      { id: '1', name: 'Create', description: '', type: 'INITIAL', from: [], to: '1' },
      way('4', 'Start Progress', ['1', '4'], '3'),
      way('5', 'Resolve Issue', ['1', '3', '4'], '5', 3),
      way('2', 'Close Issue', ['1', '3', '4', '5'], '6', 3),
      way('301', 'Stop Progress', ['3'], '1'),
      way('3', 'Reopen Issue', ['5', '6'], '4'),
    ],
    version: { number: 1, id: site.random.uuid() },
    created: 0,
    updated: 0,
    isDefault: true,
  })
}

const DEFAULT_SCREEN = [
  'summary',
  'issuetype',
  'parent',
  'security',
  'priority',
  'duedate',
  'components',
  'versions',
  'fixVersions',
  'assignee',
  'reporter',
  'environment',
  'description',
  'timetracking',
  'attachment',
  'labels',
  'issuelinks',
  'customfield_10001',
  'customfield_10011',
  'customfield_10015',
  'customfield_10020',
  'customfield_10021',
  'customfield_10026',
]

function schemes(site: Site): void {
  const { tables } = site
  const screen = (id: number, name: string, fields: readonly string[]) =>
    tables.screens.insert({ id, name, description: '', tabs: [{ id: 10_000 + id, name: 'Field Tab', fields }] })
  screen(1, 'Default Screen', DEFAULT_SCREEN)
  screen(2, 'Workflow Screen', ['assignee'])
  screen(3, 'Resolve Issue Screen', ['resolution', 'fixVersions', 'assignee', 'worklog'])
  tables.screenSchemes.insert({
    id: 1,
    name: 'Default Screen Scheme',
    description: 'Default Screen Scheme',
    screens: { default: 1 },
  })
  tables.issueTypeScreenSchemes.insert({
    id: '1',
    name: 'Default Issue Type Screen Scheme',
    description: 'The default issue type screen scheme',
    mappings: { default: '1' },
  })
  tables.issueTypeSchemes.insert({
    id: '10000',
    name: 'Default Issue Type Scheme',
    description:
      'Default issue type scheme is the list of global issue types. All newly created issue types will automatically be added to this scheme.',
    isDefault: true,
    issueTypeIds: [],
  })
  nextId(site, 'issueTypeScheme')
  tables.fieldConfigurations.insert({
    id: 10_000,
    name: 'Default Field Configuration',
    description: 'The default field configuration',
    isDefault: true,
    items: {},
  })
  tables.fieldSchemes.insert({
    id: 10_000,
    name: 'Default Field Scheme',
    description: 'The field scheme of every project that was given no other',
    isDefault: true,
    fields: {},
  })
  tables.prioritySchemes.insert({
    id: '1',
    name: 'Default priority scheme',
    description: 'This is default scheme used by all new projects',
    isDefault: true,
    defaultPriorityId: '3',
    priorityIds: PRIORITIES.map(([id]) => id),
  })
  tables.notificationSchemes.insert({
    id: 10_000,
    name: 'Default Notification Scheme',
    description: '',
    notifications: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17].flatMap((eventId, at) =>
      ['CurrentAssignee', 'Reporter', 'AllWatchers'].map((notificationType, n) => ({
        id: 10_000 + at * 3 + n,
        eventId,
        notificationType,
      })),
    ),
  })
  permissions(site)
  for (const [kind, used] of [
    ['fieldConfiguration', 1],
    ['notificationScheme', 1],
    ['fieldScheme', 1],
    ['priorityScheme', 1],
  ] as const) {
    for (let i = 0; i < used; i++) nextId(site, kind)
  }
}

/** Project permissions that only administrators of the project have. */
const ADMINISTRATIVE: readonly string[] = ['ADMINISTER_PROJECTS', 'EDIT_WORKFLOW', 'EDIT_ISSUE_LAYOUT']
const UNGRANTED: readonly string[] = ['SERVICEDESK_AGENT', 'SET_ISSUE_SECURITY', 'ARCHIVE_ISSUES', 'UNARCHIVE_ISSUES']

function permissions(site: Site): void {
  const keys = PERMISSIONS.filter(
    (permission) => permission.type === 'PROJECT' && !UNGRANTED.includes(permission.key),
  ).map((permission) => permission.key)
  const grants = (holderOf: (key: string) => { type: string; parameter?: string; value?: string }) => [
    ...keys.map((permission) => ({
      id: site.sequence('jira.grant', 10_004),
      permission,
      holder: holderOf(permission),
    })),
    ...keys.map((permission) => ({
      id: site.sequence('jira.grant', 10_004),
      permission,
      holder: { type: 'projectRole', parameter: '10003', value: '10003' },
    })),
  ]
  const administrators = { type: 'projectRole', parameter: '10002', value: '10002' }
  const everybody = { type: 'applicationRole' }
  const { tables } = site
  tables.permissionSchemes.insert({
    id: 0,
    name: 'Default Permission Scheme',
    description:
      'This is the default Permission Scheme. Any new projects that are created will be assigned this scheme.',
    grants: grants((key) => (ADMINISTRATIVE.includes(key) ? administrators : everybody)),
  })
  tables.permissionSchemes.insert({
    id: 10_000,
    name: 'Default software scheme',
    description: 'Default scheme for Software projects.',
    grants: grants((key) => (ADMINISTRATIVE.includes(key) ? administrators : everybody)),
  })
  tables.permissionSchemes.insert({
    id: 10_001,
    name: 'Private',
    description: 'Only members of the project.',
    grants: grants(() => administrators),
  })
  for (let i = 0; i < 2; i++) nextId(site, 'permissionScheme')
}

/** An API token of somebody's own, as the header that carries it. */
export function signIn(site: Site, email: string): string | undefined {
  const user = site.tables.users.by('email', email.toLowerCase())
  if (!user?.active) return undefined
  const secret = `ATATT3xFfGF0${site.random.text(24, BASE62)}`
  site.tables.tokens.insert({ secret, kind: 'api', accountId: user.accountId })
  return `Basic ${Buffer.from(`${user.email}:${site.seal(secret)}`).toString('base64')}`
}
