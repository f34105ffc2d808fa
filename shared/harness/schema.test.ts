import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { VERBS } from './check.ts'
import { scenarioJsonSchema } from './schema.ts'

const FOLDER = fileURLToPath(new URL('../../fixtures/scenarios/', import.meta.url))
const PUBLISHED = `${FOLDER}scenario.schema.json`
const samples = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'))

describe('the published JSON Schema', () => {
  const valid = new Ajv2020({ strict: false, formats: { 'date-time': true } }).compile(scenarioJsonSchema())

  it('is the one in the folder: `dtu scenario schema` prints it', () => {
    expect(JSON.parse(readFileSync(PUBLISHED, 'utf8'))).toEqual(scenarioJsonSchema())
  })

  it.each(samples)('accepts %s, which names it', (name) => {
    const text = readFileSync(FOLDER + name, 'utf8')
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./scenario.schema.json')
    expect(valid(parse(text)), JSON.stringify(valid.errors)).toBe(true)
  })

  it('refuses what the reader refuses', () => {
    const [first = ''] = samples
    const good = parse(readFileSync(FOLDER + first, 'utf8')) as Record<string, unknown>
    expect(valid({ ...good, horizont: '1h' })).toBe(false)
    expect(valid({ ...good, horizon: 60 })).toBe(false)
    expect(valid({ ...good, checks: [] })).toBe(false)
    expect(valid({ ...good, checks: [{ id: 'x', rows: { kind: 'okta.users', counts: 1 } }] })).toBe(false)
  })

  it('knows every verb', () => {
    const text = JSON.stringify(scenarioJsonSchema())
    for (const verb of Object.keys(VERBS)) expect(text).toContain(`"${verb}":`)
  })
})
