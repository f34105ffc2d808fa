import type { Answer, Verdict } from './answers.ts'
import type { PackLine } from './evidence.ts'
import { fold } from './folding.ts'

/** A citation, looked up: whether the quote stands where the judge says it does. */
export interface Citation {
  readonly ref: string
  /** The same as reports name it: a link's target. */
  readonly of: string | undefined
  readonly quote: string
  readonly valid: boolean
  /** Why it does not count. */
  readonly wrong?: 'no such entry' | 'not what it says' | 'a suspect text'
}

/** An answer of which every citation was looked up. */
export interface Checked {
  readonly verdict: Verdict
  readonly reason: string
  readonly citations: readonly Citation[]
  /** Why the verdict is not the one the judge gave. */
  readonly because?: string
  /** The judge gave a verdict that nothing it cites bears out. */
  readonly spoiled?: true
}

/** Shorter quotes stand almost anywhere. */
const SHORTEST = 3

/**
 * Looks up what an answer cites. A verdict without one valid citation becomes `unsure`, and the vote is spoiled. A text that speaks to the judge
 * is no evidence that something was done well: for a `pass` it does not count.
 */
export function check({ evidence, reason, verdict }: Answer, lines: ReadonlyMap<string, PackLine>): Checked {
  const citations = evidence.map(({ ref, quote }) => lookUp(ref.trim(), quote, verdict, lines))
  if (verdict === 'unsure' || citations.some(({ valid }) => valid)) return { verdict, reason, citations }
  const because = evidence.length === 0 ? `${verdict} without evidence` : `${verdict} without valid evidence`
  return { verdict: 'unsure', reason, citations, because, spoiled: true }
}

function lookUp(ref: string, quote: string, verdict: Verdict, lines: ReadonlyMap<string, PackLine>): Citation {
  const line = lines.get(ref)
  const citation = { ref, of: line?.of, quote: quote.slice(0, 500) }
  if (!line) return { ...citation, valid: false, wrong: 'no such entry' }
  if (!stands(quote, line.json)) return { ...citation, valid: false, wrong: 'not what it says' }
  if (verdict === 'pass' && line.suspect.length > 0) return { ...citation, valid: false, wrong: 'a suspect text' }
  return { ...citation, valid: true }
}

/** Whether a quote occurs in a line: as JSON, or as the text that the JSON writes. White space does not count. */
function stands(quote: string, json: string): boolean {
  const wanted = comparable(quote)
  if (wanted.length < SHORTEST) return false
  return comparable(json).includes(wanted) || comparable(plain(json)).includes(wanted)
}

const comparable = (text: string) => fold(text).text.replaceAll(/\s+/g, ' ').trim()

/** The values of a line, one after the other, without JSON's escapes. */
function plain(json: string): string {
  const values: string[] = []
  JSON.parse(json, (_, value: unknown) => {
    if (value !== null && typeof value !== 'object') values.push(String(value))
    return value
  })
  return values.join(' ')
}
