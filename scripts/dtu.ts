#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { warmCopy } from './warm/copy.ts'

// For the built package, whose command this is; in the sources it is dtu.mjs, which has done so already.
enableCompileCache()

const COMMANDS: Record<string, { summary: string; load: () => Promise<{ run(args: string[]): Promise<number> }> }> = {
  up: { summary: 'start the twins', load: () => import(warmCopy() ?? './commands/up.ts') },
  env: { summary: "print a universe's URLs and credentials as variables", load: () => import('./commands/env.ts') },
  universe: {
    summary: 'create, list, fork, reset, delete, diff, ledger',
    load: () => import('./commands/universe.ts'),
  },
  exec: { summary: 'run a program against the twins, its source unchanged', load: () => import('./commands/exec.ts') },
  ca: { summary: 'where the certificate authority is, and how to trust it', load: () => import('./commands/ca.ts') },
  scenario: { summary: 'check and run end-to-end user stories', load: () => import('./commands/scenario.ts') },
  coverage: { summary: 'operations built and proven, per twin', load: () => import('./commands/coverage.ts') },
  contract: { summary: 'pull, build and diff contracts', load: () => import('./commands/contract.ts') },
}

/** `dtu <command> …`: exit code 0 when done, 1 when refused, 2 when the words are off. */
async function main([name, ...args]: string[]): Promise<number> {
  const command = name === undefined ? undefined : COMMANDS[name]
  if (command) return (await command.load()).run(args)
  const help = name === undefined || name === 'help' || name === '--help' || name === '-h'
  const lines = [
    ...(help ? [] : [`dtu: no command ${name}`, '']),
    'Usage: dtu <command> [options]     (dtu <command> --help says more)',
    '',
    ...Object.entries(COMMANDS).map(([command, { summary }]) => `  ${command.padEnd(10)} ${summary}`),
  ]
  ;(help ? process.stdout : process.stderr).write(`${lines.join('\n')}\n`)
  return help ? 0 : 2
}

process.exitCode = await main(process.argv.slice(2))
