import assert from 'node:assert/strict'
import { OktaAuth } from '@okta/okta-auth-js'
import { okta, oktaApi } from './target.mjs'

const login = 'ada@acme.test'
const password = 'Correct-h0rse-battery'
await oktaApi('POST', '/api/v1/users?activate=true', {
  profile: { firstName: 'Ada', lastName: 'Interop', email: login, login },
  credentials: { password: { value: password } },
})
const client = new OktaAuth({ issuer: `${okta}/oauth2/default`, clientId: 'any', redirectUri: 'http://localhost/cb' })
const transaction = await client.signInWithCredentials({ username: login, password })
assert.equal(transaction.status, 'SUCCESS')
assert(transaction.sessionToken)
await oktaApi('GET', `/api/v1/users/${login}`)
