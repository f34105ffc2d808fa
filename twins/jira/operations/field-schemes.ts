import { ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin, self } from '../context.ts'
import { badRequest, conflict, notFound } from '../errors.ts'
import { idsOf, pageBean } from '../paging.ts'
import { allFields } from '../rules/fields/registry.ts'
import { fieldSchemeOf, LOCKED_FIELDS, schemeField } from '../rules/fields/schemes.ts'
import type { FieldScheme, SchemeField } from '../tables.ts'
import { avatarSizes } from '../views/configuration.ts'
import { operations } from './define.ts'
import { bodyOf, renamed, text } from './shared.ts'

function schemeOf(call: JiraCall, id: number): FieldScheme {
  requireAdmin(call)
  const scheme = call.tables.fieldSchemes.get(String(id))
  if (!scheme) throw notFound(`Scheme ${id} doesn't exist`)
  return scheme
}

const projectsOf = (call: JiraCall, scheme: FieldScheme) =>
  call.tables.projects.all().filter((project) => fieldSchemeOf(call, project).id === scheme.id)

/** Ids of a scheme's fields, in the site's order. */
const fieldIdsOf = (call: JiraCall, scheme: FieldScheme): string[] =>
  allFields(call)
    .filter((field) => field.orderable && schemeField(scheme, field.id))
    .map((field) => field.id)

const links = (call: JiraCall, id: number) => ({
  associations: self(reader(call), `config/fieldschemes/${id}/fields`),
  projects: self(reader(call), `config/fieldschemes/${id}/projects`),
})

const made = (call: JiraCall, { id, name, description }: FieldScheme) => ({
  id,
  name,
  description,
  links: links(call, id),
})

const schemeView = (call: JiraCall, scheme: FieldScheme) => ({
  ...made(call, scheme),
  isDefault: scheme.isDefault,
  fieldsCount: fieldIdsOf(call, scheme).length,
})

const parameters = ({ description, isRequired }: Pick<SchemeField, 'description' | 'isRequired'>) => ({
  ...(description !== undefined && { description }),
  isRequired: isRequired ?? false,
})

const perType = <Id>({ perType }: SchemeField, idOf: (id: string) => Id) =>
  Object.entries(perType).map(([id, row]) => ({ workTypeId: idOf(id), ...parameters(row) }))

/** What an administrator may do to a field of a scheme. */
const allowedOperations = (fieldId: string) =>
  LOCKED_FIELDS.includes(fieldId) ? ['CHANGE_DESCRIPTION'] : ['REMOVE', 'CHANGE_REQUIRED', 'CHANGE_DESCRIPTION']

function nameOf(call: JiraCall, own?: FieldScheme): string {
  const name = text(bodyOf(call).name, own?.name).trim()
  if (name === '') throw badRequest('The name of the field scheme must be provided.')
  if (name.length > 255) throw badRequest('The name of the field scheme must not exceed 255 characters.')
  if (call.tables.fieldSchemes.all().some((row) => row.name === name && row.id !== own?.id))
    throw badRequest(`A field scheme with the name '${name}' already exists.`)
  return name
}

function insert(call: JiraCall, fields: FieldScheme['fields']): FieldScheme {
  const name = nameOf(call)
  const id = Number(nextId(call, 'fieldScheme'))
  return call.tables.fieldSchemes.insert({
    id,
    name,
    description: text(bodyOf(call).description),
    isDefault: false,
    fields,
  })
}

