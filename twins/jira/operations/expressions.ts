import { ok } from '../../../shared/kernel/reply.ts'
import type { JiraCall } from '../context.ts'
import { badRequest } from '../errors.ts'
import { expandOf } from '../paging.ts'
import { sprintOf } from '../rules/agile.ts'
import { checked, complexity, typeOf, unknownNames } from '../rules/expressions/analyse.ts'
import { EvaluationError } from '../rules/expressions/ast.ts'
import { boardBean, issueBean, projectBean, sprintBean, userBean } from '../rules/expressions/beans.ts'
import { type Cost, EXPENSIVE_LIMIT, evaluate, STEP_LIMIT } from '../rules/expressions/evaluate.ts'
import { toJson } from '../rules/expressions/values.ts'
import { isObject } from '../rules/fields/values.ts'
import { visibleIssue, visibleProject } from '../rules/issues/find.ts'
import { check } from '../rules/jql/check.ts'
import { run } from '../rules/jql/evaluate.ts'
import { nextToken, readToken } from '../rules/jql/token.ts'
import { operations } from './define.ts'
import { jqlContext, parsed, searchable } from './search.ts'
import { bodyOf, text } from './shared.ts'

const ISSUE_LIMIT = 1000
const PRIMITIVE_LIMIT = 10_000

/** Which page of a query's issues: by position, or by token. */
type Paging = 'position' | 'token'

function issuesOf(call: JiraCall, given: Record<string, unknown>, paging: Paging) {
  const jql = text(given.query)
  const query = parsed(jql)
  const { errors } = check(query, jqlContext(call))
  if (errors.length > 0 && given.validation !== 'none' && given.validation !== 'warn') throw badRequest(...errors)
  const found = run(query, searchable(call), jqlContext(call))
  const size = Math.min(ISSUE_LIMIT, Number(given.maxResults ?? 100))
  const token = given.nextPageToken ? readToken(text(given.nextPageToken), jql, call.now) : 0
  if (token === undefined) throw badRequest('The provided next page token is invalid or expired.')
  const startAt = paging === 'token' ? token : Number(given.startAt ?? 0)
  const page = found.slice(startAt, startAt + size)
  const end = startAt + page.length
  const isLast = end >= found.length
  const meta =
    paging === 'token'
      ? { nextPageToken: isLast ? '' : nextToken(end, jql, call.now), isLast }
      : { startAt, maxResults: size, count: page.length, totalCount: found.length, validationWarnings: errors }
  return { beans: page.map((issue) => issueBean(call, issue)), meta }
}

/** A custom variable: a user, an issue, or any JSON. */
function variable(call: JiraCall, given: unknown): unknown {
  if (Array.isArray(given)) return given.map((item) => variable(call, item))
  if (!isObject(given)) return given
  if (given.type === 'user') return userBean(call, text(given.accountId))
  if (given.type === 'issue') return issueBean(call, visibleIssue(call, text(given.key ?? given.id)))
  return given.value ?? null
}

/** The names an expression may use, of what the request's context gives. */
function scopeOf(call: JiraCall, context: Record<string, unknown>, paging: Paging) {
  const named = (part: unknown) => (isObject(part) ? text(part.key ?? part.id) : undefined)
  const [issue, project] = [named(context.issue), named(context.project)]
  const jql = isObject(context.issues) && isObject(context.issues.jql) ? context.issues.jql : undefined
  const issues = jql && issuesOf(call, jql, paging)
  const custom = isObject(context.custom) ? Object.entries(context.custom) : []
  const scope = {
    user: userBean(call, call.caller.user?.accountId),
    ...(issue !== undefined && { issue: issueBean(call, visibleIssue(call, issue)) }),
    ...(project !== undefined && { project: projectBean(call, visibleProject(call, project)) }),
    ...(typeof context.sprint === 'number' && { sprint: sprintBean(call, sprintOf(call, context.sprint)) }),
    ...(typeof context.board === 'number' && { board: boardBean(call, context.board) }),
    ...(issues && { issues: issues.beans }),
    ...Object.fromEntries(custom.map(([name, given]) => [name, variable(call, given)])),
  }
  return { scope, meta: issues?.meta }
}

const primitives = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce((sum: number, item) => sum + primitives(item), 0)
    : 1

const costView = (cost: Cost, value: unknown) => ({
  steps: { value: cost.steps, limit: STEP_LIMIT },
  expensiveOperations: { value: cost.expensive, limit: EXPENSIVE_LIMIT },
  beans: { value: cost.beans, limit: ISSUE_LIMIT },
  primitiveValues: { value: primitives(value), limit: PRIMITIVE_LIMIT },
})

function answer(call: JiraCall, paging: Paging) {
  const { expression, context } = bodyOf(call)
  const source = text(expression)
  const { node, errors } = checked(source)
  if (!node || errors.length > 0) throw badRequest(...errors.map((error) => error.message))
  const { scope, meta } = scopeOf(call, isObject(context) ? context : {}, paging)
  const cost: Cost = { steps: 0, expensive: 0, beans: 0 }
  try {
    const value = toJson(evaluate(node, scope, call.now, cost))
    const detailed = expandOf((call.query as { expand?: string }).expand).includes('meta.complexity')
    const shown = {
      ...(detailed && { complexity: costView(cost, value) }),
      ...(meta && { issues: { jql: meta } }),
    }
    return ok({ value, ...(Object.keys(shown).length > 0 && { meta: shown }) })
  } catch (error) {
    if (error instanceof EvaluationError) throw badRequest(`Evaluation failed: "${source}" - ${error.message}`)
    throw error
  }
}

/** Names Jira may give an expression anywhere. */
const CONTEXT = ['user', 'app', 'issue', 'issues', 'project', 'sprint', 'board', 'serviceDesk', 'customerRequest']

/** Jira expressions: what they are worth, and whether they could be. */
export const expressions = operations({
  evaluateJiraExpression: (call) => answer(call, 'position'),
  evaluateJSISJiraExpression: (call) => answer(call, 'token'),
  analyseExpression(call) {
    const { expressions, contextVariables } = bodyOf(call)
    const known = new Set([...CONTEXT, ...Object.keys(isObject(contextVariables) ? contextVariables : {})])
    const rows = (Array.isArray(expressions) ? expressions : []).map((given) => {
      const expression = text(given)
      const { node, errors } = checked(expression)
      const unknown = node && call.query.check === 'type' ? unknownNames(node, known) : []
      const all = [
        ...errors,
        ...unknown.map((name) => ({
          message: `Unrecognized identifier: "${name}"`,
          type: 'type' as const,
          expression: name,
        })),
      ]
      return {
        expression,
        valid: all.length === 0,
        ...(all.length > 0 && { errors: all }),
        ...(node && call.query.check === 'type' && { type: typeOf(node) }),
        ...(node && call.query.check === 'complexity' && { complexity: complexity(node) }),
      }
    })
    return ok({ results: rows })
  },
})
