import type { Comparison, Pair, ScenarioComparison } from '../builds.ts'
import { headline, nameOf } from './comparison.ts'
import { page } from './page.ts'
import { percent } from './table.ts'
import { cut, escaped } from './text.ts'

/** Two builds side by side, as one self-contained page: scenario by scenario, then the seeds they differ in. */
export function comparisonPage(comparison: Comparison): string {
  const { first, second, scenarios, left } = comparison
  const rows = scenarios.map(
    ({ id, title, first: one, second: two, onlyFirst, onlySecond, corrected, verdict }) =>
      `<tr><td><a href="#s-${escaped(id)}">${escaped(title)}</a></td><td class="figure">${percent(one)}</td><td class="figure">${percent(two)}</td><td>${movement(one, two)}</td><td class="figure">${onlyFirst}</td><td class="figure">${onlySecond}</td><td class="figure">${corrected.toFixed(3)}</td><td class="${verdictClass(verdict)}">${verdict === 'no difference shown' ? '' : verdict}</td></tr>`,
  )
  const body = `<h1>Two builds, seed by seed</h1>
<p>1: <b>${escaped(nameOf(first))}</b><br>2: <b>${escaped(nameOf(second))}</b></p><p>${escaped(headline(comparison))}</p>
<div class="wide"><table><tr><th>Scenario</th><th>1</th><th>2</th><th>From 1 to 2</th><th>Only 1</th><th>Only 2</th><th>p (Holm)</th><th></th></tr>${rows.join('')}</table></div>
${left.map((line) => `<p class="quiet">Not compared: ${escaped(line)}</p>`).join('')}
${scenarios.map(scenarioPart).join('\n')}`
  return page(`${nameOf(first)} and ${nameOf(second)}`, body)
}

const verdictClass = (verdict: ScenarioComparison['verdict']) =>
  verdict === 'regression' ? 'unsatisfied' : verdict === 'improvement' ? 'satisfied' : 'quiet'

/** A line from the first share to the second. */
function movement(one: number, two: number): string {
  const at = (share: number) => `${(share * 100).toFixed(1)}%`
  const kind = two < one ? 'worse' : 'better'
  return `<div class="bar"><i class="${kind}" style="left:${at(Math.min(one, two))};width:${at(Math.abs(two - one))}"></i><b class="before" style="left:${at(one)}"></b><b style="left:${at(two)}"></b></div>`
}

function scenarioPart({ id, title, pairs }: ScenarioComparison): string {
  const differing = pairs.filter(({ first, second }) => first.outcome !== second.outcome)
  const rows = differing.map(pairRow)
  const table = `<div class="wide"><table class="pairs"><tr><th>Seed</th><th>1</th><th>2</th></tr>${rows.join('')}</table></div>`
  const same = pairs.length - differing.length
  return `<h2 id="s-${escaped(id)}">${escaped(title)}</h2><p class="quiet">${same} of ${pairs.length} seeds end alike.</p>${rows.length ? table : ''}`
}

function pairRow({ seed, first, second }: Pair): string {
  const side = ({ outcome, reasons, calls, repro }: Pair['first']) =>
    `<td><b class="${outcome}">${outcome}</b> <span class="quiet">${calls} calls</span>${reasons
      .slice(0, 5)
      .map((reason) => `<br>${escaped(cut(reason, 300))}`)
      .join('')}${outcome !== 'satisfied' && repro ? `<pre>${escaped(repro)}</pre>` : ''}</td>`
  return `<tr><td>${seed}</td>${side(first)}${side(second)}</tr>`
}
