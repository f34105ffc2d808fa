import type { SuiteResult } from '../results.ts'

/** What GitHub shows of one step. */
const SHOWN = 10

const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

/** Workflow commands: an error per scenario whose gate was missed, most failures first; how many were left out. */
export function github({ scenarios }: SuiteResult, fileOf: (scenario: string) => string | undefined): string {
  const missed = scenarios
    .filter(({ met }) => !met)
    .sort((a, b) => b.counts.unsatisfied - a.counts.unsatisfied || b.scenario.weight - a.scenario.weight)
  const lines = missed.slice(0, SHOWN).map(({ scenario, counts, trajectories }) => {
    const file = fileOf(scenario.id)
    const first = trajectories.find(({ outcome }) => outcome !== 'satisfied')
    const line = first?.repro === undefined ? '' : `\n${first.repro}`
    const why = first ? `seed ${first.seed}: ${first.reasons.join('; ')}${line}` : 'too few runs for so narrow a gate'
    const properties = [...(file ? [`file=${property(file)}`] : []), `title=${property(scenario.title)}`]
    return `::error ${properties.join(',')}::${data(`${counts.unsatisfied} of ${trajectories.length} runs unsatisfied. ${why}`)}`
  })
  if (missed.length > SHOWN) lines.push(`::notice::${missed.length - SHOWN} more scenarios missed their gate`)
  return lines.map((line) => `${line}\n`).join('')
}
