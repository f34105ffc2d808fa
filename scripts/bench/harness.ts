import { fileURLToPath } from 'node:url'
import good from '../../fixtures/scenarios/systems/good.ts'
import type { System } from '../../shared/harness/driver/driver.ts'
import { loadScenario } from '../../shared/harness/scenario.ts'
import { runSuite } from '../../shared/harness/suite.ts'
import { up } from '../../shared/server/up.ts'

/** A scenario of two services and six calls or so. */
const SCENARIO = fileURLToPath(new URL('../../fixtures/scenarios/file-bug.yaml', import.meta.url))

/** The least a program does that calls a twin: start, one request, end. */
const PROGRAM = `
const reply = await fetch(process.env.JIRA_BASE_URL + '/rest/api/3/myself', {
  headers: { authorization: 'Basic ' + btoa(process.env.JIRA_EMAIL + ':' + process.env.JIRA_API_TOKEN) },
})
if (!reply.ok) process.exit(1)`

/** Trajectories an hour with the software in this process, and with a process for each. */
export async function trajectoryRate(): Promise<[string, string][]> {
  const running = await up({ port: 0 })
  try {
    const scenario = loadScenario(SCENARIO)
    const inside: System = { name: 'function', run: good }
    const outside: System = { name: 'command', command: [process.execPath, '--input-type=module', '-e', PROGRAM] }
    const rate = async (system: System, runs: number, lanes: number) => {
      const { perHour, scenarios } = await runSuite(running.multiverse, [scenario], system, { runs, lanes })
      const invalid = scenarios[0]?.counts.invalid ?? 0
      return `${Math.round(perHour).toLocaleString('en')}${invalid ? ` (${invalid} of ${runs} invalid)` : ''}`
    }
    await rate(inside, 10, 1) // warm-up, not counted
    return [
      ['harness: trajectories an hour, function driver', await rate(inside, 100, 4)],
      ['harness: trajectories an hour, command driver (Node), 4 lanes', await rate(outside, 40, 4)],
    ]
  } finally {
    await running.close()
  }
}
