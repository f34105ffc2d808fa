import { fail } from '../errors.ts'
import type { Recorder } from '../events.ts'
import type { PageOptions } from '../paging.ts'
import type { User } from '../tables/directory.ts'
import { isoTime } from '../time.ts'
import {
  checkFilter,
  type Filter,
  FilterError,
  type FilterRules,
  matches,
  type Operator,
  parseFilter,
} from './filter.ts'

/** A user's attribute by its name in filters. */
export function userAttribute(user: User, name: string): unknown {
  if (name.startsWith('profile.')) return user.profile[name.slice('profile.'.length)]
  switch (name) {
    case 'id':
    case 'status':
    case 'realmId':
      return user[name]
    case 'type.id':
      return user.typeId
    case 'created':
    case 'lastUpdated':
      return isoTime(user[name])
    case 'activated':
    case 'statusChanged':
    case 'passwordChanged':
    case 'lastLogin': {
      const at = user[name]
      return at === undefined ? undefined : isoTime(at)
    }
    default:
      return undefined
  }
}

const DATES: ReadonlySet<string> = new Set([
  'created',
  'activated',
  'statusChanged',
  'lastUpdated',
  'passwordChanged',
  'lastLogin',
])
const EQUAL: readonly Operator[] = ['eq']
const ORDER: readonly Operator[] = ['eq', 'gt', 'ge', 'lt', 'le']

const FILTERABLE: Readonly<Record<string, readonly Operator[]>> = {
  status: EQUAL,
  id: EQUAL,
  lastUpdated: ORDER,
  'profile.login': EQUAL,
  'profile.email': EQUAL,
  'profile.firstName': EQUAL,
  'profile.lastName': EQUAL,
}

/** `co` works on the four attributes that are indexed for it. */
const CONTAINS: ReadonlySet<string> = new Set([
  'profile.firstName',
  'profile.lastName',
  'profile.email',
  'profile.login',
])

const filterRules: FilterRules = { operators: (name) => FILTERABLE[name] }

/** What `search` takes: any attribute of any user schema. */
function searchRules({ tables }: Pick<Recorder, 'tables'>): FilterRules {
  const known = new Set(
    tables.schemas
      .all()
      .flatMap((schema) =>
        schema.kind === 'user' ? [...Object.keys(schema.base), ...Object.keys(schema.custom)] : [],
      ),
  )
  return {
    operators(name) {
      if (DATES.has(name)) return [...ORDER, 'pr']
      if (name === 'id' || name === 'status' || name === 'type.id' || name === 'realmId')
        return ['eq', 'sw', 'gt', 'ge', 'lt', 'le', 'pr']
      if (!name.startsWith('profile.') || !known.has(name.slice('profile.'.length))) return undefined
      return CONTAINS.has(name) ? [...ORDER, 'sw', 'pr', 'co'] : [...ORDER, 'sw', 'pr']
    },
  }
}

function parsed(text: string, rules: FilterRules, causes: readonly string[]): Filter {
  try {
    const filter = parseFilter(text)
    checkFilter(filter, rules)
    return filter
  } catch (error) {
    if (error instanceof FilterError) return fail('E0000031', '', causes)
    throw error
  }
}

/** `filter`: the few attributes that are read consistently; values in their own case. Deactivated users are found. */
export function queried(call: Pick<Recorder, 'tables'>, text: string): User[] {
  const filter = parsed(text, filterRules, [])
  return call.tables.users
    .all()
    .filter((user) => matches(filter, (name) => userAttribute(user, name), { ignoreCase: false }))
}

/** `search`, with `sortBy` and `sortOrder`; ties by id. */
export function searched(
  call: Pick<Recorder, 'tables'>,
  text: string | undefined,
  sortBy: string | undefined,
  sortOrder: string | undefined,
): User[] {
  const rules = searchRules(call)
  const filter = text ? parsed(text, rules, ['Invalid search query.']) : undefined
  const all = call.tables.users.all()
  const hits = filter
    ? all.filter((user) => matches(filter, (name) => userAttribute(user, name), { ignoreCase: true }))
    : all
  if (!sortBy) return hits
  if (!rules.operators(sortBy)) fail('E0000031', '', ['Invalid search query.'])
  const down = sortOrder?.toLowerCase() === 'desc'
  return hits.sort((a, b) => inOrder(sortKey(a, sortBy), sortKey(b, sortBy)) * (down ? -1 : 1) || inOrder(a.id, b.id))
}

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const sortKey = (user: User, name: string): string => String(userAttribute(user, name) ?? '').toLowerCase()

/** Cursors of a sorted search carry the sorted value and the id. */
export function listOrder(sortBy: string | undefined, sortOrder: string | undefined): Partial<PageOptions<User>> {
  if (!sortBy) return {}
  const down = sortOrder?.toLowerCase() === 'desc'
  return {
    cursor: (user) => Buffer.from(JSON.stringify([sortKey(user, sortBy), user.id])).toString('base64url'),
    follows(user, cursor) {
      const [value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string]
      const order = inOrder(sortKey(user, sortBy), value) * (down ? -1 : 1)
      return order > 0 || (order === 0 && user.id > id)
    },
  }
}
