import type { SlackMoment } from '../caller.ts'
import { fail, invalidArguments } from '../errors.ts'
import { newBlockId } from '../ids.ts'
import type { Json } from '../tables.ts'
import { type Arguments, json, strictJson, text } from './arguments.ts'
import { messageIssues } from './blocks/blocks.ts'
import { type Issue, sentence } from './blocks/check.ts'
import { normaliseBlocks } from './blocks/normalise.ts'
import { markdownToMrkdwn, storedText } from './mrkdwn.ts'
import { blocksText, richText } from './richText.ts'

/** What a message says: the part of posting, updating, scheduling and streaming that is the same for all of them. */
export interface Content {
  readonly text: string
  readonly blocks?: readonly Json[]
  readonly attachments?: readonly Json[]
  readonly metadata?: Json
  readonly warnings: readonly string[]
}

export const MAX_TEXT = 40_000
const MAX_MARKDOWN = 12_000
const MAX_ATTACHMENTS = 100
const MAX_METADATA = 8000

/** Refuses blocks with both lists of reasons, as recorded: `errors` bare, `response_metadata.messages` with a level. */
export const refuseBlocks = (error: string, issues: readonly Issue[]) => {
  const errors = issues.map(sentence)
  return fail(error, { errors, response_metadata: { messages: errors.map((message) => `[ERROR] ${message}`) } })
}

export function readBlocks(value: unknown): readonly unknown[] | undefined {
  const parsed = strictJson(value, 'invalid_blocks_format')
  if (parsed === undefined) return undefined
  if (!Array.isArray(parsed)) throw fail('invalid_blocks_format')
  const issues = messageIssues(parsed)
  if (issues.length > 0) throw refuseBlocks('invalid_blocks', issues)
  const tables = parsed.filter((block) => (block as Json).type === 'table').length
  if (tables > 1) throw fail('invalid_attachments', { errors: ['only_one_table_allowed'] })
  return parsed
}

function readAttachments(value: unknown, moment: SlackMoment): Json[] | undefined {
  const parsed = strictJson(value, 'invalid_attachments')
  if (parsed === undefined || typeof parsed === 'boolean') return undefined
  if (!Array.isArray(parsed)) throw fail('invalid_attachments')
  if (parsed.length > MAX_ATTACHMENTS) throw fail('too_many_attachments')
  return parsed.map((attachment: unknown, i) => {
    if (typeof attachment !== 'object' || attachment === null) throw fail('invalid_attachments')
    return attachmentRow(attachment as Json, i, moment)
  })
}

