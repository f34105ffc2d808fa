import { ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, requireAdmin } from '../context.ts'
import { badRequest, fieldErrors, forbidden, notFound } from '../errors.ts'
import { isObject } from '../rules/fields/values.ts'
import { lookUpProject } from '../rules/issues/find.ts'
import { addBoards, References, schemesOf } from '../rules/project-blueprint.ts'
import { createProject } from '../rules/projects.ts'
import { completeTask } from '../rules/tasks.ts'
import type { Project, ProjectTemplate, ProjectTypeKey } from '../tables.ts'
import { operations } from './define.ts'
import { keyErrors, leadErrors, nameErrors } from './projects.ts'
import { bodyOf, text } from './shared.ts'

/** Templates of one's own belong to the Enterprise edition. */
function requireEnterprise(call: JiraCall): void {
  requireAdmin(call)
  if (call.tables.settings.get('plan')?.value !== 'enterprise')
    throw forbidden('Custom templates are only available in the Enterprise edition of Jira.')
}

function templateOf(call: JiraCall, key: unknown): ProjectTemplate {
  const template = call.tables.projectTemplates.get(text(key))
  if (!template) throw notFound(`The template '${text(key)}' does not exist.`)
  return template
}

function checkTexts(name: string, description: string): void {
  if (name === '') throw badRequest('The name of the template must be provided.')
  if (name.length > 50) throw badRequest('The name of the template must not exceed 50 characters.')
  if (description.length > 150) throw badRequest('The description of the template must not exceed 150 characters.')
}

const optionsFrom = (given: unknown, before?: ProjectTemplate['options']): ProjectTemplate['options'] => {
  const options = isObject(given) ? given : {}
  return {
    enableScreenDelegatedAdminSupport:
      (options.enableScreenDelegatedAdminSupport ?? before?.enableScreenDelegatedAdminSupport) === true,
    enableWorkflowDelegatedAdminSupport:
      (options.enableWorkflowDelegatedAdminSupport ?? before?.enableWorkflowDelegatedAdminSupport) === true,
  }
}

/** What a snapshot keeps of a project. */
const snapshot = (project: Project) => ({ projectTypeKey: project.typeKey, schemes: project.schemes })

function view(call: JiraCall, template: ProjectTemplate) {
  const project = call.tables.projects.get(template.projectId)
  const type = (project?.typeKey ?? 'software').toUpperCase()
  return {
    projectTemplateKey: { key: template.key, uuid: template.uuid },
    name: template.name,
    description: template.description,
    type: template.type,
    archetype: { type, realType: type, style: project?.style ?? 'classic' },
    templateGenerationOptions: template.options,
    ...(template.type === 'LIVE' && { liveTemplateProjectIdReference: Number(template.projectId) }),
    ...(template.type === 'SNAPSHOT' && project && { snapshotTemplate: snapshot(project) }),
  }
}

/** Templates made of projects, and projects made of a template that the request spells out. */
export const projectTemplates = operations({
  createProjectWithCustomTemplate(call) {
    requireEnterprise(call)
    const body = bodyOf(call)
    const details = isObject(body.details) ? body.details : {}
    const leadId = text(details.leadAccountId, call.caller.user?.accountId)
    const [key, name] = [text(details.key), text(details.name)]
    const errors = { ...nameErrors(call, name), ...keyErrors(call, key), ...leadErrors(call, leadId) }
    if (Object.keys(errors).length > 0) throw fieldErrors(errors)
    const references = new References()
    const schemes = schemesOf(call, body.template, references)
    const kind =
      isObject(body.template) && isObject(body.template.project) ? body.template.project.projectTypeKey : undefined
    const project = createProject(call, {
      key,
      name,
      leadId,
      typeKey: text(kind, 'software') as ProjectTypeKey,
      templateKey: 'com.pyxis.greenhopper.jira:gh-simplified-kanban-classic',
      schemes,
      board: false,
      ...(typeof details.description === 'string' && { description: details.description }),
      ...(typeof details.url === 'string' && { url: details.url }),
      ...(typeof details.avatarId === 'number' && { avatarId: String(details.avatarId) }),
      ...(typeof details.categoryId === 'number' && { categoryId: String(details.categoryId) }),
      ...(details.assigneeType === 'PROJECT_LEAD' && { assigneeType: 'PROJECT_LEAD' }),
    })
    addBoards(call, project, body.template, references)
    call.emit({ type: 'project_created', projectId: project.id, key: project.key })
    return completeTask(call, `Create project ${project.name}`, {
      projectId: Number(project.id),
      projectKey: project.key,
    })
  },
  saveTemplate(call) {
    requireEnterprise(call)
    const { templateName, templateDescription, templateFromProjectRequest } = bodyOf(call)
    const source = isObject(templateFromProjectRequest) ? templateFromProjectRequest : {}
    const project = call.tables.projects.get(text(source.projectId))
    if (!project) throw notFound(`The project with id ${text(source.projectId)} does not exist.`)
    const [name, description] = [text(templateName), text(templateDescription)]
    checkTexts(name, description)
    const uuid = call.random.uuid()
    const { key } = call.tables.projectTemplates.insert({
      key: `custom-template:${uuid}`,
      uuid,
      name,
      description,
      type: source.templateType === 'SNAPSHOT' ? 'SNAPSHOT' : 'LIVE',
      projectId: project.id,
      options: optionsFrom(source.templateGenerationOptions),
    })
    return ok({ projectTemplateKey: { key, uuid } })
  },
  editTemplate(call) {
    requireEnterprise(call)
    const { templateKey, templateName, templateDescription, templateGenerationOptions } = bodyOf(call)
    const template = templateOf(call, templateKey)
    const name = text(templateName, template.name)
    const description = text(templateDescription, template.description)
    checkTexts(name, description)
    const options = optionsFrom(templateGenerationOptions, template.options)
    return ok(view(call, call.tables.projectTemplates.replace({ ...template, name, description, options })))
  },
  liveTemplate(call) {
    requireEnterprise(call)
    const { projectId, templateKey } = call.query
    if (templateKey !== undefined) return ok(view(call, templateOf(call, templateKey)))
    const project = projectId === undefined ? undefined : lookUpProject(call, projectId)
    const [template] = project ? call.tables.projectTemplates.where('project', project.id) : []
    if (!template) throw notFound('The template does not exist.')
    return ok(view(call, template))
  },
  removeTemplate(call) {
    requireEnterprise(call)
    call.tables.projectTemplates.remove(templateOf(call, call.query.templateKey).key)
    return { status: 200 }
  },
})
