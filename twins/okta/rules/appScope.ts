import type { OktaContext } from '../operations/define.ts'
import type { App } from '../tables/applications.ts'
import type { User } from '../tables/directory.ts'
import { isoTime } from '../time.ts'
import type { Scope } from './expression.ts'
import { groupsOf } from './membership.ts'

/** What the expressions of an app's tokens and assertions can start from: the person, as Okta and as the app know them. */
export function appScope(context: Pick<OktaContext, 'tables' | 'now'>, app: App, user: User | undefined): Scope {
  const { tables, now } = context
  const [org] = tables.org.all()
  const assignment = user && tables.appUsers.get(`${app.id}/${user.id}`)
  const userName = assignment?.credentials.userName ?? user?.profile.login
  return {
    names: {
      user: user ? { ...user.profile, id: user.id, status: user.status, lastUpdated: isoTime(user.lastUpdated) } : null,
      appuser: user ? { ...assignment?.profile, userName } : null,
      app: { id: app.id, clientId: app.clientId, name: app.name, profile: app.profile ?? {} },
      org: { name: org?.companyName, subDomain: org?.subdomain },
    },
    groups: user ? groupsOf(context, user).map((group) => ({ id: group.id, name: group.profile.name })) : [],
    now,
    internal: user ? { id: user.id, status: user.status } : {},
  }
}
