import assert from 'node:assert/strict'
import { JWT } from 'google-auth-library'
import { access } from './target.mjs'

// Its token host is a constant, so a key works behind the proxy only.
const key = access.drive.serviceAccount
const client = new JWT({
  email: key.client_email,
  key: key.private_key,
  scopes: ['https://www.googleapis.com/auth/drive'],
})
const url = 'https://www.googleapis.com/drive/v3/files'
const { data } = await client.request({ url, method: 'POST', data: { name: 'Signed' } })
assert.equal((await client.request({ url: `${url}/${data.id}` })).data.name, 'Signed')
