import assert from 'node:assert/strict'
import { GoogleAuth } from 'google-auth-library'
import { env, pointed } from './target.mjs'

// No key and no option: GCE_METADATA_HOST leads to the metadata server, both ways.
const auth = new GoogleAuth({ scopes: ['https://www.googleapis.com/auth/drive'] })
const base = pointed ? env.GOOGLE_DRIVE_URL : 'https://www.googleapis.com'
const client = await auth.getClient()
const { data } = await client.request({ url: `${base}/drive/v3/files`, method: 'POST', data: { name: 'Keyless' } })
const read = await client.request({ url: `${base}/drive/v3/files/${data.id}` })
assert.equal(read.data.name, 'Keyless')
assert(await auth.getProjectId())
