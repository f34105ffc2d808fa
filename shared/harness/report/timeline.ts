import { judgedPart } from './judged.ts'
import { outputPart, peoplePart } from './people.ts'
import type { DiffLine, EntryRecord, TrajectoryRecord } from './record.ts'
import { cut, escaped } from './text.ts'

const anchor = (text: string) => text.replaceAll(/[^\w-]/g, '_')

export const idOf = ({ scenario, seed }: TrajectoryRecord) => `t-${scenario}-${seed}`

/** One trajectory: verdict, checks with their evidence, lanes, what happened, what changed, how to see it again. */
export function trajectoryPart(record: TrajectoryRecord, open: boolean): string {
  const base = idOf(record)
  const start = Date.parse(record.entries[0]?.at ?? '') || 0
  const vars = Object.entries(record.vars).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
  // A check's own line says why it failed; what no check says stands here.
  const others = record.reasons.filter((reason) => !record.checks.some(({ id }) => reason.startsWith(`${id}: `)))
  return `<details id="${base}"${open ? ' open' : ''}><summary><b class="${record.outcome}">${record.outcome}</b> seed ${record.seed}, ${record.calls} calls <span class="quiet">${escaped(vars.join('; '))}</span></summary>
${record.faults.length ? `<p class="fault">Weather: ${escaped(record.faults.join('; '))}</p>` : ''}
${others.map((reason) => `<p class="unsatisfied">${escaped(reason)}</p>`).join('')}
${checksPart(record, base)}
${judgedPart(record, linkTo(record, base))}
${peoplePart(record)}
${lanes(record, base)}
<details${open ? ' open' : ''}><summary>What happened: ${record.entries.length} entries</summary><div class="wide"><table><tr><th>#</th><th title="of the universe: it stands while the software works, and jumps to what is due">Time</th><th title="of the machine, since the start">Clock</th><th>What</th><th>Status</th><th>Rows changed</th></tr>${record.entries.map((entry) => entryRow(entry, base, start)).join('')}</table></div></details>
<details><summary>What changed: ${record.diff.length} rows</summary><div class="wide"><table>${record.diff.map((line) => diffRow(line, base)).join('')}</table></div></details>
${outputPart(record)}
${record.repro === undefined ? '' : `<pre>${escaped(record.repro)}</pre>`}</details>`
}

function checksPart(record: TrajectoryRecord, base: string): string {
  const link = linkTo(record, base)
  const rows = record.checks
    .toSorted((a, b) => Number(a.pass) - Number(b.pass) || Number(b.critical) - Number(a.critical))
    .map(({ id, pass, critical, expected, actual, refs }) => {
      const links = refs.slice(0, 8).map(link)
      const state = pass ? 'satisfied' : critical ? 'unsatisfied' : 'undecided'
      return `<tr><td class="${state}">${pass ? '✓' : '✗'} ${escaped(id)}${critical ? '' : ' (not critical)'}</td><td>${escaped(cut(expected, 300))}</td><td>${escaped(cut(actual, 300))}</td><td>${links.join('<br>')}</td></tr>`
    })
  return rows.length
    ? `<div class="wide"><table><tr><th>Check</th><th>Expected</th><th>Found</th><th>Evidence</th></tr>${rows.join('')}</table></div>`
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

/** Who did what in which order: a lane for people and one per service, a mark per entry that leads to its row. */
function lanes({ entries }: TrajectoryRecord, base: string): string {
  if (entries.length === 0) return ''
  const laneOf = ({ kind, twin }: EntryRecord) => (kind === 'act' ? 'people' : kind === 'delivery' ? 'events' : twin)
  const names = [...new Set(entries.map(laneOf))].sort((a, b) => Number(b === 'people') - Number(a === 'people'))
  const labels = names.map((name, row) => `<span style="grid-area:${row + 1}/1">${escaped(name)}</span>`)
  const marks = entries.map((entry, column) => {
    const title = escaped(`${entry.seq} ${entry.op} ${entry.status}${entry.fault ? `, ${entry.fault}` : ''}`)
    const row = names.indexOf(laneOf(entry)) + 1
    return `<a class="${markOf(entry)}" style="grid-area:${row}/${column + 2}" href="#${base}-L${entry.seq}" title="${title}"></a>`
  })
  const columns = `max-content repeat(${entries.length},minmax(.7rem,1.6rem))`
  const legend = [
    ['#8250df', 'a person'],
    ['#2563eb55', 'a look'],
    ['var(--mark)', 'a change'],
    ['var(--odd)', 'a fault'],
    ['var(--bad)', 'refused'],
  ].map(([colour, name]) => `<i style="background:${colour}"></i>${name}`)
  return `<div class="lanes" style="grid-template-columns:${columns}">${labels.join('')}${marks.join('')}</div><p class="legend">${legend.join('')}</p>`
}

function markOf({ kind, fault, status, rows }: EntryRecord): string {
  if (fault) return 'struck'
  if (status >= 400 || status === 0) return 'bad'
  if (kind === 'act') return 'person'
  return rows.length ? 'write' : ''
}

const BODY = 1500

function entryRow(entry: EntryRecord, base: string, start: number): string {
  const said = entry.op === 'slack.chat.postMessage' || entry.kind === 'act' ? saying(entry) : ''
  const bodies = [entry.request?.body, entry.response].filter((text): text is string => Boolean(text))
  const head = `<code>${escaped(cut(`${entry.method} ${entry.path}`, 160))}</code>`
  const detail = bodies.length
    ? `<details><summary>${head}</summary>${bodies.map((text) => `<pre>${escaped(cut(text, BODY))}</pre>`).join('')}</details>`
    : `<br>${head}`
  const fault = entry.fault ? ` <span class="fault">${escaped(entry.fault)}</span>` : ''
  const bad = entry.status >= 400 ? 'unsatisfied' : ''
  const wall = entry.wall === undefined ? '' : `${Math.round(entry.wall)} ms`
  return `<tr id="${base}-L${entry.seq}" class="${entry.kind}"><td>${entry.seq}</td><td class="figure">${virtual(Date.parse(entry.at) - start)}</td><td class="figure">${wall}</td><td><b>${escaped(entry.op)}</b>${fault}${said}${detail}</td><td class="${bad}">${entry.status === 599 ? 'dropped' : entry.status}</td><td>${escaped(entry.rows.join(', '))}</td></tr>`
}

/** Time of the universe since the start: it stands while software works, and jumps to what is due. */
function virtual(milliseconds: number): string {
  if (milliseconds < 1000) return ''
  const seconds = Math.round(milliseconds / 1000)
  return seconds < 120 ? `+${seconds} s` : `+${Math.round(seconds / 6) / 10} min`
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

function diffRow({ kind, id, label, change, fields, row }: DiffLine, base: string): string {
  const text = row
    ? `<details><summary>${change}</summary><pre>${escaped(cut(JSON.stringify(row, null, 1), BODY))}</pre></details>`
    : fields.map(({ path, from, to }) => `<code>${escaped(path)}</code>: ${value(from)} → ${value(to)}`).join('<br>')
  return `<tr id="${base}-${anchor(`D ${kind} ${id}`)}"><td>${escaped(kind)}</td><td>${label === undefined ? '' : `${escaped(cut(label, 60))}<br>`}<code>${escaped(cut(id, 40))}</code></td><td>${text}</td></tr>`
}
