import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { makeCopy } from '../warm/make.ts'
import { median } from './http.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** From the command to the first answered call, with what earlier starts leave behind: compiled code, and the copy. */
export async function startUp(): Promise<[string, string][]> {
  await makeCopy()
  const rows: [string, string][] = []
  for (const [name, command, args] of [
    ['node scripts/dtu.mjs up', process.execPath, ['scripts/dtu.mjs', 'up']],
    ['npm start', 'npm', ['start', '-s', '--']],
  ] as const) {
    await once(command, args, 3000)
    const rounds: number[] = []
    for (let round = 0; round < 5; round++) rounds.push(await once(command, args))
    rows.push([`start to first answer of six twins: ${name}`, `${median(rounds).toFixed(0)} ms`])
  }
  return rows
}

/** ms to the first answer. The process is then left alone for `linger` ms, in which it keeps what it compiled. */
async function once(command: string, args: readonly string[], linger = 0): Promise<number> {
  const port = await freePorts()
  const started = performance.now()
  const child = spawn(command, [...args, '--port', String(port)], { cwd: ROOT, stdio: 'ignore', detached: true })
  try {
    for (;;) {
      try {
        const reply = await fetch(`http://127.0.0.1:${port}/slack/api/api.test`, { signal: AbortSignal.timeout(1000) })
        await reply.text()
        return performance.now() - started
      } catch {
        if (performance.now() - started > 20_000) throw new Error(`${command} did not answer in 20 s`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
  } finally {
    await new Promise((resolve) => setTimeout(resolve, linger))
    if (child.pid) process.kill(-child.pid, 'SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
  }
}

/** The first of a run of free ports, found by asking for one. */
function freePorts(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      // Below the range the system hands out, so that the twins' six ports after it are free too.
      probe.close(() => resolve(20_000 + (port % 8000)))
    })
  })
}
