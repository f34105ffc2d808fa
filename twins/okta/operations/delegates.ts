import { ok } from '../../../shared/kernel/reply.ts'
import { invalid, notFound } from '../errors.ts'
import { newId } from '../ids.ts'
import { objectBody } from '../resource.ts'
import { findUser, userOf } from '../rules/users.ts'
import type { User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { oktaUser, second } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'
import { governanceList } from './governanceLists.ts'

interface Appointment extends Json {
  readonly id: string
}

const appointmentsOf = (call: OktaCall, userId: string): Appointment[] =>
  (call.tables.principalSettings.get(userId)?.data.appointments ?? []) as Appointment[]

const settingsView = (call: OktaCall, { id }: User) => ok({ delegates: { appointments: appointmentsOf(call, id) } })

/** What of an appointment may be said. */
const KNOWN = ['delegate', 'note', 'startTime', 'endTime']

/** At most one delegate for each. */
const MOST = 1

function appointed(call: OktaCall, delegator: User, given: Json): Appointment {
  const unknown = Object.keys(given).filter((name) => !KNOWN.includes(name))
  const wrong = `Governance settings has invalid properties: ${unknown.join(', ')}`
  if (unknown.length > 0) invalid('Governance settings has invalid properties', [wrong])
  const { externalId } = (given.delegate ?? {}) as { externalId?: string }
  const missing = 'Governance settings is missing required fields'
  if (externalId === undefined) invalid('Governance settings missing required fields', [missing])
  const user = findUser(call.tables, externalId) ?? notFound(externalId, 'User')
  if (user.id === delegator.id) invalid('delegate', ['delegate: Nobody is a delegate of their own.'])
  const at = second(call.now)
  const by = call.caller.userId
  return {
    ...given,
    id: newId(call, 'gda'),
    delegator: oktaUser(delegator.id),
    delegate: oktaUser(user.id),
    createdBy: by,
    created: at,
    lastUpdated: at,
    lastUpdatedBy: by,
  }
}

function change(call: OktaCall, user: User) {
  const { delegates } = objectBody(call) as { delegates?: { appointments?: Json[] | null } }
  const given = delegates?.appointments ?? []
  if (given.length > MOST) invalid('delegates', ['delegates: must NOT have more than 1 items'])
  const appointments = given.map((appointment) => appointed(call, user, appointment))
  const times = { created: call.now, lastUpdated: call.now }
  call.tables.principalSettings.put({ id: user.id, ...times, data: { appointments } })
  return settingsView(call, user)
}

const principal = (call: OktaCall): User =>
  userOf(call, (call.params as { targetPrincipalId: string }).targetPrincipalId)
const me = (call: OktaCall): User => userOf(call, 'me')

/** Who acts for whom while they are away. */
export const delegates = operations({
  getPrincipalSettings: (call) => settingsView(call, principal(call)),
  updatePrincipalSettings: (call) => change(call, principal(call)),
  getMySettings: (call) => settingsView(call, me(call)),
  updateMySettings: (call) => change(call, me(call)),
  listMyDelegateUsers(call) {
    const others = call.tables.users.all().filter(({ id, status }) => id !== me(call).id && status === 'ACTIVE')
    const filter = { firstName: ['sw'], lastName: ['sw'], email: ['sw'] } as const
    return governanceList(
      call,
      others,
      { filter, read: (user, name) => user.profile[name] },
      ({ id, profile: { firstName, lastName, email } }) => ({ id, firstName, lastName, email }),
    )
  },
  listDelegateAppointments(call) {
    const all = call.tables.principalSettings.all().flatMap(({ id }) => appointmentsOf(call, id))
    const read = (row: Appointment, name: string): unknown =>
      name.split('.').reduce<unknown>((value, member) => (value as Json | undefined)?.[member], row)
    const filter = { 'delegator.externalId': ['eq'], 'delegate.externalId': ['eq'] } as const
    return governanceList(call, all, { filter, read }, (row) => row)
  },
})
