import {
  all,
  array,
  boolean,
  byType,
  type Check,
  type Fields,
  integer,
  missing,
  object,
  oneOf,
  string,
} from './check.ts'

/** Composition objects: text, options, confirmations, filters. @see https://docs.slack.dev/reference/block-kit/composition-objects */
const plain: Fields = { required: { text: string() }, optional: { emoji: boolean } }
const mrkdwn: Fields = { required: { text: string() }, optional: { verbatim: boolean } }

const length =
  (max: number, min: number): Check =>
  (value, pointer, report) => {
    const { text } = (value ?? {}) as { text?: unknown }
    if (typeof text === 'string') string({ max, min })(text, `${pointer}/text`, report)
  }

/** `plain_text` of `min` to `max` characters. */
export const plainText = (max: number, min = 1): Check => all(byTextType({ plain_text: plain }), length(max, min))
/** `plain_text` or `mrkdwn`. */
export const anyText = (max: number, min = 1): Check => all(byTextType({ plain_text: plain, mrkdwn }), length(max, min))

/** A text object of the wrong kind fails an enumeration, not a discriminator. */
function byTextType(types: Readonly<Record<string, Fields>>): Check {
  const known = byType(types)
  return (value, pointer, report) => {
    const type = (value as { type?: unknown } | null)?.type
    if (typeof type === 'string' && !Object.hasOwn(types, type)) {
      return oneOf(...Object.keys(types))(type, `${pointer}/type`, report)
    }
    known(value, pointer, report)
  }
}

export const id255 = string({ max: 255 })
export const url3000 = string({ max: 3000, min: 1 })

export const confirm = object({
  required: { title: plainText(100), text: anyText(300), confirm: plainText(30), deny: plainText(30) },
  optional: { style: oneOf('primary', 'danger') },
})

const optionFields = (text: Check, more: Readonly<Record<string, Check>> = {}): Check =>
  object({ required: { text, value: string({ max: 150, min: 1 }) }, optional: { description: anyText(75), ...more } })

/** An option of a select menu. */
export const option = optionFields(plainText(75))
/** An option of checkboxes and radio buttons, whose text may be mrkdwn. */
export const tickOption = optionFields(anyText(75))
export const overflowOption = optionFields(plainText(75), { url: url3000 })

export const optionGroup = object({ required: { label: plainText(75), options: array(option, 0, 100) } })

/** A select has options or groups of them, not both. */
export const optionsOrGroups: Check = (value, pointer, report) => {
  const { options, option_groups } = value as Record<string, unknown>
  if (options === undefined && option_groups === undefined) missing('options')(value, pointer, report)
}

export const conversationFilter = object({
  optional: {
    include: array(oneOf('im', 'mpim', 'private', 'public'), 1),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
})

export const dispatchActionConfig = object({
  optional: { trigger_actions_on: array(oneOf('on_enter_pressed', 'on_character_entered'), 1) },
})

export const slackFile = object({ optional: { id: string(), url: url3000 } })

/** An image by address or by Slack file, one of the two. */
export const imageSource: Check = (value, pointer, report) => {
  const { image_url, slack_file } = value as Record<string, unknown>
  if (image_url === undefined && slack_file === undefined) missing('image_url')(value, pointer, report)
}

const triggerInput = object({ required: { name: string(), value: string() } })
export const workflow = object({
  required: {
    trigger: object({
      required: { url: url3000 },
      optional: { customizable_input_parameters: array(triggerInput) },
    }),
  },
})

export const smallCount = integer(1)
