import type { OktaContext } from '../operations/define.ts'
import type { App } from '../tables/applications.ts'
import type { User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { appScope } from './appScope.ts'
import { matchesFilter } from './claims.ts'
import { ExpressionError, evaluate, parseExpression, type Scope } from './expression.ts'
import type { SamlAttribute } from './samlResponse.ts'

type Context = Pick<OktaContext, 'tables' | 'now'>

const UNSPECIFIED = 'urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified'

/** The user name that an app knows somebody by is `user.userName` in its SAML settings, as well as `appuser.userName`. */
function samlScope(context: Context, app: App, user: User): Scope {
  const scope = appScope(context, app, user)
  const { user: person, appuser } = scope.names as { user: Json; appuser: Json }
  const named = { ...person, userName: appuser.userName }
  return { ...scope, names: { ...scope.names, user: named, source: named } }
}

/** Who the assertion is about: the template of the app's settings, by default the user name at the app. */
export function nameIdFor(context: Context, app: App, user: User, template: unknown): string {
  const scope = samlScope(context, app, user)
  const given = typeof template === 'string' && template !== '' ? template : 'user.userName'
  if (!given.includes('${')) return valuesOf(given, scope)[0] ?? given
  return given.replace(/\$\{([^}]+)\}/g, (_whole, expression: string) => valuesOf(expression, scope)[0] ?? '')
}

/** `attributeStatements`: each an expression, or the groups a filter lets through. What has no value is not said. */
export function attributesFor(context: Context, app: App, user: User, statements: readonly Json[]): SamlAttribute[] {
  const scope = samlScope(context, app, user)
  return statements
    .map((statement) => ({
      name: String(statement.name),
      format: typeof statement.namespace === 'string' ? statement.namespace : UNSPECIFIED,
      values: statement.type === 'GROUP' ? groupNames(scope, statement) : expressions(scope, statement),
    }))
    .filter(({ values }) => values.length > 0)
}

const groupNames = (scope: Scope, { filterType, filterValue }: Json): string[] =>
  scope.groups.map(({ name }) => name).filter((name) => matchesFilter(name, String(filterType), String(filterValue)))

const expressions = (scope: Scope, { values }: Json): string[] =>
  (Array.isArray(values) ? values : []).flatMap((value) => valuesOf(String(value).replace(/^\$\{(.+)\}$/, '$1'), scope))

function valuesOf(expression: string, scope: Scope): string[] {
  try {
    return [evaluate(parseExpression(expression), scope)]
      .flat()
      .filter((value) => value !== undefined && value !== null && value !== '')
      .map(String)
  } catch (error) {
    if (error instanceof ExpressionError) return []
    throw error
  }
}
