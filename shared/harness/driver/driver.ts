import type { Access } from '../../kernel/twin.ts'
import { type CommandSystem, startCommand } from './command.ts'
import { type FunctionSystem, startFunction } from './function.ts'

/** What the software under test is given: one world, and nothing of the harness. */
export interface World {
  readonly universe: string
  readonly twins: Readonly<Record<string, Access>>
  readonly env: Readonly<Record<string, string>>
  readonly vars: Readonly<Record<string, unknown>>
}

/** The software under test: a function in this process, or a command. */
export type System = FunctionSystem | CommandSystem

/** A system at work in one world. */
export interface Running {
  /** When the system ends by itself: why it failed, or `undefined`. Never rejects. */
  readonly ended: Promise<string | undefined>
  /** Ends it and all it started. May be called again, and after it has ended. */
  stop(): Promise<void>
}

/** Starts a system in a world. Every driver is one such function. */
export async function start(system: System, world: World): Promise<Running> {
  return 'run' in system ? startFunction(system, world) : startCommand(system, world)
}
