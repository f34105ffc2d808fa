import type { Site } from '../context.ts'
import type { Priority, PriorityScheme, Project } from '../tables.ts'

/** The scheme of projects that were given none. It holds every priority there is. */
export function defaultPriorityScheme(site: Site): PriorityScheme {
  const scheme = site.tables.prioritySchemes.all().find((row) => row.isDefault)
  if (!scheme) throw new Error('The default priority scheme is missing')
  return scheme
}

/** The scheme a project's priorities come from. */
export const prioritySchemeOf = (site: Site, project: Project): PriorityScheme =>
  site.tables.prioritySchemes.get(project.schemes.priority ?? '') ?? defaultPriorityScheme(site)

/** Priorities of a scheme: the default scheme's in the site's order, others' in the scheme's own. */
export function prioritiesOf(site: Site, scheme: PriorityScheme): Priority[] {
  if (scheme.isDefault) return [...site.tables.priorities.scan('order')]
  return scheme.priorityIds.map((id) => site.tables.priorities.get(id)).filter((row) => row !== undefined)
}

/** The priority new issues get. */
export const standardPriority = (site: Site, scheme: PriorityScheme): string | undefined =>
  (scheme.isDefault ? site.tables.priorities.all().find((row) => row.isDefault)?.id : undefined) ??
  scheme.defaultPriorityId ??
  prioritiesOf(site, scheme)[0]?.id

/** Projects that follow a scheme. */
export const projectsOf = (site: Site, scheme: PriorityScheme): Project[] =>
  site.tables.projects.all().filter((project) => prioritySchemeOf(site, project).id === scheme.id)
