import { spawnSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** `npm run build`: JavaScript in `dist/`, with the data files the modules read beside themselves. */
const root = fileURLToPath(new URL('..', import.meta.url))
rmSync(`${root}dist`, { recursive: true, force: true })
const compiled = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
for (const folder of ['openapi', 'fixtures', 'shared', 'twins']) {
  cpSync(`${root}${folder}`, `${root}dist/${folder}`, {
    recursive: true,
    filter: (path) => !/node_modules|\.test\.ts$|\.ts$/.test(path),
  })
}
process.exitCode = compiled.status ?? 1
