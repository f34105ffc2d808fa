import { accepted, created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, requireAdmin, signedIn } from '../context.ts'
import { badRequest, forbidden, notFound } from '../errors.ts'
import { idsOf, pageBean } from '../paging.ts'
import type { Clause } from '../rules/jql/ast.ts'
import { JqlSyntaxError } from '../rules/jql/ast.ts'
import { parse } from '../rules/jql/parser.ts'
import type { User, Webhook } from '../tables.ts'
import { NOT_AN_APP } from './app-only.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

const LIFE = 30 * 86_400_000
const PER_USER = 5

/** Dynamic webhooks belong to apps: calls by OAuth. */
function app(call: JiraCall): User {
  const user = signedIn(call)
  if (call.caller.token?.kind !== 'access') throw forbidden(NOT_AN_APP)
  return user
}

const CLAUSES = [
  'issuekey',
  'key',
  'project',
  'issuetype',
  'type',
  'status',
  'assignee',
  'reporter',
  'priority',
  'issue.property',
]

/** Webhook filters know few clauses: `The clause watchCount is unsupported`. */
function filterErrors(jql: string): string[] {
  const errors: string[] = []
  const walk = (clause: Clause): void => {
    if (clause.kind === 'not') walk(clause.clause)
    else if (clause.kind !== 'condition') clause.clauses.forEach(walk)
    else if (
      !clause.field.property &&
      !CLAUSES.includes(clause.field.name.toLowerCase()) &&
      !clause.field.name.startsWith('cf[')
    )
      errors.push(`The clause ${clause.field.name} is unsupported`)
    else if (!['=', '!=', 'in', 'not in'].includes(clause.operator))
      errors.push(`The operator ${clause.operator} is unsupported`)
  }
  try {
    const { where } = parse(jql)
    if (where) walk(where)
  } catch (error) {
    if (!(error instanceof JqlSyntaxError)) throw error
    errors.push(error.message)
  }
  return errors
}

const own = (call: JiraCall, user: User): Webhook[] =>
  [...call.tables.webhooks.scan('id')].filter((hook) => hook.kind === 'dynamic' && hook.ownerId === user.accountId)

const adminView = (call: JiraCall, hook: Webhook) => ({
  name: hook.name,
  url: hook.url,
  excludeBody: hook.excludeBody ?? false,
  filters: { 'issue-related-events-section': hook.jql },
  events: hook.events,
  enabled: hook.enabled,
  self: call.link(`/rest/webhooks/1.0/webhook/${hook.id}`),
  lastUpdatedUser: hook.ownerId,
  lastUpdatedDisplayName: call.tables.users.get(hook.ownerId)?.displayName,
  lastUpdated: hook.updated,
  isSigned: hook.secret !== undefined,
})

function adminHook(call: JiraCall, id: string): Webhook {
  requireAdmin(call)
  const hook = call.tables.webhooks.get(id)
  if (hook?.kind !== 'admin') throw notFound(`Webhook with id ${id} does not exist.`)
  return hook
}

function adminChange(call: JiraCall, before?: Webhook) {
  const user = requireAdmin(call)
  const { name, url, events, filters, excludeBody, secret, enabled } = bodyOf(call) as {
    name?: string
    url?: string
    events?: string[]
    filters?: Record<string, string>
    excludeBody?: boolean
    secret?: string
    enabled?: boolean
  }
  const [wantedName, wantedUrl] = [name ?? before?.name, url ?? before?.url]
  if (!wantedName) throw badRequest('The name of the webhook must be provided.')
  if (!wantedUrl || !/^https?:\/\/\S+$/.test(wantedUrl)) throw badRequest('The URL of the webhook is invalid.')
  const kept = secret ?? before?.secret
  return {
    kind: 'admin' as const,
    ownerId: user.accountId,
    name: wantedName,
    url: wantedUrl,
    events: events ?? before?.events ?? [],
    jql: filters?.['issue-related-events-section'] ?? before?.jql ?? '',
    excludeBody: excludeBody ?? before?.excludeBody ?? false,
    enabled: enabled ?? before?.enabled ?? true,
    updated: call.now,
    ...(kept && { secret: kept }),
  }
}

