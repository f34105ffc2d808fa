import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate, parseQuery, QuerySyntax, quote, type Term } from './query.ts'
import { nameContains, textContains } from './words.ts'

const is = (field: string, operator: string, value: string) => ({ kind: 'compare', field, operator, value })

describe('parseQuery', () => {
  it.each<[string, unknown]>([
    ["name = 'a'", is('name', '=', 'a')],
    ['mimeType="application/pdf"', is('mimeType', '=', 'application/pdf')],
    ["name='Valentine\\'s \\\\ Day'", is('name', '=', "Valentine's \\ Day")],
    ["'root' in parents", is('parents', 'in', 'root')],
    ["parents in 'root'", is('parents', 'in', 'root')],
    ['trashed=false', is('trashed', '=', 'false')],
    ['sharedWithMe', is('sharedWithMe', '=', 'true')],
    ["modifiedTime > '2012-06-04T12:00:00'", is('modifiedTime', '>', '2012-06-04T12:00:00')],
    ["NOT name CONTAINS 'x'", { kind: 'not', term: is('name', 'contains', 'x') }],
    [
      "a='1' or b='2' and c='3'",
      { kind: 'or', terms: [is('a', '=', '1'), { kind: 'and', terms: [is('b', '=', '2'), is('c', '=', '3')] }] },
    ],
    [
      "(a='1' or b='2') and not (c='3')",
      {
        kind: 'and',
        terms: [
          { kind: 'or', terms: [is('a', '=', '1'), is('b', '=', '2')] },
          { kind: 'not', term: is('c', '=', '3') },
        ],
      },
    ],
    ["properties has { key='k' and value='v' }", { kind: 'has', field: 'properties', key: 'k', value: 'v' }],
    ["labels/ab.cd != 'x'", is('labels/ab.cd', '!=', 'x')],
    ["'labels/ab' in labels", is('labels', 'in', 'labels/ab')],
  ])('%s', (query, expected) => {
    expect(parseQuery(query)).toEqual(expected)
  })

  it.each([
    '',
    'name =',
    "name = 'a",
    "= 'a'",
    "name = 'a' and",
    "(name = 'a'",
    "name = 'a')",
    "'a' at parents",
    "name 'a'",
    "properties has { value='x' }",
  ])('refuses %j', (query) => {
    expect(() => parseQuery(query)).toThrow(QuerySyntax)
  })
})

const leaf = fc.tuple(
  fc.constantFrom('name', 'fullText', 'mimeType'),
  fc.constantFrom('=', '!=', 'contains'),
  fc.string(),
)
const term: fc.Arbitrary<Term> = fc.letrec((tie) => ({
  term: fc.oneof(
    { maxDepth: 3 },
    leaf.map(([field, operator, value]) => ({ kind: 'compare', field, operator, value })),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('term'), { minLength: 2, maxLength: 3 }))
      .map(([kind, terms]) => ({ kind, terms })),
    tie('term').map((inner) => ({ kind: 'not', term: inner })),
  ),
})).term as fc.Arbitrary<Term>

function write(term: Term): string {
  switch (term.kind) {
    case 'and':
    case 'or':
      return term.terms.map((inner) => `(${write(inner)})`).join(` ${term.kind} `)
    case 'not':
      return `not (${write(term.term)})`
    case 'has':
      return `${term.field} has { key=${quote(term.key)} }`
    case 'compare':
      return `${term.field} ${term.operator} ${quote(term.value)}`
  }
}

describe('properties of queries', () => {
  it('what is written parses to what was meant', () => {
    fc.assert(
      fc.property(term, (meant) => {
        expect(parseQuery(write(meant))).toEqual(meant)
      }),
    )
  })

  it('not turns every answer around', () => {
    fc.assert(
      fc.property(term, fc.func(fc.boolean()), (one, matches) => {
        expect(evaluate({ kind: 'not', term: one }, matches)).toBe(!evaluate(one, matches))
      }),
    )
  })
})

it.each([
  ['HelloWorld', 'Hello', true],
  ['HelloWorld', 'World', false],
  ['Hello World', 'wor', true],
  ['Hello World', 'hello wor', true],
  ['Hello brave World', 'hello wor', false],
  ['Test Folder Alpha', 'Test Folder Alpha', true],
  ['report.final.pdf', 'pdf', true],
])('name %j contains %j: %j', (name, query, expected) => {
  expect(nameContains(name, query)).toBe(expected)
})

it.each([
  ['the quick brown fox', 'fox quick', true],
  ['the quick brown fox', '"quick brown"', true],
  ['the quick brown fox', '"brown quick"', false],
  ['the quick brown fox', 'qui', false],
])('text %j contains %j: %j', (text, query, expected) => {
  expect(textContains(text, query)).toBe(expected)
})
