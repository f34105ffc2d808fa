/** Letters of other scripts that look like Latin ones, and signs that look like brackets and quotes. */
const LOOK_ALIKES: Readonly<Record<string, string>> = Object.fromEntries(
  (
    [
      ['аɑα', 'a'],
      ['вβ', 'b'],
      ['сϲ', 'c'],
      ['ԁ', 'd'],
      ['еεє', 'e'],
      ['ɡց', 'g'],
      ['һн', 'h'],
      ['іıιӏ', 'i'],
      ['ј', 'j'],
      ['кκ', 'k'],
      ['ⅼ', 'l'],
      ['м', 'm'],
      ['ոη', 'n'],
      ['оοσօ', 'o'],
      ['рρ', 'p'],
      ['ԛ', 'q'],
      ['г', 'r'],
      ['ѕ', 's'],
      ['тτ', 't'],
      ['υս', 'u'],
      ['ѵν', 'v'],
      ['ԝω', 'w'],
      ['хχ', 'x'],
      ['уγ', 'y'],
      ['‹〈⟨≺', '<'],
      ['›〉⟩≻', '>'],
      ['“”„‟″', '"'],
      ['‘’‚‛′', "'"],
      ['ǀ∣', '|'],
      ['։∶', ':'],
    ] as const
  ).flatMap(([signs, letter]) => [...signs].map((sign) => [sign, letter])),
)

/** Characters nobody sees: zero width, direction, joiners, and the tag letters that spell hidden text. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u

export const isInvisible = (sign: string) => INVISIBLE.test(sign)

/** A text as a reader would see it, in lower case and Latin letters. */
export interface Folded {
  readonly text: string
  /** Where in the original a character of `text` came from; its length gives the original's. */
  at(index: number): number
}

/** Nothing in it can look like something else. */
export const isPlain = (text: string): boolean => PLAIN.test(text)
const PLAIN = /^[\t\n\r\x20-\x7e]*$/

/**
 * Folds a text so that patterns find what only looks alike: `Ｊｕｄɡｅ`, `ju\u200bdge` and Cyrillic `јudgе` are `judge`.
 *
 * @example fold('V\u200berdict').text // 'verdict'
 */
export function fold(original: string): Folded {
  if (isPlain(original)) return { text: original.toLowerCase(), at: (index) => index }
  let text = ''
  const from: number[] = []
  let position = 0
  for (const sign of original) {
    for (const letter of lettersOf(sign)) {
      text += letter
      for (let i = 0; i < letter.length; i++) from.push(position)
    }
    position += sign.length
  }
  from.push(position)
  return { text, at: (index) => from[index] as number }
}

function lettersOf(sign: string): string {
  if (sign.length === 1 && sign <= '\u007e') return sign.toLowerCase()
  if (isInvisible(sign)) return ''
  const plain = sign.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return [...plain].map((one) => LOOK_ALIKES[one] ?? one).join('')
}

/** Whether a word mixes Latin letters with ones that only look like them. */
export function mixesScripts(text: string): boolean {
  const words = text.match(/[\p{L}]+/gu) ?? []
  return words.some(
    (word) => /[a-z]/i.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u.test(word),
  )
}
