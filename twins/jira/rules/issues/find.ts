import type { JiraCall, Site } from '../../context.ts'
import { ISSUE_NOT_FOUND, notFound } from '../../errors.ts'
import type { Issue, Project, User } from '../../tables.ts'
import { canBrowse, canSee } from '../permissions.ts'

/** An issue by id or key: exact, then ignoring case, then by a key it had before it moved or its project was renamed. */
export function lookUp(site: Site, idOrKey: string): Issue | undefined {
  if (/^[1-9]\d*$/.test(idOrKey)) return site.tables.issues.get(idOrKey)
  const key = idOrKey.toUpperCase()
  const found = site.tables.issues.by('key', key) ?? site.tables.issues.where('formerKey', key)[0]
  if (found) return found
  const [, projectKey, number] = /^(.+)-(\d+)$/.exec(key) ?? []
  const project = projectKey ? site.tables.projects.where('formerKey', projectKey)[0] : undefined
  return project && site.tables.issues.by('key', `${project.key}-${number}`)
}

/** An issue the caller may see, or the 404 that hides whether it exists. */
export function visibleIssue(call: JiraCall, idOrKey: string): Issue {
  return seenBy(call, call.caller.user, idOrKey)
}

export function seenBy(site: Site, user: User | undefined, idOrKey: string): Issue {
  const issue = lookUp(site, idOrKey)
  if (!issue || !canSee(site, user, issue)) throw notFound(ISSUE_NOT_FOUND)
  return issue
}

export function projectOf(site: Site, issue: Issue): Project {
  const project = site.tables.projects.get(issue.projectId)
  if (!project) throw new Error(`Project ${issue.projectId} of ${issue.key} is missing`)
  return project
}

/** A project by id or key: keys are case sensitive, former ones still lead to it. */
export function lookUpProject(site: Site, idOrKey: string): Project | undefined {
  const byId = /^\d+$/.test(idOrKey) ? site.tables.projects.get(idOrKey) : undefined
  return byId ?? site.tables.projects.by('key', idOrKey) ?? site.tables.projects.where('formerKey', idOrKey)[0]
}

/** A project the caller may see, or `No project could be found with key 'X'.` */
export function visibleProject(call: JiraCall, idOrKey: string | number): Project {
  const text = String(idOrKey)
  const project = lookUpProject(call, text)
  if (project && canBrowse(call, call.caller.user, project)) return project
  throw notFound(`No project could be found with ${/^\d+$/.test(text) ? 'id' : 'key'} '${text}'.`)
}
