import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stepAt, totp } from '../rules/totp.ts'
import { gone, member, type Org, openOrg, PASSWORD, person, refused, signIn, webApp } from '../testing.ts'

/** A user's second factors and enrollments, recovery, and what administrators do to either. */
const LOGIN = 'vera.sund@acme.test'
let org: Org
let userId: string
let user: string
beforeAll(async () => {
  org = await openOrg()
  userId = (await member(org, LOGIN)).id
  user = `/api/v1/users/${userId}`
})
afterAll(() => org.close())

const codes = () => org.act('codes', { login: LOGIN }).factors
const status = async () => (await org.get(user)).body.status
const works = async (password: string) =>
  (await org.as(undefined).post('/api/v1/authn', { username: LOGIN, password })).status

describe('factors', () => {
  it('that may be enrolled are listed, with the questions there are', async () => {
    const catalog = (await org.get(`${user}/factors/catalog`)).body
    expect(catalog.map((one: { factorType: string }) => one.factorType)).toEqual(
      expect.arrayContaining(['question', 'sms', 'push', 'token:software:totp', 'webauthn']),
    )
    const questions = (await org.get(`${user}/factors/questions`)).body
    expect(questions).toContainEqual({
      question: 'disliked_food',
      questionText: 'What is the food you least liked as a child?',
    })
  })

  it('a question is answered whatever the case, and not by itself', async () => {
    const enrol = (answer: string) =>
      org.post(`${user}/factors`, {
        factorType: 'question',
        provider: 'OKTA',
        profile: { question: 'disliked_food', answer },
      })
    expect(await enrol('eel')).toMatchObject(refused(400, 'E0000001'))
    const made = (await enrol('Jellied eel')).body
    expect(made).toMatchObject({ status: 'ACTIVE', factorType: 'question', profile: { question: 'disliked_food' } })
    expect(JSON.stringify(made)).not.toContain('Jellied')
    const verify = (answer: string) => org.post(`${user}/factors/${made.id}/verify`, { answer })
    expect((await verify('jellied EEL ')).body.factorResult).toBe('SUCCESS')
    expect(await verify('soup')).toMatchObject(refused(403, 'E0000068'))
    expect((await org.get(`${user}/factors/${made.id}`)).body.id).toBe(made.id)
    expect((await org.delete(`${user}/factors/${made.id}`)).status).toBe(204)
    expect(await org.get(`${user}/factors/${made.id}`)).toMatchObject(gone(made.id, 'UserFactor'))
    expect((await org.events('user.mfa.factor.deactivate')).at(-1)?.target?.[0]?.id).toBe(userId)
  })

  it('a phone proves itself by the code it was sent, or sent again', async () => {
    const profile = { phoneNumber: '+46 70 555 01 00' }
    expect(await org.post(`${user}/factors`, { factorType: 'sms', provider: 'OKTA', profile: { phoneNumber: 'x' } })).toMatchObject(refused(400, 'E0000001')) // biome-ignore format: one row
    const made = (await org.post(`${user}/factors`, { factorType: 'sms', provider: 'OKTA', profile })).body
    expect(made).toMatchObject({ status: 'PENDING_ACTIVATION', profile })
    const path = `${user}/factors/${made.id}`
    const [first] = codes()
    const activate = (passCode: string) => org.post(`${path}/lifecycle/activate`, { passCode })
    expect(await activate('000')).toMatchObject(refused(403, 'E0000068'))
    expect((await org.post(`${path}/resend`, { factorType: 'sms', provider: 'OKTA', profile })).status).toBe(200)
    const [second] = codes()
    expect(second?.code).not.toBe(first?.code)
    expect((await activate(String(second?.code))).body.status).toBe('ACTIVE')
    expect((await org.post(`${path}/verify`, {})).body.factorResult).toBe('CHALLENGE')
    expect((await org.post(`${path}/verify`, { passCode: codes()[0]?.code })).body.factorResult).toBe('SUCCESS')
    expect(await org.post(`${path}/verify`, { passCode: '0' })).toMatchObject(refused(403, 'E0000068'))
    expect((await org.post(`${path}/lifecycle/activate`, { passCode: '0' })).body.errorCode).toBe('E0000107')
  })

  it('an authenticator counts the half minutes, and no code works twice', async () => {
    const made = (await org.post(`${user}/factors`, { factorType: 'token:software:totp', provider: 'GOOGLE' })).body
    const passCode = totp(made._embedded.activation.sharedSecret, stepAt(Date.now()))
    const path = `${user}/factors/${made.id}`
    expect((await org.post(`${path}/lifecycle/activate`, { passCode })).body.status).toBe('ACTIVE')
    expect(await org.post(`${path}/verify`, { passCode })).toMatchObject(refused(403, 'E0000082'))
    expect(await org.post(`${path}/verify`, { passCode: 'x' })).toMatchObject(refused(403, 'E0000068'))
  })

  it('a push waits for its person', async () => {
    const made = (await org.post(`${user}/factors`, { factorType: 'push', provider: 'OKTA' })).body
    expect(made.status).toBe('PENDING_ACTIVATION')
    const path = `${user}/factors/${made.id}`
    await org.post(`${path}/lifecycle/activate`)
    const challenge = await org.post(`${path}/verify`)
    const poll = new URL(challenge.body._links.poll.href).pathname
    expect((await org.get(poll)).body.factorResult).toBe('WAITING')
    org.act('answerPush', { login: LOGIN, approve: false })
    expect((await org.get(poll)).body.factorResult).toBe('REJECTED')
    expect((await org.get(`${path}/transactions/none`)).status).toBe(404)
  })

  it('are all gone when they are reset', async () => {
    expect((await org.get(`${user}/factors`)).body.length).toBeGreaterThan(1)
    expect((await org.post(`${user}/lifecycle/reset_factors`)).body).toEqual({})
    expect((await org.get(`${user}/factors`)).body).toEqual([])
  })
})

