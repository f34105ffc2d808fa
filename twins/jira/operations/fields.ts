import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin, self, signedIn } from '../context.ts'
import { badRequest, fieldErrors, notFound } from '../errors.ts'
import { among, expandOf, idsOf, orderOf, pageBean, sorted, window } from '../paging.ts'
import { isCreatable } from '../rules/fields/custom.ts'
import { allFields, fieldOf } from '../rules/fields/registry.ts'
import { typesOf } from '../rules/issues/create.ts'
import { lookUpProject, visibleProject } from '../rules/issues/find.ts'
import { can, canBrowse } from '../rules/permissions.ts'
import { completeTask } from '../rules/tasks.ts'
import type { CustomField, IssueType, Project } from '../tables.ts'
import { avatarSizes, listedIssueType } from '../views/configuration.ts'
import { createMeta, fieldView } from '../views/fields.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

/** Types as createmeta lists them: without avatar id. */
function metaType(call: JiraCall, type: IssueType) {
  const { avatarId: _, ...view } = listedIssueType(reader(call), type)
  return view
}

const limited = (call: JiraCall) => {
  if (Number((call.query as { maxResults?: number }).maxResults ?? 0) > 200)
    throw badRequest("Parameter 'maxResults' must not exceed the limit '200'.")
  return window(call.query as object, 50, 200)
}

export const createMetadata = operations({
  getCreateIssueMeta(call) {
    const { projectIds, projectKeys, issuetypeIds, issuetypeNames } = call.query
    const [ids, keys, typeIds] = [idsOf(projectIds), idsOf(projectKeys), idsOf(issuetypeIds)]
    const typeNames = issuetypeNames ?? []
    const withFields = expandOf(call.query.expand).includes('projects.issuetypes.fields')
    const wanted = (project: Project) =>
      (ids.length === 0 && keys.length === 0) || ids.includes(project.id) || keys.includes(project.key)
    const rows = call.tables.projects
      .all()
      .filter((project) => !project.deleted && wanted(project) && can(call, call.caller.user, 'CREATE_ISSUES', project))
    return ok({
      expand: 'projects',
      projects: rows.map((project) => ({
        self: self(reader(call), `project/${project.id}`),
        id: project.id,
        key: project.key,
        name: project.name,
        avatarUrls: avatarSizes(reader(call), 'project', project.avatarId),
        issuetypes: typesOf(call, project)
          .filter(
            (type) =>
              (typeIds.length === 0 && typeNames.length === 0) ||
              typeIds.includes(type.id) ||
              typeNames.includes(type.name),
          )
          .map((type) => ({
            ...metaType(call, type),
            ...(withFields && {
              expand: 'fields',
              fields: Object.fromEntries(
                createMeta(reader(call), project, type.id).map((meta) => [meta.fieldId, meta]),
              ),
            }),
          })),
      })),
    })
  },
  getCreateIssueMetaIssueTypes(call) {
    const project = visibleProject(call, call.params.projectIdOrKey)
    const { startAt, maxResults } = limited(call)
    const types = can(call, call.caller.user, 'CREATE_ISSUES', project) ? typesOf(call, project) : []
    return ok({
      startAt,
      maxResults,
      total: types.length,
      issueTypes: types.slice(startAt, startAt + maxResults).map((type) => metaType(call, type)),
    })
  },
  getCreateIssueMetaIssueTypeId(call) {
    const project = visibleProject(call, call.params.projectIdOrKey)
    const { startAt, maxResults } = limited(call)
    const type = typesOf(call, project).find((candidate) => candidate.id === call.params.issueTypeId)
    if (!type) throw notFound('The issue type was not found in the project.')
    const fields = createMeta(reader(call), project, type.id)
    return ok({ startAt, maxResults, total: fields.length, fields: fields.slice(startAt, startAt + maxResults) })
  },
})

function customOf(call: JiraCall, id: string): CustomField {
  const field = call.tables.customFields.get(id)
  if (!field) throw notFound('The custom field was not found.')
  return field
}

function deletable(call: JiraCall, id: string): CustomField {
  requireAdmin(call)
  const field = customOf(call, id)
  if (field.locked) throw badRequest('The custom field is locked and cannot be modified.')
  return field
}

