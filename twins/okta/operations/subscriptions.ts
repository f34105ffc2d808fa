import type { Operations } from '../../../openapi/types/okta.ts'
import type { Handlers } from '../../../shared/kernel/call.ts'
import { ok } from '../../../shared/kernel/reply.ts'
import type { Caller } from '../caller.ts'
import { notFound } from '../errors.ts'
import { newId } from '../ids.ts'
import { hinted, plain } from '../links.ts'
import { STANDARD_ROLES } from '../rules/roles.ts'
import { userOf } from '../rules/users.ts'
import type { tables } from '../tables.ts'
import type { OktaCall } from './define.ts'

/** What Okta mails to administrators, and whether it does so without being asked. */
const TYPES: Readonly<Record<string, 'subscribed' | 'unsubscribed'>> = {
  IWA_AGENT: 'subscribed',
  CONNECTOR_AGENT: 'subscribed',
  USER_LOCKED_OUT: 'unsubscribed',
  APP_IMPORT: 'unsubscribed',
  AD_AGENT: 'subscribed',
  LDAP_AGENT: 'subscribed',
  RATELIMIT_NOTIFICATION: 'subscribed',
  OKTA_ANNOUNCEMENT: 'subscribed',
  OKTA_ISSUE: 'subscribed',
  OKTA_UPDATE: 'unsubscribed',
  USER_DEPROVISION: 'unsubscribed',
  REPORT_SUSPICIOUS_ACTIVITY: 'subscribed',
  AGENT_AUTO_UPDATE_NOTIFICATION: 'subscribed',
  AGENT_AUTO_UPDATE_NOTIFICATION_LDAP: 'subscribed',
}

/** Listed in 2021, named by none of today's SDKs, some of which fail on it: still there for who asks by name. */
const RETIRED = 'OKTA_ISSUE'

interface Subscriber {
  readonly id: string
  readonly path: string
}

type Names = Record<'list' | 'get' | 'subscribe' | 'unsubscribe', Extract<keyof Operations, string>>

function family(find: (call: OktaCall) => Subscriber, names: Names): Handlers<Operations, typeof tables, Caller> {
  const typeOf = (call: OktaCall) => {
    const { notificationType } = call.params as { notificationType: string }
    return notificationType in TYPES ? notificationType : notFound(notificationType, 'Subscription')
  }
  const settle = (status: string) => (call: OktaCall) => {
    const { id } = find(call)
    const notificationType = typeOf(call)
    const known = rowOf(call, id, notificationType)
    const data = { notificationType, status }
    if (known) call.tables.subscriptions.patch(known.id, { data, lastUpdated: call.now })
    else
      call.tables.subscriptions.insert({
        id: newId(call, 'sub'),
        parent: id,
        created: call.now,
        lastUpdated: call.now,
        data,
      })
    return ok(undefined)
  }
  return {
    [names.list]: (call: OktaCall) => {
      const subscriber = find(call)
      return ok(
        Object.keys(TYPES)
          .filter((type) => type !== RETIRED)
          .map((type) => view(call, subscriber, type)),
      )
    },
    [names.get]: (call: OktaCall) => ok(view(call, find(call), typeOf(call))),
    [names.subscribe]: settle('subscribed'),
    [names.unsubscribe]: settle('unsubscribed'),
  } as Handlers<Operations, typeof tables, Caller>
}

const rowOf = (call: OktaCall, id: string, type: string) =>
  call.tables.subscriptions.where('parent', id).find((row) => row.data.notificationType === type)

function view(call: OktaCall, { id, path }: Subscriber, notificationType: string) {
  const status = rowOf(call, id, notificationType)?.data.status ?? TYPES[notificationType]
  const self = `${path}/subscriptions/${notificationType}`
  const other = status === 'subscribed' ? 'unsubscribe' : 'subscribe'
  return {
    notificationType,
    channels: ['email'],
    status,
    _links: { [other]: hinted(call, `${self}/${other}`, 'POST'), self: plain(call, self) },
  }
}

export const userSubscriptions = family(
  (call) => {
    const { id } = userOf(call, (call.params as { userId: string }).userId)
    return { id, path: `/api/v1/users/${id}` }
  },
  {
    list: 'listSubscriptionsUser',
    get: 'getSubscriptionsNotificationTypeUser',
    subscribe: 'subscribeByNotificationTypeUser',
    unsubscribe: 'unsubscribeByNotificationTypeUser',
  },
)

export const roleSubscriptions = family(
  (call) => {
    const { roleRef } = call.params as { roleRef: string }
    if (!(roleRef in STANDARD_ROLES) && !call.tables.customRoles.has(roleRef)) notFound(roleRef, 'Role')
    return { id: roleRef, path: `/api/v1/roles/${roleRef}` }
  },
  {
    list: 'listSubscriptionsRole',
    get: 'getSubscriptionsNotificationTypeRole',
    subscribe: 'subscribeByNotificationTypeRole',
    unsubscribe: 'unsubscribeByNotificationTypeRole',
  },
)
