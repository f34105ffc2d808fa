import assert from 'node:assert/strict'
import { fetch } from 'undici'
import { env, okta } from './target.mjs'

const headers = { authorization: `SSWS ${env.OKTA_CLIENT_TOKEN}`, 'content-type': 'application/json' }
const body = JSON.stringify({ profile: { name: 'Interop' } })
const group = await (await fetch(`${okta}/api/v1/groups`, { method: 'POST', headers, body })).json()
const read = await (await fetch(`${okta}/api/v1/groups/${group.id}`, { headers })).json()
assert.equal(read.profile.name, 'Interop')
