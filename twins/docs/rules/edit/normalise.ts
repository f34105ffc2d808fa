/**
 * Values as the service stores them, wherever they stand in a request: colours in eight bits a component, and members
 * with their default value left out.
 */
export function normalised<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(normalised) as T
  const object = value as Record<string, unknown>
  if (isColor(object)) return { ...object, rgbColor: rgb(object.rgbColor) } as T
  if (isDimension(object) && !object.magnitude) return { unit: object.unit } as T
  return Object.fromEntries(Object.entries(object).map(([name, member]) => [name, normalised(member)])) as T
}

type Rgb = Readonly<Record<string, number | undefined>>

const isColor = (object: Record<string, unknown>): object is { rgbColor: Rgb } =>
  typeof object.rgbColor === 'object' && object.rgbColor !== null

const isDimension = (object: Record<string, unknown>) =>
  object.unit !== undefined && Object.keys(object).every((name) => name === 'unit' || name === 'magnitude')

function rgb(color: Rgb): Rgb {
  const parts = ['red', 'green', 'blue'].flatMap((name) => {
    const eighth = Math.round(Math.min(1, Math.max(0, color[name] ?? 0)) * 255)
    return eighth === 0 ? [] : [[name, component(eighth)] as const]
  })
  return Object.fromEntries(parts)
}

/** A component of 0 to 255 as the service prints it: the shortest digits that name its single-precision value. */
export function component(eighth: number): number {
  const single = Math.fround(eighth / 255)
  let digits = 1
  while (Math.fround(Number(single.toPrecision(digits))) !== single) digits++
  return Number(single.toPrecision(digits))
}
