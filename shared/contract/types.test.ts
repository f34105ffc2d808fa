import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from './json.ts'
import { printTypes } from './types.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const json = (schema: JsonObject) => ({ content: { 'application/json': { schema } } })

const DOCUMENT: JsonObject = {
  'x-dtu-parameters': [{ name: 'fields', in: 'query', schema: { type: 'string' } }],
  paths: {
    '/pets/{pet-id}': {
      get: {
        operationId: 'pets.get',
        parameters: [
          { name: 'pet-id', in: 'path', required: true, schema: { type: 'integer' } },
          { name: 'expand', in: 'query', schema: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } } },
          { name: 'deep', in: 'query', required: true, schema: { type: 'boolean' } },
          { name: 'X-Trace', in: 'header', schema: { type: 'string' } },
        ],
        responses: {},
      },
      put: { operationId: 'pets.put', requestBody: { required: true, ...json(ref('Pet')) }, responses: {} },
      patch: {
        operationId: 'pets.patch',
        requestBody: {
          content: {
            'application/json': { schema: ref('Pet') },
            'application/merge-patch+json': { schema: ref('any-thing') },
          },
        },
        responses: {},
      },
      post: {
        operationId: 'pets.picture',
        requestBody: { required: true, content: { 'image/png': {} } },
        responses: {},
      },
    },
    '/token': { post: { operationId: 'token', 'x-dtu-added': true, responses: {} } },
  },
  components: {
    schemas: {
      Pet: {
        type: 'object',
        required: ['id', 'name', 'kind'],
        properties: {
          id: { type: 'string', readOnly: true },
          name: { type: ['string', 'null'] },
          kind: { enum: ['cat', 'dog', null] },
          parent: ref('Pet'),
          'odd-name': { type: 'array', items: { anyOf: [{ type: 'string' }, ref('Cat')] } },
          free: {},
        },
        additionalProperties: { type: 'number' },
      },
      Cat: { allOf: [ref('Pet'), { type: 'object', properties: { lives: { const: 9 } } }] },
      Either: { oneOf: [ref('Cat'), { type: 'null' }] },
      Labels: { type: 'object', additionalProperties: { type: 'integer' } },
      'any-thing': { type: 'object', deprecated: true },
      Operations: { type: 'object', properties: { count: { type: 'integer' } } },
    },
  },
}

describe('types of a contract', () => {
  const text = printTypes(DOCUMENT, 'Generated for a test.')
  const lines = text.split('\n')

  it('say in line one that they are generated', () => {
    expect(lines[0]).toBe('// Generated for a test.')
  })

  it('give each operation its parameters as they are after coercion', () => {
    expect(lines).toContain(
      `  "pets.get": { params: { "pet-id": number }; query: { expand?: ("a" | "b")[]; deep: boolean } & CommonQuery; body: undefined }`,
    )
    expect(lines).toContain('export type CommonQuery = { fields?: string }')
    expect(lines).toContain('  "token": { params: {}; query: {}; body: undefined }')
  })

  it('give each operation its body', () => {
    expect(lines.find((line) => line.includes('"pets.put"'))).toContain('body: Pet }')
    expect(lines.find((line) => line.includes('"pets.patch"'))).toContain('body: Pet | AnyThing | undefined }')
    expect(lines.find((line) => line.includes('"pets.picture"'))).toContain('body: Uint8Array }')
  })

  it('print schemas under readable names', () => {
    const at = lines.indexOf('export interface Pet {')
    expect(lines.slice(at + 1, at + 8)).toEqual([
      '  id?: string',
      '  name: string | null',
      '  kind: "cat" | "dog" | null',
      '  parent?: Pet',
      '  "odd-name"?: (string | Cat)[]',
      '  free?: unknown',
      '  [key: string]: unknown',
    ])
    expect(lines).toContain('export type Cat = Pet & { lives?: 9 }')
    expect(lines).toContain('export type Either = Cat | null')
    expect(lines).toContain('export type Labels = { [key: string]: number }')
    expect(text).toContain('/** @deprecated */\nexport type AnyThing = { [key: string]: unknown }')
    expect(lines).toContain('export interface OperationsSchema {')
  })

  describe('under the compiler', () => {
    const root = fileURLToPath(new URL('../../', import.meta.url))
    let folder = ''
    beforeAll(() => {
      folder = mkdtempSync(join(root, 'node_modules', '.types-test-'))
    })
    afterAll(() => rmSync(folder, { recursive: true }))

    const compile = (use: string): string => {
      writeFileSync(join(folder, 'pets.ts'), text)
      writeFileSync(join(folder, 'use.ts'), `import type { Operations, Pet } from './pets.ts'\n${use}\n`)
      const flags = ['--strict', '--noEmit', '--erasableSyntaxOnly', '--verbatimModuleSyntax', '--skipLibCheck']
      const modules = ['--module', 'NodeNext', '--moduleResolution', 'NodeNext', '--allowImportingTsExtensions']
      const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
      const files = [join(folder, 'use.ts')]
      const args = [tsc, '--ignoreConfig', ...flags, ...modules, '--types', '', '--target', 'ES2024', ...files]
      try {
        execFileSync(process.execPath, args, { encoding: 'utf8', cwd: folder })
        return ''
      } catch (error) {
        return String((error as { stdout?: string }).stdout ?? error)
      }
    }

    it('accepts what fits', () => {
      const use = `export const query: Operations['pets.get']['query'] = { deep: true, expand: ['a'], fields: 'id' }
        export const pet: Pet = { name: null, kind: 'cat', parent: { name: 'x', kind: null } }`
      expect(compile(use)).toBe('')
    })

    it('refuses what does not', () => {
      const use = `export const query: Operations['pets.get']['query'] = { deep: 'true' }
        export const pet: Pet = { name: 7, kind: 'cow' }`
      const found = compile(use)
      expect(found).toContain("Type 'string' is not assignable to type 'boolean'")
      expect(found).toContain("Type 'number' is not assignable to type 'string'")
      expect(found).toContain('cow')
    })
  })
})
