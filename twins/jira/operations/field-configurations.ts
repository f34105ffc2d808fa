import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, requireAdmin } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { among, idsOf, pageBean } from '../paging.ts'
import { allFields } from '../rules/fields/registry.ts'
import type { FieldConfiguration, FieldConfigurationItem, MappingScheme } from '../tables.ts'
import { operations } from './define.ts'
import { bodyOf, text } from './shared.ts'

function configurationOf(call: JiraCall, id: number | string): FieldConfiguration {
  requireAdmin(call)
  const row = call.tables.fieldConfigurations.get(String(id))
  if (!row) throw notFound(`The field configuration with id ${id} was not found.`)
  return row
}

function schemeOf(call: JiraCall, id: number | string): MappingScheme {
  requireAdmin(call)
  const row = call.tables.fieldConfigurationSchemes.get(String(id))
  if (!row) throw notFound(`The field configuration scheme with id ${id} was not found.`)
  return row
}

/** `isDefault` shows only where it is true (recorded). */
const configurationView = ({ id, name, description, isDefault }: FieldConfiguration) => ({
  id,
  name,
  description,
  ...(isDefault && { isDefault }),
})

const schemeView = ({ id, name, description }: MappingScheme) => ({ id, name, description })

const matching = <R extends { readonly id: string | number; readonly name: string }>(
  rows: readonly R[],
  ids: readonly string[],
  words = '',
) => rows.filter((row) => among(ids, String(row.id)) && row.name.toLowerCase().includes(words.toLowerCase()))

function mappingsFrom(call: JiraCall, given: unknown): Record<string, string> {
  const rows = (Array.isArray(given) ? given : []) as { issueTypeId: string; fieldConfigurationId: string }[]
  if (rows.length === 0) throw badRequest('At least one mapping must be provided.')
  for (const { fieldConfigurationId } of rows) configurationOf(call, fieldConfigurationId)
  return Object.fromEntries(rows.map((row) => [row.issueTypeId, String(row.fieldConfigurationId)]))
}

