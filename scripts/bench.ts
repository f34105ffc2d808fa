import { trajectoryRate } from './bench/harness.ts'
import { serveCost } from './bench/http.ts'
import { startUp } from './bench/start.ts'
import { forkCost, growth, memoryPerUniverse } from './bench/state.ts'

/**
 * `npm run bench`: every figure is a ratio or a cost within one run on this machine, the median of its rounds; rounds of
 * what is compared alternate, so that a drift of the machine hits both.
 */
for (const part of [serveCost, forkCost, memoryPerUniverse, growth, startUp, trajectoryRate]) {
  for (const [name, value] of await part()) process.stdout.write(`${name.padEnd(66)} ${value}\n`)
}
