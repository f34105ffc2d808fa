import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExpressionError, evaluate, holds, parseExpression, type Scope } from './expression.ts'

const scope: Scope = {
  names: {
    user: {
      firstName: 'Ines',
      department: 'Sales',
      login: 'ines@acme.test',
      level: 7,
      skills: ['go', 'rust'],
      nick: null,
    },
  },
  groups: [
    { id: '00g1', name: 'Everyone' },
    { id: '00g2', name: 'West Coast Sales' },
  ],
  now: Date.UTC(2026, 0, 1),
  internal: { status: 'ACTIVE' },
}
const value = (source: string) => evaluate(parseExpression(source), scope)

describe('the expression language', () => {
  it.each<[string, unknown]>([
    ['user.department=="Sales"', true],
    ['user.department eq "sales"', true],
    ['user.department != "Sales"', false],
    ["user.department=='Support' OR user.level > 5", true],
    ['user.department=="Support" || user.level > 5 && user.level < 7', false],
    ['!(user.department=="Support") and NOT user.nick != null', true],
    ['user.nick == null ? "none" : user.nick', 'none'],
    ['String.startsWith(user.firstName, "In")', true],
    ['String.stringContains(user.login, "@acme")', true],
    ['String.substringAfter(user.login, "@")', 'acme.test'],
    ['String.substringBefore(user.login, "@").toUpperCase()', 'INES'],
    ["substringAfter(user.login, '@')", 'acme.test'],
    ['String.len(user.firstName) + 1', 5],
    ['user.login.contains("ines")', true],
    ['Arrays.contains(user.skills, "rust")', true],
    ['Arrays.size(user.skills) == 2', true],
    ['Arrays.isEmpty(user.none)', true],
    ['user.skills.contains("c")', false],
    ['Convert.toInt("41.6")', 42],
    ['Convert.toNum("7") == user.level', true],
    ['isMemberOfAnyGroup("00g9", "00g2")', true],
    ['isMemberOfGroup("00g9")', false],
    ['isMemberOfGroupName("Everyone")', true],
    ['isMemberOfGroupNameStartsWith("West")', true],
    ['isMemberOfGroupNameContains("Coast")', true],
    ['isMemberOfGroupNameRegex("^West.*Sales$")', true],
    ['user.isMemberOf({"00g2"})', true],
    ['user.getInternalProperty("status") == "ACTIVE"', true],
    ['hasDirectoryUser()', false],
    ['Iso3166Convert.toName("DE")', 'Germany'],
    ['Time.now()', '2026-01-01T00:00:00.000Z'],
    ['user.absent', null],
    ['user["department"]', 'Sales'],
  ])('%s → %s', (source, expected) => expect(value(source)).toEqual(expected))

  it.each(['', 'user.', 'user.department ==', '(user.level > 1', 'user.level >> 1', '"open', 'String.(', 'a b'])(
    'refuses %j',
    (source) => expect(() => parseExpression(source)).toThrow(ExpressionError),
  )

  it('does not hold when it cannot be computed or is no boolean', () => {
    expect(holds(parseExpression('nonsense(user.level)'), scope)).toBe(false)
    expect(holds(parseExpression('user.firstName'), scope)).toBe(false)
  })

  it('never fails otherwise than by refusing', () => {
    const piece = fc.constantFrom(
      'user',
      '.',
      'level',
      '==',
      '"x"',
      '(',
      ')',
      '&&',
      'String',
      'len',
      '1',
      '!',
      '?',
      ':',
      '{',
      '}',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        try {
          evaluate(parseExpression(pieces.join('')), scope)
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError)
        }
      }),
    )
  })
})
