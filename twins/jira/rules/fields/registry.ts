import type { Site } from '../../context.ts'
import type { CustomField, FieldConfiguration, Issue, Project } from '../../tables.ts'
import { customField } from './custom.ts'
import { isAssociated, isRequiredByScheme } from './schemes.ts'
import { SYSTEM_FIELD, SYSTEM_FIELDS } from './system.ts'
import type { Field } from './types.ts'

const made = new WeakMap<CustomField, Field>()

const asField = (row: CustomField): Field => {
  let field = made.get(row)
  if (!field) {
    field = customField(row)
    made.set(row, field)
  }
  return field
}

/** Every field of the site: the system's, then the custom ones by number. */
export const allFields = (site: Site): Field[] => [
  ...SYSTEM_FIELDS,
  ...[...site.tables.customFields.scan('number')].filter((row) => !row.trashed).map(asField),
]

/** A field by id. */
export function fieldOf(site: Site, id: string): Field | undefined {
  const system = SYSTEM_FIELD.get(id)
  if (system) return system
  const row = site.tables.customFields.get(id)
  return row && !row.trashed ? asField(row) : undefined
}

/** The custom field of a type that came with Jira Software: `gh-sprint`, `gh-lexo-rank`. */
export const softwareField = (site: Site, type: string): Field | undefined => {
  const row = site.tables.customFields
    .all()
    .find((candidate) => candidate.type === `com.pyxis.greenhopper.jira:${type}`)
  return row && asField(row)
}

/** Which screen an issue type of a project is shown on for an operation. */
export function screenOf(site: Site, project: Project, typeId: string, operation: 'create' | 'edit' | 'view') {
  const byType = site.tables.issueTypeScreenSchemes.get(project.schemes.screen)
  const scheme = byType && site.tables.screenSchemes.get(byType.mappings[typeId] ?? byType.mappings.default ?? '')
  const id = scheme?.screens[operation] ?? scheme?.screens.default
  return id === undefined ? undefined : site.tables.screens.get(String(id))
}

/** Fields of a screen in their order, without those of other projects and those out of context. */
export function fieldsOn(site: Site, project: Project, typeId: string, operation: 'create' | 'edit'): Field[] {
  const screen = screenOf(site, project, typeId, operation)
  const ids = screen?.tabs.flatMap((tab) => tab.fields) ?? []
  const fields = [...new Set(['summary', 'issuetype', ...ids])]
    .map((id) => fieldOf(site, id))
    .filter((f) => f !== undefined)
  return fields.filter((field) => applies(site, field, project, typeId) && !isHidden(site, field, project, typeId))
}

/** Whether a project has a field for an issue type: by its field scheme, and a custom one by its contexts. */
export function applies(site: Site, field: Field, project: Project, typeId: string): boolean {
  if (!isAssociated(site, field, project, typeId)) return false
  if (!field.custom) return true
  if (field.custom.projectId && field.custom.projectId !== project.id) return false
  const contexts = site.tables.fieldContexts.where('field', field.id)
  return (
    contexts.length === 0 ||
    contexts.some(
      (context) =>
        (context.projectIds.length === 0 || context.projectIds.includes(project.id)) &&
        (context.issueTypeIds.length === 0 || context.issueTypeIds.includes(typeId)),
    )
  )
}

/** The field configuration an issue type of a project follows. */
export function fieldConfigurationOf(site: Site, project: Project, typeId: string): FieldConfiguration | undefined {
  const scheme = project.schemes.fieldConfiguration
    ? site.tables.fieldConfigurationSchemes.get(project.schemes.fieldConfiguration)
    : undefined
  const id = scheme?.mappings[typeId] ?? scheme?.mappings.default
  return id
    ? site.tables.fieldConfigurations.get(id)
    : site.tables.fieldConfigurations.all().find((candidate) => candidate.isDefault)
}

/** What a project's field configuration says about a field. */
export const fieldConfiguration = (site: Site, field: Field, project: Project, typeId: string) =>
  fieldConfigurationOf(site, project, typeId)?.items[field.id]

const isHidden = (site: Site, field: Field, project: Project, typeId: string) =>
  fieldConfiguration(site, field, project, typeId)?.isHidden === true

/** Whether a value must be given. */
export const isRequired = (site: Site, field: Field, project: Project, typeId: string): boolean =>
  field.id === 'summary' ||
  field.id === 'issuetype' ||
  fieldConfiguration(site, field, project, typeId)?.isRequired === true ||
  isRequiredByScheme(site, field, project, typeId)

/** Whether an issue holds nothing in a field. */
export const isUnset = (field: Field, issue: Issue): boolean => {
  const stored = field.get(issue)
  return stored === null || stored === undefined || (Array.isArray(stored) && stored.length === 0)
}
