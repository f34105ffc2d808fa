import { createHash } from 'node:crypto'
import type { FaultRule } from '../universe/faults.ts'
import type { LedgerEntry } from '../universe/ledger.ts'
import type { Universe } from '../universe/universe.ts'
import type { Race } from './plan.ts'
import type { Scenario } from './scenario.ts'

const sha = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** What a scenario says, as sixteen hex digits: another digit, another story. */
export const scenarioDigest = (scenario: Scenario): string => sha(JSON.stringify(scenario))

/** What sets a run apart from others of its seed. */
interface Varied {
  readonly repetition?: number
  readonly faults?: readonly FaultRule[] | undefined
  readonly races?: readonly Race[] | undefined
}

/**
 * Names one run before it is run: the same scenario, seed, faults and build have the same name on every machine, so that
 * shards divide the work and a resumed run knows what is done.
 */
export function trajectoryId(
  scenario: Scenario,
  system: { readonly name: string; readonly build?: string | undefined },
  seed: number,
  { repetition = 0, faults, races }: Varied = {},
): string {
  return sha(
    JSON.stringify([
      scenarioDigest(scenario),
      system.name,
      system.build ?? '',
      seed,
      repetition,
      faults ?? null,
      races ?? null,
    ]),
  )
}

/**
 * What happened, as sixteen hex digits: equal for two runs of one seed unless the software, or a twin, is not
 * deterministic. Credentials and addresses are left out: they name the universe.
 */
export function ledgerDigest(universe: Universe, entries: Iterable<LedgerEntry>): string {
  const hash = createHash('sha256')
  const text = (body: string | Uint8Array | undefined) =>
    body === undefined ? '' : typeof body === 'string' ? body : Buffer.from(body).toString('latin1')
  for (const { kind, twin, operation, method, path, status, request, response } of entries) {
    const told = JSON.stringify([kind, twin, operation, method, path, status, text(request?.body), text(response)])
    hash.update(told.replaceAll(universe.id, '').replaceAll(universe.tag, ''))
  }
  return hash.digest('hex').slice(0, 16)
}
