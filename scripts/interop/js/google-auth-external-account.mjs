import assert from 'node:assert/strict'
import { GoogleAuth } from 'google-auth-library'
import { access, env, pointed } from './target.mjs'

const base = pointed ? env.GOOGLE_DRIVE_URL : 'https://www.googleapis.com'
const credentials = access.drive.externalAccount
if (!pointed) credentials.token_url = 'https://sts.googleapis.com/v1/token'
const auth = new GoogleAuth({ credentials, scopes: ['https://www.googleapis.com/auth/drive'] })
const client = await auth.getClient()
const { data } = await client.request({ url: `${base}/drive/v3/files`, method: 'POST', data: { name: 'Federated' } })
assert.equal((await client.request({ url: `${base}/drive/v3/files/${data.id}` })).data.name, 'Federated')
