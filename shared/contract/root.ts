import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The nearest `openapi` folder above this module: the sources have it two folders up, a built package three. */
export function openapiFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'openapi')
    if (existsSync(candidate)) return candidate
    if (folder === dirname(folder)) throw new Error('the contracts are missing: there is no openapi folder')
  }
}
