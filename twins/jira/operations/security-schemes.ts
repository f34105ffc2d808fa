import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin, self } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { among, idsOf, pageBean } from '../paging.ts'
import { visibleProject } from '../rules/issues/find.ts'
import { completeTask } from '../rules/tasks.ts'
import type { Project, SecurityScheme } from '../tables.ts'
import { securityLevelView, securitySchemeView } from '../views/schemes.ts'
import { operations } from './define.ts'
import { administered } from './projects.ts'
import { bodyOf, renamed, text } from './shared.ts'

function securitySchemeOf(call: JiraCall, id: number | string | undefined): SecurityScheme {
  const scheme = id === undefined ? undefined : call.tables.securitySchemes.get(String(id))
  if (!scheme) throw notFound('The issue security scheme does not exist.')
  return scheme
}

function levelsFrom(call: JiraCall, given: unknown): SecurityScheme['levels'] {
  const rows = (Array.isArray(given) ? given : []) as {
    name?: string
    description?: string
    isDefault?: boolean
    members?: { type: string; parameter?: string }[]
  }[]
  return rows.map(({ name, description, isDefault = false, members = [] }) => {
    if (!name) throw badRequest('The name of the security level must be provided.')
    return {
      id: nextId(call, 'securityLevel'),
      name,
      description: text(description),
      isDefault,
      members: membersFrom(call, members),
    }
  })
}

const membersFrom = (call: JiraCall, given: readonly { type: string; parameter?: string }[]) =>
  given.map(({ type, parameter }) => ({
    id: nextId(call, 'securityMember'),
    holder: { type, ...(parameter !== undefined && { parameter, value: parameter }) },
  }))

const usersOf = (call: JiraCall, scheme: SecurityScheme): Project[] =>
  call.tables.projects.all().filter((project) => project.schemes.security === String(scheme.id))

const levelIn = (scheme: SecurityScheme, id: string) => {
  const level = scheme.levels.find((one) => one.id === id)
  if (!level) throw notFound('The issue security level does not exist.')
  return level
}

const changeLevels = (call: JiraCall, scheme: SecurityScheme, levels: SecurityScheme['levels']) => {
  call.tables.securitySchemes.replace({ ...scheme, levels })
  return noContent()
}

