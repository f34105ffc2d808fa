import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffContracts } from './diff.ts'
import { digests } from './digest.ts'
import { isObject, type Json, type JsonObject } from './json.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const reading = (operationId: string, schema: string) => ({
  operationId,
  responses: { '200': { content: { 'application/json': { schema: ref(schema) } } } },
})

const BEFORE: JsonObject = {
  openapi: '3.1.0',
  paths: {
    '/users': { get: reading('listUsers', 'User') },
    '/groups': { get: reading('listGroups', 'Group'), post: reading('createGroup', 'Group') },
    '/old': { delete: { operationId: 'removeOld', responses: { '204': {} } } },
  },
  components: {
    schemas: {
      User: { type: 'object', properties: { manager: ref('User'), groups: { type: 'array', items: ref('Group') } } },
      Group: { type: 'object', properties: { name: { type: 'string' } } },
    },
  },
}

function changed(change: (document: { paths: Record<string, JsonObject>; components: Json }) => void): JsonObject {
  const copy = structuredClone(BEFORE) as never
  change(copy)
  return copy
}

describe('the difference of two contracts', () => {
  it('is empty for the same contract', () => {
    expect(diffContracts(BEFORE, structuredClone(BEFORE))).toEqual({ added: [], removed: [], changed: [] })
  })

  it('names what was added and removed', () => {
    const after = changed(({ paths }) => {
      delete paths['/old']
      paths['/new'] = { put: { operationId: 'putNew', responses: {} } }
    })
    expect(diffContracts(BEFORE, after)).toEqual({
      added: [{ operation: 'putNew', method: 'put', path: '/new' }],
      removed: [{ operation: 'removeOld', method: 'delete', path: '/old' }],
      changed: [],
    })
  })

  it('finds a changed schema behind every operation that leads to it, however far away', () => {
    const after = changed(({ components }) => {
      Object.assign(components as object, {
        schemas: {
          ...(BEFORE.components as { schemas: JsonObject }).schemas,
          Group: { type: 'object', properties: { name: { type: 'string', maxLength: 9 } } },
        },
      })
    })
    expect(diffContracts(BEFORE, after).changed).toEqual([
      { operation: 'createGroup', method: 'post', path: '/groups', parts: ['schema Group'] },
      { operation: 'listGroups', method: 'get', path: '/groups', parts: ['schema Group'] },
      { operation: 'listUsers', method: 'get', path: '/users', parts: ['schema Group'] },
    ])
  })

  it('says what about an operation is different', () => {
    const after = changed(({ paths }) => {
      paths['/people'] = {
        get: { ...reading('listUsers', 'User'), deprecated: true, parameters: [{ name: 'q', in: 'query' }] },
      }
      delete paths['/users']
    })
    expect(diffContracts(BEFORE, after).changed).toEqual([
      { operation: 'listUsers', method: 'get', path: '/people', parts: ['at', 'deprecated', 'parameters'] },
    ])
  })
})

describe('the digest of an operation', () => {
  it('does not depend on the order of members, nor on what stands beside the operation', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const shuffled = shuffle(BEFORE, () => numbers.next().value as number) as JsonObject
        expect(digests(shuffled)).toEqual(digests(BEFORE))
      }),
      { numRuns: 50 },
    )
    const alone: JsonObject = { ...BEFORE, paths: { '/users': (BEFORE.paths as JsonObject)['/users'] as Json } }
    expect(digests(alone).get('listUsers')).toBe(digests(BEFORE).get('listUsers'))
  })

  it('ends for schemas that contain themselves', () => {
    expect(digests(BEFORE).get('listUsers')).toMatch(/^[0-9a-f]{64}$/)
  })
})

/** The same value with members in another order. */
function shuffle(value: Json, chance: () => number): Json {
  if (Array.isArray(value)) return value.map((item) => shuffle(item, chance))
  if (!isObject(value)) return value
  const entries = Object.entries(value).map((entry) => [chance(), entry] as const)
  entries.sort(([a], [b]) => a - b)
  return Object.fromEntries(entries.map(([, [name, member]]) => [name, shuffle(member, chance)]))
}
