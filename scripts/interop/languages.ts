import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client, Language } from './clients.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const STATE = fileURLToPath(new URL('../../.dtu/', import.meta.url))

interface Runtime {
  /** Programs of the machine it needs. */
  readonly needs: readonly string[]
  /** Fetches clients and builds programs, once; said in a line before. */
  readonly prepare?: () => void
  readonly command: (program: string) => readonly string[]
}

const PYTHON = join(STATE, 'interop-python', 'bin', 'python')
const GO = join(STATE, 'interop-go')

const run = (command: string, args: readonly string[], cwd: string) =>
  execFileSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })

const RUNTIMES: Readonly<Record<Language, Runtime>> = {
  js: {
    needs: ['node', 'npm'],
    prepare() {
      const folder = join(HERE, 'js')
      if (!existsSync(join(folder, 'node_modules'))) run('npm', ['ci', '--no-audit', '--no-fund'], folder)
    },
    command: (program) => [process.execPath, join(HERE, 'js', `${program}.mjs`)],
  },
  python: {
    needs: ['python3'],
    prepare() {
      if (existsSync(PYTHON)) return
      mkdirSync(STATE, { recursive: true })
      run('python3', ['-m', 'venv', join(STATE, 'interop-python')], HERE)
      run(PYTHON, ['-m', 'pip', 'install', '-q', '-r', join(HERE, 'python', 'requirements.txt')], HERE)
    },
    command: (program) => [PYTHON, join(HERE, 'python', `${program}.py`)],
  },
  go: {
    needs: ['go'],
    prepare() {
      mkdirSync(GO, { recursive: true })
      run('go', ['build', '-o', `${GO}/`, './...'], join(HERE, 'go'))
    },
    command: (program) => [join(GO, program)],
  },
  java: { needs: ['java'], command: (program) => ['java', join(HERE, 'java', `${program}.java`)] },
  shell: { needs: ['sh'], command: (program) => ['sh', join(HERE, 'shell', `${program}.sh`)] },
}

const onPath = (program: string) => spawnSync('which', [program], { stdio: 'ignore' }).status === 0

/** What the machine lacks to run a client; `undefined` when nothing. */
export function missing({ language, program }: Client): string | undefined {
  const needs = [...RUNTIMES[language].needs, ...(language === 'shell' ? [program] : [])]
  return needs.find((need) => !onPath(need))
}

/** Makes a language's clients ready. */
export const prepare = (language: Language): void => RUNTIMES[language].prepare?.()

/** The command line of a client's program. */
export const commandOf = ({ language, program }: Client): readonly string[] => RUNTIMES[language].command(program)
