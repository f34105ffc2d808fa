import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseInput } from './input.ts'
import { localeOf } from './locale.ts'
import { display, general } from './number-format.ts'

const US = { locale: localeOf('en_US'), year: 2026 }
const FR = { locale: localeOf('fr_FR'), year: 2026 }

/** What is stored, and what the cell then shows. */
function typed(text: string, context = US) {
  const { value = {}, format } = parseInput(text, context)
  const stored = value.numberValue ?? value.boolValue ?? value.formulaValue ?? value.stringValue ?? null
  return [stored, display(stored, format, context.locale)]
}

describe('text as a user types it', () => {
  test.each([
    ['', null, ''],
    ['hello', 'hello', 'hello'],
    ["'5", '5', '5'],
    ['=A1+1', '=A1+1', '=A1+1'],
    ['+A1', '=+A1', '=+A1'],
    ['true', true, 'TRUE'],
    ['42', 42, '42'],
    ['0042', 42, '42'],
    ['-.5', -0.5, '-0.5'],
    ['(5)', -5, '-5'],
    ['1,234', 1234, '1,234'],
    ['2,000,000.01', 2000000.01, '2,000,000.01'],
    ['1,23', '1,23', '1,23'],
    ['$1,234.50', 1234.5, '$1,234.50'],
    ['$3', 3, '$3'],
    ['50%', 0.5, '50%'],
    ['12.5%', 0.125, '12.50%'],
    ['1e5', 100000, '1.00E+05'],
    ['3_2_1', '3_2_1', '3_2_1'],
    ['123-456-7890', '123-456-7890', '123-456-7890'],
    ['2020-01-01', 43831, '2020-01-01'],
    ['1999-01-02', 36162, '1999-01-02'],
    ['1/5/2024', 45296, '1/5/2024'],
    ['1/2', 46024, '1/2'],
    ['Jan 5, 2024', 45296, 'Jan 5, 2024'],
    ['5-Jan-2024', 45296, '5-Jan-2024'],
    ['13/13/2024', '13/13/2024', '13/13/2024'],
    ['10:30 AM', 0.4375, '10:30 AM'],
    ['36:00:00', 1.5, '36:00:00'],
    ['1/5/2024 10:30', 45296.4375, '1/5/2024 10:30'],
  ])('%s', (text, stored, shown) => expect(typed(text)).toEqual([stored, shown]))

  test('a locale decides on separators and the order of dates', () => {
    expect(typed('1 234,5', FR)[0]).toBe(1234.5)
    expect(typed('05/01/2024', FR)).toEqual([45296, '05/01/2024'])
    expect(typed('1,5', FR)[0]).toBe(1.5)
    expect(typed('1.5', FR)[0]).toBe('1.5')
  })

  test('a web address is a link', () => {
    expect(parseInput('https://example.com/a', US)).toMatchObject({ link: 'https://example.com/a' })
    expect(parseInput('www.example.com', US)).toMatchObject({ link: 'http://www.example.com' })
  })

  test('a number typed as it is shown is the same number', () => {
    fc.assert(fc.property(fc.integer({ min: -1e12, max: 1e12 }), (value) => typed(String(value))[0] === value))
  })
})

describe('numbers without a format', () => {
  test.each([
    [1 / 1024, '0.0009765625'],
    [1 / 3, '0.3333333333'],
    [10 / 3, '3.333333333'],
    [0.1 + 0.2, '0.3'],
    [123456789012, '123456789012'],
    [1e15, '1E+15'],
    [-1.5e-12, '-1.5E-12'],
    [0, '0'],
  ])('%d is shown as %s', (value, text) => expect(general(value, US.locale)).toBe(text))
})
