import type { Delivery, DomainEvent } from '../../shared/kernel/call.ts'
import { record, target } from './events.ts'
import type { OktaMoment } from './operations/define.ts'
import { eventDelivery, wants } from './rules/hooks.ts'
import type { Json } from './tables/document.ts'

/** Events of the system log go to the event hooks that want them. */
export function react(event: DomainEvent, moment: OktaMoment): void {
  if (event.type !== 'log') return
  const entry = event.event as Json
  const eventType = String(entry.eventType)
  // What became of a delivery is logged, and not itself delivered.
  if (eventType === 'event_hook.delivery') return
  for (const hook of moment.tables.eventHooks.all()) {
    if (wants(hook, eventType)) moment.deliver(eventDelivery(moment, hook, [entry]))
  }
}

interface DeliveryResult {
  readonly delivery: Delivery
  readonly status: number
}

/** Work that comes after: what became of a delivery. */
export const jobs = {
  /** A delivery that failed for good is in the log; one that arrived is not worth a word. */
  eventHookDelivered(moment: OktaMoment, payload: DeliveryResult): void {
    const { status, delivery } = payload
    const { hookId } = delivery.context as { hookId: string }
    const hook = moment.tables.eventHooks.get(hookId)
    if (!hook || (status >= 200 && status < 300)) return
    record(moment, 'event_hook.delivery', [target('EventHook', hook.id, String(hook.data.name))], {
      result: 'FAILURE',
      reason: status === 0 ? 'The endpoint did not answer.' : `The endpoint answered ${status}.`,
      actor: 'system',
    })
  },
}
