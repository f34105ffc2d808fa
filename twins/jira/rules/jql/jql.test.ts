import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clause, Operand, Query } from './ast.ts'
import { boundary, parseDate } from './dates.ts'
import { parse } from './parser.ts'
import { print, structure } from './print.ts'
import { textQuery } from './text.ts'
import { nextToken, readToken } from './token.ts'

const sentence = (jql: string): string => {
  try {
    parse(jql)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

const OPERATORS =
  "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'."

describe('what does not parse is told as Jira tells it', () => {
  test.each([
    ['project foo', `Error in the JQL Query: Expecting operator but got 'foo'. ${OPERATORS} (line 1, character 9)`],
    ['project = A AND', 'Error in the JQL Query: Expecting a field name at the end of the query.'],
    ['project =', 'Error in JQL Query: Expecting either a value, list or function before the end of the query.'],
    [
      'a = b and c = = d',
      "Error in JQL Query: Expecting either a value, list or function but got '='. You must surround '=' in quotation marks to use it as a value. (line 1, character 15)",
    ],
    [
      'project = PUB status = Done',
      "Error in the JQL Query: Expecting either 'OR' or 'AND' but got 'status'. (line 1, character 15)",
    ],
    ['(project = A', "Error in the JQL Query: Expecting ')' before the end of the query."],
    [
      'project = "unclosed',
      "Error in the JQL Query: The quoted string 'unclosed' has not been completed. (line 1, character 11)",
    ],
    [
      'project = for',
      "Error in the JQL Query: 'for' is a reserved JQL word. You must surround it in quotation marks to use it in a query. (line 1, character 11)",
    ],
    [
      'summary ~ 50%',
      "Error in the JQL Query: The character '%' is a reserved JQL character. You must enclose it in a string or use the escape '\\u0025' instead. (line 1, character 13)",
    ],
  ])('%s', (jql, message) => expect(sentence(jql)).toBe(message))
})

describe('what parses', () => {
  test.each([
    ['project = A', 'project = A'],
    ['a = 1 or b = 2 and not c = 3', 'a = 1 OR (b = 2 AND NOT c = 3)'],
    [
      'status was not in (Done, "In Progress") during ("2026-01-01", now()) by currentUser()',
      'status WAS NOT IN (Done, "In Progress") DURING ("2026-01-01", now()) BY currentUser()',
    ],
    ['cf[10010] is not empty', 'cf[10010] IS NOT EMPTY'],
    ['issue.property[deploy].state = live', 'issue.property[deploy].state = live'],
    ['created >= -1d order by rank, priority desc', 'created >= -1d ORDER BY rank, priority DESC'],
    ['this is not jql', 'this IS NOT jql'],
    ['', ''],
  ])('%s', (jql, printed) => expect(print(parse(jql))).toBe(printed))

  test('has the structure jql/parse shows', () => {
    expect(structure(parse('project = A AND labels in (x, "y z") ORDER BY created DESC'))).toEqual({
      where: {
        operator: 'and',
        clauses: [
          {
            field: { name: 'project', encodedName: 'project' },
            operator: '=',
            operand: { value: 'A', encodedValue: 'A' },
          },
          {
            field: { name: 'labels', encodedName: 'labels' },
            operator: 'in',
            operand: {
              values: [
                { value: 'x', encodedValue: 'x' },
                { value: 'y z', encodedValue: '"y z"' },
              ],
              encodedOperand: '(x, "y z")',
            },
          },
        ],
      },
      orderBy: { fields: [{ field: { name: 'created', encodedName: 'created' }, direction: 'desc' }] },
    })
  })
})

const name = fc.constantFrom('project', 'status', 'Story Points', 'cf[10010]', 'order', 'labels')
const value: fc.Arbitrary<Operand> = fc.oneof(
  fc
    .string({ minLength: 1, maxLength: 12 })
    .map((text): Operand => ({ kind: 'value', value: text.replace(/\p{Cc}/gu, 'x'), quoted: true })),
  fc.constantFrom<Operand>(
    { kind: 'value', value: '-1d', quoted: false },
    { kind: 'empty', keyword: 'empty' },
    { kind: 'function', name: 'now', args: [] },
    { kind: 'function', name: 'membersOf', args: ['a b'] },
  ),
)
const condition: fc.Arbitrary<Clause> = fc.tuple(name, value, fc.boolean()).map(([field, operand, list]) => ({
  kind: 'condition',
  field: { name: field },
  operator: list ? 'in' : '=',
  operand: list ? { kind: 'list', items: [operand] } : operand,
  predicates: [],
}))
const { clause } = fc.letrec<{ clause: Clause }>((tie) => ({
  clause: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    condition,
    tie('clause').map((inner): Clause => ({ kind: 'not', clause: inner })),
    fc
      .tuple(fc.constantFrom<'and' | 'or'>('and', 'or'), fc.array(tie('clause'), { minLength: 2, maxLength: 3 }))
      .map(([kind, clauses]): Clause => ({ kind, clauses })),
  ),
}))

test('a printed query parses back to itself', () => {
  fc.assert(
    fc.property(clause, (where) => {
      const query: Query = { where, orderBy: [{ field: { name: 'rank' }, direction: 'desc' }] }
      const once = print(query)
      expect(print(parse(once))).toBe(once)
    }),
  )
})

test('whatever is typed parses or fails with a sentence', () => {
  const piece = fc.constantFrom(
    'project',
    '=',
    '(',
    ')',
    ',',
    '"',
    "'",
    ' ',
    'AND',
    'not',
    'in',
    'was',
    'changed',
    'order by',
    '\\',
    '[',
    ']',
    '%',
    '-1d',
    'empty',
    'now()',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const said = sentence(pieces.join(' '))
      if (said !== '') expect(said).toMatch(/^Error in (the )?JQL Query: /)
    }),
  )
})

