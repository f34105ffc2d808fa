import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Copy, freshEntry, MANIFEST, markOf } from './copy.ts'
import { makeCopy } from './make.ts'

const folder = mkdtempSync(join(tmpdir(), 'dtu-warm-'))
beforeAll(() => makeCopy(), 60_000)
afterAll(() => rmSync(folder, { recursive: true }))

test('a copy is used until one of its sources changes or goes', () => {
  const [source, manifest] = [join(folder, 'a.ts'), join(folder, 'up.json')]
  writeFileSync(source, 'export const a = 1')
  expect(freshEntry(manifest)).toBeUndefined()
  writeFileSync(manifest, JSON.stringify({ entry: 'file:///copy.js', sources: { [source]: markOf(source) } }))
  expect(freshEntry(manifest)).toBe('file:///copy.js')
  utimesSync(source, 1, 1)
  expect(freshEntry(manifest)).toBeUndefined()
  writeFileSync(manifest, JSON.stringify({ entry: 'file:///copy.js', sources: { [source]: markOf(source) } }))
  expect(freshEntry(manifest)).toBe('file:///copy.js')
  rmSync(source)
  expect(freshEntry(manifest)).toBeUndefined()
  writeFileSync(manifest, '{"entry":')
  expect(freshEntry(manifest)).toBeUndefined()
})

test('the copy names every twin among its sources', () => {
  const { sources } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Copy
  for (const twin of ['okta', 'jira', 'slack', 'docs', 'drive', 'sheets']) {
    expect(Object.keys(sources).some((path) => path.endsWith(join('twins', twin, 'twin.ts')))).toBe(true)
  }
})

test('six twins answer from the copy', async () => {
  const { entry } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Copy
  const code = `const { run } = await import(${JSON.stringify(entry)}); await run(['--port', '0', '--json'])`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = await new Promise<string[]>((resolve) => {
      createInterface(child.stdout).once('line', (text) => resolve([text]))
    })
    const { twins } = JSON.parse(line as string) as { twins: Record<string, { url: string; authorization: string }> }
    const paths = {
      okta: '/api/v1/users/me',
      jira: '/rest/api/3/myself',
      slack: '/api/auth.test',
      drive: '/drive/v3/about?fields=user',
    }
    for (const [name, path] of Object.entries(paths)) {
      const twin = twins[name]
      const reply = await fetch(`${twin?.url}${path}`, { headers: { authorization: twin?.authorization ?? '' } })
      expect([name, reply.status]).toEqual([name, 200])
      await reply.text()
    }
  } finally {
    child.kill('SIGTERM')
  }
}, 30_000)

test('stack traces of the copy name the sources', () => {
  const copy = pathToFileURL(join(import.meta.dirname, 'copy.ts')).href
  // Arguments that note who reads them: the trace goes through the copy's code.
  const code = `
    const { run } = await import((await import(${JSON.stringify(copy)})).warmCopy())
    let stack
    await run(new Proxy([], { get: (list, key) => ((stack ??= new Error('here').stack), list[key]) }))
    console.log(stack)`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code, '--', '--help'], {
    encoding: 'utf8',
    env: { ...process.env, DTU_PORT: 'none' },
  })
  expect(stdout).toMatch(/scripts\/cli\/args\.ts:\d+:\d+/)
  expect(stdout).toMatch(/scripts\/commands\/up\.ts:\d+:\d+/)
})
