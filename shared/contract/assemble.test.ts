import { expect, it } from 'vitest'
import { pruned, references, union } from './assemble.ts'
import { type JsonObject, objectAt } from './json.ts'
import { operationsOf } from './operations.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const document = (paths: JsonObject, schemas: JsonObject, scopes: JsonObject = {}): JsonObject => ({
  openapi: '3.1.0',
  info: { title: 'T', version: '1' },
  paths,
  components: { schemas, securitySchemes: { oauth2: { type: 'oauth2', flows: { code: { scopes } } } } },
})
const operation = (operationId: string, schema: string) => ({
  operationId,
  responses: { '200': { content: { 'application/json': { schema: ref(schema) } } } },
})

const first = document(
  { '/clients': { get: operation('listClients', 'Client') } },
  { Client: { type: 'string' }, Error: { type: 'object' }, Holder: { items: ref('Client') } },
  { a: '' },
)
const second = document(
  {
    '/oauth/clients': { get: operation('listClients', 'Holder') },
    '/errors': { get: operation('lastError', 'Error') },
  },
  { Client: { type: 'integer' }, Error: { type: 'object' }, Holder: { items: ref('Client') } },
  { b: '' },
)
const merged = union([
  { name: 'one', word: 'One', document: first },
  { name: 'two', word: 'OAuth', document: second },
])

it('gives the later of two different schemas its word, and every schema that leads to it', () => {
  expect(objectAt(objectAt(merged, 'components'), 'schemas')).toEqual({
    Client: { type: 'string' },
    OAuthClient: { type: 'integer' },
    Error: { type: 'object' },
    Holder: { items: ref('Client') },
    OAuthHolder: { items: ref('OAuthClient') },
  })
})

it('gives a taken operation id its word, after the verb', () => {
  const ids = [...operationsOf(merged).values()].map(({ id, path }) => [id, path])
  expect(ids).toEqual([
    ['listClients', '/clients'],
    ['listOAuthClients', '/oauth/clients'],
    ['lastError', '/errors'],
  ])
  expect(references(operationsOf(merged).get('listOAuthClients')?.operation ?? {})).toEqual(['OAuthHolder'])
})

it('joins the scopes of a scheme', () => {
  expect(objectAt(objectAt(merged, 'components'), 'securitySchemes').oauth2).toMatchObject({
    flows: { code: { scopes: { a: '', b: '' } } },
  })
})

it('refuses two descriptions of one operation', () => {
  const part = { name: 'one', word: 'One', document: first }
  expect(() => union([part, { ...part, word: 'Two' }])).toThrow('get /clients')
})

it('drops schemas that no operation leads to, following references and discriminators', () => {
  const left = pruned(
    document(
      { '/a': { get: operation('a', 'A') } },
      {
        A: { discriminator: { propertyName: 'kind', mapping: { b: '#/components/schemas/B' } } },
        B: { properties: { again: ref('A') } },
        C: {},
      },
    ),
  )
  expect(Object.keys(objectAt(objectAt(left, 'components'), 'schemas'))).toEqual(['A', 'B'])
  expect(() => pruned(document({ '/a': { get: operation('a', 'Z') } }, {}))).toThrow('does not have: Z')
})
