import { flushCompileCache } from 'node:module'
import { isTwinName, TWIN_NAMES } from '../../shared/server/twins.ts'
import { up } from '../../shared/server/up.ts'
import { command, integer, parse, UsageError } from '../cli/args.ts'

const USAGE = `Usage: dtu up [options]

  --port N        main port, default 4600; the twins take the next six; 0 takes free ones   (DTU_PORT)
  --host HOST     address to bind, default 127.0.0.1                                         (DTU_HOST)
  --fixture NAME  fixture of the default universe, or a path; default blank                  (DTU_FIXTURE)
  --seed N        seed of the default universe                                               (DTU_SEED)
  --data DIR      keep named universes in a folder across restarts                           (DTU_DATA)
  --allow HOST    a host webhooks may reach besides loopback; repeatable                     (DTU_ALLOW, by commas)
  --twins NAMES   start only these: okta,jira,slack,docs,drive,sheets                        (DTU_TWINS)
  --json          print one JSON line when ready`

export function run(args: string[]): Promise<number> {
  return command(USAGE, async () => {
    const { values } = parse(args, {
      port: { type: 'string' },
      host: { type: 'string' },
      fixture: { type: 'string' },
      seed: { type: 'string' },
      data: { type: 'string' },
      allow: { type: 'string', multiple: true },
      twins: { type: 'string' },
      json: { type: 'boolean' },
    })
    if (values.help) {
      process.stdout.write(`${USAGE}\n`)
      return 0
    }
    const { env } = process
    const port = integer('--port', values.port ?? env.DTU_PORT)
    const seed = integer('--seed', values.seed ?? env.DTU_SEED)
    const host = values.host ?? env.DTU_HOST
    const fixture = values.fixture ?? env.DTU_FIXTURE
    const data = values.data ?? env.DTU_DATA
    const names = (values.twins ?? env.DTU_TWINS)?.split(',').map((name) => {
      if (!isTwinName(name)) throw new UsageError(`No twin ${name}; there are ${TWIN_NAMES.join(', ')}`)
      return name
    })
    const running = await up({
      ...(port === undefined ? {} : { port }),
      ...(seed === undefined ? {} : { seed }),
      ...(host ? { host } : {}),
      ...(fixture ? { fixture } : {}),
      ...(data ? { data } : {}),
      ...(names ? { twins: names } : {}),
      allow: values.allow ?? env.DTU_ALLOW?.split(',').filter(Boolean) ?? [],
    })
    const ready = running.ready as { control: string; twins: Record<string, { url: string; authorization: string }> }
    if (values.json) process.stdout.write(`${JSON.stringify(ready)}\n`)
    else {
      const rows = Object.entries(ready.twins).map(([name, twin]) => `  ${name.padEnd(7)} ${twin.url}`)
      process.stdout.write(
        `The twins are up.\n\n${rows.join('\n')}\n  control ${ready.control}/api/universes\n\nCredentials: npm run -s dtu -- env\n`,
      )
    }
    flushCompileCache() // now, since a process that is killed leaves nothing to the next start
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    })
    await running.close()
    return 0
  })
}
