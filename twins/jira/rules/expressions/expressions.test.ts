import { expect, test } from 'vitest'
import { checked, complexity, typeOf, unknownNames } from './analyse.ts'
import type { Node } from './ast.ts'
import { evaluate } from './evaluate.ts'
import { Bean, toJson } from './values.ts'

const NOW = Date.parse('2026-01-31T10:00:00Z')
const issue = (key: string) =>
  new Bean('Issue', key, { key: () => key, comments: () => [], labels: () => ['a', 'b'], parent: () => null }, () => ({
    key,
  }))
const scope = { issue: issue('A-1'), issues: [issue('A-1'), issue('A-2')], n: 3 }
const tree = (source: string): Node => {
  const { node, errors } = checked(source)
  if (!node) throw new Error(errors[0]?.message)
  return node
}
const value = (source: string) => toJson(evaluate(tree(source), scope, NOW, { steps: 0, expensive: 0, beans: 0 }))

test.each([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3 - -1', 10],
  ['7 % 4 == 3 && !(1 > 2)', true],
  ["'it' + \"'s \" + n", "it's 3"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of the expression language
  ['`${n + 1} of ${issue.key}`', '4 of A-1'],
  ['n >= 3 ? "many" : "few"', 'many'],
  ['null ?? "none"', 'none'],
  ['issue.parent?.key', null],
  ["issue['ke' + 'y']", 'A-1'],
  ['issues.map(i => i.key)', ['A-1', 'A-2']],
  ['issues.filter(i => i.key != "A-1").length', 1],
  ['issues.includes(issue)', true],
  ['[3, 1, 2].sort()', [1, 2, 3]],
  ['[3, 1, 2].sort((a, b) => b - a).join("-")', '3-2-1'],
  ['[1, 2, 3].reduce((sum, x) => sum + x, 0)', 6],
  ['[[1], [2]].flatten()', [1, 2]],
  ['issues.every(i => i.labels.some(l => l == "b"))', true],
  ['{ key: issue.key, n }', { key: 'A-1', n: 3 }],
  ['issues.map(i => { key: i.key })', [{ key: 'A-1' }, { key: 'A-2' }]],
  ['let a = 2; let b = a + 1; a * b', 6],
  ['typeof issue', 'Issue'],
  ['new Date("2026-01-31").plusMonths(1).toISOString()', '2026-02-28T00:00:00.000Z'],
  ['new Date() > new Date("2026-01-30")', true],
  ['"a,b".split(",").map(s => s.toUpperCase())', ['A', 'B']],
  ['issue', { key: 'A-1' }],
])('%s', (source, expected) => {
  expect(value(source)).toEqual(expected)
})

test.each([
  ['nobody.key', 'Unrecognized identifier: "nobody"'],
  ['issue.nosuch', "Available properties of type 'Issue' are: 'comments', 'key', 'labels', 'parent'"],
  ['issue.parent.key', 'Cannot read property "key" of null'],
  ['1 - "a"', 'Number is expected instead of String'],
  ['n && true', 'Boolean is expected instead of Number'],
  ['[1, "a"].sort()', 'cannot be compared'],
  ['n()', 'Number is not a function'],
  ['[].reduce((a, b) => a)', 'Reduce of an empty list'],
  ['[1,2,3,4,5,6,7,8,9,10,11].map(i => issue.comments)', 'limit of 10 expensive operations'],
  ['x => x', 'cannot be shown'],
])('%s is refused', (source, message) => {
  expect(() => value(source)).toThrow(message)
})

test.each([
  ['1 +', 1, 4],
  ['{idAndKey: issue.id,', 1, 21],
  ['issues.map(\ni =>)', 2, 5],
  ["'open", 1, 1],
  ['a # b', 1, 3],
])('%j cannot be read', (source, line, column) => {
  expect(checked(source).errors).toMatchObject([{ type: 'syntax', line, column }])
})

test('length and size have limits', () => {
  expect(checked(`'${'x'.repeat(1000)}'`).errors[0]?.message).toBe(
    'Jira expression is too long (1002), limit: 1000 characters',
  )
  expect(checked(Array.from({ length: 101 }, () => '1').join('+')).errors[0]?.message).toContain('too many nodes (101)')
})

test('what can be told without evaluating', () => {
  expect(['1 + 1', '"a" + 1', '!true', 'issue.key', '[1]'].map((source) => typeOf(tree(source)))).toEqual([
    'Number',
    'String',
    'Boolean',
    'Any',
    'List',
  ])
  expect(unknownNames(tree('issues.map(i => i.key + other)'), new Set(['issues']))).toEqual(['other'])
  expect(complexity(tree('issue.comments.length'))).toEqual({ expensiveOperations: '1', variables: {} })
  expect(complexity(tree('issues.map(i => i.comments)'))).toEqual({
    expensiveOperations: 'N',
    variables: { N: 'issues' },
  })
})
