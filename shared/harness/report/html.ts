import type { ScenarioResult, Share, SuiteResult } from '../results.ts'
import { costLines } from './costs.ts'
import { page } from './page.ts'
import type { TrajectoryRecord } from './record.ts'
import { notes, percent, shareText } from './table.ts'
import { escaped } from './text.ts'
import { idOf, trajectoryPart } from './timeline.ts'

/** The result of a suite: suite, scenarios, trajectories with their timelines. */
export function html(result: SuiteResult, records: readonly TrajectoryRecord[]): string {
  const { system, build, satisfaction, met, allSeeds, perHour, scenarios } = result
  const runs = scenarios.reduce((sum, { trajectories }) => sum + trajectories.length, 0)
  const facts = [
    `Satisfaction <b>${shown(satisfaction)}</b>, gate ${met ? '<b class="satisfied">met</b>' : '<b class="unsatisfied">not met</b>'}.`,
    `In ${percent(allSeeds)} of the scenarios every seed passed. ${runs} trajectories, ${Math.round(perHour).toLocaleString('en')} an hour.`,
  ]
  const body = [
    `<h1>${escaped(system)}</h1>${build === undefined ? '' : `<p class="quiet">${escaped(build)}</p>`}<p>${facts.join(' ')}</p>`,
    ...costLines(result).map((line) => `<p class="quiet">${escaped(line.trim())}</p>`),
    overview(result),
    ...scenarios.map((one) => scenarioPart(one, records)),
  ]
  return page(`${system}: ${shown(satisfaction)}`, body.join('\n'))
}

const shown = (share: Share | undefined) => (share ? shareText(share) : 'unknown')

/** The interval, the share in it, and the line of the gate. */
function bar(share: Share | undefined, gate: number): string {
  if (!share) return ''
  const { low, high } = share.interval
  const at = (part: number) => `${(part * 100).toFixed(1)}%`
  return `<div class="bar" title="thin line: the gate, ${percent(gate)}"><i style="left:${at(low)};width:${at(high - low)}"></i><b style="left:${at(share.mean)}"></b><u style="left:${at(gate)}"></u></div>`
}

function overview({ scenarios }: SuiteResult): string {
  const rows = scenarios.map(
    ({ scenario: { id, title, gate }, satisfaction, met, passHatK, flakiness }) =>
      `<tr><td><a href="#s-${id}">${escaped(title)}</a></td><td class="figure">${shown(satisfaction)}</td><td>${bar(satisfaction, gate.satisfaction)}</td><td class="${met ? 'satisfied' : 'unsatisfied'} figure">${percent(gate.satisfaction)} ${met ? 'met' : 'not met'}</td><td class="figure">${percent(passHatK)} <span class="quiet">k = ${gate.k}</span></td><td>${flakiness}</td></tr>`,
  )
  return `<div class="wide"><table><tr><th>Scenario</th><th>Satisfied (95 %)</th><th>Interval and gate</th><th>Gate</th><th title="chance that k runs drawn from these all pass">pass^k</th><th>Fails</th></tr>${rows.join('')}</table></div>`
}

function scenarioPart(result: ScenarioResult, all: readonly TrajectoryRecord[]): string {
  const { scenario, trajectories } = result
  const records = all
    .filter((one) => one.scenario === scenario.id && one.repetition === 0)
    .sort((a, b) => a.seed - b.seed)
  const first = records.find(({ outcome }) => outcome === 'satisfied')
  const told = records.filter((one) => one.outcome !== 'satisfied' || one === first)
  const seeds = records.map((one) => {
    const label = `title="seed ${one.seed}: ${one.outcome}" class="${one.outcome}"`
    return told.includes(one) ? `<a ${label} href="#${idOf(one)}">${one.seed}</a>` : `<a ${label}>${one.seed}</a>`
  })
  const failed = trajectories.flatMap(({ checks }) => checks.filter(({ pass, critical }) => !pass && critical))
  const clusters = [...Map.groupBy(failed, ({ id }) => id)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([id, times]) => `${times.length}× ${escaped(id)}`)
  const firstBad = told.find(({ outcome }) => outcome !== 'satisfied')
  return `<h2 id="s-${scenario.id}">${escaped(scenario.title)}</h2><p class="quiet">${escaped(scenario.story)}</p>
${notes(result)
  .map((note) => `<p>${escaped(note)}.</p>`)
  .join('')}
<p class="seeds">Seeds ${seeds.join('')}</p>${clusters.length ? `<p>Failed checks: ${clusters.join(', ')}.</p>` : ''}
${told.map((record) => trajectoryPart(record, record === firstBad)).join('\n')}`
}
