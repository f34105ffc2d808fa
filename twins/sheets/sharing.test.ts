import { createSign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { area, batch, clientFor, refusal, spreadsheetId, useSheets, world, write } from './testing.ts'

useSheets()

describe('sharing', () => {
  const json = { 'content-type': 'application/json' }
  const share = (role: string) =>
    world.fetch('drive', `/drive/v3/files/${spreadsheetId}/permissions`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ type: 'anyone', role }),
    })
  /** The universe's service account: somebody else than the default user. */
  async function otherApi() {
    const { client_email: iss, private_key: key = '' } = world.access.sheets.serviceAccount as Record<string, string>
    const iat = Math.floor(Date.now() / 1000)
    const scope = 'https://www.googleapis.com/auth/spreadsheets'
    const claims = { iss, scope, aud: 'https://oauth2.googleapis.com/token', iat, exp: iat + 3600 }
    const unsigned = [{ alg: 'RS256', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const assertion = `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(key, 'base64url')}`
    const grant = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
    const reply = await fetch(`${world.access.sheets.url}/token`, { method: 'POST', body: grant })
    const { access_token } = (await reply.json()) as { access_token: string }
    return clientFor(access_token)
  }

  test('a stranger is refused, a reader reads, and only an editor writes what is protected', async () => {
    const stranger = await otherApi()
    const get = () => refusal(stranger.spreadsheets.values.get({ spreadsheetId, range: 'A1' }))
    const put = () =>
      refusal(
        stranger.spreadsheets.values.update({
          spreadsheetId,
          range: 'A1',
          valueInputOption: 'RAW',
          requestBody: { values: [[1]] },
        }),
      )
    expect(await get()).toBe('403 The caller does not have permission')
    await share('reader')
    expect([await get(), await put()]).toEqual(['no refusal', '403 The caller does not have permission'])
    await share('writer')
    expect(await put()).toBe('no refusal')
    const [reply] = await batch({
      addProtectedRange: {
        protectedRange: {
          range: area(0, 0, 2, 2),
          description: '',
          warningOnly: false,
          editors: { users: [], groups: [] },
        },
      },
    })
    expect(reply?.addProtectedRange?.protectedRange).toEqual({
      protectedRangeId: expect.any(Number),
      range: area(0, 0, 2, 2),
      requestingUserCanEdit: true,
      editors: {},
    })
    expect(await put()).toBe(
      '400 You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.',
    )
    expect((await write('A1', [['owner']])).status).toBe(200)
  })
})
