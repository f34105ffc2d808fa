import type { Json } from '../tables.ts'

/** What the inputs of a view hold: block id → action id → state of the element. */
export type ViewState = Readonly<Record<string, Readonly<Record<string, Json>>>>

/** Name of the member that holds an element's value, and of the one that gives its first value. */
const VALUES: Readonly<Record<string, readonly [value: string, initial: string, empty: unknown]>> = {
  plain_text_input: ['value', 'initial_value', null],
  email_text_input: ['value', 'initial_value', null],
  url_text_input: ['value', 'initial_value', null],
  number_input: ['value', 'initial_value', null],
  rich_text_input: ['rich_text_value', 'initial_value', null],
  static_select: ['selected_option', 'initial_option', null],
  external_select: ['selected_option', 'initial_option', null],
  radio_buttons: ['selected_option', 'initial_option', null],
  checkboxes: ['selected_options', 'initial_options', []],
  multi_static_select: ['selected_options', 'initial_options', []],
  multi_external_select: ['selected_options', 'initial_options', []],
  users_select: ['selected_user', 'initial_user', null],
  multi_users_select: ['selected_users', 'initial_users', []],
  conversations_select: ['selected_conversation', 'initial_conversation', null],
  multi_conversations_select: ['selected_conversations', 'initial_conversations', []],
  channels_select: ['selected_channel', 'initial_channel', null],
  multi_channels_select: ['selected_channels', 'initial_channels', []],
  datepicker: ['selected_date', 'initial_date', null],
  timepicker: ['selected_time', 'initial_time', null],
  datetimepicker: ['selected_date_time', 'initial_date_time', null],
  file_input: ['files', 'initial_files', []],
}

export const valueMember = (type: string): string | undefined => VALUES[type]?.[0]

/** Elements of a block that hold a value or can be acted upon. */
export function elementsOf(block: Json): Json[] {
  const { element, elements, accessory } = block
  return [element, accessory, ...(Array.isArray(elements) ? elements : [])].filter(
    (one): one is Json => typeof one === 'object' && one !== null && 'action_id' in one,
  )
}

/** The state an element is in with a value, as `state.values` and actions show it. */
export function elementState(element: Json, value: unknown): Json {
  const type = String(element.type)
  const member = valueMember(type)
  return member === undefined ? { type } : { type, [member]: value ?? VALUES[type]?.[2] }
}

/**
 * The state of a view's blocks: what was typed stays where block id, action id and kind of element are unchanged; the
 * rest starts with its initial value.
 */
export function viewState(blocks: readonly Json[], before: ViewState = {}): ViewState {
  const state: Record<string, Record<string, Json>> = {}
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const known = VALUES[String(element.type)]
      if (!known) continue
      const blockId = String(block.block_id)
      const actionId = String(element.action_id)
      const typed = before[blockId]?.[actionId]
      const kept = typed && typed.type === element.type ? typed : elementState(element, element[known[1]])
      state[blockId] = { ...state[blockId], [actionId]: kept }
    }
  }
  return state
}

/** Puts a value where a person typed or picked it. */
export const withValue = (state: ViewState, blockId: string, actionId: string, element: Json): ViewState => ({
  ...state,
  [blockId]: { ...state[blockId], [actionId]: element },
})

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** Required inputs that are still empty: the client does not submit them. */
export function emptyInputs(blocks: readonly Json[], state: ViewState): string[] {
  return blocks
    .filter((block) => block.type === 'input' && block.optional !== true)
    .filter((block) => {
      const element = block.element as Json
      const entry = state[String(block.block_id)]?.[String(element.action_id)]
      const member = valueMember(String(element.type))
      return member !== undefined && isEmpty(entry?.[member])
    })
    .map((block) => String(block.block_id))
}
