import { noContent } from '../../../shared/kernel/reply.ts'
import { type JiraCall, requireAdmin } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { allFields, fieldConfigurationOf } from '../rules/fields/registry.ts'
import { isObject } from '../rules/fields/values.ts'
import { typesOf } from '../rules/issues/create.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

const FIELD_LIMIT = 50
const CONTEXT_LIMIT = 100

/** Identifiers of one type among `{type, identifier}` rows. */
const identifiers = (rows: unknown, type: string): string[] =>
  (Array.isArray(rows) ? rows : [])
    .filter(isObject)
    .filter((row) => row.type === type)
    .map((row) => String(row.identifier))

/**
 * Shows or hides fields in every field configuration that the projects follow, for each of their issue types or those
 * that are named; other projects with the same configuration see the change, too.
 */
function associate(call: JiraCall, isHidden: boolean) {
  requireAdmin(call)
  const { fields, associationContexts } = bodyOf(call)
  const fieldIds = identifiers(fields, 'FIELD_ID')
  const projectIds = identifiers(associationContexts, 'PROJECT_ID')
  const typeIds = identifiers(associationContexts, 'ISSUE_TYPE_ID')
  if (fieldIds.length === 0 || projectIds.length === 0) throw badRequest('Fields and projects must be provided.')
  if (fieldIds.length > FIELD_LIMIT) throw badRequest(`No more than ${FIELD_LIMIT} fields can be provided.`)
  if (projectIds.length + typeIds.length > CONTEXT_LIMIT)
    throw badRequest(`No more than ${CONTEXT_LIMIT} association contexts can be provided.`)
  for (const id of fieldIds)
    if (!allFields(call).some((field) => field.id === id)) throw notFound(`The field with id '${id}' was not found.`)
  for (const id of typeIds)
    if (!call.tables.issueTypes.has(id)) throw notFound(`The issue type with id '${id}' was not found.`)
  for (const id of projectIds) {
    const project = call.tables.projects.get(id)
    if (!project) throw notFound(`The project with id '${id}' was not found.`)
    const types = typeIds.length > 0 ? typeIds : typesOf(call, project).map((type) => type.id)
    for (const type of types) {
      const configuration = fieldConfigurationOf(call, project, type)
      if (!configuration) continue
      const items = fieldIds.map((fieldId) => [fieldId, { id: fieldId, ...configuration.items[fieldId], isHidden }])
      call.tables.fieldConfigurations.patch(String(configuration.id), {
        items: { ...configuration.items, ...Object.fromEntries(items) },
      })
    }
  }
  return noContent()
}

/** Fields of projects by way of the field configurations they follow. */
export const fieldAssociations = operations({
  createAssociations: (call) => associate(call, false),
  removeAssociations: (call) => associate(call, true),
})
