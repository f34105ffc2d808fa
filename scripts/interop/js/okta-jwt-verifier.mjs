import assert from 'node:assert/strict'
import Verifier from '@okta/jwt-verifier'
import { okta, oktaService, pointed } from './target.mjs'

const { client_id: id, client_secret: secret } = await oktaService()
const issuer = `${okta}/oauth2/default`
const response = await fetch(`${issuer}/v1/token`, {
  method: 'POST',
  headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
  body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'crm' }),
})
const { access_token: token } = await response.json()
const verifier = new Verifier({ issuer, ...(pointed && { testing: { disableHttpsCheck: true } }) })
const { claims } = await verifier.verifyAccessToken(token, 'api://default')
assert.deepEqual(claims.scp, ['crm'])
await assert.rejects(verifier.verifyAccessToken(token, 'api://other'))
