import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readArguments } from './arguments.ts'
import { nameRefusal } from './channelNames.ts'
import { cursorPage } from './cursors.ts'
import { emojiText, readEmoji, unicodeToShortNames } from './emoji.ts'
import {
  escapeAll,
  escapeStray,
  linkedUrls,
  markdownToMrkdwn,
  mentionedUsers,
  storedText,
  unescapeText,
} from './mrkdwn.ts'
import { reminderTime } from './reminderTime.ts'
import { blocksText, richText } from './richText.ts'
import { permission } from './scopes.ts'
import { parseSearch } from './searchQuery.ts'
import { nextTimestamp, parseTimestamp } from './timestamps.ts'
import { timeZone } from './timeZones.ts'
import { viewState, withValue } from './viewState.ts'

describe('timestamps', () => {
  it('grow strictly, keep the order of text, and end in 9', () => {
    const steps = fc.array(fc.record({ wait: fc.nat(3), chance: fc.nat(99) }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(steps, (all) => {
        let now = 1_770_000_000_000
        let latest: string | undefined
        for (const { wait, chance } of all) {
          now += wait
          const next = nextTimestamp(now, chance, latest)
          expect(next).toMatch(/^\d{10}\.\d{5}9$/)
          if (latest !== undefined) expect(next > latest).toBe(true)
          latest = next
        }
      }),
    )
  })

  it.each([
    ['1512085950.000216', '1512085950.000216'],
    ['1512085950', '1512085950.000000'],
    [0, '0000000000.000000'],
    ['1512085950.5', '1512085950.500000'],
    ['yesterday', undefined],
    ['1.2.3', undefined],
  ])('reads %j as %j', (value, expected) => expect(parseTimestamp(value)).toBe(expected))
})

describe('markup', () => {
  it.each([
    ['a < b & c', 'a &lt; b &amp; c'],
    ['already &amp; &lt;done&gt;', 'already &amp; &lt;done&gt;'],
    ['<@U1> and <#C1|general> and <!here>', '<@U1> and <#C1|general> and <!here>'],
    ['see https://acme.test/a?b=1&c=2.', 'see <https://acme.test/a?b=1&amp;c=2>.'],
    ['<https://acme.test|Acme> stays', '<https://acme.test|Acme> stays'],
    ['write ada@acme.test', 'write <mailto:ada@acme.test|ada@acme.test>'],
    ['well done 🎉', 'well done :tada:'],
  ])('stores %j as %j', (text, stored) => expect(storedText(text)).toBe(stored))

  it('stores what it stored unchanged', () => {
    fc.assert(fc.property(fc.string(), (text) => escapeStray(escapeStray(text)) === escapeStray(text)))
  })

  it('escapes so that unescaping gives the text back', () => {
    fc.assert(fc.property(fc.string(), (text) => unescapeText(escapeAll(text)) === text))
  })

  it('finds mentions and links', () => {
    const stored = storedText('<@U1> and <@U2|ada>: https://a.test and https://a.test')
    expect(mentionedUsers(stored)).toEqual(['U1', 'U2'])
    expect(linkedUrls(stored)).toEqual(['https://a.test'])
  })

  it('reads Markdown', () => {
    expect(markdownToMrkdwn('# Title\n**bold** ~~gone~~ [Acme](https://acme.test)\n- one')).toBe(
      '*Title*\n*bold* ~gone~ <https://acme.test|Acme>\n• one',
    )
  })
})

describe('rich text', () => {
  const section = (text: string) => richText(text, 'b').elements
  it.each([
    ['plain', [{ type: 'text', text: 'plain' }]],
    [
      '*bold* and _it_',
      [
        { type: 'text', text: 'bold', style: { bold: true } },
        { type: 'text', text: ' and ' },
        { type: 'text', text: 'it', style: { italic: true } },
      ],
    ],
    ['`a*b*`', [{ type: 'text', text: 'a*b*', style: { code: true } }]],
    ['2*3*4', [{ type: 'text', text: '2*3*4' }]],
    [
      'hi <@U1> :wave:',
      [
        { type: 'text', text: 'hi ' },
        { type: 'user', user_id: 'U1' },
        { type: 'text', text: ' ' },
        { type: 'emoji', name: 'wave', unicode: '1f44b' },
      ],
    ],
    ['<https://a.test|A>', [{ type: 'link', url: 'https://a.test', text: 'A' }]],
    ['a &lt; b', [{ type: 'text', text: 'a < b' }]],
  ])('reads %j', (text, elements) => expect(section(text)).toEqual([{ type: 'rich_text_section', elements }]))

  it('sets code, quotes and lists apart', () => {
    expect(section('before\n```\ncode\n```').map((one) => one.type)).toEqual([
      'rich_text_section',
      'rich_text_preformatted',
    ])
    expect(section('&gt; said\n• one\n• two').map((one) => one.type)).toEqual(['rich_text_quote', 'rich_text_list'])
  })

  it('gives plain words back as they were', () => {
    const words = fc
      .array(fc.stringMatching(/^[a-zA-Z0-9 .,]{1,12}$/), { minLength: 1, maxLength: 5 })
      .map((all) => all.join(' '))
    fc.assert(fc.property(words, (text) => blocksText([richText(text, 'b')]) === text))
  })
})

describe('emoji', () => {
  it.each([
    ['thumbsup', '+1'],
    [':tada:', 'tada'],
    ['+1::skin-tone-3', '+1::skin-tone-3'],
    ['own', 'own'],
  ])('reads %j as %j', (given, name) => {
    const emoji = readEmoji(given, (custom) => custom === 'own')
    expect(emoji && emojiText(emoji)).toBe(name)
  })
  it.each(['no-such-emoji', 'tada::skin-tone-9', ''])('knows no %j', (given) =>
    expect(readEmoji(given, () => false)).toBeUndefined(),
  )
  it('spells pictures out', () => expect(unicodeToShortNames('👍🏽!')).toBe(':+1::skin-tone-4:!'))
})

describe('cursors', () => {
  it('give every item once, in order, whatever the page', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[A-Z0-9]{4}$/)), fc.integer({ min: 1, max: 7 }), (ids, size) => {
        const sorted = ids.toSorted()
        const seen: string[] = []
        let cursor = ''
        do {
          const page = cursorPage('user', sorted, (id) => id, size, cursor)
          expect(page.items.length).toBeLessThanOrEqual(size)
          seen.push(...page.items)
          cursor = page.next
        } while (cursor !== '')
        expect(seen).toEqual(sorted)
      }),
    )
  })
  it('are read back as their kind only', () => {
    const page = cursorPage('user', ['U1', 'U2'], (id) => id, 1, '')
    expect(Buffer.from(page.next, 'base64').toString()).toBe('user:U2')
    expect(() => cursorPage('team', ['C1'], (id) => id, 1, page.next)).toThrow('invalid_cursor')
    expect(() => cursorPage('user', ['U1'], (id) => id, 1, 'junk')).toThrow('invalid_cursor')
  })
})

