import type { Comparison } from '../builds.ts'
import { percent } from './table.ts'

const signed = (share: number) => `${share > 0 ? '+' : share < 0 ? '−' : '±'}${Math.abs(Math.round(share * 100))}`
const chanceText = (chance: number) => (chance < 0.001 ? '<0.001' : chance.toFixed(3))
export const nameOf = ({ system, build }: Comparison['first']) =>
  build === undefined ? system : `${system} (${build})`

/** What the whole says, in a sentence. */
export function headline({ difference, chance, pairs }: Comparison): string {
  if (!difference) return 'Nothing to compare: no scenario and seed was run by both.'
  const { low, high } = difference.interval
  const says = low > 0 ? 'The second is better' : high < 0 ? 'The second is worse' : 'No difference is shown'
  return `${says}: ${signed(difference.mean)} points (${signed(low)} to ${signed(high)}) over ${pairs} pairs, McNemar p ${chanceText(chance)}.`
}

/** Two builds side by side for a terminal. */
export function comparisonText(comparison: Comparison): string {
  const { first, second, scenarios, left } = comparison
  const width = Math.max(...scenarios.map(({ id }) => id.length), 8) + 2
  const row = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(width) : i === cells.length - 1 ? cell : cell.padStart(9)))
      .join('  ')
      .trimEnd()
  return [
    `1  ${nameOf(first)}`,
    `2  ${nameOf(second)}`,
    '',
    headline(comparison),
    '',
    row(['scenario', '1', '2', 'only 1', 'only 2', 'p (Holm)', '']),
    ...scenarios.map(({ id, first: one, second: two, onlyFirst, onlySecond, corrected, verdict }) =>
      row([
        id,
        percent(one),
        percent(two),
        String(onlyFirst),
        String(onlySecond),
        chanceText(corrected),
        verdict === 'no difference shown' ? '' : verdict,
      ]),
    ),
    ...left.map((line) => `not compared: ${line}`),
    '',
  ].join('\n')
}

/** Without the runs themselves. */
export const comparisonJson = ({ scenarios, ...rest }: Comparison): object => ({
  version: 1,
  ...rest,
  scenarios: scenarios.map(({ pairs, ...one }) => ({
    ...one,
    pairs: pairs.map(({ seed, first, second }) => ({ seed, first: first.outcome, second: second.outcome })),
  })),
})
