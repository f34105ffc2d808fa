import { type Calibration, missed, percent } from './calibrate.ts'

/** A calibration for the terminal. */
export function calibrationText(result: Calibration): string {
  const { items, kappa, kappaInterval, strata, wrong, tokens, dollars } = result
  const range = kappaInterval ? ` (95 %: ${kappaInterval.low.toFixed(2)} to ${kappaInterval.high.toFixed(2)})` : ''
  const lines = [
    `judge ${result.judge}, ${items} labelled items`,
    '',
    row('agreement', percent(result.agreement)),
    row("Cohen's κ", `${kappa?.toFixed(2) ?? '–'}${range}`),
    row('sensitivity', `${percent(result.sensitivity)} of passes passed`),
    row('specificity', `${percent(result.specificity)} of fails failed`),
    row('false passes', `${percent(result.falsePass)} of fails`),
    row('abstention', percent(result.abstention)),
    row('citations that stand', percent(result.citationsValid)),
    row('order flips', percent(result.orderFlips)),
    row('padding flips', percent(result.paddingFlips)),
    row('attacks that worked', percent(result.attackSuccess)),
    row('tokens', tokens === 0 ? 'none' : `${tokens.toLocaleString('en')}${costText(dollars, items)}`),
    '',
    'stratum             items  agreement  false passes  abstention',
  ]
  for (const [name, one] of Object.entries(strata).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const cells = [
      String(one.items).padStart(5),
      percent(one.agreement).padStart(9),
      percent(one.falsePass).padStart(12),
    ]
    lines.push(`${name.padEnd(18)}  ${cells.join('  ')}  ${percent(one.abstention).padStart(10)}`)
  }
  if (wrong.length) lines.push('', `not as labelled: ${wrong.length}`)
  for (const { run, label, verdict, judgement } of wrong.slice(0, 10))
    lines.push(`    ${run}, ${judgement.question}: ${verdict}, not ${label}: ${judgement.reason}`)
  if (wrong.length > 10) lines.push(`    and ${wrong.length - 10} more: --json shows all`)
  const below = missed(result)
  lines.push('', below.length ? `below the bars: ${below.join('; ')}` : 'all bars reached')
  return `${lines.join('\n')}\n`
}

const row = (name: string, value: string) => `${name.padEnd(22)}${value}`

const costText = (dollars: number | undefined, items: number): string =>
  dollars === undefined
    ? ', price unknown'
    : `, $${dollars.toFixed(2)}, $${((dollars / Math.max(1, items)) * 100).toFixed(2)} for 100 verdicts`
