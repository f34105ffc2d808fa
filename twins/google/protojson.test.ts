import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Schema } from '../../shared/kernel/contract.ts'
import { type ReadOptions, readBody } from './protojson.ts'

const cell: Schema = { type: 'object', properties: { text: { type: 'string' }, bold: { type: 'boolean' } } }
const schemas: Record<string, Schema> = { Cell: cell }
const schema: Schema = {
  type: 'object',
  properties: {
    title: { type: 'string' },
    rowCount: { type: 'integer', format: 'int32' },
    size: { type: 'string', format: 'int64' },
    ratio: { type: 'number', format: 'double' },
    mode: { type: 'string', enum: ['MODE_UNSPECIFIED', 'ROWS', 'COLUMNS'] },
    cell: { $ref: '#/components/schemas/Cell' },
    cells: { type: 'array', items: { $ref: '#/components/schemas/Cell' } },
    values: { type: 'array', items: { type: 'array', items: {} } },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
  },
}
const options: ReadOptions = {
  resolve: (one) =>
    typeof one === 'object' && typeof one.$ref === 'string' ? schemas[one.$ref.split('/').pop() ?? ''] : one,
  unknownNames: 'refuse',
  typeName: (name, field) => `google.test.${name ?? field}`,
}
const read = (body: unknown, more: Partial<ReadOptions> = {}) => readBody(body, schema, { ...options, ...more })

it.each<[object, object]>([
  [
    { title: 'a', rowCount: '3', size: 12, ratio: '0.5' },
    { title: 'a', rowCount: 3, size: '12', ratio: 0.5 },
  ],
  [{ row_count: 3 }, { rowCount: 3 }],
  [{ title: null, labels: { gone: null, kept: 'x' } }, { labels: { gone: null, kept: 'x' } }],
  [{ mode: 1 }, { mode: 'ROWS' }],
  [{ cells: { text: 'alone' } }, { cells: [{ text: 'alone' }] }],
  [
    { cells: [{ text: 'a' }, [{ text: 'b' }, [{ text: 'c' }]]] },
    { cells: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] },
  ],
  [{ values: [['x', null, 1, true]] }, { values: [['x', null, 1, true]] }],
])('reads %j', (body, expected) => {
  expect(read(body)).toEqual({ value: expected, violations: [] })
})

it.each<[unknown, string]>([
  [{ frob: 1 }, 'Invalid JSON payload received. Unknown name "frob": Cannot find field.'],
  [
    { cells: [{}, { frob: 1 }] },
    'Invalid JSON payload received. Unknown name "frob" at \'cells[1]\': Cannot find field.',
  ],
  [
    { title: ['a'] },
    'Invalid JSON payload received. Unknown name "title": Proto field is not repeating, cannot start list.',
  ],
  [{ title: 5 }, "Invalid value at 'title' (TYPE_STRING), 5"],
  [{ rowCount: 'x' }, 'Invalid value at \'row_count\' (TYPE_INT32), "x"'],
  [{ rowCount: 1.5 }, "Invalid value at 'row_count' (TYPE_INT32), 1.5"],
  [{ mode: 'NOPE' }, 'Invalid value at \'mode\' (type.googleapis.com/google.test.mode), "NOPE"'],
  [{ cell: 'x' }, 'Invalid value at \'cell\' (type.googleapis.com/google.test.Cell), "x"'],
  // Recorded from a gspread call.
  [{ values: 'A1:D4' }, 'Invalid value at \'values\' (type.googleapis.com/google.protobuf.ListValue), "A1:D4"'],
  [[], 'Invalid JSON payload received. Unknown name "": Root element must be a message.'],
])('refuses %j', (body, message) => {
  expect(read(body).violations.map(({ description }) => description)).toEqual([message])
})

it('puts the bound field in front of every path', () => {
  expect(read({ cells: [{ bold: 'x' }] }, { root: 'data' }).violations).toEqual([
    { field: 'data.cells[0].bold', description: 'Invalid value at \'data.cells[0].bold\' (TYPE_BOOL), "x"' },
  ])
})

it('drops unknown names where the service does', () => {
  expect(read({ frob: 1, title: 'a' }, { unknownNames: 'ignore' })).toEqual({ value: { title: 'a' }, violations: [] })
})

const good = fc.record(
  {
    title: fc.string(),
    rowCount: fc.integer({ min: -1000, max: 1000 }),
    mode: fc.constantFrom('ROWS', 'COLUMNS'),
    cells: fc.array(fc.record({ text: fc.string(), bold: fc.boolean() }, { requiredKeys: [], noNullPrototype: true })),
    values: fc.array(fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)))),
  },
  { requiredKeys: [], noNullPrototype: true },
)

it('what fits passes unchanged, and reading twice is reading once', () => {
  fc.assert(
    fc.property(good, (body) => {
      const { value, violations } = read(body)
      expect(violations).toEqual([])
      expect(value).toEqual(body)
      expect(read(value).value).toEqual(value)
    }),
  )
})
