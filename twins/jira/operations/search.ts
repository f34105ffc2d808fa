import { ServiceError } from '../../../shared/kernel/dialect.ts'
import { ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, reader, ZONE } from '../context.ts'
import { badRequest, errorBody } from '../errors.ts'
import { expandOf, idsOf } from '../paging.ts'
import { allFields } from '../rules/fields/registry.ts'
import { JqlSyntaxError, type Query } from '../rules/jql/ast.ts'
import { check } from '../rules/jql/check.ts'
import { compile, run } from '../rules/jql/evaluate.ts'
import type { JqlContext } from '../rules/jql/fields.ts'
import { parse } from '../rules/jql/parser.ts'
import { nextToken, readToken } from '../rules/jql/token.ts'
import { canSee } from '../rules/permissions.ts'
import type { Issue } from '../tables.ts'
import { issueView, namesOf, SEARCH_EXPAND, schemaOf, selectFields } from '../views/issue.ts'
import { slimIssue } from '../views/issue-parts.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

export const jqlContext = (call: JiraCall): JqlContext => ({
  site: call,
  user: call.caller.user,
  zone: call.caller.user?.timeZone ?? ZONE,
})

/** Parses, or answers 400 with Jira's sentence. */
export function parsed(jql: string): Query {
  try {
    return parse(jql)
  } catch (error) {
    if (error instanceof JqlSyntaxError) throw badRequest(error.message)
    throw error
  }
}

/** Issues the caller may see, in the order of their ids. Archived ones are found by no query. */
export const searchable = (call: JiraCall): Issue[] =>
  call.tables.issues.all().filter((issue) => !issue.archived && canSee(call, call.caller.user, issue))

/** Issues a query means, for what acts on them: what the query names must exist. */
export function matching(call: JiraCall, jql: string): Issue[] {
  const query = parsed(jql)
  if (!query.where) throw badRequest(UNBOUNDED)
  const { errors } = check(query, jqlContext(call))
  if (errors.length > 0) throw badRequest(...errors)
  return run(query, searchable(call), jqlContext(call))
}

const UNBOUNDED = 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.'

interface SearchRequest {
  readonly jql?: string | null | undefined
  readonly nextPageToken?: string | undefined
  readonly maxResults?: number | null | undefined
  readonly fields?: readonly string[] | undefined
  readonly expand?: string | undefined
  readonly properties?: readonly string[] | undefined
}

/** `search/jql`: the token is checked before the range, the range before the unbounded rule. */
function search(call: JiraCall, request: SearchRequest) {
  const jql = request.jql ?? ''
  const maxResults = request.maxResults === null ? 0 : (request.maxResults ?? 50)
  const from = request.nextPageToken ? readToken(request.nextPageToken, jql, call.now) : 0
  if (from === undefined) throw badRequest('The provided next page token is invalid or expired.')
  if (maxResults < 1 || maxResults > 5000) throw badRequest('The max results parameter has to be between 1 and 5,000.')
  const query = parsed(jql)
  if (!query.where) throw badRequest(UNBOUNDED)
  if (query.orderBy.length > 7) throw badRequest('The maximum number of fields in an ORDER BY clause is 7.')
  const { errors } = check(query, jqlContext(call))
  // What does not exist matches nothing here; the sentences show in jql/parse and on saving a filter.
  const unknown = errors.filter((error) => !error.includes('sort using') && !isSortError(error, query))
  const found = unknown.length > 0 && onlyCondition(query) ? [] : run(query, searchable(call), jqlContext(call))
  const names = idsOf(request.fields)
  const slim = names.length === 0 || names.every((name) => name === 'id' || name === 'key')
  const size = slim ? maxResults : Math.min(maxResults, 100)
  const page = found.slice(from, from + size)
  const isLast = from + page.length >= found.length
  const expand = expandOf(request.expand)
  const fields = names.length === 0 ? [] : selectFields(allFields(call), names, '*navigable')
  const look = reader(call)
  const views = page.map((issue) =>
    names.length === 0 && expand.length === 0 && !request.properties?.length
      ? { id: issue.id }
      : issueView(look, issue, {
          fields,
          expand: expand.filter((name) => name !== 'names' && name !== 'schema'),
          properties: [...(request.properties ?? [])],
          expandable: SEARCH_EXPAND,
          histories: 40,
        }),
  )
  const shownFields = Object.assign({}, ...views.map((view) => ('fields' in view ? view.fields : {})))
  return ok({
    issues: views,
    ...(expand.includes('names') && { names: namesOf(fields, shownFields) }),
    ...(expand.includes('schema') && { schema: schemaOf(fields, shownFields) }),
    ...(!isLast && { nextPageToken: nextToken(from + page.length, jql, call.now) }),
    isLast,
  })
}

const onlyCondition = (query: Query) => query.where?.kind === 'condition'
const isSortError = (error: string, query: Query) =>
  query.orderBy.some(({ field }) => error.startsWith(`Field '${field.name}' `))

