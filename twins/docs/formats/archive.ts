import { strToU8, type Zippable, zipSync } from 'fflate'

/** Zip entries carry a date; a fixed one makes the same document the same bytes. */
const DATE = Date.UTC(1980, 0, 2)

/** Packs text files in the given order. A `mimetype` comes first and uncompressed, as OpenDocument and EPUB demand. */
export function archive(files: Readonly<Record<string, string>>): Uint8Array {
  const entries: Zippable = {}
  for (const [name, text] of Object.entries(files)) {
    entries[name] = name === 'mimetype' ? [strToU8(text), { level: 0 }] : strToU8(text)
  }
  return zipSync(entries, { mtime: DATE })
}
