import { nextId, type Site } from '../context.ts'
import type { Project, ProjectTypeKey, Status, StatusCategoryName, Workflow, WorkflowTransition } from '../tables.ts'

export interface NewProject {
  readonly key: string
  readonly name: string
  readonly leadId: string
  readonly description?: string
  readonly typeKey?: ProjectTypeKey
  readonly templateKey?: string
  readonly assigneeType?: Project['assigneeType']
  readonly url?: string
  readonly avatarId?: string
  readonly categoryId?: string
  readonly schemes?: Partial<Project['schemes']>
  readonly access?: Project['access']
  /** Names of the standard types it has; default: all of the template's. */
  readonly issueTypes?: readonly string[]
  /** Software templates come with a board. Default true. */
  readonly board?: boolean
}

export const TEMPLATES = {
  software: [
    'com.pyxis.greenhopper.jira:gh-simplified-agility-kanban',
    'com.pyxis.greenhopper.jira:gh-simplified-agility-scrum',
    'com.pyxis.greenhopper.jira:gh-simplified-basic',
    'com.pyxis.greenhopper.jira:gh-simplified-kanban-classic',
    'com.pyxis.greenhopper.jira:gh-simplified-scrum-classic',
    'com.pyxis.greenhopper.jira:gh-cross-team-template',
    'com.pyxis.greenhopper.jira:gh-cross-team-planning-template',
  ],
  business: [
    'com.atlassian.jira-core-project-templates:jira-core-simplified-content-management',
    'com.atlassian.jira-core-project-templates:jira-core-simplified-document-approval',
    'com.atlassian.jira-core-project-templates:jira-core-simplified-lead-tracking',
    'com.atlassian.jira-core-project-templates:jira-core-simplified-process-control',
    'com.atlassian.jira-core-project-templates:jira-core-simplified-procurement',
    'com.atlassian.jira-core-project-templates:jira-core-simplified-project-management',
    'com.atlassian.jira-core-project-templates:jira-core-simplified-recruitment',
    'com.atlassian.jira-core-project-templates:jira-core-simplified-task-tracking',
    'com.atlassian.jcs:customer-service-management',
  ],
  service_desk: [
    'com.atlassian.servicedesk:simplified-it-service-management',
    'com.atlassian.servicedesk:simplified-general-service-desk-it',
    'com.atlassian.servicedesk:next-gen-it-service-desk',
    'com.atlassian.servicedesk:next-gen-hr-service-desk',
  ],
  product_discovery: ['jira.polaris:product-discovery'],
} satisfies Record<ProjectTypeKey, readonly string[]>

export const isTeamManaged = (template: string): boolean => /gh-simplified-agility|next-gen|polaris/.test(template)

export const TEAM_FIELDS: readonly string[] = [
  'summary',
  'issuetype',
  'issuerestriction',
  'parent',
  'description',
  'customfield_10021',
  'reporter',
  'customfield_10000',
  'customfield_10001',
  'customfield_10034',
  'customfield_10035',
  'customfield_10015',
  'labels',
  'environment',
  'customfield_10019',
  'attachment',
  'duedate',
  'issuelinks',
  'assignee',
  'priority',
]

/** Creates a project with everything its template brings: types, workflow, schemes, roles, board. */
export function createProject(site: Site, given: NewProject): Project {
  const typeKey = given.typeKey ?? 'software'
  const templateKey = given.templateKey ?? (TEMPLATES[typeKey][0] as string)
  const teamManaged = isTeamManaged(templateKey)
  const id = nextId(site, 'project')
  const schemes = teamManaged ? teamSchemes(site, id, given, templateKey) : companySchemes(site, given, templateKey)
  const project = site.tables.projects.insert({
    id,
    key: given.key,
    formerKeys: [],
    name: given.name,
    description: given.description ?? '',
    leadId: given.leadId,
    typeKey,
    templateKey,
    style: teamManaged ? 'next-gen' : 'classic',
    access: given.access ?? 'open',
    assigneeType: given.assigneeType ?? 'UNASSIGNED',
    avatarId: given.avatarId ?? String(10_400 + (Number(id) % 24)),
    ...(given.categoryId !== undefined && { categoryId: given.categoryId }),
    ...(given.url !== undefined && { url: given.url }),
    ...(teamManaged && { uuid: site.random.uuid() }),
    nextNumber: 1,
    schemes: { ...schemes, ...given.schemes },
    features: {},
  })
  const administrators = site.tables.roles.all().find((role) => role.name === 'Administrators')
  if (administrators) {
    addActor(site, project.id, administrators.id, 'user', given.leadId)
    for (const group of administrators.defaultGroups) addActor(site, project.id, administrators.id, 'group', group)
    for (const user of administrators.defaultUsers) addActor(site, project.id, administrators.id, 'user', user)
  }
  if (typeKey === 'software' && given.board !== false) templateBoard(site, project, templateKey)
  return project
}

