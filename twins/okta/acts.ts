import { z } from 'zod'
import { act } from '../../shared/kernel/act.ts'
import { BASE64URL } from '../../shared/universe/random.ts'
import { governanceActs } from './governanceActs.ts'
import { newId, PREFIX } from './ids.ts'
import type { OktaMoment } from './operations/define.ts'
import { foldLogin, type User } from './tables/directory.ts'

const FIVE_MINUTES = 300_000

function person(moment: OktaMoment, login: string): User {
  const user = moment.tables.users.by('login', foldLogin(login))
  if (!user) throw new Error(`Nobody has the login ${login}`)
  return user
}

const someone = z.strictObject({ login: z.string() })
const answer = someone.extend({ approve: z.boolean().default(true) })

const agents = z.strictObject({
  pool: z.string(),
  type: z.enum(['AD', 'IWA', 'LDAP', 'MFA', 'OPP', 'RUM', 'Radius']).default('AD'),
  agents: z.array(z.string()).default(['agent-1']),
  version: z.string().default('3.22.0'),
})
const agentUpdate = z.strictObject({ id: z.string(), status: z.enum(['InProgress', 'Success', 'Failed']) })

/** What people do with their own hands: sign in, answer a push, read a code, let a device in. */
export const acts = {
  ...governanceActs,

  /** Signs in as someone: a one-time session token for `/authorize?sessionToken=` or `POST /api/v1/sessions`. */
  signIn: act('login', someone, (moment: OktaMoment, { login }) => {
    const user = person(moment, login)
    const token = `20111${moment.random.text(40, BASE64URL)}`
    moment.tables.sessionTokens.insert({ token, userId: user.id, amr: ['pwd'], expiresAt: moment.now + FIVE_MINUTES })
    return { sessionToken: moment.seal(token) }
  }),

  /** The codes last sent to someone by text message, call or mail. */
  codes: act('login', someone, (moment: OktaMoment, { login }) => {
    const user = person(moment, login)
    const factors = moment.tables.factors
      .where('user', user.id)
      .flatMap(({ id, factorType, passCode }) => (passCode ? [{ id, factorType, code: passCode }] : []))
    const recovery = moment.tables.authnTransactions
      .where('user', user.id)
      .flatMap(({ status, passCode }) => (status === 'RECOVERY_CHALLENGE' && passCode ? [{ code: passCode }] : []))
    const addresses = [
      ...moment.tables.accountEmails.where('parent', user.id),
      ...moment.tables.accountPhones.where('parent', user.id),
    ]
    const account = addresses.flatMap((row) =>
      moment.tables.challenges.where('parent', row.id).map((one) => ({ id: row.id, code: one.data.code })),
    )
    return { factors, recovery, account }
  }),

  /** Answers every push that waits for someone. */
  answerPush: act('login', answer, (moment: OktaMoment, { login, approve }) => {
    const user = person(moment, login)
    const waiting = moment.tables.factorTransactions
      .all()
      .filter((one) => one.userId === user.id && one.result === 'WAITING')
    for (const one of waiting)
      moment.tables.factorTransactions.patch(one.id, { result: approve ? 'SUCCESS' : 'REJECTED' })
    return { answered: waiting.length }
  }),

  /** Types a device's code and allows, or refuses, it. */
  answerDevice: act(
    'login',
    answer.extend({ userCode: z.string() }),
    (moment: OktaMoment, { login, userCode, approve }) => {
      const user = person(moment, login)
      const device = moment.tables.deviceCodes.by('user', userCode.toUpperCase())
      if (!device) throw new Error(`No device shows the code ${userCode}`)
      moment.tables.deviceCodes.patch(device.deviceCode, {
        status: approve ? 'APPROVED' : 'DENIED',
        userId: user.id,
        authTime: moment.now,
        amr: ['pwd'],
      })
      return { answered: true }
    },
  ),

  /** Answers every request for backchannel or direct authentication of someone. */
  answerRequest: act('login', answer, (moment: OktaMoment, { login, approve }) => {
    const user = person(moment, login)
    const waiting = moment.tables.authenticationRequests
      .all()
      .filter((one) => one.userId === user.id && one.status === 'PENDING')
    for (const one of waiting)
      moment.tables.authenticationRequests.patch(one.id, { status: approve ? 'APPROVED' : 'DENIED' })
    return { answered: waiting.length }
  }),

  /** An administrator installs agents of one kind beside a directory or server: pools come no other way. */
  installAgents: act('', agents, (moment: OktaMoment, { pool, type, agents: names, version }) => {
    const id = newId(moment, PREFIX.app)
    const installed = names.map((name) => ({
      id: newId(moment, 'a53'),
      poolId: id,
      name,
      type,
      version,
      operationalStatus: 'OPERATIONAL',
      isHidden: false,
      isLatestGAedVersion: true,
      lastConnection: moment.now,
      updateStatus: 'Success',
    }))
    const data = { name: pool, type, operationalStatus: 'OPERATIONAL', agents: installed }
    moment.tables.agentPools.insert({ id, created: moment.now, lastUpdated: moment.now, data })
    return { id, agents: installed }
  }),

  /** What Okta's scheduler does when an update is due: it starts, and ends well or not. */
  runAgentUpdate: act('', agentUpdate, (moment: OktaMoment, { id, status }) => {
    moment.tables.agentPoolUpdates.patch(id, { status, lastUpdated: moment.now })
    return { id, status }
  }),

  /** A phone or computer enrols: devices come no other way. */
  enrolDevice: act(
    'login',
    someone.extend({ displayName: z.string().default('Phone'), platform: z.string().default('IOS') }),
    (moment: OktaMoment, { login, displayName, platform }) => {
      const user = person(moment, login)
      const id = `guo${moment.random.text(17, 'abcdefghijklmnopqrstuvwxyz0123456789')}`
      const times = { created: moment.now, lastUpdated: moment.now }
      const profile = { displayName, platform, registered: true, secureHardwarePresent: true }
      moment.tables.devices.insert({ id, status: 'ACTIVE', ...times, data: { profile } })
      moment.tables.deviceUsers.insert({ id: `${id}/${user.id}`, parent: id, ...times, data: { userId: user.id } })
      return { id }
    },
  ),
}
