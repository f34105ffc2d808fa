import { relative } from 'node:path'

/** Words as a shell reads them back. */
export const quoted = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) && word !== '' ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ')

/** A line that runs this program again with other words, from the same folder and in the way it was started. */
export function again(words: readonly string[]): string {
  return `${program()} ${quoted(words)}`
}

function program(): string {
  if (process.env.npm_lifecycle_event === 'dtu') return 'npm run -s dtu --'
  const [, script = 'dtu'] = process.argv
  if (/(^|\/)dtu$/.test(script)) return 'dtu'
  return `node ${quoted([relative(process.cwd(), script) || script])}`
}
