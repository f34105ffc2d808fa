import {
  anything,
  array,
  boolean,
  byType,
  type Check,
  type Fields,
  type Issue,
  integer,
  issuesOf,
  later,
  missing,
  object,
  oneOf,
  string,
} from './check.ts'
import {
  accessory,
  actionsElement,
  buttonElement,
  contextAction,
  contextElement,
  imageElement,
  inputElement,
  linkSource,
} from './elements.ts'
import { anyText, id255, imageSource, plainText, slackFile, url3000 } from './objects.ts'
import { richTextCell, richTextFields } from './richTextSchema.ts'

/** Layout blocks. @see https://docs.slack.dev/reference/block-kit/blocks */
const own = { block_id: id255 }

const sectionContent: Check = (value, pointer, report) => {
  const { text, fields } = value as Record<string, unknown>
  if (text === undefined && fields === undefined) missing('text')(value, pointer, report)
}

const task: Fields = {
  required: { task_id: string({ min: 1 }), title: string() },
  optional: {
    ...own,
    details: byType({ rich_text: richTextFields }),
    output: byType({ rich_text: richTextFields }),
    sources: array(linkSource),
    status: oneOf('pending', 'in_progress', 'complete', 'error'),
  },
}

const card: Fields = {
  optional: {
    ...own,
    icon: imageElement,
    hero_image: imageElement,
    title: anyText(150),
    subtitle: anyText(150),
    body: anyText(200),
    actions: array(buttonElement, 1, 3),
  },
}

const everywhere: Readonly<Record<string, Fields>> = {
  actions: { required: { elements: array(actionsElement, 1, 25) }, optional: own },
  context: { required: { elements: array(contextElement, 1, 10) }, optional: own },
  divider: { optional: own },
  header: { required: { text: plainText(150) }, optional: { ...own, level: integer(1, 4) } },
  image: {
    required: { alt_text: string({ max: 2000, min: 1 }) },
    optional: { ...own, image_url: url3000, slack_file: slackFile, title: plainText(2000) },
    also: imageSource,
  },
  input: {
    required: { label: plainText(2000), element: inputElement },
    optional: { ...own, hint: plainText(2000), optional: boolean, dispatch_action: boolean },
  },
  rich_text: richTextFields,
  section: {
    optional: { ...own, text: anyText(3000), fields: array(anyText(2000), 1, 10), accessory, expand: boolean },
    also: sectionContent,
  },
  video: {
    required: {
      title: plainText(200),
      alt_text: string(),
      video_url: url3000,
      thumbnail_url: url3000,
    },
    optional: {
      ...own,
      author_name: string({ max: 50 }),
      description: plainText(200),
      provider_name: string(),
      provider_icon_url: url3000,
      title_url: url3000,
    },
  },
  alert: {
    required: { text: anyText(200) },
    optional: { ...own, level: oneOf('default', 'info', 'warning', 'error', 'success') },
  },
}

const columnSetting = object({ optional: { align: oneOf('left', 'center', 'right'), is_wrapped: boolean } })

const inMessages: Readonly<Record<string, Fields>> = {
  context_actions: { required: { elements: array(contextAction, 1, 5) }, optional: own },
  file: { required: { external_id: string(), source: oneOf('remote') }, optional: own },
  markdown: { required: { text: string({ max: 12_000, min: 1 }) }, optional: own },
  table: {
    required: { rows: array(array(richTextCell, 1, 20), 1, 100) },
    optional: { ...own, column_settings: array(columnSetting, 0, 20) },
  },
  data_table: {
    required: { rows: array(array(richTextCell, 1, 20), 2, 101), caption: string({ min: 1 }) },
    optional: { ...own, page_size: integer(1, 100), row_header_column_index: integer(0) },
  },
  data_visualization: { required: { chart: anything, title: string({ max: 50 }) }, optional: own },
  call: { required: { call_id: string() }, optional: { ...own, api_decoration_available: boolean, call: anything } },
  card,
  carousel: { required: { elements: array(byType({ card }), 1, 10) }, optional: own },
  container: {
    required: {
      title: plainText(150),
      child_blocks: array(
        later(() => messageBlock),
        1,
        10,
      ),
    },
    optional: {
      ...own,
      subtitle: anyText(150),
      width: string(),
      icon: imageElement,
      is_collapsible: boolean,
      default_collapsed: boolean,
    },
  },
  task_card: task,
  plan: { required: { title: string() }, optional: { ...own, tasks: array(byType({ task_card: task })) } },
}

const messageBlock: Check = byType({ ...everywhere, ...inMessages })
const viewBlock: Check = byType(everywhere)

export const MESSAGE_BLOCKS = 50
export const VIEW_BLOCKS = 100

/** Ids are unique within a payload, `action_id`s within their block. */
const uniqueIds: Check = (value, pointer, report) => {
  if (!Array.isArray(value)) return
  const blockIds = new Set<string>()
  value.forEach((block, i) => {
    const { block_id, elements, type } = (block ?? {}) as Record<string, unknown>
    if (typeof block_id === 'string' && block_id !== '') {
      if (blockIds.has(block_id)) {
        report({
          message: `\`block_id\` value "${block_id}" already exists`,
          pointer: `${pointer}/${i}/block_id`,
          constraint: { type: 'unique_items' },
        })
      }
      blockIds.add(block_id)
    }
    if (type !== 'actions' || !Array.isArray(elements)) return
    const actionIds = new Set<unknown>()
    elements.forEach((element, j) => {
      const actionId = (element as { action_id?: unknown } | null)?.action_id
      if (typeof actionId !== 'string' || actionId === '') return
      if (actionIds.has(actionId)) {
        report({
          message: `\`action_id\` value "${actionId}" already exists`,
          pointer: `${pointer}/${i}/elements/${j}/action_id`,
          constraint: { type: 'unique_items' },
        })
      }
      actionIds.add(actionId)
    })
  })
}

const messageList: Check = array(messageBlock, 0, MESSAGE_BLOCKS)
export const viewBlocks: Check = array(viewBlock, 0, VIEW_BLOCKS)

/** What is wrong with the blocks of a message. Empty: they may be posted. */
export function messageIssues(blocks: unknown, pointer = '/blocks'): Issue[] {
  const issues = issuesOf(messageList, blocks, pointer)
  return issues.length > 0 ? issues : issuesOf(uniqueIds, blocks, pointer)
}

export const viewIdIssues = (blocks: unknown): Issue[] => issuesOf(uniqueIds, blocks, '/view/blocks')
