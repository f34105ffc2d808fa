import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { effectiveScopes } from './classicScopes.ts'
import { csv } from './csv.ts'
import { imageSize } from './images.ts'
import { filledIn } from './workflows.ts'

describe('comma-separated values', () => {
  it.each<[string, Record<string, unknown>[], string]>([
    [
      'quotes what would break a row',
      [{ a: 'x,y', b: 'say "hi"', c: 'two\nlines' }],
      'a,b,c\r\n"x,y","say ""hi""","two\nlines"\r\n',
    ],
    ['has a column for every name that appears', [{ a: 1 }, { b: true }], 'a,b\r\n1,\r\n,true\r\n'],
    ['leaves nothing where nothing is', [{ a: null, b: undefined, c: '' }], 'a,b,c\r\n,,\r\n'],
    ['writes structures as JSON', [{ a: [1, 2] }], 'a\r\n"[1,2]"\r\n'],
  ])('%s', (_, rows, expected) => expect(csv(rows)).toBe(expected))

  it('has only the columns asked for', () => expect(csv([{ a: 1, b: 2 }], ['b'])).toBe('b\r\n2\r\n'))
})

describe('the size of an image', () => {
  const jpeg = Buffer.from('ffd8ffe000040000ffc00011080258032003', 'hex')
  const gif = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([0x20, 0x03, 0x58, 0x02])])
  const png = Buffer.alloc(24)
  png.write('PNG', 1, 'latin1')
  png.writeUInt32BE(640, 16)
  png.writeUInt32BE(480, 20)

  it.each([
    ['JPEG', jpeg, { width: 800, height: 600 }],
    ['GIF', gif, { width: 800, height: 600 }],
    ['PNG', png, { width: 640, height: 480 }],
    ['text', Buffer.from('hello, this is text'), undefined],
    ['nothing', Buffer.alloc(0), undefined],
    ['a JPEG cut short', jpeg.subarray(0, 6), undefined],
  ])('is read from %s', (_, bytes, size) => expect(imageSize(bytes)).toEqual(size))
})

describe('inputs of a step', () => {
  const run = { inputs: { who: 'U1', count: 3 }, outputs: { 0: { fields: { body: 'text' } } } }

  it.each<[unknown, unknown]>([
    ['{{inputs.count}}', 3],
    ['for {{inputs.who}}: {{steps.0.fields.body}}', 'for U1: text'],
    ['{{inputs.nothing}}', undefined],
    ['[{{steps.9.nothing}}]', '[]'],
    [
      ['{{inputs.who}}', { deep: '{{steps.0.fields.body}}' }],
      ['U1', { deep: 'text' }],
    ],
    [7, 7],
    [null, null],
  ])('%j become %j', (given, expected) => expect(filledIn(given, run)).toEqual(expected))
})

describe('scopes of classic tokens', () => {
  it.each<[readonly string[], string, boolean]>([
    [['bot'], 'channels:history', true],
    [['bot'], 'rtm:stream', true],
    [['bot'], 'usergroups:write', false],
    [['identify', 'read'], 'users:read', true],
    [['identify', 'read'], 'chat:write', false],
    [['chat:write:user'], 'chat:write', true],
    [['client'], 'search:read', true],
    [['chat:write'], 'rtm:stream', false],
  ])('%j open %s: %s', (scopes, scope, opens) => expect(effectiveScopes(scopes).includes(scope)).toBe(opens))

  it('are kept beside what they stand for; those of today stay as they are', () => {
    expect(effectiveScopes(['bot'])).toContain('bot')
    expect(effectiveScopes(['chat:write', 'users:read'])).toEqual(['chat:write', 'users:read'])
  })
})
