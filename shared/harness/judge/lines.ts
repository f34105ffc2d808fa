import { JOURNALS } from '../check/changes.ts'
import type { Output } from '../driver/driver.ts'
import type { DiffLine, EntryRecord, Evidence } from '../report/record.ts'
import { isNoise, leaves } from './leaves.ts'

/** Parts of the evidence. What people could read comes first: it holds the claims that the others confirm or refute. */
export const SECTIONS = ['messages', 'diff', 'calls', 'errors', 'reads'] as const
export type Section = (typeof SECTIONS)[number]

/** One line of evidence before it is cut to fit. */
export interface Line {
  /** `M3`, `P1`, `D2`, `L12` (entry 12 of the ledger), `S1`. */
  readonly ref: string
  /** The same thing as reports name it: `L12`, `D jira.issues 10019`; `undefined` for a line of the system's output. */
  readonly of: string | undefined
  readonly section: Section
  /** Kind of the row, or operation of the call. */
  readonly kind: string
  readonly content: Readonly<Record<string, unknown>>
}

/** Rows that are texts people read: their own section, in full. */
const TEXTS: Readonly<Record<string, (row: Row, names: Names) => Record<string, unknown>>> = {
  'slack.messages': ({ user, bot_profile, channel_name, text, thread_ts, ts, reactions, files }, names) => ({
    from: bot_profile ? `${(bot_profile as Row).name} (app)` : (names[String(user)] ?? user),
    in: channel_name ? `#${channel_name}` : undefined,
    ts,
    thread: thread_ts === ts ? undefined : thread_ts,
    text,
    reactions: Array.isArray(reactions) ? reactions.map(({ name }) => name) : undefined,
    files: Array.isArray(files) ? files.map(({ name }) => name) : undefined,
  }),
  'jira.comments': ({ author, body, ...row }) => ({
    from: (author as Row | undefined)?.displayName,
    on: row.issue,
    text: plainText(body),
  }),
  'drive.comments': ({ author, content }) => ({ from: (author as Row | undefined)?.displayName, text: content }),
}
type Row = Readonly<Record<string, unknown>>
type Names = Readonly<Record<string, string>>

/** The words of a text in Atlassian's document format. */
function plainText(node: unknown): string {
  if (typeof node === 'string') return node
  const { text, content } = (node ?? {}) as { text?: unknown; content?: unknown }
  if (typeof text === 'string') return text
  return Array.isArray(content) ? content.map(plainText).join(' ') : ''
}

/** Everything a run left, as lines of evidence in a fixed order. Journals the services keep of themselves are left out. */
export function linesOf({ entries, diff, names = {}, output }: Evidence): Line[] {
  const rows = diff.filter(({ kind }) => !JOURNALS.has(kind))
  const messages = rows
    .filter(({ kind, row }) => kind in TEXTS && row)
    .map((line, i) => message(line, i, entries, names))
  const said = new Map(messages.map(({ of, ref }) => [of, ref]))
  return [
    ...messages,
    ...entries.filter(({ kind }) => kind === 'act').map((entry, i) => act(entry, i, said)),
    ...rows.filter(({ kind, row }) => !(kind in TEXTS && row)).map(change),
    ...entries.filter(({ kind }) => kind === 'call' || kind === 'delivery').map((entry) => call(entry, entries, said)),
    ...outputLines(output),
  ]
}

function message(line: DiffLine, position: number, entries: readonly EntryRecord[], names: Names): Line {
  const row = line.row as Row
  const entry = entries.find(
    ({ kind, method, response }) => (kind === 'act' || method === 'POST') && made(response, row),
  )
  return {
    ref: `M${position + 1}`,
    of: entry ? `L${entry.seq}` : `D ${line.kind} ${line.id}`,
    section: 'messages',
    kind: line.kind,
    content: { ...(line.change === 'removed' ? { removed: true } : {}), ...TEXTS[line.kind]?.(row, names) },
  }
}

/** Whether a reply is the one that made this text. */
const made = (response: string | undefined, { ts, id }: Row) =>
  response?.includes(typeof ts === 'string' ? `"ts":"${ts}"` : `"id":"${id}"`) === true

function act({ seq, op, response }: EntryRecord, position: number, said: Map<string | undefined, string>): Line {
  const of = `L${seq}`
  const content = said.has(of) ? { wrote: said.get(of) } : { result: leaves(response, 12) }
  return { ref: `P${position + 1}`, of, section: 'messages', kind: op, content: { act: op, ...content } }
}

function change({ kind, id, label, change, fields, row }: DiffLine, position: number): Line {
  const content = row
    ? { is: leaves(row, 40) }
    : { fields: Object.fromEntries(fields.flatMap(({ path, from, to }) => fieldsOf(path, from, to))) }
  return {
    ref: `D${position + 1}`,
    of: `D ${kind} ${id}`,
    section: 'diff',
    kind,
    content: { kind, row: label ?? id, change, ...content },
  }
}

function fieldsOf(path: string, from: unknown, to: unknown): [string, unknown][] {
  return isNoise(path) ? [] : [[path, [leaves(from, 8) ?? null, leaves(to, 8) ?? null]]]
}

/** Status of a connection that was cut. */
const DROPPED = 599

function call(entry: EntryRecord, entries: readonly EntryRecord[], said: Map<string | undefined, string>): Line {
  const { seq, kind, op, method, path, status, request, response, rows, fault } = entry
  const of = `L${seq}`
  const at = { op, ...(method === 'GET' ? {} : { method }), path: decoded(path) }
  const line = { ref: of, of, kind: op }
  if (kind === 'delivery') return { ...line, section: 'reads', content: { delivered: op, status } }
  if (status >= 400 || refusedBySlack(response) || fault !== undefined) {
    const later = entries.find(
      (one) => one.seq > seq && one.op === op && one.status < 400 && !refusedBySlack(one.response),
    )
    const outcome = status === DROPPED ? 'no reply' : status
    const cause = {
      changed_rows: rows.length > 0,
      says: leaves(response, 6),
      later_ok: later ? `L${later.seq}` : undefined,
    }
    return {
      ...line,
      section: 'errors',
      content: { ...at, status: outcome, fault, ...cause, body: leaves(request?.body, 20) },
    }
  }
  if (rows.length === 0) return { ...line, section: 'reads', content: { ...at, status } }
  const sent = said.has(of) ? { wrote: said.get(of) } : { body: leaves(request?.body, 20) }
  return { ...line, section: 'calls', content: { ...at, status, ...sent } }
}

/** Slack says no with status 200. */
const refusedBySlack = (response: string | undefined) => response?.startsWith('{"ok":false') === true

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** What the system wrote, a line each: errors first. */
function outputLines({ stderr = '', stdout = '' }: Partial<Output> = {}): Line[] {
  const said = Object.entries({ stderr, stdout }).flatMap(([stream, text]) =>
    text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [[stream, line] as const])),
  )
  return said.map(([kind, text], position) => {
    return { ref: `S${position + 1}`, of: undefined, section: 'reads', kind, content: { [kind]: text } }
  })
}
