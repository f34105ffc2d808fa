import { type Reader, self } from '../context.ts'
import { fieldOf, fieldsOn, isRequired } from '../rules/fields/registry.ts'
import type { Field } from '../rules/fields/types.ts'
import { typesOf } from '../rules/issues/create.ts'
import type { Issue, Project } from '../tables.ts'
import { issueTypeView, projectReference } from './configuration.ts'

/** A field of `GET field`. */
export const fieldView = (field: Field) => ({
  id: field.id,
  key: field.id,
  name: field.name,
  ...(field.custom && { untranslatedName: field.untranslatedName }),
  custom: field.custom !== undefined,
  orderable: field.orderable,
  navigable: field.navigable,
  searchable: field.searchable,
  clauseNames: field.clauseNames,
  ...(field.custom?.projectId && { scope: { type: 'PROJECT', project: { id: field.custom.projectId } } }),
  ...(field.schema && { schema: field.schema }),
})

const PARENT_SCHEMA = { type: 'issuelink', system: 'parent' }

/** What may be written to a field: `createmeta` and `editmeta`. */
export function fieldMeta(reader: Reader, field: Field, project: Project, typeId: string, issue?: Issue) {
  const types = typesOf(reader.site, project)
  const own = types.find((type) => type.id === typeId)
  const allowed =
    field.id === 'issuetype'
      ? types
          .filter((type) => (issue ? type.hierarchyLevel === own?.hierarchyLevel : type.id === typeId))
          .map((type) => issueTypeView(reader, type))
      : field.id === 'project'
        ? [projectReference(reader, project)]
        : field.id === 'issuerestriction'
          ? []
          : field.kind.allowed?.(reader, project, typeId, field)
  const suggests =
    field.autoComplete && issue ? self(reader, field.autoComplete(issue.key)) : suggestion(reader, field, issue)
  const hasDefault = field.id === 'priority' || field.id === 'reporter'
  return {
    required: isRequired(reader.site, field, project, typeId) || field.id === 'reporter',
    schema: field.id === 'parent' ? PARENT_SCHEMA : field.schema,
    name: field.name,
    key: field.id,
    ...(suggests !== undefined && { autoCompleteUrl: suggests }),
    ...(!issue && { hasDefaultValue: hasDefault }),
    ...(issue && field.id === 'parent' && { hasDefaultValue: false }),
    operations: field.id === 'parent' ? ['set'] : field.kind.operations,
    ...(allowed && { allowedValues: allowed }),
  }
}

function suggestion(reader: Reader, field: Field, issue: Issue | undefined): string | undefined {
  if (field.id === 'labels') return `${reader.root}/rest/api/1.0/labels/${issue ? `${issue.id}/` : ''}suggest?query=`
  if (field.schema?.type === 'team') return `${reader.root}/gateway/api/v1/recommendations`
  if (field.schema?.items === 'design.field.name') return ''
  if (field.autoComplete) return self(reader, field.autoComplete(''))
  return undefined
}

/** `editmeta`: fields by id. */
export function editMeta(reader: Reader, issue: Issue, project: Project): Record<string, object> {
  const comment = fieldOf(reader.site, 'comment') // can always be written
  const fields = [...fieldsOn(reader.site, project, issue.typeId, 'edit'), ...(comment ? [comment] : [])]
  return Object.fromEntries(fields.map((field) => [field.id, fieldMeta(reader, field, project, issue.typeId, issue)]))
}

export const createMeta = (reader: Reader, project: Project, typeId: string) =>
  fieldsOn(reader.site, project, typeId, 'create').map((field) => ({
    ...fieldMeta(reader, field, project, typeId),
    fieldId: field.id,
  }))
