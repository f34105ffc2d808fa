import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Capture } from './capture.ts'
import { NotReady, type Running, type World } from './driver.ts'
import { answers } from './ready.ts'

/** A program of any language: a process group, a home and, if asked, a folder of its own in each trajectory. */
export interface CommandDriver {
  readonly command: readonly string[]
  readonly cwd?: string
  /** Work in a copy of `cwd` that is thrown away. */
  readonly copy?: boolean
  /** It is a service: it listens on `PORT`, and this path answers 2xx once it is ready. */
  readonly ready?: { readonly http: string; readonly timeout: number }
}

/** Between the polite signal and the other one, ms. */
const GRACE = 3000

export async function startCommand(driver: CommandDriver, world: World, port: number): Promise<Running> {
  const home = mkdtempSync(join(tmpdir(), 'dtu-home-'))
  const cwd = driver.copy && driver.cwd !== undefined ? copyOf(driver.cwd, join(home, 'work')) : driver.cwd
  let child: Process | undefined
  const run = () => {
    child ??= new Process(driver.command, environment(home, port, world), cwd)
    return child
  }
  const running: Running = {
    stays: driver.ready !== undefined,
    work: () => run().ended,
    async stop() {
      await child?.stop()
      rmSync(home, { recursive: true, force: true, maxRetries: 3 })
      return undefined
    },
    output: () => child?.output() ?? { stdout: '', stderr: '' },
  }
  if (driver.ready) {
    const url = `http://127.0.0.1:${port}${driver.ready.http}`
    const ended = run().ended.then((failure) => failure ?? 'it ended at once')
    const failure = await Promise.race([ended, answers(url, driver.ready.timeout)])
    if (failure !== undefined) {
      await running.stop()
      throw new NotReady(failure, running.output?.())
    }
  }
  return running
}

/** Built from nothing: what this process knows is no business of the system's. */
function environment(home: string, port: number, { env }: World): NodeJS.ProcessEnv {
  const { PATH } = process.env
  return { PATH, HOME: home, TZ: 'UTC', LANG: 'C.UTF-8', PORT: String(port), ...env }
}

/** Libraries are linked, not copied, and history stays behind. */
function copyOf(from: string, to: string): string {
  mkdirSync(to)
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !['node_modules', '.git'].includes(basename(path)),
  })
  const libraries = resolve(from, 'node_modules')
  if (existsSync(libraries)) symlinkSync(libraries, join(to, 'node_modules'))
  return to
}

/** A child at the head of its own process group. */
class Process {
  readonly ended: Promise<string | undefined>
  readonly #child: ChildProcess
  readonly #stdout = new Capture()
  readonly #stderr = new Capture()

  constructor([program, ...args]: readonly string[], env: NodeJS.ProcessEnv, cwd: string | undefined) {
    const child = spawn(program as string, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...(cwd === undefined ? {} : { cwd }),
    })
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => this.#stdout.add(chunk))
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => this.#stderr.add(chunk))
    this.#child = child
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message))
      // `close` waits for whatever the program left running with its output open: that is no reason to go on.
      child.once('exit', () => setTimeout(() => resolve(this.#failure()), FLUSH).unref())
      child.once('close', () => resolve(this.#failure()))
    })
  }

  output() {
    return { stdout: this.#stdout.text, stderr: this.#stderr.text }
  }

  /** The whole group: what the program started ends with it. */
  async stop(): Promise<void> {
    if (!this.#signal('SIGTERM')) return
    const patience = performance.now() + GRACE
    while (this.#signal(0) && performance.now() < patience) await wait(10)
    this.#signal('SIGKILL')
    await this.ended
  }

  /** Whether anything of the group was there to hear it. */
  #signal(signal: NodeJS.Signals | 0): boolean {
    try {
      return this.#child.pid !== undefined && process.kill(-this.#child.pid, signal)
    } catch {
      return false
    }
  }

  #failure(): string | undefined {
    const { exitCode, signalCode } = this.#child
    if (exitCode === 0) return undefined
    return `exit ${exitCode ?? signalCode}: ${this.#stderr.lastLine}`
  }
}

/** For what was written just before the end to arrive, ms. */
const FLUSH = 100
