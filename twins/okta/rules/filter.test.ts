import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkFilter, type Filter, FilterError, matches, parseFilter } from './filter.ts'

const person = {
  status: 'ACTIVE',
  lastUpdated: '2026-03-01T10:00:00.000Z',
  'profile.firstName': 'Ines',
  'profile.city': 'San José',
  'profile.skills': ['Go', 'Rust'],
  'profile.level': 7,
  'profile.remote': true,
}
const passes = (text: string, ignoreCase = true) =>
  matches(parseFilter(text), (name) => person[name as keyof typeof person], { ignoreCase })

describe('the filter language', () => {
  it.each([
    ['status eq "ACTIVE"', true],
    ['status eq "active"', true],
    ['status EQ "ACTIVE" AND profile.firstName sw "In"', true],
    ['status eq "STAGED" or status eq "ACTIVE" and profile.firstName eq "Nobody"', false],
    ['(status eq "STAGED" or status eq "ACTIVE") and profile.firstName eq "ines"', true],
    ['profile.skills eq "rust"', true],
    ['profile.skills eq "c"', false],
    ['profile.nickName pr', false],
    ['profile.city pr', true],
    ['profile.level gt 6 and profile.level le 7', true],
    ['profile.remote eq true', true],
    ['lastUpdated gt "2026-02-28T23:00:00.000Z"', true],
    ['lastUpdated lt "2026-03-01T11:00:00.000+02:00"', false],
    ['not (status eq "ACTIVE")', false],
    ['profile.city co "n j"', true],
    ['status ne "ACTIVE"', false],
    ['profile.firstName eq "\\u0049nes"', true],
  ])('%s → %s', (text, expected) => expect(passes(text)).toBe(expected))

  it('minds case where the endpoint does', () => expect(passes('status eq "active"', false)).toBe(false))

  it.each([
    '',
    'status',
    'status eq',
    'status is "x"',
    '(status eq "x"',
    'status eq "x" and',
    'status eq "x',
    'eq "x" )',
  ])('refuses %j', (text) => expect(() => parseFilter(text)).toThrow(FilterError))

  it('refuses what the endpoint does not allow', () => {
    const rules = { operators: (name: string) => (name === 'id' ? (['eq'] as const) : undefined) }
    expect(() => checkFilter(parseFilter('id eq "1"'), rules)).not.toThrow()
    expect(() => checkFilter(parseFilter('id sw "1"'), rules)).toThrow(FilterError)
    expect(() => checkFilter(parseFilter('not id eq "1"'), rules)).toThrow(FilterError)
  })

  const attribute = fc.constantFrom('status', 'profile.firstName', 'profile.level', 'profile.none')
  const leaf: fc.Arbitrary<Filter> = fc.record({
    kind: fc.constant('test' as const),
    attribute,
    operator: fc.constantFrom('eq', 'ne', 'sw', 'co', 'gt', 'le'),
    value: fc.oneof(fc.string(), fc.integer(), fc.boolean()),
  })
  const { tree } = fc.letrec<{ tree: Filter }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: tie('tree'), right: tie('tree') }),
      fc.record({ kind: fc.constant('not' as const), of: tie('tree') }),
    ),
  }))
  const print = (filter: Filter): string => {
    if (filter.kind === 'test') return `${filter.attribute} ${filter.operator} ${JSON.stringify(filter.value)}`
    if (filter.kind === 'not') return `not (${print(filter.of)})`
    return `(${print(filter.left)} ${filter.kind} ${print(filter.right)})`
  }

  it('reads back what it would write', () => {
    fc.assert(
      fc.property(tree, (filter) => {
        expect(parseFilter(print(filter))).toEqual(filter)
      }),
    )
  })

  it('never fails otherwise than by refusing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseFilter(text)
        } catch (error) {
          expect(error).toBeInstanceOf(FilterError)
        }
      }),
    )
  })
})
