import { fail } from '../errors.ts'
import type { Recorder } from '../events.ts'
import type { App } from '../tables/applications.ts'
import { checkFilter, FilterError, matches, type Operator, parseFilter } from './filter.ts'

const EQUAL: readonly Operator[] = ['eq']
const FILTERABLE: Readonly<Record<string, readonly Operator[]>> = {
  id: EQUAL,
  status: EQUAL,
  name: EQUAL,
  'user.id': EQUAL,
  'group.id': EQUAL,
  'credentials.signing.kid': EQUAL,
  'settings.slo.enabled': EQUAL,
}

/** Apps by `filter`: their own attributes, or who is assigned. */
export function appsFiltered(call: Pick<Recorder, 'tables'>, text: string): App[] {
  const { tables } = call
  try {
    const filter = parseFilter(text)
    checkFilter(filter, { operators: (name) => FILTERABLE[name] })
    const read = (app: App) => (name: string) => {
      if (name === 'user.id') return tables.appUsers.where('app', app.id).map((assignment) => assignment.userId)
      if (name === 'group.id') return tables.appGroups.where('app', app.id).map((assignment) => assignment.groupId)
      if (name === 'credentials.signing.kid') return app.kid
      if (name === 'settings.slo.enabled') {
        return (app.settings.signOn as { slo?: { enabled?: boolean } } | undefined)?.slo?.enabled ?? false
      }
      return app[name as 'id' | 'status' | 'name']
    }
    return tables.apps.all().filter((app) => matches(filter, read(app), { ignoreCase: false }))
  } catch (error) {
    if (error instanceof FilterError) return fail('E0000031')
    throw error
  }
}
