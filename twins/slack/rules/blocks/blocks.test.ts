import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Random } from '../../../../shared/universe/random.ts'
import { messageIssues } from './blocks.ts'
import { sentence } from './check.ts'
import { normaliseBlocks } from './normalise.ts'
import { viewIssues } from './view.ts'

const text = (length: number, type = 'plain_text') => ({ type, text: 'x'.repeat(length) })
const button = (own: object = {}) => ({ type: 'button', text: text(3), action_id: 'a', ...own })
const reasons = (...blocks: unknown[]) => messageIssues(blocks).map(sentence)
const ALL = 'failed to match all allowed schemas'

describe('blocks of messages', () => {
  it.each<[string, unknown]>([
    ['divider', { type: 'divider' }],
    ['section', { type: 'section', text: text(3000, 'mrkdwn') }],
    ['fields', { type: 'section', fields: [text(1), text(2000, 'mrkdwn')] }],
    ['accessory', { type: 'section', text: text(1), accessory: button({ style: 'primary', value: 'v' }) }],
    [
      'actions',
      { type: 'actions', elements: [button(), { type: 'datepicker', action_id: 'd', initial_date: '2026-01-31' }] },
    ],
    [
      'context',
      {
        type: 'context',
        elements: [text(5, 'mrkdwn'), { type: 'image', image_url: 'https://a.test/i.png', alt_text: 'i' }],
      },
    ],
    ['header', { type: 'header', text: text(150) }],
    ['input', { type: 'input', label: text(4), element: { type: 'plain_text_input', action_id: 'i' } }],
    [
      'rich text',
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'a', style: { bold: true } }] }],
      },
    ],
    ['markdown', { type: 'markdown', text: '**a**' }],
    ['table', { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] }],
    [
      'select',
      {
        type: 'actions',
        elements: [{ type: 'static_select', action_id: 's', options: [{ text: text(2), value: 'v' }] }],
      },
    ],
    ['container', { type: 'container', title: text(3), child_blocks: [{ type: 'divider' }] }],
  ])('a %s is fine', (_name, block) => expect(reasons(block)).toEqual([]))

  it.each<[unknown, string[]]>([
    [{}, ['missing required field: type [json-pointer:/blocks/0]']],
    ['x', ['must provide an object [json-pointer:/blocks/0]']],
    [{ type: 'sections' }, ['unsupported type: sections [json-pointer:/blocks/0/type]']],
    [{ type: 'divider', extra: 1 }, ['invalid additional property: extra [json-pointer:/blocks/0]']],
    [{ type: 'section' }, ['missing required field: text [json-pointer:/blocks/0]']],
    [
      { type: 'section', text: text(3001, 'mrkdwn') },
      [`${ALL} [json-pointer:/blocks/0/text]`, 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
    ],
    [
      { type: 'section', text: { type: 'mrkdwn', text: '' } },
      [`${ALL} [json-pointer:/blocks/0/text]`, 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    ],
    [
      { type: 'section', text: { type: 'mrkdwn', text: 'a', emoji: true } },
      [`${ALL} [json-pointer:/blocks/0/text]`, 'invalid additional property: emoji [json-pointer:/blocks/0/text]'],
    ],
    [
      { type: 'header', text: text(3, 'mrkdwn') },
      [`${ALL} [json-pointer:/blocks/0/text]`, 'must be a valid enum value [json-pointer:/blocks/0/text/type]'],
    ],
    [
      { type: 'actions', elements: Array.from({ length: 26 }, (_, i) => button({ action_id: `a${i}` })) },
      ['no more than 25 items allowed [json-pointer:/blocks/0/elements]'],
    ],
    [{ type: 'actions', elements: [] }, ['must provide at least 1 items [json-pointer:/blocks/0/elements]']],
    [
      {
        type: 'section',
        text: text(1),
        accessory: {
          type: 'overflow',
          action_id: 'o',
          options: Array.from({ length: 6 }, (_, i) => ({ text: text(1), value: `${i}` })),
        },
      },
      ['no more than 5 items allowed [json-pointer:/blocks/0/accessory/options]'],
    ],
    [{ type: 'actions', elements: [button({ style: null })] }, []],
    [
      { type: 'actions', elements: [button({ style: 3 })] },
      ['must provide a string [json-pointer:/blocks/0/elements/0/style]'],
    ],
    [{ type: 'image', image_url: 'https://a.test' }, ['missing required field: alt_text [json-pointer:/blocks/0]']],
  ])('%j is refused with %j', (block, expected) => expect(reasons(block)).toEqual(expected))

  it('counts blocks and finds ids used twice', () => {
    expect(reasons(...Array.from({ length: 51 }, () => ({ type: 'divider' })))).toEqual([
      'no more than 50 items allowed [json-pointer:/blocks]',
    ])
    expect(reasons({ type: 'divider', block_id: 'd' }, { type: 'divider', block_id: 'd' })).toHaveLength(1)
    expect(reasons({ type: 'actions', elements: [button(), button()] })).toHaveLength(1)
  })

  it('judges any JSON without failing itself', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => Array.isArray(messageIssues(value))))
  })

  it('accepts what it has normalised', () => {
    const block = fc.constantFrom<unknown>(
      { type: 'section', text: text(5), accessory: button() },
      { type: 'context', elements: [text(5, 'mrkdwn')] },
      { type: 'input', label: text(3), element: { type: 'plain_text_input' } },
      { type: 'actions', elements: [{ type: 'button', text: text(2) }, { type: 'users_select' }] },
    )
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), fc.nat(), (blocks, seed) => {
        const rows = normaliseBlocks(blocks, new Random(seed))
        expect(messageIssues(rows)).toEqual([])
        expect(rows.every((row) => typeof row.block_id === 'string')).toBe(true)
      }),
    )
  })
})

describe('views', () => {
  const modal = (own: object = {}) => ({ type: 'modal', title: text(5), blocks: [], ...own })
  it.each<[string, unknown, string[]]>([
    ['a modal', modal(), []],
    ['a home', { type: 'home', blocks: [{ type: 'divider' }] }, []],
    [
      'a long title',
      modal({ title: text(25) }),
      [
        `${ALL} [json-pointer:/view]`,
        `${ALL} [json-pointer:/view/title]`,
        'must be less than 25 characters [json-pointer:/view/title/text]',
      ],
    ],
    [
      'an input without submit',
      modal({ blocks: [{ type: 'input', label: text(1), element: { type: 'plain_text_input' } }] }),
      [`${ALL} [json-pointer:/view]`, 'missing required field: submit [json-pointer:/view]'],
    ],
    [
      'a home with submit',
      { type: 'home', blocks: [], submit: text(3) },
      [`${ALL} [json-pointer:/view]`, 'invalid additional property: submit [json-pointer:/view]'],
    ],
    [
      'a message block in a modal',
      modal({ blocks: [{ type: 'table', rows: [] }] }),
      [`${ALL} [json-pointer:/view]`, 'unsupported type: table [json-pointer:/view/blocks/0/type]'],
    ],
    ['nothing', undefined, [`${ALL} [json-pointer:/view]`, 'must provide an object [json-pointer:/view]']],
  ])('%s', (_name, view, expected) => expect(viewIssues(view).map(sentence)).toEqual(expected))
})
