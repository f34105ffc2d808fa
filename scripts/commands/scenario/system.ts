import { dirname, resolve } from 'node:path'
import type { System } from '../../../shared/harness/driver/driver.ts'
import { functionIn, loadSystem } from '../../../shared/harness/sut.ts'
import type { Multiverse } from '../../../shared/server/multiverse.ts'
import { UsageError } from '../../cli/args.ts'

/** Words that name what is under test. */
export interface SystemWords {
  readonly system?: string | undefined
  readonly function?: string | undefined
  /** What stands behind `--`. */
  readonly command: readonly string[]
}

export const SYSTEM_OPTIONS = { system: { type: 'string' }, function: { type: 'string' } } as const

export const SYSTEM_USAGE = `  --system FILE      what is under test, and how it is started: shared/harness/README.md
  --function MODULE  a module whose default export is \`async (world) => …\`
  -- <command>       any program; addresses and credentials are in its environment`

export async function systemOf(multiverse: Multiverse, words: SystemWords): Promise<System> {
  const { system, function: module, command } = words
  const given = [system, module, command[0]].filter((one) => one !== undefined)
  if (given.length !== 1) throw new UsageError('What is under test? --system FILE, --function MODULE, or -- <command>')
  if (system !== undefined) return loadSystem(system, multiverse)
  if (module !== undefined) return { name: module, run: await functionIn(resolve(module), module) }
  return { name: command.join(' '), command }
}

/** The folder the software lies in: no holdout may lie there, too. */
export function rootOf({ system, function: module }: SystemWords): string {
  const file = system ?? module
  return file === undefined ? process.cwd() : dirname(resolve(file))
}

/** The same words for a line that shows a run again; they come last. */
export function wordsText({ system, function: module, command }: SystemWords): string[] {
  if (system !== undefined) return ['--system', system]
  if (module !== undefined) return ['--function', module]
  return ['--', ...command]
}
