import { command, integer, parse, UsageError } from '../cli/args.ts'
import { control, controlUrl } from '../cli/client.ts'

const USAGE = `Usage: dtu universe <action> [ID] [options]

  create [ID] [--fixture NAME] [--seed N] [--ports]   make a universe
  list                                                 the universes of the running process
  fork ID [--as NEW] [--at SEQ]                        a copy that goes on by itself, from now or from a ledger entry
  reset ID                                             back to its beginning
  delete ID
  diff ID [--base OTHER]                               rows that differ from its beginning, or from another universe
  ledger ID [--since SEQ] [--limit N]                  what happened

  --json   the control API's reply as it is
  --url    where the process is (DTU_URL; default the port of DTU_PORT on this machine)`

interface View {
  id: string
  from: string
  calls: number
  twins?: Record<string, { url: string }>
}
interface Change {
  table: string
  id: string
  before?: object
  after?: object
}
interface Entry {
  seq: number
  at: string
  twin: string
  method: string
  path: string
  status: number
  changes: Change[]
  crash?: string
}

const describe = (view: View) =>
  [
    `${view.id}  from ${view.from}, ${view.calls} calls`,
    ...Object.entries(view.twins ?? {}).map(([name, { url }]) => `  ${name.padEnd(7)} ${url}`),
  ].join('\n')

const describeChange = ({ table, id, before, after }: Change) => `${before ? (after ? '~' : '-') : '+'} ${table} ${id}`

const describeEntry = (entry: Entry) =>
  [
    `${String(entry.seq).padStart(5)} ${entry.at} ${entry.twin.padEnd(6)} ${entry.status} ${entry.method} ${entry.path}`,
    ...entry.changes.map((change) => `        ${describeChange(change)}`),
    ...(entry.crash ? [`        ! ${entry.crash.split('\n')[0]}`] : []),
  ].join('\n')

export function run(args: string[]): Promise<number> {
  return command(USAGE, async () => {
    const { values, positionals } = parse(args, {
      fixture: { type: 'string' },
      seed: { type: 'string' },
      ports: { type: 'boolean' },
      as: { type: 'string' },
      at: { type: 'string' },
      base: { type: 'string' },
      since: { type: 'string' },
      limit: { type: 'string' },
      json: { type: 'boolean' },
      url: { type: 'string' },
    })
    const [action, id] = positionals
    if (values.help || action === undefined) {
      process.stdout.write(`${USAGE}\n`)
      return values.help ? 0 : 2
    }
    const call = <T>(method: string, path: string, body?: unknown) =>
      control<T>(controlUrl(values.url), method, path, body)
    const print = <T>(reply: T, describe: (reply: T) => string) =>
      void process.stdout.write(`${values.json ? JSON.stringify(reply) : describe(reply)}\n`)
    const named = () => {
      if (id === undefined) throw new UsageError(`universe ${action} needs an id`)
      return `/api/universes/${encodeURIComponent(id)}`
    }
    const whole = (name: string, text: string | undefined) => {
      const number = integer(name, text)
      return number === undefined ? {} : { [name.slice(2)]: number }
    }
    const actions: Record<string, () => Promise<void>> = {
      async create() {
        const body = {
          ...(id === undefined ? {} : { id }),
          ...(values.fixture === undefined ? {} : { fixture: values.fixture }),
          ...(values.ports ? { ports: true } : {}),
          ...whole('--seed', values.seed),
        }
        print(await call<View>('POST', '/api/universes', body), describe)
      },
      async list() {
        const reply = await call<{ universes: View[] }>('GET', '/api/universes?limit=10000')
        print(reply, ({ universes }) => universes.map(describe).join('\n') || 'none')
      },
      async fork() {
        const body = { ...(values.as === undefined ? {} : { id: values.as }), ...whole('--at', values.at) }
        print(await call<View>('POST', `${named()}/fork`, body), describe)
      },
      reset: async () => print(await call<View>('POST', `${named()}/reset`, {}), describe),
      async delete() {
        await call('DELETE', named())
        print({ deleted: id }, () => `${id} is gone`)
      },
      async diff() {
        const base = values.base === undefined ? '' : `?base=${encodeURIComponent(values.base)}`
        const reply = await call<{ changes: Change[] }>('GET', `${named()}/diff${base}`)
        print(reply, ({ changes }) => changes.map(describeChange).join('\n') || 'no difference')
      },
      async ledger() {
        const query = new URLSearchParams()
        for (const name of ['since', 'limit'] as const) {
          const value = values[name]
          if (value !== undefined) query.set(name, value)
        }
        const reply = await call<{ entries: Entry[] }>('GET', `${named()}/ledger?${query}`)
        print(reply, ({ entries }) => entries.map(describeEntry).join('\n') || 'nothing yet')
      },
    }
    const work = actions[action]
    if (!work) throw new UsageError(`universe has no action ${action}`)
    await work()
    return 0
  })
}
