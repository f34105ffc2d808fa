import type { Billed } from '../../agents/prices.ts'
import { json, type Script, type ScriptedRequest } from '../../agents/scripted.ts'
import type { Answer } from './answers.ts'

/** An entry of the record as a reader finds it in the prompt. */
export interface Entry {
  readonly ref: string
  readonly [member: string]: unknown
}

/** The record of a prompt: entries by ref, in the order in which they stand. */
export class RecordText {
  readonly entries: readonly Entry[]

  constructor(entries: readonly Entry[]) {
    this.entries = entries
  }

  /** Entries whose ref begins with a letter; headers (`M0`) are not among them. */
  of(letter: 'M' | 'P' | 'D' | 'L' | 'S'): readonly Entry[] {
    const number = (ref: string) => Number(ref.slice(1))
    return this.entries
      .filter(({ ref }) => ref.startsWith(letter) && number(ref) > 0)
      .toSorted((a, b) => number(a.ref) - number(b.ref))
  }

  get(ref: string): Entry | undefined {
    return this.entries.find((entry) => entry.ref === ref)
  }
}

/** What a rule concludes. No quote: the entry's own beginning. */
export interface Finding {
  readonly verdict: Answer['verdict']
  readonly reason: string
  readonly cite: readonly { readonly ref: string; readonly quote?: string }[]
}

/** Answers the questions that it fits, from the record alone. */
export interface Rule {
  readonly fits: RegExp
  read(record: RecordText, question: string): Finding
}

/**
 * A judge without a model: it reads the prompt that a model would get, applies rules to the record in it, and answers in
 * the agreed form. It knows neither labels nor worlds. For demonstrations and tests without a key; it understands only
 * questions that a rule fits and is unsure about every other.
 */
export function reader(rules: readonly Rule[]): Script {
  return (request) => {
    const { questions, record } = partsOf(request)
    const read = new RecordText(entriesIn(record))
    const answers = questions.map(({ id, ask }) => answerTo(id, ask, read, rules))
    return { ...json({ answers, injection_seen: false }), usage: NOTHING }
  }
}

/** No model was asked: no tokens. */
const NOTHING: Billed = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_creation: null,
}

/** Models of a judge that is a reader, for its votes' and version's sake. */
export const READER_MODELS = { judge: 'reader', judgeStrong: 'reader' } as const

/** A prompt to the judge, taken apart: its questions in their order, and the text of the record. */
export function partsOf({ body }: Pick<ScriptedRequest, 'body'>) {
  const blocks = (body.messages[0]?.content ?? []) as readonly { readonly text: string }[]
  const [asked = '', record = ''] = blocks.map(({ text }) => text)
  const questions = [...asked.matchAll(/^- ([\w.-]+): (.+)$/gm)].map(([, id = '', ask = '']) => ({ id, ask }))
  return { questions, record }
}

function answerTo(id: string, ask: string, record: RecordText, rules: readonly Rule[]): Answer {
  const turned = /^Is no the right answer to this: /.test(ask)
  const rule = rules.find(({ fits }) => fits.test(ask))
  if (!rule) return { id, evidence: [], reason: 'No rule fits this question.', verdict: 'unsure' }
  const { verdict, reason, cite } = rule.read(record, ask)
  const evidence = cite.map(({ ref, quote }) => ({ ref, quote: quote ?? quoteOf(record.get(ref)) }))
  return { id, evidence, reason, verdict: turned ? OPPOSITE[verdict] : verdict }
}

const OPPOSITE = { pass: 'fail', fail: 'pass', unsure: 'unsure' } as const

const quoteOf = (entry: Entry | undefined) => JSON.stringify(entry ?? '').slice(1, 80)

/** The entries between the fences; a line that is no entry is passed over, as a reader would. */
function entriesIn(text: string): Entry[] {
  return text.split('\n').flatMap((line) => {
    try {
      const entry = JSON.parse(line) as Entry
      return typeof entry.ref === 'string' ? [entry] : []
    } catch {
      return []
    }
  })
}
