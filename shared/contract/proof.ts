import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Contract, Operation } from '../kernel/contract.ts'
import type { Multiverse } from '../server/multiverse.ts'
import { matches } from './matches.ts'

/** Where proof is collected while tests or recordings run; set by `npm run prove`. */
export const PROOF_FOLDER = process.env.DTU_PROOF

/**
 * Collects which operations answered a call with a success that fits the contract, and which did not fit, from the
 * replies of a process. An operation is proven by one fitting success and disproven by any that does not fit.
 */
export class Proof {
  readonly #contracts: ReadonlyMap<string, Contract>
  readonly #fits = new Set<string>()
  readonly #misfits = new Map<string, string>()

  constructor(contracts: ReadonlyMap<string, Contract>) {
    this.#contracts = contracts
  }

  observe(twin: string, operation: Operation, status: number, body: unknown): void {
    const contract = this.#contracts.get(twin)
    if (!contract || status >= 400 || (body as { ok?: unknown } | null | undefined)?.ok === false) return
    const key = `${twin} ${operation.operationId}`
    if (this.#misfits.has(key)) return
    // Through JSON: what goes over the wire has no undefined members.
    const sent = body instanceof Uint8Array || body === undefined ? undefined : JSON.parse(JSON.stringify(body))
    const [mismatch] = matches(contract, operation.operationId, status, sent)
    if (mismatch) this.#misfits.set(key, `${status} ${mismatch.at} ${mismatch.message}`)
    else this.#fits.add(key)
  }

  /** Writes what was seen into the proof folder, under a name of its own. */
  save(folder: string): void {
    mkdirSync(folder, { recursive: true })
    const file = `${process.pid}-${Date.now()}-${this.#fits.size}.json`
    writeFileSync(join(folder, file), JSON.stringify({ fits: [...this.#fits], misfits: [...this.#misfits] }))
  }
}

/** Checks every reply against its contract, when `npm run prove` asks for it. */
export function prove(multiverse: Pick<Multiverse, 'apps' | 'observe'>): Proof | undefined {
  if (!PROOF_FOLDER) return undefined
  const proof = new Proof(new Map([...multiverse.apps].map(([name, { contract }]) => [name, contract])))
  multiverse.observe = (...reply) => proof.observe(...reply)
  return proof
}

/** Everything a proof folder holds: proven operations by twin, and why others are not. */
export function readProof(folder: string): { proven: Record<string, string[]>; misfits: Record<string, string> } {
  const fits = new Set<string>()
  const misfits: Record<string, string> = {}
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const seen = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { fits: string[]; misfits: [string, string][] }
    for (const key of seen.fits) fits.add(key)
    for (const [key, why] of seen.misfits) misfits[key] = why
  }
  const proven: Record<string, string[]> = {}
  for (const key of [...fits].sort()) {
    if (key in misfits) continue
    const [twin, operation] = key.split(' ') as [string, string]
    proven[twin] ??= []
    proven[twin].push(operation)
  }
  return { proven, misfits }
}