describe('arguments', () => {
  const read = (contentType: string, body: string, json = true) =>
    readArguments({ method: 'POST', search: 'a=query&q=1', contentType, bytes: Buffer.from(body) }, json)
  it('come from everywhere, the body last', () => {
    expect(read('application/x-www-form-urlencoded', 'a=form').values).toEqual({ a: 'form', q: '1' })
    expect(read('application/json', '{"a":{"b":1}}').values).toEqual({ a: { b: 1 }, q: '1' })
    const multipart = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\npart\r\n--x--\r\n'
    expect(read('multipart/form-data; boundary=x', multipart).values).toEqual({ a: 'part', q: '1' })
  })
  it('look missing where JSON is not read', () =>
    expect(read('application/json', '{"a":1}', false).values).toEqual({ a: 'query', q: '1' }))
  it('leave a token in JSON alone', () =>
    expect(read('application/json', '{"token":"xoxb"}').values).not.toHaveProperty('token'))
  it.each([
    ['application/json', '{', 'invalid_json'],
    ['application/json', '[]', 'json_not_object'],
    ['application/x-www-form-urlencoded', 'request[timeout]=1', 'invalid_array_arg'],
    ['text/plain', 'a=1', 'invalid_post_type'],
    ['multipart/form-data', 'a=1', 'invalid_form_data'],
  ])('%s %j is refused with %s', (type, body, refusal) => expect(read(type, body).refusal).toBe(refusal))
})

