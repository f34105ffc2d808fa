import type { IncomingHttpHeaders } from 'node:http'
import { thinksAlways } from '../models.ts'

/** Why a request is refused: status, the error's type, and what it says. */
export class Refused extends Error {
  readonly status: number
  readonly type: string
  readonly details: { readonly error_code: string } | undefined
  readonly retryAfterMs: number | undefined
  constructor(
    status: number,
    type: string,
    message: string,
    details?: { readonly error_code: string },
    retryAfterMs?: number,
  ) {
    super(message)
    this.status = status
    this.type = type
    this.details = details
    this.retryAfterMs = retryAfterMs
  }

  /** The body the API sends with it. */
  body(request_id: string): object {
    const { type, message, details } = this
    return { type: 'error', error: { type, message, ...(details && { details }) }, request_id }
  }
}

const bad = (message: string) => new Refused(400, 'invalid_request_error', message)

/** The version the installed SDK speaks. */
export const API_VERSION = '2026-10-21'

const FIELDS = new Set(
  'cache_control container diagnostics inference_geo max_tokens messages metadata model output_config service_tier speed stop_sequences stream system thinking tool_choice tools user_profile_id workspace_id'.split(
    ' ',
  ),
)
/** Only with an `anthropic-beta` header. */
const BETA_FIELDS = new Set(
  'billing_policy compaction context_management fallback_credit_token fallbacks mcp_servers output_format thread'.split(
    ' ',
  ),
)
/** Gone since this version; the API says so even for default values. */
const SAMPLING = new Set(['temperature', 'top_p', 'top_k'])

interface Block {
  readonly type: string
  readonly text?: unknown
  readonly id?: unknown
  readonly tool_use_id?: unknown
  readonly cache_control?: unknown
}

export interface Turn {
  readonly role: string
  readonly content: string | readonly Block[]
}

/** A body of POST /v1/messages after {@link checkBody}. */
export interface CheckedBody {
  readonly model: string
  readonly messages: readonly Turn[]
  readonly stream?: boolean
  readonly thread?: { readonly type: string; readonly previous_message_id?: string } | null
  readonly [field: string]: unknown
}

/** Refuses a request without a bearer, or of another version of the API. */
export function checkHeaders(headers: IncomingHttpHeaders): void {
  if (!/^Bearer \S/.test(headers.authorization ?? ''))
    throw new Refused(401, 'authentication_error', 'authorization: a bearer is required')
  if (headers['anthropic-version'] !== API_VERSION)
    throw bad(`anthropic-version: ${headers['anthropic-version'] ?? 'none'} is not ${API_VERSION}`)
}

/** Refuses fields the API does not have, and values it does not take. */
export function checkBody(body: unknown, beta: boolean, counting = false): asserts body is CheckedBody {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) throw bad('The body is not a JSON object')
  const fields = body as Record<string, unknown>
  for (const name of Object.keys(fields)) {
    if (SAMPLING.has(name)) throw bad(`${name}: sampling parameters are not supported`)
    if (!FIELDS.has(name) && !(beta && BETA_FIELDS.has(name))) throw bad(`${name}: Extra inputs are not permitted`)
  }
  if (typeof fields.model !== 'string' || fields.model === '') throw bad('model: Field required')
  if (!counting && !(Number.isInteger(fields.max_tokens) && (fields.max_tokens as number) > 0))
    throw bad('max_tokens: a whole number of at least 1 is required')
  if (!Array.isArray(fields.messages) || fields.messages.length === 0)
    throw bad('messages: at least one message is required')
  for (const [position, turn] of fields.messages.entries()) checkTurn(turn, `messages.${position}`)
  checkTools(fields)
  checkThinking(fields)
  checkFormat(fields.output_config)
  checkBreakpoints(fields)
}

function checkTurn(turn: unknown, where: string): void {
  const { role, content } = (turn ?? {}) as Partial<Turn>
  if (role !== 'user' && role !== 'assistant' && role !== 'system')
    throw bad(`${where}.role: user, assistant or system`)
  if (typeof content === 'string') {
    if (content.trim() === '') throw bad(`${where}: text content must be non-empty`)
    return
  }
  if (!Array.isArray(content) || content.length === 0) throw bad(`${where}.content: a text or a list of blocks`)
  for (const [at, block] of (content as readonly Block[]).entries()) {
    if (typeof block?.type !== 'string') throw bad(`${where}.content.${at}.type: Field required`)
    if (block.type === 'text' && (typeof block.text !== 'string' || block.text.trim() === ''))
      throw bad(`${where}.content.${at}: text content blocks must be non-empty`)
  }
}

function checkTools({ tools, tool_choice, model }: Record<string, unknown>): void {
  const names = ((tools ?? []) as { name?: unknown }[]).map(({ name }) => name)
  for (const [position, name] of names.entries()) {
    if (typeof name !== 'string' || !/^[\w-]{1,128}$/.test(name)) throw bad(`tools.${position}.name: not a tool's name`)
    if (names.indexOf(name) !== position) throw bad(`tools: Tool names must be unique: ${name}`)
  }
  const choice = (tool_choice as { type?: string } | undefined)?.type
  if ((choice === 'any' || choice === 'tool') && thinksAlways(String(model)))
    throw bad(`tool_choice: ${model} cannot be forced to use a tool`)
}

function checkThinking({ thinking, model }: Record<string, unknown>): void {
  const type = (thinking as { type?: string } | undefined)?.type
  if ((type === 'enabled' || type === 'disabled') && thinksAlways(String(model)))
    throw bad(`thinking.type: ${type} is not supported by ${model}`)
}

/** Structured output: every object of the schema has to forbid additional members. */
function checkFormat(config: unknown): void {
  const format = (config as { format?: { type?: string; schema?: unknown } | null } | undefined)?.format
  if (!format) return
  if (format.type !== 'json_schema') throw bad('output_config.format.type: json_schema')
  const visit = (schema: unknown): void => {
    if (schema === null || typeof schema !== 'object') return
    const { type, additionalProperties } = schema as { type?: string; additionalProperties?: unknown }
    if (type === 'object' && additionalProperties !== false)
      throw bad("output_config.format.schema: For 'object' type, 'additionalProperties' must be false")
    for (const member of Object.values(schema)) visit(member)
  }
  visit(format.schema)
}

function checkBreakpoints(body: Record<string, unknown>): void {
  const marked = JSON.stringify([body.tools, body.system, body.messages]).split('"cache_control":{').length - 1
  if (marked + (body.cache_control ? 1 : 0) > 4) throw bad('A maximum of 4 blocks with cache_control may be provided')
}

/** Refuses a conversation that does not fit together: the last turn, tools' calls and their results. */
export function checkConversation(turns: readonly Turn[]): void {
  if (turns.at(-1)?.role === 'assistant') throw bad('This model does not support assistant message prefill')
  let open: readonly unknown[] = []
  for (const [position, { role, content }] of turns.entries()) {
    const blocks = typeof content === 'string' ? [] : content
    const results = blocks.filter(({ type }) => type === 'tool_result').map(({ tool_use_id }) => tool_use_id)
    for (const id of results)
      if (!open.includes(id)) throw bad(`messages.${position}: unexpected tool_use_id in tool_result: ${id}`)
    const unanswered = open.filter((id) => !results.includes(id))
    if (unanswered.length) throw bad(`messages.${position}: tool_use without tool_result: ${unanswered.join(', ')}`)
    open = role === 'assistant' ? blocks.filter(({ type }) => type === 'tool_use').map(({ id }) => id) : []
  }
}
