/** Words of a text, lower case: what `contains` compares. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/**
 * `name contains`: the words of the query stand side by side in the name, the last one as a prefix. `HelloWorld`
 * contains `Hello`, not `World`.
 */
export function nameContains(name: string, query: string): boolean {
  if (name.toLowerCase().startsWith(query.toLowerCase())) return true
  const wanted = wordsOf(query)
  if (wanted.length === 0) return name.toLowerCase().includes(query.toLowerCase())
  return inSequence(wordsOf(name), wanted, true)
}

/** `fullText contains`: every word, or the exact phrase when the query is in double quotes. */
export function textContains(text: string, query: string): boolean {
  const phrase = /^"(.*)"$/s.exec(query)
  const wanted = wordsOf(phrase?.[1] ?? query)
  const words = wordsOf(text)
  return phrase ? inSequence(words, wanted, false) : wanted.every((word) => words.includes(word))
}

function inSequence(words: readonly string[], wanted: readonly string[], lastIsPrefix: boolean): boolean {
  const last = wanted.length - 1
  for (let start = 0; start + wanted.length <= words.length; start++) {
    const fits = wanted.every((word, i) => {
      const there = words[start + i] as string
      return i === last && lastIsPrefix ? there.startsWith(word) : there === word
    })
    if (fits) return true
  }
  return false
}
