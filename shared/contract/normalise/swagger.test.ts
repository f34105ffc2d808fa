import { expect, it } from 'vitest'
import { type JsonObject, objectAt } from '../json.ts'
import { operationsOf } from '../operations.ts'
import { normaliseOpenApi } from './openapi.ts'
import { upgradeSwagger } from './swagger.ts'

const SHOP: JsonObject = {
  swagger: '2.0',
  info: { title: 'Shop', version: '1' },
  basePath: '/v1/',
  consumes: ['application/json'],
  parameters: { page: { name: 'page', in: 'query', type: 'integer', minimum: 1 } },
  paths: {
    '/items': {
      get: {
        operationId: 'listItems',
        parameters: [
          { $ref: '#/parameters/page' },
          { name: 'tags', in: 'query', type: 'array', items: { type: 'string' } },
          { name: 'sizes', in: 'query', type: 'array', items: { type: 'integer' }, collectionFormat: 'pipes' },
          { name: 'colours', in: 'query', type: 'array', items: { type: 'string' }, collectionFormat: 'multi' },
        ],
        responses: { 200: { schema: { type: 'array', items: { $ref: '#/definitions/Item' } } } },
      },
      post: {
        operationId: 'createItem',
        parameters: [{ name: 'item', in: 'body', required: true, schema: { $ref: '#/definitions/Item' } }],
        responses: { 201: { schema: { $ref: '#/definitions/Item' }, headers: { Location: { type: 'string' } } } },
      },
    },
    '/pictures': {
      post: {
        operationId: 'upload',
        consumes: ['multipart/form-data'],
        parameters: [
          { name: 'file', in: 'formData', type: 'file', required: true },
          { name: 'title', in: 'formData', type: 'string' },
        ],
        responses: { 204: {} },
      },
    },
  },
  definitions: { Item: { type: 'object', properties: { id: { type: 'string' } } } },
  securityDefinitions: {
    login: { type: 'basic' },
    oauth: { type: 'oauth2', flow: 'accessCode', authorizationUrl: '/a', tokenUrl: '/t', scopes: { read: 'Read' } },
  },
}

const document = normaliseOpenApi(upgradeSwagger(SHOP))
const operation = (id: string) => operationsOf(document).get(id)?.operation as JsonObject

it('prefixes the base path', () => {
  expect(Object.keys(objectAt(document, 'paths'))).toEqual(['/v1/items', '/v1/pictures'])
})

it('says how lists are written, as OpenAPI 3 says it', () => {
  expect(operation('listItems').parameters).toEqual([
    { name: 'page', in: 'query', schema: { type: 'integer', minimum: 1 } },
    { name: 'tags', in: 'query', style: 'form', explode: false, schema: { type: 'array', items: { type: 'string' } } },
    {
      name: 'sizes',
      in: 'query',
      style: 'pipeDelimited',
      explode: false,
      schema: { type: 'array', items: { type: 'integer' } },
    },
    {
      name: 'colours',
      in: 'query',
      style: 'form',
      explode: true,
      schema: { type: 'array', items: { type: 'string' } },
    },
  ])
})

it('turns body and form parameters into request bodies', () => {
  const schema = { $ref: '#/components/schemas/Item' }
  expect(operation('createItem').requestBody).toEqual({ required: true, content: { 'application/json': { schema } } })
  expect(operation('upload').requestBody).toEqual({
    required: true,
    content: {
      'multipart/form-data': {
        schema: {
          type: 'object',
          required: ['file'],
          properties: { file: { type: 'string', format: 'binary' }, title: { type: 'string' } },
        },
      },
    },
  })
})

it('moves definitions, headers and security schemes', () => {
  expect(operation('createItem').responses).toEqual({
    '201': {
      description: '',
      headers: { Location: { schema: { type: 'string' } } },
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Item' } } },
    },
  })
  expect(objectAt(objectAt(document, 'components'), 'securitySchemes')).toEqual({
    login: { type: 'http', scheme: 'basic' },
    oauth: {
      type: 'oauth2',
      flows: { authorizationCode: { authorizationUrl: '/a', tokenUrl: '/t', scopes: { read: '' } } },
    },
  })
})
