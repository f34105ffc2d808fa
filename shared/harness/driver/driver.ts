import type { Access } from '../../kernel/twin.ts'
import { type CommandDriver, startCommand } from './command.ts'
import { type FunctionDriver, startFunction } from './function.ts'
import { type HttpDriver, startHttp } from './http.ts'

/** What the software under test is given: one world, and nothing of the harness. */
export interface World {
  readonly universe: string
  readonly twins: Readonly<Record<string, Access>>
  readonly env: Readonly<Record<string, string>>
  readonly vars: Readonly<Record<string, unknown>>
}

/** What one trajectory of a system may take; what is over is stopped and not satisfied. */
export interface Budget {
  /** Wall time, ms; default a minute. */
  readonly wall?: number
  /** Calls to the twins. */
  readonly calls?: number
  /** Tokens of its own models, as the gateway counts them. */
  readonly tokens?: number
}

/** What is known of a system, whichever way it is started. */
export interface SystemFacts {
  readonly name: string
  /** Which state of it this is: a commit, a version. */
  readonly build?: string
  /** Its environment, with `${slack.token}`, `${port}`, `${env.NAME}`; without it, the variables of all twins. */
  readonly env?: Readonly<Record<string, string>>
  /** What its operators set in the services before it works: acts of the twins, with the same references. */
  readonly setup?: readonly { readonly act: string; readonly with: Readonly<Record<string, unknown>> }[]
  readonly budget?: Budget
  /** Wall time without a call after which it is taken to wait, ms; default a second. */
  readonly idle?: number
  /** Send it to the twins by the services' real hosts, through a proxy that refuses all others. */
  readonly proxy?: boolean
  /** Count what its models use: its `ANTHROPIC_BASE_URL` is a gateway to the one it was given. */
  readonly gateway?: boolean
  /** Family of its models, so that a judge of another one can be chosen. */
  readonly modelFamily?: 'claude' | 'other'
}

/** The software under test. */
export type System = SystemFacts & (FunctionDriver | CommandDriver | HttpDriver)

/** It is a process of its own, which can be reached. */
export const lives = (system: System): boolean => !('run' in system)

/** What a system wrote, without credentials. */
export interface Output {
  readonly stdout: string
  readonly stderr: string
}

/** A system in one world. */
export interface Running {
  /** It waits for events and does not end by itself. */
  readonly stays: boolean
  /** Lets it work, after people have begun to act. Resolves when it has ended: why it failed, or `undefined`. */
  work(): Promise<string | undefined>
  /** Ends it and all it started; may be called again. Resolves with why it did not want to, or `undefined`. */
  stop(): Promise<string | undefined>
  output?(): Output
}

/** A system that did not come up. */
export class NotReady extends Error {
  readonly output: Output | undefined
  constructor(message: string, output?: Output) {
    super(message)
    this.output = output
  }
}

/** Brings a system up in a world. Every driver is one such function. */
export async function start(system: System, world: World, port: number): Promise<Running> {
  if ('run' in system) return startFunction(system, world)
  if ('http' in system) return startHttp(system, world, port)
  return startCommand(system, world, port)
}
