import type { Operations } from '../../../openapi/types/okta.ts'
import type { Handler, Handlers } from '../../../shared/kernel/call.ts'
import { ok } from '../../../shared/kernel/reply.ts'
import type { Caller } from '../caller.ts'
import { objectBody } from '../resource.ts'
import type { Document, Json } from '../tables/document.ts'
import type { tables } from '../tables.ts'
import type { OktaCall } from './define.ts'

/** An object of which an org has one. */
export interface Singleton {
  readonly name: string
  readonly initial: Json
  readonly get: Extract<keyof Operations, string>
  readonly replace: Extract<keyof Operations, string>
  /** What is sent takes the place of all (default), or of what it names. */
  readonly merges?: boolean
  readonly check?: (body: Json, call: OktaCall) => void
  readonly view?: (data: Json, call: OktaCall, row: Document | undefined) => unknown
  readonly event?: (call: OktaCall) => void
}

/** The stored state of a singleton, or what it is at first. */
export const settingOf = (
  call: Pick<OktaCall, 'tables'>,
  { name, initial }: Pick<Singleton, 'name' | 'initial'>,
): Json => call.tables.settings.get(name)?.data ?? initial

/** Declares the two operations of a singleton. */
export function singleton(declaration: Singleton): Handlers<Operations, typeof tables, Caller> {
  const { name, initial, get, replace, merges, check, view, event } = declaration
  const shown = (call: OktaCall) => {
    const row = call.tables.settings.get(name)
    const data = row?.data ?? initial
    return ok(view ? view(data, call, row) : data)
  }
  const handlers: Record<string, Handler> = {
    [get]: shown as unknown as Handler, // the call's types are those of any operation
    [replace]: ((call: OktaCall) => {
      const body = objectBody(call as { body: unknown })
      check?.(body, call)
      const before = call.tables.settings.get(name)
      call.tables.settings.put({
        id: name,
        created: before?.created ?? call.now,
        lastUpdated: call.now,
        data: { ...(merges ? (before?.data ?? initial) : initial), ...body },
      })
      event?.(call)
      return shown(call)
    }) as unknown as Handler,
  }
  return handlers as Handlers<Operations, typeof tables, Caller>
}
