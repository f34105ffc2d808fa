import { isDeepStrictEqual } from 'node:util'
import { pt } from './fresh.ts'
import type { Style } from './types.ts'

/** The bullet presets of createParagraphBullets and the list definitions they make. */

const LEVELS = 9

type Glyph = { readonly glyphSymbol: string } | { readonly glyphType: string }

const symbols = (...glyphs: string[]): Glyph[] => glyphs.map((glyphSymbol) => ({ glyphSymbol }))
const numbers = (...types: string[]): Glyph[] => types.map((glyphType) => ({ glyphType }))

interface Preset {
  readonly glyphs: readonly Glyph[]
  readonly format?: (level: number) => string
}

const PRESETS: Readonly<Record<string, Preset>> = {
  BULLET_DISC_CIRCLE_SQUARE: { glyphs: symbols('●', '○', '■') },
  BULLET_DIAMONDX_ARROW3D_SQUARE: { glyphs: symbols('❖', '➢', '■') },
  // Checklists show neither a symbol nor a known type.
  BULLET_CHECKBOX: { glyphs: numbers('GLYPH_TYPE_UNSPECIFIED'), format: (level) => `%${level}` },
  BULLET_ARROW_DIAMOND_DISC: { glyphs: symbols('➔', '◆', '●') },
  BULLET_STAR_CIRCLE_SQUARE: { glyphs: symbols('★', '○', '■') },
  BULLET_ARROW3D_CIRCLE_SQUARE: { glyphs: symbols('➢', '○', '■') },
  BULLET_LEFTTRIANGLE_DIAMOND_DISC: { glyphs: symbols('◀', '◆', '●') },
  BULLET_DIAMONDX_HOLLOWDIAMOND_SQUARE: { glyphs: symbols('❖', '◇', '■') },
  BULLET_DIAMOND_CIRCLE_SQUARE: { glyphs: symbols('◆', '○', '■') },
  NUMBERED_DECIMAL_ALPHA_ROMAN: { glyphs: numbers('DECIMAL', 'ALPHA', 'ROMAN') },
  NUMBERED_DECIMAL_ALPHA_ROMAN_PARENS: {
    glyphs: numbers('DECIMAL', 'ALPHA', 'ROMAN'),
    format: (level) => `%${level})`,
  },
  NUMBERED_DECIMAL_NESTED: {
    glyphs: numbers('DECIMAL'),
    format: (level) => Array.from({ length: level + 1 }, (_, i) => `%${i}.`).join(''),
  },
  NUMBERED_UPPERALPHA_ALPHA_ROMAN: { glyphs: numbers('UPPER_ALPHA', 'ALPHA', 'ROMAN') },
  NUMBERED_UPPERROMAN_UPPERALPHA_DECIMAL: { glyphs: numbers('UPPER_ROMAN', 'UPPER_ALPHA', 'DECIMAL') },
  NUMBERED_ZERODECIMAL_ALPHA_ROMAN: { glyphs: numbers('ZERO_DECIMAL', 'ALPHA', 'ROMAN') },
}

/** Indents of a list level: 18 and 36 points, and 36 more for each level. */
export const listIndents = (level: number) => ({
  indentFirstLine: pt(18 + 36 * level),
  indentStart: pt(36 + 36 * level),
})

/** The list a preset defines, as `lists` shows it. `undefined`: no such preset. */
export function presetList(name: string): Style | undefined {
  const preset = PRESETS[name]
  if (!preset) return undefined
  const nestingLevels = Array.from({ length: LEVELS }, (_, level) => {
    const glyph = preset.glyphs[level % preset.glyphs.length] as Glyph
    const numbered = 'glyphType' in glyph
    return {
      bulletAlignment: numbered && glyph.glyphType === 'ROMAN' ? 'END' : 'START',
      ...glyph,
      glyphFormat: preset.format?.(level) ?? (numbered ? `%${level}.` : `%${level}`),
      ...listIndents(level),
      textStyle: { underline: false },
      startNumber: 1,
    }
  })
  return { listProperties: { nestingLevels } }
}

/** Whether a list looks like a preset: paragraphs before a new list of the same preset take it in. */
export const isPreset = (list: Style | undefined, name: string): boolean => isDeepStrictEqual(list, presetList(name))

interface NestingLevel {
  readonly glyphType?: string
  readonly glyphSymbol?: string
  readonly glyphFormat?: string
  readonly startNumber?: number
}

export const levelOf = (list: Style | undefined, level: number): NestingLevel | undefined =>
  (list as { listProperties?: { nestingLevels?: NestingLevel[] } } | undefined)?.listProperties?.nestingLevels?.[level]

/** Whether a list counts its items. */
export const isNumbered = (list: Style | undefined, level: number): boolean => {
  const type = levelOf(list, level)?.glyphType
  return !!type && type !== 'GLYPH_TYPE_UNSPECIFIED' && type !== 'NONE'
}
