import assert from 'node:assert/strict'
import sdk from '@okta/okta-sdk-nodejs'
import { env, okta } from './target.mjs'

const client = new sdk.Client({ orgUrl: okta, token: env.OKTA_CLIENT_TOKEN })
for (const name of ['ada', 'bob', 'cyd']) {
  await client.userApi.createUser({
    body: { profile: { firstName: name, lastName: 'Interop', email: `${name}@acme.test`, login: `${name}@acme.test` } },
  })
}
const logins = []
for await (const user of await client.userApi.listUsers({ limit: 2 })) logins.push(user.profile.login)
assert(logins.includes('ada@acme.test') && logins.includes('cyd@acme.test'))
