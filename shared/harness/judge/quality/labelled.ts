import { readFileSync } from 'node:fs'
import { Random } from '../../../universe/random.ts'
import type { EntryRecord, Evidence } from '../../report/record.ts'
import { isNoise, withoutAddresses } from '../leaves.ts'
import type { Question } from '../question.ts'

/** The right answer to a question about a run. */
export type Label = 'pass' | 'fail'
export type Labels = Readonly<Record<string, Label>>

/** A run that really happened, as it is kept. */
export interface RecordedRun {
  readonly id: string
  readonly scenario: string
  readonly system: string
  readonly seed: number
  readonly story: string
  readonly questions: readonly Question[]
  /** Known because the software is: the one that works, the one that lies. */
  readonly labels: Labels
  readonly evidence: Evidence
}

/** A run, as it was or changed so that the right answers are known. */
export interface LabelledRun {
  /** Run and change: `file-bug-2/wrong-figure`. */
  readonly id: string
  /** The run it was made from: items of one are alike. */
  readonly from: string
  readonly stratum: string
  readonly story: string
  /** Those that have a label. */
  readonly questions: readonly Question[]
  readonly labels: Labels
  readonly evidence: Evidence
}

/** A change after which the right answers are known. `undefined` where it does not apply. */
export interface Mutation {
  readonly name: string
  readonly stratum: string
  change(
    run: RecordedRun,
    random: Random,
  ): { readonly evidence: Evidence; readonly labels: Labels; readonly name?: string } | undefined
}

/** Reads runs that were kept: JSON Lines. */
export const readRuns = (file: string): RecordedRun[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedRun)

/** Every run as it was, and after each change that applies to it. */
export function labelled(runs: readonly RecordedRun[], mutations: readonly Mutation[]): LabelledRun[] {
  return runs.flatMap((run) => {
    const item = (name: string, stratum: string, { evidence, labels }: Pick<RecordedRun, 'evidence' | 'labels'>) => {
      const { id: from, story } = run
      const questions = run.questions.filter(({ id }) => labels[id] !== undefined)
      return { id: `${from}/${name}`, from, stratum, story, questions, labels, evidence }
    }
    const changed = mutations.flatMap((mutation, position) => {
      const result = mutation.change(run, new Random(run.seed * 100 + position))
      return result ? [item(mutation.name, mutation.stratum, result)] : []
    })
    return [item('as it was', run.system === 'good' ? 'true' : 'false claim', run), ...changed]
  })
}

/** What of a run's evidence a judge is shown of: small enough to be kept with the samples. */
export function trimmed({ entries, diff, names, output }: Evidence): Evidence {
  const kept: Evidence = {
    entries: entries.map(trimmedEntry),
    diff: diff
      .filter(({ kind }) => kind !== 'okta.logs' && kind !== 'drive.changes')
      .map((line) => ({
        ...line,
        fields: line.fields.filter(({ path }) => !isNoise(path)).map((field) => telling(field, '') as typeof field),
        ...(line.row && {
          row: line.kind === 'slack.messages' ? withoutBlocks(line.row) : (telling(line.row, '') as object),
        }),
      })),
    ...(names && { names }),
    ...(output && { output }),
  }
  return JSON.parse(withoutAddresses(JSON.stringify(kept))) as Evidence
}

function trimmedEntry({ request, response, ...entry }: EntryRecord): EntryRecord {
  const failed = entry.status >= 400 || entry.fault !== undefined
  return {
    ...entry,
    request: request && { headers: {}, body: request.body },
    response: failed && (response?.length ?? 0) < 1000 ? response : idsIn(response),
  }
}

/** Of a reply, what shows which message it made. */
function idsIn(response: string | undefined): string | undefined {
  const ts = /"ts":"([\d.]+)"/.exec(response ?? '')?.[1]
  return ts && response?.startsWith('{"ok":true') ? JSON.stringify({ ok: true, ts }) : undefined
}

const withoutBlocks = (row: object) =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'blocks' && name !== 'client_msg_id'))

/** A value without the members that say nothing to a reader. */
function telling(value: unknown, path: string): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item, i) => telling(item, `${path}.${i}`))
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      isNoise(`${path}.${name}`) || member === null ? [] : [[name, telling(member, `${path}.${name}`)]],
    ),
  )
}
