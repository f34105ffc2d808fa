import { ok } from '../../../shared/kernel/reply.ts'
import { BASE62 } from '../../../shared/universe/random.ts'
import { blank, invalid } from '../errors.ts'
import { record, target } from '../events.ts'
import { PREFIX } from '../ids.ts'
import { found, type Resource, resource } from '../resource.ts'
import { challenge, channelFrom } from '../rules/hooks.ts'
import type { Json } from '../tables/document.ts'
import { eventHookView } from '../views/hooks.ts'
import { operations } from './define.ts'

const MAX_ACTIVE = 25

const family: Resource = {
  table: (tables) => tables.eventHooks,
  prefix: PREFIX.eventHook,
  kind: 'Webhook',
  param: 'eventHookId',
  operations: {
    list: 'listEventHooks',
    create: 'createEventHook',
    get: 'getEventHook',
    replace: 'replaceEventHook',
    remove: 'deleteEventHook',
    activate: 'activateEventHook',
    deactivate: 'deactivateEventHook',
  },
  required: ['name'],
  status: (body, before) => (before ? ((body.status as string | undefined) ?? before.status) : 'ACTIVE') ?? 'ACTIVE',
  lifecycle: 'object',
  data(body, call, before) {
    const events = body.events as { type?: string; items?: string[]; filter?: unknown } | undefined
    if (!events?.items?.length) invalid('events', [blank('events')])
    const channel = channelFrom(body.channel as Json | undefined, before?.data.channel as Json | undefined)
    if (!channel) return invalid('channel', [blank('channel')])
    if (!before && call.tables.eventHooks.all().filter((hook) => hook.status === 'ACTIVE').length >= MAX_ACTIVE) {
      invalid('eventHook', ['The maximum number of active event hooks has been reached.'])
    }
    const uri = (data: Json | undefined) => ((data?.config ?? {}) as Json).uri
    const sameAddress = uri(channel) === uri(before?.data.channel as Json | undefined)
    return {
      name: body.name,
      description: body.description ?? null,
      createdBy: before?.data.createdBy ?? call.caller.userId ?? null,
      // A new address has to prove itself again.
      verificationStatus: sameAddress ? before?.data.verificationStatus : 'UNVERIFIED',
      events: { type: 'EVENT_TYPE', items: [...(events?.items ?? [])], filter: events?.filter ?? null },
      channel,
    }
  },
  guard(verb, row) {
    if (verb === 'remove' && row.status === 'ACTIVE') {
      invalid('eventHook', ['The event hook must be deactivated before it can be deleted.'])
    }
  },
  view: (row, call) => eventHookView(call, row),
  events: {
    create: 'event_hook.created',
    replace: 'event_hook.updated',
    remove: 'event_hook.deleted',
    activate: 'event_hook.activated',
    deactivate: 'event_hook.deactivated',
    target: 'EventHook',
  },
}

/** Event hooks: events of the system log pushed to an address that proved it wants them. */
export const eventHooks = {
  ...resource(family),
  ...operations({
    verifyEventHook(call) {
      const hook = found(family, call)
      const secret = call.random.text(40, BASE62)
      const { status, body, reason } = call.ask(challenge(hook, secret))
      // An address that is not to be reached from here is taken to be its owner's, as in every recorded verification.
      if (reason === 'not_allowed') call.unmodelled('asking an address that may not be reached')
      else if (status !== 200 || verification(body) !== secret) {
        invalid('eventHook', ['Event hook verification failed. The response did not contain the verification value.'])
      }
      const verified = call.tables.eventHooks.patch(hook.id, {
        data: { ...hook.data, verificationStatus: 'VERIFIED' },
        lastUpdated: call.now,
      })
      record(call, 'event_hook.verified', [target('EventHook', hook.id, String(hook.data.name))])
      return ok(eventHookView(call, verified))
    },
  }),
}

function verification(body: string): unknown {
  try {
    return (JSON.parse(body) as { verification?: unknown } | null)?.verification
  } catch {
    return undefined
  }
}
