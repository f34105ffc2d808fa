import { describe, expect, it } from 'vitest'
import { type ContractDocument, contract, type Schema } from '../kernel/contract.ts'
import { matches } from './matches.ts'

const json = (schema: Schema) => ({ content: { 'application/json;v=1': { schema } } })
const document: ContractDocument = {
  openapi: '3.1.0',
  info: { title: 'Pets', version: '1' },
  paths: {
    '/pets': {
      get: {
        operationId: 'getPet',
        responses: {
          '200': json({ $ref: '#/components/schemas/Pet' }),
          '4XX': json({ type: 'object', required: ['code'] }),
        },
      },
      delete: { operationId: 'removePet', responses: { '204': {} } },
      post: {
        operationId: 'anyPet',
        responses: { default: json({ anyOf: [{ type: 'string' }, { type: 'integer' }] }) },
      },
    },
  },
  components: {
    schemas: {
      Pet: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'secret'],
        properties: {
          id: { type: 'string' },
          secret: { type: 'string', writeOnly: true },
          born: { type: 'string', format: 'date-time' },
          mother: { $ref: '#/components/schemas/Pet' },
          food: { oneOf: [{ type: 'object' }, { type: 'object', properties: { kind: { type: 'string' } } }] },
          default: { type: 'integer' },
          enum: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  },
}
const pets = contract('pets', document)

describe('a reply that fits', () => {
  it.each([
    ['as the contract has it', { id: 'a', mother: { id: 'b' } }],
    ['with more than the contract knows', { id: 'a', colour: 'red' }],
    ['with null for what is absent', { id: 'a', mother: null, born: null }],
    ['with a text the format would refuse', { id: 'a', born: 'yesterday' }],
    ['with overlapping alternatives', { id: 'a', food: { kind: 'fish' } }],
  ])('%s', (_case, body) => {
    expect(matches(pets, 'getPet', 200, body)).toEqual([])
  })

  it.each([206, 302, 304, 429])('a status of HTTP that the contract does not list: %d', (status) => {
    expect(matches(pets, 'removePet', status, { whatever: true })).toEqual([])
  })

  it('no body where none is described', () => {
    expect(matches(pets, 'removePet', 204, undefined)).toEqual([])
  })
})

describe('a reply that does not fit', () => {
  it.each([
    ['a missing member', { mother: { id: 'b' } }, [{ at: '', keyword: 'required' }]],
    ['null for what must be there', { id: null }, [{ at: '/id', keyword: 'type' }]],
    ['a wrong type far down', { id: 'a', mother: { id: 7 } }, [{ at: '/mother/id', keyword: 'type' }]],
    ['members named like keywords', { id: 'a', default: 'x', enum: [1] }, [{ at: '/default' }, { at: '/enum/0' }]],
    ['not an object', 'text', [{ at: '', keyword: 'type' }]],
  ])('%s', (_case, body, expected) => {
    expect(matches(pets, 'getPet', 200, body)).toMatchObject(expected)
  })

  it('a status of success that the contract does not know', () => {
    expect(matches(pets, 'getPet', 201, {})).toEqual([
      { at: '', keyword: 'status', message: 'getPet does not answer 201' },
    ])
  })

  it('a refusal, by range or default', () => {
    expect(matches(pets, 'getPet', 404, {})).toMatchObject([{ keyword: 'required' }])
    expect(matches(pets, 'anyPet', 500, true)).toMatchObject([
      { at: '', keyword: 'type' },
      { at: '', keyword: 'type' },
    ])
  })
})

it('an operation nobody knows is a mistake of the caller', () => {
  expect(() => matches(pets, 'feedPet', 200, {})).toThrow('pets has no operation feedPet')
})
