import { dollars, tokensOf } from '../../agents/prices.ts'
import type { Judged, Judgement, Spent, Vote } from '../judge/judgement.ts'
import type { TrajectoryRecord } from './record.ts'
import { cut, escaped } from './text.ts'

const CLASS = { pass: 'satisfied', fail: 'unsatisfied', unsure: 'undecided', undecided: 'undecided' } as const
const SIGN = { pass: '✓', fail: '✗', unsure: '?', undecided: '?' } as const

/** What the judge said of a run: each verdict with its reason, the votes, and the entries they cite as links. */
export function judgedPart({ judged, unasked }: TrajectoryRecord, link: (ref: string) => string): string {
  const missing = unasked
    ? `<p class="quiet">The judge was not asked (${escaped(unasked.because)}): ${escaped(unasked.questions.join(', '))}.</p>`
    : ''
  if (!judged) return missing
  const rows = judged.judgements.map((one) => judgementRow(one, link))
  return `${missing}<table class="judged"><tr><th>Judge</th><th>Question and reason</th><th>Votes</th><th>Evidence</th></tr>${rows.join('')}</table>${notes(judged, link)}`
}

function judgementRow(
  { question, ask, critical, verdict, reason, refs, votes, cached }: Judgement,
  link: Link,
): string {
  const name = `<td class="${CLASS[verdict]}">${SIGN[verdict]} ${escaped(question)}${critical ? '' : ' (not critical)'}</td>`
  const why = `<td>${escaped(ask)}<br><i>${escaped(cut(reason, 400))}</i></td>`
  const state = cached ? '<br><span class="quiet">from the cache</span>' : ''
  return `<tr>${name}${why}<td>${votes.map(voteText).join('<br>')}${state}</td><td>${quotes(votes, refs, link)}</td></tr>`
}
type Link = (ref: string) => string

const voteText = ({ verdict, model, because }: Vote) =>
  `<span class="${CLASS[verdict]}">${SIGN[verdict]}</span> ${escaped(model)}${because ? `: ${escaped(because)}` : ''}`

/** What the deciding votes quote, each once, with the entry it stands in. */
function quotes(votes: readonly Vote[], refs: readonly string[], link: Link): string {
  const valid = votes
    .flatMap(({ citations }) => citations)
    .filter((one) => one.valid && refs.includes(one.of ?? one.ref))
  const texts = valid.map(({ of, ref, quote }) => {
    return `${of === undefined ? escaped(ref) : link(of)}: <span class="told">“${escaped(cut(quote, 160))}”</span>`
  })
  return [...new Set(texts)].join('<br>')
}

function notes({ version, suspects, injectionSeen, sameFamily, spent }: Judged, link: Link): string {
  const found = [
    ...(suspects.length
      ? [`Texts that speak to the judge: ${suspects.map(link).join(', ')}; every vote was asked for.`]
      : []),
    ...(injectionSeen ? ['A judge saw a text that tried to instruct it.'] : []),
    ...(sameFamily ? ['Judge and software are of one family of models.'] : []),
    `Judge ${escaped(version)}, ${costOf(spent)}.`,
  ]
  return `<p class="quiet">${found.join(' ')}</p>`
}

/** `1,234 tokens, $0.0042`; a model without a price has tokens only. */
export function costOf(spent: readonly Spent[]): string {
  const count = spent.reduce((sum, { usage }) => sum + tokensOf(usage), 0)
  if (count === 0) return 'no tokens'
  const tokens = count.toLocaleString('en')
  const prices = spent.map(({ model, usage }) => dollars(model, usage))
  const known = prices.filter((price) => price !== undefined)
  const sum = known.reduce((total, price) => total + price, 0)
  if (known.length === 0) return `${tokens} tokens, price unknown`
  return `${tokens} tokens, $${sum.toFixed(4)}${known.length < prices.length ? ' and what has no price' : ''}`
}
