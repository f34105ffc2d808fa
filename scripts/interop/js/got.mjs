import assert from 'node:assert/strict'
import got from 'got'
import { env, okta } from './target.mjs'

const api = got.extend({
  prefixUrl: okta,
  headers: { authorization: `SSWS ${env.OKTA_CLIENT_TOKEN}` },
  responseType: 'json',
})
const { body } = await api.post('api/v1/groups', { json: { profile: { name: 'Interop' } } })
assert.equal((await api.get(`api/v1/groups/${body.id}`)).body.profile.name, 'Interop')
