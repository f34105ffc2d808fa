import { costText, total } from '../meter.ts'
import type { TrajectoryRecord } from './record.ts'
import { cut, escaped } from './text.ts'

/** What people did whom a model played, and how they were played. */
export function peoplePart({ personas = [] }: TrajectoryRecord): string {
  return personas
    .map(({ actor, turns }) => {
      const rows = turns.map(
        ({ act, with: input, reason, intention, refused, label = 'ok', why, cached }, position) => {
          const did = [act, reason, input && JSON.stringify(input)].filter(Boolean).join(' ')
          const played = `<td class="${label === 'ok' ? 'satisfied' : 'unsatisfied'}">${label}${why ? `: ${escaped(why)}` : ''}</td>`
          const trouble = refused === undefined ? '' : `<br><span class="fault">${escaped(cut(refused, 200))}</span>`
          return `<tr><td>${position + 1}</td><td><code>${escaped(cut(did, 400))}</code>${trouble}</td><td>${escaped(intention)}${cached ? ' <span class="quiet">cached</span>' : ''}</td>${played}</tr>`
        },
      )
      return `<details><summary>${escaped(actor)}, played by a model: ${turns.length} turns</summary><div class="wide"><table><tr><th>#</th><th>Did</th><th>Wanted</th><th>Played</th></tr>${rows.join('')}</table></div></details>`
    })
    .join('')
}

/** What the software printed, and what models cost in this run. */
export function outputPart({ output, costs }: TrajectoryRecord): string {
  const streams = (['stderr', 'stdout'] as const).flatMap((name) => {
    const text = output?.[name] ?? ''
    return text === '' ? [] : [`<p class="quiet">${name}</p><pre>${escaped(text)}</pre>`]
  })
  const cost = total(costs)
  return [
    ...(streams.length ? [`<details><summary>What the software printed</summary>${streams.join('')}</details>`] : []),
    ...(cost.requests ? [`<p class="quiet">Models: ${escaped(costText(cost))}.</p>`] : []),
  ].join('')
}
