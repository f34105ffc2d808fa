import type { Operations } from '../../openapi/types/okta.ts'
import { loadContract } from '../../shared/contract/load.ts'
import { type Access, defineTwin } from '../../shared/kernel/twin.ts'
import { signingKey } from '../../shared/universe/keys.ts'
import { acts } from './acts.ts'
import type { Caller } from './caller.ts'
import { SERVICE_APP } from './defaults/serviceApp.ts'
import { ADMIN_TOKEN, DEFAULT_PASSWORD, defaults, READER_TOKEN } from './defaults.ts'
import { dialect } from './dialect.ts'
import { fixture, seed } from './fixture.ts'
import type { OktaMoment } from './operations/define.ts'
import { allOperations } from './operations/index.ts'
import { jobs, react } from './reactions.ts'
import { tables } from './tables.ts'
import { appView } from './views/applications.ts'
import { groupView } from './views/groups.ts'
import { userView } from './views/users.ts'

/** Okta, Identity Engine: management, OAuth and OpenID Connect, MyAccount, authentication. */
export const okta = defineTwin<Operations, typeof tables, Caller>({
  name: 'okta',
  contract: () => loadContract('okta'),
  dialect,
  tables,
  operations: allOperations,
  defaults,
  fixture,
  seed,
  react,
  jobs,
  acts,
  access,
  kinds: {
    users: (moment) => moment.tables.users.all().map((user) => userView(user, moment)),
    groups: (moment) => moment.tables.groups.all().map((group) => groupView(group, moment)),
    apps: (moment) => moment.tables.apps.all().map((app) => appView(app, moment)),
    logs: (moment) => moment.tables.logs.all().map((entry) => entry.event),
  },
})

/** Ready-made credentials: a super admin's API token, one that may only read, a service app's key, the admin's password. */
function access(moment: OktaMoment, url: string): Access {
  const token = moment.seal(ADMIN_TOKEN)
  return {
    url,
    token,
    authorization: `SSWS ${token}`,
    readOnlyToken: moment.seal(READER_TOKEN),
    clientId: SERVICE_APP.clientId,
    keyId: SERVICE_APP.keyId,
    privateKey: signingKey(SERVICE_APP.pool).privateKeyPem,
    username: 'admin@example.com',
    password: DEFAULT_PASSWORD,
    env: {
      OKTA_CLIENT_ORGURL: url,
      OKTA_CLIENT_TOKEN: token,
      OKTA_TESTING_DISABLEHTTPSCHECK: 'true',
      OKTA_TESTING_DISABLE_HTTPS_CHECK: 'true',
      OKTA_TESTING_TESTINGDISABLEHTTPSCHECK: 'true', // the Python SDK's spelling
    },
  }
}
