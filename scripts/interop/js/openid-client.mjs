import assert from 'node:assert/strict'
import * as oidc from 'openid-client'
import { okta, oktaService, pointed } from './target.mjs'

const { client_id: id, client_secret: secret } = await oktaService()
const issuer = new URL(`${okta}/oauth2/default`)
const insecure = pointed ? { execute: [oidc.allowInsecureRequests] } : undefined
const config = await oidc.discovery(issuer, id, secret, oidc.ClientSecretBasic(secret), insecure)
const { access_token: token } = await oidc.clientCredentialsGrant(config, { scope: 'crm' })
const seen = await oidc.tokenIntrospection(config, token)
assert.equal(seen.active, true)
assert.equal(seen.scope, 'crm')
