import { scenarioJsonSchema } from '../../../shared/harness/schema.ts'

/** `dtu scenario schema`: what editors complete scenario files with. */
export async function run(): Promise<number> {
  process.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`)
  return 0
}
