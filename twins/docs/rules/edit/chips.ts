import type {
  DateElementProperties,
  InsertDateRequest,
  InsertPersonRequest,
  InsertRichLinkRequest,
} from '../../../../openapi/types/docs.ts'
import { refuse } from '../model/refused.ts'
import type { Draft } from './draft.ts'
import { insertElement } from './elements.ts'

/** Smart chips: people, dates, links to files. */

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

export function insertPerson(draft: Draft, request: InsertPersonRequest): void {
  const { email = '', name } = request.personProperties ?? {}
  if (!EMAIL.test(email)) throw refuse('The email address of the person must be valid.')
  const known = name || draft.around.personName(email)
  const personProperties = { ...(known && { name: known }), email }
  insertElement(draft, draft.insertion(request), 'person', { personId: draft.around.id(), personProperties })
}

export function insertRichLink(draft: Draft, request: InsertRichLinkRequest): void {
  const { uri = '' } = request.richLinkProperties ?? {}
  const file = draft.around.linkedFile(uri)
  if (!file) throw refuse('The rich link must be to a Google Drive file that the caller can access.')
  const richLinkProperties = { title: file.title, uri: file.uri, ...(file.mimeType && { mimeType: file.mimeType }) }
  insertElement(draft, draft.insertion(request), 'richLink', { richLinkId: draft.around.id(), richLinkProperties })
}

export function insertDate(draft: Draft, request: InsertDateRequest): void {
  const given = request.dateElementProperties ?? {}
  const at = Date.parse(given.timestamp ?? '')
  if (Number.isNaN(at)) throw refuse('The timestamp of the date must be specified.')
  const dateElementProperties = {
    timestamp: given.timestamp,
    locale: given.locale ?? 'en',
    ...(given.timeZoneId && { timeZoneId: given.timeZoneId }),
    dateFormat: chosen(given.dateFormat, 'DATE_FORMAT_UNSPECIFIED', 'DATE_FORMAT_MONTH_DAY_YEAR_ABBREVIATED'),
    timeFormat: chosen(given.timeFormat, 'TIME_FORMAT_UNSPECIFIED', 'TIME_FORMAT_DISABLED'),
  }
  const displayText = dateText(at, dateElementProperties as DateElementProperties)
  insertElement(draft, draft.insertion(request), 'dateElement', {
    dateId: draft.around.id(),
    dateElementProperties: { ...dateElementProperties, displayText },
  })
}

const chosen = (value: string | undefined, unset: string, otherwise: string) =>
  !value || value === unset ? otherwise : value

const DATE_FORMATS: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  DATE_FORMAT_MONTH_DAY_ABBREVIATED: { month: 'short', day: 'numeric' },
  DATE_FORMAT_MONTH_DAY_FULL: { month: 'long', day: 'numeric' },
  DATE_FORMAT_MONTH_DAY_YEAR_ABBREVIATED: { month: 'short', day: 'numeric', year: 'numeric' },
}

/** How a date chip reads: `Jan 8, 2026`, `1970-01-01 5:00 AM UTC`. */
function dateText(
  at: number,
  { locale = 'en', timeZoneId = 'UTC', dateFormat, timeFormat }: DateElementProperties,
): string {
  const format = (options: Intl.DateTimeFormatOptions, language = locale) => {
    try {
      // Narrow no-break spaces of newer locale data are plain spaces on the page.
      return new Intl.DateTimeFormat(language, { timeZone: timeZoneId.replace(/^etc/, 'Etc'), ...options })
        .format(at)
        .replace(/\u202F/g, ' ')
    } catch {
      throw refuse('The locale or time zone of the date is invalid.')
    }
  }
  const options = DATE_FORMATS[dateFormat ?? '']
  // Sweden writes dates as ISO 8601 does.
  const date = options ? format(options) : format({ year: 'numeric', month: '2-digit', day: '2-digit' }, 'sv')
  if (timeFormat === 'TIME_FORMAT_DISABLED' || !timeFormat) return date
  const zone = timeFormat === 'TIME_FORMAT_HOUR_MINUTE_TIMEZONE' ? ({ timeZoneName: 'short' } as const) : {}
  return `${date} ${format({ hour: 'numeric', minute: '2-digit', ...zone })}`
}