/** Puts a user or group into a project role; once. */
export function addActor(site: Site, projectId: string, roleId: number, type: 'user' | 'group', holder: string): void {
  const known = site.tables.roleActors.where('role', [projectId, roleId])
  if (known.some((actor) => actor.type === type && actor.holder === holder)) return
  site.tables.roleActors.insert({ id: site.sequence('jira.roleActor', 10_000), projectId, roleId, type, holder })
}

const TEAM_TYPES = [
  ['Epic', 'Epics track collections of related bugs, stories, and tasks.', 1, 10_307],
  ['Subtask', 'Subtasks track small pieces of work that are part of a larger task.', -1, 10_316],
  ['Task', 'Tasks track small, distinct pieces of work.', 0, 10_318],
  ['Story', 'Stories track functionality or features expressed as user goals.', 0, 10_315],
] as const

const TEAM_STATUSES: readonly (readonly [string, StatusCategoryName, string])[] = [
  ['To Do', 'TODO', ''],
  ['In Progress', 'IN_PROGRESS', 'This work item is being actively worked on at the moment by the assignee.'],
  ['In Review', 'IN_PROGRESS', ''],
  ['Done', 'DONE', ''],
]

/** A team-managed project has its own types, statuses, workflow and screen. */
function teamSchemes(site: Site, projectId: string, given: NewProject, templateKey: string): Project['schemes'] {
  const name = `Team-managed ${given.key}`
  const types = TEAM_TYPES.filter(([type]) => !given.issueTypes || given.issueTypes.includes(type)).map(
    ([type, description, level, avatarId]) =>
      site.tables.issueTypes.insert({
        id: nextId(site, 'issueType'),
        name: type,
        description,
        hierarchyLevel: level,
        avatarId,
        projectId,
        entityId: site.random.uuid(),
      }),
  )
  const statuses = TEAM_STATUSES.map(([status, category, description]) =>
    site.tables.statuses.insert({
      id: nextId(site, 'status'),
      name: status,
      description,
      category,
      icon: '/images/icons/statuses/generic.png',
      projectId,
    }),
  )
  const workflow = simpleWorkflow(site, `Software workflow for project ${projectId}`, statuses, projectId)
  const fields = templateKey.endsWith('scrum')
    ? [...TEAM_FIELDS, 'customfield_10020', 'customfield_10016']
    : TEAM_FIELDS
  return {
    permission: teamPermissions(site, given.access ?? 'open'),
    issueType: issueTypeScheme(
      site,
      name,
      types.map((type) => type.id),
    ),
    workflow: workflowScheme(site, name, workflow.id),
    screen: screenChain(site, name, fields),
  }
}

/** A company-managed project shares the site's default schemes, with a workflow scheme of its own. */
function companySchemes(site: Site, given: NewProject, templateKey: string): Project['schemes'] {
  const name = `${given.key}: ${templateKey.includes('scrum') ? 'Scrum' : templateKey.includes('kanban') ? 'Kanban' : 'Project Management'}`
  const wanted = given.issueTypes ?? ['Epic', 'Story', 'Task', 'Sub-task', 'Bug']
  const types = site.tables.issueTypes.all().filter((type) => !type.projectId && wanted.includes(type.name))
  const statuses = ['To Do', 'In Progress', 'Done'].map((status) =>
    site.tables.statuses.all().find((row) => row.name === status && !row.projectId),
  )
  const workflow = simpleWorkflow(
    site,
    `Software Simplified Workflow for Project ${given.key}`,
    statuses.filter((row) => row !== undefined),
  )
  return {
    permission: defaultPermissions(site),
    notification: '10000',
    issueType: issueTypeScheme(
      site,
      `${name} Issue Type Scheme`,
      types.map((type) => type.id),
    ),
    workflow: workflowScheme(site, `${given.key}: Software Simplified Workflow Scheme`, workflow.id),
    screen: screenChain(site, `${name} Issue Type Screen Scheme`, undefined),
    priority: '1',
  }
}

const defaultPermissions = (site: Site): string =>
  String(
    (
      site.tables.permissionSchemes.all().find((scheme) => scheme.name === 'Default software scheme') ??
      site.tables.permissionSchemes.get('0')
    )?.id ?? 0,
  )

const teamPermissions = (site: Site, access: Project['access']): string =>
  access === 'private'
    ? String(site.tables.permissionSchemes.all().find((scheme) => scheme.name === 'Private')?.id ?? 0)
    : defaultPermissions(site)

