import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type CoverageDetail, coverage } from '../../shared/contract/coverage.ts'
import { TWINS, type TwinName } from '../../shared/contract/documents.ts'
import { ContractFolder } from '../../shared/contract/folder.ts'
import type { Twin } from '../../shared/kernel/twin.ts'
import { loadTwins } from '../../shared/server/twins.ts'

const USAGE = `dtu coverage [<twin>…] [--json] [--missing] [--unproven]

operations: in the published contract   built: with a handler
proven: reached by a test or a recording whose replies fit the contract
--missing, --unproven: name the operations
`

/** `dtu coverage`: how much of each published contract is served. */
export async function run(args: string[]): Promise<number> {
  const options = {
    json: { type: 'boolean' },
    missing: { type: 'boolean' },
    unproven: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>
  try {
    parsed = parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    process.stderr.write(`dtu coverage: ${error instanceof Error ? error.message : error}\n`)
    return 2
  }
  const { values, positionals } = parsed
  if (values.help) {
    process.stdout.write(USAGE)
    return 0
  }
  const unknown = positionals.find((name) => !(TWINS as readonly string[]).includes(name))
  if (unknown !== undefined) {
    process.stderr.write(`dtu coverage: there is no twin "${unknown}"; there are ${TWINS.join(', ')}\n`)
    return 2
  }
  const all = await coverage(new ContractFolder(), loadTwin)
  const wanted = TWINS.filter((name) => positionals.length === 0 || positionals.includes(name))
  const rows = wanted.map((name) => [name, all[name]] as const)
  if (values.json) {
    const twins = Object.fromEntries(
      rows.map(([name, row]) => [name, { ...counts(row), ...named(row, values.missing, values.unproven) }]),
    )
    process.stdout.write(`${JSON.stringify({ twins })}\n`)
    return 0
  }
  process.stdout.write(table(rows))
  for (const [name, row] of rows) {
    if (values.missing) for (const id of row.missing) process.stdout.write(`missing   ${name}  ${id}\n`)
    if (values.unproven) for (const id of row.unproven) process.stdout.write(`unproven  ${name}  ${id}\n`)
  }
  return 0
}

function counts({ operations, built, proven }: CoverageDetail): object {
  return { operations, built, proven }
}

function named(row: CoverageDetail, missing = false, unproven = false): object {
  return { ...(missing ? { missing: row.missing } : {}), ...(unproven ? { unproven: row.unproven } : {}) }
}

function table(rows: readonly (readonly [string, CoverageDetail])[]): string {
  const lines = rows.map(([name, row]) => [name, row.operations, row.built, row.proven])
  const sum = (pick: (row: CoverageDetail) => number) => rows.reduce((total, [, row]) => total + pick(row), 0)
  if (rows.length > 1)
    lines.push(['all', sum((row) => row.operations), sum((row) => row.built), sum((row) => row.proven)])
  return [['twin', 'operations', 'built', 'proven'], ...lines]
    .map(([name, ...cells]) => `${String(name).padEnd(8)}${cells.map((cell) => String(cell).padStart(12)).join('')}\n`)
    .join('')
}

/** A twin whose folder has no assembly yet covers nothing; one that does not load is an error worth seeing. */
async function loadTwin(name: TwinName): Promise<Twin | undefined> {
  if (!existsSync(new URL(`../../twins/${name}/twin.ts`, import.meta.url))) return undefined
  return (await loadTwins([name]))[0]
}
