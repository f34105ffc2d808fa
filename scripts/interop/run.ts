import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Running, up } from '../../shared/server/up.ts'
import { control } from '../cli/client.ts'
import { CLIENTS, type Client, type Mode } from './clients.ts'
import { commandOf, missing, prepare } from './languages.ts'
import { BEGIN, END, type Outcome, type Result, summary, table } from './table.ts'

/**
 * `npm run interop [-- --only js,curl] [--readme]`: runs each client's program twice, pointed by its options and unchanged
 * under `dtu exec`, each time in a universe of its own; the ledger must hold a write and a read on its twins, and no
 * refused host.
 */

const DTU = fileURLToPath(new URL('../dtu.mjs', import.meta.url))
const RESULTS = fileURLToPath(new URL('results.json', import.meta.url))
const README = fileURLToPath(new URL('../../README.md', import.meta.url))
const TIME_LIMIT = 60_000
const PARALLEL = 2

interface View {
  readonly id: string
  readonly env: Record<string, string>
  readonly twins: Record<string, Record<string, unknown>>
}
interface Entry {
  readonly kind: string
  readonly twin: string
  readonly operation?: string
  readonly path: string
  readonly status: number
  readonly changes: readonly { readonly table: string }[]
  readonly unmodelled?: readonly string[]
}

/** Runs a command; its output only matters when it fails. */
function execute(command: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  const [program = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: TIME_LIMIT })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk
      })
    }
    child.on('error', (error) => resolve({ code: 127, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 124, output }))
  })
}

async function runClient({ controlUrl }: Running, client: Client, mode: Mode): Promise<Outcome> {
  const ports = client.ownPorts === true && mode === 'url'
  const view = await control<View>(controlUrl, 'POST', '/api/universes', { ports })
  const env = {
    ...process.env,
    ...view.env,
    INTEROP: mode,
    INTEROP_ACCESS: JSON.stringify(view.twins),
  }
  const exec = [process.execPath, DTU, 'exec', '--url', controlUrl, '--universe', view.id, '--']
  const { code, output } = await execute([...(mode === 'exec' ? exec : []), ...commandOf(client)], env)
  const path = `/api/universes/${view.id}`
  const { entries } = await control<{ entries: Entry[] }>(controlUrl, 'GET', `${path}/ledger?limit=10000`)
  await control(controlUrl, 'DELETE', path)
  const problem = judge(client, code, entries)
  return problem === undefined ? { ok: true } : { ok: false, problem, output: output.slice(-2000) }
}

/** What is wrong with a run, if anything. */
function judge({ twins }: Client, code: number, entries: readonly Entry[]): string | undefined {
  if (code !== 0) return `exit code ${code}`
  const refused = entries.find(({ operation }) => operation === 'blocked')
  if (refused) return `asked for ${refused.path}`
  for (const twin of twins) {
    const good = entries.filter((entry) => entry.twin === twin && entry.kind === 'call' && entry.status < 400)
    if (!good.some(({ changes }) => changes.length > 0)) return `no write on ${twin}`
    if (!entries.some((entry) => entry.status < 400 && entry.changes.length === 0)) return 'no read'
  }
  return undefined
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, mode: { type: 'string' }, readme: { type: 'boolean' } },
  })
  const only = values.only?.split(',')
  const chosen = CLIENTS.filter(({ language, program, name }) =>
    only ? [language, program, name].some((word) => only.includes(word)) : true,
  )
  const results: Result[] = chosen.map((client) => ({
    client,
    absent: missing(client),
    url: undefined,
    exec: undefined,
  }))
  for (const language of new Set(results.filter(({ absent }) => !absent).map(({ client }) => client.language))) {
    try {
      prepare(language)
    } catch {
      for (const result of results)
        if (result.client.language === language) result.absent = 'packages from its registry'
    }
  }
  const present = results.filter(({ absent }) => absent === undefined)
  const running = await up({ port: 0 })
  const runs = present.flatMap((result) =>
    (result.client.modes ?? (['url', 'exec'] as const))
      .filter((mode) => values.mode === undefined || mode === values.mode)
      .map((mode) => ({ result, mode })),
  )
  const worker = async () => {
    for (let next = runs.shift(); next; next = runs.shift()) {
      const { result, mode } = next
      const outcome = await runClient(running, result.client, mode)
      result[mode] = outcome
      const words = `${result.client.language} ${result.client.name} (${mode})`
      process.stdout.write(
        outcome.ok ? `ok      ${words}\n` : `FAILED  ${words}: ${outcome.problem}\n${outcome.output}\n`,
      )
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))
  await running.close()
  for (const { client, absent } of results) if (absent) process.stdout.write(`absent  ${client.name}: no ${absent}\n`)
  const failed = results.filter(({ url, exec }) => [url, exec].some((outcome) => outcome?.ok === false))
  process.stdout.write(
    `\n${present.length - failed.length} of ${present.length} clients, ${results.length - present.length} absent\n`,
  )
  if (!only && values.mode === undefined) {
    writeFileSync(RESULTS, `${JSON.stringify(results.map(summary), null, 2)}\n`)
    process.stdout.write(`${table(results)}\n`)
    if (values.readme) intoReadme(table(results))
  }
  return failed.length === 0 ? 0 : 1
}

/** Puts the table between its markers in the README. */
function intoReadme(text: string): void {
  const readme = readFileSync(README, 'utf8')
  const begin = readme.indexOf(BEGIN)
  const end = readme.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`README.md has no ${BEGIN} … ${END}`)
  writeFileSync(README, `${readme.slice(0, begin)}${text}${readme.slice(end + END.length)}`)
}

process.exitCode = await main()