describe('enrollments', () => {
  const path = () => `${user}/authenticator-enrollments`
  const authenticator = async (key: string) =>
    (await org.get('/api/v1/authenticators')).body.find((one: { key: string }) => one.key === key)?.id

  it('are a password, phones an administrator adds, and codes for a while', async () => {
    expect((await org.get(path())).body).toMatchObject([{ type: 'password', key: 'okta_password', status: 'ACTIVE' }])
    const authenticatorId = await authenticator('phone_number')
    const wrong = { authenticatorId: await authenticator('okta_email'), profile: { phoneNumber: '+14155550100' } }
    expect(await org.post(`${path()}/phone`, wrong)).toMatchObject(refused(400, 'E0000001'))
    const phone = await org.post(`${path()}/phone`, { authenticatorId, profile: { phoneNumber: '+14155550100' } })
    expect(phone.body).toMatchObject({ type: 'phone', key: 'phone_number', profile: { phoneNumber: '+14155550100' } })
    expect((await org.get(`${path()}/${phone.body.id}`)).body).toEqual(phone.body)
    const tac = await org.post(`${path()}/tac`, { authenticatorId: 'autTac', profile: { ttl: 10, multiUse: false } })
    expect(tac.body).toMatchObject({ type: 'tac', profile: { multiUse: false } })
    expect(tac.body.profile.tac.length).toBeGreaterThan(7)
    const listed = (await org.get(path())).body
    expect(listed.map((one: { type: string }) => one.type).sort()).toEqual(['password', 'phone', 'tac'])
    expect(JSON.stringify(listed)).not.toContain(tac.body.profile.tac)
    expect((await org.delete(`${path()}/${phone.body.id}`)).status).toBe(204)
    expect((await org.get(`${path()}/${phone.body.id}`)).status).toBe(404)
  })
})