/** Schemes that say which fields projects have, their fields and projects. */
export const fieldSchemes = operations({
  getFieldAssociationSchemes(call) {
    requireAdmin(call)
    const { query } = call.query
    const projectIds = idsOf(call.query.projectId)
    const words = query?.toLowerCase() ?? ''
    const wanted = projectIds.map((id) => {
      const project = call.tables.projects.get(id)
      return project && fieldSchemeOf(call, project).id
    })
    const matchedFilters = {
      ...(projectIds.length > 0 && { projectIds: projectIds.map(Number) }),
      ...(query !== undefined && { query }),
    }
    const rows = call.tables.fieldSchemes
      .all()
      .filter((row) => projectIds.length === 0 || wanted.includes(row.id))
      .filter((row) => `${row.name}\n${row.description}`.toLowerCase().includes(words))
    return ok(
      pageBean(call, rows, (row) => ({
        ...schemeView(call, row),
        ...(Object.keys(matchedFilters).length > 0 && { matchedFilters }),
      })),
    )
  },
  createFieldAssociationScheme(call) {
    requireAdmin(call)
    return ok(made(call, insert(call, {})))
  },
  /** The id is a string here, unlike in the list (so the contract has it). */
  getFieldAssociationSchemeById(call) {
    const scheme = schemeOf(call, call.params.id)
    return ok({ ...schemeView(call, scheme), id: String(scheme.id) })
  },
  updateFieldAssociationScheme(call) {
    const scheme = schemeOf(call, call.params.id)
    const name = nameOf(call, scheme)
    return ok(made(call, call.tables.fieldSchemes.replace({ ...renamed(scheme, bodyOf(call)), name })))
  },
  deleteFieldAssociationScheme(call) {
    const scheme = schemeOf(call, call.params.id)
    if (scheme.isDefault) throw badRequest('The default field scheme cannot be deleted.')
    if (projectsOf(call, scheme).length > 0) throw conflict('The field scheme is still used by projects.')
    call.tables.fieldSchemes.remove(String(scheme.id))
    return ok({ id: String(scheme.id), deleted: true })
  },
  cloneFieldAssociationScheme(call) {
    const source = schemeOf(call, call.params.id)
    const fields = fieldIdsOf(call, source).map((id) => [id, schemeField(source, id)] as const)
    return ok(made(call, insert(call, Object.fromEntries(fields) as FieldScheme['fields'])))
  },
  searchFieldAssociationSchemeFields(call) {
    const scheme = schemeOf(call, call.params.id)
    const wanted = idsOf(call.query.fieldId)
    const ids = fieldIdsOf(call, scheme).filter((id) => wanted.length === 0 || wanted.includes(id))
    return ok(
      pageBean(call, ids, (fieldId) => {
        const field = schemeField(scheme, fieldId) as SchemeField
        return {
          fieldId,
          allowedOperations: allowedOperations(fieldId),
          parameters: parameters(field),
          restrictedToWorkTypes: field.workTypes,
          workTypeParameters: perType(field, (id) => id),
        }
      }),
    )
  },
  getFieldAssociationSchemeItemParameters(call) {
    const { id, fieldId } = call.params
    const field = schemeField(schemeOf(call, id), fieldId)
    if (!field) throw badRequest(`The field '${fieldId}' is not associated with the scheme '${id}'.`)
    return ok({ fieldId, parameters: parameters(field), workTypeParameters: perType(field, Number) })
  },
  searchFieldAssociationSchemeProjects(call) {
    const wanted = idsOf(call.query.projectId)
    const rows = projectsOf(call, schemeOf(call, call.params.id)).filter(
      (project) => wanted.length === 0 || wanted.includes(project.id),
    )
    return ok(
      pageBean(call, rows, (project) => ({
        id: project.id,
        key: project.key,
        name: project.name,
        avatarUrls: avatarSizes(reader(call), 'project', project.avatarId),
        deleted: project.deleted !== undefined,
      })),
    )
  },
  getProjectsWithFieldSchemes(call) {
    requireAdmin(call)
    const rows = idsOf(call.query.projectId)
      .map((id) => call.tables.projects.get(id))
      .filter((project) => project !== undefined)
    return ok(
      pageBean(call, rows, (project) => ({
        projectId: Number(project.id),
        schemeId: fieldSchemeOf(call, project).id,
      })),
    )
  },
})