const screensOf = (call: JiraCall, fieldId: string) =>
  call.tables.screens.all().filter((screen) => screen.tabs.some((tab) => tab.fields.includes(fieldId)))

/** A field of `field/search`. */
function searchedField(call: JiraCall, id: string, expand: readonly string[]) {
  const field = fieldOf(call, id)
  if (!field) return undefined
  return {
    id: field.id,
    name: field.name,
    ...(field.schema && { schema: field.schema }),
    description: field.custom?.description ?? '',
    key: field.id,
    ...(field.custom && { isLocked: field.custom.locked }),
    ...(field.custom?.searcherKey && expand.includes('searcherKey') && { searcherKey: field.custom.searcherKey }),
    ...(expand.includes('screensCount') && { screensCount: screensOf(call, field.id).length }),
    ...(expand.includes('contextsCount') && {
      contextsCount: call.tables.fieldContexts.where('field', field.id).length,
    }),
    ...(expand.includes('isLocked') && { isLocked: field.custom?.locked ?? false }),
    ...(expand.includes('lastUsed') && { lastUsed: { type: 'NOT_TRACKED' } }),
  }
}

/** Everything that hangs on a custom field goes with it. */
function eraseField(call: JiraCall, field: CustomField): void {
  for (const context of call.tables.fieldContexts.where('field', field.id)) call.tables.fieldContexts.remove(context.id)
  for (const option of call.tables.fieldOptions.where('field', field.id)) call.tables.fieldOptions.remove(option.id)
  for (const screen of screensOf(call, field.id)) {
    call.tables.screens.replace({
      ...screen,
      tabs: screen.tabs.map((tab) => ({ ...tab, fields: tab.fields.filter((id) => id !== field.id) })),
    })
  }
  call.tables.customFields.remove(field.id)
}

