import { array, boolean, byType, type Check, type Fields, integer, oneOf, string } from './check.ts'
import {
  confirm,
  conversationFilter,
  dispatchActionConfig,
  id255,
  imageSource,
  option,
  optionGroup,
  optionsOrGroups,
  overflowOption,
  plainText,
  slackFile,
  smallCount,
  tickOption,
  url3000,
  workflow,
} from './objects.ts'

/** Block elements. @see https://docs.slack.dev/reference/block-kit/block-elements */
const common = { action_id: id255, focus_on_load: boolean }
const placeholder = plainText(150)
const menu = { ...common, placeholder, confirm }
const multi = { ...menu, max_selected_items: smallCount }
const typed = { ...common, placeholder, dispatch_action_config: dispatchActionConfig }

const DATE = /^\d{4}-\d{2}-\d{2}$/
const TIME = /^\d{2}:\d{2}$/
const ids = array(string({ min: 1 }))

const staticOptions = {
  optional: { options: array(option, 1, 100), option_groups: array(optionGroup, 1, 100) },
  also: optionsOrGroups,
}

/** Everything that can be clicked, picked or typed into. */
const interactive: Readonly<Record<string, Fields>> = {
  button: {
    required: { text: plainText(75) },
    optional: {
      action_id: id255,
      value: string({ max: 2000 }),
      url: url3000,
      style: oneOf('primary', 'danger', 'default'),
      confirm,
      accessibility_label: string({ max: 75 }),
    },
  },
  workflow_button: {
    required: { text: plainText(75), workflow },
    optional: { action_id: id255, style: oneOf('primary', 'danger'), accessibility_label: string({ max: 75 }) },
  },
  checkboxes: {
    required: { options: array(tickOption, 1, 10) },
    optional: { ...common, confirm, initial_options: array(tickOption, 1, 10) },
  },
  radio_buttons: {
    required: { options: array(tickOption, 1, 10) },
    optional: { ...common, confirm, initial_option: tickOption },
  },
  overflow: { required: { options: array(overflowOption, 1, 5) }, optional: { action_id: id255, confirm } },
  datepicker: { optional: { ...menu, initial_date: string({ pattern: DATE }) } },
  timepicker: { optional: { ...menu, initial_time: string({ pattern: TIME }), timezone: string() } },
  datetimepicker: { optional: { ...common, confirm, initial_date_time: integer(1_000_000_000, 9_999_999_999) } },
  static_select: { optional: { ...menu, ...staticOptions.optional, initial_option: option }, also: optionsOrGroups },
  multi_static_select: {
    optional: { ...multi, ...staticOptions.optional, initial_options: array(option, 1, 100) },
    also: optionsOrGroups,
  },
  external_select: { optional: { ...menu, min_query_length: integer(0), initial_option: option } },
  multi_external_select: { optional: { ...multi, min_query_length: integer(0), initial_options: array(option, 1) } },
  users_select: { optional: { ...menu, initial_user: string() } },
  multi_users_select: { optional: { ...multi, initial_users: ids } },
  conversations_select: {
    optional: {
      ...menu,
      initial_conversation: string(),
      default_to_current_conversation: boolean,
      response_url_enabled: boolean,
      filter: conversationFilter,
    },
  },
  multi_conversations_select: {
    optional: {
      ...multi,
      initial_conversations: ids,
      default_to_current_conversation: boolean,
      filter: conversationFilter,
    },
  },
  channels_select: { optional: { ...menu, initial_channel: string(), response_url_enabled: boolean } },
  multi_channels_select: { optional: { ...multi, initial_channels: ids } },
  rich_text_input: { optional: { ...typed, initial_value: (value, at, report) => richTextValue(value, at, report) } },
}

const richTextValue: Check = byType({ rich_text: { required: { elements: array(() => {}) } } })

const typedInputs: Readonly<Record<string, Fields>> = {
  plain_text_input: {
    optional: {
      ...typed,
      multiline: boolean,
      initial_value: string({ max: 3000 }),
      min_length: integer(0, 3000),
      max_length: integer(1, 3000),
    },
  },
  email_text_input: { optional: { ...typed, initial_value: string() } },
  url_text_input: { optional: { ...typed, initial_value: string() } },
  number_input: {
    required: { is_decimal_allowed: boolean },
    optional: { ...typed, initial_value: string(), min_value: string(), max_value: string() },
  },
  file_input: { optional: { action_id: id255, filetypes: array(string(), 1), max_files: integer(1, 10) } },
}

const image: Readonly<Record<string, Fields>> = {
  image: {
    required: { alt_text: string({ max: 2000, min: 1 }) },
    optional: { image_url: url3000, slack_file: slackFile },
    also: imageSource,
  },
}

const feedbackButton = (value: unknown, at: string, report: Parameters<Check>[2]) =>
  byType({
    button: {
      required: { text: plainText(75), value: string({ max: 2000 }) },
      optional: { accessibility_label: string({ max: 75 }) },
    },
  })({ type: 'button', ...(value as object) }, at, report)

export const actionsElement: Check = byType({ ...interactive, ...pick(typedInputs, 'plain_text_input') })
export const accessory: Check = byType({ ...interactive, ...image })
export const inputElement: Check = byType({
  ...without(interactive, 'button', 'overflow', 'workflow_button'),
  ...typedInputs,
})
export const contextElement: Check = byType({
  ...image,
  plain_text: { required: { text: string({ min: 1, max: 3000 }) }, optional: { emoji: boolean } },
  mrkdwn: { required: { text: string({ min: 1, max: 3000 }) }, optional: { verbatim: boolean } },
})
export const imageElement: Check = byType(image)
export const buttonElement: Check = byType(pick(interactive, 'button', 'workflow_button'))
export const contextAction: Check = byType({
  feedback_buttons: {
    required: { positive_button: feedbackButton, negative_button: feedbackButton },
    optional: { action_id: id255 },
  },
  icon_button: {
    required: { icon: oneOf('trash'), text: plainText(75) },
    optional: {
      action_id: id255,
      value: string({ max: 2000 }),
      confirm,
      accessibility_label: string({ max: 75 }),
      visible_to_user_ids: ids,
    },
  },
})
export const linkSource: Check = byType({ url: { required: { url: url3000, text: string() } } })

function pick(fields: Readonly<Record<string, Fields>>, ...names: readonly string[]) {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)))
}
function without(fields: Readonly<Record<string, Fields>>, ...names: readonly string[]) {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
}