describe('scopes', () => {
  const either: Record<string, string[]>[] = [{ bot: ['a'] }, { bot: ['b'] }, { user: ['c'] }]
  it.each([
    ['bot', ['b'], 'granted'],
    ['bot', ['c'], 'missing_scope'],
    ['user', ['c'], 'granted'],
    ['app', ['a'], 'wrong_kind'],
    ['configuration', [], 'wrong_kind'],
  ] as const)('a %s token with %j is %s', (kind, scopes, verdict) =>
    expect(permission('x.y', either, kind, scopes).verdict).toBe(verdict),
  )
  it('opens connections for app-level tokens only', () => {
    expect(permission('apps.connections.open', [{}], 'app', ['connections:write']).verdict).toBe('granted')
    expect(permission('apps.connections.open', [{}], 'bot', ['connections:write']).verdict).toBe('wrong_kind')
  })
})

describe('names of channels', () => {
  it.each([
    ['ok-name_1', undefined],
    ['straße', undefined],
    ['no.dots', 'invalid_name_specials'],
    ['__', 'invalid_name_punctuation'],
  ])('%j: %j', (name, refusal) => expect(nameRefusal(name)).toBe(refusal))
})

describe('state of a view', () => {
  const block = (blockId: string, actionId: string, initial?: string) => ({
    type: 'input',
    block_id: blockId,
    element: { type: 'plain_text_input', action_id: actionId, ...(initial ? { initial_value: initial } : {}) },
  })
  it('keeps what was typed under unchanged ids, and starts anew under others', () => {
    const first = viewState([block('a', 'x', 'one'), block('b', 'x')])
    expect(first).toEqual({
      a: { x: { type: 'plain_text_input', value: 'one' } },
      b: { x: { type: 'plain_text_input', value: null } },
    })
    const typed = withValue(first, 'a', 'x', { type: 'plain_text_input', value: 'typed' })
    const next = viewState([block('a', 'x', 'two'), block('c', 'x', 'new')], typed)
    expect(next).toEqual({
      a: { x: { type: 'plain_text_input', value: 'typed' } },
      c: { x: { type: 'plain_text_input', value: 'new' } },
    })
  })
})

describe('times of reminders', () => {
  const now = Date.UTC(2026, 0, 7, 12, 0, 0) / 1000 // a Wednesday, noon
  it.each([
    ['in 15 minutes', now + 900],
    ['in an hour', now + 3600],
    ['3600', now + 3600],
    [String(now + 10), now + 10],
    ['tomorrow at 9am', now + 21 * 3600],
    ['at 3:30pm', now + 3.5 * 3600],
    ['on friday', now + 45 * 3600],
    ['every thursday', now + 21 * 3600],
  ])('%j', (said, time) => expect(reminderTime(said, now, 0)?.time).toBe(time))
  it.each(['whenever', '', 'in a blue moon'])('does not understand %j', (said) =>
    expect(reminderTime(said, now, 0)?.time ?? undefined).toBe(said === '' ? now + 21 * 3600 : undefined),
  )
})

describe('searches', () => {
  it('are words and modifiers', () => {
    expect(parseSearch('anvil "heavy duty" -light from:@ada in:#sales has:link before:2026-02-01', 0)).toMatchObject({
      words: ['anvil', 'heavy duty'],
      excluded: ['light'],
      from: ['ada'],
      in: ['sales'],
      has: ['link'],
      before: Date.UTC(2026, 1, 1) / 1000,
    })
  })
})

describe('time zones', () => {
  it('have summer in their label', () => {
    expect(timeZone('America/Los_Angeles', Date.UTC(2026, 0, 1))).toEqual({
      label: 'Pacific Standard Time',
      offset: -28_800,
    })
    expect(timeZone('America/Los_Angeles', Date.UTC(2026, 6, 1))).toEqual({
      label: 'Pacific Daylight Time',
      offset: -25_200,
    })
    expect(timeZone('Europe/Warsaw', Date.UTC(2026, 0, 1))).toEqual({ label: 'Central European Time', offset: 3600 })
  })
})
