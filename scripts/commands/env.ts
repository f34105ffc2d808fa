import { command, parse, UsageError } from '../cli/args.ts'
import { control, controlUrl } from '../cli/client.ts'

const USAGE = `Usage: dtu env [--universe ID] [--format sh|dotenv|json|powershell] [--url URL]

Prints URLs and credentials of a universe as variables for the services' SDKs.`

const FORMATS: Record<string, (env: Record<string, string>) => string> = {
  sh: (env) => lines(env, (name, value) => `export ${name}=${shellQuote(value)}`),
  dotenv: (env) => lines(env, (name, value) => `${name}=${JSON.stringify(value)}`),
  json: (env) => JSON.stringify(env, null, 2),
  powershell: (env) => lines(env, (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`),
}

const lines = (env: Record<string, string>, line: (name: string, value: string) => string) =>
  Object.entries(env)
    .map(([name, value]) => line(name, value))
    .join('\n')

const shellQuote = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`

export function run(args: string[]): Promise<number> {
  return command(USAGE, async () => {
    const { values } = parse(args, {
      universe: { type: 'string', default: 'default' },
      format: { type: 'string', default: 'sh' },
      url: { type: 'string' },
    })
    if (values.help) {
      process.stdout.write(`${USAGE}\n`)
      return 0
    }
    const format = FORMATS[values.format]
    if (!format) throw new UsageError(`--format takes ${Object.keys(FORMATS).join(', ')}, not ${values.format}`)
    const path = `/api/universes/${encodeURIComponent(values.universe)}`
    const { env } = await control<{ env: Record<string, string> }>(controlUrl(values.url), 'GET', path)
    process.stdout.write(`${format(env)}\n`)
    return 0
  })
}