describe('text search', () => {
  test.each([
    ['anvils', 'The anvil is heavy', true],
    ['"anvil is"', 'The anvil is heavy', true],
    ['"is anvil"', 'The anvil is heavy', false],
    ['heavy anvil', 'The anvil is heavy', true],
    ['heav*', 'The anvil is heavy', true],
    ['light OR heavy', 'The anvil is heavy', true],
    ['anvil NOT heavy', 'The anvil is heavy', false],
    ['hevy~', 'The anvil is heavy', true],
    ['search', 'live-searchable', false],
    ['searchable', 'live-searchable', true],
  ])('%s in %j: %s', (search, text, found) => expect(textQuery(search)?.(text)).toBe(found))

  test('no word finds nothing', () => expect(textQuery('??')).toBeUndefined())
})

describe('dates are the reader’s', () => {
  const now = Date.parse('2026-03-18T10:30:00Z') // a Wednesday
  test.each([
    ['2026-03-01', 'Europe/Berlin', '2026-02-28T23:00:00.000Z'],
    ['2026/03/01 14:05', 'UTC', '2026-03-01T14:05:00.000Z'],
    ['-1d', 'UTC', '2026-03-17T10:30:00.000Z'],
    ['2w 1h', 'UTC', '2026-04-01T11:30:00.000Z'],
  ])('%s in %s', (text, zone, at) => expect(new Date(parseDate(text, now, zone)?.from ?? 0).toISOString()).toBe(at))

  test.each(['yesterday', '2026-02-31', '2026-13-01', '5y'])('%s is none', (text) =>
    expect(parseDate(text, now, 'UTC')).toBeUndefined(),
  )

  test.each([
    ['start', 'Day', undefined, '2026-03-18T00:00:00.000Z'],
    ['end', 'Day', undefined, '2026-03-18T23:59:59.999Z'],
    ['start', 'Week', undefined, '2026-03-15T00:00:00.000Z'],
    ['start', 'Month', '-1', '2026-02-01T00:00:00.000Z'],
    ['end', 'Year', undefined, '2026-12-31T23:59:59.999Z'],
    ['start', 'Day', '+2d', '2026-03-20T00:00:00.000Z'],
  ] as const)('%sOf%s(%s)', (edge, period, increment, at) => {
    expect(new Date(boundary(edge, period, increment, now, 'UTC') ?? 0).toISOString()).toBe(at)
  })
})

test('a page token keeps its place for its query, for seven days', () => {
  fc.assert(
    fc.property(fc.nat(), fc.string(), (served, jql) => {
      const token = nextToken(served, jql, 1_790_000_000_000)
      expect(readToken(token, jql, 1_790_000_000_000)).toBe(served)
      expect(readToken(token, `${jql}x`, 1_790_000_000_000)).toBeUndefined()
      expect(readToken(token, jql, 1_790_700_000_000)).toBeUndefined()
    }),
  )
  expect(readToken('garbage', '', 0)).toBeUndefined()
})
