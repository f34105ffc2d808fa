import { fail } from '../errors.ts'
import type { Json } from '../tables.ts'

/** Member of a cell that holds the value of each kind of column. */
const VALUE: Readonly<Record<string, string>> = {
  text: 'rich_text',
  rich_text: 'rich_text',
  message: 'message',
  number: 'number',
  select: 'select',
  date: 'date',
  user: 'user',
  attachment: 'attachment',
  checkbox: 'checkbox',
  email: 'email',
  phone: 'phone',
  channel: 'channel',
  rating: 'rating',
  link: 'link',
  reference: 'reference',
  todo_completed: 'checkbox',
  todo_assignee: 'user',
  todo_due_date: 'date',
}

export const isColumnType = (type: unknown): boolean => typeof type === 'string' && type in VALUE

/** A cell as it is stored under its column; the value must be of the column's kind. */
export function cell(column: Json, given: Json): Json {
  const member = VALUE[String(column.type)] as string
  const value = given[member] ?? (member === 'rich_text' ? given.text : undefined)
  if (value === undefined) throw fail('invalid_input_type')
  if (column.type === 'select') requireOption(column, value)
  if (member === 'checkbox' && typeof value !== 'boolean') throw fail('invalid_input_type')
  if (member === 'date' && !listOf(value).every((one) => /^\d{4}-\d{2}-\d{2}$/.test(String(one))))
    throw fail('invalid_date')
  if (member === 'email' && !listOf(value).every((one) => String(one).includes('@'))) throw fail('invalid_email')
  return {
    key: column.key,
    column_id: column.id,
    [member]: value,
    value: scalar(value),
    ...(member === 'rich_text' ? { text: plain(value) } : {}),
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])
const scalar = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : value)

function requireOption(column: Json, value: unknown): void {
  const choices = ((column.options as { choices?: readonly Json[] } | undefined)?.choices ?? []).map(
    (choice) => choice.value,
  )
  if (listOf(value).some((one) => !choices.includes(one))) throw fail('invalid_option_id')
}

/** Words of rich text. */
function plain(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(plain).join('')
  const { text, elements } = (value ?? {}) as { text?: unknown; elements?: unknown }
  return typeof text === 'string' ? text : plain(elements ?? '')
}
