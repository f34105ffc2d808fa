import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Running, World } from './driver.ts'

/** A program of any language: one process group per trajectory. */
export interface CommandSystem {
  readonly name: string
  readonly command: readonly string[]
  readonly cwd?: string
  /** Wall time it may take, ms; default a minute. */
  readonly timeout?: number
}

export function startCommand(system: CommandSystem, world: World): Running {
  const [program, ...args] = system.command as [string, ...string[]]
  const home = mkdtempSync(join(tmpdir(), 'dtu-home-'))
  const child = spawn(program, args, {
    env: environment(home, world),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    ...(system.cwd ? { cwd: system.cwd } : {}),
  })
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    if (complaint.length < 2000) complaint += chunk
  })
  const kill = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL') // the whole group: what it started dies with it
    } catch {}
  }
  const limit = setTimeout(kill, system.timeout ?? 60_000)
  const ended = new Promise<string | undefined>((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) =>
      resolve(code === 0 ? undefined : `exit ${code ?? signal}: ${complaint.trim().split('\n').at(-1) ?? ''}`),
    )
  })
  return {
    ended,
    async stop() {
      clearTimeout(limit)
      kill()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Built from nothing: what this process knows is no business of the system's. */
function environment(home: string, { env, vars }: World): Record<string, string | undefined> {
  const { PATH } = process.env
  return { PATH, HOME: home, TZ: 'UTC', LANG: 'C.UTF-8', ...env, DTU_VARS: JSON.stringify(vars) }
}
