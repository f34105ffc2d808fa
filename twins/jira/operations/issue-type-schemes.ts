import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, requireAdmin } from '../context.ts'
import { badRequest, conflict, notFound } from '../errors.ts'
import { among, idsOf, orderOf, pageBean, reordered, sorted } from '../paging.ts'
import type { IssueTypeScheme } from '../tables.ts'
import { operations } from './define.ts'
import { bodyOf, renamed, text } from './shared.ts'

function schemeOf(call: JiraCall, id: number): IssueTypeScheme {
  const scheme = call.tables.issueTypeSchemes.get(String(id))
  if (!scheme) throw notFound('The issue type scheme was not found.')
  return scheme
}

/** `isDefault` shows only where it is true (recorded). */
const schemeView = ({ id, name, description, defaultIssueTypeId, isDefault }: IssueTypeScheme) => ({
  id,
  name,
  ...(description && { description }),
  ...(defaultIssueTypeId && { defaultIssueTypeId }),
  ...(isDefault && { isDefault }),
})

export const issueTypeSchemes = operations({
  getAllIssueTypeSchemes(call) {
    requireAdmin(call)
    const { key, descending } = orderOf(call.query.orderBy, ['name', 'id'], 'id')
    const ids = idsOf(call.query.id)
    const words = call.query.queryString?.toLowerCase() ?? ''
    const rows = call.tables.issueTypeSchemes
      .all()
      .filter((row) => among(ids, row.id) && row.name.toLowerCase().includes(words))
    return ok(
      pageBean(
        call,
        sorted(rows, (row) => (key === 'name' ? row.name : Number(row.id)), descending),
        schemeView,
      ),
    )
  },
  createIssueTypeScheme(call) {
    requireAdmin(call)
    const { name, description, defaultIssueTypeId, issueTypeIds } = bodyOf(call)
    if (!name) throw badRequest('The name of the issue type scheme must be provided.')
    if (call.tables.issueTypeSchemes.all().some((row) => row.name === name))
      throw conflict('The scheme name is used by another scheme.')
    const ids = idsOf(issueTypeIds)
    if (ids.some((id) => !call.tables.issueTypes.has(id)))
      throw badRequest('One or more of the issue types do not exist.')
    const row = call.tables.issueTypeSchemes.insert({
      id: nextId(call, 'issueTypeScheme'),
      name: text(name),
      description: text(description),
      isDefault: false,
      issueTypeIds: ids,
      ...(defaultIssueTypeId !== undefined && { defaultIssueTypeId: text(defaultIssueTypeId) }),
    })
    return created({ issueTypeSchemeId: row.id })
  },
  updateIssueTypeScheme(call) {
    requireAdmin(call)
    const row = schemeOf(call, call.params.issueTypeSchemeId)
    const { name, description, defaultIssueTypeId } = bodyOf(call)
    call.tables.issueTypeSchemes.replace({
      ...renamed(row, { name, description }),
      ...(defaultIssueTypeId !== undefined && { defaultIssueTypeId: text(defaultIssueTypeId) }),
    })
    return noContent()
  },
  deleteIssueTypeScheme(call) {
    requireAdmin(call)
    const row = schemeOf(call, call.params.issueTypeSchemeId)
    if (row.isDefault) throw badRequest('The default issue type scheme cannot be deleted.')
    call.tables.issueTypeSchemes.remove(row.id)
    for (const project of call.tables.projects.all()) {
      if (project.schemes.issueType === row.id)
        call.tables.projects.patch(project.id, { schemes: { ...project.schemes, issueType: '10000' } })
    }
    return noContent()
  },
  getIssueTypeSchemesMapping(call) {
    requireAdmin(call)
    const ids = idsOf(call.query.issueTypeSchemeId)
    const rows = call.tables.issueTypeSchemes
      .all()
      .filter((row) => among(ids, row.id))
      .flatMap((row) => row.issueTypeIds.map((issueTypeId) => ({ issueTypeSchemeId: row.id, issueTypeId })))
    return ok(pageBean(call, rows, (row) => row))
  },
  getIssueTypeSchemeForProjects(call) {
    requireAdmin(call)
    const ids = idsOf(call.query.projectId)
    if (ids.length === 0) throw badRequest('The projectId query parameter must be provided.')
    const projects = ids.map((id) => call.tables.projects.get(id)).filter((project) => project !== undefined)
    const rows = [...new Set(projects.map((project) => project.schemes.issueType))]
    return ok(
      pageBean(call, rows, (id) => ({
        issueTypeScheme: schemeView(schemeOf(call, Number(id))),
        projectIds: projects.filter((project) => project.schemes.issueType === id).map((project) => project.id),
      })),
    )
  },
  assignIssueTypeSchemeToProject(call) {
    requireAdmin(call)
    const { issueTypeSchemeId, projectId } = bodyOf(call)
    const scheme = schemeOf(call, Number(issueTypeSchemeId))
    const project = call.tables.projects.get(text(projectId))
    if (!project) throw notFound('The project was not found.')
    if (call.tables.issues.where('project', project.id).some((issue) => !scheme.issueTypeIds.includes(issue.typeId)))
      throw badRequest('The project has issues with issue types that the scheme does not have.')
    call.tables.projects.patch(project.id, { schemes: { ...project.schemes, issueType: scheme.id } })
    return noContent()
  },
  addIssueTypesToIssueTypeScheme(call) {
    requireAdmin(call)
    const scheme = schemeOf(call, call.params.issueTypeSchemeId)
    const ids = idsOf(bodyOf(call).issueTypeIds)
    if (ids.some((id) => scheme.issueTypeIds.includes(id)))
      throw badRequest('One or more of the issue types are already in the scheme.')
    if (ids.some((id) => !call.tables.issueTypes.has(id)))
      throw notFound('One or more of the issue types do not exist.')
    call.tables.issueTypeSchemes.replace({ ...scheme, issueTypeIds: [...scheme.issueTypeIds, ...ids] })
    return noContent()
  },
  reorderIssueTypesInIssueTypeScheme(call) {
    requireAdmin(call)
    const scheme = schemeOf(call, call.params.issueTypeSchemeId)
    const { issueTypeIds, after, position } = bodyOf(call)
    const rows = reordered(
      scheme.issueTypeIds.map((id) => ({ id })),
      { ids: issueTypeIds, after, position },
    )
    call.tables.issueTypeSchemes.replace({ ...scheme, issueTypeIds: rows.map((row) => row.id) })
    return noContent()
  },
  removeIssueTypeFromIssueTypeScheme(call) {
    requireAdmin(call)
    const scheme = schemeOf(call, call.params.issueTypeSchemeId)
    const id = String(call.params.issueTypeId)
    if (!scheme.issueTypeIds.includes(id)) throw notFound('The issue type is not in the scheme.')
    if (scheme.issueTypeIds.length === 1) throw badRequest('The last issue type of a scheme cannot be removed.')
    call.tables.issueTypeSchemes.replace({ ...scheme, issueTypeIds: scheme.issueTypeIds.filter((one) => one !== id) })
    return noContent()
  },
})
