import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin } from '../context.ts'
import { conflict, fieldErrors, notFound } from '../errors.ts'
import { typesOf } from '../rules/issues/create.ts'
import { visibleProject } from '../rules/issues/find.ts'
import { canBrowse } from '../rules/permissions.ts'
import type { IssueType } from '../tables.ts'
import { listedIssueType } from '../views/configuration.ts'
import { operations } from './define.ts'
import { bodyOf, renamed, text } from './shared.ts'

function typeOf(call: JiraCall, id: string): IssueType {
  const type = call.tables.issueTypes.get(id)
  if (!type) throw notFound(`The issue type with id '${id}' does not exist.`)
  return type
}

const byNumber = (a: { id: string }, b: { id: string }) => Number(a.id) - Number(b.id)

export const issueTypes = operations({
  getIssueAllTypes(call) {
    const seen = (type: IssueType) => {
      const project = type.projectId ? call.tables.projects.get(type.projectId) : undefined
      return !type.projectId || (project && canBrowse(call, call.caller.user, project))
    }
    return ok(
      call.tables.issueTypes
        .all()
        .filter(seen)
        .sort(byNumber)
        .map((type) => listedIssueType(reader(call), type)),
    )
  },
  getIssueTypesForProject(call) {
    const project = visibleProject(call, call.query.projectId)
    const rows = typesOf(call, project).filter(
      (type) => call.query.level === undefined || type.hierarchyLevel === call.query.level,
    )
    return ok(rows.map((type) => listedIssueType(reader(call), type)))
  },
  getIssueType: (call) => ok(listedIssueType(reader(call), typeOf(call, call.params.id))),
  createIssueType(call) {
    requireAdmin(call)
    const { name, description, type, hierarchyLevel } = bodyOf(call)
    if (!name) throw fieldErrors({ name: 'The issue type name must be provided.' })
    if (text(name).length > 60) throw fieldErrors({ name: 'The issue type name must not exceed 60 characters.' })
    if (call.tables.issueTypes.all().some((row) => !row.projectId && row.name === name))
      throw conflict('An issue type with this name already exists.')
    const level = hierarchyLevel === -1 || type === 'subtask' ? -1 : 0
    const row = call.tables.issueTypes.insert({
      id: nextId(call, 'issueType'),
      name: text(name),
      description: text(description),
      hierarchyLevel: level,
      avatarId: level < 0 ? 10_316 : 10_300,
    })
    // New types join the default scheme.
    const scheme = call.tables.issueTypeSchemes.all().find((one) => one.isDefault)
    if (scheme) call.tables.issueTypeSchemes.replace({ ...scheme, issueTypeIds: [...scheme.issueTypeIds, row.id] })
    call.emit({ type: 'issuetype_created', issueTypeId: row.id })
    return created(listedIssueType(reader(call), row))
  },
  updateIssueType(call) {
    requireAdmin(call)
    const row = typeOf(call, call.params.id)
    const { name, description, avatarId } = bodyOf(call)
    if (
      name !== undefined &&
      call.tables.issueTypes.all().some((other) => other.id !== row.id && !other.projectId && other.name === name)
    )
      throw conflict('An issue type with this name already exists.')
    const changed = call.tables.issueTypes.replace({
      ...renamed(row, { name, description }),
      avatarId: avatarId === undefined ? row.avatarId : Number(avatarId),
    })
    return ok(listedIssueType(reader(call), changed))
  },
  deleteIssueType(call) {
    requireAdmin(call)
    const row = typeOf(call, call.params.id)
    const { alternativeIssueTypeId } = call.query
    const issues = call.tables.issues.all().filter((issue) => issue.typeId === row.id)
    if (issues.length > 0 && alternativeIssueTypeId === undefined)
      throw conflict('The issue type is in use and an alternative issue type was not provided.')
    if (alternativeIssueTypeId !== undefined) {
      typeOf(call, alternativeIssueTypeId)
      for (const issue of issues) call.tables.issues.patch(issue.id, { typeId: alternativeIssueTypeId })
    }
    for (const scheme of call.tables.issueTypeSchemes.all()) {
      if (scheme.issueTypeIds.includes(row.id))
        call.tables.issueTypeSchemes.replace({
          ...scheme,
          issueTypeIds: scheme.issueTypeIds.filter((id) => id !== row.id),
        })
    }
    call.tables.issueTypes.remove(row.id)
    call.emit({ type: 'issuetype_deleted', issueTypeId: row.id })
    return noContent()
  },
  getAlternativeIssueTypes(call) {
    const row = typeOf(call, call.params.id)
    const rows = call.tables.issueTypes
      .all()
      .filter(
        (type) => type.id !== row.id && type.hierarchyLevel === row.hierarchyLevel && type.projectId === row.projectId,
      )
    return ok(rows.sort(byNumber).map((type) => listedIssueType(reader(call), type)))
  },
})
