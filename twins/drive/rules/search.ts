import { accessOf, grantsOn, isTrashed } from '../../google/access.ts'
import { readBlob, resolveAlias, viewingOf } from '../../google/files.ts'
import type { File, Role } from '../../google/tables.ts'
import { parseTimestamp } from '../../google/time.ts'
import { contentTypeOf } from '../../google/types.ts'
import { canonicalEmail } from '../../google/users.ts'
import { fileNotFound, invalidValue } from '../errors.ts'
import type { DriveCall } from '../operations/define.ts'
import { type Comparison, comparisons, evaluate, type Operator, parseQuery, QuerySyntax, type Term } from './query.ts'
import { nameContains, textContains } from './words.ts'

/** What `q` of files.list means for a file. */

type Compare = Extract<Comparison, { kind: 'compare' }>
type Test = (call: DriveCall, file: File, comparison: Compare) => boolean

interface Field {
  readonly operators: readonly Operator[]
  readonly test: Test
  /** Whether a value makes sense; a query with one that does not is refused. */
  readonly accepts?: (value: string) => boolean
}

const equality = (actual: string, { operator, value }: Compare) => (actual === value) === (operator === '=')

const BOOLEANS: readonly Operator[] = ['=', '!=']
const flag = (of: (call: DriveCall, file: File) => boolean): Field => ({
  operators: BOOLEANS,
  accepts: (value) => value === 'true' || value === 'false',
  test: (call, file, comparison) => equality(String(of(call, file)), comparison),
})

const TIMES: readonly Operator[] = ['<=', '<', '=', '!=', '>', '>=']
const time = (of: (call: DriveCall, file: File) => number | undefined): Field => ({
  operators: TIMES,
  accepts: (value) => parseTimestamp(value) !== undefined,
  test(call, file, { operator, value }) {
    const actual = of(call, file)
    const wanted = parseTimestamp(value) as number
    if (actual === undefined) return operator === '!='
    switch (operator) {
      case '<':
        return actual < wanted
      case '<=':
        return actual <= wanted
      case '>':
        return actual > wanted
      case '>=':
        return actual >= wanted
      case '=':
        return actual === wanted
      default:
        return actual !== wanted
    }
  },
})

const viewing = (call: DriveCall, file: File) =>
  call.caller.user ? viewingOf(call, file.id, call.caller.user.id) : undefined

/** `'x@y' in writers`: who holds one of these roles, by e-mail or `me`. */
const holders = (roles: readonly Role[]): Field => ({
  operators: ['in'],
  test(call, file, { value }) {
    const email = value === 'me' ? call.caller.user?.email : canonicalEmail(call, value)
    return grantsOn(call, file).some(
      (grant) =>
        roles.includes(grant.role) && (grant.email === email || (grant.type === 'anyone' && value === 'anyone')),
    )
  },
})

