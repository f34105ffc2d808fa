import type { Fault, FaultRule } from '../universe/faults.ts'
import { faultAt } from './weather.ts'

/** What is tried on every call, in the order of the matrix's columns. A 429 asks for no wait: that is not what is tested. */
const CALL_FAULTS = {
  '500': { kind: 'status', status: 500 },
  '429': { kind: 'status', status: 429, retryAfter: 0 },
  'lost-reply': { kind: 'lost-reply' },
  dropped: { kind: 'dropped' },
} as const satisfies Record<string, Fault>

/** What is tried on every delivery. A late one comes after whatever else is sent within the minute. */
const EVENT_FAULTS = {
  'duplicate-event': { kind: 'duplicate' },
  'late-event': { kind: 'late', milliseconds: 60_000 },
} as const satisfies Record<string, Fault>

/** Changes of order. `held`: a call is carried out after the next one; `after-act-2`: after the second act of the script. */
const HELD = 'held'
const AFTER_ACT = /^after-act-([1-9]\d*)$/

export const CALL_FAULT_NAMES = Object.keys(CALL_FAULTS)
export const EVENT_FAULT_NAMES = Object.keys(EVENT_FAULTS)
export const RACE_NAMES = [HELD, 'after-act']

/** One thing that goes otherwise, written `jira.createIssue#1:lost-reply`: at the nth such call or delivery. */
export interface Point {
  readonly call: string
  readonly nth: number
  readonly what: string
}

export const pointText = ({ call, nth, what }: Point) => `${call}#${nth}:${what}`
export const planText = (plan: readonly Point[]) => plan.map(pointText).join(',')

/** Reads what {@link pointText} writes; `undefined` for anything else. */
export function pointFrom(text: string): Point | undefined {
  const [, call, nth, what] = /^([a-z]+\..+)#([1-9]\d*):(.+)$/.exec(text.trim()) ?? []
  if (call === undefined || what === undefined) return undefined
  const known = what in CALL_FAULTS || what in EVENT_FAULTS || what === HELD || AFTER_ACT.test(what)
  return known ? { call, nth: Number(nth), what } : undefined
}

/** Reads what {@link planText} writes. @throws RangeError naming the part that is none */
export function planFrom(text: string): Point[] {
  return text.split(',').map((part) => {
    const point = pointFrom(part)
    if (!point) throw new RangeError(`${JSON.stringify(part)} is no fault: jira.createIssue#1:lost-reply`)
    return point
  })
}

/** The column of the matrix a point stands in. */
export const columnOf = ({ what }: Point) => (AFTER_ACT.test(what) ? 'after-act' : what)

/** A race: a call that waits, or before which a person acts. */
export interface Race {
  readonly call: string
  readonly nth: number
  /** Position of a step of the scenario that is played first; without one the call waits for the next. */
  readonly step?: number
}

/** A plan as what the twins do (faults) and what the harness does (races). */
export function rulesOf(plan: readonly Point[]): { faults: FaultRule[]; races: Race[] } {
  const faults: FaultRule[] = []
  const races: Race[] = []
  for (const { call, nth, what } of plan) {
    const act = AFTER_ACT.exec(what)?.[1]
    if (act !== undefined) races.push({ call, nth, step: Number(act) - 1 })
    else if (what === HELD) races.push({ call, nth })
    else if (what in EVENT_FAULTS) faults.push(eventFaultAt(call, nth, EVENT_FAULTS[what as keyof typeof EVENT_FAULTS]))
    else faults.push(faultAt(call, nth, CALL_FAULTS[what as keyof typeof CALL_FAULTS]))
  }
  return { faults, races }
}

/** A fault of the nth delivery of a kind, once: `slack.event`. */
function eventFaultAt(event: string, nth: number, fault: Fault): FaultRule {
  const dot = event.indexOf('.')
  const operation = `event:${event.slice(dot + 1)}`
  return {
    name: `${fault.kind} of ${event} #${nth}`,
    twin: event.slice(0, dot),
    operation,
    after: nth - 1,
    times: 1,
    fault,
  }
}