function issueTypeScheme(site: Site, name: string, issueTypeIds: readonly string[]): string {
  const row = { id: nextId(site, 'issueTypeScheme'), name, description: '', isDefault: false, issueTypeIds }
  return site.tables.issueTypeSchemes.insert(row).id
}

function workflowScheme(site: Site, name: string, workflowId: string): string {
  const id = site.sequence('jira.workflowScheme', 10_000)
  site.tables.workflowSchemes.insert({ id, name, description: '', defaultWorkflow: workflowId, mappings: {} })
  return String(id)
}

/** Screen, screen scheme and issue type screen scheme. Without fields: the site's default screen. */
function screenChain(site: Site, name: string, fields: readonly string[] | undefined): string {
  let screenId = 1
  if (fields) {
    screenId = site.sequence('jira.screen', 10_000)
    const tab = { id: site.sequence('jira.screenTab', 10_000), name: 'Field Tab', fields }
    site.tables.screens.insert({ id: screenId, name: `${name} Screen`, description: '', tabs: [tab] })
  }
  const schemeId = fields ? site.sequence('jira.screenScheme', 10_000) : 1
  if (fields)
    site.tables.screenSchemes.insert({
      id: schemeId,
      name: `${name} Screen Scheme`,
      description: '',
      screens: { default: screenId },
    })
  const id = nextId(site, 'issueTypeScreenScheme')
  site.tables.issueTypeScreenSchemes.insert({ id, name, description: '', mappings: { default: String(schemeId) } })
  return id
}

/** All-to-all global transitions, ids 11, 21, 31 …, named as their statuses. */
export function simpleWorkflow(
  site: Site,
  name: string,
  statuses: readonly Pick<Status, 'id' | 'name'>[],
  projectId?: string,
): Workflow {
  const [first] = statuses
  if (!first) throw new Error('A workflow needs a status')
  const initial: WorkflowTransition = {
    id: '1',
    name: 'Create',
    description: '',
    type: 'INITIAL',
    from: [],
    to: first.id,
  }
  const globals = statuses.map(
    (status, at): WorkflowTransition => ({
      id: `${at + 1}1`,
      name: status.name,
      description: '',
      type: 'GLOBAL',
      from: [],
      to: status.id,
    }),
  )
  return site.tables.workflows.insert({
    id: site.random.uuid(),
    name,
    description: '',
    statusIds: statuses.map((status) => status.id),
    transitions: [initial, ...globals],
    version: { number: 1, id: site.random.uuid() },
    created: site.now,
    updated: site.now,
    isDefault: false,
    ...(projectId && { projectId }),
  })
}

/** The board and filter a software template brings; scrum templates also a first sprint. */
function templateBoard(site: Site, project: Project, templateKey: string) {
  const scrum = templateKey.includes('scrum')
  const filter = site.tables.filters.insert({
    id: nextId(site, 'filter'),
    name: `Filter for ${project.key} board`,
    description: '',
    ownerId: project.leadId,
    jql: `project = ${project.key} ORDER BY Rank ASC`,
    share: [{ id: site.sequence('jira.share', 10_000), type: 'project', projectId: project.id }],
    edit: [],
    favouriteOf: [],
  })
  const boardId = site.sequence('jira.board')
  const statuses = workflowStatuses(site, project)
  site.tables.boards.insert({
    id: boardId,
    name: `${project.key} board`,
    type: project.style === 'next-gen' ? 'simple' : scrum ? 'scrum' : 'kanban',
    filterId: filter.id,
    projectId: project.id,
    columns: statuses.map((status) => ({ name: status.name, statusIds: [status.id] })),
    isPrivate: false,
    sprintsSupported: scrum,
    ...(scrum && { estimationFieldId: 'customfield_10016' }),
  })
  if (!scrum) return
  const id = site.sequence('jira.sprint')
  site.tables.sprints.insert({
    id,
    name: `${project.key} Sprint 1`,
    state: 'future',
    boardId,
    created: site.now,
    sequence: id,
  })
}

/** Statuses of a project's default workflow. */
export function workflowStatuses(site: Site, project: Project): Status[] {
  const scheme = site.tables.workflowSchemes.get(project.schemes.workflow)
  const ids = new Set(
    [scheme?.defaultWorkflow, ...Object.values(scheme?.mappings ?? {})].flatMap(
      (id) => site.tables.workflows.get(id ?? '')?.statusIds ?? [],
    ),
  )
  return [...ids].map((id) => site.tables.statuses.get(id)).filter((status) => status !== undefined)
}
