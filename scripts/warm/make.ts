import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { CACHE, type Copy, MANIFEST, markOf } from './copy.ts'

/** Changes with every `npm install`: the copy holds code of packages too. */
const INSTALLED = fileURLToPath(new URL('../../node_modules/.package-lock.json', import.meta.url))
const DAY = 24 * 60 * 60 * 1000

/**
 * Makes the copy that `copy.ts` describes. Several may do so at once: each writes a folder of its own. What was changed
 * meanwhile may be in it or not, so such a copy is never taken into use.
 */
export async function makeCopy(): Promise<void> {
  const started = Date.now()
  const folder = `${CACHE}${randomUUID()}/`
  mkdirSync(folder, { recursive: true })
  const bundle = await rolldown({
    input: fileURLToPath(new URL('../commands/up.ts', import.meta.url)),
    platform: 'node',
    plugins: [{ name: 'own-address', transform: (code, id) => ownAddress(code, id) }],
  })
  const { output } = await bundle.write({
    dir: folder,
    sourcemap: true,
    // By its name a module, so that Node need not read it to find out.
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
  })
  const entry = `${folder}${output.find((chunk) => chunk.type === 'chunk' && chunk.isEntry)?.fileName}`
  const own = (await bundle.watchFiles).filter((path) => !path.includes('node_modules'))
  await bundle.close()
  const sources = Object.fromEntries([...own, INSTALLED].map((path) => [path, markOf(path)]))
  if (Object.values(sources).some((mark) => mark === undefined || mark[0] >= started)) return
  const copy: Copy = { entry: pathToFileURL(entry).href, sources: { ...sources, [entry]: markOf(entry) } }
  writeFileSync(`${folder}up.json`, JSON.stringify(copy))
  renameSync(`${folder}up.json`, MANIFEST)
  for (const old of readdirSync(CACHE)) {
    // A process that still runs from an older copy may yet load a part of it.
    if (Date.now() - statSync(`${CACHE}${old}`).mtimeMs > DAY)
      rmSync(`${CACHE}${old}`, { recursive: true, force: true })
  }
}

/** A module finds its data files beside itself, wherever its code has been copied to. Lines stay where they are. */
function ownAddress(code: string, id: string): { code: string; map: null } | undefined {
  if (id.includes('node_modules') || !code.includes('import.meta.')) return undefined
  const placed = code
    .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
    .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)))
  return { code: placed, map: null }
}

if (import.meta.main) {
  // Whoever started the twins goes first.
  setPriority(constants.priority.PRIORITY_LOW)
  await setTimeout(3000)
  await makeCopy()
}