export const fields = operations({
  getFields: (call) => ok(allFields(call).map(fieldView)),
  getFieldsPaginated(call) {
    const query = call.query as { type?: string[]; id?: string[]; query?: string; orderBy?: string; expand?: string }
    const { key, descending } = orderOf(
      query.orderBy,
      ['contextsCount', 'lastUsed', 'name', 'screensCount', 'projectsCount'],
      'name',
    )
    const types = idsOf(query.type)
    const ids = idsOf(query.id)
    const words = query.query?.toLowerCase() ?? ''
    const expand = expandOf(query.expand)
    const rows = allFields(call)
      .filter((field) => types.length === 0 || types.includes(field.custom ? 'custom' : 'system'))
      .filter((field) => among(ids, field.id))
      .filter((field) => field.name.toLowerCase().includes(words))
    const by =
      key === 'screensCount'
        ? (field: { id: string }) => screensOf(call, field.id).length
        : (field: { name: string }) => field.name
    return ok(
      pageBean(
        call,
        sorted(rows, by as (field: { id: string; name: string }) => string | number, descending),
        (field) => searchedField(call, field.id, expand),
      ),
    )
  },
  getTrashedFieldsPaginated(call) {
    requireAdmin(call)
    const words = call.query.query?.toLowerCase() ?? ''
    const rows = call.tables.customFields
      .all()
      .filter((field) => field.trashed && field.name.toLowerCase().includes(words))
    return ok(
      pageBean(call, rows, (field) => ({
        id: field.id,
        name: field.name,
        schema: { type: 'string', custom: field.type, customId: field.number },
        description: field.description,
        key: field.id,
        isLocked: field.locked,
      })),
    )
  },
  createCustomField(call) {
    requireAdmin(call)
    const { name, type, description, searcherKey } = bodyOf(call)
    if (typeof name !== 'string' || name.trim() === '')
      throw fieldErrors({ name: 'You must specify a name for the custom field.' })
    if (name.length > 255)
      throw fieldErrors({ name: 'The custom field name must not exceed 255 characters in length.' })
    if (typeof type !== 'string' || !isCreatable(type))
      throw fieldErrors({ fieldType: 'You must specify a valid custom field type.' })
    const number = call.sequence('jira.customField', 10_000)
    const id = `customfield_${number}`
    call.tables.customFields.insert({
      id,
      number,
      name,
      description: String(description ?? ''),
      type,
      locked: false,
      ...(searcherKey !== undefined && { searcherKey: String(searcherKey) }),
    })
    call.tables.fieldContexts.insert({
      id: nextId(call, 'fieldContext', 10_100),
      fieldId: id,
      name: `Default Configuration Scheme for ${name}`,
      description: 'Default configuration scheme generated by Jira',
      projectIds: [],
      issueTypeIds: [],
    })
    const field = fieldOf(call, id)
    return created(field && fieldView(field))
  },
  updateCustomField(call) {
    const field = deletable(call, call.params.fieldId)
    const { name, description, searcherKey } = bodyOf(call)
    if (name !== undefined && (typeof name !== 'string' || name === ''))
      throw fieldErrors({ name: 'You must specify a name for the custom field.' })
    call.tables.customFields.replace({
      ...field,
      name: (name as string | undefined) ?? field.name,
      description: String(description ?? field.description),
      ...(searcherKey !== undefined && { searcherKey: String(searcherKey) }),
    })
    return noContent()
  },
  deleteCustomField(call) {
    const field = deletable(call, call.params.id)
    eraseField(call, field)
    return completeTask(call, `Delete custom field ${field.name}`)
  },
  trashCustomField(call) {
    const field = deletable(call, call.params.id)
    call.tables.customFields.patch(field.id, { trashed: { at: call.now, by: signedIn(call).accountId } })
    return ok({})
  },
  restoreCustomField(call) {
    const { trashed: _, ...field } = deletable(call, call.params.id)
    call.tables.customFields.replace(field)
    return ok({})
  },
  getContextsForFieldDeprecated(call) {
    const field = customOf(call, call.params.fieldId)
    return ok(
      pageBean(call, call.tables.fieldContexts.where('field', field.id), (context) => ({
        id: Number(context.id),
        name: context.name,
      })),
    )
  },
  /** System fields and unknown ones are both 404 (seen live). */
  getScreensForField(call) {
    requireAdmin(call)
    const field = customOf(call, call.params.fieldId)
    const expand = expandOf(call.query.expand)
    return ok(
      pageBean(
        call,
        screensOf(call, field.id),
        (screen) => {
          const tab = screen.tabs.find((candidate) => candidate.fields.includes(field.id))
          return {
            id: screen.id,
            name: screen.name,
            description: screen.description,
            ...(expand.includes('tab') && tab && { tab: { id: tab.id, name: tab.name } }),
          }
        },
        100,
      ),
    )
  },
  getFieldProjectAssociations(call) {
    requireAdmin(call)
    const contexts = call.tables.fieldContexts.where('field', customOf(call, call.params.fieldId).id)
    const everywhere = contexts.some((context) => context.projectIds.length === 0)
    const rows = call.tables.projects
      .all()
      .filter((project) => everywhere || contexts.some((context) => context.projectIds.includes(project.id)))
    return ok(pageBean(call, rows, (project) => ({ projectId: project.id })))
  },
  getProjectFields(call) {
    const query = call.query as { projectId?: number[]; workTypeId?: number[]; fieldId?: string[] }
    const wanted = idsOf(query.fieldId)
    const rows = idsOf(query.projectId).flatMap((id) => {
      const project = lookUpProject(call, id)
      if (!project || !canBrowse(call, call.caller.user, project)) return []
      return typesOf(call, project)
        .filter((type) => !query.workTypeId || idsOf(query.workTypeId).includes(type.id))
        .flatMap((type) =>
          createMeta(reader(call), project, type.id).map((meta) => ({
            projectId: Number(project.id),
            workTypeId: Number(type.id),
            fieldId: meta.fieldId,
            isRequired: meta.required,
            description: fieldOf(call, meta.fieldId)?.custom?.description ?? '',
          })),
        )
    })
    return ok(
      pageBean(
        call,
        rows.filter((row) => wanted.length === 0 || wanted.includes(row.fieldId)),
        (row) => row,
      ),
    )
  },
  getCustomFieldOption(call) {
    const option = call.tables.fieldOptions.get(call.params.id)
    if (!option) throw notFound(`A custom field option with id '${call.params.id}' does not exist.`)
    return ok({ self: self(reader(call), `customFieldOption/${option.id}`), value: option.value })
  },
  getAllLabels(call) {
    const labels = [...new Set(call.tables.issues.all().flatMap((issue) => issue.labels))].sort()
    return ok(pageBean(call, labels, (label) => label, 1000))
  },
})