export const webhooks = operations({
  registerDynamicWebhooks(call) {
    const user = app(call)
    const { url, webhooks: given } = bodyOf(call) as {
      url?: string
      webhooks?: {
        jqlFilter?: string
        events?: string[]
        fieldIdsFilter?: string[]
        issuePropertyKeysFilter?: string[]
      }[]
    }
    if (!url || !/^https?:\/\/\S+$/.test(url) || !given?.length)
      throw badRequest('The URL and the webhooks must be provided.')
    const webhookRegistrationResult = given.map(
      ({ jqlFilter = '', events = [], fieldIdsFilter, issuePropertyKeysFilter }) => {
        const errors = filterErrors(jqlFilter)
        if (events.length === 0) errors.push('At least one event must be provided.')
        if (own(call, user).length >= PER_USER) errors.push('The maximum number of webhooks has been reached.')
        if (errors.length > 0) return { errors }
        const hook = call.tables.webhooks.insert({
          id: call.sequence('jira.webhook'),
          kind: 'dynamic',
          ownerId: user.accountId,
          url,
          events,
          jql: jqlFilter,
          enabled: true,
          expires: call.now + LIFE,
          updated: call.now,
          ...(fieldIdsFilter && { fieldIds: fieldIdsFilter }),
          ...(issuePropertyKeysFilter && { propertyKeys: issuePropertyKeysFilter }),
        })
        return { createdWebhookId: hook.id }
      },
    )
    return ok({ webhookRegistrationResult })
  },
  getDynamicWebhooksForApp(call) {
    const rows = own(call, app(call))
    return ok(
      pageBean(
        call,
        rows,
        (hook) => ({
          id: hook.id,
          jqlFilter: hook.jql,
          ...(hook.fieldIds && { fieldIdsFilter: hook.fieldIds }),
          ...(hook.propertyKeys && { issuePropertyKeysFilter: hook.propertyKeys }),
          events: hook.events,
          expirationDate: hook.expires,
          url: hook.url,
        }),
        100,
      ),
    )
  },
  deleteWebhookById(call) {
    const ids = own(call, app(call)).map((hook) => String(hook.id))
    for (const id of idsOf(bodyOf(call).webhookIds)) if (ids.includes(id)) call.tables.webhooks.remove(id)
    return accepted()
  },
  refreshWebhooks(call) {
    const ids = own(call, app(call)).map((hook) => String(hook.id))
    const expirationDate = call.now + LIFE
    for (const id of idsOf(bodyOf(call).webhookIds))
      if (ids.includes(id)) call.tables.webhooks.patch(id, { expires: expirationDate })
    return ok({ expirationDate })
  },
  getFailedWebhooks(call) {
    app(call)
    return ok({ values: [], maxResults: 100 })
  },

  'dtu.listAdminWebhooks': (call) => {
    requireAdmin(call)
    return ok(
      [...call.tables.webhooks.scan('id')].filter((hook) => hook.kind === 'admin').map((hook) => adminView(call, hook)),
    )
  },
  'dtu.createAdminWebhook': (call) =>
    created(adminView(call, call.tables.webhooks.insert({ id: call.sequence('jira.webhook'), ...adminChange(call) }))),
  'dtu.getAdminWebhook': (call) => ok(adminView(call, adminHook(call, call.params.webhookId))),
  'dtu.updateAdminWebhook': (call) => {
    const hook = adminHook(call, call.params.webhookId)
    return ok(adminView(call, call.tables.webhooks.replace({ id: hook.id, ...adminChange(call, hook) })))
  },
  'dtu.deleteAdminWebhook': (call) => {
    call.tables.webhooks.remove(String(adminHook(call, call.params.webhookId).id))
    return noContent()
  },
})
