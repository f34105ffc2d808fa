import { total } from '../meter.ts'
import type { SuiteResult } from '../results.ts'
import { escaped } from './text.ts'

/** Signs XML 1.0 has no way to write. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones meant
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
const text = (value: string) => escaped(value.replaceAll(UNWRITABLE, '\ufffd'))

/** JUnit: a testsuite per scenario, a testcase per seed; `error` is our fault, `failure` the software's. */
export function junit({ system, scenarios }: SuiteResult): string {
  const suites = scenarios.map(({ scenario, trajectories, counts, satisfaction, met, costs }) => {
    const cases = trajectories.map(({ seed, outcome, reasons, took, repro }) => {
      const head = `<testcase classname="${text(scenario.id)}" name="seed ${seed}" time="${(took / 1000).toFixed(3)}"`
      if (outcome === 'satisfied') return `${head}/>`
      const tag = outcome === 'invalid' ? 'error' : 'failure'
      return `${head}><${tag} message="${text(reasons[0] ?? outcome)}">${text([...reasons, ...(repro === undefined ? [] : [repro])].join('\n'))}</${tag}></testcase>`
    })
    const properties = [
      ['satisfaction', String(satisfaction?.mean ?? '')],
      ['low', String(satisfaction?.interval.low ?? '')],
      ['high', String(satisfaction?.interval.high ?? '')],
      ['seeds', trajectories.map(({ seed }) => seed).join(' ')],
      ['gate', met ? 'met' : 'not met'],
      ...(Object.keys(costs).length ? [['dollars', String(total(costs).dollars ?? 'unknown')]] : []),
    ].map(([name, value]) => `<property name="${name}" value="${value}"/>`)
    const failures = counts.unsatisfied + counts.undecided
    return `<testsuite name="${text(scenario.id)}" tests="${trajectories.length}" failures="${failures}" errors="${counts.invalid}"><properties>${properties.join('')}</properties>\n${cases.join('\n')}\n</testsuite>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${text(system)}">\n${suites.join('\n')}\n</testsuites>\n`
}
