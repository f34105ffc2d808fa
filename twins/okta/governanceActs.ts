import { z } from 'zod'
import { act } from '../../shared/kernel/act.ts'
import type { OktaMoment } from './operations/define.ts'
import { resolve } from './rules/accessRequests.ts'
import { decide } from './rules/certification.ts'
import { decideStep, hexId } from './rules/typedRequests.ts'
import { findUser } from './rules/users.ts'
import type { User } from './tables/directory.ts'
import type { Document } from './tables/document.ts'

function person(moment: OktaMoment, login: string): User {
  const user = findUser(moment.tables, login)
  if (!user) throw new Error(`Nobody has the login ${login}`)
  return user
}

const field = z.strictObject({
  label: z.string(),
  type: z.enum(['TEXT', 'SELECT', 'MULTISELECT', 'ISO_DATE', 'OKTA_USER_ID']).default('TEXT'),
  choices: z.array(z.string()).optional(),
  required: z.boolean().default(true),
})

const sequence = z.strictObject({
  name: z.string(),
  description: z.string().default(''),
  compatibleResourceTypes: z.array(z.enum(['APP', 'GROUP'])).default(['APP', 'GROUP']),
  fields: z.array(field).default([]),
  /** Logins of those who approve. Without any, requests are approved at once. */
  approvers: z.array(z.string()).default([]),
})

const decision = z.strictObject({ id: z.string(), login: z.string(), approve: z.boolean().default(true) })
const finding = decision.extend({ note: z.string().optional() })

const pending = (row: Document | undefined, id: string, status: string): Document => {
  if (row?.status !== status) throw new Error(`${id} waits for nobody`)
  return row
}

/** What people do in the consoles of Identity Governance, which have no API for it. */
export const governanceActs = {
  /** An administrator draws an approval sequence. */
  drawSequence: act('', sequence, (moment: OktaMoment, { fields, approvers, ...data }) => {
    const id = hexId(moment)
    const requesterFields = fields.map((one) => ({ id: moment.random.uuid(), ...one, readOnly: false }))
    const times = { created: moment.now, lastUpdated: moment.now }
    const ids = approvers.map((login) => person(moment, login).id)
    moment.tables.requestSequences.insert({ id, ...times, data: { ...data, requesterFields, approvers: ids } })
    return { id, fields: requesterFields }
  }),

  /** An administrator sets up a team that owns request types. */
  formTeam: act('', z.strictObject({ name: z.string() }), (moment: OktaMoment, { name }) => {
    const id = hexId(moment)
    moment.tables.requestTeams.insert({ id, created: moment.now, lastUpdated: moment.now, data: { name } })
    return { id }
  }),

  /** An approver answers a request: by condition (`req…`) or by type. */
  decideRequest: act('login', decision, (moment: OktaMoment, { id, login, approve }) => {
    const user = person(moment, login)
    const typed = moment.tables.typedRequests.get(id)
    if (typed) return { status: decideStep(moment, pending(typed, id, 'OPEN'), user, approve).status }
    const request = pending(moment.tables.accessRequests.get(id), id, 'PENDING')
    return { status: resolve(moment, request, approve ? 'APPROVED' : 'DENIED', user).status }
  }),

  /** A reviewer decides whether somebody keeps what they have. */
  decideReview: act('login', finding, (moment: OktaMoment, { id, login, approve, note }) => {
    person(moment, login)
    decide(moment, pending(moment.tables.reviews.get(id), id, 'UNREVIEWED'), approve ? 'APPROVE' : 'REVOKE', note)
    return { decision: approve ? 'APPROVE' : 'REVOKE' }
  }),
}