/** Which fields are hidden or required, and which configuration an issue type follows. */
export const fieldConfigurations = operations({
  getAllFieldConfigurations(call) {
    requireAdmin(call)
    const { id, query, isDefault } = call.query
    const rows = matching(call.tables.fieldConfigurations.all(), idsOf(id), query)
    return ok(
      pageBean(
        call,
        rows.filter((row) => !isDefault || row.isDefault),
        configurationView,
      ),
    )
  },
  createFieldConfiguration(call) {
    requireAdmin(call)
    const { name, description } = bodyOf(call)
    if (!name) throw badRequest('The name of the field configuration must be provided.')
    const rows = call.tables.fieldConfigurations
    if (rows.all().some((row) => row.name === name)) throw badRequest('A field configuration with that name exists.')
    const id = Number(nextId(call, 'fieldConfiguration'))
    return ok(
      configurationView(
        rows.insert({ id, name: text(name), description: text(description), isDefault: false, items: {} }),
      ),
    )
  },
  updateFieldConfiguration(call) {
    const row = configurationOf(call, call.params.id)
    if (row.isDefault) throw badRequest('The default field configuration cannot be updated.')
    const { name, description } = bodyOf(call)
    const changed = { name: text(name, row.name), description: text(description, row.description) }
    call.tables.fieldConfigurations.replace({ ...row, ...changed })
    return noContent()
  },
  deleteFieldConfiguration(call) {
    const row = configurationOf(call, call.params.id)
    if (row.isDefault) throw badRequest('The default field configuration cannot be deleted.')
    const used = call.tables.fieldConfigurationSchemes
      .all()
      .some((one) => Object.values(one.mappings).includes(String(row.id)))
    if (used) throw badRequest('The field configuration is used by a scheme and cannot be deleted.')
    call.tables.fieldConfigurations.remove(String(row.id))
    return noContent()
  },
  getFieldConfigurationItems(call) {
    const row = configurationOf(call, call.params.id)
    const fields = allFields(call).filter((field) => field.orderable)
    return ok(
      pageBean(
        call,
        fields,
        ({ id }): FieldConfigurationItem => ({ id, isHidden: false, isRequired: false, ...row.items[id] }),
      ),
    )
  },
  updateFieldConfigurationItems(call) {
    const row = configurationOf(call, call.params.id)
    const given = (bodyOf(call).fieldConfigurationItems ?? []) as FieldConfigurationItem[]
    for (const item of given) {
      if (!allFields(call).some((field) => field.id === item.id))
        throw badRequest(`The field '${item.id}' does not exist.`)
      if (item.id === 'summary' && item.isHidden) throw badRequest('The summary cannot be hidden.')
    }
    const items = {
      ...row.items,
      ...Object.fromEntries(given.map((item) => [item.id, { ...row.items[item.id], ...item }])),
    }
    call.tables.fieldConfigurations.replace({ ...row, items })
    return noContent()
  },

  getAllFieldConfigurationSchemes(call) {
    requireAdmin(call)
    return ok(pageBean(call, matching(call.tables.fieldConfigurationSchemes.all(), idsOf(call.query.id)), schemeView))
  },
  createFieldConfigurationScheme(call) {
    requireAdmin(call)
    const { name, description } = bodyOf(call)
    if (!name) throw badRequest('The name of the field configuration scheme must be provided.')
    const rows = call.tables.fieldConfigurationSchemes
    if (rows.all().some((row) => row.name === name))
      throw badRequest('A field configuration scheme with that name exists.')
    const standard = call.tables.fieldConfigurations.all().find((row) => row.isDefault)
    const mappings = { default: String(standard?.id ?? '') }
    const id = nextId(call, 'fieldConfigurationScheme')
    return created(schemeView(rows.insert({ id, name: text(name), description: text(description), mappings })))
  },
  updateFieldConfigurationScheme(call) {
    const row = schemeOf(call, call.params.id)
    const { name, description } = bodyOf(call)
    const changed = { name: text(name, row.name), description: text(description, row.description) }
    call.tables.fieldConfigurationSchemes.replace({ ...row, ...changed })
    return noContent()
  },
  deleteFieldConfigurationScheme(call) {
    const row = schemeOf(call, call.params.id)
    const used = call.tables.projects.all().some((project) => project.schemes.fieldConfiguration === row.id)
    if (used) throw badRequest('The field configuration scheme is used by a project and cannot be deleted.')
    call.tables.fieldConfigurationSchemes.remove(row.id)
    return noContent()
  },
  getFieldConfigurationSchemeMappings(call) {
    requireAdmin(call)
    const ids = idsOf(call.query.fieldConfigurationSchemeId)
    const rows = matching(call.tables.fieldConfigurationSchemes.all(), ids).flatMap((row) =>
      Object.entries(row.mappings).map(([issueTypeId, fieldConfigurationId]) => ({
        fieldConfigurationSchemeId: row.id,
        issueTypeId,
        fieldConfigurationId,
      })),
    )
    return ok(pageBean(call, rows, (row) => row))
  },
  setFieldConfigurationSchemeMapping(call) {
    const row = schemeOf(call, call.params.id)
    const mappings = { ...row.mappings, ...mappingsFrom(call, bodyOf(call).mappings) }
    call.tables.fieldConfigurationSchemes.replace({ ...row, mappings })
    return noContent()
  },
  removeIssueTypesFromGlobalFieldConfigurationScheme(call) {
    const row = schemeOf(call, call.params.id)
    const gone = idsOf(bodyOf(call).issueTypeIds)
    const mappings = Object.fromEntries(Object.entries(row.mappings).filter(([type]) => !gone.includes(type)))
    call.tables.fieldConfigurationSchemes.replace({ ...row, mappings })
    return noContent()
  },
  getFieldConfigurationSchemeProjectMapping(call) {
    requireAdmin(call)
    const projects = idsOf(call.query.projectId)
      .map((id) => call.tables.projects.get(id))
      .filter((row) => row !== undefined)
    const ids = [...new Set(projects.map((project) => project.schemes.fieldConfiguration))]
    return ok(
      pageBean(call, ids, (id) => ({
        ...(id !== undefined && { fieldConfigurationScheme: schemeView(schemeOf(call, id)) }),
        projectIds: projects
          .filter((project) => project.schemes.fieldConfiguration === id)
          .map((project) => project.id),
      })),
    )
  },
  assignFieldConfigurationSchemeToProject(call) {
    requireAdmin(call)
    const { fieldConfigurationSchemeId, projectId } = bodyOf(call)
    const project = call.tables.projects.get(text(projectId))
    if (!project) throw notFound('The project was not found.')
    if (project.style === 'next-gen') throw badRequest('The project is not a company-managed project.')
    const { fieldConfiguration: _, ...schemes } = project.schemes
    const scheme = fieldConfigurationSchemeId ? schemeOf(call, text(fieldConfigurationSchemeId)) : undefined
    call.tables.projects.patch(project.id, {
      schemes: { ...schemes, ...(scheme && { fieldConfiguration: scheme.id }) },
    })
    return noContent()
  },
})
