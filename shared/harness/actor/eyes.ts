import type { Multiverse } from '../../server/multiverse.ts'
import { FetchRequest } from '../../server/served.ts'
import { systemTables } from '../../universe/system.ts'
import { Table } from '../../universe/table.ts'
import type { Universe } from '../../universe/universe.ts'
import { PersonaError } from './ask.ts'

/** What somebody sees: for each service a list of things, as a person would tell them apart. */
export type Sight = Readonly<Record<string, readonly object[]>>

/** A GET of a service with the person's own credential. */
type Look = (path: string) => Promise<never>

interface Onlooker {
  readonly email: string
  /** ms: what was there before the story is background. */
  readonly since: number
}

/**
 * What a person sees in some services, read through the services' own API with a credential of theirs. It happens in a
 * throwaway fork, without faults and deliveries: looking leaves no trace.
 */
export async function look(
  multiverse: Multiverse,
  universe: Universe,
  services: readonly string[],
  onlooker: Onlooker,
): Promise<Sight> {
  const fork = multiverse.fork(universe)
  try {
    fork.faults.set([])
    fork.limits.plan = { enforce: false }
    const tasks = new Table(fork.store, systemTables.tasks)
    for (const { id } of tasks.all()) tasks.remove(id)
    const sight: Record<string, readonly object[]> = {}
    for (const service of services) {
      const see = EYES[service]
      if (!see) continue
      sight[service] = await see(await eyesOf(multiverse, fork, service, onlooker.email), onlooker)
    }
    return sight
  } finally {
    multiverse.delete(fork.id)
  }
}

/** Signs the person in. */
async function eyesOf(multiverse: Multiverse, universe: Universe, service: string, email: string): Promise<Look> {
  const { twin } = multiverse.app(service)
  const { result: authorization } = multiverse.run(universe, service, (moment) => twin.signIn?.(moment, email))
  if (authorization === undefined) throw new PersonaError(`${email} has no account in ${service}`)
  const base = `http://localhost/u/${universe.id}/${service}`
  return async (path) => {
    const [place = '/', search = ''] = path.split('?')
    const request = new FetchRequest(new Request(base + path, { headers: { authorization } }), base, place, search)
    const reply = await multiverse.serve(service, { universe, request })
    const body = (await reply.json()) as { ok?: boolean; error?: unknown }
    if (!reply.ok || body.ok === false)
      throw new PersonaError(
        `${email} cannot look at ${service}${place}: ${reply.status} ${JSON.stringify(body.error)}`,
      )
    return body as never
  }
}

const EYES: Readonly<Record<string, (look: Look, onlooker: Onlooker) => Promise<readonly object[]>>> = {
  slack: conversations,
  jira: issues,
  drive: files,
}

interface SlackMessage {
  readonly ts: string
  readonly thread_ts?: string
  readonly user?: string
  readonly bot_profile?: { readonly name: string }
  readonly text: string
  readonly reply_count?: number
  readonly latest_reply?: string
  readonly reactions?: readonly { readonly name: string; readonly users: readonly string[] }[]
}

interface SlackChannel {
  readonly id: string
  readonly name?: string
  readonly is_im?: boolean
  readonly user?: string
}

/** Messages shown of a conversation, and of a thread. */
const SHOWN = 20

/** The conversations a person is in: those in which something was said since the story began, with what came before. */
async function conversations(look: Look, { email, since }: Onlooker): Promise<object[]> {
  const { members } = (await look('/api/users.list?limit=1000')) as {
    members: { id: string; real_name?: string; name: string; profile: { email?: string } }[]
  }
  const names = new Map(members.map(({ id, real_name, name }) => [id, real_name ?? name]))
  const me = members.find(({ profile }) => profile.email === email)?.id
  const nameOf = (id = '') => (id === me ? 'you' : (names.get(id) ?? id))
  const readable = (text: string) =>
    text.replaceAll(/<@(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${nameOf(id)}`).replaceAll(/<#\w+\|([^>]*)>/g, '#$1')
  const started = String(since / 1000)
  const isNew = ({ ts, latest_reply }: SlackMessage) => ts >= started || (latest_reply ?? '') >= started
  const told = ({ ts, user, bot_profile, text, reactions }: SlackMessage, thread?: string) => ({
    ts,
    ...(thread && { thread_ts: thread }),
    from: bot_profile ? `${bot_profile.name} (app)` : nameOf(user),
    text: readable(text),
    ...(reactions && { reactions: reactions.map(({ name, users }) => `${name} by ${users.map(nameOf).join(', ')}`) }),
  })
  const { channels } = (await look(
    '/api/users.conversations?types=public_channel,private_channel,im,mpim&limit=200&exclude_archived=true',
  )) as { channels: SlackChannel[] }
  const seen: object[] = []
  for (const { id, name, is_im, user } of channels) {
    const { messages } = (await look(`/api/conversations.history?channel=${id}&limit=${SHOWN}`)) as {
      messages: SlackMessage[]
    }
    const lines: object[] = []
    for (const message of messages.toReversed()) {
      lines.push(told(message))
      if (!message.reply_count || !isNew(message)) continue
      const thread = (await look(`/api/conversations.replies?channel=${id}&ts=${message.ts}&limit=100`)) as {
        messages: SlackMessage[]
      }
      lines.push(
        ...thread.messages
          .slice(1)
          .slice(-SHOWN)
          .map((reply) => told(reply, message.ts)),
      )
    }
    const channel = is_im ? `direct messages with ${nameOf(user)}` : `#${name}`
    seen.push(messages.some(isNew) ? { channel, id, messages: lines } : { channel, id, nothing: 'new' })
  }
  return seen
}

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
async function issues(look: Look): Promise<object[]> {
  const jql = 'assignee = currentUser() OR reporter = currentUser() OR watcher = currentUser() ORDER BY updated DESC'
  const found = (await look(
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

/** The files somebody finds in Drive, newest first. */
async function files(look: Look): Promise<object[]> {
  const fields = 'files(id,name,mimeType,modifiedTime,owners(displayName))'
  const found = (await look(
    `/drive/v3/files?pageSize=${SHOWN}&orderBy=${encodeURIComponent('modifiedTime desc')}&fields=${encodeURIComponent(fields)}`,
  )) as {
    files: { id: string; name: string; mimeType: string; modifiedTime: string; owners?: { displayName: string }[] }[]
  }
  return found.files.map(({ owners, ...file }) => ({ ...file, owner: owners?.[0]?.displayName }))
}
