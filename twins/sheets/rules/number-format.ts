import { format as formatNumber } from 'numfmt'
import type { NumberFormat } from '../model.ts'
import type { Locale } from './locale.ts'

/** Patterns of a number format that has a type alone. */
function defaultPattern(type: NumberFormat['type'], locale: Locale): string | undefined {
  switch (type) {
    case 'NUMBER':
      return '#,##0.00'
    case 'PERCENT':
      return '0.00%'
    case 'CURRENCY':
      return currencyPattern(locale, true)
    case 'SCIENTIFIC':
      return '0.00E+00'
    case 'DATE':
      return locale.date
    case 'TIME':
      return locale.time
    case 'DATE_TIME':
      return locale.dateTime
    case 'TEXT':
      return '@'
    default:
      return undefined
  }
}

export function currencyPattern({ currency }: Locale, decimals: boolean): string {
  const digits = decimals ? '#,##0.00' : '#,##0'
  return currency.after ? `${digits}\u00a0"${currency.symbol}"` : `"${currency.symbol}"${digits}`
}

/**
 * A number without a format: ten significant digits, all digits of the integer part, an exponent from 1E+15 and
 * below 1E-10 (1/1024 is shown as 0.0009765625).
 */
export function general(value: number, locale: Locale): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  const decimal = (text: string) => (locale.decimal === '.' ? text : text.replace('.', locale.decimal))
  if (size >= 1e15 || size < 1e-10) {
    const [mantissa, exponent] = value.toExponential(5).split('e') as [string, string]
    const digits = exponent.slice(1).padStart(2, '0')
    return decimal(`${mantissa.replace(/\.?0+$/, '')}E${exponent[0]}${digits}`)
  }
  if (Number.isInteger(value)) return String(value)
  const whole = Math.max(1, Math.floor(Math.log10(size)) + 1)
  const places = Math.max(0, 10 - (size < 1 ? Math.floor(Math.log10(size)) + 1 : whole))
  const text = value.toFixed(Math.min(20, places))
  return decimal(text.includes('.') ? text.replace(/\.?0+$/, '') : text)
}

/** A value as a cell shows it. */
export function display(
  value: number | string | boolean | null,
  format: NumberFormat | undefined,
  locale: Locale,
): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  const pattern = format && (format.pattern || defaultPattern(format.type, locale))
  if (typeof value === 'string')
    return pattern?.includes('@') && pattern !== '@' ? apply(pattern, value, locale) : value
  if (!pattern || pattern === '@' || /^general$/i.test(pattern)) return general(value, locale)
  return apply(pattern, value, locale)
}

/** Renders with a pattern; one that the format language does not know shows the plain number, as Sheets does. */
export function apply(pattern: string, value: number | string, locale: Locale): string {
  try {
    return formatNumber(pattern, value, { locale: locale.tag, leap1900: false, dateSpanLarge: true })
  } catch {
    return typeof value === 'number' ? general(value, locale) : value
  }
}

/** Whether values of this format are dates or times, which read back as such with FORMATTED_STRING. */
export const isDateFormat = (format: NumberFormat | undefined) =>
  format?.type === 'DATE' || format?.type === 'TIME' || format?.type === 'DATE_TIME'