describe('an administrator', () => {
  const lifecycle = (name: string) => org.post(`${user}/lifecycle/${name}`)

  it('expires a password, for a temporary one or none', async () => {
    expect((await lifecycle('expire_password')).body).toMatchObject({ id: userId, status: 'PASSWORD_EXPIRED' })
    const temporary = (await lifecycle('expire_password_with_temp_password')).body.tempPassword
    expect([await works(PASSWORD), await works(temporary)]).toEqual([401, 200])
    await org.post(user, { credentials: { password: { value: PASSWORD } } })
    expect(await status()).toBe('ACTIVE')
  })

  it('resets a password by a link that replaces the one before', async () => {
    expect((await lifecycle('reset_password?sendEmail=true')).body).toEqual({})
    expect(await status()).toBe('RECOVERY')
    const links = [await lifecycle('reset_password?sendEmail=false'), await lifecycle('reset_password?sendEmail=false')]
    const [first, second] = links.map(({ body }) => body.resetPasswordUrl as string)
    expect(second).toContain('/reset_password/')
    expect(first).not.toBe(second)
    expect((await lifecycle('reactivate?sendEmail=false')).body).toHaveProperty('activationToken')
    await org.post(user, { credentials: { password: { value: PASSWORD } } })
    expect(await lifecycle('reactivate')).toMatchObject(refused(403, 'E0000038'))
  })

  it('ends sessions, and tokens when asked', async () => {
    const app = await webApp(org, 'Sessions')
    await org.post(`/api/v1/apps/${app.id}/users`, { id: userId, scope: 'USER' })
    const { access_token } = await signIn(org, app, LOGIN, 'openid')
    const { sessionToken } = org.act('signIn', { login: LOGIN })
    const session = (await org.as(undefined).post('/api/v1/sessions', { sessionToken })).body
    const path = `/api/v1/sessions/${session.id}`
    expect((await org.get(path)).body).toMatchObject({ userId, login: LOGIN, status: 'ACTIVE' })
    const later = (await org.post(`${path}/lifecycle/refresh`)).body
    expect(Date.parse(later.expiresAt)).toBeGreaterThanOrEqual(Date.parse(session.expiresAt))
    expect((await org.delete(path)).status).toBe(204)
    expect((await org.get(path)).body.errorSummary).toContain('(AppSession)')
    expect((await org.delete(`${user}/sessions?oauthTokens=true`)).status).toBe(204)
    expect((await org.as(`Bearer ${access_token}`).get('/oauth2/v1/userinfo')).status).toBe(401)
  })

  it('sees what kind of user it is, and what blocks them', async () => {
    expect((await org.get(`${user}/classification`)).body.type).toBe('STANDARD')
    expect((await org.put(`${user}/classification`, { type: 'LITE' })).body.type).toBe('LITE')
    expect((await org.get(`${user}/classification`)).body.type).toBe('LITE')
    expect(await org.put(`${user}/classification`, { type: 'HEAVY' })).toMatchObject({ status: 400 })
    expect((await org.get(`${user}/blocks`)).body).toEqual([])
  })
})

describe('recovery by question', () => {
  const credentials = { password: { value: PASSWORD }, recovery_question: { question: 'Ship?', answer: 'Svanen' } }

  it('sets a new password for who knows the answer', async () => {
    const { body } = await org.post('/api/v1/users', { ...person('rune@acme.test'), credentials })
    const path = `/api/v1/users/${body.id}/credentials`
    const forgot = (answer: string) =>
      org.post(`${path}/forgot_password_recovery_question`, {
        password: { value: 'Fresh-Start-7' },
        recovery_question: { answer },
      })
    expect(await forgot('Titanic')).toMatchObject(refused(403, 'E0000087'))
    expect((await forgot('svanen')).body.recovery_question).toEqual({ question: 'Ship?' })
    const recovery_question = { question: 'Harbour?', answer: 'Visby' }
    const change = (value: string) => org.post(`${path}/change_recovery_question`, { password: { value }, recovery_question }) // biome-ignore format: one row
    expect(await change('wrong')).toMatchObject(refused(403, 'E0000014'))
    expect((await change('Fresh-Start-7')).body.recovery_question).toEqual({ question: 'Harbour?' })
    expect(await forgot('svanen')).toMatchObject(refused(403, 'E0000087'))
  })
})
