import { createHmac } from 'node:crypto'
import type { DomainEvent } from '../../shared/kernel/call.ts'
import { type Site, webhookReader, ZONE } from './context.ts'
import { audit } from './rules/audit.ts'
import { allFields } from './rules/fields/registry.ts'
import { JqlSyntaxError } from './rules/jql/ast.ts'
import { compile } from './rules/jql/evaluate.ts'
import { parse } from './rules/jql/parser.ts'
import type { Issue, Webhook } from './tables.ts'
import { versionView } from './views/configuration.ts'
import { issueView, SEARCH_EXPAND } from './views/issue.ts'
import { commentView, worklogView } from './views/issue-parts.ts'
import { userView } from './views/people.ts'

interface Payload {
  readonly webhookEvent: string
  readonly body: object
  /** The issue the query of a webhook is tried on. */
  readonly issue?: Issue
  /** Fields that changed, for `fieldIdsFilter`. */
  readonly changed?: readonly string[]
  readonly flow?: 'Primary' | 'Secondary'
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** What happened, as webhooks tell it: version 2 of the API, times in milliseconds. */
function payloadsOf(event: DomainEvent, site: Site): Payload[] {
  const look = webhookReader(site)
  const issue = site.tables.issues.get(text(event.issueId) ?? '')
  const user = event.accountId ? { user: userView(look, text(event.accountId)) } : {}
  const full = (row: Issue) => issueView(look, row, { fields: allFields(site), expandable: SEARCH_EXPAND })
  switch (event.type) {
    case 'jira:issue_created':
    case 'jira:issue_updated': {
      if (!issue) return []
      const change = site.tables.changes.get(text(event.changeId) ?? '')
      const { expand: _, ...view } = full(issue)
      const body = {
        issue_event_type_name: event.eventType,
        ...user,
        issue: view,
        ...(change && { changelog: { id: change.id, items: change.items } }),
      }
      return [
        { webhookEvent: event.type, body, issue, ...(change && { changed: change.items.map((item) => item.fieldId) }) },
      ]
    }
    case 'jira:issue_deleted':
      return [{ webhookEvent: event.type, body: { ...user, issue: event.issue } }]
    case 'comment_created':
    case 'comment_updated':
    case 'comment_deleted': {
      const row = event.comment ?? site.tables.comments.get(text(event.commentId) ?? '')
      if (!issue || !row) return []
      const comment = commentView(look, row as Parameters<typeof commentView>[1])
      const slim = issueView(look, issue, {
        fields: allFields(site).filter((field) =>
          ['summary', 'issuetype', 'project', 'assignee', 'priority', 'status'].includes(field.id),
        ),
      })
      const own: Payload = {
        webhookEvent: event.type,
        body: {
          comment,
          issue: { id: slim.id, self: slim.self, key: slim.key, fields: 'fields' in slim ? slim.fields : {} },
        },
        issue,
      }
      if (event.type === 'comment_deleted') return [own]
      // A comment also counts as a change of the issue.
      const eventType = event.type === 'comment_created' ? 'issue_commented' : 'issue_comment_edited'
      const { expand: _, ...view } = full(issue)
      return [
        own,
        {
          webhookEvent: 'jira:issue_updated',
          body: { issue_event_type_name: eventType, ...user, issue: view, comment },
          issue,
        },
      ]
    }
    case 'worklog_created':
    case 'worklog_updated': {
      const row = site.tables.worklogs.get(text(event.worklogId) ?? '')
      return row
        ? [{ webhookEvent: event.type, body: { worklog: worklogView(look, row) }, ...(issue && { issue }) }]
        : []
    }
    default:
      return configurationPayload(event, site)
  }
}

/** Events of versions, sprints, boards, projects: the row that changed. */
function configurationPayload(event: DomainEvent, site: Site): Payload[] {
  const look = webhookReader(site)
  if (event.version)
    return [
      {
        webhookEvent: event.type,
        body: { version: versionView(look, event.version as Parameters<typeof versionView>[1]) },
      },
    ]
  const sprint = site.tables.sprints.get(String(event.sprintId ?? ''))
  if (sprint)
    return [
      {
        webhookEvent: event.type,
        body: {
          sprint: {
            id: sprint.id,
            name: sprint.name,
            state: sprint.state,
            originBoardId: sprint.boardId,
            goal: sprint.goal ?? '',
          },
        },
      },
    ]
  const project = site.tables.projects.get(text(event.projectId) ?? '')
  if (project)
    return [
      { webhookEvent: event.type, body: { project: { id: Number(project.id), key: project.key, name: project.name } } },
    ]
  return []
}

function wants(hook: Webhook, payload: Payload, site: Site): boolean {
  if (
    !hook.enabled ||
    !hook.events.includes(payload.webhookEvent) ||
    (hook.expires !== undefined && hook.expires <= site.now)
  )
    return false
  if (hook.fieldIds?.length && payload.changed && !payload.changed.some((id) => hook.fieldIds?.includes(id)))
    return false
  if (!hook.jql || !payload.issue) return true
  try {
    return compile(parse(hook.jql).where, { site, user: site.tables.users.get(hook.ownerId), zone: ZONE })(
      payload.issue,
    )
  } catch (error) {
    if (error instanceof JqlSyntaxError) return false
    throw error
  }
}

const MINUTE = 60_000
const RETRIES = [5, 10, 15, 15, 15].map((minutes) => minutes * MINUTE)

/** `${issue.key}` and its kin in the address of a webhook. */
function addressed(url: string, payload: Payload): string {
  const values: Record<string, string | undefined> = {
    'issue.id': payload.issue?.id,
    'issue.key': payload.issue?.key,
    'project.id': payload.issue?.projectId,
  }
  return url.replace(/\$?\{([\w.]+)\}/g, (whole, name: string) => values[name] ?? whole)
}

/** Tells the webhooks and the audit log of an event. */
export function react(event: DomainEvent, site: Site): void {
  audit(event, site)
  const hooks = site.tables.webhooks.all()
  if (hooks.length === 0) return
  for (const payload of payloadsOf(event, site)) {
    for (const hook of hooks.filter((candidate) => wants(candidate, payload, site))) deliver(hook, payload, site)
  }
}

function deliver(hook: Webhook, payload: Payload, site: Site): void {
  const content = {
    timestamp: site.now,
    webhookEvent: payload.webhookEvent,
    ...payload.body,
    ...(hook.kind === 'dynamic' && { matchedWebhookIds: [hook.id] }),
  }
  const body = hook.excludeBody ? '' : JSON.stringify(content)
  site.deliver({
    url: addressed(hook.url, payload),
    kind: 'webhook',
    body,
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      'user-agent': 'Atlassian Webhook HTTP Client',
      'x-atlassian-webhook-identifier': site.random.uuid(),
      'x-atlassian-webhook-flow': payload.flow ?? 'Primary',
      ...(hook.secret && {
        'x-hub-signature': `sha256=${createHmac('sha256', hook.secret).update(body).digest('hex')}`,
      }),
    },
    retries: RETRIES,
  })
}
