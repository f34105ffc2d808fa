import type { Site } from '../../context.ts'
import type { FieldScheme, Project, SchemeField } from '../../tables.ts'
import type { Field } from './types.ts'

/** Fields no scheme can be without. */
export const LOCKED_FIELDS: readonly string[] = ['summary', 'issuetype', 'project', 'parent']

/** The scheme that says which fields a project has. */
export function fieldSchemeOf(site: Site, project: Project): FieldScheme {
  const scheme =
    site.tables.fieldSchemes.get(project.schemes.fieldScheme ?? '') ??
    site.tables.fieldSchemes.all().find((row) => row.isDefault)
  if (!scheme) throw new Error('The default field scheme is missing')
  return scheme
}

const EVERYWHERE: SchemeField = { workTypes: [], perType: {} }

/** What a scheme says about a field; `undefined` when it does not hold the field. */
export const schemeField = (scheme: FieldScheme, fieldId: string): SchemeField | undefined =>
  scheme.fields[fieldId] ?? (scheme.isDefault || LOCKED_FIELDS.includes(fieldId) ? EVERYWHERE : undefined)

/** Whether a project's scheme has a field for a work type. Fields that are on no screen are everywhere. */
export function isAssociated(site: Site, field: Field, project: Project, typeId: string): boolean {
  if (!field.orderable) return true
  const found = schemeField(fieldSchemeOf(site, project), field.id)
  return !!found && (found.workTypes.length === 0 || found.workTypes.includes(typeId))
}

export function isRequiredByScheme(site: Site, field: Field, project: Project, typeId: string): boolean {
  const found = schemeField(fieldSchemeOf(site, project), field.id)
  return (found?.perType[typeId]?.isRequired ?? found?.isRequired) === true
}
