import { array, boolean, byType, type Check, integer, object, oneOf, string } from './check.ts'
import { id255, url3000 } from './objects.ts'

/** Rich text as apps may send it. @see https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
const style = object({
  optional: {
    bold: boolean,
    italic: boolean,
    strike: boolean,
    code: boolean,
    underline: boolean,
    highlight: boolean,
    client_highlight: boolean,
    unlink: boolean,
  },
})
const styled = { style }

const leaf: Check = byType({
  text: { required: { text: string({ min: 1 }) }, optional: styled },
  link: { required: { url: url3000 }, optional: { text: string(), unsafe: boolean, ...styled } },
  user: { required: { user_id: string() }, optional: styled },
  channel: { required: { channel_id: string() }, optional: styled },
  usergroup: { required: { usergroup_id: string() }, optional: styled },
  team: { required: { team_id: string() }, optional: styled },
  broadcast: { required: { range: oneOf('here', 'channel', 'everyone') }, optional: styled },
  emoji: {
    required: { name: string() },
    optional: {
      unicode: string(),
      url: string(),
      skin_tone: integer(1, 6),
      display_team_id: string(),
      display_url: string(),
      ...styled,
    },
  },
  date: {
    required: { timestamp: integer(), format: string() },
    optional: { url: url3000, fallback: string(), ...styled },
  },
  color: { required: { value: string() }, optional: styled },
})

const section = { required: { elements: array(leaf) } }
const lines = { required: { elements: array(leaf) }, optional: { border: integer(0, 1) } }

const part: Check = byType({
  rich_text_section: section,
  rich_text_preformatted: { ...lines, optional: { ...lines.optional, language: string() } },
  rich_text_quote: lines,
  rich_text_list: {
    required: { style: oneOf('bullet', 'ordered'), elements: array(byType({ rich_text_section: section })) },
    optional: { indent: integer(0, 8), offset: integer(0), border: integer(0, 1) },
  },
})

export const richTextFields = { required: { elements: array(part) }, optional: { block_id: id255 } }
export const richTextCell: Check = byType({
  raw_text: { required: { text: string() } },
  raw_number: {
    required: { value: (value, at, report) => (typeof value === 'number' ? undefined : string()(value, at, report)) },
    optional: { text: string() },
  },
  rich_text: richTextFields,
})