/** An attachment as stored: numbered from 1, with a fallback, a colour without `#`. */
function attachmentRow(attachment: Json, position: number, moment: SlackMoment): Json {
  const { blocks, color, fallback, mrkdwn_in, actions, ...rest } = attachment
  const parsed = Array.isArray(blocks) ? blocks : undefined
  if (parsed) {
    const issues = messageIssues(parsed, `/attachments/${position}/blocks`)
    if (issues.length > 0) throw refuseBlocks('invalid_attachments', issues)
  }
  if (Array.isArray(actions) && actions.length > 0 && typeof rest.callback_id !== 'string') {
    throw fail('invalid_attachments')
  }
  return {
    id: position + 1,
    ...(typeof color === 'string' ? { color: COLOURS[color] ?? color.replace(/^#/, '') } : {}),
    fallback: fallback ?? fallbackOf(attachment),
    ...rest,
    ...(parsed ? { blocks: normaliseBlocks(parsed, moment.random) } : {}),
    ...(Array.isArray(actions)
      ? { actions: actions.map((action: Json, i) => ({ id: String(i + 1), ...action })) }
      : {}),
    ...(mrkdwn_in ? { mrkdwn_in } : rest.text ? { mrkdwn_in: ['text'] } : {}),
  }
}

const COLOURS: Readonly<Record<string, string>> = { good: '2eb886', warning: 'daa038', danger: 'a30200' }

const fallbackOf = ({ title, text: body, pretext }: Json): string =>
  [title, body, pretext].find((part): part is string => typeof part === 'string' && part !== '') ??
  '[no preview available]'

function readMetadata(value: unknown): Json | undefined {
  const parsed = strictJson(value, 'invalid_metadata_format')
  if (parsed === undefined) return undefined
  if (typeof parsed !== 'object' || Array.isArray(parsed)) throw fail('invalid_metadata_format')
  const metadata = parsed as Json
  if (Object.keys(metadata).length === 0 || metadata.entities !== undefined) return metadata
  const { event_type: type, event_payload: payload } = metadata
  if (typeof type !== 'string' || typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    throw fail('invalid_metadata_format')
  }
  if (JSON.stringify(metadata).length > MAX_METADATA) throw fail('metadata_too_large')
  return metadata
}

/**
 * Reads what a message says from a call's arguments.
 *
 * @throws `no_text`, `invalid_blocks` with pointers, `invalid_blocks_format`, `invalid_attachments`,
 * `too_many_attachments`, `markdown_text_conflict`, `invalid_metadata_format`, `metadata_too_large`
 */
export function readContent(args: Arguments, moment: SlackMoment, name: MentionFinder): Content {
  const markdown = text(args.markdown_text)
  const given = text(args.text)
  const blocks = readBlocks(args.blocks)
  if (markdown !== undefined)
    return markdownContent(markdown, given !== undefined || blocks !== undefined, args, moment)
  const attachments = readAttachments(args.attachments, moment)
  const metadata = readMetadata(args.metadata)
  if (given === undefined && !blocks?.length && !attachments?.length) throw fail('no_text')
  const warnings = given !== undefined && given.length > MAX_TEXT ? ['message_truncated'] : []
  const rows = blocks?.length ? normaliseBlocks(blocks, moment.random) : undefined
  const parse = text(args.parse)
  const stored =
    given === undefined
      ? blocksText(rows ?? [])
      : storedText(given.slice(0, MAX_TEXT), {
          ...(parse ? { parse } : {}),
          name: (sign, word) => name(sign, word, args),
        })
  return {
    text: stored,
    ...(rows ? { blocks: rows } : given === undefined ? {} : { blocks: [richText(stored, newBlockId(moment.random))] }),
    ...(attachments?.length ? { attachments } : {}),
    ...(metadata ? { metadata } : {}),
    warnings,
  }
}

/** Finds what `@name` and `#name` in a text stand for. */
export type MentionFinder = (sign: '@' | '#', word: string, args: Arguments) => string | undefined

function markdownContent(markdown: string, conflict: boolean, args: Arguments, moment: SlackMoment): Content {
  if (conflict) throw fail('markdown_text_conflict')
  if (markdown.length > MAX_MARKDOWN) throw fail('msg_too_long')
  const metadata = readMetadata(args.metadata)
  const stored = storedText(markdownToMrkdwn(markdown))
  return {
    text: stored,
    blocks: [richText(stored, newBlockId(moment.random))],
    ...(metadata ? { metadata } : {}),
    warnings: [],
  }
}

/** What an update changes: absent arguments keep what is there, empty lists clear it. */
export function readUpdate(
  args: Arguments,
  moment: SlackMoment,
  name: MentionFinder,
): Partial<Content> & { warnings: readonly string[] } {
  const attachments = readAttachments(args.attachments, moment)
  const metadata = readMetadata(args.metadata)
  const blocks = readBlocks(args.blocks)
  const kept = { ...(attachments ? { attachments } : {}), ...(metadata ? { metadata } : {}), warnings: [] }
  if (text(args.text) === undefined && text(args.markdown_text) === undefined) {
    if (!blocks) {
      if (!attachments && args.metadata === undefined && args.file_ids === undefined) throw fail('no_text')
      return kept
    }
    if (blocks.length === 0 && !attachments?.length) throw fail('no_text')
    const rows = normaliseBlocks(blocks, moment.random)
    return { ...kept, text: blocksText(rows), blocks: rows }
  }
  const {
    attachments: _,
    metadata: __,
    ...content
  } = readContent({ ...args, attachments: undefined, metadata: undefined }, moment, name)
  if ([...(text(args.text) ?? '')].length > 4000) throw fail('msg_too_long')
  return { ...kept, ...content }
}

/** An argument that must be an object: `view`, `dialog`, `manifest`. */
export function objectArgument(value: unknown, name: string): Json {
  const parsed = json(value)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalidArguments(`must provide an object [json-pointer:/${name}]`)
  }
  return parsed as Json
}
