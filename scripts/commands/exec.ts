import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { type ProxyEnvironment, withProxy } from '../../shared/server/pointing/environment.ts'
import { up } from '../../shared/server/up.ts'
import { command, parse, UsageError } from '../cli/args.ts'
import { control, controlUrl } from '../cli/client.ts'

const USAGE = `Usage: dtu exec [options] -- <command> [arguments]

Runs a program against the twins without a change of its source: every request to a service's real host goes to a
universe, every other host is refused. Uses the process that is running, or starts one for as long as the command runs.

  --universe ID   an existing universe; default: default
  --new           a fresh universe, removed afterwards
  --fixture NAME  fixture of the fresh universe (implies --new)
  --allow HOST    let the proxy through to a host; repeatable; only when exec starts the process itself
  --no-proxy      only set URLs and credentials, no proxy and authorities
  --strict        fail when a host was refused or an unmodelled operation was called
  --url URL       where the process is`

interface View {
  id: string
  env: Record<string, string>
  calls: number
}
interface Entry {
  twin: string
  operation?: string
  path: string
  kind: string
  unmodelled?: string[]
}

export function run(args: string[]): Promise<number> {
  return command(USAGE, async () => {
    const split = args.indexOf('--')
    const { values, positionals } = parse(split < 0 ? args : args.slice(0, split), {
      universe: { type: 'string' },
      new: { type: 'boolean' },
      fixture: { type: 'string' },
      allow: { type: 'string', multiple: true },
      'no-proxy': { type: 'boolean' },
      strict: { type: 'boolean' },
      url: { type: 'string' },
    })
    if (values.help) {
      process.stdout.write(`${USAGE}\n`)
      return 0
    }
    const [program, ...programArgs] = split < 0 ? positionals : args.slice(split + 1)
    if (program === undefined) throw new UsageError('What shall run? dtu exec -- <command>')
    const { base, stop } = await serverAt(controlUrl(values.url), values.url !== undefined, values.allow ?? [])
    try {
      const fresh = values.new || values.fixture !== undefined
      const view = fresh
        ? await control<View>(base, 'POST', '/api/universes', values.fixture ? { fixture: values.fixture } : {})
        : await control<View>(base, 'GET', `/api/universes/${encodeURIComponent(values.universe ?? 'default')}`)
      const env = await environmentOf(base, view, values['no-proxy'] === true)
      const code = await runProgram(program, programArgs, env)
      const gaps = await summarise(base, view)
      if (fresh) await control(base, 'DELETE', `/api/universes/${view.id}`)
      return values.strict && gaps > 0 && code === 0 ? 1 : code
    } finally {
      await stop()
    }
  })
}

/** The process that runs, or one of our own on free ports. */
async function serverAt(url: string, named: boolean, allow: readonly string[]) {
  try {
    await fetch(`${url}/api/universes?limit=1`, { signal: AbortSignal.timeout(5000) })
    return { base: url, stop: async () => {} }
  } catch {
    if (named) throw new Error(`Nothing answers at ${url}`)
    const running = await up({ port: 0, allow })
    return { base: running.controlUrl, stop: () => running.close() }
  }
}

/** Our own environment, the universe's URLs and credentials, and unless `plain` what sends every request to it. */
async function environmentOf(base: string, view: View, plain: boolean): Promise<NodeJS.ProcessEnv> {
  const env = { ...process.env, ...view.env }
  if (plain) return env
  return withProxy(env, await control<ProxyEnvironment>(base, 'POST', `/api/universes/${view.id}/proxy`))
}

/** Runs the program with our terminal, passing on signals, and answers its exit code as a shell would. */
function runProgram(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    let child: ChildProcess | undefined
    const pass = (signal: NodeJS.Signals) => void child?.kill(signal)
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
    // Before the program starts: a signal in between would end us and leave it behind.
    for (const signal of signals) process.on(signal, pass)
    child = spawn(program, args, { stdio: 'inherit', env })
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new Error(`${program}: command not found`) : error),
    )
    child.on('exit', (code, signal) => {
      for (const name of signals) process.off(name, pass)
      resolve(code ?? 128 + constants.signals[signal as NodeJS.Signals])
    })
  })
}

/** One line on stderr: calls per twin, refused hosts, unmodelled answers. Returns how many of the latter two. */
async function summarise(base: string, view: View): Promise<number> {
  const path = `/api/universes/${encodeURIComponent(view.id)}/ledger?since=${view.calls}&limit=10000`
  const { entries } = await control<{ entries: Entry[] }>(base, 'GET', path)
  const calls = new Map<string, number>()
  const refused = new Set<string>()
  const unmodelled = new Set<string>()
  for (const entry of entries) {
    if (entry.operation === 'blocked' && entry.twin === 'proxy') refused.add(entry.path)
    else if (entry.kind === 'call') calls.set(entry.twin, (calls.get(entry.twin) ?? 0) + 1)
    for (const what of entry.unmodelled ?? []) unmodelled.add(`${entry.twin} ${what}`)
  }
  const parts = [
    calls.size ? [...calls].map(([twin, count]) => `${twin} ${count}`).join(', ') : 'no calls',
    ...(refused.size ? [`refused hosts: ${[...refused].join(', ')}`] : []),
    ...(unmodelled.size ? [`unmodelled: ${[...unmodelled].join(', ')}`] : []),
  ]
  process.stderr.write(`dtu: universe ${view.id}: ${parts.join('; ')}\n`)
  return refused.size + unmodelled.size
}
