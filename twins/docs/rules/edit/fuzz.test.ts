import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Request } from '../../../../openapi/types/docs.ts'
import { docsContract } from '../../contract.ts'
import { surroundings, view } from '../../testing/editing.ts'
import { violations } from '../../testing/invariants.ts'
import { freshDocument } from '../model/fresh.ts'
import { UnmodelledRequest } from '../model/refused.ts'
import { applyBatch, InvalidRequest, KINDS } from './batch.ts'
import { NoSuchSuggestion } from './suggest.ts'

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: readonly string[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
}

const schemas = docsContract().document.components?.schemas as Readonly<Record<string, Schema>>
const TEXTS = ['', 'a', 'x\ny', '*', 'bold', 'title', 'link', 'kix.1', 't.0', 't.1', 'h.1', 'https://a.example/i.png', 'ada@example.com', '2026-01-08T12:00:00Z', 'marginTop', 'width', 'backgroundColor', 'index', 'namedStyleType'] // biome-ignore format: one list

/** Anything the contract allows, most members missing: what the parser lets through to the model. */
function anything(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  if (schema.$ref) return anything(schemas[schema.$ref.slice('#/components/schemas/'.length)] as Schema, depth)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  switch (schema.type) {
    case 'integer':
      return fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 20 }) }, fc.integer({ min: -2, max: 1e6 }))
    case 'number':
      return fc.constantFrom(0, 0.5, 1, -1, 12)
    case 'boolean':
      return fc.boolean()
    case 'string':
      return fc.constantFrom(...TEXTS)
    case 'array':
      return fc.array(anything(schema.items ?? {}, depth + 1), { maxLength: 2 })
  }
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => [
    name,
    depth > 5 ? fc.constant(undefined) : anything(member, depth + 1),
  ])
  return fc.record(Object.fromEntries(members), { requiredKeys: [] })
}

const properties = schemas.Request?.properties ?? {}
const request: fc.Arbitrary<Request> = fc.oneof(
  ...KINDS.map((kind) => fc.record({ [kind]: anything(properties[kind] as Schema) })),
) as fc.Arbitrary<Request>

const START: Request[] = [
  { insertText: { text: 'one two\nthree', location: { index: 1 } } },
  { insertTable: { rows: 2, columns: 2, location: { index: 9 } } },
  { addDocumentTab: { tabProperties: { title: 'Other' } } },
]

test('no request the contract allows crashes the model or leaves it broken', () => {
  fc.assert(
    fc.property(fc.array(request, { maxLength: 12 }), fc.boolean(), (requests, suggest) => {
      const around = surroundings()
      let { document } = applyBatch(freshDocument(), START, around)
      for (const one of requests) {
        try {
          document = applyBatch(document, [one], around, { suggest }).document
        } catch (error) {
          const expected = [InvalidRequest, UnmodelledRequest, NoSuchSuggestion].some((kind) => error instanceof kind)
          if (!expected) throw error
        }
        expect(violations(view(document, true)), JSON.stringify(one)).toEqual([])
      }
    }),
    { numRuns: 400, seed: 11 },
  )
})
