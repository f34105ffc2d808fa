import { impliedOnly } from '../../../shared/harness/check.ts'
import { up } from '../../../shared/server/up.ts'
import { parse } from '../../cli/args.ts'
import { scenariosAt } from './files.ts'

/** `dtu scenario check`. */
export async function run(args: string[]): Promise<number> {
  const { positionals } = parse(args, {})
  const running = await up({ port: 0, control: false })
  try {
    for (const { scenario } of scenariosAt(positionals, running.multiverse)) {
      const questions = scenario.judge.length ? `, ${scenario.judge.length} questions` : ''
      process.stdout.write(`${scenario.id}: ${scenario.checks.length} checks${questions}, nothing wrong\n`)
      if (impliedOnly(scenario.checks))
        process.stdout.write('    no `only`: changes of kinds that no check names are reported and do not decide\n')
    }
    return 0
  } finally {
    await running.close()
  }
}
