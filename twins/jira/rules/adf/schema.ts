/** What an attribute may be. */
export type AttributeRule = (value: unknown) => boolean

export interface NodeRule {
  /** Node types allowed inside. Absent: a leaf. */
  readonly content?: readonly string[]
  readonly least?: number
  /** Attributes: `!` after the name makes it required. Absent: none. */
  readonly attrs?: Readonly<Record<string, AttributeRule>>
  /** Marks allowed on the node. */
  readonly marks?: readonly string[]
}

const string: AttributeRule = (value) => typeof value === 'string'
const filled: AttributeRule = (value) => typeof value === 'string' && value.length > 0
const number: AttributeRule = (value) => typeof value === 'number'
const boolean: AttributeRule = (value) => typeof value === 'boolean'
const object: AttributeRule = (value) => typeof value === 'object' && value !== null
const anything: AttributeRule = () => true
const colour: AttributeRule = (value) => typeof value === 'string' && /^#[0-9a-fA-F]{6}$/.test(value)
const numbers: AttributeRule = (value) => Array.isArray(value) && value.every((item) => typeof item === 'number')
const oneOf =
  (...values: unknown[]): AttributeRule =>
  (value) =>
    values.includes(value)
const between =
  (low: number, high: number): AttributeRule =>
  (value) =>
    typeof value === 'number' && value >= low && value <= high

const INLINE = [
  'text',
  'hardBreak',
  'mention',
  'emoji',
  'date',
  'status',
  'inlineCard',
  'mediaInline',
  'placeholder',
  'inlineExtension',
]
const LIST_ITEM = [
  'paragraph',
  'bulletList',
  'orderedList',
  'taskList',
  'codeBlock',
  'mediaSingle',
  'extension',
  'listItem',
]
const CARDS = ['blockCard', 'embedCard', 'extension']
const SIMPLE = [
  'paragraph',
  'heading',
  'bulletList',
  'orderedList',
  'codeBlock',
  'rule',
  'mediaGroup',
  'mediaSingle',
  'decisionList',
  'taskList',
  ...CARDS,
]
const BLOCKS = [...SIMPLE, 'panel', 'blockquote', 'table', 'expand', 'bodiedExtension']
const CELL = [...SIMPLE, 'panel', 'blockquote', 'nestedExpand']
const LAYOUT = oneOf('wide', 'full-width', 'center', 'wrap-right', 'wrap-left', 'align-end', 'align-start', 'default')
const EXTENSION = {
  'extensionKey!': filled,
  'extensionType!': filled,
  parameters: anything,
  text: string,
  layout: LAYOUT,
  localId: string,
}
const ALIGNED = ['alignment', 'indentation', 'fontSize']
const BLOCK_MARKS = ['breakout', 'dataConsumer', 'fragment']
const CELL_RULE: NodeRule = {
  content: CELL,
  least: 1,
  attrs: { colspan: number, rowspan: number, colwidth: numbers, background: string, localId: string, valign: string },
}

