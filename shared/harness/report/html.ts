import type { SuiteResult } from '../results.ts'
import type { Interval } from '../satisfaction.ts'
import { judgedPart } from './judged.ts'
import type { DiffLine, EntryRecord, TrajectoryRecord } from './record.ts'
import { cut, escaped } from './text.ts'

const percent = (share: number) => `${Math.round(share * 100)} %`
const anchor = (text: string) => text.replaceAll(/[^\w-]/g, '_')

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--soft:#8882;--good:#1a7f37;--bad:#c62828;--odd:#9a6700}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.2rem;margin:2.5rem 0 .3rem}h3{font-size:1rem;margin:1rem 0 .2rem}
p{margin:.3rem 0}.quiet{opacity:.7}table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}td:first-child{overflow-wrap:normal}
.satisfied{color:var(--good)}.unsatisfied{color:var(--bad)}.undecided,.invalid,.fault{color:var(--odd)}
.bar{position:relative;height:.8rem;width:14rem;background:var(--soft);border-radius:3px}
.bar i{position:absolute;top:0;bottom:0;background:#4a8df855;border-radius:3px}
.bar b{position:absolute;top:-2px;bottom:-2px;width:3px;background:#2563eb}
.bar u{position:absolute;top:-4px;bottom:-4px;width:1px;background:currentColor}
details{border:1px solid var(--line);border-radius:6px;margin:.4rem 0;padding:.3rem .7rem}summary{cursor:pointer}
details details{border:0;margin:0;padding:0}
code,pre{font:12.5px/1.45 ui-monospace,monospace}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:.5rem;margin:.2rem 0}
.act td{background:#2563eb18}.delivery td{background:#9a670018}.told{font-style:italic}:target{outline:2px solid #2563eb}
.seeds a{display:inline-block;min-width:1.9rem;text-align:center;text-decoration:none;border:1px solid currentColor;border-radius:4px;margin:.1rem}`

/** One self-contained page: suite, scenarios, trajectories. No script, no network. */
export function html(result: SuiteResult, records: readonly TrajectoryRecord[]): string {
  const body = [
    `<h1>${escaped(result.system)}</h1>`,
    `<p>Satisfaction <b>${shown(result.satisfaction)}</b>, gate ${result.met ? '<span class="satisfied">met</span>' : '<span class="unsatisfied">not met</span>'}; ${records.length} trajectories, ${Math.round(result.perHour).toLocaleString('en')} an hour.</p>`,
    overview(result),
    ...result.scenarios.map((one) => scenarioPart(one, records)),
  ]
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(result.system)}: ${shown(result.satisfaction)}</title><style>${STYLE}</style></head><body>
${body.join('\n')}
</body></html>
`
}

const shown = (value: { mean: number; interval: Interval } | undefined) =>
  value ? `${percent(value.mean)} (${percent(value.interval.low)}–${percent(value.interval.high)})` : 'unknown'

function bar(value: { mean: number; interval: Interval } | undefined, gate: number): string {
  if (!value) return ''
  const { low, high } = value.interval
  const at = (share: number) => `${(share * 100).toFixed(1)}%`
  return `<div class="bar" title="gate ${percent(gate)}"><i style="left:${at(low)};width:${at(high - low)}"></i><b style="left:${at(value.mean)}"></b><u style="left:${at(gate)}"></u></div>`
}

function overview({ scenarios }: SuiteResult): string {
  const rows = scenarios.map(
    ({ scenario, satisfaction, met, passHatK, flakiness }) =>
      `<tr><td><a href="#s-${scenario.id}">${escaped(scenario.title)}</a></td><td>${shown(satisfaction)}</td><td>${bar(satisfaction, scenario.gate.satisfaction)}</td><td class="${met ? 'satisfied' : 'unsatisfied'}">${met ? 'met' : 'not met'}</td><td>${percent(passHatK)}</td><td>${flakiness}</td></tr>`,
  )
  return `<table><tr><th>Scenario</th><th>Satisfied (95 %)</th><th>Interval and gate</th><th>Gate</th><th>All of k pass</th><th>Fails</th></tr>${rows.join('')}</table>`
}

function scenarioPart({ scenario, trajectories }: SuiteResult['scenarios'][number], all: readonly TrajectoryRecord[]) {
  const records = all.filter((one) => one.scenario === scenario.id).sort((a, b) => a.seed - b.seed)
  const first = records.find(({ outcome }) => outcome === 'satisfied')
  const told = records.filter((one) => one.outcome !== 'satisfied' || one === first)
  const seeds = records.map((one) => {
    const label = `title="seed ${one.seed}: ${one.outcome}" class="${one.outcome}"`
    return told.includes(one) ? `<a ${label} href="#${idOf(one)}">${one.seed}</a>` : `<a ${label}>${one.seed}</a>`
  })
  const clusters = new Map<string, number>()
  for (const { checks } of trajectories)
    for (const { id, pass } of checks) if (!pass) clusters.set(id, (clusters.get(id) ?? 0) + 1)
  const failures = [...clusters].sort((a, b) => b[1] - a[1]).map(([id, times]) => `${times}× ${escaped(id)}`)
  return `<h2 id="s-${scenario.id}">${escaped(scenario.title)}</h2><p class="quiet">${escaped(scenario.story)}</p>
<p class="seeds">Seeds ${seeds.join('')}</p>${failures.length ? `<p>Failed checks: ${failures.join(', ')}</p>` : ''}
${told.map(trajectoryPart).join('\n')}`
}

const idOf = ({ scenario, seed }: TrajectoryRecord) => `t-${scenario}-${seed}`

function trajectoryPart(record: TrajectoryRecord): string {
  const base = idOf(record)
  const start = Date.parse(record.entries[0]?.at ?? '') || 0
  const vars = Object.entries(record.vars).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
  return `<details id="${base}"${record.outcome === 'satisfied' ? '' : ' open'}><summary><b class="${record.outcome}">${record.outcome}</b> seed ${record.seed}, ${record.calls} calls <span class="quiet">${escaped(vars.join('; '))}</span></summary>
${record.faults.length ? `<p class="fault">Weather: ${escaped(record.faults.join('; '))}</p>` : ''}
${record.reasons
  .filter((reason) => reason.startsWith('the ') || record.checks.length === 0)
  .map((reason) => `<p class="unsatisfied">${escaped(reason)}</p>`)
  .join('')}
${checksPart(record, base)}
${judgedPart(record, linkTo(record, base))}
<details><summary>What happened: ${record.entries.length} entries</summary><table><tr><th>#</th><th>At</th><th>What</th><th>Status</th><th>Rows changed</th></tr>${record.entries.map((entry) => entryRow(entry, base, start)).join('')}</table></details>
<details><summary>What changed: ${record.diff.length} rows</summary><table>${record.diff.map((line) => diffRow(line, base)).join('')}</table></details>
<p class="quiet"><code>dtu scenario run … --seed ${record.seed} --runs 1</code></p></details>`
}

function checksPart(record: TrajectoryRecord, base: string): string {
  const { checks } = record
  const link = linkTo(record, base)
  const rows = checks
    .toSorted((a, b) => Number(a.pass) - Number(b.pass))
    .map(({ id, pass, critical, expected, actual, refs }) => {
      const links = refs.slice(0, 8).map(link)
      const state = pass ? 'satisfied' : critical ? 'unsatisfied' : 'undecided'
      return `<tr><td class="${state}">${pass ? '✓' : '✗'} ${escaped(id)}${critical ? '' : ' (not critical)'}</td><td>${escaped(cut(expected, 300))}</td><td>${escaped(cut(actual, 300))}</td><td>${links.join('<br>')}</td></tr>`
    })
  return rows.length
    ? `<table><tr><th>Check</th><th>Expected</th><th>Found</th><th>Evidence</th></tr>${rows.join('')}</table>`
    : ''
}

/** Makes links to what a check or the judge saw; a row that did not change is only named. */
function linkTo({ entries, diff }: TrajectoryRecord, base: string): (ref: string) => string {
  const there = new Set([...entries.map(({ seq }) => `L${seq}`), ...diff.map(({ kind, id }) => `D ${kind} ${id}`)])
  return (ref) => {
    const label = escaped(cut(ref.replace(/^D /, ''), 40))
    return there.has(ref) ? `<a href="#${base}-${anchor(ref)}">${label}</a>` : label
  }
}

const BODY = 1500

function entryRow(entry: EntryRecord, base: string, start: number): string {
  const said = entry.op === 'slack.chat.postMessage' || entry.kind === 'act' ? saying(entry) : ''
  const bodies = [entry.request?.body, entry.response].filter((text): text is string => Boolean(text))
  const detail = bodies.length
    ? `<details><summary><code>${escaped(cut(`${entry.method} ${entry.path}`, 160))}</code></summary>${bodies.map((text) => `<pre>${escaped(cut(text, BODY))}</pre>`).join('')}</details>`
    : `<code>${escaped(cut(`${entry.method} ${entry.path}`, 160))}</code>`
  const fault = entry.fault ? ` <span class="fault">${escaped(entry.fault)}</span>` : ''
  const bad = entry.status >= 400 ? 'unsatisfied' : ''
  return `<tr id="${base}-L${entry.seq}" class="${entry.kind}"><td>${entry.seq}</td><td>+${(Date.parse(entry.at) - start) / 1000} s</td><td><b>${escaped(entry.op)}</b>${fault}${said}${detail}</td><td class="${bad}">${entry.status === 599 ? 'dropped' : entry.status}</td><td>${escaped(entry.rows.join(', '))}</td></tr>`
}

/** What a human could read: the text of a message. */
function saying(entry: EntryRecord): string {
  try {
    const json = JSON.parse((entry.kind === 'act' ? entry.response : entry.request?.body) ?? '')
    const text = json.text ?? json.message?.text
    return typeof text === 'string' ? `<p class="told">“${escaped(cut(text, 600))}”</p>` : ''
  } catch {
    return ''
  }
}

const value = (one: unknown) => escaped(cut(one === undefined ? 'nothing' : JSON.stringify(one), 200))

function diffRow({ kind, id, change, fields, row }: DiffLine, base: string): string {
  const text = row
    ? `<details><summary>${change}</summary><pre>${escaped(cut(JSON.stringify(row, null, 1), BODY))}</pre></details>`
    : fields.map(({ path, from, to }) => `<code>${escaped(path)}</code>: ${value(from)} → ${value(to)}`).join('<br>')
  return `<tr id="${base}-${anchor(`D ${kind} ${id}`)}"><td>${escaped(kind)}</td><td><code>${escaped(cut(id, 40))}</code></td><td>${text}</td></tr>`
}