/** The search of old, where a site still serves it (`legacySearch` of a fixture): offsets, totals, errors that fail. */
function legacySearch(call: JiraCall, request: Record<string, unknown>) {
  if (call.tables.settings.get('legacySearch')?.value !== true) {
    const { path } = call.request
    const version = /\/rest\/api\/3\//.test(path) ? '3' : '2'
    throw new ServiceError({
      status: 410,
      body: errorBody([
        `The requested API has been removed. Please migrate to the /rest/api/${version}/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046`,
      ]),
    })
  }
  const query = parsed(String(request.jql ?? ''))
  const { errors, warnings } = check(query, jqlContext(call))
  if (errors.length + warnings.length > 0) {
    return { status: 400, body: { errorMessages: [...errors, ...warnings], warningMessages: [] } }
  }
  const found = run(query, searchable(call), jqlContext(call))
  const startAt = Number(request.startAt ?? 0)
  const maxResults = Math.min(100, Number(request.maxResults ?? 50))
  const fields = selectFields(allFields(call), request.fields as string[] | undefined, '*navigable')
  const expand = expandOf(request.expand)
  return ok({
    expand: 'names,schema',
    startAt,
    maxResults,
    total: found.length,
    issues: found
      .slice(startAt, startAt + maxResults)
      .map((issue) => issueView(reader(call), issue, { fields, expand, expandable: SEARCH_EXPAND })),
  })
}

export const searches = operations({
  searchAndReconsileIssuesUsingJql: (call) => search(call, call.query),
  searchAndReconsileIssuesUsingJqlPost: (call) => search(call, bodyOf(call) as SearchRequest),
  searchForIssuesUsingJql: (call) => legacySearch(call, call.query as Record<string, unknown>),
  searchForIssuesUsingJqlPost: (call) => legacySearch(call, bodyOf(call)),

  countIssues(call) {
    const query = parsed(String(bodyOf(call).jql ?? ''))
    if (!query.where) throw badRequest(UNBOUNDED)
    return ok({ count: run(query, searchable(call), jqlContext(call)).length })
  },

  matchIssues(call) {
    const body = bodyOf(call)
    const ids = idsOf(body.issueIds)
    const issues = searchable(call).filter((issue) => ids.includes(issue.id))
    const context = jqlContext(call)
    const matches = ((body.jqls ?? []) as string[]).map((jql) => {
      try {
        const matches = compile(parse(jql).where, context)
        return { matchedIssues: issues.filter(matches).map((issue) => Number(issue.id)), errors: [] }
      } catch (error) {
        if (!(error instanceof JqlSyntaxError)) throw error
        return { matchedIssues: [], errors: [error.message] }
      }
    })
    return ok({ matches })
  },

  getIssuePickerResource(call) {
    const { query = '', currentJQL, currentIssueKey, showSubTasks = true } = call.query
    const context = jqlContext(call)
    const words = query.toLowerCase()
    const fits = (issue: Issue) =>
      issue.key !== currentIssueKey &&
      (words === '' || issue.key.toLowerCase().includes(words) || issue.summary.toLowerCase().includes(words)) &&
      (showSubTasks || (call.tables.issueTypes.get(issue.typeId)?.hierarchyLevel ?? 0) >= 0)
    const user = call.caller.user
    const seen = user
      ? call.tables.issueViews
          .where('user', user.accountId)
          .reverse()
          .map((view) => view.issueId)
      : []
    const visible = searchable(call)
    const history = visible.filter((issue) => seen.includes(issue.id) && fits(issue)).slice(0, 20)
    const scope = currentJQL ? run(parsed(currentJQL), visible, context) : visible
    const current = scope.filter((issue) => words !== '' && fits(issue)).slice(0, 20)
    const look = reader(call)
    const view = (issue: Issue) => {
      const type = slimIssue(look, issue).fields.issuetype
      return {
        id: Number(issue.id),
        key: issue.key,
        keyHtml: bold(issue.key, query),
        img: type?.iconUrl ?? '',
        summary: bold(issue.summary, query),
        summaryText: issue.summary,
      }
    }
    const section = (id: string, label: string, rows: readonly Issue[]) =>
      rows.length > 0
        ? { label, sub: `Showing ${rows.length} of ${rows.length} matching issues`, id, issues: rows.map(view) }
        : { label, id, msg: 'No matching issues found', issues: [] }
    return ok({
      sections: [
        section('hs', 'History Search', history),
        ...(currentJQL !== undefined || words !== '' ? [section('cs', 'Current Search', current)] : []),
      ],
    })
  },
})

const bold = (text: string, part: string) => {
  const at = part === '' ? -1 : text.toLowerCase().indexOf(part.toLowerCase())
  return at < 0 ? text : `${text.slice(0, at)}<b>${text.slice(at, at + part.length)}</b>${text.slice(at + part.length)}`
}
