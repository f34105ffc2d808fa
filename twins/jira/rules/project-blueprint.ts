import { type JiraCall, nextId } from '../context.ts'
import { badRequest } from '../errors.ts'
import type { Project, StatusCategoryName, WorkflowTransition } from '../tables.ts'
import { isObject } from './fields/values.ts'

type Given = Readonly<Record<string, unknown>>

const part = (given: unknown, name: string): Given => {
  const value = isObject(given) ? given[name] : undefined
  return isObject(value) ? value : {}
}
const rows = (given: Given, name: string): Given[] =>
  (Array.isArray(given[name]) ? (given[name] as unknown[]) : []).filter(isObject)
const word = (value: unknown) => (value === undefined || value === null ? '' : String(value))

/** What a blueprint defines, by the references its other parts use. */
export class References {
  readonly #made = new Map<string, string>()

  define(pcri: unknown, id: string | number): void {
    if (pcri !== undefined && pcri !== null) this.#made.set(nameOf(pcri), String(id))
  }

  /** The id of what a reference means: of something this blueprint made, or of something that was there. */
  resolve(pcri: unknown): string | undefined {
    if (pcri === undefined || pcri === null) return undefined
    const name = nameOf(pcri)
    const id = this.#made.get(name) ?? /^[^:]*:id:(.+)$/.exec(name)?.[1]
    if (id === undefined) throw badRequest(`The reference '${name}' is not defined.`)
    return id
  }
}

/** `type:ref:name` of a reference, which is sent as an object or as `pcri:type:ref:name`. */
function nameOf(pcri: unknown): string {
  if (typeof pcri === 'string') return pcri.replace(/^pcri:/, '')
  const { entityType, type, id, entityId } = pcri as Given
  return `${word(entityType)}:${word(type)}:${word(id ?? entityId)}`
}

/** A row made anew, or the one of its name when the blueprint wants it used. */
function unlessThere(
  given: Given,
  existing: { readonly id: string } | undefined,
  make: (name: string) => { readonly id: string },
): string {
  const name = word(given.name)
  if (name === '') throw badRequest('Everything a template defines must have a name.')
  if (existing && given.onConflict === 'USE') return existing.id
  if (existing && given.onConflict === 'FAIL') throw badRequest(`'${name}' already exists.`)
  return make(name).id
}

function issueTypes(call: JiraCall, given: Given, references: References): string | undefined {
  for (const type of rows(given, 'issueTypes')) {
    const existing = call.tables.issueTypes.all().find((row) => !row.projectId && row.name === type.name)
    const level = Number(type.hierarchyLevel ?? 0)
    const made = (name: string) =>
      call.tables.issueTypes.insert({
        id: nextId(call, 'issueType'),
        name,
        description: word(type.description),
        hierarchyLevel: level,
        avatarId: Number(type.avatarId ?? (level < 0 ? 10_316 : 10_300)),
      })
    references.define(type.pcri, unlessThere(type, existing, made))
  }
  const scheme = part(given, 'issueTypeScheme')
  if (!scheme.name) return undefined
  const ids = (Array.isArray(scheme.issueTypeIds) ? scheme.issueTypeIds : []).map((id) => references.resolve(id) ?? '')
  const standard = references.resolve(scheme.defaultIssueTypeId)
  const id = nextId(call, 'issueTypeScheme')
  call.tables.issueTypeSchemes.insert({
    id,
    name: word(scheme.name),
    description: word(scheme.description),
    isDefault: false,
    issueTypeIds: ids,
    ...(standard !== undefined && { defaultIssueTypeId: standard }),
  })
  references.define(scheme.pcri, id)
  return id
}

function statuses(call: JiraCall, given: Given, references: References): void {
  for (const status of rows(given, 'statuses')) {
    const existing = call.tables.statuses.all().find((row) => !row.projectId && row.name === status.name)
    const made = (name: string) =>
      call.tables.statuses.insert({
        id: nextId(call, 'status'),
        name,
        description: word(status.description),
        category: (status.statusCategory as StatusCategoryName | undefined) ?? 'TODO',
        icon: '/images/icons/statuses/generic.png',
      })
    references.define(status.pcri, unlessThere(status, existing, made))
  }
}

function transitionFrom(given: Given, references: References): WorkflowTransition {
  const rules = (name: string, of: Given = given) =>
    rows(of, name).map(({ ruleKey, parameters }) => ({
      ruleKey: word(ruleKey),
      parameters: (isObject(parameters) ? parameters : {}) as Record<string, string>,
    }))
  return {
    id: word(given.id),
    name: word(given.name),
    description: word(given.description),
    type: word(given.type).toUpperCase() as WorkflowTransition['type'],
    from: rows(given, 'from').map((from) => references.resolve(from.status) ?? ''),
    to: references.resolve(part(given, 'to').status) ?? '',
    conditions: rules('conditions', part(given, 'conditions')),
    validators: rules('validators'),
    actions: rules('actions'),
  }
}

