import { describe, expect, it } from 'vitest'
import { isObject, type Json, type JsonObject, objectAt } from '../json.ts'
import { operationsOf } from '../operations.ts'
import { normaliseOpenApi } from './openapi.ts'

const LIBRARY: JsonObject = {
  openapi: '3.0.3',
  info: { title: 'Library', version: '7', description: 'All about books.' },
  tags: [{ name: 'Book', description: 'Things to read.' }],
  paths: {
    '/books/{isbn}': {
      summary: 'One book',
      parameters: [{ $ref: '#/components/parameters/isbn' }, { name: 'lang', in: 'query', schema: { type: 'string' } }],
      get: {
        operationId: 'getBook',
        summary: 'Read a book',
        description: 'Reads it.',
        tags: ['Book'],
        parameters: [{ name: 'lang', in: 'query', description: 'Which one', schema: { type: 'string', enum: ['en'] } }],
        responses: { '200': { $ref: '#/components/responses/Book' } },
        security: [{ key: [] }, { oauth: ['books.read'] }],
        'x-okta-lifecycle': { lifecycle: 'GA', isGenerallyAvailable: true, SKUs: [] },
        'x-codegen-request-body-name': 'book',
      },
      put: {
        operationId: 'replaceBook',
        requestBody: { $ref: '#/components/requestBodies/Book' },
        responses: { '204': { description: 'Done' } },
      },
    },
  },
  components: {
    parameters: {
      isbn: { name: 'isbn', in: 'path', required: true, example: '978', schema: { type: 'string', pattern: '^97' } },
    },
    responses: {
      Book: {
        description: 'A book',
        headers: { ETag: { description: 'Version', schema: { type: 'string' } } },
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Book' }, example: { title: 'Emma' } } },
      },
    },
    requestBodies: {
      Book: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Book' } } } },
    },
    schemas: {
      Book: {
        type: 'object',
        title: 'Book',
        description: 'A book.',
        required: ['title'],
        properties: {
          title: { type: 'string', description: 'Its title', maxLength: 80 },
          description: { type: 'string', nullable: true, example: 'Long.' },
          pages: { type: 'integer', format: 'int32', minimum: 0, exclusiveMinimum: true, default: 1 },
          kind: { type: 'string', enum: ['novel', 'poem'], nullable: true, 'x-enumDescriptions': { novel: 'Long' } },
          sequel: { allOf: [{ $ref: '#/components/schemas/Book' }], nullable: true },
          printed: { type: 'string', format: 'ISO 8601 compliant timestamp', readOnly: true },
          rank: { type: 'integer', default: 'the last, for example 9' },
        },
      },
    },
    securitySchemes: {
      key: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'A key' },
      oauth: {
        type: 'oauth2',
        flows: { clientCredentials: { tokenUrl: '/token', scopes: { 'books.read': 'Reads books' } } },
      },
    },
  },
}