/** The nodes Jira keeps, after the public ADF schema (full.json) without what only Confluence has. */
export const NODES: Readonly<Record<string, NodeRule>> = {
  doc: { content: BLOCKS },
  paragraph: { content: INLINE, attrs: { localId: string }, marks: ALIGNED },
  heading: { content: INLINE, attrs: { 'level!': between(1, 6), localId: string }, marks: ALIGNED },
  text: {
    marks: [
      'strong',
      'em',
      'code',
      'strike',
      'underline',
      'link',
      'subsup',
      'textColor',
      'backgroundColor',
      'annotation',
    ],
  },
  hardBreak: { attrs: { text: string, localId: string } },
  bulletList: { content: ['listItem'], least: 1, attrs: { localId: string } },
  orderedList: {
    content: ['listItem'],
    least: 1,
    attrs: { order: (v) => typeof v === 'number' && v >= 0, localId: string },
  },
  listItem: { content: LIST_ITEM, least: 1, attrs: { localId: string } },
  taskList: { content: ['taskItem', 'taskList', 'blockTaskItem'], least: 1, attrs: { 'localId!': string } },
  taskItem: { content: INLINE, attrs: { 'localId!': string, 'state!': oneOf('TODO', 'DONE') } },
  decisionList: { content: ['decisionItem'], least: 1, attrs: { 'localId!': string } },
  decisionItem: { content: INLINE, attrs: { 'localId!': string, 'state!': string } },
  blockquote: {
    content: ['paragraph', 'bulletList', 'orderedList', 'codeBlock', 'mediaSingle', 'mediaGroup', 'extension'],
    least: 1,
    attrs: { localId: string },
  },
  codeBlock: {
    content: ['text'],
    attrs: { language: string, uniqueId: string, localId: string, wrap: boolean, hideLineNumbers: boolean },
    marks: ['breakout'],
  },
  panel: {
    content: [...SIMPLE, 'blockquote'],
    least: 1,
    attrs: {
      'panelType!': oneOf('info', 'note', 'tip', 'warning', 'error', 'success', 'custom'),
      panelIcon: string,
      panelIconId: string,
      panelIconText: string,
      panelColor: string,
      localId: string,
    },
  },
  rule: { attrs: { localId: string } },
  table: {
    content: ['tableRow'],
    least: 1,
    attrs: {
      displayMode: oneOf('default', 'fixed'),
      isNumberColumnEnabled: boolean,
      layout: LAYOUT,
      width: number,
      localId: string,
    },
    marks: ['fragment'],
  },
  tableRow: { content: ['tableCell', 'tableHeader'], attrs: { localId: string } },
  tableCell: CELL_RULE,
  tableHeader: CELL_RULE,
  mediaSingle: {
    content: ['media', 'caption'],
    least: 1,
    attrs: { layout: LAYOUT, width: number, widthType: oneOf('percentage', 'pixel'), localId: string },
    marks: ['link'],
  },
  mediaGroup: { content: ['media'], least: 1 },
  media: {
    attrs: {
      'type!': oneOf('file', 'link', 'external'),
      id: filled,
      collection: string,
      url: string,
      alt: string,
      width: number,
      height: number,
      occurrenceKey: filled,
      localId: string,
    },
    marks: ['link', 'annotation', 'border', 'dataConsumer'],
  },
  mediaInline: {
    attrs: {
      type: oneOf('file', 'link', 'image'),
      'id!': filled,
      'collection!': string,
      alt: string,
      width: number,
      height: number,
      occurrenceKey: filled,
      data: anything,
      localId: string,
    },
    marks: ['link', 'annotation', 'border'],
  },
  caption: { content: INLINE, attrs: { localId: string } },
  emoji: { attrs: { 'shortName!': string, id: string, text: string, localId: string } },
  mention: {
    attrs: {
      'id!': string,
      text: string,
      accessLevel: string,
      userType: oneOf('DEFAULT', 'SPECIAL', 'APP'),
      localId: string,
    },
  },
  date: { attrs: { 'timestamp!': filled, localId: string } },
  status: {
    attrs: {
      'text!': filled,
      'color!': (v) => oneOf('neutral', 'purple', 'blue', 'red', 'yellow', 'green')(v) || colour(v),
      localId: string,
      style: string,
    },
  },
  inlineCard: { attrs: { url: string, data: object, localId: string } },
  blockCard: {
    attrs: { url: string, data: object, datasource: object, width: number, layout: LAYOUT, localId: string },
  },
  embedCard: {
    attrs: {
      'url!': string,
      'layout!': LAYOUT,
      width: number,
      originalHeight: number,
      originalWidth: number,
      localId: string,
    },
  },
  placeholder: { attrs: { 'text!': string, localId: string } },
  expand: {
    content: [...SIMPLE, 'panel', 'blockquote', 'table', 'nestedExpand'],
    least: 1,
    attrs: { title: string, localId: string },
    marks: BLOCK_MARKS,
  },
  nestedExpand: { content: [...SIMPLE, 'panel', 'blockquote'], least: 1, attrs: { title: string, localId: string } },
  extension: { attrs: EXTENSION, marks: BLOCK_MARKS },
  inlineExtension: { attrs: EXTENSION, marks: BLOCK_MARKS },
  bodiedExtension: {
    content: [...SIMPLE, 'panel', 'blockquote', 'table'],
    least: 1,
    attrs: EXTENSION,
    marks: BLOCK_MARKS,
  },
}

export const MARKS: Readonly<Record<string, Readonly<Record<string, AttributeRule>>>> = {
  strong: {},
  em: {},
  code: {},
  strike: {},
  underline: {},
  link: { 'href!': string, title: string, id: string, collection: string, occurrenceKey: string },
  subsup: { 'type!': oneOf('sub', 'sup') },
  textColor: { 'color!': colour },
  backgroundColor: { 'color!': colour },
  alignment: { 'align!': oneOf('center', 'end') },
  indentation: { 'level!': between(1, 6) },
  border: { 'size!': between(1, 3), 'color!': string },
  breakout: { 'mode!': oneOf('wide', 'full-width'), width: number },
  annotation: { 'id!': string, 'annotationType!': oneOf('inlineComment') },
  fragment: { 'localId!': string, name: string },
  dataConsumer: { 'sources!': (value) => Array.isArray(value) && value.length > 0 },
  fontSize: { 'fontSize!': oneOf('small') },
}

/** Marks that stand beside `code`. */
export const BESIDE_CODE: readonly string[] = ['code', 'link', 'annotation']
