import { z } from 'zod'
import { checkShape } from './check.ts'
import { scenarioSchema } from './scenario.ts'

/** JSON Schema of a scenario file, as a person writes it: defaults are optional, durations are texts. */
export function scenarioJsonSchema(): object {
  const shape = scenarioSchema.extend({ checks: z.array(checkShape).min(1) })
  const schema = z.toJSONSchema(shape, { io: 'input', target: 'draft-2020-12', unrepresentable: 'any', reused: 'ref' })
  return { $id: 'digital-twin-universe/scenario.json', title: 'A scenario of the Digital Twin Universe', ...schema }
}
