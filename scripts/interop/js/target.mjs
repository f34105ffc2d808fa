import { GoogleAuth, OAuth2Client } from 'google-auth-library'

export const { env } = process

/** Whether a program is pointed at the twins by its options; else it is written for the real service, as `dtu exec` runs it. */
export const pointed = env.INTEROP === 'url'

/** Where a service is: the universe's own URL, or the real one. */
export const okta = pointed ? env.OKTA_CLIENT_ORGURL : 'https://acme.okta.com'
export const jira = pointed ? env.JIRA_BASE_URL : 'https://acme.atlassian.net'
export const slack = pointed ? env.SLACK_API_URL : 'https://slack.com/api/'

/** What no variable holds: key files, OAuth clients. */
export const access = JSON.parse(env.INTEROP_ACCESS)

/** Options of Slack's clients; none for the real service. */
export const slackOptions = pointed ? { slackApiUrl: slack } : {}

/** Google credentials: a token when pointed, else whatever the machine offers (the metadata server). */
export function googleAuth() {
  if (!pointed) return new GoogleAuth({ scopes: ['https://www.googleapis.com/auth/drive'] })
  const client = new OAuth2Client()
  client.setCredentials({ access_token: env.GOOGLE_ACCESS_TOKEN })
  return client
}

/** The last argument of each Google call: where the API is. */
export const root = (name) => (pointed ? { rootUrl: env[`GOOGLE_${name}_ROOT_URL`] } : {})

/** A call to Okta's management API, for what a sign-in client finds ready made. */
export async function oktaApi(method, path, body) {
  const response = await fetch(okta + path, {
    method,
    headers: { authorization: `SSWS ${env.OKTA_CLIENT_TOKEN}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const reply = await response.json()
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(reply)}`)
  return reply
}

/** A service app that may ask the default authorization server for tokens of scope `crm`. */
export async function oktaService() {
  const app = await oktaApi('POST', '/api/v1/apps', {
    name: 'oidc_client',
    label: 'Interop service',
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
    settings: {
      oauthClient: { grant_types: ['client_credentials'], application_type: 'service', response_types: ['token'] },
    },
  })
  await oktaApi('POST', '/api/v1/authorizationServers/default/scopes', { name: 'crm' })
  return app.credentials.oauthClient
}
