import type { ExtendedValue, NumberFormat } from '../model.ts'
import type { Locale } from './locale.ts'
import { currencyPattern } from './number-format.ts'
import { daysInMonth, serialOf } from './serial.ts'

/** What a text typed into a cell becomes. */
export interface Entered {
  /** Absent: the cell is emptied. */
  readonly value?: ExtendedValue
  /** The format the way of writing implies: `50%`, `$3`, `2020-01-01`. */
  readonly format?: NumberFormat
  /** A text that is a web address becomes a link. */
  readonly link?: string
}

/** What the parser must know of the spreadsheet. */
export interface InputContext {
  readonly locale: Locale
  /** Year that dates without one fall into. */
  readonly year: number
}

/** Reads a text the way Sheets reads what a user types (USER_ENTERED). */
export function parseInput(text: string, context: InputContext): Entered {
  if (text === '') return {}
  if (text.startsWith("'")) return { value: { stringValue: text.slice(1) } }
  if (text.startsWith('=') && text.length > 1) return { value: { formulaValue: text } }
  if (/^\+[A-Za-z(]/.test(text)) return { value: { formulaValue: `=${text}` } }
  const bare = text.trim()
  if (/^(true|false)$/i.test(bare)) return { value: { boolValue: bare.toLowerCase() === 'true' } }
  const number = parseNumber(bare, context.locale) ?? parseMoment(bare, context)
  if (number) return { value: { numberValue: number.value }, format: number.format }
  return isWebAddress(bare)
    ? { value: { stringValue: text }, link: linkTarget(bare) }
    : { value: { stringValue: text } }
}

export const isWebAddress = (text: string) =>
  /^(?:https?:\/\/[^\s/$.?#][^\s]*|mailto:\S+@\S+|www\.[^\s.]+\.[^\s]+)$/i.test(text)

const linkTarget = (text: string) => (/^www\./i.test(text) ? `http://${text}` : text)

export interface ParsedNumber {
  readonly value: number
  readonly format?: NumberFormat
}

const escapePattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

interface NumberSyntax {
  readonly pattern: RegExp
}
const syntaxes = new WeakMap<Locale, NumberSyntax>()

function syntaxOf(locale: Locale): NumberSyntax {
  let syntax = syntaxes.get(locale)
  if (!syntax) {
    const spaces = /\s/.test(locale.group)
    const group = spaces ? '[\\s\u00a0\u202f]' : escapePattern(locale.group)
    const symbols = [...new Set([locale.currency.symbol, '$', '€', '£', '¥'])].map(escapePattern).join('|')
    const digits = `(?<whole>\\d{1,3}(?:${group}\\d{3})+|\\d+)?(?<fraction>${escapePattern(locale.decimal)}\\d*)?(?<exponent>[eE][+-]?\\d+)?`
    syntax = {
      pattern: new RegExp(
        `^(?<open>\\()?(?<sign>[+-])?(?:(?<before>${symbols})\\s?)?(?<sign2>[+-])?${digits}(?:\\s?(?<percent>%))?(?:\\s?(?<after>${symbols}))?(?<close>\\))?$`,
        'u',
      ),
    }
    syntaxes.set(locale, syntax)
  }
  return syntax
}

/** `1,234.50`, `$3`, `50%`, `1e5`, `(5)`, `-.5`. */
export function parseNumber(text: string, locale: Locale): ParsedNumber | undefined {
  const parts = syntaxOf(locale).pattern.exec(text)?.groups
  if (!parts) return undefined
  const { open, close, sign, sign2, before, after, whole, fraction, exponent, percent } = parts
  if ((open === undefined) !== (close === undefined) || (sign && sign2) || (open && (sign || sign2))) return undefined
  if (whole === undefined && (fraction === undefined || fraction.length < 2)) return undefined
  if (before && after) return undefined
  if (percent && exponent) return undefined
  const grouped = whole !== undefined && /\D/.test(whole)
  const digits = `${(whole ?? '0').replace(/\D/g, '')}${fraction ? `.${fraction.slice(1)}` : ''}${exponent ?? ''}`
  let value = Number(digits)
  if (!Number.isFinite(value)) return undefined
  if (percent) value = Number((value / 100).toPrecision(15))
  if (open || sign === '-' || sign2 === '-') value = -value
  const decimals = fraction !== undefined && fraction.length > 1
  const symbol = before ?? after
  if (symbol) return { value, format: { type: 'CURRENCY', pattern: symbolPattern(symbol, decimals, locale) } }
  if (percent) return { value, format: { type: 'PERCENT', pattern: decimals ? '0.00%' : '0%' } }
  if (exponent) return { value, format: { type: 'SCIENTIFIC', pattern: '0.00E+00' } }
  if (grouped) return { value, format: { type: 'NUMBER', pattern: decimals ? '#,##0.00' : '#,##0' } }
  return { value }
}

function symbolPattern(symbol: string, decimals: boolean, locale: Locale): string {
  if (symbol === locale.currency.symbol) return currencyPattern(locale, decimals)
  return `[$${symbol}]${decimals ? '#,##0.00' : '#,##0'}`
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?'
const NAME_FIRST = new RegExp(`^${MONTH}\\s+(\\d{1,2})(?:(,?\\s+)(\\d{4}|\\d{2}))?$`, 'i')
const NAME_SECOND = new RegExp(`^(\\d{1,2})([-\\s])${MONTH}(?:[-\\s](\\d{4}|\\d{2}))?$`, 'i')
const NAME_YEAR = new RegExp(`^${MONTH}\\s+(\\d{4})$`, 'i')
const TIME = /^(\d{1,4}):(\d{2})(?::(\d{2})(\.\d{1,3})?)?(?:\s?([ap])\.?m\.?)?$/i
const HOUR = /^(\d{1,2})\s?([ap])m$/i

/** A date, a time or both. */
export function parseMoment(text: string, context: InputContext): ParsedNumber | undefined {
  const time = parseTime(text)
  if (time) return time
  const date = parseDate(text, context)
  if (date) return date
  const split = /^(.*\S)[\sT]\s*(\d{1,2}:\d{2}.*)$/.exec(text)
  if (!split) return undefined
  const day = parseDate((split[1] as string).replace(/,$/, ''), context)
  const clock = parseTime((split[2] as string).replace(/Z$/, ''))
  if (!day?.format || !clock?.format || clock.value >= 1) return undefined
  return {
    value: day.value + clock.value,
    format: { type: 'DATE_TIME', pattern: `${day.format.pattern} ${clock.format.pattern}` },
  }
}

function parseTime(text: string): ParsedNumber | undefined {
  const hour = HOUR.exec(text)
  if (hour) {
    const hours = Number(hour[1])
    if (hours < 1 || hours > 12) return undefined
    return { value: half(hours, hour[2]) / 24, format: { type: 'TIME', pattern: 'h am/pm' } }
  }
  const match = TIME.exec(text)
  if (!match) return undefined
  const [, hourText, minuteText, secondText, fraction, meridiem] = match
  const hours = Number(hourText)
  const minutes = Number(minuteText)
  const seconds = Number(secondText ?? 0) + Number(fraction ?? 0)
  if (minutes > 59 || seconds >= 60 || (meridiem && (hours > 12 || hours < 1))) return undefined
  const tail = `:mm${secondText === undefined ? '' : ':ss'}${fraction ? '.000' : ''}`
  const value = (half(hours, meridiem) * 3600 + minutes * 60 + seconds) / 86_400
  if (meridiem) return { value, format: { type: 'TIME', pattern: `h${tail} am/pm` } }
  return { value, format: { type: 'TIME', pattern: hours >= 24 ? '[h]:mm:ss' : `H${tail}` } }
}

const half = (hours: number, meridiem: string | undefined) =>
  meridiem === undefined ? hours : (hours % 12) + (meridiem.toLowerCase() === 'p' ? 12 : 0)

function parseDate(text: string, { locale, year: thisYear }: InputContext): ParsedNumber | undefined {
  const iso = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(text)
  if (iso) {
    const [, year, mark, month, day] = iso as unknown as [string, string, string, string, string]
    const wide = month.length === 2 && day.length === 2
    return dated(Number(year), Number(month), Number(day), wide ? `yyyy${mark}mm${mark}dd` : `yyyy${mark}m${mark}d`)
  }
  const numeric = /^(\d{1,2})([-/.])(\d{1,2})(?:\2(\d{4}|\d{2}))?$/.exec(text)
  if (numeric) {
    const [, first, mark, second, year] = numeric as unknown as [string, string, string, string, string | undefined]
    if (mark === '.' && (locale.order === 'MDY' || year === undefined)) return undefined
    const [month, day] = locale.order === 'DMY' ? [second, first] : [first, second]
    if (year === undefined)
      return dated(thisYear, Number(month), Number(day), locale.order === 'DMY' ? `d${mark}M` : `M${mark}d`)
    return dated(fullYear(year), Number(month), Number(day), locale.date)
  }
  const first = NAME_FIRST.exec(text)
  if (first) {
    const [, name, day, gap, year] = first as unknown as [
      string,
      string,
      string,
      string | undefined,
      string | undefined,
    ]
    const month = monthPattern(name)
    if (year === undefined) return dated(thisYear, monthOf(name), Number(day), `${month} d`)
    return dated(fullYear(year), monthOf(name), Number(day), `${month} d${gap?.includes(',') ? ',' : ''} yyyy`)
  }
  const second = NAME_SECOND.exec(text)
  if (second) {
    const [, day, mark, name, year] = second as unknown as [string, string, string, string, string | undefined]
    const pattern = `d${mark}${monthPattern(name)}`
    if (year === undefined) return dated(thisYear, monthOf(name), Number(day), pattern)
    return dated(fullYear(year), monthOf(name), Number(day), `${pattern}${mark}yyyy`)
  }
  const month = NAME_YEAR.exec(text)
  return month
    ? dated(Number(month[2]), monthOf(month[1] as string), 1, `${monthPattern(month[1] as string)} yyyy`)
    : undefined
}

const monthOf = (name: string) => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1
const monthPattern = (name: string) => (name.length > 4 || /^(may|june|july)$/i.test(name) ? 'mmmm' : 'mmm')
const fullYear = (text: string) => (text.length === 4 ? Number(text) : Number(text) + (Number(text) < 30 ? 2000 : 1900))

function dated(year: number, month: number, day: number, pattern: string): ParsedNumber | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  return { value: serialOf(year, month, day), format: { type: 'DATE', pattern } }
}
