import type { Color } from '../model.ts'

/** The shortest decimal that is the same 32-bit float: how the API prints a channel (127/255 is 0.49803922). */
export function float32(value: number): number {
  const wanted = Math.fround(value)
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(wanted.toPrecision(digits))
    if (Math.fround(short) === wanted) return short
  }
  return wanted
}

const channel = (value: number) => float32(Math.round(Math.fround(value) * 255) / 255)

/** A colour as it is kept: eight bits a channel, zeros left out. */
export function normalColor({ red = 0, green = 0, blue = 0, alpha }: Color): Color {
  return {
    ...(red && { red: channel(red) }),
    ...(green && { green: channel(green) }),
    ...(blue && { blue: channel(blue) }),
    ...(alpha !== undefined && alpha !== 1 && alpha !== 0 && { alpha: channel(alpha) }),
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
const isColorKey = (key: string) => /^(?:color|\w+Color)$/.test(key)

/**
 * Every colour of the API has two spellings, `xColor` and `xColorStyle`; writing one writes the other. Returns the value
 * with both, at any depth.
 */
export function withColorStyles<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withColorStyles) as T
  if (!isObject(value)) return value
  const result: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) {
    if (isColorKey(key) && isObject(member) && !('rgbColor' in member)) {
      const style = value[`${key}Style`]
      const rgb = isObject(style) ? style.rgbColor : undefined
      result[key] = normalColor((isObject(rgb) ? rgb : member) as Color)
      result[`${key}Style`] ??= isObject(style) ? normalStyle(style) : { rgbColor: result[key] }
    } else if (key.endsWith('ColorStyle') || key === 'colorStyle') {
      // A style without a colour is no style: how gspread clears a tab's colour.
      if (!isObject(member) || (!isObject(member.rgbColor) && member.themeColor === undefined)) continue
      result[key] = normalStyle(member)
      if (isObject(member.rgbColor)) result[key.slice(0, -5)] = normalColor(member.rgbColor as Color)
    } else if (key === 'rgbColor' && isObject(member)) result[key] = normalColor(member as Color)
    else result[key] = withColorStyles(member)
  }
  return result as T
}

const normalStyle = (style: Record<string, unknown>) =>
  isObject(style.rgbColor) ? { ...style, rgbColor: normalColor(style.rgbColor as Color) } : style

/** Part of the way from one colour to another. */
export function blend(from: Color, to: Color, share: number): Color {
  const mix = (a = 0, b = 0) => a + (b - a) * share
  return normalColor({ red: mix(from.red, to.red), green: mix(from.green, to.green), blue: mix(from.blue, to.blue) })
}
