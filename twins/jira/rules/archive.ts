import { unzipSync } from 'fflate'
import { mediaTypeOf } from './media-types.ts'

/** A file within an archive. */
export interface ArchiveEntry {
  readonly index: number
  readonly path: string
  readonly mediaType: string
  /** Bytes, unpacked. */
  readonly size: number
}

/** The files of a ZIP archive; none of what is empty, corrupt or no archive (documented). */
export function entriesOf(bytes: Uint8Array): ArchiveEntry[] {
  const found: { path: string; size: number }[] = []
  try {
    unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (!name.endsWith('/')) found.push({ path: name, size: originalSize })
        return false
      },
    })
  } catch {
    return []
  }
  return found.map(({ path, size }, index) => ({
    index,
    path,
    mediaType: mediaTypeOf(path) ?? 'application/octet-stream',
    size,
  }))
}

const HALF = 20

/** A long path with its middle left out: `long/path/thanks/to/.../reach/the/leaf.txt`. */
export function abbreviated(path: string): string {
  if (path.length <= 2 * HALF) return path
  const names = path.split('/')
  const taken = (list: readonly string[]) => {
    const kept: string[] = []
    for (const name of list) {
      if ([...kept, name].join('/').length > HALF) break
      kept.push(name)
    }
    return kept
  }
  const tail = taken([...names].reverse()).reverse()
  return [...taken(names), '...', ...(tail.length > 0 ? tail : names.slice(-1))].join('/')
}

/** A size for people: `331 B`, `119 kB`, `1.36 MB`. */
export function friendlySize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`
  return `${(bytes / 1024 / 1024).toFixed(2)} MB`
}
