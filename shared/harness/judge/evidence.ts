import { createHash } from 'node:crypto'
import type { Evidence } from '../report/record.ts'
import { type Line, linesOf, SECTIONS, type Section } from './lines.ts'
import { neutral } from './untrusted.ts'

/** A line as the judge sees it: JSON without anything that imitates the frame around it. */
export interface PackLine {
  readonly ref: string
  /** The same thing as reports name it. */
  readonly of: string | undefined
  readonly json: string
  /** Names of what was suspect in it; empty for an ordinary line. */
  readonly suspect: readonly string[]
}

export interface PackSection {
  readonly name: Section
  /** How many lines are shown and how many left out: what shows that something did not happen. */
  readonly header: PackLine
  readonly lines: readonly PackLine[]
  readonly omitted: number
}

/** What a judge is shown of a run. The same run gives the same pack. */
export interface Pack {
  readonly sections: readonly PackSection[]
  readonly tokens: number
  /** sha256 of all of it. */
  readonly digest: string
}

export interface PackOptions {
  /** Tokens, estimated. */
  readonly budget?: number
  /** Sections and kinds that the questions need: they are shown first when there is not room for all. */
  readonly needs?: readonly string[]
}

export const BUDGET = 12_000
/** Share of the budget that is a section's own; what it does not use flows on to the others. */
const QUOTA: Readonly<Record<Section, number>> = { messages: 0.3, diff: 0.25, calls: 0.25, errors: 0.1, reads: 0.1 }
/** Letter of a section's header: `D0` counts the rows. */
const HEADERS: Readonly<Record<Section, string>> = {
  messages: 'M0',
  diff: 'D0',
  calls: 'C0',
  errors: 'E0',
  reads: 'R0',
}

/** Characters by 3.5: near enough for prose and JSON together. */
export const estimate = (text: string) => Math.ceil(text.length / 3.5)

/**
 * Packs a run's evidence into a budget of tokens: what people could read in full, rows that changed, calls that changed
 * something, what failed, what was only read. What does not fit is cut where it can be seen (`…[+812 chars]`), or left
 * out and counted in its section's header.
 */
export function packOf(evidence: Evidence, { budget = BUDGET, needs = [] }: PackOptions = {}): Pack {
  const lines = linesOf(evidence).map((line) => ({ ...line, whole: render(line, 0) }))
  const wanted = (line: Line) => needs.includes(line.kind) || needs.includes(line.section)
  const full = SECTIONS.map((name) => {
    const own = lines.filter(({ section }) => section === name)
    return { name, lines: own, need: own.reduce((sum, { whole }) => sum + estimate(whole.json), 0) }
  })
  const grants = grantsOf(full, budget, needs)
  const sections = full.map(({ name, lines: own }) => {
    const shown = choose(own, wanted, grants[name])
    return { name, header: headerOf(name, own, shown), lines: shown, omitted: own.length - shown.length }
  })
  const text = sections.flatMap(({ header, lines: shown }) => [header, ...shown].map(({ json }) => json)).join('\n')
  return { sections, tokens: estimate(text), digest: createHash('sha256').update(text).digest('hex') }
}

/** A line with its full text. */
interface Rendered extends Line {
  readonly whole: PackLine
}

/** What each section may use: its quota, and what others leave, to needed sections first. */
function grantsOf(
  sections: readonly { readonly name: Section; readonly lines: readonly Line[]; readonly need: number }[],
  budget: number,
  needs: readonly string[],
): Record<Section, number> {
  const grants = {} as Record<Section, number> // filled for every section below
  for (const { name, need } of sections) grants[name] = Math.min(need, QUOTA[name] * budget)
  let left = budget - Object.values(grants).reduce((sum, grant) => sum + grant, 0)
  const needed = (name: Section, lines: readonly Line[]) =>
    needs.includes(name) || lines.some(({ kind }) => needs.includes(kind))
  const order = sections.toSorted((a, b) => Number(needed(b.name, b.lines)) - Number(needed(a.name, a.lines)))
  for (const { name, need } of order) {
    const more = Math.min(left, need - grants[name])
    grants[name] += more
    left -= more
  }
  return grants
}

/** Limits of a string's length, tried until a line fits: full texts first. */
const LENGTHS: Readonly<Record<Section, readonly number[]>> = {
  messages: [8000, 1500, 300],
  diff: [400, 160, 80],
  calls: [300, 120, 60],
  errors: [300, 120, 60],
  reads: [160, 120, 80],
}

/** The lines that fit, needed ones first, then the newest; in the order in which things happened. */
function choose(lines: readonly Rendered[], wanted: (line: Line) => boolean, grant: number): PackLine[] {
  const order = lines.map((line, position) => ({ line, position, first: wanted(line) }))
  order.sort((a, b) => Number(b.first) - Number(a.first) || b.position - a.position)
  const shown: { readonly line: PackLine; readonly position: number }[] = []
  let left = grant
  for (const { line, position } of order) {
    const fitting = fitted(line, left)
    if (!fitting) continue
    left -= estimate(fitting.json)
    shown.push({ line: fitting, position })
  }
  return shown.sort((a, b) => a.position - b.position).map(({ line }) => line)
}

/** A line as long as there is room for it; `undefined` where even its shortest form is too long. */
function fitted(line: Rendered, room: number): PackLine | undefined {
  const fits = ({ json }: PackLine) => estimate(json) <= room
  if (fits(line.whole) || room < LEAST) return fits(line.whole) ? line.whole : undefined
  return [render(line, 1), render(line, 2)].find(fits)
}

/** Tokens below which no line is worth cutting. */
const LEAST = 20

function render({ ref, of, section, content }: Line, cut: number): PackLine {
  const suspect = new Set<string>()
  const limit = LENGTHS[section][cut] as number
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const { text, found } = neutral(value)
      for (const name of found) suspect.add(name)
      return text.length > limit ? `${text.slice(0, limit)}…[+${text.length - limit} chars]` : text
    }
    if (Array.isArray(value)) return value.map(clean)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [clean(name), clean(member)]))
  }
  const json = JSON.stringify({ ref, ...(clean(content) as object) })
  return { ref, of, json, suspect: [...suspect] }
}

function headerOf(name: Section, all: readonly Line[], shown: readonly PackLine[]): PackLine {
  const kinds: Record<string, number> = {}
  for (const { kind } of all) kinds[kind] = (kinds[kind] ?? 0) + 1
  const ref = HEADERS[name]
  const counts = { section: name, entries: all.length, shown: shown.length, omitted: all.length - shown.length }
  return { ref, of: undefined, json: JSON.stringify({ ref, ...counts, kinds }), suspect: [] }
}

/** Every line of a pack by its ref, headers included. */
export function byRef({ sections }: Pack): ReadonlyMap<string, PackLine> {
  return new Map(sections.flatMap(({ header, lines }) => [header, ...lines].map((line) => [line.ref, line] as const)))
}

/** Lines in which something was suspect, as reports name them. */
export const suspects = ({ sections }: Pack): string[] =>
  sections.flatMap(({ lines }) => lines.filter(({ suspect }) => suspect.length > 0).map(({ of, ref }) => of ?? ref))
