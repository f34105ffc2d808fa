import type { Operations } from '../../openapi/types/jira.ts'
import { loadContract } from '../../shared/contract/load.ts'
import { defineTwin } from '../../shared/kernel/twin.ts'
import type { Caller } from './context.ts'
import { ADMIN_ACCESS, ADMIN_EMAIL, ADMIN_TOKEN, CLOUD_ID, defaults, OAUTH_CLIENT, signIn } from './defaults.ts'
import { dialect } from './dialect.ts'
import { react } from './events.ts'
import { fixture, seed } from './fixture.ts'
import { kinds } from './kinds.ts'
import { all } from './operations/index.ts'
import { tables } from './tables.ts'

/** Jira Cloud: platform REST API v3 and v2, Jira Software API. */
export const jira = defineTwin<Operations, typeof tables, Caller>({
  name: 'jira',
  contract: () => loadContract('jira'),
  dialect,
  tables,
  operations: all,
  defaults,
  seed,
  fixture,
  react,
  redeliver: (_delivery, attempt) => ({ 'x-atlassian-webhook-retry': String(attempt) }),
  kinds,
  signIn,
  access(site, url) {
    const token = site.seal(ADMIN_TOKEN)
    const authorization = `Basic ${Buffer.from(`${ADMIN_EMAIL}:${token}`).toString('base64')}`
    return {
      url,
      authorization,
      token,
      email: ADMIN_EMAIL,
      cloudId: CLOUD_ID,
      accessToken: site.seal(ADMIN_ACCESS),
      oauthClient: OAUTH_CLIENT,
      env: { JIRA_BASE_URL: url, JIRA_EMAIL: ADMIN_EMAIL, JIRA_API_TOKEN: token, JIRA_CLOUD_ID: CLOUD_ID },
    }
  },
})
