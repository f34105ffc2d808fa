import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { references } from './assemble.ts'
import { TWINS } from './documents.ts'
import { ContractFolder } from './folder.ts'
import { isObject, type Json, type JsonObject, objectAt } from './json.ts'
import { loadContract } from './load.ts'
import { operationsOf } from './operations.ts'
import { build } from './pull.ts'
import { openapiFolder } from './root.ts'

const COUNTS = { okta: 816, jira: 724, slack: 322, docs: 3, drive: 64, sheets: 17 }

describe.each(TWINS)('the contract of %s', (twin) => {
  const contract = loadContract(twin)
  const operations = [...contract.operations.values()]
  const document = contract.document as unknown as JsonObject

  it('has the published number of operations', () => {
    expect(operations.filter((operation) => !operation['x-dtu-added'])).toHaveLength(COUNTS[twin])
  })

  it('gives every operation an id of its own', () => {
    expect(operationsOf(document).size).toBe(operations.length)
  })

  it('declares every parameter of its paths', () => {
    const undeclared = operations.flatMap((operation) => {
      const declared = operation.parameters?.filter((one) => one.in === 'path').map((one) => one.name) ?? []
      const named = [...operation.path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] as string)
      return named.filter((name) => !declared.includes(name)).map((name) => `${operation.operationId} ${name}`)
    })
    expect(undeclared).toEqual([])
  })

  it('refers only to schemas it has, and has only schemas it refers to', () => {
    const schemas = objectAt(objectAt(document, 'components'), 'schemas')
    const referred = new Set([...references(document.paths as Json), ...references(schemas)])
    expect([...referred].filter((name) => schemas[name] === undefined)).toEqual([])
    expect(Object.keys(schemas).filter((name) => !referred.has(name))).toEqual([])
  })

  it('holds no prose', () => {
    expect(proseIn(document)).toEqual([])
  })
})

describe('what is committed', () => {
  const copy = mkdtempSync(join(tmpdir(), 'openapi-'))
  afterAll(() => rmSync(copy, { recursive: true }))

  it('is what the overlays and bases give', () => {
    cpSync(openapiFolder(), copy, { recursive: true })
    const folder = new ContractFolder(copy)
    for (const twin of TWINS) {
      build(folder, twin)
      for (const file of [`${twin}.json`, `types/${twin}.ts`]) {
        const same = readFileSync(join(copy, file), 'utf8') === readFileSync(join(openapiFolder(), file), 'utf8')
        expect(same, `openapi/${file} is stale: npm run dtu -- contract build ${twin}`).toBe(true)
      }
    }
  })
})

it('common parameters are given to every published operation', () => {
  const names = (id: string) =>
    loadContract('drive')
      .operations.get(id)
      ?.parameters?.map((one) => one.name) ?? []
  expect(names('drive.files.list')).toEqual(expect.arrayContaining(['q', 'fields', 'alt', 'quotaUser']))
  expect(names('google.oauth2.token')).not.toContain('fields')
})

/** Values of members that hold prose in OpenAPI, where they are members of the format and not names of properties. */
function proseIn(value: Json, named = false, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => proseIn(item, false, `${path}/${index}`))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, member]) => {
    const place = `${path}/${name}`
    const prose = ['description', 'summary', 'example', 'examples', 'externalDocs'].includes(name)
    if (prose && !named && member !== '') return [place]
    if (name === 'title' && !named && path !== '/info') return [place]
    if (name === 'default' || name === 'enum' || name === 'const') return []
    return proseIn(member, !named && ['properties', 'patternProperties', 'schemas'].includes(name), place)
  })
}
