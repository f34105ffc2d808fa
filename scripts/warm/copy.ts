import { spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * A copy of `dtu up` in a few JavaScript files, so that it starts without finding, stripping and linking some six
 * hundred modules: they are most of what a start costs. It is made after the first start from the sources, used as long
 * as none of them has changed, and kept where tools keep such things, in `node_modules/.cache`. `DTU_CACHE=off` does
 * without.
 */
export interface Copy {
  /** Address of the module that stands in for `scripts/commands/up.ts`. */
  readonly entry: string
  /** What it was made of: path → time of change, in ms, and size. */
  readonly sources: Readonly<Record<string, Mark>>
}

/** Of a file that is not there: `undefined`, which no manifest holds. */
type Mark = readonly [mtime: number, size: number] | undefined

export const CACHE = fileURLToPath(new URL('../../node_modules/.cache/dtu/', import.meta.url))
export const MANIFEST = `${CACHE}up.json`
const MAKER = fileURLToPath(new URL('make.ts', import.meta.url))

/** Address of a copy that is as new as its sources; without one, has one made for the next time. */
export function warmCopy(): string | undefined {
  if (process.env.DTU_CACHE === 'off' || !import.meta.url.endsWith('.ts')) return undefined
  const entry = freshEntry(MANIFEST)
  if (!ours(entry)) spawn(process.execPath, [MAKER], { stdio: 'ignore' }).unref()
  else traceSources()
  return ours(entry) ? entry : undefined
}

/** Work trees may share one `node_modules`: a copy of another tree's sources is none of this one's. */
const ours = (entry: string | undefined): boolean => entry?.startsWith(pathToFileURL(CACHE).href) ?? false

/** The entry of the copy a manifest describes, if nothing it was made of has changed since. */
export function freshEntry(manifest: string): string | undefined {
  const copy = read(manifest)
  if (!copy) return undefined
  return Object.entries(copy.sources).every(([path, mark]) => same(markOf(path), mark)) ? copy.entry : undefined
}

export function markOf(path: string): Mark {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat && [stat.mtimeMs, stat.size]
}

const same = (now: Mark, then: Mark) => now?.[0] === then?.[0] && now?.[1] === then?.[1]

function read(manifest: string): Copy | undefined {
  try {
    return JSON.parse(readFileSync(manifest, 'utf8')) as Copy
  } catch {
    return undefined // none yet, or half of one: the sources are always there
  }
}

/** Stack traces (a handler's bug in the ledger) name the sources, read from the copy's map when one is printed. */
function traceSources(): void {
  const maps = new Map<string, SourceMap>()
  const origin = (whole: string, file: string, line: string, column: string) => {
    if (!file.startsWith(CACHE)) return whole
    const map = maps.get(file) ?? new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')))
    maps.set(file, map)
    const found = map.findOrigin(Number(line), Number(column))
    if (!('fileName' in found)) return whole
    return `${new URL(found.fileName, `file://${file}`)}:${found.lineNumber}:${found.columnNumber}`
  }
  Error.prepareStackTrace = (error, frames) => {
    const trace = frames.map((frame) => `\n    at ${frame}`.replace(/file:\/\/(\S+):(\d+):(\d+)/, origin))
    return `${error}${trace.join('')}`
  }
}
