import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, signedIn } from '../context.ts'
import { badRequest, refusal } from '../errors.ts'
import { visibleProject } from '../rules/issues/find.ts'
import { can } from '../rules/permissions.ts'
import type { ClassificationLevel, Project } from '../tables.ts'
import { operations } from './define.ts'
import { bodyOf, text } from './shared.ts'

/** A level as the API shows it: its guideline also as a document. */
const view = (level: ClassificationLevel) => ({
  ...level,
  guidelineADF: JSON.stringify({
    version: 1,
    type: 'doc',
    content: level.guideline ? [{ type: 'paragraph', content: [{ type: 'text', text: level.guideline }] }] : [],
  }),
})

function administered(call: JiraCall, idOrKey: string): Project {
  const project = visibleProject(call, idOrKey)
  if (!can(call, signedIn(call), 'ADMINISTER_PROJECTS', project))
    throw refusal(401, 'You cannot edit the configuration of this project.')
  return project
}

const defaultOf = (call: JiraCall, project: Project): ClassificationLevel | undefined =>
  project.classificationId ? call.tables.classificationLevels.get(project.classificationId) : undefined

/** How confidential the data of projects is. The levels are the organisation's: a fixture defines them. */
export const classification = operations({
  getAllUserDataClassificationLevels(call) {
    signedIn(call)
    const { status = [], orderBy } = call.query
    const wanted = status.map((name) => name.toLowerCase())
    const levels = [...call.tables.classificationLevels.scan('rank')]
    const rows = levels.filter((level) => wanted.length === 0 || wanted.includes(level.status))
    return ok({ classifications: (orderBy === '-rank' ? rows.reverse() : rows).map(view) })
  },
  getProjectClassificationConfig(call) {
    const project = administered(call, call.params.projectIdOrKey)
    const own = defaultOf(call, project)
    return ok({
      classificationLevels: [...call.tables.classificationLevels.scan('rank')].map(view),
      containerOverride: 'ANY',
      ...(own && { defaultClassificationLevel: view(own) }),
    })
  },
  getDefaultProjectClassification(call) {
    const own = defaultOf(call, administered(call, call.params.projectIdOrKey))
    return ok(own ? { classification: view(own) } : {})
  },
  updateDefaultProjectClassification(call) {
    const project = administered(call, call.params.projectIdOrKey)
    const id = text(bodyOf(call).id)
    if (call.tables.classificationLevels.get(id)?.status !== 'published')
      throw badRequest('The classification level does not exist or is not published.')
    call.tables.projects.patch(project.id, { classificationId: id })
    return noContent()
  },
  removeDefaultProjectClassification(call) {
    const { classificationId: _, ...project } = administered(call, call.params.projectIdOrKey)
    call.tables.projects.replace(project)
    return noContent()
  },
})
