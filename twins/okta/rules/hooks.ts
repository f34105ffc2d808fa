import type { Delivery } from '../../../shared/kernel/call.ts'
import type { OktaContext } from '../operations/define.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoMillis } from '../time.ts'

interface Channel {
  readonly type: string
  readonly version: string
  readonly config: {
    readonly uri: string
    readonly headers: readonly { readonly key: string; readonly value: string }[]
    readonly method: string
    readonly authScheme: { readonly type: string; readonly key: string; readonly value?: string } | null
  }
}

export const channelOf = (hook: Document): Channel => hook.data.channel as Channel

/**
 * A channel as it is kept: what the caller left out, and the secret that an update does not repeat.
 *
 * @returns `undefined` when it has no address to call
 */
export function channelFrom(given: Json | undefined, before?: Json): Json | undefined {
  const config = (given?.config ?? {}) as Json
  if (typeof config.uri !== 'string') return undefined
  const kept = ((before?.config ?? {}) as Json).authScheme as Json | null | undefined
  const scheme = config.authScheme as Json | null | undefined
  const { uri, headers, method, authScheme: _, ...rest } = config
  return {
    type: given?.type ?? 'HTTP',
    version: given?.version ?? '1.0.0',
    config: {
      uri,
      headers: headers ?? [],
      method: method ?? 'POST',
      authScheme: scheme ? { type: 'HEADER', ...(kept ?? {}), ...scheme } : null,
      ...rest,
    },
  }
}

/** The headers a hook's owner asked for, the secret one included. */
export function hookHeaders(hook: Document): Record<string, string> {
  const { headers, authScheme } = channelOf(hook).config
  const list =
    authScheme?.value === undefined ? headers : [...headers, { key: authScheme.key, value: authScheme.value }]
  return Object.fromEntries(list.map(({ key, value }) => [key, value]))
}

/** The one-time check that who owns the address wants the events: it must give the challenge back. */
export const challenge = (hook: Document, secret: string): Delivery => ({
  kind: 'event_hook_verification',
  method: 'GET',
  url: channelOf(hook).config.uri,
  headers: { ...hookHeaders(hook), 'x-okta-verification-challenge': secret, accept: 'application/json' },
  body: '',
  retries: [],
})

/** Events of the system log as an event hook receives them, in one batch. */
export function eventDelivery(
  call: Pick<OktaContext, 'link' | 'now' | 'random'>,
  hook: Document,
  events: readonly Json[],
): Delivery {
  return {
    kind: 'event_hook',
    url: channelOf(hook).config.uri,
    headers: { ...hookHeaders(hook), 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      eventType: 'com.okta.event_hook',
      eventTypeVersion: '1.0',
      cloudEventsVersion: '0.1',
      source: call.link(`/api/v1/eventHooks/${hook.id}`),
      eventId: call.random.uuid(),
      data: { events },
      eventTime: isoMillis(call.now),
      contentType: 'application/json',
    }),
    // Okta tries once more after a timeout or a 5xx.
    retries: [1000],
    onResult: 'eventHookDelivered',
    context: { hookId: hook.id },
  }
}

/** A call to an inline hook. Three seconds, and one more try unless the hook is about tokens or telephony. */
export function inlineDelivery(
  call: Pick<OktaContext, 'link' | 'now' | 'random'>,
  hook: Document,
  data: Json,
  source: string,
): Delivery {
  const type = hook.data.type as string
  const once = type === 'com.okta.oauth2.tokens.transform' || type === 'com.okta.telephony.provider'
  return {
    kind: 'inline_hook',
    url: channelOf(hook).config.uri,
    method: channelOf(hook).config.method,
    headers: { ...hookHeaders(hook), 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      eventId: call.random.uuid(),
      eventTime: isoMillis(call.now),
      eventType: type,
      eventTypeVersion: '1.0',
      contentType: 'application/json',
      cloudEventVersion: '0.1',
      source,
      data,
    }),
    retries: once ? [] : [0],
  }
}

/** Whether an event hook wants an event of this type. */
export const wants = (hook: Document, eventType: string): boolean =>
  hook.status === 'ACTIVE' &&
  hook.data.verificationStatus === 'VERIFIED' &&
  (hook.data.events as { items: readonly string[] }).items.includes(eventType)

/** A command of an inline hook's answer. */
export interface Patch {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path: string
  readonly value?: unknown
}

/** Claims no hook may touch. */
const RESERVED = [
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'nbf',
  'jti',
  'ver',
  'uid',
  'cid',
  'scp',
  'auth_time',
  'amr',
  'idp',
  'nonce',
  'at_hash',
  'c_hash',
  'active',
  'acr',
]

/**
 * Applies an inline hook's patches to a token.
 *
 * @example patchToken({ sub: 'a' }, 3600, [{ op: 'add', path: '/claims/plan', value: 'gold' }])
 */
export function patchToken(
  claims: Json,
  lifetime: number,
  patches: readonly Patch[],
): { claims: Json; lifetime: number } {
  const changed: Record<string, unknown> = { ...claims }
  let seconds = lifetime
  for (const { op, path, value } of patches) {
    if (path === '/token/lifetime/expiration' && typeof value === 'number') {
      seconds = Math.min(Math.max(value, 300), 86400)
      continue
    }
    const name = /^\/claims\/(.+)$/.exec(path)?.[1]?.replaceAll('~1', '/').replaceAll('~0', '~')
    if (name === undefined || RESERVED.includes(name)) continue
    if (op === 'remove') delete changed[name]
    else changed[name] = value
  }
  return { claims: changed, lifetime: seconds }
}
