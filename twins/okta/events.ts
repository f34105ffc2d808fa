import type { Caller } from './caller.ts'
import { PREFIX } from './ids.ts'
import type { OktaCall } from './operations/define.ts'
import { requestId } from './requests.ts'
import type { Json } from './tables/document.ts'
import { isoMillis } from './time.ts'

/** Something an event is about. */
export interface Target {
  readonly id: string
  readonly type: string
  readonly alternateId: string
  readonly displayName: string
  readonly detailEntry?: Json | null
}

/** What a handler says of an event beside its type and targets. */
export interface EventDetails {
  readonly result?: 'SUCCESS' | 'FAILURE' | 'SKIPPED' | 'ALLOW' | 'DENY' | 'CHALLENGE' | 'UNKNOWN'
  readonly reason?: string
  readonly displayMessage?: string
  readonly severity?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR'
  readonly debugData?: Json
  /** Whose doing it was, when not the caller's. `system`: Okta itself. */
  readonly actor?: Target | 'system'
  readonly sessionId?: string
}

/** The part of a call that makes events. */
export type Recorder = Pick<OktaCall, 'tables' | 'now' | 'random' | 'emit' | 'sequence'> &
  Partial<Pick<OktaCall, 'request' | 'caller'>>

/**
 * Writes one event of the system log. Event hooks and log streams hear of it when the call commits.
 *
 * @example record(call, 'user.lifecycle.create', [userTarget(user)])
 */
export function record(
  call: Recorder,
  eventType: string,
  targets: readonly Target[] = [],
  details: EventDetails = {},
): void {
  const event = logEvent(call, eventType, targets, details)
  call.tables.logs.insert({
    id: String(call.sequence('okta.log')).padStart(12, '0'),
    uuid: event.uuid as string,
    published: call.now,
    eventType,
    event,
  })
  call.emit({ type: 'log', event })
}

function logEvent(call: Recorder, eventType: string, targets: readonly Target[], details: EventDetails): Json {
  const { request, caller } = call
  const agent = request?.header('user-agent') ?? null
  const actor = details.actor === 'system' ? SYSTEM : (details.actor ?? actorOf(call, caller))
  return {
    actor: { detailEntry: null, ...actor },
    client: {
      userAgent: agent === null ? null : { rawUserAgent: agent, os: 'Unknown', browser: 'UNKNOWN' },
      zone: 'null',
      device: 'Unknown',
      id: caller?.clientId ?? null,
      ipAddress: '127.0.0.1',
      geographicalContext: { city: null, state: null, country: null, postalCode: null, geolocation: null },
    },
    device: null,
    authenticationContext: {
      authenticationProvider: null,
      credentialProvider: null,
      credentialType: null,
      issuer: null,
      interface: null,
      authenticationStep: 0,
      rootSessionId:
        details.sessionId ?? caller?.sessionId ?? (caller?.tokenId ? `trs${caller.tokenId.slice(3)}` : null),
      externalSessionId:
        details.sessionId ?? caller?.sessionId ?? (caller?.tokenId ? `trs${caller.tokenId.slice(3)}` : 'unknown'),
    },
    displayMessage: details.displayMessage ?? messageOf(eventType),
    eventType,
    outcome: { result: details.result ?? 'SUCCESS', reason: details.reason ?? null },
    published: isoMillis(call.now),
    securityContext: { asNumber: null, asOrg: null, isp: null, domain: null, isProxy: null },
    severity: details.severity ?? (details.result === 'FAILURE' || details.result === 'DENY' ? 'WARN' : 'INFO'),
    debugContext: {
      debugData: {
        ...(request && {
          requestId: requestId(request),
          dtHash: requestId(request) + requestId(request),
          requestUri: request.path,
          url: request.search ? `${request.path}?${request.search}` : `${request.path}?`,
        }),
        ...details.debugData,
      },
    },
    legacyEventType: legacyName(eventType),
    transaction: request
      ? {
          type: 'WEB',
          id: requestId(request),
          detail: caller?.tokenId ? { requestApiTokenId: caller.tokenId } : {},
        }
      : { type: 'JOB', id: call.random.uuid().replaceAll('-', ''), detail: {} },
    uuid: call.random.uuid(),
    version: '0',
    request: {
      ipChain: request
        ? [
            {
              ip: '127.0.0.1',
              geographicalContext: { city: null, state: null, country: null, postalCode: null, geolocation: null },
              version: 'V4',
              source: null,
            },
          ]
        : [],
    },
    target: targets.length ? targets.map((target) => ({ detailEntry: null, ...target })) : null,
  }
}