const FIELDS: Readonly<Record<string, Field>> = {
  name: {
    operators: ['contains', '=', '!='],
    test: (_, file, { operator, value }) =>
      operator === 'contains'
        ? nameContains(file.name, value)
        : (file.name.toLowerCase() === value.toLowerCase()) === (operator === '='),
  },
  mimeType: {
    operators: ['contains', '=', '!='],
    // `mimeType contains 'image/'` is a prefix match.
    test: (_, file, comparison) =>
      comparison.operator === 'contains'
        ? file.mimeType.startsWith(comparison.value)
        : equality(file.mimeType, comparison),
  },
  fullText: { operators: ['contains'], test: (call, file, { value }) => textContains(textOf(call, file), value) },
  modifiedTime: time((_, file) => file.modifiedTime),
  createdTime: time((_, file) => file.createdTime),
  viewedByMeTime: time((call, file) => viewing(call, file)?.viewedByMeTime),
  sharedWithMeTime: time((call, file) => viewing(call, file)?.sharedWithMeTime),
  trashed: flag(isTrashed),
  starred: flag((call, file) => viewing(call, file)?.starred ?? false),
  sharedWithMe: flag(
    (call, file) => viewing(call, file)?.sharedWithMeTime !== undefined && file.ownerId !== call.caller.user?.id,
  ),
  parents: { operators: ['in'], test: (call, file, { value }) => file.parentId === resolveAlias(call, value) },
  owners: holders(['owner']),
  writers: holders(['owner', 'organizer', 'fileOrganizer', 'writer']),
  readers: holders(['owner', 'organizer', 'fileOrganizer', 'writer', 'commenter', 'reader']),
  visibility: {
    operators: BOOLEANS,
    accepts: (value) => VISIBILITIES.includes(value),
    test: (call, file, comparison) => equality(visibilityOf(call, file), comparison),
  },
  'shortcutDetails.targetId': {
    operators: BOOLEANS,
    test: (_, file, comparison) => equality(file.shortcut?.targetId ?? '', comparison),
  },
  labels: { operators: ['in'], test: (_, file, { value }) => value.replace(/^labels\//, '') in (file.labels ?? {}) },
}

const VISIBILITIES = ['anyoneCanFind', 'anyoneWithLink', 'domainCanFind', 'domainWithLink', 'limited']

function visibilityOf(call: DriveCall, file: File): string {
  const grants = grantsOn(call, file)
  for (const type of ['anyone', 'domain'] as const) {
    const grant = grants.find((one) => one.type === type)
    if (grant) return `${type}${grant.allowFileDiscovery ? 'CanFind' : 'WithLink'}`
  }
  return 'limited'
}

/** Everything a full-text search looks at. */
function textOf(call: DriveCall, file: File): string {
  const parts = [file.name, file.description, file.indexableText, contentTypeOf(file.mimeType)?.text(call, file)]
  if (file.blob && /^text\/|json|xml/.test(file.mimeType)) parts.push(Buffer.from(readBlob(call, file.blob)).toString())
  return parts.filter(Boolean).join('\n')
}

/** `labels/ID.fieldId = 'value'`. */
function labelField(file: File, { field, operator, value }: Compare): boolean {
  const [labelId = '', fieldId = ''] = field.slice('labels/'.length).split('.')
  const found = file.labels?.[labelId]?.[fieldId] as Record<string, unknown> | undefined
  const values = Object.values(found ?? {})
    .flat()
    .map(String)
  if (operator === 'contains') return values.some((one) => nameContains(one, value))
  const same = values.includes(value)
  return operator === '!=' ? !same : same
}

function hasProperty(
  call: DriveCall,
  file: File,
  { field, key, value }: Extract<Comparison, { kind: 'has' }>,
): boolean {
  const properties = field === 'properties' ? file.properties : file.appProperties?.[call.caller.clientId]
  return value === undefined ? properties?.[key] !== undefined : properties?.[key] === value
}

/**
 * Compiles `q`.
 *
 * @throws 400 `Invalid Value` for what does not parse, an unknown field, operator or value; 404 for an unknown parent
 */
export function searchOf(
  call: DriveCall,
  q: string,
): { matches: (file: File) => boolean; fullText: boolean; term: Term } {
  let term: Term
  try {
    term = parseQuery(q)
  } catch (error) {
    if (error instanceof QuerySyntax) throw invalidValue('q')
    throw error
  }
  let fullText = false
  for (const comparison of comparisons(term)) {
    check(call, comparison)
    if (comparison.field === 'fullText') fullText = true
  }
  const matches = (file: File) =>
    evaluate(term, (comparison) => {
      if (comparison.kind === 'has') return hasProperty(call, file, comparison)
      if (comparison.field.startsWith('labels/')) return labelField(file, comparison)
      return (FIELDS[comparison.field] as Field).test(call, file, comparison)
    })
  return { matches, fullText, term }
}

function check(call: DriveCall, comparison: Comparison): void {
  if (comparison.kind === 'has') {
    if (comparison.field !== 'properties' && comparison.field !== 'appProperties') throw invalidValue('q')
    return
  }
  if (comparison.field.startsWith('labels/')) return
  const field = Object.hasOwn(FIELDS, comparison.field) ? FIELDS[comparison.field] : undefined
  if (!field?.operators.includes(comparison.operator)) throw invalidValue('q')
  if (field.accepts && !field.accepts(comparison.value)) throw invalidValue('q')
  if (comparison.field === 'parents') {
    const parent = call.tables.files.get(resolveAlias(call, comparison.value))
    // The id is missing from the text of the real service, too.
    if (!parent || !accessOf(call, parent)) throw fileNotFound('')
  }
}

/** The one folder every match lies in, when the query says so: its children are all that need looking at. */
export function parentOf(call: DriveCall, term: Term): string | undefined {
  if (term.kind === 'and') {
    for (const inner of term.terms) {
      const parent = parentOf(call, inner)
      if (parent !== undefined) return parent
    }
    return undefined
  }
  return term.kind === 'compare' && term.field === 'parents' ? resolveAlias(call, term.value) : undefined
}
