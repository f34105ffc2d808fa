import type { Instant } from '../../../shared/universe/clock.ts'
import { defineTable } from '../../../shared/universe/table.ts'

export type ProjectTypeKey = 'software' | 'business' | 'service_desk' | 'product_discovery'

/** The schemes a company-managed project is configured by. Ids. */
export interface ProjectSchemes {
  readonly permission: string
  readonly notification?: string
  readonly issueType: string
  readonly workflow: string
  readonly screen: string
  readonly fieldConfiguration?: string
  readonly fieldScheme?: string
  readonly security?: string
  readonly priority?: string
}

export interface Project {
  readonly id: string
  readonly key: string
  readonly formerKeys: readonly string[]
  readonly name: string
  readonly description: string
  readonly leadId: string
  readonly typeKey: ProjectTypeKey
  readonly templateKey: string
  /** Team-managed (`next-gen`) or company-managed (`classic`). */
  readonly style: 'next-gen' | 'classic'
  readonly access: 'open' | 'limited' | 'private'
  readonly assigneeType: 'PROJECT_LEAD' | 'UNASSIGNED'
  readonly avatarId: string
  readonly categoryId?: string
  readonly classificationId?: string
  readonly url?: string
  readonly email?: string
  readonly uuid?: string
  readonly nextNumber: number
  readonly schemes: ProjectSchemes
  readonly features: Readonly<Record<string, 'ENABLED' | 'DISABLED'>>
  readonly archived?: { readonly at: Instant; readonly by: string }
  readonly deleted?: { readonly at: Instant; readonly by: string }
}

/** A template made of a project: of what it is now (`SNAPSHOT`), or of what it becomes (`LIVE`). */
export interface ProjectTemplate {
  readonly key: string
  readonly uuid: string
  readonly name: string
  readonly description: string
  readonly type: 'LIVE' | 'SNAPSHOT'
  readonly projectId: string
  readonly options: {
    readonly enableScreenDelegatedAdminSupport: boolean
    readonly enableWorkflowDelegatedAdminSupport: boolean
  }
}

export interface ProjectCategory {
  readonly id: string
  readonly name: string
  readonly description: string
}

export interface Component {
  readonly id: string
  readonly projectId: string
  readonly name: string
  readonly description?: string
  readonly leadId?: string
  readonly assigneeType: 'PROJECT_DEFAULT' | 'COMPONENT_LEAD' | 'PROJECT_LEAD' | 'UNASSIGNED'
}

export interface RelatedWork {
  readonly id: string
  readonly category: string
  readonly title?: string
  readonly url?: string
  readonly issueId?: string
}

export interface Version {
  readonly id: string
  readonly projectId: string
  readonly name: string
  readonly description?: string
  readonly archived: boolean
  readonly released: boolean
  readonly startDate?: string
  readonly releaseDate?: string
  readonly driver?: string
  readonly approvers?: readonly object[]
  readonly sequence: number
  readonly relatedWork?: readonly RelatedWork[]
}

export const projects = defineTable<Project>()('jira.projects', {
  key: (project) => project.id,
  unique: { key: (project) => project.key, name: (project) => project.name.toLowerCase() },
  many: { formerKey: (project) => project.formerKeys },
})

export const projectTemplates = defineTable<ProjectTemplate>()('jira.projectTemplates', {
  key: (template) => template.key,
  index: { project: (template) => template.projectId },
})

export const projectCategories = defineTable<ProjectCategory>()('jira.projectCategories', {
  key: (category) => category.id,
  unique: { name: (category) => category.name.toLowerCase() },
})

export const components = defineTable<Component>()('jira.components', {
  key: (component) => component.id,
  index: { project: (component) => [component.projectId, component.name.toLowerCase()] },
})

export const versions = defineTable<Version>()('jira.versions', {
  key: (version) => version.id,
  index: { project: (version) => [version.projectId, version.sequence] },
})
