/** How a locale writes numbers, dates and formulas. */
export interface Locale {
  readonly decimal: '.' | ','
  readonly group: string
  /** Between arguments of a function and columns… rows of a literal array. */
  readonly argument: ',' | ';'
  readonly arrayColumn: ',' | '\\'
  /** Order of a numeric date. */
  readonly order: 'MDY' | 'DMY' | 'YMD'
  readonly date: string
  readonly time: string
  readonly dateTime: string
  readonly currency: { readonly symbol: string; readonly after: boolean }
  /** numfmt's tag, for the names of months and days. */
  readonly tag: string
}

const US: Locale = {
  decimal: '.',
  group: ',',
  argument: ',',
  arrayColumn: ',',
  order: 'MDY',
  date: 'M/d/yyyy',
  time: 'h:mm:ss am/pm',
  dateTime: 'M/d/yyyy H:mm:ss',
  currency: { symbol: '$', after: false },
  tag: 'en',
}

const comma = (group: string): Partial<Locale> => ({ decimal: ',', group, argument: ';', arrayColumn: '\\' })
const dmy = (date: string): Partial<Locale> => ({ order: 'DMY', date, time: 'H:mm:ss', dateTime: `${date} H:mm:ss` })
const ymd = (date: string): Partial<Locale> => ({ order: 'YMD', date, time: 'H:mm:ss', dateTime: `${date} H:mm:ss` })
const money = (symbol: string, after = false) => ({ currency: { symbol, after } })

const NARROW_SPACE = '\u202f'
const SPACE = '\u00a0'
const EURO = money('€', true)

const LOCALES: Readonly<Record<string, Partial<Locale>>> = {
  en_US: {},
  en_CA: { ...ymd('yyyy-MM-dd') },
  en_GB: { ...dmy('dd/MM/yyyy'), ...money('£') },
  en_IE: { ...dmy('dd/MM/yyyy'), ...money('€') },
  en_AU: { ...dmy('dd/MM/yyyy') },
  en_IN: { ...dmy('dd/MM/yyyy'), ...money('₹') },
  fr_FR: { ...comma(NARROW_SPACE), ...dmy('dd/MM/yyyy'), ...EURO, tag: 'fr' },
  de_DE: { ...comma('.'), ...dmy('dd.MM.yyyy'), ...EURO, tag: 'de' },
  es_ES: { ...comma('.'), ...dmy('d/MM/yyyy'), ...EURO, tag: 'es' },
  it_IT: { ...comma('.'), ...dmy('dd/MM/yyyy'), ...EURO, tag: 'it' },
  nl_NL: { ...comma('.'), ...dmy('d-M-yyyy'), ...money('€'), tag: 'nl' },
  pt_PT: { ...comma(SPACE), ...dmy('dd/MM/yyyy'), ...EURO, tag: 'pt' },
  pt_BR: { ...comma('.'), ...dmy('dd/MM/yyyy'), ...money('R$'), tag: 'pt' },
  pl_PL: { ...comma(SPACE), ...dmy('d.MM.yyyy'), ...money('zł', true), tag: 'pl' },
  sv_SE: { ...comma(SPACE), ...ymd('yyyy-MM-dd'), ...money('kr', true), tag: 'sv' },
  da_DK: { ...comma('.'), ...dmy('dd.MM.yyyy'), ...money('kr', true), tag: 'da' },
  fi_FI: { ...comma(SPACE), ...dmy('d.M.yyyy'), ...EURO, tag: 'fi' },
  ru_RU: { ...comma(SPACE), ...dmy('dd.MM.yyyy'), ...money('₽', true), tag: 'ru' },
  tr_TR: { ...comma('.'), ...dmy('dd.MM.yyyy'), ...money('₺'), tag: 'tr' },
  ja_JP: { ...ymd('yyyy/MM/dd'), ...money('¥'), tag: 'ja' },
  zh_CN: { ...ymd('yyyy/M/d'), ...money('¥'), tag: 'zh' },
  ko_KR: { ...ymd('yyyy. M. d'), ...money('₩'), tag: 'ko' },
}

const made = new Map<string, Locale>()

/** Conventions of a spreadsheet's locale (`fr_FR`, `fr`); what is not listed writes as en_US does. */
export function localeOf(name: string): Locale {
  let locale = made.get(name)
  if (!locale) {
    const language = name.split(/[_-]/)[0] as string
    const entry = LOCALES[name] ?? Object.entries(LOCALES).find(([key]) => key.startsWith(`${language}_`))?.[1] ?? {}
    locale = { ...US, ...entry }
    made.set(name, locale)
  }
  return locale
}

/** Whether a text has the form of a locale: `en`, `fil`, `en_US`. */
export const isLocale = (name: string) => /^[a-z]{2,3}(?:_[A-Z]{2})?$/.test(name)
