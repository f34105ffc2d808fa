import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Mask, MaskSyntax, parseMask, prune, unknownPath } from './fields.ts'

const whole = {
  kind: 'list',
  files: [{ id: '1', owners: [{ me: true, email: 'a@b.c' }] }, { name: 'x' }],
  map: { a: 1, b: 2 },
}

describe('prune', () => {
  it.each([
    ['kind', { kind: 'list' }],
    ['files(id)', { files: [{ id: '1' }, {}] }],
    ['files/id', { files: [{ id: '1' }, {}] }],
    ['files.owners.me', { files: [{ owners: [{ me: true }] }, {}] }],
    ['files(owners/email, name)', { files: [{ owners: [{ email: 'a@b.c' }] }, { name: 'x' }] }],
    ['*', whole],
    ['files/*', { files: whole.files }],
    ['*/id', { files: [{ id: '1' }, {}], kind: 'list', map: {} }],
    ['map(b)', { map: { b: 2 } }],
    ['absent', {}],
    ['kind/deeper', {}],
    ['files/id,files', { files: whole.files }],
  ])('%s', (mask, expected) => {
    expect(prune(whole, parseMask(mask))).toEqual(expected)
  })
})

it.each(['', ',', 'a,', 'a(b', 'a)', 'a//b', 'a(', '()', 'a b'])('refuses %j', (text) => {
  expect(() => parseMask(text)).toThrow(MaskSyntax)
})

const name = fc.constantFrom('a', 'b', 'c', 'd')
const tree: fc.Arbitrary<Record<string, unknown>> = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.array(tie('object'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
})).object as fc.Arbitrary<Record<string, unknown>>
const maskText: fc.Arbitrary<string> = fc.letrec((tie) => ({
  item: fc.oneof(
    { maxDepth: 3 },
    name,
    fc.tuple(name, tie('item')).map(([outer, inner]) => `${outer}/${inner}`),
    fc.tuple(name, tie('list')).map(([outer, inner]) => `${outer}(${inner})`),
  ),
  list: fc.array(tie('item'), { minLength: 1, maxLength: 3 }).map((items) => items.join(',')),
})).list as fc.Arbitrary<string>

const show = (mask: Mask): string => [...mask].map(([key, below]) => (below ? `${key}(${show(below)})` : key)).join(',')

describe('properties of masks', () => {
  it('pruning twice is pruning once', () => {
    fc.assert(
      fc.property(tree, maskText, (value, text) => {
        const mask = parseMask(text)
        const once = prune(value, mask)
        expect(prune(once, mask)).toEqual(once)
      }),
    )
  })

  it('a mask survives being written and parsed again', () => {
    fc.assert(
      fc.property(maskText, (text) => {
        const mask = parseMask(text)
        expect(parseMask(show(mask))).toEqual(mask)
      }),
    )
  })

  it('a wider mask keeps at least as much', () => {
    fc.assert(
      fc.property(tree, maskText, maskText, (value, a, b) => {
        const narrow = prune(value, parseMask(a))
        const wide = prune(value, parseMask(`${a},${b}`))
        expect(wide).toMatchObject(narrow as object)
      }),
    )
  })
})

it('names the first path a schema lacks', () => {
  const file = {
    type: 'object',
    properties: { id: { type: 'string' }, props: { type: 'object', additionalProperties: { type: 'string' } } },
  }
  const list = { type: 'object', properties: { files: { type: 'array', items: file }, kind: { type: 'string' } } }
  const check = (text: string) => unknownPath(parseMask(text), list, (schema) => schema)
  expect(check('files(id,props/anything),kind')).toBeUndefined()
  expect(check('*')).toBeUndefined()
  expect(check('*/id')).toBeUndefined()
  expect(check('nope')).toEqual(['nope'])
  expect(check('files(id,nope)')).toEqual(['files', 'nope'])
  expect(check('kind/x')).toEqual(['kind', 'x'])
})
