import type { Cell, ExtendedValue } from '../model.ts'

const LISTS = [
  ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
]

/**
 * What autofill continues a run of cells with: numbers in equal steps, a single date by days, weekdays and months,
 * texts that end in a number; everything else repeats. `alternate` swaps repeating and counting for a single number.
 */
export function filledSeries(
  cells: readonly Cell[],
  alternate: boolean,
): (offset: number) => ExtendedValue | undefined {
  const values = cells.map(({ userEnteredValue }) => userEnteredValue)
  const length = cells.length
  const repeat = (offset: number) => values[((offset % length) + length) % length]
  const numbers = values.map((value) => value?.numberValue)
  if (numbers.every((number) => number !== undefined)) {
    const step = stepOf(numbers, cells[0]?.userEnteredFormat?.numberFormat?.type === 'DATE', alternate)
    return step === undefined
      ? repeat
      : (offset) => ({ numberValue: Number(((numbers[0] as number) + step * offset).toPrecision(15)) })
  }
  const texts = values.map((value) => value?.stringValue)
  if (!texts.every((text) => text !== undefined)) return repeat
  return listSeries(texts) ?? countedSeries(texts) ?? repeat
}

function stepOf(numbers: readonly number[], date: boolean, alternate: boolean): number | undefined {
  if (numbers.length === 1) return date !== alternate ? 1 : undefined
  const step = (numbers[1] as number) - (numbers[0] as number)
  return numbers.every((number, at) => at === 0 || Math.abs(number - (numbers[at - 1] as number) - step) < 1e-9)
    ? step
    : undefined
}

function listSeries(texts: readonly string[]): ((offset: number) => ExtendedValue) | undefined {
  const list = LISTS.find((names) => texts.every((text) => names.includes(text)))
  if (!list) return undefined
  const positions = texts.map((text) => list.indexOf(text))
  const size = list.length
  const step = positions.length > 1 ? (positions[1] as number) - (positions[0] as number) : 1
  if (!positions.every((position, at) => at === 0 || (position - (positions[at - 1] as number) - step) % size === 0))
    return undefined
  return (offset) => ({
    stringValue: list[((((positions[0] as number) + step * offset) % size) + size) % size] as string,
  })
}

function countedSeries(texts: readonly string[]): ((offset: number) => ExtendedValue) | undefined {
  const parts = texts.map((text) => /^(.*?)(\d+)$/.exec(text))
  const [, prefix] = parts[0] ?? []
  if (prefix === undefined || !parts.every((part) => part?.[1] === prefix)) return undefined
  const numbers = parts.map((part) => Number(part?.[2]))
  const step = numbers.length > 1 ? (numbers[1] as number) - (numbers[0] as number) : 1
  return (offset) => ({ stringValue: `${prefix}${(numbers[0] as number) + step * offset}` })
}