const SYSTEM: Target = {
  id: 'spr',
  type: 'SystemPrincipal',
  alternateId: 'system@okta.com',
  displayName: 'Okta System',
}

function actorOf(call: Recorder, caller: Caller | undefined): Target {
  const user = caller?.userId ? call.tables.users.get(caller.userId) : undefined
  if (user) return userTarget(user)
  const app = caller?.clientId ? call.tables.apps.by('client', caller.clientId) : undefined
  if (app) return { id: app.id, type: 'PublicClientApp', alternateId: app.id, displayName: app.label }
  const [org] = call.tables.org.all()
  return { ...SYSTEM, id: org?.systemPrincipal ?? PREFIX.systemPrincipal }
}

/** `user.lifecycle.create` → `Create okta user`-like text: the words of the type, object last. */
function messageOf(eventType: string): string {
  const known = MESSAGES[eventType]
  if (known) return known
  const words = eventType.split(/[._]/)
  const verb = words.at(-1) as string
  return `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${words.slice(0, -1).join(' ')}`
}

const MESSAGES: Readonly<Record<string, string>> = {
  'user.lifecycle.create': 'Create Okta user',
  'user.lifecycle.activate': 'Activate Okta user',
  'user.lifecycle.deactivate': 'Deactivate Okta user',
  'user.lifecycle.suspend': 'Suspend Okta user',
  'user.lifecycle.unsuspend': 'Unsuspend Okta user',
  'user.lifecycle.reactivate': 'Reactivate Okta user',
  'user.lifecycle.delete.initiated': 'Initiate deletion of Okta user',
  'user.lifecycle.delete.completed': 'Delete Okta user',
  'user.account.update_profile': 'Update user profile for Okta',
  'user.account.update_password': 'User update password for Okta',
  'user.account.reset_password': 'User reset password for Okta',
  'user.account.expire_password': 'User expire password for Okta',
  'user.account.lock': 'Max sign in attempts exceeded',
  'user.account.unlock_by_admin': 'User account unlock by admin',
  'user.account.privilege.grant': 'Grant user privilege',
  'user.account.privilege.revoke': 'Revoke user privilege',
  'user.session.start': 'User login to Okta',
  'user.session.end': 'User logout from Okta',
  'user.session.clear': 'Clear user session',
  'group.lifecycle.create': 'Create Okta group',
  'group.lifecycle.delete': 'Delete Okta group',
  'group.profile.update': 'Update Okta group',
  'group.user_membership.add': 'Add user to group membership',
  'group.user_membership.remove': 'Remove user from group membership',
  'group.application_assignment.add': 'Add assigned application to group',
  'group.application_assignment.remove': 'Remove assigned application from group',
  'application.lifecycle.create': 'Create application',
  'application.lifecycle.update': 'Update application',
  'application.lifecycle.activate': 'Activate application',
  'application.lifecycle.deactivate': 'Deactivate application',
  'application.lifecycle.delete': 'Delete application',
  'application.user_membership.add': 'Add user to application membership',
  'application.user_membership.remove': 'Remove user from application membership',
  'application.user_membership.update': 'Update application user membership',
}

/** Names of the first event API, kept for a few types. */
const LEGACY: Readonly<Record<string, string>> = {
  'user.lifecycle.create': 'core.user.config.user_creation.success',
  'user.lifecycle.activate': 'core.user.config.user_activated',
  'user.lifecycle.deactivate': 'core.user.config.user_deactivated',
  'user.lifecycle.suspend': 'core.user.config.user_status.suspended',
  'user.session.start': 'core.user_auth.login_success',
  'group.user_membership.add': 'core.user_group_member.user_add',
  'group.user_membership.remove': 'core.user_group_member.user_remove',
  'application.lifecycle.create': 'app.generic.config.app_created',
}
const legacyName = (eventType: string): string | null => LEGACY[eventType] ?? null

/** Any object as a target: `target('AuthorizationServer', server.id, name)`. */
export const target = (type: string, id: string, displayName: string, alternateId = displayName): Target => ({
  id,
  type,
  alternateId,
  displayName,
})

export const userTarget = (user: { id: string; profile: Json & { login: string } }): Target =>
  target('User', user.id, `${user.profile.firstName ?? ''} ${user.profile.lastName ?? ''}`.trim(), user.profile.login)

export const groupTarget = (group: { id: string; profile: { name: string } }): Target =>
  target('UserGroup', group.id, group.profile.name, 'unknown')

export const appTarget = (app: { id: string; label: string; name: string }): Target =>
  target('AppInstance', app.id, app.label, app.label)
