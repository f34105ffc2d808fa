import { fail } from '../errors.ts'
import type { Recorder } from '../events.ts'
import type { PageOptions } from '../paging.ts'
import type { Group } from '../tables/directory.ts'
import { isoTime } from '../time.ts'
import { checkFilter, FilterError, type FilterRules, matches, type Operator, parseFilter } from './filter.ts'

function attribute(group: Group, name: string): unknown {
  if (name.startsWith('profile.')) return group.profile[name.slice('profile.'.length)]
  if (name === 'id' || name === 'type') return group[name]
  if (name === 'created' || name === 'lastUpdated' || name === 'lastMembershipUpdated') return isoTime(group[name])
  return name === 'source.id' ? group.appId : undefined
}

const EQUAL: readonly Operator[] = ['eq']
const ORDER: readonly Operator[] = ['eq', 'gt', 'ge', 'lt', 'le']
const TEXT: readonly Operator[] = [...ORDER, 'sw', 'co', 'pr']

/** `filter` does not know profiles: the trap `filter=profile.name eq …` is Okta's own. */
const filterRules: FilterRules = {
  operators: (name) => ({ id: EQUAL, type: EQUAL, lastUpdated: ORDER, lastMembershipUpdated: ORDER })[name],
}

const searchRules: FilterRules = {
  operators(name) {
    if (name === 'created' || name === 'lastUpdated' || name === 'lastMembershipUpdated') return [...ORDER, 'pr']
    return name === 'id' || name === 'type' || name === 'source.id' || name.startsWith('profile.') ? TEXT : undefined
  },
}

function hits(call: Pick<Recorder, 'tables'>, text: string, rules: FilterRules, ignoreCase: boolean): Group[] {
  try {
    const filter = parseFilter(text)
    checkFilter(filter, rules)
    return call.tables.groups.all().filter((group) => matches(filter, (name) => attribute(group, name), { ignoreCase }))
  } catch (error) {
    if (error instanceof FilterError) return fail('E0000031', '', ['Invalid search syntax.'])
    throw error
  }
}

export const groupsFiltered = (call: Pick<Recorder, 'tables'>, text: string): Group[] =>
  hits(call, text, filterRules, false)

export function groupsSearched(
  call: Pick<Recorder, 'tables'>,
  text: string,
  sortBy: string | undefined,
  sortOrder: string | undefined,
): Group[] {
  const found = hits(call, text, searchRules, true)
  if (!sortBy) return found
  const sign = sortOrder?.toLowerCase() === 'desc' ? -1 : 1
  return found.sort((a, b) => inOrder(key(a, sortBy), key(b, sortBy)) * sign || inOrder(a.id, b.id))
}

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const key = (group: Group, name: string): string => String(attribute(group, name) ?? '').toLowerCase()

/** Cursors of a sorted search carry the sorted value and the id. */
export function groupOrder(sortBy: string | undefined, sortOrder: string | undefined): Partial<PageOptions<Group>> {
  if (!sortBy) return {}
  const sign = sortOrder?.toLowerCase() === 'desc' ? -1 : 1
  return {
    cursor: (group) => Buffer.from(JSON.stringify([key(group, sortBy), group.id])).toString('base64url'),
    follows(group, cursor) {
      const [value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string]
      const order = inOrder(key(group, sortBy), value) * sign
      return order > 0 || (order === 0 && group.id > id)
    },
  }
}
