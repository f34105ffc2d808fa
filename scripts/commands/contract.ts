import { parseArgs } from 'node:util'
import { diffContracts } from '../../shared/contract/diff.ts'
import { TWINS, type TwinName } from '../../shared/contract/documents.ts'
import { ContractFolder } from '../../shared/contract/folder.ts'
import { operationsOf } from '../../shared/contract/operations.ts'
import { build, keep, readUpstream } from '../../shared/contract/pull.ts'
import { InputError } from '../../shared/contract/read.ts'

const USAGE = `dtu contract pull  <twin> [--from <file, folder or URL>]…   normalise upstream documents, build contract and types
dtu contract build <twin>… | --all                       apply the overlay again, without upstream documents
dtu contract diff  <twin> [--from <file, folder or URL>]… [--json] [--check]   operations added, removed, changed

twins: ${TWINS.join(', ')}
`

/** `dtu contract …`: 0 when done, 1 when `--check` found differences, 2 when the input was wrong. */
export async function run(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        from: { type: 'string', multiple: true, default: [] },
        folder: { type: 'string' },
        all: { type: 'boolean' },
        json: { type: 'boolean' },
        check: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const [verb, ...names] = positionals
    if (values.help || verb === undefined) {
      process.stdout.write(USAGE)
      return values.help ? 0 : 2
    }
    const folder = new ContractFolder(values.folder)
    switch (verb) {
      case 'pull':
        await pull(folder, onlyOne(names), values.from)
        return 0
      case 'build':
        for (const twin of values.all ? TWINS : names.map(twinNamed)) report(folder, twin)
        if (!values.all && names.length === 0) throw new InputError('which twin? Name it, or say --all')
        return 0
      case 'diff':
        return (await diff(folder, onlyOne(names), values.from, values.json ?? false)) && values.check ? 1 : 0
      default:
        throw new InputError(`there is no "contract ${verb}"\n\n${USAGE}`)
    }
  } catch (error) {
    if (!(error instanceof InputError) && !isUsage(error)) throw error
    process.stderr.write(`dtu contract: ${error instanceof Error ? error.message : error}\n`)
    return 2
  }
}

async function pull(folder: ContractFolder, twin: TwinName, from: readonly string[]): Promise<void> {
  const pulled = await readUpstream(twin, from)
  keep(folder, pulled, new Date().toISOString().slice(0, 10))
  for (const { upstream, document } of pulled) {
    process.stdout.write(`${upstream.name}: ${operationsOf(document).size} operations\n`)
  }
  report(folder, twin)
}

function report(folder: ContractFolder, twin: TwinName): void {
  const operations = [...operationsOf(build(folder, twin)).values()]
  const added = operations.filter(({ operation }) => operation['x-dtu-added'] === true).length
  const more = added === 0 ? '' : ` and ${added} of our own`
  process.stdout.write(`openapi/${twin}.json: ${operations.length - added} operations${more}\n`)
}

/** Each given document against the one we hold; documents that were not given are not compared. */
async function diff(folder: ContractFolder, twin: TwinName, from: readonly string[], json: boolean): Promise<boolean> {
  const pulled = await readUpstream(twin, from)
  const found = pulled.map(({ upstream, document }) => {
    const held = folder.base(upstream.name)
    if (!held) throw new InputError(`openapi/base/${upstream.name}.json is missing: pull it first`)
    return { document: upstream.name, ...diffContracts(held, document) }
  })
  if (json) process.stdout.write(`${JSON.stringify({ twin, documents: found })}\n`)
  for (const { document, added, removed, changed } of json ? [] : found) {
    const lines = [
      ...added.map((one) => `+ ${one.operation}  ${one.method.toUpperCase()} ${one.path}`),
      ...removed.map((one) => `- ${one.operation}  ${one.method.toUpperCase()} ${one.path}`),
      ...changed.map((one) => `~ ${one.operation}  ${one.method.toUpperCase()} ${one.path}  (${one.parts.join(', ')})`),
      `${document}: ${added.length} added, ${removed.length} removed, ${changed.length} changed`,
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
  }
  return found.some((one) => one.added.length + one.removed.length + one.changed.length > 0)
}

function onlyOne(names: readonly string[]): TwinName {
  const [name, ...more] = names
  if (name === undefined || more.length > 0) throw new InputError(`name one twin: ${TWINS.join(', ')}`)
  return twinNamed(name)
}

function twinNamed(name: string): TwinName {
  const twin = TWINS.find((one) => one === name)
  if (!twin) throw new InputError(`there is no twin "${name}"; there are ${TWINS.join(', ')}`)
  return twin
}

function isUsage(error: unknown): boolean {
  return error instanceof TypeError && String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS')
}