function workflows(call: JiraCall, given: Given, references: References): string | undefined {
  statuses(call, given, references)
  for (const workflow of rows(given, 'workflows')) {
    const existing = call.tables.workflows.where('name', word(workflow.name))[0]
    const made = (name: string) =>
      call.tables.workflows.insert({
        id: call.random.uuid(),
        name,
        description: word(workflow.description),
        statusIds: rows(workflow, 'statuses').map((status) => references.resolve(status.pcri) ?? ''),
        transitions: rows(workflow, 'transitions').map((row) => transitionFrom(row, references)),
        version: { number: 1, id: call.random.uuid() },
        created: call.now,
        updated: call.now,
        isDefault: false,
      })
    references.define(workflow.pcri, unlessThere(workflow, existing, made))
  }
  const scheme = part(given, 'workflowScheme')
  if (!scheme.name) return undefined
  const id = call.sequence('jira.workflowScheme', 10_000)
  const mappings = Object.entries(part(scheme, 'explicitMappings')).map(([type, workflow]) => [
    references.resolve(/^\d+$/.test(type) ? `issuetype:id:${type}` : type),
    references.resolve(workflow),
  ])
  call.tables.workflowSchemes.insert({
    id,
    name: word(scheme.name),
    description: word(scheme.description),
    defaultWorkflow: references.resolve(scheme.defaultWorkflow) ?? 'jira',
    mappings: Object.fromEntries(mappings),
  })
  references.define(scheme.pcri, id)
  return String(id)
}

/** Capabilities that are taken note of and not built. */
const UNBUILT: readonly string[] = ['field', 'permissionScheme', 'notification', 'security', 'role']

/** The schemes that a blueprint brings: those it defines, and those its `project` refers to. */
export function schemesOf(call: JiraCall, template: unknown, references: References): Partial<Project['schemes']> {
  for (const name of UNBUILT) if (isObject(template) && isObject(template[name])) call.unmodelled(`template.${name}`)
  const issueType = issueTypes(call, part(template, 'issueType'), references)
  const workflow = workflows(call, part(template, 'workflow'), references)
  const project = part(template, 'project')
  const schemes = {
    issueType: references.resolve(project.issueTypeSchemeId) ?? issueType,
    workflow: references.resolve(project.workflowSchemeId) ?? workflow,
    screen: references.resolve(project.issueTypeScreenSchemeId),
    permission: references.resolve(project.permissionSchemeId),
    notification: references.resolve(project.notificationSchemeId),
    security: references.resolve(project.issueSecuritySchemeId),
    fieldConfiguration: references.resolve(project.fieldLayoutSchemeId),
  }
  return Object.fromEntries(Object.entries(schemes).filter(([, id]) => id !== undefined))
}

/** Boards of a blueprint, over its project. */
export function addBoards(call: JiraCall, project: Project, template: unknown, references: References): void {
  for (const given of rows(part(template, 'boards'), 'boards')) {
    const scrum = given.supportsSprint === true
    const name = word(given.name) || `${project.key} board`
    const filterId = nextId(call, 'filter')
    call.tables.filters.insert({
      id: filterId,
      name: `Filter for ${name} (${filterId})`,
      description: '',
      ownerId: project.leadId,
      jql: word(given.boardFilterJQL) || `project = ${project.key} ORDER BY Rank ASC`,
      share: [{ id: call.sequence('jira.share', 10_000), type: 'project', projectId: project.id }],
      edit: [],
      favouriteOf: [],
    })
    call.tables.boards.insert({
      id: call.sequence('jira.board'),
      name,
      type: scrum ? 'scrum' : 'kanban',
      filterId,
      projectId: project.id,
      columns: rows(given, 'columns').map((column) => ({
        name: word(column.name),
        statusIds: (Array.isArray(column.statusIds) ? column.statusIds : []).map((id) => references.resolve(id) ?? ''),
        ...(column.maximumIssueConstraint !== undefined && { max: Number(column.maximumIssueConstraint) }),
        ...(column.minimumIssueConstraint !== undefined && { min: Number(column.minimumIssueConstraint) }),
      })),
      isPrivate: false,
      sprintsSupported: scrum,
      ...(scrum && { estimationFieldId: 'customfield_10016' }),
    })
  }
}