describe('an OpenAPI 3.0 document, normalised', () => {
  const document = normaliseOpenApi(LIBRARY)
  const operations = operationsOf(document)
  const get = operations.get('getBook')?.operation as JsonObject
  const book = objectAt(objectAt(objectAt(document, 'components'), 'schemas'), 'Book')
  const properties = objectAt(book, 'properties')

  it('is OpenAPI 3.1 and keeps title and version', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toEqual({ title: 'Library', version: '7' })
  })

  it('puts parameters where they are used, the operation winning over its path', () => {
    expect(get.parameters).toEqual([
      { name: 'isbn', in: 'path', required: true, schema: { type: 'string', pattern: '^97' } },
      { name: 'lang', in: 'query', schema: { type: 'string', enum: ['en'] } },
    ])
  })

  it('puts responses and bodies where they are used, and leaves schemas as references', () => {
    const schema = { $ref: '#/components/schemas/Book' }
    expect(get.responses).toEqual({
      '200': {
        description: '',
        headers: { ETag: { schema: { type: 'string' } } },
        content: { 'application/json': { schema } },
      },
    })
    expect(operations.get('replaceBook')?.operation.requestBody).toEqual({
      required: true,
      content: { 'application/json': { schema } },
    })
  })

  it('spells null, exclusive limits and nullable references as 3.1 does', () => {
    expect(properties.description).toEqual({ type: ['string', 'null'] })
    expect(properties.pages).toEqual({ type: 'integer', format: 'int32', exclusiveMinimum: 0, default: 1 })
    expect(properties.kind).toEqual({ type: ['string', 'null'], enum: ['novel', 'poem', null] })
    expect(properties.sequel).toEqual({
      anyOf: [{ allOf: [{ $ref: '#/components/schemas/Book' }] }, { type: 'null' }],
    })
  })

  it('drops sentences that stand where a fact belongs', () => {
    expect(properties.printed).toEqual({ type: 'string', readOnly: true })
    expect(properties.rank).toEqual({ type: 'integer' })
  })

  it('keeps what says something about behaviour', () => {
    expect(get.security).toEqual([{ key: [] }, { oauth: ['books.read'] }])
    expect(get['x-okta-lifecycle']).toEqual({ lifecycle: 'GA', isGenerallyAvailable: true })
    expect(get).not.toHaveProperty('x-codegen-request-body-name')
    expect(objectAt(objectAt(document, 'components'), 'securitySchemes').oauth).toEqual({
      type: 'oauth2',
      flows: { clientCredentials: { tokenUrl: '/token', scopes: { 'books.read': '' } } },
    })
  })

  it('keeps a property called description and no other description', () => {
    expect(Object.keys(properties)).toContain('description')
    expect(textsOf(document, ['description', 'summary', 'example', 'examples', 'title'])).toEqual(['Library', ''])
  })

  it('says which reference leads nowhere', () => {
    const broken = { ...LIBRARY, components: {} }
    expect(() => normaliseOpenApi(broken)).toThrow('#/components/parameters/isbn')
  })
})

it('Atlassian scopes: classic and granular sets are alternatives, anonymous stays last', () => {
  const document = normaliseOpenApi({
    openapi: '3.0.1',
    info: {},
    paths: {
      '/issue': {
        get: {
          operationId: 'getIssue',
          responses: {},
          security: [{ basicAuth: [] }, { OAuth2: ['read:jira-work'] }, {}],
          'x-atlassian-oauth2-scopes': [
            { scheme: 'OAuth2', scopes: ['read:jira-work'], state: 'Current' },
            { scheme: 'OAuth2', scopes: ['read:issue:jira', 'read:user:jira'], state: 'Beta' },
          ],
        },
      },
    },
  })
  expect(operationsOf(document).get('getIssue')?.operation.security).toEqual([
    { basicAuth: [] },
    { OAuth2: ['read:jira-work'] },
    { OAuth2: ['read:issue:jira', 'read:user:jira'] },
    {},
  ])
})

it('a child that extends the union it is an option of takes over the rest of it', () => {
  const document = normaliseOpenApi({
    openapi: '3.0.3',
    info: {},
    paths: {},
    components: {
      schemas: {
        Key: {
          type: 'object',
          oneOf: [{ $ref: '#/components/schemas/EcKey' }],
          properties: { use: { type: 'string' } },
        },
        EcKey: { allOf: [{ $ref: '#/components/schemas/Key' }], properties: { x: { type: 'string' } } },
      },
    },
  })
  expect(objectAt(objectAt(document, 'components'), 'schemas').EcKey).toEqual({
    allOf: [{ type: 'object', properties: { use: { type: 'string' } } }],
    properties: { x: { type: 'string' } },
  })
})

/** Distinct strings under any of these members, wherever they are keywords. */
function textsOf(value: Json, names: readonly string[]): string[] {
  const found = new Set<string>()
  const walk = (one: Json): void => {
    if (Array.isArray(one)) one.forEach(walk)
    else if (isObject(one)) {
      for (const [name, member] of Object.entries(one)) {
        if (names.includes(name) && typeof member === 'string') found.add(member)
        walk(member)
      }
    }
  }
  walk(value)
  return [...found]
}
