import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ContractFolder } from '../shared/contract/folder.ts'
import { readProof } from '../shared/contract/proof.ts'

/**
 * `npm run prove [-- --with FOLDER …]`: runs the tests with every reply checked against its contract and writes
 * `openapi/proven.json`. `--with` adds proof that servers started with DTU_PROOF=FOLDER left there, after recordings or
 * clients' own suites were run against them.
 */
const { values } = parseArgs({ options: { with: { type: 'string', multiple: true }, verbose: { type: 'boolean' } } })
const folder = mkdtempSync(join(tmpdir(), 'dtu-proof-'))
const tests = spawnSync('npx', ['vitest', 'run'], { stdio: 'inherit', env: { ...process.env, DTU_PROOF: folder } })
const parts = [folder, ...(values.with ?? [])].map(readProof)
rmSync(folder, { recursive: true })

const misfits: Record<string, string> = Object.assign({}, ...parts.map((part) => part.misfits))
const proven: Record<string, string[]> = {}
for (const part of parts) {
  for (const [twin, operations] of Object.entries(part.proven)) {
    const fitting = operations.filter((operation) => !(`${twin} ${operation}` in misfits))
    proven[twin] = [...new Set([...(proven[twin] ?? []), ...fitting])].sort()
  }
}
const lines = Object.keys(proven)
  .sort()
  .map((twin) => `  ${JSON.stringify(twin)}: ${JSON.stringify(proven[twin])}`)
new ContractFolder().write('proven.json', `{\n${lines.join(',\n')}\n}\n`)
for (const [twin, operations] of Object.entries(proven)) process.stdout.write(`${twin}: ${operations.length} proven\n`)
if (values.verbose)
  for (const [key, why] of Object.entries(misfits)) process.stdout.write(`does not fit: ${key}: ${why}\n`)
process.exitCode = tests.status ?? 1
