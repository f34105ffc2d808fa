import type { Random } from '../../../../shared/universe/random.ts'
import { newBlockId } from '../../ids.ts'

type Json = Record<string, unknown>

const TEXT_SLOTS = [
  'text',
  'title',
  'label',
  'hint',
  'placeholder',
  'description',
  'confirm',
  'deny',
  'subtitle',
  'body',
]

/** Elements that get an `action_id` when the app gave none. */
const ACTION_TYPES =
  /^(button|checkboxes|radio_buttons|overflow|datepicker|timepicker|datetimepicker|(multi_)?(static|external|users|conversations|channels)_select|plain_text_input|rich_text_input|email_text_input|url_text_input|number_input|file_input|workflow_button|feedback_buttons|icon_button)$/

/**
 * Blocks as Slack gives them back: ids filled in, text objects with their defaults (`emoji: true`, `verbatim: false`),
 * inputs with theirs. Recorded in view and message payloads of 2026.
 */
export const normaliseBlocks = (blocks: readonly unknown[], random: Random): Json[] =>
  blocks.map((block) => normaliseBlock(block as Json, random))

function normaliseBlock({ type, block_id, ...rest }: Json, random: Random): Json {
  const id = typeof block_id === 'string' && block_id !== '' ? block_id : newBlockId(random)
  const block: Json = { type, block_id: id, ...members(rest, random, type !== 'rich_text') }
  if (type === 'input')
    return { ...block, optional: rest.optional ?? false, dispatch_action: rest.dispatch_action ?? false }
  return block
}

function members(value: Json, random: Random, texts: boolean): Json {
  const result: Json = {}
  for (const [name, member] of Object.entries(value)) {
    if (member === null || member === undefined) continue
    result[name] = normalise(
      member,
      random,
      texts && (TEXT_SLOTS.includes(name) || name === 'submit' || name === 'close'),
    )
  }
  return result
}

function normalise(value: unknown, random: Random, slot: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => normalise(item, random, true))
  if (typeof value !== 'object' || value === null) return value
  const object = value as Json
  if (object.type === 'rich_text') return object
  if (slot && object.type === 'plain_text') return { ...object, emoji: object.emoji ?? true }
  if (slot && object.type === 'mrkdwn') return { ...object, verbatim: object.verbatim ?? false }
  const inner = members(object, random, true)
  if (typeof object.type !== 'string' || !ACTION_TYPES.test(object.type)) return inner
  const { type: _, action_id, ...own } = inner
  const element: Json = { type: object.type, action_id: action_id || newBlockId(random), ...own }
  return object.type === 'plain_text_input' ? { ...element, multiline: object.multiline ?? false } : element
}

/** A text object of a view's frame. */
export const normaliseText = (value: unknown): unknown =>
  value && typeof value === 'object' ? { emoji: true, ...(value as Json) } : null
