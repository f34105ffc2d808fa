import { ok } from '../../../shared/kernel/reply.ts'
import type { JiraCall } from '../context.ts'
import { badRequest, payloadError } from '../errors.ts'
import { JqlSyntaxError } from '../rules/jql/ast.ts'
import { check } from '../rules/jql/check.ts'
import { jqlField, jqlFields } from '../rules/jql/fields.ts'
import { FUNCTIONS } from '../rules/jql/functions.ts'
import { parse } from '../rules/jql/parser.ts'
import { encode, print, structure } from '../rules/jql/print.ts'
import { RESERVED_WORDS } from '../rules/jql/reserved.ts'
import { canBrowse } from '../rules/permissions.ts'
import { operations } from './define.ts'
import { jqlContext } from './search.ts'
import { bodyOf } from './shared.ts'
import { emphasised } from './users.ts'

/** Java types of fields, as the query builder wants them. */
const TYPES: Readonly<Record<string, string>> = {
  row: 'java.lang.Object',
  text: 'java.lang.String',
  date: 'java.util.Date',
  number: 'java.lang.Number',
  word: 'java.lang.String',
  key: 'com.atlassian.jira.issue.Issue',
}

/** Fields, functions and reserved words. The booleans are strings on the wire. */
function autocompleteData(call: JiraCall) {
  return {
    visibleFieldNames: jqlFields(call).map((field) => ({
      value: encode(field.custom ? `cf[${field.custom.custom?.number}]` : field.name).replace(/^"(cf\[\d+\])"$/, '$1'),
      displayName: field.custom ? `${field.name} - cf[${field.custom.custom?.number}]` : field.name,
      orderable: String(field.orderable),
      searchable: 'true',
      ...((field.type === 'row' || field.type === 'word') && { auto: 'true' }),
      ...(field.custom && { cfid: `cf[${field.custom.custom?.number}]` }),
      operators: field.operators,
      types: [TYPES[field.type]],
    })),
    visibleFunctionNames: FUNCTIONS.map((known) => ({
      value: `${known.name}(${known.least > 0 ? '""' : ''})`,
      displayName: `${known.name}(${known.least > 0 ? '""' : ''})`,
      ...(known.isList && { isList: 'true' }),
      types: known.types,
    })),
    jqlReservedWords: RESERVED_WORDS,
  }
}

/** What a field's value could go on to be. */
function valuesOf(call: JiraCall, name: string): readonly { value: string; shown: string }[] {
  const { tables } = call
  const named = (rows: readonly { readonly name: string }[]) =>
    [...new Set(rows.map((row) => row.name))].map((value) => ({ value: encode(value), shown: value }))
  const field = jqlField(call, name)
  switch (field?.id) {
    case 'project':
      return tables.projects
        .all()
        .filter((project) => canBrowse(call, call.caller.user, project))
        .map((project) => ({ value: encode(project.key), shown: `${project.name} (${project.key})` }))
    case 'status':
      return named(tables.statuses.all())
    case 'issuetype':
      return named(tables.issueTypes.all())
    case 'priority':
      return named([...tables.priorities.scan('order')])
    case 'resolution':
      return [{ value: 'Unresolved', shown: 'Unresolved' }, ...named(tables.resolutions.all())]
    case 'components':
      return named(tables.components.all())
    case 'fixVersions':
    case 'versions':
      return named(tables.versions.all())
    case 'labels':
      return [...new Set(tables.issues.all().flatMap((issue) => issue.labels))]
        .sort()
        .map((label) => ({ value: encode(label), shown: label }))
    case 'assignee':
    case 'reporter':
    case 'creator':
    case 'watcher':
    case 'voter':
      return tables.users
        .all()
        .filter((user) => user.active)
        .map((user) => ({ value: encode(user.accountId), shown: user.displayName }))
    default:
      if (field?.custom?.schema?.items === 'json')
        return tables.sprints.all().map((sprint) => ({ value: String(sprint.id), shown: sprint.name }))
      if (field?.custom)
        return tables.fieldOptions
          .where('field', field.id)
          .map((option) => ({ value: encode(option.value), shown: option.value }))
      return []
  }
}

export const jql = operations({
  getAutoComplete: (call) => ok(autocompleteData(call)),
  getAutoCompletePost: (call) => ok(autocompleteData(call)),
  getFieldAutoCompleteForQueryString(call) {
    const { fieldName = '', fieldValue = '', predicateName, predicateValue = '' } = call.query
    if (!fieldName && !predicateName) throw badRequest('The field name must be provided.')
    const words = (predicateName ? predicateValue : fieldValue).toLowerCase()
    const rows = valuesOf(call, predicateName === 'by' ? 'assignee' : fieldName)
    const found = rows.filter(({ shown }) => shown.toLowerCase().includes(words)).slice(0, 15)
    return ok({ results: found.map(({ value, shown }) => ({ value, displayName: emphasised(shown, words) })) })
  },

  /** Never fails for a query: each has its structure or its errors. */
  parseJqlQueries(call) {
    const { queries } = bodyOf(call)
    if (!Array.isArray(queries) || queries.length === 0) throw badRequest('At least one query must be provided.')
    const { validation = 'strict' } = call.query
    return ok({
      queries: queries.map((text) => {
        const query = String(text)
        try {
          const parsed = parse(query)
          const found = validation === 'none' ? { errors: [], warnings: [] } : check(parsed, jqlContext(call))
          if (validation === 'warn') {
            const warnings = [...found.errors, ...found.warnings]
            return { query, structure: structure(parsed), ...(warnings.length > 0 && { warnings }) }
          }
          if (found.errors.length > 0)
            return { query, errors: found.errors, ...(found.warnings.length > 0 && { warnings: found.warnings }) }
          return { query, structure: structure(parsed), ...(found.warnings.length > 0 && { warnings: found.warnings }) }
        } catch (error) {
          if (!(error instanceof JqlSyntaxError)) throw error
          return { query, errors: [error.message] }
        }
      }),
    })
  },
  migrateQueries: (call) => ok({ queryStrings: bodyOf(call).queryStrings ?? [], queriesWithUnknownUsers: [] }),
  sanitiseJqlQueries(call) {
    const rows = (bodyOf(call).queries ?? []) as { query: string; accountId?: string | null }[]
    if (rows.some(({ query }) => typeof query !== 'string')) throw payloadError()
    return ok({
      queries: rows.map(({ query, accountId }) => {
        const who = accountId ? { accountId } : { accountId: null }
        try {
          return { initialQuery: query, sanitizedQuery: print(parse(query)), ...who }
        } catch (error) {
          if (!(error instanceof JqlSyntaxError)) throw error
          return { initialQuery: query, errors: { errorMessages: [error.message], errors: {} }, ...who }
        }
      }),
    })
  },
})
