import { type Eyes, SHOWN } from './eyes.ts'

interface Issue {
  readonly key: string
  readonly fields: {
    readonly summary: string
    readonly status: { readonly name: string }
    readonly assignee: { readonly displayName: string } | null
    readonly comment?: { readonly comments: readonly { author: { displayName: string }; body: unknown }[] }
  }
}

/** A person's issues: what they have to do, reported or watch, newest change first. */
export async function jira(eyes: Eyes): Promise<object[]> {
  const jql = 'assignee = currentUser() OR reporter = currentUser() OR watcher = currentUser() ORDER BY updated DESC'
  const found = (await eyes.get(
    'jira',
    `/rest/api/3/search/jql?jql=${encodeURIComponent(jql)}&fields=summary,status,assignee,comment&maxResults=${SHOWN}`,
  )) as { issues: Issue[] }
  return found.issues.map(({ key, fields: { summary, status, assignee, comment } }) => ({
    issue: key,
    summary,
    status: status.name,
    assignee: assignee?.displayName ?? 'nobody',
    comments: (comment?.comments ?? []).slice(-5).map(({ author, body }) => `${author.displayName}: ${textOf(body)}`),
  }))
}

/** The words of a document in Atlassian's format. */
function textOf(node: unknown): string {
  const { text, content } = (node ?? {}) as { text?: string; content?: unknown[] }
  return text ?? (content ?? []).map(textOf).join(' ')
}