export const securitySchemes = operations({
  getIssueSecuritySchemes(call) {
    requireAdmin(call)
    return ok({
      issueSecuritySchemes: call.tables.securitySchemes.all().map((scheme) => securitySchemeView(reader(call), scheme)),
    })
  },
  searchSecuritySchemes(call) {
    requireAdmin(call)
    const ids = idsOf(call.query.id)
    const rows = call.tables.securitySchemes.all().filter((scheme) => among(ids, String(scheme.id)))
    return ok(
      pageBean(call, rows, (scheme) => ({
        id: scheme.id,
        self: self(reader(call), `issuesecurityscheme/${scheme.id}`),
        name: scheme.name,
        description: scheme.description,
        ...(scheme.levels.some((level) => level.isDefault) && {
          defaultLevel: Number(scheme.levels.find((level) => level.isDefault)?.id),
        }),
        projectIds: usersOf(call, scheme).map((project) => Number(project.id)),
      })),
    )
  },
  getIssueSecurityScheme: (call) => ok(securitySchemeView(reader(call), securitySchemeOf(call, call.params.id), true)),
  createIssueSecurityScheme(call) {
    requireAdmin(call)
    const { name, description, levels } = bodyOf(call)
    if (!name) throw badRequest('The name of the issue security scheme must be provided.')
    if (call.tables.securitySchemes.all().some((scheme) => scheme.name === name))
      throw badRequest('An issue security scheme with that name already exists.')
    const scheme = call.tables.securitySchemes.insert({
      id: Number(nextId(call, 'securityScheme')),
      name: text(name),
      description: text(description),
      levels: levelsFrom(call, levels),
    })
    return created({ id: String(scheme.id) })
  },
  updateIssueSecurityScheme(call) {
    requireAdmin(call)
    const scheme = securitySchemeOf(call, call.params.id)
    call.tables.securitySchemes.replace(renamed(scheme, bodyOf(call)))
    return noContent()
  },
  deleteSecurityScheme(call) {
    requireAdmin(call)
    const scheme = securitySchemeOf(call, call.params.schemeId)
    if (usersOf(call, scheme).length > 0)
      throw badRequest('The issue security scheme is used by a project and cannot be deleted.')
    call.tables.securitySchemes.remove(String(scheme.id))
    return noContent()
  },
  getSecurityLevels(call) {
    requireAdmin(call)
    const [ids, schemes] = [idsOf(call.query.id), idsOf(call.query.schemeId)]
    const rows = call.tables.securitySchemes
      .all()
      .filter((scheme) => schemes.length === 0 || schemes.includes(String(scheme.id)))
      .flatMap((scheme) => scheme.levels.map((level) => ({ scheme, level })))
      .filter(({ level }) => among(ids, level.id) && (!call.query.onlyDefault || level.isDefault))
    return ok(pageBean(call, rows, ({ scheme, level }) => securityLevelView(reader(call), scheme, level)))
  },
  setDefaultLevels(call) {
    requireAdmin(call)
    for (const { issueSecuritySchemeId, defaultLevelId } of (bodyOf(call).defaultValues ?? []) as {
      issueSecuritySchemeId: string
      defaultLevelId: string
    }[]) {
      const scheme = securitySchemeOf(call, issueSecuritySchemeId)
      changeLevels(
        call,
        scheme,
        scheme.levels.map((level) => ({ ...level, isDefault: level.id === defaultLevelId })),
      )
    }
    return noContent()
  },
  addSecurityLevel(call) {
    requireAdmin(call)
    const scheme = securitySchemeOf(call, call.params.schemeId)
    const added = levelsFrom(call, bodyOf(call).levels)
    if (added.some((level) => scheme.levels.some((known) => known.name === level.name)))
      throw badRequest('A security level with that name already exists.')
    return changeLevels(call, scheme, [...scheme.levels, ...added])
  },
  updateSecurityLevel(call) {
    requireAdmin(call)
    const scheme = securitySchemeOf(call, call.params.schemeId)
    const level = levelIn(scheme, call.params.levelId)
    const { name, description } = bodyOf(call)
    return changeLevels(
      call,
      scheme,
      scheme.levels.map((one) => (one.id === level.id ? renamed(one, { name, description }) : one)),
    )
  },
  removeLevel(call) {
    requireAdmin(call)
    const scheme = securitySchemeOf(call, call.params.schemeId)
    const level = levelIn(scheme, call.params.levelId)
    for (const issue of call.tables.issues.all())
      if (issue.securityId === level.id)
        call.tables.issues.patch(issue.id, { securityId: call.query.replaceWith ?? null })
    changeLevels(
      call,
      scheme,
      scheme.levels.filter((one) => one.id !== level.id),
    )
    return completeTask(call, 'Remove security level')
  },
  addSecurityLevelMembers(call) {
    requireAdmin(call)
    const scheme = securitySchemeOf(call, call.params.schemeId)
    const level = levelIn(scheme, call.params.levelId)
    const members = membersFrom(call, (bodyOf(call).members ?? []) as { type: string }[])
    return changeLevels(
      call,
      scheme,
      scheme.levels.map((one) => (one.id === level.id ? { ...one, members: [...one.members, ...members] } : one)),
    )
  },
  removeMemberFromSecurityLevel(call) {
    requireAdmin(call)
    const scheme = securitySchemeOf(call, call.params.schemeId)
    const level = levelIn(scheme, call.params.levelId)
    return changeLevels(
      call,
      scheme,
      scheme.levels.map((one) =>
        one.id === level.id
          ? { ...one, members: one.members.filter((member) => member.id !== call.params.memberId) }
          : one,
      ),
    )
  },
  getIssueSecurityLevelMembers(call) {
    const scheme = securitySchemeOf(call, call.params.issueSecuritySchemeId)
    const ids = idsOf(call.query.issueSecurityLevelId)
    const rows = scheme.levels
      .filter((level) => among(ids, level.id))
      .flatMap((level) => level.members.map((member) => ({ level, member })))
    return ok(
      pageBean(call, rows, ({ level, member }) => ({
        id: Number(member.id),
        issueSecurityLevelId: Number(level.id),
        holder: member.holder,
      })),
    )
  },
  getSecurityLevelMembers(call) {
    requireAdmin(call)
    const [schemeIds, levelIds, ids] = [idsOf(call.query.schemeId), idsOf(call.query.levelId), idsOf(call.query.id)]
    const rows = call.tables.securitySchemes
      .all()
      .flatMap((scheme) => scheme.levels.flatMap((level) => level.members.map((member) => ({ scheme, level, member }))))
      .filter(({ scheme }) => among(schemeIds, String(scheme.id)))
      .filter(({ level }) => among(levelIds, level.id))
      .filter(({ member }) => among(ids, member.id))
    return ok(
      pageBean(call, rows, ({ scheme, level, member }) => ({
        id: member.id,
        issueSecurityLevelId: level.id,
        issueSecuritySchemeId: String(scheme.id),
        holder: member.holder,
        managed: false,
      })),
    )
  },
  getIssueSecurityLevel(call) {
    const found = call.tables.securitySchemes
      .all()
      .flatMap((scheme) => scheme.levels)
      .find((level) => level.id === call.params.id)
    if (!found) throw notFound('The issue security level does not exist.')
    return ok({
      self: self(reader(call), `securitylevel/${found.id}`),
      id: found.id,
      description: found.description,
      name: found.name,
    })
  },
  searchProjectsUsingSecuritySchemes(call) {
    requireAdmin(call)
    const [schemes, projects] = [idsOf(call.query.issueSecuritySchemeId), idsOf(call.query.projectId)]
    const rows = call.tables.projects
      .all()
      .filter(
        ({ id, schemes: { security } }) =>
          security !== undefined &&
          (schemes.length === 0 || schemes.includes(security)) &&
          (projects.length === 0 || projects.includes(id)),
      )
    return ok(
      pageBean(call, rows, (project) => ({ issueSecuritySchemeId: project.schemes.security, projectId: project.id })),
    )
  },
  associateSchemesToProjects(call) {
    requireAdmin(call)
    const { projectId, schemeId } = bodyOf(call)
    const project = call.tables.projects.get(text(projectId))
    if (!project) throw notFound('The project does not exist.')
    const { security: _, ...schemes } = project.schemes
    call.tables.projects.patch(project.id, {
      schemes: {
        ...schemes,
        ...(schemeId !== null && { security: String(securitySchemeOf(call, text(schemeId)).id) }),
      },
    })
    return completeTask(call, 'Associate security scheme with project')
  },
  getProjectIssueSecurityScheme(call) {
    const project = administered(call, call.params.projectKeyOrId)
    const scheme = call.tables.securitySchemes.get(project.schemes.security ?? '')
    if (!scheme) throw notFound(`The project with key '${project.key}' does not have an issue security scheme.`)
    return ok(securitySchemeView(reader(call), scheme, true))
  },
  getSecurityLevelsForProject(call) {
    const project = visibleProject(call, call.params.projectKeyOrId)
    const levels = call.tables.securitySchemes.get(project.schemes.security ?? '')?.levels ?? []
    return ok({
      levels: levels.map(({ id, name, description }) => ({
        self: self(reader(call), `securitylevel/${id}`),
        id,
        description,
        name,
      })),
    })
  },
})
