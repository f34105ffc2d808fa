import { type Reader, self } from '../context.ts'
import { friendlyDate } from '../rules/time.ts'
import type {
  Component,
  IssueType,
  Priority,
  Project,
  Resolution,
  Status,
  StatusCategoryName,
  Version,
} from '../tables.ts'

/** The four categories of statuses, by the names the newer endpoints use. */
export const STATUS_CATEGORIES = {
  UNDEFINED: { id: 1, key: 'undefined', colorName: 'medium-gray', name: 'No Category' },
  TODO: { id: 2, key: 'new', colorName: 'blue-gray', name: 'To Do' },
  IN_PROGRESS: { id: 4, key: 'indeterminate', colorName: 'yellow', name: 'In Progress' },
  DONE: { id: 3, key: 'done', colorName: 'green', name: 'Done' },
} as const

export const categoryView = (reader: Reader, category: StatusCategoryName | 'UNDEFINED') => {
  const known = STATUS_CATEGORIES[category]
  return { self: self(reader, `statuscategory/${known.id}`), ...known }
}

/** A status as issues, transitions and the older lists show it. */
export const statusView = (reader: Reader, status: Status) => ({
  self: self(reader, `status/${status.id}`),
  description: status.description,
  iconUrl: `${reader.home}${status.icon}`,
  name: status.name,
  id: status.id,
  statusCategory: categoryView(reader, status.category),
})

export const avatarUrl = (reader: Reader, type: string, id: string | number, size?: string) =>
  `${reader.root}/rest/api/${type === 'issuetype' ? '2' : reader.api}/universal_avatar/view/type/${type}/avatar/${id}${size ? `?size=${size}` : ''}`

export const avatarSizes = (reader: Reader, type: string, id: string | number) => ({
  '48x48': avatarUrl(reader, type, id),
  '24x24': avatarUrl(reader, type, id, 'small'),
  '16x16': avatarUrl(reader, type, id, 'xsmall'),
  '32x32': avatarUrl(reader, type, id, 'medium'),
})

/** An issue type within an issue. */
export const issueTypeView = (reader: Reader, type: IssueType) => ({
  self: self(reader, `issuetype/${type.id}`),
  id: type.id,
  description: type.description,
  iconUrl: avatarUrl(reader, 'issuetype', type.avatarId, 'medium'),
  name: type.name,
  subtask: type.hierarchyLevel < 0,
  avatarId: type.avatarId,
  ...(type.entityId && { entityId: type.entityId }),
  hierarchyLevel: type.hierarchyLevel,
})

/** An issue type as `issuetype` lists it: with the name before translation, and the project it belongs to. */
export function listedIssueType(reader: Reader, type: IssueType) {
  const { entityId: _, ...view } = issueTypeView(reader, type) as ReturnType<typeof issueTypeView> & {
    entityId?: string
  }
  return {
    ...view,
    untranslatedName: type.name,
    ...(type.projectId && { scope: { type: 'PROJECT', project: { id: type.projectId } } }),
  }
}

export const priorityView = (reader: Reader, priority: Priority) => ({
  self: self(reader, `priority/${priority.id}`),
  iconUrl: `${reader.home}${priority.icon}`,
  name: priority.name,
  id: priority.id,
})

export const fullPriority = (reader: Reader, priority: Priority) => ({
  self: self(reader, `priority/${priority.id}`),
  statusColor: priority.statusColor,
  description: priority.description,
  iconUrl: `${reader.home}${priority.icon}`,
  name: priority.name,
  id: priority.id,
})

export const resolutionView = (reader: Reader, resolution: Resolution) => ({
  self: self(reader, `resolution/${resolution.id}`),
  id: resolution.id,
  description: resolution.description,
  name: resolution.name,
})

/** A project within an issue. */
export function projectReference(reader: Reader, project: Project) {
  const category = project.categoryId ? reader.site.tables.projectCategories.get(project.categoryId) : undefined
  return {
    self: self(reader, `project/${project.id}`),
    id: project.id,
    key: project.key,
    name: project.name,
    projectTypeKey: project.typeKey,
    simplified: project.style === 'next-gen',
    avatarUrls: avatarSizes(reader, 'project', project.avatarId),
    ...(category && {
      projectCategory: {
        self: self(reader, `projectCategory/${category.id}`),
        id: category.id,
        description: category.description,
        name: category.name,
      },
    }),
  }
}

export const componentReference = (reader: Reader, component: Component) => ({
  self: self(reader, `component/${component.id}`),
  id: component.id,
  name: component.name,
  ...(component.description !== undefined && { description: component.description }),
})

export const versionReference = (reader: Reader, version: Version) => ({
  self: self(reader, `version/${version.id}`),
  id: version.id,
  ...(version.description !== undefined && { description: version.description }),
  name: version.name,
  archived: version.archived,
  released: version.released,
  ...(version.releaseDate && { releaseDate: version.releaseDate }),
})

/** A version with its dates for people, which are those of the reader's zone. */
export function versionView(reader: Reader, version: Version) {
  const day = (date: string) => friendlyDate(Date.parse(`${date}T00:00:00Z`), reader.zone)
  const overdue =
    version.releaseDate !== undefined &&
    !version.released &&
    Date.parse(`${version.releaseDate}T23:59:59Z`) < reader.site.now
  return {
    self: self(reader, `version/${version.id}`),
    id: version.id,
    ...(version.description !== undefined && { description: version.description }),
    name: version.name,
    archived: version.archived,
    released: version.released,
    ...(version.startDate && { startDate: version.startDate }),
    ...(version.releaseDate && { releaseDate: version.releaseDate }),
    ...(version.releaseDate && !version.released && { overdue }),
    ...(version.startDate && { userStartDate: day(version.startDate) }),
    ...(version.releaseDate && { userReleaseDate: day(version.releaseDate) }),
    projectId: Number(version.projectId),
    ...(version.driver && { driver: version.driver }),
  }
}
