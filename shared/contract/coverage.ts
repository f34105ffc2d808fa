import { type Contract, contract } from '../kernel/contract.ts'
import type { Twin } from '../kernel/twin.ts'
import { TWINS, type TwinName } from './documents.ts'
import type { ContractFolder } from './folder.ts'

/** How much of a published contract a twin covers. What our overlays added is not counted. */
export interface Coverage {
  /** Operations of the published contract. */
  readonly operations: number
  /** Operations with a handler. */
  readonly built: number
  /** Built operations that a test or a recording has reached, with replies that fit the contract. */
  readonly proven: number
}

/** The same with names, for whoever wants to know what is missing. */
export interface CoverageDetail extends Coverage {
  readonly missing: readonly string[]
  readonly unproven: readonly string[]
}

/** Set arithmetic over operation ids: the contract's, the handlers', the proven ones. */
export function cover(published: Contract, handlers: Iterable<string>, proven: Iterable<string>): CoverageDetail {
  const counted = [...published.operations.values()].filter((operation) => !operation['x-dtu-added'])
  const ids = counted.map((operation) => operation.operationId)
  const handled = new Set(handlers)
  const shown = new Set(proven)
  const built = ids.filter((id) => handled.has(id))
  const unproven = built.filter((id) => !shown.has(id))
  return {
    operations: ids.length,
    built: built.length,
    proven: built.length - unproven.length,
    missing: ids.filter((id) => !handled.has(id)),
    unproven,
  }
}

/** Operation ids a twin has handlers for. */
export function handlersOf(twin: Pick<Twin, 'operations'>): string[] {
  return twin.operations.flatMap((handlers) => Object.keys(handlers))
}

/** Coverage of every twin. A twin that `load` cannot find covers nothing. */
export async function coverage(
  folder: ContractFolder,
  load: (name: TwinName) => Promise<Pick<Twin, 'operations'> | undefined>,
): Promise<Record<TwinName, CoverageDetail>> {
  const proven = folder.proven()
  const rows = await Promise.all(
    TWINS.map(async (name) => {
      const document = folder.contract(name)
      if (!document) throw new Error(`openapi/${name}.json is missing`)
      const twin = await load(name)
      return [name, cover(contract(name, document as never), twin ? handlersOf(twin) : [], proven[name] ?? [])] as const
    }),
  )
  return Object.fromEntries(rows) as Record<TwinName, CoverageDetail>
}
