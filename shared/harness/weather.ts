import { createHash } from 'node:crypto'
import type { FaultRule } from '../universe/faults.ts'
import { Random } from '../universe/random.ts'
import type { Scenario } from './scenario.ts'

/**
 * The faults a seed brings to a scenario: those whose chance came up. Neighbouring seeds must not have like weather, nor
 * the scenarios of one seed: a suite would then fail all at once or not at all.
 */
export function drawWeather(scenario: Pick<Scenario, 'id' | 'world'>, seed: number): FaultRule[] {
  const random = new Random(createHash('sha256').update(`weather ${scenario.id} ${seed}`).digest().readUInt32LE())
  return scenario.world.weather
    .map((one) => ({ one, strikes: random.integer(1_000_000) < one.chance * 1_000_000 }))
    .filter(({ strikes }) => strikes)
    .map(({ one }) =>
      faultAt(one.call, one.nth, one.fault === 'status' ? { kind: 'status', status: one.status } : { kind: one.fault }),
    )
}

/** A fault that strikes the nth call of an operation, once. `twin.operationId`; Google's ids begin with the twin. */
export function faultAt(call: string, nth: number, fault: FaultRule['fault']): FaultRule {
  const twin = call.slice(0, call.indexOf('.'))
  const operation = GOOGLE.has(twin) ? call : call.slice(twin.length + 1)
  const named = fault.kind === 'status' ? String(fault.status) : fault.kind
  return { name: `${named} on ${call} #${nth}`, twin, operation, after: nth - 1, times: 1, fault }
}

const GOOGLE = new Set(['docs', 'drive', 'sheets'])
