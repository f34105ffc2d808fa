import { type Reader, type Site, webhookReader } from './context.ts'
import { allFields } from './rules/fields/registry.ts'
import { issueView, selectFields } from './views/issue.ts'
import { commentView } from './views/issue-parts.ts'
import { listedUser } from './views/people.ts'
import { projectView } from './views/project.ts'

/** An administrator's view in the current version: rich text is a document. */
const administrator = (site: Site): Reader => ({ ...webhookReader(site), api: '3' })

/** Rows as the REST API shows them, for checks and the inspector. */
export const kinds = {
  issues: (site: Site) => {
    const fields = selectFields(allFields(site), undefined, '*all')
    return site.tables.issues.all().map((issue) => issueView(administrator(site), issue, { fields }))
  },
  comments: (site: Site) => site.tables.comments.all().map((comment) => commentView(administrator(site), comment)),
  projects: (site: Site) => site.tables.projects.all().map((project) => projectView(administrator(site), project)),
  users: (site: Site) => site.tables.users.all().map((user) => listedUser(administrator(site), user)),
}
